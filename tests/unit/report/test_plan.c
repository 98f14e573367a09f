/* SPDX-License-Identifier: Apache-2.0 */
/* The plan's formats: what is shown, how wide, and that names from outside stay names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "base/clean.h"
#include "report/plan.h"
#include "report/plan_parts.h"
#include "json/json.h"

static char advice[] = "latency_p95: its noise of 6.1 % is too high for a tolerance of 5 %, an "
                       "unchanged service would pass in 57 % of sessions. Do one of: measure 45s; "
                       "tolerance 7 %; drop the gate.";
static char *advices[] = {advice};
static char unit_s[] = "s", unit_ratio[] = "ratio", errors[] = "error_rate";
static double changes[] = {0.1, 0.02};

/* Two gates: one noisy with a name from outside, one of counts. */
struct sample {
    struct sg_forecast_change changes[2], none[2];
    struct sg_forecast_gate gates[2];
    struct sg_forecast forecast;
    char name[64], verdict[64], about[64];
};

static void sample_init(struct sample *s, const char *name)
{
    *s = (struct sample){0};
    (void)snprintf(s->name, sizeof(s->name), "%s", name);
    (void)snprintf(s->verdict, sizeof(s->verdict), "this plan will often end inconclusive");
    (void)snprintf(s->about, sizeof(s->about), "session 1, 24 repetitions");
    s->changes[0] = (struct sg_forecast_change){
        .change = 0.1, .chance = 0.95, .repetitions = 15, .seconds_mean = 700, .seconds = 1300};
    s->changes[1] = (struct sg_forecast_change){.change = 0.02,
                                                .chance = 0.01,
                                                .seconds_mean = NAN,
                                                .seconds = NAN,
                                                .noise = 0.012,
                                                .window = 312,
                                                .tolerance = 0.0099,
                                                .both = true};
    s->gates[0] = (struct sg_forecast_gate){.metric = s->name,
                                            .unit = unit_s,
                                            .relative = true,
                                            .known = true,
                                            .adjusted = true,
                                            .noise = 0.061,
                                            .noise_raw = 0.12,
                                            .tolerance = 0.05,
                                            .limit = NAN,
                                            .passes = 0.57,
                                            .repetitions = 14.2,
                                            .worse_fails = 0.998,
                                            .worse_repetitions = 12.1,
                                            .found = 0.113,
                                            .changes = s->changes};
    s->gates[1] = (struct sg_forecast_gate){.metric = errors,
                                            .unit = unit_ratio,
                                            .scale = SG_SCALE_COUNT,
                                            .known = true,
                                            .tolerance = 0.001,
                                            .limit = NAN,
                                            .passes = 1,
                                            .repetitions = 6,
                                            .worse_fails = NAN,
                                            .worse_repetitions = NAN,
                                            .found = 0.0013,
                                            .changes = s->none};
    s->none[0].chance = s->none[1].chance = NAN;
}

static char *shown(const char *format, const char *name, bool color)
{
    struct sample s;
    struct sg_text text = {0};
    struct sg_error err = {0};
    sample_init(&s, name);
    s.forecast = (struct sg_forecast){.verdict = s.verdict,
                                      .source = SG_NOISE_MEASURED,
                                      .about = s.about,
                                      .variants = 2,
                                      .alpha = 0.01,
                                      .beta = 0.05,
                                      .repetition_seconds = 46.5,
                                      .window = 30,
                                      .gates = s.gates,
                                      .gates_count = 2,
                                      .passes = 0.57,
                                      .repetitions = 14.2,
                                      .seconds_mean = 1400,
                                      .seconds = 2000,
                                      .changes = changes,
                                      .changes_count = 2,
                                      .advice = advices,
                                      .advice_count = 1};
    sg_looks_init(&s.forecast.looks, 2, 7, 0.01, 0.05, false);
    struct sg_plan_report report = {.forecast = &s.forecast, .color = color};
    const struct sg_plan_format *found = sg_plan_format(format, &err);
    assert_non_null(found);
    found->write(&report, &text);
    return sg_text_take(&text);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("lacks \"%s\":\n%s", part, text);
}

static void the_other_design_is_told_beside_it(void **state)
{
    (void)state;
    struct sg_forecast forecast = {.source = SG_NOISE_MEASURED,
                                   .variants = 2,
                                   .gates_count = 1,
                                   .repetitions = 6,
                                   .seconds_mean = 180,
                                   .seconds = 240,
                                   .sliced = true,
                                   .other_seconds_mean = 600};
    char *sliced = sg_plan_say_together(&forecast);
    assert_has(sliced, "takes 3m on average");
    assert_has(sliced, "In turns (design: turns) as many repetitions with such windows take 10m");
    free(sliced);
    forecast.sliced = false;
    char *turns = sg_plan_say_together(&forecast);
    assert_has(turns, "side by side (design: sliced) as many repetitions");
    free(turns);
    forecast.other_seconds_mean = NAN;
    char *alone = sg_plan_say_together(&forecast);
    assert_null(strstr(alone, "design"));
    free(alone);
}

static void text_fits_a_hundred_columns(void **state)
{
    (void)state;
    char *text = shown("text", "latency_p95", false);
    for (char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        bool last = at[length] == '\0';
        at[length] = '\0';
        assert_true(sg_shown_width(at) <= 100);
        at += length + !last;
    }
    free(text);
}

static void text_tells_chances_times_and_advice(void **state)
{
    (void)state;
    char *text = shown("text", "latency_p95", false);
    assert_has(text, "? this plan will often end inconclusive\n");
    assert_has(text, "looks at 6, 9, 12, 15, 18, 21 repetitions of each");
    assert_has(text, "? latency_p95  12 % → 6.1 %  5 %");
    assert_has(text, "57 % in 14.2  >99 % in 12.1");
    assert_has(text, "✓ error_rate");
    assert_has(text, "24m on average");
    assert_has(text, "10 % worse");
    assert_has(text, "noise 1.2 % (windows of 5m15s) and tolerance 0.9 %");
    assert_has(text, "→ latency_p95: its noise");
    assert_null(strchr(text, '\x1b'));
    free(text);
    text = shown("text", "latency_p95", true);
    assert_non_null(strchr(text, '\x1b'));
    free(text);
}

static void a_name_from_outside_stays_a_name(void **state)
{
    (void)state;
    char *text = shown("text", "a\x1b[31m\n::error::b", false);
    assert_null(strchr(text, '\x1b'));
    assert_null(strstr(text, "\n::error"));
    free(text);
    text = shown("md", "a|b`<img>\n## c", false);
    assert_null(strstr(text, "\n## c"));
    assert_has(text, "## svcgate plan: ? this plan");
    free(text);
}

static void json_keeps_exact_numbers_and_null(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *text = shown("json", "latency_p95", false);
    struct sg_json *json = sg_json_parse(text, strlen(text), "plan", &err);
    const struct sg_json *gate = sg_json_first(sg_json_get(json, "gates"));
    assert_string_equal(sg_json_string(sg_json_get(json, "schema"), ""), "svcgate.plan/1");
    assert_true(fabs(sg_json_number(sg_json_get(gate, "found"), NAN) - 0.113) < 1e-15);
    assert_true(sg_json_is_null(sg_json_get(gate, "limit")));
    assert_int_equal(sg_json_count(sg_json_get(gate, "changes")), 2);
    assert_int_equal(sg_json_count(sg_json_get(gate, "looks")), 6);
    sg_json_free(json);
    free(text);
}

static void an_unknown_format_is_refused_with_the_known_ones(void **state)
{
    (void)state;
    struct sg_error err = {0};
    assert_null(sg_plan_format("junit", &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_has(err.text, "text, md and json");
    assert_ptr_equal(sg_plan_format("markdown", &err), sg_plan_format("md", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_design_is_told_beside_it),
        cmocka_unit_test(text_fits_a_hundred_columns),
        cmocka_unit_test(text_tells_chances_times_and_advice),
        cmocka_unit_test(a_name_from_outside_stays_a_name),
        cmocka_unit_test(json_keeps_exact_numbers_and_null),
        cmocka_unit_test(an_unknown_format_is_refused_with_the_known_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
