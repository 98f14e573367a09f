/* SPDX-License-Identifier: Apache-2.0 */
/* One gate before any data: its chances at each look, what it finds, what it would need. */
#include "judge/plan_parts.h"

#include "base/text.h"
#include "stats/distributions.h"

#include <math.h>

#define RISE_DEFAULT 0.001     /* of counts, as they are judged: a tenth of a percentage point */
#define TOLERANCE_DEFAULT 0.05 /* of ratios */

double sg_plan_theta(const struct sg_metric *metric, double worse)
{
    return metric->better == SG_HIGHER ? -log1p(-worse) : log1p(worse);
}

double sg_plan_worse(const struct sg_metric *metric, double theta)
{
    return metric->better == SG_HIGHER ? -expm1(-theta) : expm1(theta);
}

/* --- The case -------------------------------------------------------------------------------- */

static double theta_of(const struct sg_gate *gate, const struct sg_metric *metric, double level)
{
    double floor = isnan(gate->floor) ? 0 : gate->floor;
    double tolerance = gate->tolerance;
    if (metric->scale == SG_SCALE_COUNT && isnan(tolerance))
        tolerance = floor > 0 ? 0 : RISE_DEFAULT;
    if (metric->scale != SG_SCALE_LOG)
        return fmax(isnan(tolerance) ? 0 : tolerance, floor);
    if (isnan(tolerance))
        tolerance = TOLERANCE_DEFAULT;
    return log1p(level > 0 ? fmax(tolerance, floor / level) : tolerance);
}

void sg_plan_case_init(struct sg_plan_case *c, const struct sg_session *session,
                       const struct sg_gate_case *asked, const struct sg_plan_noise *noise)
{
    const struct sg_metric *metric = &session->metrics[asked->metric];
    const struct sg_plan *plan = &session->plan;
    *c = (struct sg_plan_case){.gate = asked->gate, .metric = metric, .noise = *noise};
    c->compares = sg_gate_compares(asked->gate, metric->scale);
    c->limits = sg_gate_limits(asked->gate);
    c->alpha = c->compares && c->limits ? asked->alpha / 2 : asked->alpha;
    c->beta = asked->beta;
    c->theta = c->compares ? theta_of(asked->gate, metric, noise->level) : NAN;
    c->first = (size_t)((plan->min_repetitions + SG_BLOCK_SIDE - 1) / SG_BLOCK_SIDE);
    c->last = (size_t)(plan->max_repetitions / SG_BLOCK_SIDE);
}

struct sg_looks sg_plan_looks(const struct sg_plan_case *c, size_t last, bool signs)
{
    struct sg_looks looks;
    sg_looks_init(&looks, c->first, last, c->alpha, c->beta, signs);
    return looks;
}

bool sg_plan_known(const struct sg_plan_case *c)
{
    if (c->metric->scale == SG_SCALE_EXACT)
        return true;
    if (c->metric->scale == SG_SCALE_COUNT)
        return c->noise.trials > 0;
    bool compared = !c->compares || isfinite(c->noise.used);
    return compared && (!c->limits || isfinite(c->noise.spread));
}

/* --- Chances --------------------------------------------------------------------------------- */

static double in_sds(double value, double sd)
{
    return sd > 0 ? value / sd : value > 0 ? 16 : 0;
}

static struct sg_effect effect_of(const struct sg_plan_case *c, double theta)
{
    double threshold = in_sds(c->theta, c->noise.used);
    return (struct sg_effect){.shift = in_sds(theta, c->noise.used),
                              .pass = threshold * (1 - c->noise.bias),
                              .fail = threshold * (1 + c->noise.bias)};
}

/* That one repetition stays within the limit when the metric is worse by θ. */
static double within_limit(const struct sg_plan_case *c, double theta)
{
    double sign = c->metric->better == SG_HIGHER ? -1 : 1;
    bool log_scale = c->metric->scale == SG_SCALE_LOG;
    double limit = log_scale ? log(c->gate->limit) : c->gate->limit;
    double level = log_scale ? log(c->noise.level) : c->noise.level;
    double room = sign * (limit - level) - theta;
    if (c->noise.spread > 0)
        return sg_normal_cdf(room / c->noise.spread);
    return room >= 0 ? 1 : 0;
}

static void exact_outcome(const struct sg_looks *looks, struct sg_outcome *out)
{
    for (size_t look = 0; look < looks->count; look++)
        out->pass[look] = 1;
}

static void outcome_at(const struct sg_plan_case *c, size_t last, double theta,
                       struct sg_outcome *out)
{
    struct sg_looks looks = sg_plan_looks(c, last, false);
    *out = (struct sg_outcome){0};
    if (c->metric->scale == SG_SCALE_COUNT) {
        sg_plan_count_outcome(c, &looks, out);
        return;
    }
    if (c->metric->scale == SG_SCALE_EXACT || !c->compares)
        exact_outcome(&looks, out);
    else
        sg_power_ranks(&looks, effect_of(c, theta), out);
    if (c->limits && c->metric->scale != SG_SCALE_EXACT) {
        struct sg_outcome limited;
        struct sg_looks signs = sg_plan_looks(c, last, true);
        sg_power_signs(&signs, within_limit(c, theta), &limited);
        sg_power_join(&signs, &limited, out);
    }
}

void sg_plan_outcome(const struct sg_plan_case *c, double theta, struct sg_outcome *out)
{
    outcome_at(c, c->last, theta, out);
}

/* --- Found, needed --------------------------------------------------------------------------- */

static void find_changes(const struct sg_plan_case *c, struct sg_forecast_gate *out)
{
    struct sg_looks looks = sg_plan_looks(c, c->last, false);
    if (!c->compares || c->metric->scale == SG_SCALE_EXACT)
        return;
    if (c->metric->scale == SG_SCALE_COUNT) {
        out->detectable = sg_plan_count_found(c, &looks, false);
        out->found = sg_plan_count_found(c, &looks, true);
        return;
    }
    double sd = c->noise.used;
    double seen = sg_power_detectable(&looks, looks.count - 1) * sd;
    double found = sd > 0
                       ? sg_power_found(&looks, c->theta / sd, c->noise.bias, SG_PLAN_ENOUGH) * sd
                       : c->theta;
    out->detectable = out->relative ? sg_plan_worse(c->metric, seen) : seen;
    out->found = out->relative ? sg_plan_worse(c->metric, found) : found;
}

static double passes_with(const struct sg_plan_case *c, size_t last)
{
    struct sg_outcome outcome;
    struct sg_looks looks = sg_plan_looks(c, last, false);
    outcome_at(c, last, 0, &outcome);
    return sg_power_passes(&looks, &outcome);
}

/* What would let an unchanged service pass in nine of ten sessions. A limit that is too near is no
 * matter of noise alone: only the comparison is helped. */
static void find_needs(const struct sg_plan_case *c, double window, struct sg_forecast_gate *out)
{
    if (c->metric->scale == SG_SCALE_EXACT || out->passes >= SG_PLAN_ENOUGH)
        return;
    for (size_t last = c->last + 1; last <= SG_POWER_LOOKS && out->needs_repetitions == 0; last++)
        if (passes_with(c, last) >= SG_PLAN_ENOUGH)
            out->needs_repetitions = (int)last * SG_BLOCK_SIDE;
    if (!c->compares || c->metric->scale == SG_SCALE_COUNT || c->limits)
        return;
    struct sg_looks looks = sg_plan_looks(c, c->last, false);
    double least = sg_power_tolerance(&looks, c->noise.bias, SG_PLAN_ENOUGH);
    double theta = least * c->noise.used;
    out->needs_tolerance = out->relative ? expm1(theta) : theta;
    if (c->theta > 0)
        out->needs_window = window * pow(theta / c->theta, 2);
}

static void describe(const struct sg_plan_case *c, struct sg_forecast_gate *out)
{
    const struct sg_metric *m = c->metric;
    *out = (struct sg_forecast_gate){.metric = sg_strdup(m->name),
                                     .of = sg_strdup(m->of),
                                     .request = sg_strdup(m->request),
                                     .unit = sg_strdup(m->unit),
                                     .scale = m->scale,
                                     .relative = m->scale == SG_SCALE_LOG,
                                     .higher_is_better = m->better == SG_HIGHER,
                                     .adjusted = c->noise.adjusted,
                                     .noise = c->noise.used,
                                     .noise_raw = c->noise.raw,
                                     .level = c->noise.level,
                                     .rate = c->noise.rate,
                                     .trials = c->noise.trials,
                                     .bias = c->noise.bias,
                                     .limit = c->gate->limit,
                                     .passes = NAN,
                                     .fails = NAN,
                                     .repetitions = NAN,
                                     .worse_fails = NAN,
                                     .worse_repetitions = NAN,
                                     .detectable = NAN,
                                     .found = NAN,
                                     .needs_window = NAN,
                                     .needs_tolerance = NAN};
    out->alpha = c->compares && c->limits ? 2 * c->alpha : c->alpha;
    out->tolerance = out->relative ? expm1(c->theta) : c->theta;
}

void sg_plan_gate(const struct sg_plan_case *c, double window, struct sg_forecast_gate *out)
{
    describe(c, out);
    out->known = sg_plan_known(c);
    if (!out->known)
        return;
    struct sg_looks looks = sg_plan_looks(c, c->last, false);
    sg_plan_outcome(c, 0, &out->unchanged);
    out->passes = sg_power_passes(&looks, &out->unchanged);
    out->fails = sg_power_fails(&looks, &out->unchanged);
    out->repetitions = sg_power_repetitions(&looks, &out->unchanged);
    if (out->relative) {
        sg_plan_outcome(c, sg_plan_theta(c->metric, SG_PLAN_WORSE), &out->worse);
        out->worse_fails = sg_power_fails(&looks, &out->worse);
        out->worse_repetitions = sg_power_repetitions(&looks, &out->worse);
    }
    find_changes(c, out);
    find_needs(c, window, out);
}
