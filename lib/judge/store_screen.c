/* SPDX-License-Identifier: Apache-2.0 */
/* The screen against stored sessions: pass, fail or neither, from where the new session's median
 * lies among theirs (docs/method.md 4.5). */
#include "judge/store.h"

#include "stats/distributions.h"

#include <math.h>
#include <stdlib.h>

/* What a session of this spread would show with 90 % power. */
static double detectable(const struct sg_store *store, const struct sg_trial *trial, double spread)
{
    double freedom = (double)store->count - 1;
    double constant = sg_t_quantile(1 - trial->alpha, freedom) + sg_t_quantile(0.9, freedom);
    return constant * spread * sqrt(1 + 1 / (double)store->count);
}

static enum sg_answer answer(const struct sg_trial *trial, const struct sg_prediction *p)
{
    if (p->high < trial->threshold * (1 - trial->rank.bias))
        return SG_GOOD;
    /* a baseline so uneven that even an unchanged service could not pass cannot accuse either */
    if (p->p <= trial->alpha && p->estimate >= trial->threshold * (1 + trial->rank.bias) &&
        p->reach <= trial->threshold)
        return SG_BAD;
    return SG_OPEN;
}

/* Takes spread's gamma and reason over. */
static void report(const struct sg_store *store, struct sg_trial *trial, struct sg_spread *spread)
{
    struct sg_result *out = trial->out;
    const struct sg_prediction *best = &spread->best;
    bool is_log = trial->metric->scale == SG_SCALE_LOG;
    double raw_theta = trial->sign * spread->raw.estimate;
    trial->rank.estimate = best->estimate;
    trial->rank.bounds = (struct sg_interval){best->low, best->high};
    out->reference = spread->level;
    out->change_raw = is_log ? expm1(raw_theta) : raw_theta;
    out->noise = best->spread;
    out->noise_raw = spread->raw.spread;
    out->p = trial->gate ? best->p : 2 * fmin(best->p, 1 - best->p);
    double shown = detectable(store, trial, best->spread);
    out->detectable = is_log ? expm1(shown) : shown;
    out->adjusted = spread->gamma_count > 0;
    out->gamma = spread->gamma;
    out->gamma_count = spread->gamma_count;
    out->adjust_reason = spread->raw_reason;
}

enum sg_answer sg_store_spread(const struct sg_store *store, struct sg_trial *trial, char **reason)
{
    struct sg_spread spread;
    *reason = sg_store_measure(store, trial, &spread);
    if (*reason)
        return SG_OPEN;
    report(store, trial, &spread);
    if (!trial->gate || trial->tolerance == SG_NOT_ASKED)
        return SG_OPEN;
    return answer(trial, &spread.best);
}
