/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences of a plan. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/plan_parts.h"
#include "view/show.h"

/* Whole minutes are all that a forecast is worth. */
char *sg_plan_show_time(double seconds)
{
    if (!isfinite(seconds))
        return sg_strdup(SG_DASH);
    return sg_show_duration(seconds < 60 ? ceil(seconds) : 60 * ceil(seconds / 60));
}

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
    char *mean = sg_plan_show_time(forecast->seconds_mean);
    char *most = sg_plan_show_time(forecast->seconds);
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
        char *other = sg_plan_show_time(forecast->other_seconds_mean);
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
    char *takes = sg_plan_show_time(screen->seconds);
    char *saved = sg_plan_show_time(fabs(screen->seconds_saved));
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
