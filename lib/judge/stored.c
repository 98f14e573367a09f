/* SPDX-License-Identifier: Apache-2.0 */
/* The judgement of a session against stored ones (docs/method.md 4.5). */
#include "judge/judge.h"

#include "judge/assembly.h"
#include "judge/checks.h"
#include "judge/facts.h"
#include "judge/store.h"
#include "judge/waiver.h"

#include <stdlib.h>

/* The variant that is asked for, the only one, or the only one beside the reference. */
static bool pick_variant(const struct sg_data *data, const char *reference, const char *variant,
                         size_t *out, struct sg_error *err)
{
    size_t candidates = 0;
    for (size_t v = 0; v < data->variants_count; v++) {
        bool is_reference = data->variants_count > 1 && sg_streq(data->variants[v], reference);
        if (variant ? !sg_streq(data->variants[v], variant) : is_reference)
            continue;
        *out = v;
        candidates++;
    }
    if (candidates == 1)
        return true;
    if (variant) {
        const char *near = sg_nearest(variant, data->variants, data->variants_count);
        return sg_fail(err, SG_ERROR_CONFIG, "the session has no variant \"%s\"%s%s%s", variant,
                       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    return sg_fail(err, SG_ERROR_CONFIG,
                   "the session has %zu variants to judge; say which one is meant", candidates);
}

static bool is_gated(const struct sg_session *session, const struct sg_gate_case *cases, int metric)
{
    for (size_t g = 0; g < session->gates_count; g++)
        if (cases[g].metric == metric)
            return true;
    return false;
}

static void add_result(struct sg_judgement *out, const struct sg_session *session, int metric,
                       const struct sg_gate *gate, const char *variant)
{
    out->results = sg_grow(out->results, out->results_count, sizeof(*out->results));
    sg_result_init(&out->results[out->results_count++], session, metric, gate, variant);
}

static void judge_gate(const struct sg_session *session, const struct sg_gate_case *gate,
                       const struct sg_store *store, struct sg_result *result)
{
    struct sg_permit permit;
    if (!sg_permit_open(&permit, session, gate, result, NULL)) {
        sg_store_judge(store, gate, gate->metric, gate->alpha, gate->beta, result);
        return;
    }
    sg_store_judge(store, &permit.waived, gate->metric, gate->alpha, gate->beta, result);
    sg_store_judge(store, gate, gate->metric, gate->alpha, gate->beta, &permit.own);
    (void)sg_permit_close(&permit, session, result);
}

static void judge_metrics(struct sg_judgement *out, const struct sg_session *session,
                          const struct sg_gate_case *cases, const struct sg_store *store,
                          const char *variant)
{
    for (size_t g = 0; g < session->gates_count; g++) {
        add_result(out, session, cases[g].metric, cases[g].gate, variant);
        judge_gate(session, &cases[g], store, &out->results[g]);
    }
    for (size_t m = 0; m < session->metrics_count; m++) {
        if (session->metrics[m].role == SG_ROLE_COVARIATE || is_gated(session, cases, (int)m))
            continue;
        add_result(out, session, (int)m, NULL, variant);
        sg_store_judge(store, NULL, (int)m, out->alpha, out->beta,
                       &out->results[out->results_count - 1]);
    }
    if (out->results_count > session->gates_count)
        sg_ungated_mark(out->results + session->gates_count,
                        out->results_count - session->gates_count, 1);
}

static const struct sg_result *worst_of(const struct sg_judgement *out, size_t gates)
{
    static const int order[] = {
        [SG_PASS] = 0, [SG_INCONCLUSIVE] = 1, [SG_FAIL] = 2, [SG_INVALID] = 3};
    const struct sg_result *worst = NULL;
    for (size_t g = 0; g < gates; g++)
        if (!worst || order[out->results[g].verdict] > order[worst->verdict])
            worst = &out->results[g];
    return worst;
}

static void conclude(struct sg_judgement *out, size_t gates, size_t sessions)
{
    struct sg_variant_verdict *variant = &out->variants[0];
    const struct sg_result *worst = worst_of(out, gates);
    variant->decided = true;
    for (size_t g = 0; g < gates; g++)
        variant->warn = variant->warn || out->results[g].warn;
    variant->verdict = worst ? worst->verdict : SG_INCONCLUSIVE;
    if (!worst) {
        variant->reason = sg_strdup("no gate: nothing was to be decided");
    } else if (worst->verdict == SG_PASS) {
        variant->reason = sg_format("all %zu gate%s passed against %zu stored sessions", gates,
                                    gates == 1 ? "" : "s", sessions);
    } else {
        char *label = sg_metric_label(worst->metric, worst->of, worst->request);
        variant->reason = sg_format("%s: %s", label, worst->reason);
        free(label);
    }
}

/* How many repetitions there are was fixed before the data. Fewer may accuse, but not acquit. */
static void hold_back(struct sg_variant_verdict *variant)
{
    if (variant->verdict != SG_PASS)
        return;
    free(variant->reason);
    variant->verdict = SG_INCONCLUSIVE;
    variant->reason = sg_strdup("nothing speaks against it so far, but the session has not come to "
                                "its end");
}

/* No statistics: the instrument or the variant broke. */
static void settle(struct sg_judgement *out, const struct sg_session *session,
                   const struct sg_gate_case *cases, const char *variant, enum sg_verdict verdict,
                   const char *reason)
{
    for (size_t g = 0; g < session->gates_count; g++) {
        add_result(out, session, cases[g].metric, cases[g].gate, variant);
        out->results[g].verdict = verdict;
        out->results[g].reason = sg_strdup(reason);
    }
    out->variants[0].verdict = verdict;
    out->variants[0].decided = true;
    out->variants[0].reason = sg_strdup(reason);
}

/* What was not compared for its environment, and what may have moved the numbers all the same. */
static void note_environments(struct sg_judgement *out, const struct sg_store *store)
{
    if (store->count < SG_STORE_SESSIONS)
        return;
    if (store->differences)
        sg_judgement_note(out, sg_format("%zu of %zu stored sessions are not comparable: %s",
                                         store->offered - store->count, store->offered,
                                         store->differences));
    const struct sg_session **compared = sg_alloc(store->count, sizeof(const struct sg_session *));
    for (size_t j = 0; j < store->count; j++)
        compared[j] = store->then[j].session;
    char *changed = sg_facts_new(store->now.session, compared, store->count);
    if (changed)
        sg_judgement_note(out, sg_format("not the same as in all stored sessions, and compared all "
                                         "the same: %s; if numbers moved, look there first",
                                         changed));
    free(changed);
    free(compared);
}

/* The session never began: an expired waiver is a fail without any data. */
static void settle_stopped(struct sg_judgement *out, const struct sg_session *session,
                           const struct sg_gate_case *cases, const char *variant)
{
    for (size_t g = 0; g < session->gates_count; g++) {
        add_result(out, session, cases[g].metric, cases[g].gate, variant);
        sg_waiver_settle(session, &cases[g], &out->results[g]);
    }
    conclude(out, session->gates_count, 0);
}

static void judge_variant(struct sg_judgement *out, const struct sg_data *data, size_t v,
                          const struct sg_gate_case *cases, const struct sg_session *stored,
                          size_t stored_count)
{
    const struct sg_session *session = data->session;
    char *invalid = sg_check_session(data);
    char *failed = invalid ? NULL : sg_check_variant(data, v);
    if (!invalid && !failed)
        failed = sg_check_failed(data);
    struct sg_store store;
    sg_store_init(&store, session, data->variants[v], stored, stored_count);
    bool stopped = sg_waiver_stops(session, data->variants[v]);
    bool empty = store.now.count == 0;
    bool over = session->complete || !session->plan.planned;
    if (!invalid && !failed && empty && over && !stopped)
        invalid = sg_strdup("no repetition that counts was measured");
    out->repetitions = (int)store.now.count;
    out->against_stored = true;
    out->stored_sessions = store.count;
    if (invalid || failed) {
        settle(out, session, cases, data->variants[v], invalid ? SG_INVALID : SG_FAIL,
               invalid ? invalid : failed);
    } else if (stopped) {
        settle_stopped(out, session, cases, data->variants[v]);
    } else if (empty) {
        settle(out, session, cases, data->variants[v], SG_INCONCLUSIVE, "nothing was measured yet");
    } else {
        judge_metrics(out, session, cases, &store, data->variants[v]);
        conclude(out, session->gates_count, store.count);
        if (!over)
            hold_back(&out->variants[0]);
        note_environments(out, &store);
    }
    sg_store_clear(&store);
    free(invalid);
    free(failed);
}

bool sg_judge_stored(const struct sg_session *session, const char *variant,
                     const struct sg_session *stored, size_t stored_count, struct sg_judgement *out,
                     struct sg_error *err)
{
    struct sg_session alone = *session; /* borrowed, but with no variant as the reference */
    alone.reference = NULL;
    struct sg_data data;
    struct sg_gate_case *cases = NULL;
    double alpha = 0;
    double beta = 0;
    size_t v = 0;
    if (!sg_judge_errors(&session->plan, &alpha, &beta, err) || !sg_data_init(&data, &alone, err))
        return false;
    bool ok = pick_variant(&data, session->reference, variant, &v, err) &&
              sg_gate_cases(session, alpha, beta, &cases, err) && sg_waivers_check(session, err);
    if (ok) {
        sg_judgement_begin(out, session, "stored baseline", alpha, beta);
        out->looks_done = out->looks_max = 1;
        out->variants = sg_alloc(1, sizeof(*out->variants));
        out->variants_count = 1;
        out->variants[0].variant = sg_strdup(data.variants[v]);
        judge_variant(out, &data, v, cases, stored, stored_count);
        sg_judgement_combine(out);
        sg_waiver_notes(session, out);
        sg_check_notes(&data, out);
    }
    free(cases);
    sg_data_clear(&data);
    return ok;
}
