/* SPDX-License-Identifier: Apache-2.0 */
/* What it takes to find a wanted change: repetitions and time, else noise, window or tolerance. */
#include "judge/plan_parts.h"

#include <math.h>

static double fails(const struct sg_plan_case *c, double theta)
{
    struct sg_outcome outcome;
    struct sg_looks looks = sg_plan_looks(c, c->last, false);
    sg_plan_outcome(c, theta, &outcome);
    return sg_power_fails(&looks, &outcome);
}

/* The largest value of `*knob` in `c` (from 0 up to what it is now) with which the change is found;
 * NaN where none is. */
static double turn_down(struct sg_plan_case *c, double *knob, double theta)
{
    double low = *knob / 1000;
    double high = *knob;
    *knob = low;
    if (fails(c, theta) < SG_PLAN_ENOUGH)
        return NAN;
    while (high - low > 1e-3 * high) {
        *knob = (low + high) / 2;
        if (fails(c, theta) < SG_PLAN_ENOUGH)
            high = *knob;
        else
            low = *knob;
    }
    return low;
}

/* With the longest schedule there is: less noise, a narrower tolerance, or where neither does it
 * alone both, the tolerance half the change. */
static void find_other_ways(const struct sg_plan_case *c, const struct sg_forecast *forecast,
                            double theta, struct sg_forecast_change *out)
{
    struct sg_plan_case quiet = *c;
    struct sg_plan_case strict = *c;
    quiet.last = SG_POWER_LOOKS;
    strict.last = SG_POWER_LOOKS;
    out->noise = turn_down(&quiet, &quiet.noise.used, theta);
    out->tolerance = expm1(turn_down(&strict, &strict.theta, theta));
    if (isnan(out->noise) && isnan(out->tolerance)) {
        out->both = true;
        quiet = *c;
        quiet.last = SG_POWER_LOOKS;
        quiet.theta = fmin(theta / 2, c->theta);
        out->noise = turn_down(&quiet, &quiet.noise.used, theta);
        out->tolerance = expm1(quiet.theta);
    }
    out->window = forecast->window * pow(c->noise.used / out->noise, 2);
}

void sg_plan_change(const struct sg_plan_case *c, const struct sg_forecast *forecast, double worse,
                    struct sg_forecast_change *out)
{
    *out = (struct sg_forecast_change){.change = worse,
                                       .chance = NAN,
                                       .mean = NAN,
                                       .seconds_mean = NAN,
                                       .seconds = NAN,
                                       .noise = NAN,
                                       .window = NAN,
                                       .tolerance = NAN};
    if (c->metric->scale != SG_SCALE_LOG || !c->compares || !sg_plan_known(c))
        return;
    double theta = sg_plan_theta(c->metric, worse);
    out->chance = fails(c, theta);
    struct sg_plan_case tried = *c;
    for (tried.last = c->first; tried.last <= SG_POWER_LOOKS; tried.last++) {
        if (fails(&tried, theta) < SG_PLAN_ENOUGH)
            continue;
        struct sg_outcome outcome;
        struct sg_looks looks = sg_plan_looks(&tried, tried.last, false);
        sg_plan_outcome(&tried, theta, &outcome);
        out->repetitions = (int)tried.last * SG_BLOCK_SIDE;
        out->mean = sg_power_repetitions(&looks, &outcome);
        out->seconds_mean = sg_plan_seconds(forecast, out->mean, forecast->variants);
        out->seconds = sg_plan_seconds(forecast, out->repetitions, forecast->variants);
        return;
    }
    find_other_ways(c, forecast, theta, out);
}
