/* SPDX-License-Identifier: Apache-2.0 */
/* Idle brackets: the counter's growth in the window, exact although no sample lies on its edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "measure/bracket.h"
#include "measure/witness.h"

/* warm-up until 98, idle, load 100 … 130, idle; settled after 0.5 s, until 140 */
static const struct sg_edges edges = {98.2, 100, 130, 130.5, 140};

static enum sg_bracket_status take(const struct sg_prom_point *points, size_t count,
                                   struct sg_bracket *out)
{
    return sg_bracket_take(points, count, &edges, NAN, out);
}

/* A counter that grows by `idle` a second, and by `busy` within [start, end]. */
static double counter(double time, double start, double end, double idle, double busy)
{
    double loaded = fmin(fmax(time - start, 0), end - start);
    return 1000 + idle * time + (busy - idle) * loaded;
}

/* docs/method.md 2.3: 60 s at 0.8 cores, 0.01 idle, a reading each 1 to 2 s. */
static void idle_brackets_are_exact_where_samples_never_meet_the_edges(void **state)
{
    (void)state;
    const struct sg_edges long_window = {94.2, 100, 160, 160.5, 170};
    uint32_t seed = 1;
    for (int run = 0; run < 500; run++) {
        struct sg_prom_point points[200];
        size_t count = 0;
        for (double t = 80 + run % 7 * 0.1; t < 170 && count < 200;) {
            points[count++] = (struct sg_prom_point){t, counter(t, 100, 160, 0.01, 0.8)};
            seed = seed * 1664525U + 1013904223U;
            t += 1 + (seed >> 8) / 16777216.0;
        }
        struct sg_bracket b;
        assert_int_equal(sg_bracket_take(points, count, &long_window, NAN, &b), SG_BRACKET_OK);
        assert_true(fabs(b.value - 48) < 1e-9);
        assert_true(fabs(b.idle_rate - 0.01) < 1e-9);
        assert_true(b.ta <= 100 && b.tb >= 160.5);
    }
}

static void the_bracket_is_the_last_idle_sample_before_and_the_first_after(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{97.9, 1}, {98.5, 2},  {99.5, 2.5}, {101, 5},
                                           {129, 9},  {130.4, 9}, {130.6, 10}, {131.6, 10.5}};
    struct sg_bracket b;
    assert_int_equal(take(points, 8, &b), SG_BRACKET_OK);
    assert_true(b.ta == 99.5 && b.va == 2.5 && b.tb == 130.6 && b.vb == 10);
    assert_true(b.idle_rate == 0.5); /* (0.5 + 0.5) over (1 + 1) seconds */
    assert_true(fabs(b.value - (7.5 - 0.5 * 1.1)) < 1e-12);
}

static void samples_exactly_on_the_edges_belong_to_the_bracket(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{98.2, 1}, {100, 1}, {130, 4}, {130.5, 4}, {140, 4}};
    struct sg_bracket b;
    assert_int_equal(take(points, 5, &b), SG_BRACKET_OK);
    assert_true(b.ta == 100 && b.tb == 130.5);
    assert_true(b.value == 3);
}

static void a_sample_of_the_warm_up_is_no_bracket(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{90, 1}, {98.1, 2}, {100.1, 3}, {131, 9}};
    struct sg_bracket b;
    assert_int_equal(take(points, 4, &b), SG_BRACKET_NO_BEFORE);
}

static void a_sample_before_the_last_answers_is_no_bracket(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{99, 1}, {115, 3}, {130.4, 9}};
    struct sg_bracket b;
    assert_int_equal(take(points, 3, &b), SG_BRACKET_NO_AFTER);
    const struct sg_prom_point late[] = {{99, 1}, {115, 3}, {140.1, 9}};
    assert_int_equal(take(late, 3, &b), SG_BRACKET_NO_AFTER);
}

static void no_samples_are_no_bracket(void **state)
{
    (void)state;
    struct sg_bracket b;
    assert_int_equal(take(NULL, 0, &b), SG_BRACKET_NO_POINTS);
}

static void a_counter_that_goes_down_is_a_reset(void **state)
{
    (void)state;
    const struct sg_prom_point inside[] = {{99, 5}, {110, 6}, {120, 1}, {131, 9}};
    const struct sg_prom_point idle[] = {{98.5, 5}, {99, 4}, {120, 6}, {131, 9}};
    const struct sg_prom_point after[] = {{99, 5}, {120, 6}, {131, 9}, {132, 1}};
    struct sg_bracket b;
    assert_int_equal(take(inside, 4, &b), SG_BRACKET_RESET);
    assert_int_equal(take(idle, 4, &b), SG_BRACKET_RESET);
    assert_int_equal(take(after, 4, &b), SG_BRACKET_RESET);
}

static void what_happened_before_the_gap_does_not_matter(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{80, 500}, {99, 5}, {120, 6}, {131, 9}};
    struct sg_bracket b;
    assert_int_equal(take(points, 4, &b), SG_BRACKET_OK);
    assert_true(b.vb - b.va == 4);
}

static void a_value_that_is_no_number_is_a_reset(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{99, 5}, {120, NAN}, {131, 9}};
    struct sg_bracket b;
    assert_int_equal(take(points, 3, &b), SG_BRACKET_RESET);
}

static void a_lone_sample_on_each_side_takes_the_guess(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{99, 5}, {131, 9}};
    struct sg_bracket b;
    assert_int_equal(sg_bracket_take(points, 2, &edges, 0.25, &b), SG_BRACKET_OK);
    assert_true(b.idle_rate == 0.25);
    assert_true(fabs(b.value - (4 - 0.25 * 2)) < 1e-12);
}

static void without_a_guess_nothing_is_removed_and_the_rate_is_unknown(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{99, 5}, {131, 9}};
    struct sg_bracket b;
    assert_int_equal(take(points, 2, &b), SG_BRACKET_OK);
    assert_true(isnan(b.idle_rate));
    assert_true(b.value == 4);
}

static void the_gap_counts_the_edges_of_the_window(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{99, 0}, {101, 0}, {102, 0}, {105, 0}, {111, 0}};
    assert_true(sg_points_gap(points, 5, 100, 110) == 5);
    assert_true(sg_points_gap(points, 5, 101, 106) == 3);
    assert_true(sg_points_gap(points, 5, 200, 210) == 10);
    assert_true(sg_points_gap(NULL, 0, 100, 110) == 10);
}

static void values_between_samples_lie_on_the_line(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{10, 1}, {20, 3}, {30, 3}};
    assert_true(sg_points_at(points, 3, 15) == 2);
    assert_true(sg_points_at(points, 3, 20) == 3);
    assert_true(sg_points_at(points, 3, 5) == 1);
    assert_true(sg_points_at(points, 3, 40) == 3);
    assert_true(isnan(sg_points_at(NULL, 0, 1)));
}

static void a_steady_load_does_not_drift(void **state)
{
    (void)state;
    struct sg_prom_point points[70];
    for (size_t i = 0; i < 70; i++) {
        double t = 98 + 0.5 * (double)i;
        points[i] = (struct sg_prom_point){t, counter(t, 100, 130, 0, 0.7)};
    }
    assert_true(fabs(sg_points_drift(points, 70, 100, 130)) < 1e-9);
}

static void a_service_that_warms_up_drifts_down(void **state)
{
    (void)state;
    struct sg_prom_point points[70];
    for (size_t i = 0; i < 70; i++) {
        double t = 98 + 0.5 * (double)i, u = t - 98;
        points[i] = (struct sg_prom_point){t, 2 * u - 0.02 * u * u}; /* rate 2 − 0.04·u */
    }
    assert_true(sg_points_drift(points, 70, 100, 130) < -0.4);
}

static void a_short_or_idle_window_has_no_drift(void **state)
{
    (void)state;
    const struct sg_prom_point flat[] = {{98, 1}, {115, 1}, {131, 1}};
    assert_true(isnan(sg_points_drift(flat, 3, 100, 130)));
    const struct sg_prom_point rising[] = {{98, 1}, {103, 2}, {110, 3}};
    assert_true(isnan(sg_points_drift(rising, 3, 100, 109)));
}

static void the_witness_brackets_the_same_window_by_its_own_readings(void **state)
{
    (void)state;
    struct sg_reading readings[] = {{.time = 99.3, .cpu = 2},
                                    {.time = 99.8, .cpu = 2.01},
                                    {.time = 131.2, .cpu = 8.62},
                                    {.time = 131.2, .cpu = 8.62}, /* read twice */
                                    {.time = 132.2, .cpu = 8.64}};
    /* idle 0.02 a second: 6.61 between the brackets, 1.4 s of them idle */
    assert_true(fabs(sg_witness_cpu(readings, 5, &edges, NAN) - (6.61 - 0.02 * 1.4)) < 1e-9);
    assert_true(isnan(sg_witness_cpu(readings, 2, &edges, NAN)));
    assert_true(isnan(sg_witness_cpu(NULL, 0, &edges, NAN)));
}

static void the_witness_agrees_to_a_percent_or_twenty_milliseconds(void **state)
{
    (void)state;
    assert_true(sg_witness_agrees(0.100, 0.1199));
    assert_false(sg_witness_agrees(0.100, 0.1201));
    assert_true(sg_witness_agrees(10, 10.1));
    assert_false(sg_witness_agrees(10, 10.11));
    assert_false(sg_witness_agrees(10.11, 10));
    assert_false(sg_witness_agrees(NAN, 1));
    assert_false(sg_witness_agrees(1, NAN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_brackets_are_exact_where_samples_never_meet_the_edges),
        cmocka_unit_test(the_bracket_is_the_last_idle_sample_before_and_the_first_after),
        cmocka_unit_test(samples_exactly_on_the_edges_belong_to_the_bracket),
        cmocka_unit_test(a_sample_of_the_warm_up_is_no_bracket),
        cmocka_unit_test(a_sample_before_the_last_answers_is_no_bracket),
        cmocka_unit_test(no_samples_are_no_bracket),
        cmocka_unit_test(a_counter_that_goes_down_is_a_reset),
        cmocka_unit_test(what_happened_before_the_gap_does_not_matter),
        cmocka_unit_test(a_value_that_is_no_number_is_a_reset),
        cmocka_unit_test(a_lone_sample_on_each_side_takes_the_guess),
        cmocka_unit_test(without_a_guess_nothing_is_removed_and_the_rate_is_unknown),
        cmocka_unit_test(the_gap_counts_the_edges_of_the_window),
        cmocka_unit_test(values_between_samples_lie_on_the_line),
        cmocka_unit_test(a_steady_load_does_not_drift),
        cmocka_unit_test(a_service_that_warms_up_drifts_down),
        cmocka_unit_test(a_short_or_idle_window_has_no_drift),
        cmocka_unit_test(the_witness_brackets_the_same_window_by_its_own_readings),
        cmocka_unit_test(the_witness_agrees_to_a_percent_or_twenty_milliseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
