/* SPDX-License-Identifier: Apache-2.0 */
/* What a forecast says: chances, notes, and proposals in round numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/units.h"
#include "judge/plan.h"
#include "unit/judge/build.h"

#define SECONDS 40.0 /* one repetition */

/* Four blocks of three whose values differ by −sd, 0, +sd from 10 ms. */
static struct sg_session measured_with(double sd)
{
    struct sg_session s = build_simple(0.05);
    s.plan.measure = 30;
    for (int b = 1; b <= 4; b++)
        for (int i = 0; i < 3; i++) {
            build_row(&s, b, "base", 0.01 * exp(sd * (i - 1)));
            build_row(&s, b, "candidate", 0.01 * exp(sd * (i - 1)));
        }
    return s;
}

struct pair {
    struct sg_session planned, measured;
};

static struct pair pair_of(double tolerance, double sd)
{
    struct pair pair = {build_simple(tolerance), measured_with(sd)};
    pair.planned.plan.measure = 30;
    pair.planned.plan.budget = NAN;
    return pair;
}

static void forecast(const struct pair *pair, struct sg_forecast *out)
{
    struct sg_error err = {0};
    const struct sg_forecast_question question = {.session = &pair->planned,
                                                  .repetition_seconds = SECONDS,
                                                  .measured = &pair->measured,
                                                  .screen = true};
    if (!sg_judge_plan(&question, out, &err))
        fail_msg("%s", err.text);
}

static void clear(struct pair *pair, struct sg_forecast *f)
{
    sg_forecast_clear(f);
    sg_session_clear(&pair->planned);
    sg_session_clear(&pair->measured);
}

static void assert_chance(double chance, const char *expected)
{
    char *text = sg_forecast_chance(chance);
    assert_string_equal(text, expected);
    free(text);
}

static void chances_are_whole_percents_but_never_certain_by_rounding(void **state)
{
    (void)state;
    assert_chance(0, "0 %");
    assert_chance(0.0001, "<1 %");
    assert_chance(0.0049, "<1 %");
    assert_chance(0.0051, "1 %");
    assert_chance(0.5, "50 %");
    assert_chance(0.9949, "99 %");
    assert_chance(0.996, ">99 %");
    assert_chance(0.9999, ">99 %");
    assert_chance(1, "100 %");
    assert_chance(NAN, "–");
}

static void windows_of_the_same_length_need_no_note(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.02);
    struct sg_forecast f;
    forecast(&pair, &f);
    assert_int_equal(f.notes_count, 0);
    clear(&pair, &f);
}

static void windows_of_another_length_are_noted_with_the_root_of_the_ratio(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.02);
    struct sg_forecast f;
    pair.planned.plan.measure = 60;
    forecast(&pair, &f);
    assert_int_equal(f.notes_count, 1);
    assert_contains(f.notes[0], "the noise was multiplied by 0.71 for windows of 1m");
    clear(&pair, &f);
}

static void waivers_are_noted_as_left_out(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.02);
    struct sg_forecast f;
    const struct sg_waiver waiver = {.metric = (char[]){"latency_p95"},
                                     .reason = (char[]){"because"},
                                     .owner = (char[]){"me"},
                                     .expires = (char[]){"2099-01-01"},
                                     .bound = 0.5};
    sg_session_add_waiver(&pair.planned, &waiver);
    forecast(&pair, &f);
    assert_int_equal(f.notes_count, 1);
    assert_contains(f.notes[0], "waivers are left out");
    clear(&pair, &f);
}

static void a_window_of_a_second_is_no_exception(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.02);
    struct sg_forecast f;
    pair.measured.plan.measure = 4;
    pair.planned.plan.measure = 1;
    forecast(&pair, &f);
    assert_contains(f.notes[0], "the noise was multiplied by 2.00 for windows of 1s");
    clear(&pair, &f);
}

static void one_variant_that_was_measured_alone_tells_its_noise(void **state)
{
    (void)state;
    struct pair pair = {.planned = build_simple(0.05), .measured = build_session()};
    struct sg_forecast f;
    build_variant(&pair.measured, "base");
    build_metric(&pair.measured, "latency_p95", SG_SCALE_LOG);
    for (int i = 0; i < 12; i++)
        build_row(&pair.measured, 1 + i / 3, "base", 0.01 * exp(0.02 * (i % 3 - 1)));
    pair.planned.plan.measure = pair.measured.plan.measure = 30;
    pair.planned.plan.budget = NAN;
    forecast(&pair, &f);
    assert_true(f.gates[0].noise > 0.01);
    clear(&pair, &f);
}

static void several_variants_are_noted_to_be_judged_each_by_itself(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.02);
    struct sg_forecast f;
    build_variant(&pair.planned, "other");
    forecast(&pair, &f);
    assert_int_equal(f.notes_count, 1);
    assert_contains(f.notes[0], "each further one is judged by itself");
    clear(&pair, &f);
}

static void repetitions_that_would_not_do_are_not_proposed(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.2);
    struct sg_forecast f;
    forecast(&pair, &f);
    assert_int_equal(f.gates[0].needs_repetitions, 0);
    assert_null(strstr(f.advice[0], "repetitions up to"));
    clear(&pair, &f);
}

static void a_gate_knows_which_direction_is_better(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.02);
    struct sg_forecast f;
    pair.planned.metrics[0].better = SG_HIGHER;
    forecast(&pair, &f);
    assert_true(f.gates[0].higher_is_better);
    sg_forecast_clear(&f);
    pair.planned.metrics[0].better = SG_LOWER;
    forecast(&pair, &f);
    assert_false(f.gates[0].higher_is_better);
    clear(&pair, &f);
}

/* Opening of 20 s, a warm-up of both, then both side by side; up to whole minutes. */
static void proposals_are_round_and_what_they_cost_is_told(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.06);
    struct sg_forecast f;
    pair.planned.plan.max_repetitions = 9;
    forecast(&pair, &f);
    double window = 5 * ceil(f.gates[0].needs_window / 5);
    if (window > 120)
        window = 30 * ceil(f.gates[0].needs_window / 30);
    double minutes = ceil((20 + 2 * (SECONDS + window - 30) * 10) / 60);
    char *shown = sg_show_duration(window);
    char *budget = sg_show_duration(60 * minutes);
    char *way = sg_format("measure %s (then a budget of %s)", shown, budget);
    assert_contains(f.advice[0], way);
    char *tolerance = sg_format("tolerance %.0f %%", ceil(100 * f.gates[0].needs_tolerance));
    assert_contains(f.advice[0], tolerance);
    free(tolerance);
    free(way);
    free(budget);
    free(shown);
    clear(&pair, &f);
}

static void more_repetitions_are_told_with_their_budget(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.045);
    struct sg_forecast f;
    pair.planned.plan.max_repetitions = 9;
    forecast(&pair, &f);
    int needs = f.gates[0].needs_repetitions;
    assert_true(needs >= 12 && needs <= 30);
    char *budget = sg_show_duration(60 * ceil((20 + 2 * SECONDS * (needs + 1)) / 60));
    char *way = sg_format("repetitions up to %d (with a budget of %s)", needs, budget);
    assert_contains(f.advice[0], way);
    free(way);
    free(budget);
    clear(&pair, &f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chances_are_whole_percents_but_never_certain_by_rounding),
        cmocka_unit_test(windows_of_the_same_length_need_no_note),
        cmocka_unit_test(windows_of_another_length_are_noted_with_the_root_of_the_ratio),
        cmocka_unit_test(waivers_are_noted_as_left_out),
        cmocka_unit_test(a_window_of_a_second_is_no_exception),
        cmocka_unit_test(one_variant_that_was_measured_alone_tells_its_noise),
        cmocka_unit_test(several_variants_are_noted_to_be_judged_each_by_itself),
        cmocka_unit_test(repetitions_that_would_not_do_are_not_proposed),
        cmocka_unit_test(a_gate_knows_which_direction_is_better),
        cmocka_unit_test(proposals_are_round_and_what_they_cost_is_told),
        cmocka_unit_test(more_repetitions_are_told_with_their_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
