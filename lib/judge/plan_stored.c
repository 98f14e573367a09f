/* SPDX-License-Identifier: Apache-2.0 */
/* The stored baseline in a forecast: what one variant alone can expect from it, and whether it pays
 * to ask it first (docs/method.md 4.5). */
#include "judge/plan_parts.h"

#include "stats/distributions.h"

#include <math.h>
#include <stdlib.h>

/* --- One variant against the stored baseline ------------------------------------------------- */

static const struct sg_outlook_gate *outlook_of(const struct sg_outlook *outlook,
                                                const struct sg_metric *metric)
{
    for (size_t i = 0; i < outlook->count; i++) {
        const struct sg_outlook_gate *gate = &outlook->gates[i];
        if (sg_metric_is(metric, gate->metric, gate->of, gate->request))
            return gate;
    }
    return NULL;
}

/* M14 for a metric that is worse by θ: normal medians, t with the sessions' degrees of freedom. */
static double stored_fails(const struct sg_plan_case *c, const struct sg_outlook_gate *gate,
                           size_t sessions, double theta, double *out_found)
{
    double freedom = (double)sessions - 1;
    double margin = gate->relative ? log1p(gate->margin) : gate->margin;
    double error = margin / sg_t_quantile(1 - c->beta, freedom);
    double needed = fmax(c->theta, sg_t_quantile(1 - c->alpha, freedom) * error);
    *out_found = needed + sg_t_quantile(SG_PLAN_ENOUGH, freedom) * error;
    return margin > c->theta ? 0 : sg_t_cdf((theta - needed) / error, freedom);
}

void sg_plan_against_stored(const struct sg_plan_case *c, const struct sg_outlook *outlook,
                            struct sg_forecast_gate *out)
{
    const struct sg_outlook_gate *gate = outlook_of(outlook, c->metric);
    if (!gate || !c->compares || c->metric->scale == SG_SCALE_COUNT ||
        c->metric->scale == SG_SCALE_EXACT)
        return;
    out->known = !isnan(gate->chance);
    out->passes = gate->chance;
    out->fails = NAN;
    out->detectable = NAN;
    out->found = NAN;
    out->worse_fails = NAN;
    out->needs_window = NAN;
    out->needs_tolerance = NAN;
    out->needs_repetitions = 0;
    out->stored_advice = sg_strdup(gate->advice);
    out->unchanged.pass[0] = gate->chance;
    out->noise = gate->between; /* the noise that decides here */
    out->noise_raw = gate->between_raw;
    out->adjusted = gate->adjusted;
    if (!(gate->margin > 0))
        return;
    double found;
    double worse = out->relative ? sg_plan_theta(c->metric, SG_PLAN_WORSE) : NAN;
    out->worse_fails = stored_fails(c, gate, outlook->comparable, worse, &found);
    out->found = out->relative ? sg_plan_worse(c->metric, found) : found;
    out->worse.fail[0] = out->worse_fails;
}

/* --- The stored baseline first --------------------------------------------------------------- */

static void say_stored(struct sg_forecast *out, const struct sg_outlook_gate *gate)
{
    if (!gate->advice)
        return;
    char *label = sg_metric_label(gate->metric, gate->of, gate->request);
    sg_plan_note(out, sg_format("for the stored baseline to pass %s: %s", label, gate->advice));
    free(label);
}

/* With a screen before it, each of the two may pass falsely with half of beta. */
bool sg_plan_look_at_screen(const struct sg_plan_sources *sources, struct sg_forecast *out,
                            struct sg_error *err)
{
    const struct sg_forecast_question *q = sources->question;
    struct sg_outlook outlook = {0};
    struct sg_session ahead = *q->session; /* borrowed */
    if (!q->screen || q->stored_count == 0 || out->alone || out->variants != 2)
        return true;
    ahead.plan.beta /= 2;
    ahead.facts = q->stored[q->stored_count - 1].facts; /* as if on the same machine */
    ahead.facts_count = q->stored[q->stored_count - 1].facts_count;
    if (!sg_judge_outlook(&ahead, q->stored, q->stored_count, &outlook, err))
        return false;
    out->screen = (struct sg_forecast_screen){.asked = true,
                                              .reason = sg_strdup(outlook.reason),
                                              .sessions = outlook.comparable,
                                              .chance = sg_outlook_chance(&outlook)};
    out->screen.worth = out->screen.chance >= SG_PLAN_SCREEN;
    for (size_t g = 0; g < outlook.count && !out->screen.worth; g++)
        say_stored(out, &outlook.gates[g]);
    sg_outlook_clear(&outlook);
    return true;
}

/* What is left of the budget after a screen cuts the schedule of what follows, down to the least
 * repetitions. */
static double longest(const struct sg_forecast *out, const struct sg_plan *plan)
{
    double least = sg_plan_seconds(out, plan->min_repetitions, out->variants);
    double all = out->screen.seconds + out->seconds;
    return isfinite(plan->budget) ? fmin(all, fmax(plan->budget, out->screen.seconds + least))
                                  : all;
}

/* Against what it would take at once, side by side, with the whole of beta. */
void sg_plan_reckon_screen(struct sg_forecast *out, double seconds_at_once,
                           const struct sg_plan *plan)
{
    struct sg_forecast_screen *screen = &out->screen;
    if (!screen->asked)
        return;
    screen->seconds = sg_plan_seconds(out, plan->min_repetitions, 1);
    screen->seconds_saved =
        seconds_at_once - screen->seconds - (1 - screen->chance) * out->seconds_mean;
    if (!screen->worth)
        return;
    out->seconds_mean = seconds_at_once - screen->seconds_saved;
    out->seconds = longest(out, plan);
    out->passes = screen->chance + (1 - screen->chance) * out->passes;
}
