/* SPDX-License-Identifier: Apache-2.0 */
/* The whole judgement: every variant against the reference, then all variants together. */
#include "judge/judge.h"

#include "judge/assembly.h"
#include "judge/checks.h"
#include "judge/waiver.h"

#include <math.h>
#include <stdlib.h>

bool sg_judge_errors(const struct sg_plan *plan, double *alpha, double *beta, struct sg_error *err)
{
    if (!(plan->alpha > 0 && plan->alpha < 0.5) || !(plan->beta > 0 && plan->beta < 0.5))
        return sg_fail(err, SG_ERROR_CONFIG,
                       "alpha and beta must lie between 0 and 50 %% (they are %g and %g)",
                       plan->alpha, plan->beta);
    *alpha = plan->alpha;
    *beta = plan->beta;
    if (plan->attempt >= 2) { /* all attempts together stay within 1.5 alpha and 2 beta */
        *alpha = ldexp(plan->alpha, -plan->attempt);
        *beta = ldexp(plan->beta, 1 - plan->attempt);
    }
    return true;
}

void sg_judgement_begin(struct sg_judgement *out, const struct sg_session *session,
                        const char *reference, double alpha, double beta)
{
    *out = (struct sg_judgement){.verdict = SG_INCONCLUSIVE, .alpha = alpha, .beta = beta};
    out->reference = sg_strdup(reference);
    out->plan_hash = sg_alloc(65, 1);
    sg_session_plan_hash(session, out->plan_hash);
}

/* A judgement being put together. */
struct court {
    const struct sg_session *session;
    struct sg_data data;
    struct sg_covariates covariates;
    struct sg_gate_case *cases;
    int *ungated; /* metrics without a gate */
    size_t ungated_count;
    size_t *variants; /* all but the reference */
    size_t variants_count;
    struct sg_text *steps; /* explanation, or NULL */
    struct sg_judgement *out;
};

static void list_variants(struct court *court)
{
    court->variants = sg_alloc(court->data.variants_count + 1, sizeof(*court->variants));
    for (size_t v = 0; v < court->data.variants_count; v++)
        if ((int)v != court->data.reference)
            court->variants[court->variants_count++] = v;
}

static void list_ungated(struct court *court)
{
    const struct sg_session *session = court->session;
    bool *taken = sg_alloc(session->metrics_count + 1, sizeof(*taken));
    for (size_t g = 0; g < session->gates_count; g++)
        taken[court->cases[g].metric] = true;
    court->ungated = sg_alloc(session->metrics_count + 1, sizeof(*court->ungated));
    for (size_t m = 0; m < session->metrics_count; m++)
        if (!taken[m] && session->metrics[m].role == SG_ROLE_METRIC)
            court->ungated[court->ungated_count++] = (int)m;
    free(taken);
}

/* Results lie gate by gate, each with its variants side by side; then the ungated metrics. */
static void lay_out_results(struct court *court)
{
    const struct sg_session *session = court->session;
    struct sg_judgement *out = court->out;
    size_t gates = session->gates_count;
    out->results_count = (gates + court->ungated_count) * court->variants_count;
    out->results = sg_alloc(out->results_count + 1, sizeof(*out->results));
    for (size_t i = 0; i < out->results_count; i++) {
        size_t row = i / court->variants_count;
        const char *variant = court->data.variants[court->variants[i % court->variants_count]];
        if (row < gates)
            sg_result_init(&out->results[i], session, court->cases[row].metric,
                           court->cases[row].gate, variant);
        else
            sg_result_init(&out->results[i], session, court->ungated[row - gates], NULL, variant);
    }
    out->variants_count = court->variants_count;
    out->variants = sg_alloc(out->variants_count + 1, sizeof(*out->variants));
    for (size_t v = 0; v < out->variants_count; v++)
        out->variants[v].variant = sg_strdup(court->data.variants[court->variants[v]]);
}

static struct sg_result *result_of(const struct court *court, size_t row, size_t v)
{
    return &court->out->results[row * court->variants_count + v];
}

/* No statistics: each metric of the variant carries the verdict and its reason. */
static void settle_without_numbers(struct court *court, size_t v, enum sg_verdict verdict,
                                   const char *reason)
{
    struct sg_variant_verdict *variant = &court->out->variants[v];
    variant->verdict = verdict;
    variant->reason = sg_strdup(reason);
    variant->decided = true;
    for (size_t row = 0; row < court->session->gates_count + court->ungated_count; row++) {
        struct sg_result *result = result_of(court, row, v);
        result->verdict = verdict;
        result->reason = sg_strdup(reason);
    }
}

/* What a running session saw first: at the earliest look with a verdict, INVALID before FAIL; PASS
 * at the look where the last gate passed. SG_NO_LOOK: none. */
static size_t frozen_look(const struct court *court, size_t v, const size_t *looks,
                          enum sg_verdict *verdict)
{
    size_t first = SG_NO_LOOK;
    size_t last = 0;
    bool all = court->session->gates_count > 0;
    *verdict = SG_PASS;
    for (size_t g = 0; g < court->session->gates_count; g++) {
        enum sg_verdict one = result_of(court, g, v)->verdict;
        all = all && one == SG_PASS;
        last = looks[g] != SG_NO_LOOK && looks[g] > last ? looks[g] : last;
        if (one != SG_FAIL && one != SG_INVALID)
            continue;
        if (first == SG_NO_LOOK || looks[g] < first || (looks[g] == first && one == SG_INVALID)) {
            first = looks[g];
            *verdict = one;
        }
    }
    if (first == SG_NO_LOOK && !all) {
        *verdict = SG_INCONCLUSIVE;
        return SG_NO_LOOK;
    }
    return first == SG_NO_LOOK ? last : first;
}

/* "latency_p95: worse by …" of the first gate with this verdict (and look, unless SG_NO_LOOK). */
static char *first_reason(const struct court *court, size_t v, enum sg_verdict verdict,
                          const size_t *looks, size_t look)
{
    for (size_t g = 0; g < court->session->gates_count; g++) {
        const struct sg_result *result = result_of(court, g, v);
        if (result->verdict != verdict || (look != SG_NO_LOOK && looks[g] != look))
            continue;
        char *label = sg_metric_label(result->metric, result->of, result->request);
        char *text = sg_format("%s: %s", label, result->reason);
        free(label);
        return text;
    }
    return sg_strdup("no gate: nothing was to be decided");
}

static char *variant_reason(const struct court *court, size_t v, enum sg_verdict verdict,
                            const size_t *looks, size_t look)
{
    size_t gates = court->session->gates_count;
    char *first = first_reason(court, v, verdict, looks, look);
    size_t open = 0;
    for (size_t g = 0; g < gates; g++)
        open += result_of(court, g, v)->verdict == SG_INCONCLUSIVE;
    if (verdict != SG_INCONCLUSIVE || open < 2)
        return first;
    char *text = sg_format("%zu of %zu gates are not decided; %s", open, gates, first);
    free(first);
    return text;
}

static int decided_repetitions(const struct court *court, size_t v)
{
    int most = 0;
    for (size_t g = 0; g < court->session->gates_count; g++)
        if (result_of(court, g, v)->decided_at > most)
            most = result_of(court, g, v)->decided_at;
    return most;
}

static void settle(struct court *court, size_t v, const struct sg_family *family,
                   const size_t *looks)
{
    struct sg_variant_verdict *variant = &court->out->variants[v];
    size_t look = frozen_look(court, v, looks, &variant->verdict);
    bool at_end = family->looks == family->looks_max || court->session->complete;
    variant->decided = look != SG_NO_LOOK || at_end;
    for (size_t g = 0; g < court->session->gates_count; g++)
        variant->warn = variant->warn || result_of(court, g, v)->warn;
    if (variant->verdict == SG_PASS)
        variant->reason = sg_format(
            "all %zu gate%s passed after %d repetitions a side", court->session->gates_count,
            court->session->gates_count == 1 ? "" : "s", decided_repetitions(court, v));
    else
        variant->reason = variant_reason(court, v, variant->verdict, looks, look);
}

/* The look at which it was decided; an expired waiver decides before any. */
static size_t judge_gate(struct court *court, size_t v, struct sg_family *family, size_t g)
{
    const struct sg_gate_case *gate = &court->cases[g];
    struct sg_result *out = result_of(court, g, v);
    struct sg_permit permit;
    if (!sg_permit_open(&permit, court->session, gate, out, court->steps))
        return sg_gate_judge(family, gate, court->steps, out);
    size_t look = sg_gate_judge(family, &permit.waived, court->steps, out);
    (void)sg_gate_judge(family, gate, NULL, &permit.own);
    return sg_permit_close(&permit, court->session, out) ? 0 : look;
}

static void judge_gates(struct court *court, size_t v, struct sg_family *family)
{
    size_t gates = court->session->gates_count;
    size_t *looks = sg_alloc(gates + 1, sizeof(*looks));
    for (size_t g = 0; g < gates; g++) {
        if (court->steps) {
            const struct sg_gate *gate = court->cases[g].gate;
            char *label = sg_metric_label(gate->metric, gate->of, gate->request);
            sg_text_printf(court->steps, "%s of %s\n", label, court->out->variants[v].variant);
            free(label);
        }
        looks[g] = judge_gate(court, v, family, g);
        if (court->steps)
            sg_text_printf(court->steps, "  %s: %s\n\n",
                           sg_verdict_name(result_of(court, g, v)->verdict),
                           result_of(court, g, v)->reason);
    }
    settle(court, v, family, looks);
    free(looks);
}

static void count_looks(struct court *court, const struct sg_family *family)
{
    struct sg_judgement *out = court->out;
    if ((int)family->looks > out->looks_done)
        out->looks_done = (int)family->looks;
    out->looks_max = (int)family->looks_max;
    int seen = family->looks > 0 ? (int)sg_family_variants(family, family->looks - 1) : 0;
    if (seen > out->repetitions)
        out->repetitions = seen;
}

static void note_shortened(struct court *court, size_t v, const struct sg_family *family)
{
    size_t planned = sg_family_planned(family);
    if (!court->session->complete || family->looks == family->looks_max ||
        court->out->variants[v].verdict != SG_INCONCLUSIVE)
        return;
    size_t done = family->looks > 0 ? sg_family_variants(family, family->looks - 1) : 0;
    sg_judgement_note(court->out,
                      sg_format("%s: the session ended after %zu of %zu planned repetitions a side",
                                court->out->variants[v].variant, done, planned));
}

static bool is_adjusted(const struct sg_session *session)
{
    for (size_t m = 0; m < session->metrics_count; m++)
        if (session->metrics[m].adjust)
            return true;
    return false;
}

/* Where nothing was to be adjusted (side by side, `adjust: off`), nothing is missing. */
static void note_raw(struct court *court, size_t v, struct sg_family *family)
{
    bool expected = family->looks > 0 && !family->alone && is_adjusted(court->session);
    const char *reason =
        expected && court->covariates.count > 0 ? sg_family_guard(family, family->looks - 1) : NULL;
    if (reason)
        sg_judgement_note(court->out, sg_format("%s: the host's noise was not taken out: %s",
                                                court->out->variants[v].variant, reason));
}

/* Why there is nothing to judge, when nothing more will come; or NULL. Caller frees. */
static char *lack_of_data(const struct court *court, size_t v, const struct sg_family *family)
{
    const struct sg_plan *plan = &court->session->plan;
    if (!court->session->complete && plan->planned)
        return NULL;
    if (plan->blocks > 0 && family->looks == 0)
        return sg_format("only %zu of %d blocks can be judged, and at least %d repetitions a side "
                         "are needed",
                         family->blocks, plan->blocks, plan->min_repetitions);
    if (family->blocks > 0)
        return NULL;
    return sg_strdup(sg_data_has(&court->data, court->variants[v])
                         ? "no whole block with the reference was measured"
                         : "no repetition that counts was measured");
}

static bool judge_variant(struct court *court, size_t v, struct sg_error *err)
{
    char *crash = sg_check_variant(&court->data, court->variants[v]);
    if (crash) {
        settle_without_numbers(court, v, SG_FAIL, crash);
        free(crash);
        return true;
    }
    struct sg_family family;
    if (!sg_family_init(&family, &court->covariates, court->variants[v], err))
        return false;
    char *lack = lack_of_data(court, v, &family);
    if (lack) {
        settle_without_numbers(court, v, SG_INVALID, lack);
    } else {
        judge_gates(court, v, &family);
        for (size_t i = 0; i < court->ungated_count; i++)
            sg_ungated_judge(&family, court->ungated[i], court->out->alpha, court->out->beta,
                             result_of(court, court->session->gates_count + i, v));
        if (court->ungated_count > 0)
            sg_ungated_mark(result_of(court, court->session->gates_count, v), court->ungated_count,
                            court->variants_count);
        note_shortened(court, v, &family);
        note_raw(court, v, &family);
    }
    count_looks(court, &family);
    sg_family_clear(&family);
    free(lack);
    return true;
}

static int badness(enum sg_verdict verdict)
{
    static const int order[] = {
        [SG_PASS] = 0, [SG_INCONCLUSIVE] = 1, [SG_FAIL] = 2, [SG_INVALID] = 3};
    return order[verdict];
}

void sg_judgement_combine(struct sg_judgement *out)
{
    const struct sg_variant_verdict *worst = NULL;
    out->decided = true;
    for (size_t v = 0; v < out->variants_count; v++) {
        const struct sg_variant_verdict *variant = &out->variants[v];
        out->decided = out->decided && variant->decided;
        out->warn = out->warn || variant->warn;
        if (!worst || badness(variant->verdict) > badness(worst->verdict))
            worst = variant;
    }
    if (!worst) {
        out->verdict = SG_INCONCLUSIVE;
        out->reason = sg_format("nothing to compare with: no variant beside %s",
                                out->reference ? out->reference : "the reference");
        return;
    }
    out->verdict = worst->verdict;
    out->warn = out->warn && out->verdict == SG_PASS;
    out->reason = sg_format("%s: %s", worst->variant, worst->reason);
}

/* The session never began: an expired waiver is a fail without any data. */
static void settle_stopped(struct court *court, size_t v)
{
    struct sg_variant_verdict *variant = &court->out->variants[v];
    variant->verdict = SG_INCONCLUSIVE;
    for (size_t g = 0; g < court->session->gates_count; g++) {
        sg_waiver_settle(court->session, &court->cases[g], result_of(court, g, v));
        if (result_of(court, g, v)->verdict == SG_FAIL)
            variant->verdict = SG_FAIL;
    }
    variant->decided = true;
    variant->reason = variant_reason(court, v, variant->verdict, NULL, SG_NO_LOOK);
}

static bool is_stopped(const struct court *court)
{
    for (size_t v = 0; v < court->variants_count; v++)
        if (sg_waiver_stops(court->session, court->out->variants[v].variant))
            return true;
    return false;
}

static bool judge_variants(struct court *court, struct sg_error *err)
{
    char *broken = sg_check_session(&court->data);
    bool stopped = is_stopped(court);
    bool ok = true;
    for (size_t v = 0; ok && v < court->variants_count; v++) {
        if (broken)
            settle_without_numbers(court, v, SG_INVALID, broken);
        else if (stopped)
            settle_stopped(court, v);
        else
            ok = judge_variant(court, v, err);
    }
    if (ok)
        sg_judgement_combine(court->out);
    char *failed = broken ? NULL : sg_check_failed(&court->data);
    if (ok && (broken || failed)) {
        free(court->out->reason);
        court->out->reason = sg_strdup(broken ? broken : failed);
        court->out->verdict = broken ? SG_INVALID : SG_FAIL;
        court->out->decided = true;
        court->out->warn = false;
    }
    free(broken);
    free(failed);
    return ok;
}

static void court_clear(struct court *court)
{
    free(court->cases);
    free(court->ungated);
    free(court->variants);
    sg_covariates_clear(&court->covariates);
    sg_data_clear(&court->data);
}

bool sg_judge_session(const struct sg_session *session, struct sg_text *steps,
                      struct sg_judgement *out, struct sg_error *err)
{
    struct sg_judgement made = {0};
    struct court court = {.session = session, .steps = steps, .out = &made};
    double alpha = 0;
    double beta = 0;
    if (!sg_judge_errors(&session->plan, &alpha, &beta, err) ||
        !sg_data_init(&court.data, session, err))
        return false;
    bool ok =
        sg_gate_cases(session, alpha, beta, &court.cases, err) && sg_waivers_check(session, err);
    if (ok) {
        sg_judgement_begin(&made, session, session->reference, alpha, beta);
        sg_covariates_init(&court.covariates, &court.data);
        list_variants(&court);
        list_ungated(&court);
        lay_out_results(&court);
        ok = judge_variants(&court, err);
    }
    if (ok) {
        sg_waiver_notes(session, &made);
        sg_check_notes(&court.data, &made);
        *out = made;
    } else {
        sg_judgement_clear(&made);
    }
    court_clear(&court);
    return ok;
}

bool sg_judge(const struct sg_session *session, struct sg_judgement *out, struct sg_error *err)
{
    return sg_judge_session(session, NULL, out, err);
}
