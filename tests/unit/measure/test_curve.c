/* SPDX-License-Identifier: Apache-2.0 */
/* Curves: the window and a sample on each side, areas and maxima that agree with the numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "measure/curve.h"
#include "unit/between.h"

#define START 1764000100.0
#define LONG 7000

static void assert_points(const struct sg_points *points, const double expected[][2], size_t count)
{
    if (points->count != count)
        fail_msg("%zu points, expected %zu", points->count, count);
    for (size_t i = 0; i < count; i++)
        if (points->items[i].x != expected[i][0] || points->items[i].y != expected[i][1])
            fail_msg("point %zu is (%.17g, %.17g)", i, points->items[i].x, points->items[i].y);
}

/* CPU seconds under the steps, from the first point on. */
static double area(const struct sg_points *points)
{
    double sum = 0;
    for (size_t i = 1; i < points->count; i++)
        sum += points->items[i].y * (points->items[i].x - points->items[i - 1].x);
    return sum;
}

static void a_counter_becomes_steps_from_before_the_window_to_behind_it(void **state)
{
    (void)state;
    const struct sg_prom_point samples[] = {{START - 3, 1},   {START - 2, 1},   {START - 1, 1.25},
                                            {START + 0.5, 2}, {START + 1.5, 4}, {START + 2.5, 4.25},
                                            {START + 4, 9}};
    const double expected[][2] = {{-1, 0.25}, {0.5, 0.5}, {1.5, 2}, {2.5, 0.25}};
    struct sg_points points = {0};
    sg_curve_rate(samples, 7, START, START + 2, &points);
    assert_points(&points, expected, 4);
    sg_series_clear(&(struct sg_series){.cpu = points});
}

static void without_a_sample_before_it_begins_with_the_first_growth(void **state)
{
    (void)state;
    const struct sg_prom_point samples[] = {{START + 1, 1}, {START + 2, 2}, {START + 3, 4}};
    const double expected[][2] = {{2, 1}, {3, 2}};
    struct sg_points points = {0};
    sg_curve_rate(samples, 3, START, START + 3, &points);
    assert_points(&points, expected, 2);
    sg_series_clear(&(struct sg_series){.cpu = points});
}

static void what_no_counter_does_is_left_out(void **state)
{
    (void)state;
    const struct sg_prom_point samples[] = {{START, 5},       {START + 1, 6}, {START + 2, 1},
                                            {START + 3, NAN}, {START + 4, 2}, {START + 5, 3},
                                            {START + 5, 3},   {START + 6, 5}};
    const double expected[][2] = {{1, 1}, {5, 1}, {6, 2}};
    struct sg_points points = {0};
    sg_curve_rate(samples, 8, START, START + 6, &points);
    assert_points(&points, expected, 3);
    sg_series_clear(&(struct sg_series){.cpu = points});
}

static void a_gauge_is_drawn_as_it_is(void **state)
{
    (void)state;
    const struct sg_prom_point samples[] = {
        {START - 2, 7}, {START - 1, 1}, {START + 0.1234, 3}, {START + 2.5, 2}, {START + 9, 8}};
    const double expected[][2] = {{-1, 1}, {0.123, 3}, {2.5, 2}};
    struct sg_points points = {0};
    sg_curve_gauge(samples, 5, START, START + 2, &points);
    assert_points(&points, expected, 3);
    sg_series_clear(&(struct sg_series){.memory = points});
}

static void without_samples_near_the_window_there_is_nothing(void **state)
{
    (void)state;
    const struct sg_prom_point before[] = {{START - 2, 7}, {START - 1, 8}};
    const struct sg_prom_point behind[] = {{START + 3, 7}, {START + 4, 8}};
    struct sg_points points = {0};
    sg_curve_rate(NULL, 0, START, START + 2, &points);
    sg_curve_rate(before, 2, START, START + 2, &points);
    sg_curve_gauge(before, 2, START, START + 2, &points);
    sg_curve_rate(behind, 2, START, START + 2, &points);
    sg_curve_gauge(behind, 2, START, START + 2, &points);
    assert_int_equal(points.count, 0);
}

static void a_long_window_keeps_its_area_its_maximum_and_its_ends(void **state)
{
    (void)state;
    static struct sg_prom_point counter[LONG], gauge[LONG];
    for (size_t i = 0; i < LONG; i++) {
        double time = START + 0.5 * (double)i;
        counter[i] = (struct sg_prom_point){time, 0.01 * (double)i + (i > LONG / 2 ? 4 : 0)};
        gauge[i] = (struct sg_prom_point){time, i == 1234 ? 99 : 5};
    }
    struct sg_series series = {0};
    sg_curve_rate(counter, LONG, START, counter[LONG - 1].time, &series.cpu);
    sg_curve_gauge(gauge, LONG, START, gauge[LONG - 1].time, &series.memory);
    assert_between(series.cpu.count, SG_CURVE_POINTS / 2, SG_CURVE_POINTS + 1);
    assert_between(series.memory.count, SG_CURVE_POINTS / 2, SG_CURVE_POINTS + 1);
    double first = series.cpu.items[0].y * series.cpu.items[0].x; /* from the window's start */
    assert_true(fabs(first + area(&series.cpu) - counter[LONG - 1].value) < 1e-3);
    assert_true(series.cpu.items[series.cpu.count - 1].x == 0.5 * (LONG - 1));
    double max = 0;
    for (size_t i = 0; i < series.memory.count; i++)
        max = fmax(max, series.memory.items[i].y);
    assert_true(max == 99);
    sg_series_clear(&series);
}

static void latency_is_what_k6_told_as_far_as_it_rises(void **state)
{
    (void)state;
    const struct sg_load_summary load = {
        .latency = {{0, 0.001}, {0.5, 0.002}, {0.9, 0.0019}, {0.99, NAN}, {1, 0.3}},
        .latency_count = 5};
    const double expected[][2] = {{0, 0.001}, {0.5, 0.002}, {1, 0.3}};
    struct sg_points points = {0};
    sg_curve_latency(&load, &points);
    assert_points(&points, expected, 3);
    sg_series_clear(&(struct sg_series){.latency = points});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_becomes_steps_from_before_the_window_to_behind_it),
        cmocka_unit_test(without_a_sample_before_it_begins_with_the_first_growth),
        cmocka_unit_test(what_no_counter_does_is_left_out),
        cmocka_unit_test(a_gauge_is_drawn_as_it_is),
        cmocka_unit_test(without_samples_near_the_window_there_is_nothing),
        cmocka_unit_test(a_long_window_keeps_its_area_its_maximum_and_its_ends),
        cmocka_unit_test(latency_is_what_k6_told_as_far_as_it_rises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
