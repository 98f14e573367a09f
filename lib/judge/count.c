/* SPDX-License-Identifier: Apache-2.0 */
/* Rates of counts (errors): exact tests, because they are mostly zero (docs/method.md 4.6). */
#include "judge/trial.h"

#include "stats/distributions.h"

#include <math.h>
#include <stdlib.h>

#define RISE_DEFAULT 0.001 /* a tenth of a percentage point */
#define DISPERSION_MAX 2.0 /* above, events come in clusters: ranks of rates instead */

/* The metric of this name beside the rate's own container and request, else the plain one. */
static int part(const struct sg_trial *trial, const char *name)
{
    const struct sg_session *session = trial->family->data->session;
    int found = sg_session_find_metric(session, name, trial->metric->of, trial->metric->request);
    return found >= 0 ? found : sg_session_find_metric(session, name, NULL, NULL);
}

static struct sg_count read_count(const struct sg_trial *trial, size_t row)
{
    struct sg_count count = {round(sg_data_value(trial->family->data, row, trial->counts.events)),
                             round(sg_data_value(trial->family->data, row, trial->counts.trials))};
    if (trial->sign < 0)
        count.events = count.trials - count.events;
    return count;
}

static void begin(struct sg_trial *trial)
{
    struct sg_family *f = trial->family;
    struct sg_counts *counts = &trial->counts;
    counts->events = trial->metric->events ? part(trial, trial->metric->events) : -1;
    counts->trials = trial->metric->trials ? part(trial, trial->metric->trials) : -1;
    size_t m = f->reference_at[f->blocks];
    size_t n = f->variant_at[f->blocks];
    counts->reference = sg_alloc(m + 1, sizeof(*counts->reference));
    counts->variant = sg_alloc(n + 1, sizeof(*counts->variant));
    for (size_t i = 0; i < m; i++)
        counts->reference[i] = read_count(trial, f->reference_rows[i]);
    for (size_t i = 0; i < n; i++)
        counts->variant[i] = read_count(trial, f->variant_rows[i]);
}

/* The first that cannot be, or NULL. */
static const struct sg_count *impossible(const struct sg_count *counts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(counts[i].trials > 0 && isfinite(counts[i].trials) && counts[i].events >= 0 &&
              counts[i].events <= counts[i].trials))
            return &counts[i];
    return NULL;
}

static char *bad_counts(const struct sg_count *counts, size_t count, const char *side)
{
    const struct sg_count *bad = impossible(counts, count);
    if (!bad)
        return NULL;
    return sg_format("a repetition of the %s has %g events in %g trials", side, bad->events,
                     bad->trials);
}

static char *unusable(const struct sg_trial *trial, size_t look)
{
    char *reason = sg_trial_unusable(trial, trial->index, false, look);
    if (!reason)
        reason = sg_trial_unusable(trial, trial->counts.events, false, look);
    if (!reason)
        reason = sg_trial_unusable(trial, trial->counts.trials, false, look);
    if (!reason && trial->needs_reference)
        reason = bad_counts(trial->counts.reference, sg_family_references(trial->family, look),
                            "reference");
    if (!reason)
        reason =
            bad_counts(trial->counts.variant, sg_family_variants(trial->family, look), "variant");
    return reason;
}

static struct sg_count total(const struct sg_count *counts, size_t count)
{
    struct sg_count sum = {0, 0};
    for (size_t i = 0; i < count; i++) {
        sum.events += counts[i].events;
        sum.trials += counts[i].trials;
    }
    return sum;
}

static void add_up(struct sg_trial *trial, size_t look)
{
    struct sg_counts *c = &trial->counts;
    size_t m = sg_family_references(trial->family, look);
    size_t n = sg_family_variants(trial->family, look);
    c->reference_sum = total(c->reference, m);
    c->variant_sum = total(c->variant, n);
    c->dispersion = sg_dispersion(c->reference, m, c->variant, n);
    c->seen = 0;
    for (size_t i = 0; i < n; i++)
        c->seen += c->variant[i].events > 0;
    c->p = sg_fisher_greater(c->variant_sum, c->reference_sum);
}

static double rate(struct sg_count count)
{
    return count.events / count.trials;
}

/* Each look gets an equal part of the error: bounds of counts have no boundary of their own. */
static double part_of(const struct sg_trial *trial, double level)
{
    return level / (double)trial->family->looks_max;
}

/* Clustered events: ranks of the rates, within blocks, at this look's part of the error. */
static void rank_rates(struct sg_trial *trial, size_t look)
{
    struct sg_family *f = trial->family;
    struct sg_counts *c = &trial->counts;
    size_t at = 0;
    for (size_t b = 0; b < f->look_blocks[look]; b++)
        for (size_t j = f->variant_at[b]; j < f->variant_at[b + 1]; j++)
            for (size_t i = f->reference_at[b]; i < f->reference_at[b + 1]; i++)
                f->work.raw[at++] = rate(c->variant[j]) - rate(c->reference[i]);
    double alpha = trial->alpha;
    double beta = trial->beta;
    trial->alpha = part_of(trial, alpha);
    trial->beta = part_of(trial, beta);
    sg_rank_evaluate(trial, f->work.raw, look);
    trial->alpha = alpha;
    trial->beta = beta;
}

/* Estimate and bounds of the rise at this look, into trial->rank; the p-value into counts.p. */
static void compare(struct sg_trial *trial, size_t look)
{
    struct sg_counts *c = &trial->counts;
    add_up(trial, look);
    if (c->dispersion > DISPERSION_MAX) {
        rank_rates(trial, look);
        c->p = sg_sequence_tail(&trial->family->ranks, look, trial->rank.above);
        c->risen = trial->rank.bounds.low > 0;
        return;
    }
    trial->rank.estimate = rate(c->variant_sum) - rate(c->reference_sum);
    double alpha = part_of(trial, trial->alpha);
    double beta = part_of(trial, trial->beta);
    c->risen = c->p <= alpha;
    trial->rank.bounds.low = sg_miettinen_nurminen(c->variant_sum, c->reference_sum, alpha).low;
    trial->rank.bounds.high = sg_miettinen_nurminen(c->variant_sum, c->reference_sum, beta).high;
}

/* Proven to have risen at all, and seen in more than one repetition. */
static bool has_risen(const struct sg_trial *trial)
{
    return trial->counts.risen && trial->counts.seen >= 2;
}

static void set_threshold(struct sg_trial *trial)
{
    const struct sg_gate *gate = trial->gate;
    double floor = isnan(gate->floor) ? 0 : gate->floor;
    double tolerance = gate->tolerance;
    if (isnan(tolerance))
        tolerance = floor > 0 ? 0 : RISE_DEFAULT;
    trial->threshold = fmax(tolerance, floor);
    trial->warn_threshold = isnan(gate->warn) ? NAN : fmax(gate->warn, floor);
}

static enum sg_answer look(struct sg_trial *trial, size_t look)
{
    if (look == 0)
        set_threshold(trial);
    compare(trial, look);
    const struct sg_counts *c = &trial->counts;
    enum sg_answer answer = SG_OPEN;
    if (trial->rank.bounds.high < trial->threshold)
        answer = SG_GOOD;
    else if (has_risen(trial) && trial->rank.estimate >= trial->threshold)
        answer = SG_BAD;
    if (trial->steps)
        sg_text_printf(trial->steps,
                       "  look %zu: %.0f of %.0f against %.0f of %.0f in the reference; dispersion "
                       "%.4g (%s)\n    p = %.6g at %.6g; rise %.6g, at most %.6g; theta1 = %.6g: "
                       "%s\n",
                       look + 1, c->variant_sum.events, c->variant_sum.trials,
                       c->reference_sum.events, c->reference_sum.trials, c->dispersion,
                       c->dispersion > DISPERSION_MAX ? "ranks of rates" : "Fisher's exact test",
                       c->p, part_of(trial, trial->alpha), trial->rank.estimate,
                       trial->rank.bounds.high, trial->threshold,
                       answer == SG_OPEN   ? "go on"
                       : answer == SG_GOOD ? "PASS"
                                           : "FAIL");
    return answer;
}

/* The rise that Fisher's test finds with 90 % power, by the normal approximation with one event
 * added to each side, so that zero events do not promise everything. */
static double detectable(const struct sg_trial *trial)
{
    const struct sg_counts *c = &trial->counts;
    double n = c->reference_sum.trials;
    double m = c->variant_sum.trials;
    double p = (c->reference_sum.events + c->variant_sum.events + 2) / (n + m + 2);
    double z = 1.2815515655446004; /* 90 % */
    double level = part_of(trial, trial->alpha);
    return (z - sg_normal_quantile(level)) * sqrt(p * (1 - p) * (1 / n + 1 / m));
}

/* Rates over all repetitions that the gate has seen, as the metric counts. */
static void report_rates(struct sg_trial *trial)
{
    struct sg_result *out = trial->out;
    bool turned = trial->sign < 0;
    double value = rate(total(trial->counts.variant, out->n_variant));
    out->value = turned ? 1 - value : value;
    if (trial->family->alone)
        return;
    double reference = impossible(trial->counts.reference, out->n_reference)
                           ? NAN /* a limit needs no reference */
                           : rate(total(trial->counts.reference, out->n_reference));
    out->reference = turned ? 1 - reference : reference;
}

static void finish(struct sg_trial *trial, size_t look)
{
    struct sg_result *out = trial->out;
    compare(trial, look);
    report_rates(trial);
    if (trial->gate && trial->tolerance == SG_NOT_ASKED)
        trial->rank.bounds = (struct sg_interval){NAN, NAN};
    sg_rank_report(trial);
    out->change_raw = out->change;
    double better = sg_fisher_greater(trial->counts.reference_sum, trial->counts.variant_sum);
    out->improved = better <= part_of(trial, trial->alpha);
    if (!trial->gate) {
        out->p = fmin(1, 2 * fmin(trial->counts.p, better));
        return;
    }
    if (trial->tolerance == SG_NOT_ASKED)
        return;
    out->p = fmin(1, trial->counts.p * (double)trial->family->looks_max);
    out->detectable = detectable(trial);
    out->tolerance = trial->threshold;
    out->beyond = trial->tolerance == SG_BAD && trial->rank.bounds.low > trial->threshold;
    out->warn = trial->tolerance == SG_GOOD && has_risen(trial) &&
                trial->rank.estimate >= trial->warn_threshold;
    trial->tolerance_reason = sg_reason_compared(trial, trial->tolerance, trial->rank.estimate,
                                                 trial->rank.bounds.low, trial->rank.bounds.high);
}

/* Clopper-Pearson bounds of the variant's own rate, as the metric counts it. */
static struct sg_interval own_bounds(struct sg_trial *trial, size_t look)
{
    struct sg_count sum = total(trial->counts.variant, sg_family_variants(trial->family, look));
    trial->counts.variant_sum = sum;
    struct sg_interval out;
    out.low = sg_clopper_pearson(sum, part_of(trial, trial->alpha)).low;
    out.high = sg_clopper_pearson(sum, part_of(trial, trial->beta)).high;
    return out;
}

static enum sg_answer limit_look(struct sg_trial *trial, size_t look)
{
    struct sg_interval interval = own_bounds(trial, look);
    double limit = trial->sign > 0 ? trial->gate->limit : 1 - trial->gate->limit;
    enum sg_answer answer = SG_OPEN;
    if (interval.high <= limit)
        answer = SG_GOOD;
    else if (interval.low > limit)
        answer = SG_BAD;
    if (trial->steps)
        sg_text_printf(trial->steps,
                       "  look %zu: %.0f of %.0f; Clopper-Pearson bounds %.6g and %.6g; limit "
                       "%.6g: %s\n",
                       look + 1, trial->counts.variant_sum.events, trial->counts.variant_sum.trials,
                       interval.low, interval.high, limit,
                       answer == SG_OPEN   ? "go on"
                       : answer == SG_GOOD ? "PASS"
                                           : "FAIL");
    return answer;
}

static void limit_finish(struct sg_trial *trial, size_t look)
{
    struct sg_interval interval = own_bounds(trial, look);
    bool turned = trial->sign < 0;
    report_rates(trial);
    trial->out->value_low = turned ? 1 - interval.high : interval.low;
    trial->out->value_high = turned ? 1 - interval.low : interval.high;
    trial->limit_reason =
        sg_reason_limited(trial, trial->limit, sg_family_variants(trial->family, look));
}

static void end(struct sg_trial *trial)
{
    free(trial->counts.reference);
    free(trial->counts.variant);
}

const struct sg_kind sg_kind_count = {.begin = begin,
                                      .unusable = unusable,
                                      .look = look,
                                      .finish = finish,
                                      .limit_look = limit_look,
                                      .limit_finish = limit_finish,
                                      .end = end};
