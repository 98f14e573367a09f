/* SPDX-License-Identifier: Apache-2.0 */
/* More sessions, longer sessions or a wider tolerance: which of them would do. */
#include "judge/advice.h"

#include "stats/distributions.h"

#include <math.h>
#include <stdlib.h>

#define ENOUGH 0.9      /* chance of an unchanged service to pass */
#define SESSIONS_MAX 20 /* beyond, one more tells nearly nothing new (M14's factor) */
#define LONGER_MAX 8    /* times as long; nobody waits longer */

static double error_of(double spread, size_t sessions)
{
    return spread * sqrt(1 + 1 / (double)sessions);
}

static double reach_of(double spread, size_t sessions, double beta)
{
    return sg_t_quantile(1 - beta, (double)sessions - 1) * error_of(spread, sessions);
}

double sg_chance(double allowed, double spread, size_t sessions, double beta)
{
    double error = error_of(spread, sessions);
    if (!(error > 0))
        return allowed > 0 ? 1 : 0;
    return sg_t_cdf((allowed - reach_of(spread, sessions, beta)) / error, (double)sessions - 1);
}

/* Sessions to add so that the chance is enough, their spread staying as it is; 0: none would do. */
static size_t sessions_to_add(const struct sg_advice_case *now)
{
    for (size_t j = now->sessions + 1; j <= SESSIONS_MAX; j++)
        if (sg_chance(now->allowed, now->spread, j, now->trial->beta) >= ENOUGH)
            return j - now->sessions;
    return 0;
}

/* How many times as much must be measured in a session: its own noise averages out, what sessions
 * differ by themselves stays. 0: no such number. */
static int times_as_long(const struct sg_advice_case *now)
{
    double own = fmax(now->spread * now->spread - now->sampling, 0);
    for (int times = 2; times <= LONGER_MAX; times *= 2) {
        double spread = sqrt(own + now->sampling / times);
        if (sg_chance(now->allowed, spread, now->sessions, now->trial->beta) >= ENOUGH)
            return times;
    }
    return 0;
}

/* The tolerance (θ) at which the chance is enough. */
static double tolerance_to_do(const struct sg_advice_case *now)
{
    double quantile = sg_t_quantile(ENOUGH, (double)now->sessions - 1);
    double allowed = reach_of(now->spread, now->sessions, now->trial->beta) +
                     quantile * error_of(now->spread, now->sessions);
    return allowed / (1 - now->trial->rank.bias);
}

static char *say_tolerance(const struct sg_advice_case *now)
{
    double needed = tolerance_to_do(now);
    if (!isfinite(needed))
        return sg_strdup("compare side by side");
    char *amount = now->trial->metric->scale == SG_SCALE_LOG
                       ? sg_format("%.1f %%", ceil(expm1(needed) * 1000) / 10)
                       : sg_say_amount(now->trial, needed);
    char *text = sg_format("widen the tolerance to %s", amount);
    free(amount);
    return text;
}

char *sg_advice(const struct sg_advice_case *now)
{
    if (sg_chance(now->allowed, now->spread, now->sessions, now->trial->beta) >= ENOUGH)
        return NULL;
    size_t more = sessions_to_add(now);
    int times = times_as_long(now);
    char *wider = say_tolerance(now);
    char *text;
    if (more > 0)
        text = sg_format("store %zu more session%s, or %s", more, more == 1 ? "" : "s", wider);
    else if (times > 0)
        text = sg_format("measure %d times as long in each session (longer windows, or more "
                         "repetitions), or %s",
                         times, wider);
    else
        text =
            sg_format("sessions differ too much by themselves: %s, or compare side by side", wider);
    free(wider);
    return text;
}

char *sg_advice_hopeless(const struct sg_advice_case *now)
{
    const struct sg_trial *trial = now->trial;
    char *spread = sg_say_amount(trial, now->spread);
    char *allowed = sg_say_amount(trial, now->allowed);
    char *reach = sg_say_amount(trial, reach_of(now->spread, now->sessions, trial->beta));
    char *text = sg_format("the stored sessions differ by %s by themselves, so that with %zu of "
                           "them even a service that measures the same is known to within %s only, "
                           "while %s are tolerated",
                           spread, now->sessions, reach, allowed);
    free(spread);
    free(allowed);
    free(reach);
    return text;
}
