/* SPDX-License-Identifier: Apache-2.0 */
/* One gate from look to look: the first rule that fires, then frozen. */
#include "judge/gate.h"

#include <math.h>
#include <stdlib.h>

const struct sg_kind *sg_kind_of(const struct sg_metric *metric)
{
    if (metric->scale == SG_SCALE_COUNT)
        return &sg_kind_count;
    return metric->scale == SG_SCALE_EXACT ? &sg_kind_exact : &sg_kind_rank;
}

/* A limit alone asks for no comparison; a floor belongs to a tolerance. */
bool sg_gate_compares(const struct sg_gate *gate, enum sg_scale scale)
{
    (void)scale;
    return !isnan(gate->tolerance) || !isnan(gate->floor) || isnan(gate->limit);
}

bool sg_gate_limits(const struct sg_gate *gate)
{
    return !isnan(gate->limit);
}

void sg_result_init(struct sg_result *result, const struct sg_session *session, int metric,
                    const struct sg_gate *gate, const char *variant)
{
    const struct sg_metric *m = &session->metrics[metric];
    *result = (struct sg_result){
        .metric = sg_strdup(m->name),
        .of = sg_strdup(m->of),
        .request = sg_strdup(m->request),
        .unit = sg_strdup(m->unit),
        .variant = sg_strdup(variant),
        .gated = gate != NULL,
        .relative = m->scale == SG_SCALE_LOG,
        .higher_is_better = m->better == SG_HIGHER,
        .verdict = gate ? SG_INCONCLUSIVE : SG_PASS,
        .reference = NAN,
        .value = NAN,
        .change = NAN,
        .low = NAN,
        .high = NAN,
        .tolerance = gate ? gate->tolerance : NAN,
        .limit = gate ? gate->limit : NAN,
        .value_low = NAN,
        .value_high = NAN,
        .alpha = NAN,
        .p = NAN,
        .detectable = NAN,
        .noise = NAN,
        .noise_raw = NAN,
        .change_raw = NAN,
        .line = gate ? gate->line : 0,
    };
}

static char *missing(const struct sg_trial *trial, int metric, size_t row, double value,
                     const char *problem)
{
    const struct sg_data *data = trial->family->data;
    const struct sg_repetition *repetition = &data->session->repetitions[row];
    const struct sg_metric *m = metric >= 0 ? &data->session->metrics[metric] : trial->metric;
    char *label = sg_metric_label(m->name, m->of, m->request);
    char *shown = isnan(value) ? sg_strdup("missing") : sg_format("%g", value);
    char *text = sg_format("%s is %s in block %d of %s: %s", label, shown, repetition->block,
                           repetition->variant, problem);
    free(label);
    free(shown);
    return text;
}

static char *check_rows(const struct sg_trial *trial, int metric, bool positive, const size_t *rows,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double value = sg_data_value(trial->family->data, rows[i], metric);
        if (!isfinite(value))
            return missing(trial, metric, rows[i], value, "without it nothing can be said");
        if (positive && !(value > 0))
            return missing(trial, metric, rows[i], value,
                           "it must be above zero, or its scale linear");
    }
    return NULL;
}

char *sg_trial_unusable(const struct sg_trial *trial, int metric, bool positive, size_t look)
{
    const struct sg_family *f = trial->family;
    char *reason = NULL;
    if (trial->needs_reference)
        reason =
            check_rows(trial, metric, positive, f->reference_rows, sg_family_references(f, look));
    if (!reason)
        reason = check_rows(trial, metric, positive, f->variant_rows, sg_family_variants(f, look));
    return reason;
}

/* FAIL by either question, PASS by both. */
static enum sg_verdict combine(const struct sg_trial *trial)
{
    if (trial->tolerance == SG_BAD || trial->limit == SG_BAD)
        return SG_FAIL;
    if (trial->tolerance != SG_OPEN && trial->limit != SG_OPEN)
        return SG_PASS;
    return SG_INCONCLUSIVE;
}

/* Asks what is still open at one look. */
static void ask(struct sg_trial *trial, const struct sg_kind *kind, size_t look)
{
    if (trial->tolerance == SG_OPEN && !trial->family->alone) {
        trial->tolerance = kind->look(trial, look);
        trial->tolerance_look = look;
    }
    if (trial->limit == SG_OPEN) {
        trial->limit = kind->limit_look(trial, look);
        trial->limit_look = look;
    }
}

/* Numbers as of the look at which each question was answered. */
static void report(struct sg_trial *trial, const struct sg_kind *kind, size_t look)
{
    struct sg_family *f = trial->family;
    struct sg_result *out = trial->out;
    if (trial->tolerance == SG_NOT_ASKED)
        trial->tolerance_look = look;
    out->n_reference = sg_family_references(f, look);
    out->n_variant = sg_family_variants(f, look);
    out->reference = f->alone ? NAN : sg_family_median(f, trial->index, false, look);
    out->value = sg_family_median(f, trial->index, true, look);
    if (!f->alone) {
        bool asked = trial->needs_reference;
        trial->needs_reference = true;
        char *unusable = asked ? NULL : kind->unusable(trial, look);
        if (!unusable)
            kind->finish(trial, trial->tolerance_look);
        free(unusable);
        trial->needs_reference = asked;
    } else if (trial->tolerance == SG_OPEN) {
        trial->tolerance_reason = sg_strdup("nothing to compare with: there is no reference");
    }
    if (trial->limit != SG_NOT_ASKED)
        kind->limit_finish(trial, trial->limit_look);
}

/* The reason of the question that made the verdict; of both when both had to agree. */
static void give_reason(struct sg_trial *trial)
{
    struct sg_result *out = trial->out;
    const char *compared = trial->tolerance_reason;
    const char *limited = trial->limit_reason;
    if (out->verdict != SG_PASS) {
        enum sg_answer wanted = out->verdict == SG_FAIL ? SG_BAD : SG_OPEN;
        compared = trial->tolerance == wanted ? compared : NULL;
        limited = trial->limit == wanted ? limited : NULL;
    }
    out->reason = sg_format("%s%s%s", compared ? compared : "", compared && limited ? "; " : "",
                            limited ? limited : "");
}

static void trial_init(struct sg_trial *trial, struct sg_family *family,
                       const struct sg_gate_case *gate, struct sg_text *steps,
                       struct sg_result *out)
{
    const struct sg_metric *metric = &family->data->session->metrics[gate->metric];
    bool compares = sg_gate_compares(gate->gate, metric->scale);
    bool limits = sg_gate_limits(gate->gate);
    *trial = (struct sg_trial){
        .family = family,
        .metric = metric,
        .index = gate->metric,
        .gate = gate->gate,
        /* two questions share the gate's error on the side of FAIL; PASS needs both answers */
        .alpha = compares && limits ? gate->alpha / 2 : gate->alpha,
        .beta = gate->beta,
        .sign = metric->better == SG_HIGHER ? -1 : 1,
        .out = out,
        .steps = steps,
        .tolerance = compares ? SG_OPEN : SG_NOT_ASKED,
        .limit = limits ? SG_OPEN : SG_NOT_ASKED,
        .needs_reference = compares && !family->alone,
    };
}

static void trial_clear(struct sg_trial *trial, const struct sg_kind *kind)
{
    if (kind->end)
        kind->end(trial);
    free(trial->tolerance_reason);
    free(trial->limit_reason);
}

size_t sg_gate_judge(struct sg_family *family, const struct sg_gate_case *gate,
                     struct sg_text *steps, struct sg_result *out)
{
    struct sg_trial trial;
    trial_init(&trial, family, gate, steps, out);
    const struct sg_kind *kind = sg_kind_of(trial.metric);
    out->alpha = gate->alpha;
    kind->begin(&trial);
    char *unusable = NULL;
    size_t look = 0;
    for (; look < family->looks; look++) {
        unusable = kind->unusable(&trial, look);
        if (unusable)
            break;
        ask(&trial, kind, look);
        out->verdict = combine(&trial);
        if (out->verdict != SG_INCONCLUSIVE)
            break;
    }
    size_t frozen = look < family->looks ? look : SG_NO_LOOK;
    if (unusable) {
        out->verdict = SG_INVALID;
        out->reason = unusable;
    } else if (family->looks == 0) {
        out->reason = sg_strdup("no look at the data yet: too few whole blocks");
    } else {
        report(&trial, kind, frozen == SG_NO_LOOK ? family->looks - 1 : frozen);
        give_reason(&trial);
    }
    if (frozen != SG_NO_LOOK)
        out->decided_at = (int)sg_family_variants(family, frozen);
    trial_clear(&trial, kind);
    return frozen;
}
