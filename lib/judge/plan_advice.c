/* SPDX-License-Identifier: Apache-2.0 */
/* The forecast in sentences: whether the plan is good, and what would make it so. */
#include "judge/plan_parts.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>

#define WINDOW_MOST 600.0 /* seconds; nobody waits for longer windows */
#define WINDOW_MORE 10.0  /* times as long; beyond, the rule of thumb says nothing */

static void add_advice(struct sg_forecast *forecast, char *sentence)
{
    forecast->advice = sg_grow(forecast->advice, forecast->advice_count, sizeof(*forecast->advice));
    forecast->advice[forecast->advice_count++] = sentence;
}

char *sg_forecast_chance(double chance)
{
    if (isnan(chance))
        return sg_strdup("–");
    if (chance > 0 && chance < 0.005)
        return sg_strdup("<1 %");
    if (chance > 0.995 && chance < 0.99995)
        return sg_strdup(">99 %");
    return sg_format("%.0f %%", 100 * chance);
}

static char *label_of(const struct sg_forecast_gate *gate)
{
    return sg_metric_label(gate->metric, gate->of, gate->request);
}

static char *show_amount(const struct sg_forecast_gate *gate, double value)
{
    return sg_show_by_unit(value, gate->relative ? "ratio" : gate->unit);
}

/* Up to the next whole percent, or two digits of the unit. */
static double round_up(const struct sg_forecast_gate *gate, double value)
{
    double step = gate->relative ? 0.01 : pow(10, floor(log10(value)) - 1);
    return ceil(value / step - 1e-9) * step;
}

/* Up to 5, beyond two minutes to 30 seconds. */
static double round_window(double seconds)
{
    double step = seconds > 120 ? 30 : 5;
    return ceil(seconds / step) * step;
}

/* --- Ways out -------------------------------------------------------------------------------- */

struct ways {
    struct sg_text text;
    size_t count;
};

static void add_way(struct ways *ways, char *way)
{
    sg_text_printf(&ways->text, "%s%s", ways->count++ > 0 ? "; " : "", way);
    free(way);
}

/* A longer window lengthens each repetition: the budget must have room for the same number. */
static void way_window(const struct sg_forecast *f, const struct sg_forecast_gate *gate,
                       struct ways *ways)
{
    double window = round_window(gate->needs_window);
    if (!(window > f->window) || window > WINDOW_MOST || window > WINDOW_MORE * f->window)
        return;
    struct sg_forecast longer = *f;
    longer.repetition_seconds += window - f->window;
    int most = sg_looks_repetitions(&f->looks, f->looks.count - 1);
    char *shown = sg_show_duration(window);
    char *whole = sg_show_duration(ceil(sg_plan_seconds(&longer, most, f->variants) / 60) * 60);
    add_way(ways, sg_format("measure %s (then a budget of %s)", shown, whole));
    free(shown);
    free(whole);
}

static void way_tolerance(const struct sg_forecast_gate *gate, struct ways *ways)
{
    if (!isfinite(gate->needs_tolerance))
        return;
    char *shown = show_amount(gate, round_up(gate, gate->needs_tolerance));
    add_way(ways, sg_format("tolerance %s", shown));
    free(shown);
}

static void way_repetitions(const struct sg_forecast *f, const struct sg_forecast_gate *gate,
                            struct ways *ways)
{
    if (gate->needs_repetitions == 0)
        return;
    double seconds = sg_plan_seconds(f, gate->needs_repetitions, f->variants);
    char *whole = sg_show_duration(ceil(seconds / 60) * 60);
    add_way(ways, sg_format("repetitions up to %d (with a budget of %s)", gate->needs_repetitions,
                            whole));
    free(whole);
}

static void say_noise(const struct sg_forecast_gate *gate, struct sg_text *out)
{
    char *label = label_of(gate);
    sg_text_add(out, label);
    if (isfinite(gate->noise) && isfinite(gate->tolerance)) {
        char *noise = show_amount(gate, gate->noise);
        char *tolerance = show_amount(gate, gate->tolerance);
        sg_text_printf(out, ": its noise of %s is too high for a tolerance of %s", noise,
                       tolerance);
        if (gate->bias > 0.1)
            sg_text_printf(out, " (of which coupling takes %.0f %%)", 100 * gate->bias);
        free(noise);
        free(tolerance);
    } else if (isfinite(gate->limit)) {
        char *limit = sg_show_by_unit(gate->limit, gate->unit);
        sg_text_printf(out, ": it is too near its limit of %s", limit);
        free(limit);
    } else {
        sg_text_add(out, ": it is too noisy");
    }
    free(label);
}

static void say_ways(const struct sg_forecast *f, const struct sg_forecast_gate *gate,
                     struct sg_text *out)
{
    struct ways ways = {0};
    if (gate->stored_advice) {
        sg_text_printf(out, "; %s.", gate->stored_advice);
        return;
    }
    way_repetitions(f, gate, &ways);
    way_window(f, gate, &ways);
    way_tolerance(gate, &ways);
    add_way(&ways, sg_strdup("drop the gate"));
    sg_text_printf(out, ". Do one of: %s.", ways.text.data);
    sg_text_free(&ways.text);
}

static void advise_gate(struct sg_forecast *f, const struct sg_forecast_gate *gate)
{
    struct sg_text text = {0};
    char *chance = sg_forecast_chance(gate->passes);
    say_noise(gate, &text);
    sg_text_printf(&text, ", an unchanged service would pass in %s of sessions", chance);
    say_ways(f, gate, &text);
    free(chance);
    add_advice(f, sg_text_take(&text));
}

/* The worst first. */
static void advise_gates(struct sg_forecast *f)
{
    double done = -1;
    for (;;) {
        double worst = SG_PLAN_GOOD;
        for (size_t g = 0; g < f->gates_count; g++)
            if (f->gates[g].known && f->gates[g].passes > done && f->gates[g].passes < worst)
                worst = f->gates[g].passes;
        if (worst >= SG_PLAN_GOOD)
            return;
        for (size_t g = 0; g < f->gates_count; g++)
            if (f->gates[g].known && f->gates[g].passes > done && f->gates[g].passes <= worst)
                advise_gate(f, &f->gates[g]);
        done = worst;
    }
}

static void advise_unknown(struct sg_forecast *f)
{
    struct sg_text names = {0};
    for (size_t g = 0; g < f->gates_count; g++) {
        if (f->gates[g].known)
            continue;
        char *label = label_of(&f->gates[g]);
        sg_text_printf(&names, "%s%s", names.size > 0 ? ", " : "", label);
        free(label);
    }
    if (names.size > 0 && f->source != SG_NOISE_ASSUMED)
        add_advice(f, sg_format("%s: not measured then, so nothing is known of its noise; measure "
                                "once with this configuration and give the bundle with --from.",
                                names.data));
    sg_text_free(&names);
}

static void advise_together(struct sg_forecast *f)
{
    bool alone_good = true;
    for (size_t g = 0; g < f->gates_count; g++)
        alone_good = alone_good && (!f->gates[g].known || f->gates[g].passes >= SG_PLAN_GOOD);
    if (alone_good && f->passes < SG_PLAN_GOOD_TOGETHER)
        add_advice(f, sg_format("each of the %zu gates mostly passes, all together seldom: gate "
                                "fewer metrics, those without a gate are shown all the same.",
                                f->gates_count));
}

/* --- The verdict ----------------------------------------------------------------------------- */

struct tally {
    size_t unknown, seldom;              /* gates */
    const struct sg_forecast_gate *last; /* of those that pass too seldom */
};

static struct tally count_gates(const struct sg_forecast *f)
{
    struct tally tally = {0};
    for (size_t g = 0; g < f->gates_count; g++) {
        tally.unknown += !f->gates[g].known;
        if (f->gates[g].known && f->gates[g].passes < SG_PLAN_GOOD) {
            tally.seldom++;
            tally.last = &f->gates[g];
        }
    }
    return tally;
}

static char *good_verdict(const struct sg_forecast *f)
{
    char *mean = sg_show_duration(60 * ceil(f->seconds_mean / 60));
    char *chance = sg_forecast_chance(f->passes);
    char *out = sg_format("this plan is good: an unchanged service passes in %s of sessions, "
                          "after %s on average",
                          chance, mean);
    free(mean);
    free(chance);
    return out;
}

static char *poor_verdict(const struct sg_forecast *f)
{
    char *chance = sg_forecast_chance(f->passes);
    char *out = sg_format("this plan will mostly end inconclusive: an unchanged service would "
                          "pass in %s of sessions",
                          chance);
    free(chance);
    return out;
}

static char *one_verdict(const struct sg_forecast_gate *gate)
{
    char *label = label_of(gate);
    char *chance = sg_forecast_chance(gate->passes);
    char *out = sg_format("this plan will often end inconclusive: %s would pass an unchanged "
                          "service in %s of sessions",
                          label, chance);
    free(label);
    free(chance);
    return out;
}

static char *verdict(const struct sg_forecast *f)
{
    struct tally tally = count_gates(f);
    if (f->source == SG_NOISE_ASSUMED && f->alone)
        return sg_strdup("one variant, and no stored session to compare it with");
    if (f->source == SG_NOISE_ASSUMED)
        return sg_strdup("nothing was measured yet, so this plan cannot be judged; here is what "
                         "some noises would mean");
    if (f->good)
        return good_verdict(f);
    if (f->passes < SG_PLAN_GOOD_TOGETHER)
        return poor_verdict(f);
    if (tally.seldom == 1)
        return one_verdict(tally.last);
    if (tally.seldom > 1)
        return sg_format("this plan will often end inconclusive: %zu of %zu gates would pass an "
                         "unchanged service too seldom",
                         tally.seldom, f->gates_count);
    return sg_format("nothing is known about the noise of %zu of %zu gates", tally.unknown,
                     f->gates_count);
}

static void advise_source(struct sg_forecast *f)
{
    if (f->source != SG_NOISE_ASSUMED)
        return;
    add_advice(f, sg_strdup(f->alone ? "store sessions with svcgate baseline save: four are the "
                                       "least that can tell how much sessions differ."
                                     : "measure once with svcgate run and give its bundle with "
                                       "--from."));
}

void sg_plan_advise(struct sg_forecast *forecast)
{
    forecast->verdict = verdict(forecast);
    advise_source(forecast);
    advise_gates(forecast);
    advise_together(forecast);
    advise_unknown(forecast);
}
