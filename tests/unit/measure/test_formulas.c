/* SPDX-License-Identifier: Apache-2.0 */
/* Drift, idle rate, curves and coupling against figures worked out by hand; those of the coupling
 * by the textbook's formulas of a simple regression (deviations from the means, not sums). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "measure/bracket.h"
#include "measure/curve.h"
#include "measure/gauge.h"
#include "measure/measure.h"
#include "measure/pick.h"

/* A counter v = u + u², u seconds after 100, each half second. */
static void fill_square(struct sg_prom_point points[61])
{
    for (size_t i = 0; i <= 60; i++) {
        double u = 0.5 * (double)i;
        points[i] = (struct sg_prom_point){100 + u, u + u * u};
    }
}

static void drift_compares_the_last_quarter_with_the_first_a_second_inside(void **state)
{
    (void)state;
    struct sg_prom_point points[61];
    fill_square(points);
    /* u from 21.5 to 29 and from 1 to 8.5: ln(386.25 / 78.75) */
    assert_true(fabs(sg_points_drift(points, 61, 100, 130) - 1.5902065505062128) < 1e-12);
}

static void a_window_of_ten_seconds_has_a_drift_and_a_shorter_one_has_none(void **state)
{
    (void)state;
    struct sg_prom_point points[61];
    fill_square(points);
    /* u from 6.5 to 9 and from 1 to 3.5: (90 − 48.75) / (15.75 − 2) = 3 */
    assert_true(fabs(sg_points_drift(points, 61, 100, 110) - log(3)) < 1e-12);
    assert_true(isnan(sg_points_drift(points, 61, 100, 109.9)));
    assert_true(isnan(sg_points_drift(points, 1, 100, 110)));
    const struct sg_prom_point two[] = {{100, 1}, {110, 2}};
    assert_true(fabs(sg_points_drift(two, 2, 100, 110)) < 1e-12);
}

static void a_service_that_idles_in_either_quarter_has_no_drift(void **state)
{
    (void)state;
    const struct sg_prom_point late[] = {{100, 0}, {115, 0}, {130, 5}};
    const struct sg_prom_point early[] = {{100, 0}, {115, 5}, {130, 5}};
    assert_true(isnan(sg_points_drift(late, 3, 100, 130)));
    assert_true(isnan(sg_points_drift(early, 3, 100, 130)));
}

static void idle_stretches_of_a_fifth_of_a_second_tell_a_rate_and_shorter_ones_do_not(void **state)
{
    (void)state;
    const struct sg_edges edges = {98, 100, 130, 130.5, 140};
    struct sg_prom_point points[] = {{99.75, 1}, {100, 2}, {131, 5}};
    struct sg_bracket b;
    assert_int_equal(sg_bracket_take(points, 3, &edges, NAN, &b), SG_BRACKET_OK);
    assert_true(b.idle_rate == 4);
    points[0].time = 99.875;
    assert_int_equal(sg_bracket_take(points, 3, &edges, 7, &b), SG_BRACKET_OK);
    assert_true(b.idle_rate == 7);
}

static void the_range_of_a_bracket_includes_its_edges(void **state)
{
    (void)state;
    const struct sg_edges edges = {98, 100, 130, 130.5, 140};
    const struct sg_prom_point points[] = {{97, 9}, {98, 1}, {140, 5}, {141, 0}};
    struct sg_bracket b;
    assert_int_equal(sg_bracket_take(points, 4, &edges, 0, &b), SG_BRACKET_OK);
    assert_true(b.ta == 98 && b.va == 1 && b.tb == 140 && b.vb == 5 && b.value == 4);
}

static void a_counter_that_stands_still_is_no_reset(void **state)
{
    (void)state;
    const struct sg_edges edges = {98, 100, 130, 130.5, 140};
    const struct sg_prom_point points[] = {{98, 5}, {100, 5}, {131, 5}, {140, 5}};
    struct sg_bracket b;
    assert_int_equal(sg_bracket_take(points, 4, &edges, NAN, &b), SG_BRACKET_OK);
    assert_true(b.value == 0 && b.idle_rate == 0);
}

static void the_gap_ends_with_the_window_and_samples_on_its_edges_do_not_help(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{100, 0}, {104, 0}, {110, 0}, {112, 0}};
    assert_true(sg_points_gap(points, 4, 100, 110) == 6);
    assert_true(sg_points_gap(points, 4, 100, 105) == 4);
}

static void the_mean_of_a_gauge_weighs_by_time_between_unequal_samples(void **state)
{
    (void)state;
    /* 0 to 6: areas 1·(2+4)/2 = 3 up to 1, 2·(4+8)/2 = 12 up to 3, 3·(8+2)/2 = 15 up to 6 */
    const struct sg_prom_point points[] = {{0, 2}, {1, 4}, {3, 8}, {6, 2}};
    struct sg_gauge g;
    assert_true(sg_gauge_take(points, 4, 0, 6, &g));
    assert_true(fabs(g.mean - 5) < 1e-12);
    assert_true(g.gap == 3 && g.count == 4 && g.max == 8);
    /* one instant: the sample itself */
    assert_true(sg_gauge_take(points, 4, 3, 3, &g));
    assert_true(g.mean == 8);
}

static void a_slope_needs_three_samples(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{1, 3}, {2, 5}, {4, 9}};
    assert_true(isnan(sg_gauge_slope(points, 2)));
    assert_true(sg_gauge_slope(points, 3) == 2);
}

/* Every second of 480 samples is taken, and of 241: the others may be anything. */
static void the_slope_of_a_long_window_takes_every_kth_sample(void **state)
{
    (void)state;
    struct sg_prom_point points[480];
    for (size_t i = 0; i < 480; i++)
        points[i] = (struct sg_prom_point){(double)i, i % 2 == 0 ? 3.0 * (double)i : 1e9};
    assert_true(fabs(sg_gauge_slope(points, 480) - 3) < 1e-9);
    assert_true(fabs(sg_gauge_slope(points, 241) - 3) < 1e-9);
    for (size_t i = 0; i < 240; i++)
        points[i].value = 5.0 * (double)i * (double)i; /* all of 240: 2·5·the mean place */
    assert_true(fabs(sg_gauge_slope(points, 240) - 1195) < 1e-9);
}

static void curves_are_rounded_to_milliseconds_and_millionths_of_a_core(void **state)
{
    (void)state;
    const struct sg_prom_point samples[] = {{10, 0}, {13.0004, 1}, {14.0006, 3}};
    struct sg_points points = {0};
    sg_curve_rate(samples, 3, 10, 14, &points);
    assert_int_equal(points.count, 2);
    assert_true(points.items[0].x == 3 && points.items[0].y == 0.333289);
    assert_true(points.items[1].x == 4.001 && points.items[1].y == 1.9996);
    sg_series_clear(&(struct sg_series){.cpu = points});
}

static void samples_on_the_edges_of_the_window_are_its_first_and_last_points(void **state)
{
    (void)state;
    const struct sg_prom_point samples[] = {{9, 1}, {10, 2}, {11, 3}, {12, 4}, {13, 5}};
    struct sg_points points = {0};
    sg_curve_gauge(samples, 5, 10, 12, &points);
    assert_int_equal(points.count, 3);
    assert_true(points.items[0].x == 0 && points.items[2].x == 2 && points.items[2].y == 4);
    sg_series_clear(&(struct sg_series){.memory = points});
}

static void a_window_that_begins_with_the_last_sample_has_a_curve(void **state)
{
    (void)state;
    const struct sg_prom_point samples[] = {{8, 1}, {10, 2}};
    struct sg_points points = {0};
    sg_curve_gauge(samples, 2, 10, 12, &points);
    assert_true(points.count == 1 && points.items[0].x == 0 && points.items[0].y == 2);
    sg_series_clear(&(struct sg_series){.memory = points});
}

#define MANY 513

static void more_series_than_a_machine_has_cpus_are_counted_and_none_is_taken(void **state)
{
    (void)state;
    static struct sg_prom_series series[MANY];
    struct sg_matrix matrix = {.series = series, .count = MANY};
    size_t count = 0;
    assert_null(sg_pick_cpu(&matrix, &count));
    assert_int_equal(count, MANY);
}

/* --- Coupling ----------------------------------------------------------------------------- */

#define PAIRS 30

struct readings {
    struct sg_reading steady[PAIRS + 1], burner[PAIRS + 1];
};

/* A reading a second. The burner burns in every second one; the steady work costs 0.2 CPUs, 0.1
 * more beside the burner, and in turn twice 0.01 more, twice 0.01 less. */
static void fill_pairs(struct readings *r)
{
    double cost = 5, burnt = 3;
    for (int i = 0; i <= PAIRS; i++) {
        r->steady[i] = (struct sg_reading){.time = 1000 + i, .cpu = cost};
        r->burner[i] = (struct sg_reading){.time = 1000 + i, .cpu = burnt};
        int on = i % 2;
        burnt += on;
        cost += 0.2 + 0.1 * on + (i / 2 % 2 == 0 ? 0.01 : -0.01);
    }
}

static void coupling_is_a_regression_with_its_95_percent_limit(void **state)
{
    (void)state;
    struct readings r;
    struct sg_coupling c;
    fill_pairs(&r);
    assert_true(sg_measure_coupling(r.steady, PAIRS + 1, r.burner, PAIRS + 1, 1000, 1030, &c));
    assert_true(fabs(c.h - 0.49833887043189423) < 1e-9);
    assert_true(fabs(c.limit - 0.5351742004285889) < 1e-9);
    assert_true(fabs(c.burnt - 0.5) < 1e-12);
    assert_int_equal(c.intervals, 30);
}

static void fewer_than_thirty_intervals_tell_nothing(void **state)
{
    (void)state;
    struct readings r;
    struct sg_coupling c;
    fill_pairs(&r);
    assert_false(sg_measure_coupling(r.steady, PAIRS, r.burner, PAIRS + 1, 1000, 1030, &c));
    assert_false(sg_measure_coupling(r.steady, PAIRS + 1, r.burner, PAIRS + 1, 1000.5, 1030, &c));
    assert_false(sg_measure_coupling(r.steady, PAIRS + 1, r.burner, PAIRS + 1, 1000, 1029.5, &c));
}

static void an_interval_in_which_the_burners_counter_went_down_is_left_out(void **state)
{
    (void)state;
    struct readings r;
    struct sg_coupling c;
    fill_pairs(&r);
    for (int i = 16; i <= PAIRS; i++)
        r.burner[i].cpu -= 10;
    assert_false(sg_measure_coupling(r.steady, PAIRS + 1, r.burner, PAIRS + 1, 1000, 1030, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drift_compares_the_last_quarter_with_the_first_a_second_inside),
        cmocka_unit_test(a_window_of_ten_seconds_has_a_drift_and_a_shorter_one_has_none),
        cmocka_unit_test(a_service_that_idles_in_either_quarter_has_no_drift),
        cmocka_unit_test(idle_stretches_of_a_fifth_of_a_second_tell_a_rate_and_shorter_ones_do_not),
        cmocka_unit_test(the_range_of_a_bracket_includes_its_edges),
        cmocka_unit_test(a_counter_that_stands_still_is_no_reset),
        cmocka_unit_test(the_gap_ends_with_the_window_and_samples_on_its_edges_do_not_help),
        cmocka_unit_test(the_mean_of_a_gauge_weighs_by_time_between_unequal_samples),
        cmocka_unit_test(a_slope_needs_three_samples),
        cmocka_unit_test(the_slope_of_a_long_window_takes_every_kth_sample),
        cmocka_unit_test(curves_are_rounded_to_milliseconds_and_millionths_of_a_core),
        cmocka_unit_test(samples_on_the_edges_of_the_window_are_its_first_and_last_points),
        cmocka_unit_test(a_window_that_begins_with_the_last_sample_has_a_curve),
        cmocka_unit_test(more_series_than_a_machine_has_cpus_are_counted_and_none_is_taken),
        cmocka_unit_test(coupling_is_a_regression_with_its_95_percent_limit),
        cmocka_unit_test(fewer_than_thirty_intervals_tell_nothing),
        cmocka_unit_test(an_interval_in_which_the_burners_counter_went_down_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
