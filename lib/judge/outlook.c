/* SPDX-License-Identifier: Apache-2.0 */
/* What stored sessions promise before any new data (docs/method.md 4.5): their spread, and the
 * chance that an unchanged service passes against them. */
#include "judge/outlook.h"

#include "judge/advice.h"
#include "judge/assembly.h"
#include "judge/store.h"
#include "stats/distributions.h"
#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>

/* Median over sessions of the median of a value as it stands; NaN where a value is missing. */
static double plain_level(const struct sg_store *store, const struct sg_metric *metric)
{
    double *medians = sg_alloc(store->count + 1, sizeof(double));
    bool whole = true;
    for (size_t j = 0; j < store->count; j++) {
        const struct sg_sample *sample = &store->then[j];
        int index = sg_sample_metric(sample, metric);
        double *values = sg_alloc(sample->count + 1, sizeof(double));
        for (size_t i = 0; i < sample->count; i++) {
            values[i] = sg_sample_value(sample, i, index);
            whole = whole && isfinite(values[i]);
        }
        medians[j] = whole ? sg_median(values, sample->count) : NAN;
        free(values);
    }
    double level = whole ? sg_median(medians, store->count) : NAN;
    free(medians);
    return level;
}

static struct sg_outlook_gate *add_gate(struct sg_outlook *out, const struct sg_metric *metric)
{
    out->gates = sg_grow(out->gates, out->count, sizeof(*out->gates));
    struct sg_outlook_gate *gate = &out->gates[out->count++];
    *gate = (struct sg_outlook_gate){.metric = sg_strdup(metric->name),
                                     .of = sg_strdup(metric->of),
                                     .request = sg_strdup(metric->request),
                                     .unit = sg_strdup(metric->unit),
                                     .relative = metric->scale == SG_SCALE_LOG,
                                     .level = NAN,
                                     .within = NAN,
                                     .between = NAN,
                                     .between_own = NAN,
                                     .within_raw = NAN,
                                     .between_raw = NAN,
                                     .tolerance = NAN,
                                     .margin = NAN,
                                     .chance = NAN};
    return gate;
}

/* The first reason is told; takes `why`. */
static void set_reason(struct sg_outlook *out, const struct sg_metric *metric, char *why)
{
    if (!out->reason) {
        char *label = sg_metric_label(metric->name, metric->of, metric->request);
        out->reason = sg_format("%s: %s", label, why);
        free(label);
    }
    free(why);
}

/* Var(M_j) = σ_b² + s_w²·π/(2n): what is left of it when the sampling error is taken off. */
static void report_spread(struct sg_outlook_gate *gate, const struct sg_spread *spread,
                          size_t sessions)
{
    double between = spread->best.spread;
    gate->adjusted = spread->gamma_count > 0;
    gate->level = spread->level;
    gate->within = spread->within;
    gate->within_raw = spread->within_raw;
    if (sessions < 2)
        return;
    gate->between = between;
    gate->between_raw = spread->raw.spread;
    gate->between_own = sqrt(fmax(between * between - spread->sampling, 0));
}

static void report_chance(struct sg_outlook *out, struct sg_outlook_gate *gate,
                          const struct sg_store *store, const struct sg_trial *trial,
                          const struct sg_spread *spread)
{
    double allowed = trial->threshold * (1 - trial->rank.bias);
    gate->tolerance = gate->relative ? expm1(trial->threshold) : trial->threshold;
    gate->chance = 0;
    if (store->count < SG_STORE_SESSIONS)
        return;
    double margin = spread->best.reach;
    gate->margin = gate->relative ? expm1(margin) : margin;
    gate->chance = sg_chance(allowed, spread->best.spread, store->count, trial->beta);
    struct sg_advice_case now = {.trial = trial,
                                 .sessions = store->count,
                                 .allowed = allowed,
                                 .spread = spread->best.spread,
                                 .sampling = spread->sampling};
    gate->advice = sg_advice(&now);
    if (margin >= allowed)
        set_reason(out, trial->metric, sg_advice_hopeless(&now));
}

/* `store`: the sessions that have the metric. */
static void look_at(struct sg_outlook *out, const struct sg_store *store,
                    const struct sg_metric *metric, const struct sg_gate_case *asked)
{
    struct sg_outlook_gate *gate = add_gate(out, metric);
    if (metric->scale == SG_SCALE_COUNT || metric->scale == SG_SCALE_EXACT) {
        gate->level = plain_level(store, metric);
        return;
    }
    bool compares = sg_gate_compares(asked->gate, metric->scale);
    if (compares && store->count < SG_STORE_SESSIONS)
        set_reason(out, metric, sg_store_too_few(store));
    struct sg_trial trial = {.metric = metric,
                             .gate = asked->gate,
                             .alpha = asked->alpha,
                             .beta = asked->beta,
                             .sign = metric->better == SG_HIGHER ? -1 : 1};
    struct sg_spread spread;
    char *unusable = sg_store_measure(store, &trial, &spread);
    if (unusable) {
        gate->chance = compares ? 0 : NAN;
        if (compares)
            set_reason(out, metric, sg_strdup(unusable));
        free(unusable);
        return;
    }
    report_spread(gate, &spread, store->count);
    if (compares)
        report_chance(out, gate, store, &trial, &spread);
    free(spread.gamma);
    free(spread.raw_reason);
}

bool sg_judge_outlook(const struct sg_session *session, const struct sg_session *stored,
                      size_t stored_count, struct sg_outlook *out, struct sg_error *err)
{
    struct sg_session ahead = *session; /* borrowed, with nothing measured */
    ahead.repetitions_count = 0;
    struct sg_gate_case *cases = NULL;
    double alpha = 0;
    double beta = 0;
    if (!sg_judge_errors(&session->plan, &alpha, &beta, err) ||
        !sg_gate_cases(&ahead, alpha, beta, &cases, err))
        return false;
    struct sg_store store;
    sg_store_init(&store, &ahead, NULL, stored, stored_count);
    *out = (struct sg_outlook){.offered = store.offered, .comparable = store.count};
    if (store.count < SG_STORE_SESSIONS)
        out->reason = sg_store_too_few(&store);
    for (size_t g = 0; g < session->gates_count; g++) {
        const struct sg_metric *metric = &session->metrics[cases[g].metric];
        struct sg_store with = sg_store_with(&store, metric);
        look_at(out, &with, metric, &cases[g]);
        free(with.then);
    }
    sg_store_clear(&store);
    free(cases);
    return true;
}

double sg_outlook_chance(const struct sg_outlook *outlook)
{
    double chance = outlook->reason ? 0 : 1;
    for (size_t i = 0; i < outlook->count; i++)
        chance *= isnan(outlook->gates[i].chance) ? 1 : outlook->gates[i].chance;
    return chance;
}

void sg_outlook_clear(struct sg_outlook *outlook)
{
    for (size_t g = 0; g < outlook->count; g++) {
        struct sg_outlook_gate *gate = &outlook->gates[g];
        free(gate->metric);
        free(gate->of);
        free(gate->request);
        free(gate->unit);
        free(gate->advice);
    }
    free(outlook->gates);
    free(outlook->reason);
    *outlook = (struct sg_outlook){0};
}
