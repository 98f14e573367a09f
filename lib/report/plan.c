/* SPDX-License-Identifier: Apache-2.0 */
/* The plan's formats, and what those for people share. */
#include "report/plan_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/show.h"

static const struct sg_plan_format formats[] = {
    {"text", sg_plan_write_text},
    {"md", sg_plan_write_markdown},
    {"json", sg_plan_write_json},
};

const struct sg_plan_format *sg_plan_format(const char *name, struct sg_error *err)
{
    if (sg_streq(name, "markdown"))
        name = "md";
    for (size_t i = 0; i < SG_COUNT(formats); i++)
        if (sg_streq(name, formats[i].name))
            return &formats[i];
    (void)sg_fail(err, SG_ERROR_CONFIG, "unknown format \"%s\": a plan knows text, md and json",
                  name);
    return NULL;
}

enum sg_state sg_plan_gate_state(const struct sg_forecast_gate *gate)
{
    return gate->known && gate->passes >= SG_PLAN_GOOD ? SG_STATE_PASS : SG_STATE_INCONCLUSIVE;
}

enum sg_state sg_plan_state(const struct sg_forecast *forecast)
{
    return forecast->good ? SG_STATE_PASS : SG_STATE_INCONCLUSIVE;
}

/* --- Numbers --------------------------------------------------------------------------------- */

/* "100 % in 7.7": a chance, and the repetitions that it takes on average. */
static char *show_course(double chance, double repetitions)
{
    char *shown = sg_forecast_chance(chance);
    char *course = isnan(chance) || isnan(repetitions)
                       ? sg_strdup(shown)
                       : sg_format("%s in %.1f", shown, repetitions);
    free(shown);
    return course;
}

static char *show_amount(const struct sg_forecast_gate *gate, double value)
{
    const struct sg_result like = {
        .relative = gate->relative, .unit = gate->unit, .tolerance = value, .limit = NAN};
    return sg_show_tolerance_alone(&like);
}

/* Whole minutes are all that a forecast is worth. */
static char *show_time(double seconds)
{
    if (!isfinite(seconds))
        return sg_strdup(SG_DASH);
    return sg_show_duration(seconds < 60 ? ceil(seconds) : 60 * ceil(seconds / 60));
}

static char *show_noise(const struct sg_forecast_gate *gate)
{
    if (gate->scale == SG_SCALE_EXACT)
        return sg_strdup("none");
    if (gate->scale == SG_SCALE_COUNT)
        return sg_strdup("counts");
    char *used = show_amount(gate, gate->noise);
    char *raw = show_amount(gate, gate->noise_raw);
    char *both = gate->adjusted && isfinite(gate->noise_raw) ? sg_format("%s → %s", raw, used)
                                                             : sg_strdup(used);
    free(used);
    free(raw);
    return both;
}

static char *show_tolerance(const struct sg_forecast_gate *gate)
{
    const struct sg_result like = {.relative = gate->relative,
                                   .unit = gate->unit,
                                   .tolerance = gate->tolerance,
                                   .limit = gate->limit};
    return sg_show_tolerance(&like);
}

/* --- Tables ---------------------------------------------------------------------------------- */

static void add_heads(struct sg_table *table, const char *const *heads, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sg_table_text(table, heads[i]);
}

void sg_plan_gates_table(const struct sg_forecast *forecast, struct sg_table *table)
{
    static const char *const heads[] = {"gate",        "noise", "tolerance", "unchanged passes",
                                        "+10 % fails", "finds"};
    sg_table_init(table, "lrlrrr");
    add_heads(table, heads, SG_COUNT(heads));
    for (size_t g = 0; g < forecast->gates_count; g++) {
        const struct sg_forecast_gate *gate = &forecast->gates[g];
        sg_table_take(table, sg_metric_label(gate->metric, gate->of, gate->request));
        sg_table_take(table, show_noise(gate));
        sg_table_take(table, show_tolerance(gate));
        sg_table_take(table, show_course(gate->passes, gate->repetitions));
        sg_table_take(table, show_course(gate->worse_fails, gate->worse_repetitions));
        sg_table_take(table, show_amount(gate, gate->found));
    }
}

/* "noise 2.1 % (windows of 3m), or tolerance 7 %" */
static char *show_ways(const struct sg_forecast *forecast, const struct sg_forecast_change *change)
{
    struct sg_text text = {0};
    if (isnan(change->chance) || change->repetitions > 0)
        return sg_strdup(SG_DASH);
    if (isfinite(change->noise)) {
        char *noise = sg_show_by_unit(change->noise, "ratio");
        sg_text_printf(&text, "noise %s", noise);
        if (change->window > forecast->window) {
            char *window = sg_show_duration(5 * ceil(change->window / 5));
            sg_text_printf(&text, " (windows of %s)", window);
            free(window);
        }
        free(noise);
    }
    if (isfinite(change->tolerance)) {
        double step = change->tolerance >= 0.01 ? 0.01 : 0.001;
        double rounded = step * floor(change->tolerance / step);
        char *tolerance = sg_show_by_unit(rounded, "ratio");
        sg_text_printf(&text, "%stolerance %s",
                       text.size == 0 ? ""
                       : change->both ? " and "
                                      : ", or ",
                       tolerance);
        free(tolerance);
    }
    return text.size > 0 ? sg_text_take(&text) : sg_strdup("more than that");
}

void sg_plan_change_table(const struct sg_forecast *forecast, size_t change, struct sg_table *table)
{
    static const char *const heads[] = {"gate",       "this plan", "repetitions",
                                        "on average", "at most",   "else needs"};
    sg_table_init(table, "lrrrrl");
    add_heads(table, heads, SG_COUNT(heads));
    for (size_t g = 0; g < forecast->gates_count; g++) {
        const struct sg_forecast_gate *gate = &forecast->gates[g];
        const struct sg_forecast_change *c = &gate->changes[change];
        if (isnan(c->chance))
            continue;
        sg_table_take(table, sg_metric_label(gate->metric, gate->of, gate->request));
        sg_table_take(table, sg_forecast_chance(c->chance));
        sg_table_take(table,
                      c->repetitions > 0 ? sg_format("%d", c->repetitions) : sg_strdup("above 30"));
        sg_table_take(table, show_time(c->seconds_mean));
        sg_table_take(table, show_time(c->seconds));
        sg_table_take(table, show_ways(forecast, c));
    }
}

static bool belong_together(const struct sg_forecast_assumed *a,
                            const struct sg_forecast_assumed *b)
{
    return sg_streq(a->gates, b->gates);
}

size_t sg_plan_assumed_table(const struct sg_forecast *forecast, size_t from,
                             struct sg_table *table)
{
    static const char *const heads[] = {"if its noise is", "unchanged passes", "+10 % fails",
                                        "finds"};
    size_t i = from;
    sg_table_init(table, "rrrr");
    add_heads(table, heads, SG_COUNT(heads));
    for (; i < forecast->assumed_count &&
           belong_together(&forecast->assumed[i], &forecast->assumed[from]);
         i++) {
        const struct sg_forecast_assumed *row = &forecast->assumed[i];
        sg_table_take(table, sg_show_by_unit(row->noise, "ratio"));
        sg_table_take(table, show_course(row->passes, row->repetitions));
        sg_table_take(table, show_course(row->worse_fails, NAN));
        sg_table_take(table, isfinite(row->found) ? sg_show_by_unit(row->found, "ratio")
                                                  : sg_strdup(SG_DASH));
    }
    return i;
}

/* --- Lines ----------------------------------------------------------------------------------- */

char *sg_plan_say_legend(const struct sg_forecast *forecast)
{
    return sg_format("Noise: SD of one %s, raw → with the host's part taken out. Unchanged passes, "
                     "+10 %% fails: the chance, and the repetitions of each variant that it takes "
                     "on average. Finds: the least change for the worse that fails in 90 %% of "
                     "sessions.",
                     forecast->alone ? "session's median" : "repetition inside a block");
}

char *sg_plan_say_schedule(const struct sg_forecast *forecast)
{
    struct sg_text text = {0};
    char *each = sg_show_duration(forecast->repetition_seconds);
    char *alpha = sg_show_by_unit(forecast->alpha, "ratio");
    char *beta = sg_show_by_unit(forecast->beta, "ratio");
    if (forecast->alone)
        sg_text_printf(&text, "One variant against the stored baseline, %d repetitions of %s; ",
                       sg_looks_repetitions(&forecast->looks, 0), each);
    else
        sg_text_printf(&text, "%zu variants side by side, looks at ", forecast->variants);
    for (size_t look = 0; !forecast->alone && look < forecast->looks.count; look++)
        sg_text_printf(&text, "%s%d", look > 0 ? ", " : "",
                       sg_looks_repetitions(&forecast->looks, look));
    if (!forecast->alone)
        sg_text_printf(&text, " repetitions of each, %s a repetition%s; ", each,
                       forecast->sliced ? " in sliced blocks" : "");
    sg_text_printf(&text, "alpha %s, beta %s.", alpha, beta);
    free(each);
    free(alpha);
    free(beta);
    return sg_text_take(&text);
}

char *sg_plan_say_noise(const struct sg_forecast *forecast)
{
    if (forecast->source == SG_NOISE_ASSUMED)
        return NULL;
    return sg_format("Noise as in %s.", forecast->about);
}

char *sg_plan_say_together(const struct sg_forecast *forecast)
{
    struct sg_text text = {0};
    if (forecast->source == SG_NOISE_ASSUMED)
        return NULL;
    char *chance = sg_forecast_chance(forecast->passes);
    char *mean = show_time(forecast->seconds_mean);
    char *most = show_time(forecast->seconds);
    if (forecast->gates_count > 1)
        sg_text_printf(&text,
                       "All gates together: an unchanged service passes in %s of sessions, if "
                       "gates are independent; more when they move together. ",
                       chance);
    if (forecast->alone)
        sg_text_printf(&text, "A session takes %s.", most);
    else
        sg_text_printf(&text,
                       "An unchanged service's session takes %s on average (%.1f repetitions of "
                       "each variant%s), %s at most.",
                       mean, forecast->repetitions,
                       forecast->screen.worth ? " where it comes to that" : "", most);
    if (!forecast->alone && forecast->other_seconds_mean > 0) {
        char *other = show_time(forecast->other_seconds_mean);
        sg_text_printf(&text, " %s (design: %s) as many repetitions with such windows take %s.",
                       forecast->sliced ? "In turns" : "All of a block side by side",
                       forecast->sliced ? "turns" : "sliced", other);
        free(other);
    }
    free(chance);
    free(mean);
    free(most);
    return sg_text_take(&text);
}

char *sg_plan_say_screen(const struct sg_forecast *forecast)
{
    const struct sg_forecast_screen *screen = &forecast->screen;
    if (!screen->asked)
        return NULL;
    if (screen->reason)
        return sg_format("Stored baseline first: no, %s.", screen->reason);
    char *chance = sg_forecast_chance(screen->chance);
    char *takes = show_time(screen->seconds);
    char *saved = show_time(fabs(screen->seconds_saved));
    char *text =
        screen->worth
            ? sg_format("Stored baseline first: held against %zu sessions alone, an unchanged "
                        "service passes in %s of sessions, in %s; %s %s on average. Where it does "
                        "not pass, both are measured side by side.",
                        screen->sessions, chance, takes,
                        screen->seconds_saved >= 0 ? "saves" : "costs", saved)
            : sg_format("Stored baseline first: no, an unchanged service would pass in %s of "
                        "sessions only; they are measured side by side at once.",
                        chance);
    free(chance);
    free(takes);
    free(saved);
    return text;
}

char *sg_plan_say_change(const struct sg_forecast *forecast, size_t change)
{
    char *worse = sg_show_by_unit(forecast->changes[change], "ratio");
    char *text = sg_format("To find a service that is %s worse, with 90 %% chance", worse);
    free(worse);
    return text;
}

char *sg_plan_say_assumed(const struct sg_forecast *forecast, size_t from)
{
    const struct sg_forecast_assumed *row = &forecast->assumed[from];
    char *tolerance = sg_show_by_unit(row->tolerance, "ratio");
    char *text = sg_format("%s, tolerance %s", row->gates, tolerance);
    free(tolerance);
    return text;
}
