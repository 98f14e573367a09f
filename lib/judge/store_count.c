/* SPDX-License-Identifier: Apache-2.0 */
/* Counts and exact values against stored sessions. */
#include "judge/store.h"

#include "stats/exact.h"

#include <math.h>
#include <stdlib.h>

#define RISE_DEFAULT 0.001

static int part(const struct sg_sample *sample, const struct sg_metric *metric, const char *name)
{
    if (!name)
        return -1;
    int found = sg_session_find_metric(sample->session, name, metric->of, metric->request);
    return found >= 0 ? found : sg_session_find_metric(sample->session, name, NULL, NULL);
}

/* Sum over a sample's repetitions; false when one is missing or impossible. */
static bool add_up(const struct sg_sample *sample, const struct sg_trial *trial,
                   struct sg_count *out, size_t *seen)
{
    int events = part(sample, trial->metric, trial->metric->events);
    int trials = part(sample, trial->metric, trial->metric->trials);
    *out = (struct sg_count){0, 0};
    *seen = 0;
    for (size_t i = 0; i < sample->count; i++) {
        double x = round(sg_sample_value(sample, i, events));
        double n = round(sg_sample_value(sample, i, trials));
        if (!(n > 0 && x >= 0 && x <= n && isfinite(n)))
            return false;
        x = trial->sign < 0 ? n - x : x;
        out->events += x;
        out->trials += n;
        *seen += x > 0;
    }
    return true;
}

static double rate(struct sg_count count)
{
    return count.events / count.trials;
}

static void set_threshold(struct sg_trial *trial)
{
    double floor = isnan(trial->gate->floor) ? 0 : trial->gate->floor;
    double tolerance = trial->gate->tolerance;
    if (isnan(tolerance))
        tolerance = floor > 0 ? 0 : RISE_DEFAULT;
    trial->threshold = fmax(tolerance, floor);
    trial->warn_threshold = isnan(trial->gate->warn) ? NAN : fmax(trial->gate->warn, floor);
}

/* Both must agree: the exact tests on all counts together, and the spread between sessions. */
static enum sg_answer judge_counts(struct sg_trial *trial, struct sg_count now,
                                   struct sg_count then, size_t seen,
                                   const struct sg_prediction *spread)
{
    double low = sg_miettinen_nurminen(now, then, trial->alpha).low;
    double high = sg_miettinen_nurminen(now, then, trial->beta).high;
    trial->rank.estimate = spread->estimate;
    trial->rank.bounds = (struct sg_interval){fmin(low, spread->low), fmax(high, spread->high)};
    double fisher = sg_fisher_greater(now, then);
    trial->out->p = fmax(fisher, spread->p);
    if (!trial->gate || trial->tolerance == SG_NOT_ASKED)
        return SG_OPEN;
    if (trial->rank.bounds.high < trial->threshold)
        return SG_GOOD;
    if (trial->out->p <= trial->alpha && seen >= 2 && spread->estimate >= trial->threshold &&
        rate(now) - rate(then) >= trial->threshold)
        return SG_BAD;
    return SG_OPEN;
}

enum sg_answer sg_store_counts(const struct sg_store *store, struct sg_trial *trial, char **reason)
{
    struct sg_count now;
    struct sg_count all = {0, 0};
    size_t seen;
    size_t ignored;
    double *rates = sg_alloc(store->count + 1, sizeof(*rates));
    bool ok = true;
    for (size_t j = 0; ok && j < store->count; j++) {
        struct sg_count one;
        ok = add_up(&store->then[j], trial, &one, &ignored);
        all.events += one.events;
        all.trials += one.trials;
        rates[j] = rate(one);
    }
    ok = ok && add_up(&store->now, trial, &now, &seen);
    enum sg_answer answer = SG_OPEN;
    if (ok) {
        if (trial->gate)
            set_threshold(trial);
        struct sg_prediction spread =
            sg_predict(rates, store->count, rate(now), trial->alpha, trial->beta);
        answer = judge_counts(trial, now, all, seen, &spread);
        bool turned = trial->sign < 0;
        trial->out->reference = turned ? 1 - rate(all) : rate(all);
        trial->out->value = turned ? 1 - rate(now) : rate(now);
        trial->out->noise = trial->out->noise_raw = spread.spread;
    } else {
        *reason = sg_format("the counts of %s are missing or impossible in a repetition",
                            trial->metric->name);
    }
    free(rates);
    return answer;
}

void sg_store_rate_bounds(const struct sg_store *store, const struct sg_trial *trial, double *low,
                          double *high)
{
    struct sg_count now;
    size_t seen;
    *low = *high = NAN;
    if (!add_up(&store->now, trial, &now, &seen))
        return;
    bool turned = trial->sign < 0; /* the rate of misses is 1 − rate: worse upwards from −1 */
    *low = sg_clopper_pearson(now, trial->alpha).low - turned;
    *high = sg_clopper_pearson(now, trial->beta).high - turned;
}

static bool widen(const struct sg_sample *sample, const struct sg_trial *trial,
                  struct sg_interval *range)
{
    int metric = sg_sample_metric(sample, trial->metric);
    for (size_t i = 0; i < sample->count; i++) {
        double value = trial->sign * sg_sample_value(sample, i, metric);
        if (!isfinite(value))
            return false;
        range->low = fmin(range->low, value);
        range->high = fmax(range->high, value);
    }
    return true;
}

enum sg_answer sg_store_exact(const struct sg_store *store, struct sg_trial *trial, char **reason)
{
    struct sg_interval now = {INFINITY, -INFINITY};
    struct sg_interval then = {INFINITY, -INFINITY};
    bool ok = widen(&store->now, trial, &now);
    for (size_t j = 0; ok && j < store->count; j++)
        ok = widen(&store->then[j], trial, &then);
    if (!ok) {
        *reason = sg_format("%s is missing in a repetition", trial->metric->name);
        return SG_OPEN;
    }
    double middle = (then.low + then.high) / 2;
    trial->out->reference = trial->sign * middle;
    trial->rank.estimate = (now.low + now.high) / 2 - middle;
    trial->rank.bounds = (struct sg_interval){now.low - then.high, now.high - then.low};
    if (!trial->gate || trial->tolerance == SG_NOT_ASKED)
        return SG_OPEN;
    double tolerance = isnan(trial->gate->tolerance) ? 0 : trial->gate->tolerance;
    double floor = isnan(trial->gate->floor) ? 0 : trial->gate->floor;
    trial->threshold = fmax(tolerance * fabs(middle), floor);
    trial->warn_threshold = NAN;
    if (trial->rank.bounds.high <= trial->threshold)
        return SG_GOOD;
    return trial->rank.bounds.low > trial->threshold ? SG_BAD : SG_OPEN;
}
