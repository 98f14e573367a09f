/* SPDX-License-Identifier: Apache-2.0 */
/* The probe on the service's CPU, and the mean of its ratio over a window. */
#include "unit/testbench/help.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/process.h"
#include "testbench/internal.h"

/* Eleven readings, a tenth of a second apart; the ratio is 0.8 at first, then 1.1. */
static void fill(struct sg_reading readings[11])
{
    readings[0] = (struct sg_reading){.time = 100};
    for (int i = 1; i <= 10; i++) {
        double ratio = i <= 5 ? 0.8 : 1.1;
        readings[i] =
            (struct sg_reading){.time = 100 + i / 10.0, .cpu = readings[i - 1].cpu + ratio / 10.0};
    }
}

static void the_ratio_is_a_mean_over_time(void **state)
{
    (void)state;
    struct sg_reading readings[11];
    fill(readings);
    assert_near(sg_probe_ratio(readings, 11, 100, 101), 0.95, 1e-12);
    assert_near(sg_probe_ratio(readings, 11, 99.95, 100.55), 0.8, 1e-12);
    assert_near(sg_probe_ratio(readings, 11, 100.45, 101.05), 1.1, 1e-12);
}

static void too_few_readings_have_no_ratio(void **state)
{
    (void)state;
    struct sg_reading readings[11];
    fill(readings);
    assert_true(isnan(sg_probe_ratio(readings, 11, 100, 110)));
    assert_true(isnan(sg_probe_ratio(readings, 1, 100, 101)));
    assert_true(isnan(sg_probe_ratio(NULL, 0, 100, 101)));
    assert_true(isnan(sg_probe_ratio(readings, 11, 200, 201)));
}

static void clear(struct sg_probe *probe)
{
    free(probe->core);
    free(probe->cache);
}

/* At the lowest priority: on a busy machine it may take a while until it had its turns. One that
 * gets none for minutes is broken. */
static void wait_for_readings(const struct sg_probe *probe, size_t count)
{
    int64_t end = sg_clock_monotonic() + 200 * SG_SECOND;
    while (atomic_load(&probe->count) < count && sg_clock_monotonic() < end) {
        assert_true(sg_sleep(SG_SECOND / 50));
    }
}

static void it_works_on_the_services_cpu(void **state)
{
    (void)state;
    struct sg_bench bench = {.pinning = {.service = "0"}};
    struct sg_probe probe;
    sg_probe_start(&probe, &bench);
    wait_for_readings(&probe, 3);
    sg_probe_stop(&probe);
    assert_true(probe.count >= 3);
    for (size_t i = 1; i < probe.count; i++) {
        assert_true(probe.core[i].time > probe.core[i - 1].time);
        assert_true(probe.core[i].cpu > probe.core[i - 1].cpu);
        assert_true(probe.cache[i].cpu > probe.cache[i - 1].cpu);
    }
    clear(&probe);
}

static size_t readings_on(const char *cpus, bool remote)
{
    struct sg_bench bench = {.engine = {.remote = remote}};
    struct sg_probe probe;
    (void)snprintf(bench.pinning.service, sizeof(bench.pinning.service), "%s", cpus);
    sg_probe_start(&probe, &bench);
    assert_true(sg_sleep(SG_SECOND / 10));
    sg_probe_stop(&probe);
    clear(&probe);
    return probe.count;
}

static void elsewhere_it_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(readings_on("0", true), 0);
    assert_int_equal(readings_on("", false), 0);    /* anywhere */
    assert_int_equal(readings_on("0-1", false), 0); /* the service may be its own neighbour */
    assert_int_equal(readings_on("0,1", false), 0);
    assert_int_equal(readings_on("1000", false), 0); /* not of this machine */
    assert_int_equal(readings_on("99999999", false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ratio_is_a_mean_over_time),
        cmocka_unit_test(too_few_readings_have_no_ratio),
        cmocka_unit_test(it_works_on_the_services_cpu),
        cmocka_unit_test(elsewhere_it_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
