/* SPDX-License-Identifier: Apache-2.0 */
/* One metric of a session against stored sessions: the comparison, the limit, the sentence. */
#include "judge/store.h"

#include "base/units.h"
#include "stats/intervals.h"
#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>

char *sg_store_too_few(const struct sg_store *store)
{
    if (store->count + store->lacking >= SG_STORE_SESSIONS)
        return sg_format(
            "%zu stored session%s this metric; %d are needed to know how much sessions "
            "differ by themselves",
            store->count, store->count == 1 ? " has" : "s have", SG_STORE_SESSIONS);
    if (store->differences && store->offered > store->count)
        return sg_format("not comparable with the stored sessions: %s; %zu of %zu have the same "
                         "environment, %d are needed",
                         store->differences, store->count, store->offered, SG_STORE_SESSIONS);
    return sg_format("%zu stored session%s with %d repetitions or more; %d are needed to know how "
                     "much sessions differ by themselves",
                     store->count, store->count == 1 ? "" : "s", SG_STORE_REPETITIONS,
                     SG_STORE_SESSIONS);
}

/* Why a comparison cannot be made at all, or NULL. */
static char *not_comparable(const struct sg_store *store)
{
    if (store->count < SG_STORE_SESSIONS)
        return sg_store_too_few(store);
    if (store->now.count < SG_STORE_REPETITIONS)
        return sg_format("%zu repetitions in this session; a stored baseline needs %d",
                         store->now.count, SG_STORE_REPETITIONS);
    return NULL;
}

/* Not SG_OPEN only for metrics whose limit has been proven one way or the other. */
static enum sg_answer ask_limit(const struct sg_store *store, struct sg_trial *trial)
{
    double *values = sg_alloc(store->now.count + 1, sizeof(*values));
    for (size_t i = 0; i < store->now.count; i++)
        values[i] = trial->sign * sg_sample_value(&store->now, i, trial->index);
    sg_sort(values, store->now.count);
    double low = sg_median_interval(values, store->now.count, trial->alpha).low;
    double high = sg_median_interval(values, store->now.count, trial->beta).high;
    if (isnan(low))
        low = sg_signs_beyond(trial, values, store->now.count);
    if (trial->metric->scale == SG_SCALE_EXACT) {
        low = values[0];
        high = values[store->now.count - 1];
    }
    if (trial->metric->scale == SG_SCALE_COUNT)
        sg_store_rate_bounds(store, trial, &low, &high);
    free(values);
    trial->out->value_low = trial->sign > 0 ? low : -high;
    trial->out->value_high = trial->sign > 0 ? high : -low;
    double limit = trial->sign * trial->gate->limit;
    if (high <= limit)
        return SG_GOOD;
    return low > limit ? SG_BAD : SG_OPEN;
}

static char *reason_open(const struct sg_trial *trial, const struct sg_store *store)
{
    char *change = sg_say_change(trial, trial->out->change);
    char *spread = trial->metric->scale == SG_SCALE_LOG
                       ? sg_format("%.1f %%", trial->out->noise * 100)
                       : sg_show_by_unit(trial->out->noise, trial->metric->unit);
    char *text = sg_format("the screen against %zu stored sessions does not decide: %s, while "
                           "sessions differ by %s by themselves; compare side by side",
                           store->count, change, spread);
    free(change);
    free(spread);
    return text;
}

static char *reason_compared(const struct sg_trial *trial, const struct sg_store *store)
{
    if (trial->tolerance == SG_OPEN)
        return reason_open(trial, store);
    if (trial->metric->scale == SG_SCALE_EXACT)
        return sg_format("%s than allowed, compared as values with %zu stored sessions",
                         trial->tolerance == SG_BAD ? "worse" : "no worse", store->count);
    char *sentence = sg_reason_compared(trial, trial->tolerance, trial->rank.estimate,
                                        trial->rank.bounds.low, trial->rank.bounds.high);
    char *text = sg_format("%s, against %zu stored sessions", sentence, store->count);
    free(sentence);
    return text;
}

static void compare(const struct sg_store *store, struct sg_trial *trial, char **reason)
{
    struct sg_result *out = trial->out;
    bool asked = trial->tolerance != SG_NOT_ASKED;
    enum sg_answer answer;
    if (trial->metric->scale == SG_SCALE_COUNT)
        answer = sg_store_counts(store, trial, reason);
    else if (trial->metric->scale == SG_SCALE_EXACT)
        answer = sg_store_exact(store, trial, reason);
    else
        answer = sg_store_spread(store, trial, reason);
    if (*reason)
        return;
    trial->tolerance = asked ? answer : SG_NOT_ASKED;
    sg_rank_report(trial);
    if (isnan(out->change_raw))
        out->change_raw = out->change;
    out->improved = trial->rank.estimate < 0 && !isnan(out->p) && 1 - out->p <= trial->alpha;
    if (!trial->gate)
        return;
    if (!asked) {
        out->low = out->high = out->p = NAN;
        return;
    }
    out->tolerance = out->relative ? expm1(trial->threshold) : trial->threshold;
    out->beyond = answer == SG_BAD && trial->rank.bounds.low > trial->threshold;
    out->warn = answer == SG_GOOD && trial->rank.bounds.low > 0 &&
                trial->rank.estimate >= trial->warn_threshold;
    trial->tolerance_reason = reason_compared(trial, store);
}

static void report_value(const struct sg_store *store, struct sg_trial *trial)
{
    double *values = sg_alloc(store->now.count + 1, sizeof(*values));
    bool whole = true;
    for (size_t i = 0; i < store->now.count; i++) {
        values[i] = sg_sample_value(&store->now, i, trial->index);
        whole = whole && isfinite(values[i]);
    }
    if (whole)
        trial->out->value = sg_median(values, store->now.count);
    free(values);
}

static char *unusable_now(const struct sg_store *store, const struct sg_trial *trial)
{
    bool positive = trial->metric->scale == SG_SCALE_LOG;
    for (size_t i = 0; i < store->now.count; i++) {
        double value = sg_sample_value(&store->now, i, trial->index);
        if (!isfinite(value) || (positive && !(value > 0)))
            return sg_format("%s is missing or out of range in a repetition of this session",
                             trial->metric->name);
    }
    return NULL;
}

static void conclude(struct sg_trial *trial, char *reason)
{
    struct sg_result *out = trial->out;
    if (trial->tolerance == SG_BAD || trial->limit == SG_BAD)
        out->verdict = SG_FAIL;
    else if (trial->tolerance != SG_OPEN && trial->limit != SG_OPEN)
        out->verdict = SG_PASS;
    const char *compared = reason ? reason : trial->tolerance_reason;
    const char *limited = trial->limit_reason;
    if (out->verdict == SG_PASS) {
        compared = trial->tolerance == SG_GOOD ? compared : NULL;
    } else {
        enum sg_answer wanted = out->verdict == SG_FAIL ? SG_BAD : SG_OPEN;
        compared = trial->tolerance == wanted ? compared : NULL;
        limited = trial->limit == wanted ? limited : NULL;
    }
    out->reason = sg_format("%s%s%s", compared ? compared : "", compared && limited ? "; " : "",
                            limited ? limited : "");
    if (out->verdict != SG_INCONCLUSIVE)
        out->decided_at = (int)out->n_variant;
}

static void judge_gated(const struct sg_store *store, struct sg_trial *trial)
{
    struct sg_result *out = trial->out;
    char *unusable = unusable_now(store, trial);
    char *reason = not_comparable(store);
    if (!unusable && !reason)
        compare(store, trial, &unusable);
    if (!unusable && trial->limit != SG_NOT_ASKED) {
        trial->limit = ask_limit(store, trial);
        trial->limit_reason = sg_reason_limited(trial, trial->limit, store->now.count);
    }
    if (unusable) {
        out->verdict = SG_INVALID;
        out->reason = unusable;
    } else {
        conclude(trial, reason);
    }
    free(reason);
}

void sg_store_judge(const struct sg_store *all, const struct sg_gate_case *gate, int metric,
                    double alpha, double beta, struct sg_result *out)
{
    const struct sg_metric *m = &all->now.session->metrics[metric];
    struct sg_store with = sg_store_with(all, m);
    const struct sg_store *store = &with;
    bool compares = gate && sg_gate_compares(gate->gate, m->scale);
    bool limits = gate && sg_gate_limits(gate->gate);
    struct sg_trial trial = {.metric = m,
                             .index = metric,
                             .gate = gate ? gate->gate : NULL,
                             .alpha = compares && limits ? alpha / 2 : alpha,
                             .beta = beta,
                             .sign = m->better == SG_HIGHER ? -1 : 1,
                             .out = out,
                             .tolerance = compares ? SG_OPEN : SG_NOT_ASKED,
                             .limit = limits ? SG_OPEN : SG_NOT_ASKED};
    out->alpha = alpha;
    out->n_reference = store->count;
    out->n_variant = store->now.count;
    report_value(store, &trial);
    if (gate) {
        judge_gated(store, &trial);
    } else {
        char *reason = not_comparable(store);
        if (!reason)
            compare(store, &trial, &reason);
        free(reason);
    }
    free(with.then);
    free(trial.tolerance_reason);
    free(trial.limit_reason);
}
