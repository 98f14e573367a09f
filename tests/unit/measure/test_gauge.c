/* SPDX-License-Identifier: Apache-2.0 */
/* Gauges over a window, and which series are a container's own. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "measure/gauge.h"
#include "measure/pick.h"

static void maximum_and_count_are_of_samples_inside(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{9, 100}, {10, 1}, {15, 7}, {20, 2}, {21, 100}};
    struct sg_gauge g;
    assert_true(sg_gauge_take(points, 5, 10, 20, &g));
    assert_int_equal(g.count, 3);
    assert_true(g.max == 7);
    assert_true(g.gap == 5);
}

static void the_mean_is_over_time_not_over_samples(void **state)
{
    (void)state;
    /* 1 for a tenth of the time, many samples; 3 for the rest, few */
    const struct sg_prom_point points[] = {{0, 1},   {0.2, 1}, {0.4, 1}, {0.6, 1},
                                           {0.8, 1}, {1, 1},   {1, 3},   {10, 3}};
    struct sg_gauge g;
    assert_true(sg_gauge_take(points, 8, 0, 10, &g));
    assert_true(fabs(g.mean - 2.8) < 1e-12);
}

static void the_mean_reaches_the_edges_through_the_neighbours_outside(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{0, 0}, {10, 10}, {20, 20}};
    struct sg_gauge g;
    assert_true(sg_gauge_take(points, 3, 5, 15, &g)); /* the line y = t */
    assert_true(fabs(g.mean - 10) < 1e-12);
    const struct sg_prom_point alone[] = {{10, 4}};
    assert_true(sg_gauge_take(alone, 1, 5, 15, &g));
    assert_true(g.mean == 4 && g.max == 4 && isnan(g.slope));
}

static void a_window_without_samples_has_no_gauge(void **state)
{
    (void)state;
    const struct sg_prom_point points[] = {{9, 1}, {21, 1}};
    struct sg_gauge g;
    assert_false(sg_gauge_take(points, 2, 10, 20, &g));
    assert_false(sg_gauge_take(NULL, 0, 10, 20, &g));
    const struct sg_prom_point broken[] = {{11, NAN}};
    assert_false(sg_gauge_take(broken, 1, 10, 20, &g));
}

/* docs/method.md 4.6: golden value of scipy.stats.theilslopes. */
static void the_slope_is_theil_and_sens(void **state)
{
    (void)state;
    const double y[] = {5, 5.2, 5.1, 5.6, 5.4, 5.9, 6.1, 5.8, 6.4, 6.3, 6.8, 6.7};
    struct sg_prom_point points[12];
    for (size_t i = 0; i < 12; i++)
        points[i] = (struct sg_prom_point){1764000000.0 + (double)i, y[i]};
    assert_true(fabs(sg_gauge_slope(points, 12) - 0.171428571) < 1e-9);
    assert_true(isnan(sg_gauge_slope(points, 2)));
}

static void the_slope_of_a_long_window_uses_a_part_of_its_samples(void **state)
{
    (void)state;
    struct sg_prom_point points[5000];
    for (size_t i = 0; i < 5000; i++)
        points[i] = (struct sg_prom_point){0.5 * (double)i, 1e6 + 3.0 * (double)i};
    assert_true(fabs(sg_gauge_slope(points, 5000) - 6) < 1e-9);
    assert_true(fabs(sg_gauge_slope(points, 241) - 6) < 1e-9);
}

/* A series with labels id and, if not NULL, cpu. */
static struct sg_prom_series series(struct sg_label labels[2], char *id, char *cpu)
{
    static char name_id[] = "id", name_cpu[] = "cpu";
    labels[0] = (struct sg_label){name_id, id};
    labels[1] = (struct sg_label){name_cpu, cpu};
    return (struct sg_prom_series){.labels = labels, .labels_count = cpu != NULL ? 2 : 1};
}

static void cgroups_inside_the_container_are_not_its_own(void **state)
{
    (void)state;
    char outer[] = "/docker/ab", inner[] = "/docker/ab/init.scope", other[] = "/docker/abc";
    struct sg_label labels[3][2];
    struct sg_prom_series all[] = {series(labels[0], inner, NULL), series(labels[1], outer, NULL),
                                   series(labels[2], other, NULL)};
    struct sg_matrix m = {.series = all, .count = 3};
    const struct sg_prom_series *own[3];
    assert_int_equal(sg_pick_own(&m, own, 3), 2);
    assert_ptr_equal(own[0], &all[1]);
    assert_ptr_equal(own[1], &all[2]);
    assert_int_equal(sg_pick_own(&(struct sg_matrix){0}, own, 3), 0);
}

static void the_total_is_taken_before_single_cpus(void **state)
{
    (void)state;
    char id[] = "/docker/ab", total[] = "total", cpu0[] = "cpu00", cpu1[] = "cpu01";
    struct sg_label labels[3][2];
    struct sg_prom_series all[] = {series(labels[0], id, cpu0), series(labels[1], id, total),
                                   series(labels[2], id, cpu1)};
    struct sg_matrix m = {.series = all, .count = 3};
    size_t count = 0;
    assert_ptr_equal(sg_pick_cpu(&m, &count), &all[1]);
    assert_int_equal(count, 1);
}

static void single_cpus_are_not_added_up(void **state)
{
    (void)state;
    char id[] = "/docker/ab", cpu0[] = "cpu00", cpu1[] = "cpu01";
    struct sg_label labels[2][2];
    struct sg_prom_series all[] = {series(labels[0], id, cpu0), series(labels[1], id, cpu1)};
    struct sg_matrix m = {.series = all, .count = 2};
    size_t count = 0;
    assert_null(sg_pick_cpu(&m, &count));
    assert_int_equal(count, 2);
}

static void a_lone_series_without_a_cpu_label_is_the_total(void **state)
{
    (void)state;
    char id[] = "/docker/ab", total[] = "total";
    struct sg_label labels[2][2];
    struct sg_prom_series all[] = {series(labels[0], id, NULL)};
    struct sg_matrix m = {.series = all, .count = 1};
    size_t count = 0;
    assert_ptr_equal(sg_pick_cpu(&m, &count), &all[0]);
    struct sg_prom_series twice[] = {series(labels[0], id, total), series(labels[1], id, total)};
    struct sg_matrix two = {.series = twice, .count = 2};
    assert_null(sg_pick_cpu(&two, &count));
    assert_int_equal(count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maximum_and_count_are_of_samples_inside),
        cmocka_unit_test(the_mean_is_over_time_not_over_samples),
        cmocka_unit_test(the_mean_reaches_the_edges_through_the_neighbours_outside),
        cmocka_unit_test(a_window_without_samples_has_no_gauge),
        cmocka_unit_test(the_slope_is_theil_and_sens),
        cmocka_unit_test(the_slope_of_a_long_window_uses_a_part_of_its_samples),
        cmocka_unit_test(cgroups_inside_the_container_are_not_its_own),
        cmocka_unit_test(the_total_is_taken_before_single_cpus),
        cmocka_unit_test(single_cpus_are_not_added_up),
        cmocka_unit_test(a_lone_series_without_a_cpu_label_is_the_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
