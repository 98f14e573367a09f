/* SPDX-License-Identifier: Apache-2.0 */
/* The share of stolen time between two moments, from readings that lie beside them. */
#include "unit/testbench/help.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "testbench/internal.h"

/* Four readings, one a second; ticks of the time that was stolen in each second: 10, 0, 40. */
static struct sg_ticks four[] = {{100, 0, 1000}, {101, 10, 1100}, {102, 10, 1200}, {103, 50, 1300}};
static const struct sg_steal history = {.ticks = four, .count = 4};

static void steal_is_a_share_of_all_ticks(void **state)
{
    (void)state;
    assert_near(sg_steal_share(&history, 100, 103), 50.0 / 300, 1e-15);
    assert_near(sg_steal_share(&history, 100, 101), 0.1, 1e-15);
}

static void only_the_window_counts(void **state)
{
    (void)state;
    assert_near(sg_steal_share(&history, 101, 102), 0, 0);
}

static void the_nearest_readings_stand_for_the_edges(void **state)
{
    (void)state;
    assert_near(sg_steal_share(&history, 100.9, 102.6), 0.2, 1e-15);
    assert_near(sg_steal_share(&history, 0, 1e9), 50.0 / 300, 1e-15);
}

static void without_two_readings_there_is_no_share(void **state)
{
    (void)state;
    struct sg_steal none = {0};
    struct sg_steal one = {.ticks = four, .count = 1};
    assert_true(isnan(sg_steal_share(&none, 100, 103)));
    assert_true(isnan(sg_steal_share(&one, 100, 103)));
    assert_true(isnan(sg_steal_share(&history, 100.2, 100.4)));
}

static void the_latest_share_is_between_the_last_two_readings(void **state)
{
    (void)state;
    assert_near(sg_steal_latest(&history), 0.4, 1e-15);
}

/* As when /proc/stat could be read once and then no more. */
static void one_reading_or_none_tells_no_latest_share(void **state)
{
    (void)state;
    struct sg_ticks *alone = malloc(sizeof(*alone)); /* so that a look before it is seen */
    *alone = four[0];
    assert_true(isnan(sg_steal_latest(&(struct sg_steal){.ticks = alone, .count = 1})));
    assert_true(isnan(sg_steal_latest(&(struct sg_steal){0})));
    free(alone);
}

static void every_reading_of_this_machine_is_later_and_not_smaller(void **state)
{
    (void)state;
    struct sg_bench bench = {0}; /* not pinned: all CPUs */
    struct sg_steal steal = {0};
    sg_steal_read(&bench, &steal);
    sg_steal_read(&bench, &steal);
    assert_int_equal(steal.count, 2);
    assert_true(steal.ticks[0].total > 0);
    assert_true(steal.ticks[1].total >= steal.ticks[0].total);
    assert_true(steal.ticks[1].steal >= steal.ticks[0].steal);
    assert_true(steal.ticks[1].time >= steal.ticks[0].time);
    free(steal.ticks);
}

/* The steal of each CPU, summed: proc(5)'s eighth number of "cpu0 …", "cpu1 …". */
static double own_sum(void)
{
    FILE *file = fopen("/proc/stat", "r");
    char line[4096];
    double sum = 0;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "cpu", 3) != 0 || line[3] == ' ') {
            continue;
        }
        char *at = strchr(line, ' ');
        double value = 0;
        for (int i = 0; i < 8; i++) {
            value = strtod(at, &at);
        }
        sum += value;
    }
    (void)fclose(file);
    return sum;
}

static void a_reading_lies_between_two_of_the_kernels_own(void **state)
{
    (void)state;
    struct sg_bench bench = {0};
    struct sg_steal steal = {0};
    double before = own_sum();
    sg_steal_read(&bench, &steal);
    double after = own_sum();
    assert_true(steal.ticks[0].steal >= before);
    assert_true(steal.ticks[0].steal <= after);
    free(steal.ticks);
}

static void only_the_generators_cpus_are_summed(void **state)
{
    (void)state;
    struct sg_bench all = {0};
    struct sg_bench first = {.pinning = {.generator = "0"}};
    struct sg_bench nowhere = {.pinning = {.generator = "4000-4003,5000"}};
    struct sg_steal steal = {0};
    sg_steal_read(&first, &steal);
    sg_steal_read(&all, &steal);
    sg_steal_read(&nowhere, &steal);
    assert_int_equal(steal.count, 3);
    assert_true(steal.ticks[0].total > 0);
    assert_true(steal.ticks[1].total >= steal.ticks[0].total);
    assert_near(steal.ticks[2].total, 0, 0);
    free(steal.ticks);
}

static void a_remote_engines_cpus_are_not_this_machines(void **state)
{
    (void)state;
    struct sg_bench bench = {.engine = {.remote = true}};
    struct sg_steal steal = {0};
    sg_steal_read(&bench, &steal);
    assert_int_equal(steal.count, 0);
}

static void count_words(void *context, const char *text)
{
    int *told = context;
    *told += strstr(text, "the host takes away") != NULL;
}

/* No share is above 1, and every one is above -1. */
static void it_waits_for_calm_and_not_longer_than_asked(void **state)
{
    (void)state;
    int told = 0;
    struct sg_bench bench = {.progress = {.say = count_words, .context = &told}};
    struct sg_error err = {0};
    assert_true(sg_bench_wait_calm(&bench, 1, 1e6, &err));
    assert_int_equal(told, 0);
    assert_true(sg_bench_wait_calm(&bench, -1, 3, &err));
    assert_int_equal(told, 1);
}

static void nobody_waits_for_a_host_that_is_not_seen(void **state)
{
    (void)state;
    struct sg_bench bench = {.engine = {.remote = true}};
    struct sg_error err = {0};
    assert_true(sg_bench_wait_calm(&bench, -1, 1e6, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steal_is_a_share_of_all_ticks),
        cmocka_unit_test(only_the_window_counts),
        cmocka_unit_test(the_nearest_readings_stand_for_the_edges),
        cmocka_unit_test(without_two_readings_there_is_no_share),
        cmocka_unit_test(the_latest_share_is_between_the_last_two_readings),
        cmocka_unit_test(one_reading_or_none_tells_no_latest_share),
        cmocka_unit_test(every_reading_of_this_machine_is_later_and_not_smaller),
        cmocka_unit_test(a_reading_lies_between_two_of_the_kernels_own),
        cmocka_unit_test(only_the_generators_cpus_are_summed),
        cmocka_unit_test(a_remote_engines_cpus_are_not_this_machines),
        cmocka_unit_test(it_waits_for_calm_and_not_longer_than_asked),
        cmocka_unit_test(nobody_waits_for_a_host_that_is_not_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
