/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.json: svcgate.verdict/1 (schema/verdict.schema.json), byte-stable. */
#include <math.h>
#include <stdlib.h>

#include "base/clean.h"
#include "report/formats.h"
#include "json/json.h"

/* JSON escapes control characters itself; invalid UTF-8 it cannot hold. */
static void set_text(struct sg_json *object, const char *key, const char *text)
{
    char *valid = sg_clean_utf8(text);

    sg_json_set_string(object, key, valid);
    free(valid);
}

static void set_identity(struct sg_json *object, const struct sg_result *result)
{
    set_text(object, "metric", result->metric);
    set_text(object, "of", result->of);
    set_text(object, "request", result->request);
    set_text(object, "unit", result->unit);
    set_text(object, "variant", result->variant);
    sg_json_set_bool(object, "gated", result->gated);
    sg_json_set_bool(object, "relative", result->relative);
    sg_json_set_bool(object, "higher_is_better", result->higher_is_better);
    sg_json_set_number(object, "line", result->line);
}

static void set_verdict(struct sg_json *object, const struct sg_result *result)
{
    sg_json_set_string(object, "verdict", sg_verdict_name(result->verdict));
    sg_json_set_bool(object, "warn", result->warn);
    sg_json_set_bool(object, "beyond", result->beyond);
    sg_json_set_bool(object, "improved", result->improved);
    set_text(object, "reason", result->reason);
    sg_json_set_number(object, "decided_at", result->decided_at);
}

static void set_numbers(struct sg_json *object, const struct sg_result *result)
{
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        {"n_reference", (double)result->n_reference},
        {"n_variant", (double)result->n_variant},
        {"reference", result->reference},
        {"value", result->value},
        {"change", result->change},
        {"low", result->low},
        {"high", result->high},
        {"tolerance", result->tolerance},
        {"limit", result->limit},
        {"value_low", result->value_low},
        {"value_high", result->value_high},
        {"alpha", result->alpha},
        {"p", result->p},
        {"detectable", result->detectable},
        {"noise", result->noise},
        {"noise_raw", result->noise_raw},
        {"change_raw", result->change_raw},
    };

    for (size_t i = 0; i < SG_COUNT(numbers); i++)
        sg_json_set_number(object, numbers[i].key, numbers[i].value);
}

static void set_adjustment(struct sg_json *object, const struct sg_result *result)
{
    struct sg_json *gamma = sg_json_new_array();

    for (size_t i = 0; i < result->gamma_count; i++)
        sg_json_push(gamma, sg_json_new_number(result->gamma[i]));
    sg_json_set(object, "gamma", gamma);
    sg_json_set_bool(object, "adjusted", result->adjusted);
    set_text(object, "adjust_reason", result->adjust_reason);
}

/* Only of blocks that were measured in jobs of their own. */
static void set_strata(struct sg_json *object, const struct sg_result *result)
{
    struct sg_json *blocks = sg_json_new_array();

    for (size_t i = 0; i < result->strata_count; i++) {
        struct sg_json *block = sg_json_new_object();
        sg_json_set_number(block, "block", result->strata[i].block);
        sg_json_set_number(block, "change", result->strata[i].change);
        sg_json_push(blocks, block);
    }
    if (result->strata_count > 0)
        sg_json_set(object, "blocks", blocks);
    else
        sg_json_free(blocks);
}

/* Only where there is one. */
static void set_waiver(struct sg_json *object, const struct sg_result *result)
{
    static const char *const uses[] = {"", "holds", "needed", "unneeded", "expired"};
    const struct sg_result_waiver *waiver = &result->waiver;
    struct sg_json *told = NULL;

    if (waiver->use == SG_WAIVER_NONE)
        return;
    told = sg_json_new_object();
    set_text(told, "owner", waiver->owner);
    set_text(told, "reason", waiver->reason);
    set_text(told, "expires", waiver->expires);
    sg_json_set_string(told, "use", uses[waiver->use]);
    sg_json_set_string(told, "replaces", waiver->limit ? "limit" : "tolerance");
    sg_json_set_number(told, "bound", waiver->bound);
    sg_json_set_number(told, "own", waiver->own);
    sg_json_set_number(told, "days_left", waiver->dated ? (double)waiver->days_left : NAN);
    sg_json_set_number(told, "line", waiver->line);
    sg_json_set(object, "waiver", told);
    sg_json_set_bool(object, "waived", waiver->use != SG_WAIVER_EXPIRED);
}

static struct sg_json *new_metrics(const struct sg_judgement *judgement)
{
    struct sg_json *metrics = sg_json_new_array();

    for (size_t i = 0; i < judgement->results_count; i++) {
        struct sg_json *metric = sg_json_new_object();
        set_identity(metric, &judgement->results[i]);
        set_verdict(metric, &judgement->results[i]);
        set_numbers(metric, &judgement->results[i]);
        set_adjustment(metric, &judgement->results[i]);
        set_strata(metric, &judgement->results[i]);
        set_waiver(metric, &judgement->results[i]);
        sg_json_push(metrics, metric);
    }
    return metrics;
}

static struct sg_json *new_variants(const struct sg_judgement *judgement)
{
    struct sg_json *variants = sg_json_new_array();

    for (size_t i = 0; i < judgement->variants_count; i++) {
        const struct sg_variant_verdict *from = &judgement->variants[i];
        struct sg_json *variant = sg_json_new_object();
        set_text(variant, "variant", from->variant);
        sg_json_set_string(variant, "verdict", sg_verdict_name(from->verdict));
        sg_json_set_bool(variant, "warn", from->warn);
        sg_json_set_bool(variant, "decided", from->decided);
        set_text(variant, "reason", from->reason);
        sg_json_push(variants, variant);
    }
    return variants;
}

static struct sg_json *new_notes(const struct sg_judgement *judgement)
{
    struct sg_json *notes = sg_json_new_array();

    for (size_t i = 0; i < judgement->notes_count; i++) {
        char *valid = sg_clean_utf8(judgement->notes[i]);
        sg_json_push(notes, sg_json_new_string(valid));
        free(valid);
    }
    return notes;
}

static void set_session(struct sg_json *root, const struct sg_session *session)
{
    set_text(root, "session", session->id);
    set_text(root, "service", session->service);
    set_text(root, "created", session->created);
    set_text(root, "tool", session->tool);
}

void sg_write_json(const struct sg_report *report, struct sg_text *out)
{
    const struct sg_judgement *judgement = report->judgement;
    struct sg_json *root = sg_json_new_object();

    sg_json_set_string(root, "schema", "svcgate.verdict/1");
    sg_json_set_string(root, "verdict", sg_verdict_name(judgement->verdict));
    sg_json_set_bool(root, "warn", judgement->warn);
    sg_json_set_bool(root, "decided", judgement->decided);
    set_text(root, "reason", judgement->reason);
    set_text(root, "reference", judgement->reference);
    set_text(root, "plan_hash", judgement->plan_hash);
    sg_json_set_number(root, "alpha", judgement->alpha);
    sg_json_set_number(root, "beta", judgement->beta);
    sg_json_set_number(root, "looks_done", judgement->looks_done);
    sg_json_set_number(root, "looks_max", judgement->looks_max);
    sg_json_set_number(root, "repetitions", judgement->repetitions);
    if (judgement->against_stored)
        sg_json_set_number(root, "stored_sessions", (double)judgement->stored_sessions);
    sg_json_set(root, "metrics", new_metrics(judgement));
    sg_json_set(root, "variants", new_variants(judgement));
    sg_json_set(root, "notes", new_notes(judgement));
    set_session(root, report->session);

    char *text = sg_json_write(root, 3);
    sg_text_add(out, text);
    free(text);
    sg_json_free(root);
}
