/* SPDX-License-Identifier: Apache-2.0 */
/* Which CPUs go to whom, from one CPU to many, with and without the user's own wishes. */
#include "unit/testbench/help.h"

#include <math.h>

#include "testbench/internal.h"

static struct sg_pinning choose(double quota, int cpus)
{
    struct sg_config config = {.cpus = quota};
    return sg_pinning_choose(&config, cpus);
}

static void expect(const struct sg_pinning *pinning, const char *service, const char *generator,
                   const char *monitor, double generator_cpus)
{
    assert_string_equal(pinning->service, service);
    assert_string_equal(pinning->generator, generator);
    assert_string_equal(pinning->monitor, monitor);
    assert_near(pinning->generator_cpus, generator_cpus, 0);
}

/* `rate: auto` loads half of it. */
static void the_service_may_use_its_quota_or_its_cpus_whichever_is_less(void **state)
{
    (void)state;
    assert_near(choose(0.5, 4).service_cpus, 0.5, 0);
    assert_near(choose(4, 2).service_cpus, 1, 0);
    assert_near(choose(NAN, 8).service_cpus, 4, 0);
    assert_near(choose(NAN, 1).service_cpus, 1, 0);
}

static void one_cpu_is_not_parted(void **state)
{
    (void)state;
    struct sg_pinning pinning = choose(1, 1);
    expect(&pinning, "", "", "", 1);
}

static void of_two_cpus_the_service_has_one_alone(void **state)
{
    (void)state;
    struct sg_pinning pinning = choose(1, 2);
    expect(&pinning, "0", "1", "1", 1);
}

static void from_three_cpus_on_the_monitoring_has_its_own(void **state)
{
    (void)state;
    struct sg_pinning pinning = choose(1, 3);
    expect(&pinning, "0", "1", "2", 1);
}

static void the_service_gets_whole_cpus_for_its_quota(void **state)
{
    (void)state;
    struct sg_pinning pinning = choose(2.5, 8);
    expect(&pinning, "0-2", "3-6", "7", 4);
    pinning = choose(0.1, 8);
    expect(&pinning, "0", "1-6", "7", 6);
}

static void without_a_quota_the_service_gets_half(void **state)
{
    (void)state;
    struct sg_pinning pinning = choose(NAN, 8);
    expect(&pinning, "0-3", "4-6", "7", 3);
}

static void a_large_quota_leaves_the_generator_a_cpu(void **state)
{
    (void)state;
    struct sg_pinning pinning = choose(64, 4);
    expect(&pinning, "0-1", "2", "3", 1);
}

/* "2-5" → first and last */
static void range(const char *list, int *first, int *last)
{
    char *end = NULL;
    *first = (int)strtol(list, &end, 10);
    *last = *end == '-' ? (int)strtol(end + 1, NULL, 10) : *first;
}

static void the_sets_are_disjoint_and_cover_every_cpu(void **state)
{
    (void)state;
    for (int cpus = 3; cpus <= 130; cpus++) {
        for (int quota = 0; quota <= 140; quota++) {
            struct sg_pinning pinning = choose(quota, cpus);
            int from[3], to[3];
            range(pinning.service, &from[0], &to[0]);
            range(pinning.generator, &from[1], &to[1]);
            range(pinning.monitor, &from[2], &to[2]);
            assert_int_equal(from[0], 0);
            assert_int_equal(from[1], to[0] + 1);
            assert_int_equal(from[2], to[1] + 1);
            assert_int_equal(to[2], cpus - 1);
            assert_true(to[0] >= from[0] && to[1] >= from[1] && to[2] >= from[2]);
            assert_near(pinning.generator_cpus, to[1] - from[1] + 1, 0);
        }
    }
}

static void own_sets_come_first_and_are_counted(void **state)
{
    (void)state;
    char service[] = "4", generator[] = "0-2,5", monitor[] = "3";
    struct sg_config config = {.cpus = 1,
                               .service_cpuset = service,
                               .generator_cpuset = generator,
                               .monitor_cpuset = monitor};
    struct sg_pinning pinning = sg_pinning_choose(&config, 6);
    expect(&pinning, "4", "0-2,5", "3", 4);
}

static void own_sets_hold_on_one_cpu_too(void **state)
{
    (void)state;
    char generator[] = "0";
    struct sg_config config = {.cpus = NAN, .generator_cpuset = generator};
    struct sg_pinning pinning = sg_pinning_choose(&config, 1);
    expect(&pinning, "", "0", "", 1);
}

static void a_long_list_of_cpus_is_kept_whole(void **state)
{
    (void)state;
    static char list[] = "0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42,44,46";
    struct sg_config config = {.cpus = NAN, .service_cpuset = list};
    struct sg_pinning pinning = sg_pinning_choose(&config, 48);
    assert_string_equal(pinning.service, list);
    assert_true(sg_cpus_contain(pinning.service, 46));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_list_of_cpus_is_kept_whole),
        cmocka_unit_test(the_service_may_use_its_quota_or_its_cpus_whichever_is_less),
        cmocka_unit_test(one_cpu_is_not_parted),
        cmocka_unit_test(of_two_cpus_the_service_has_one_alone),
        cmocka_unit_test(from_three_cpus_on_the_monitoring_has_its_own),
        cmocka_unit_test(the_service_gets_whole_cpus_for_its_quota),
        cmocka_unit_test(without_a_quota_the_service_gets_half),
        cmocka_unit_test(a_large_quota_leaves_the_generator_a_cpu),
        cmocka_unit_test(the_sets_are_disjoint_and_cover_every_cpu),
        cmocka_unit_test(own_sets_come_first_and_are_counted),
        cmocka_unit_test(own_sets_hold_on_one_cpu_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
