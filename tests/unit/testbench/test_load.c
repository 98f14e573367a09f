/* SPDX-License-Identifier: Apache-2.0 */
/* The settings that k6 gets for one repetition. */
#include "unit/testbench/help.h"

#include "testbench/internal.h"

static struct sg_config_variant variants[] = {{.name = "base"}, {.name = "candidate"}};

static struct sg_json *written(const struct sg_config *config, size_t variant)
{
    struct sg_bench bench = {.config = config, .folder = folder_new()};
    struct sg_place place = {.variant = variant, .generator = (char[]){"k6"}};
    struct sg_drive drive = {
        .place = &place, .testid = "20260102-030405-abcd-7", .warmup = 10, .measure = 30.5};
    struct sg_error err = {0};
    if (!sg_generator_write(&bench, &drive, 1, &err)) {
        fail_msg("%s", err.text);
    }
    struct sg_json *load = folder_json(bench.folder, "load.json");
    folder_delete(bench.folder);
    return load;
}

static const char *setting(const struct sg_json *load, const char *name)
{
    char *path = sg_format("services/k6/environment/%s", name);
    const char *value = string_at(load, path);
    free(path);
    return value;
}

static void series_are_labelled_with_repetition_and_running_variant(void **state)
{
    (void)state;
    struct sg_config config = {.variants = variants, .variants_count = 2, .rate = 20};
    struct sg_json *load = written(&config, 1);
    assert_string_equal(setting(load, "SVCGATE_TESTID"), "20260102-030405-abcd-7");
    assert_string_equal(setting(load, "SVCGATE_VARIANT"), "candidate");
    sg_json_free(load);
}

static void rate_and_durations_are_passed_exactly(void **state)
{
    (void)state;
    struct sg_config config = {.variants = variants, .variants_count = 2, .rate = 0.1};
    struct sg_json *load = written(&config, 0);
    assert_string_equal(setting(load, "SVCGATE_RATE"), "0.1");
    assert_string_equal(setting(load, "SVCGATE_WARMUP"), "10");
    assert_string_equal(setting(load, "SVCGATE_MEASURE"), "30.5");
    sg_json_free(load);
}

static void a_closed_load_has_its_users_and_no_rate(void **state)
{
    (void)state;
    struct sg_config config = {
        .variants = variants, .variants_count = 2, .rate = NAN, .vus = 20, .duration = 30};
    struct sg_json *load = written(&config, 0);
    assert_string_equal(setting(load, "SVCGATE_CLOSED"), "20");
    assert_string_equal(setting(load, "SVCGATE_VUS"), "20");
    assert_string_equal(setting(load, "SVCGATE_MAX_VUS"), "20");
    sg_json_free(load);
}

static void expect_vus(double rate, int most, const char *vus, const char *max)
{
    struct sg_config config = {
        .variants = variants, .variants_count = 2, .rate = rate, .vus = most};
    struct sg_json *load = written(&config, 0);
    assert_string_equal(setting(load, "SVCGATE_VUS"), vus);
    assert_string_equal(setting(load, "SVCGATE_MAX_VUS"), max);
    sg_json_free(load);
}

static void virtual_users_follow_the_rate_between_two_bounds(void **state)
{
    (void)state;
    expect_vus(1, 0, "50", "200");
    expect_vus(301, 0, "151", "604");
    expect_vus(50000, 0, "1000", "4000");
}

static void a_configured_maximum_of_virtual_users_holds(void **state)
{
    (void)state;
    expect_vus(300, 5, "5", "5");
    expect_vus(300, 400, "150", "400");
}

/* Little's law and half as many more: at 100/s, iterations of 1 s. */
static void virtual_users_follow_the_length_of_an_iteration(void **state)
{
    (void)state;
    struct sg_config config = {.rate = 100};
    struct sg_bench bench = {.config = &config};
    struct sg_bench_window seen = {.load.iteration = 1};
    assert_true(sg_bench_learn_vus(&bench, &seen));
    assert_float_equal(sg_generator_ready_vus(&bench), 150, 0);
    assert_float_equal(sg_generator_most_vus(&bench), 300, 0);
    seen.load.iteration = 0.9;
    assert_false(sg_bench_learn_vus(&bench, &seen));
    seen.load.iteration = NAN;
    assert_false(sg_bench_learn_vus(&bench, &seen));
    assert_float_equal(sg_generator_ready_vus(&bench), 150, 0);
    seen.load.iteration = 1000;
    assert_true(sg_bench_learn_vus(&bench, &seen));
    assert_float_equal(sg_generator_ready_vus(&bench), 4000, 0);
}

static void short_iterations_need_no_more_than_the_rate_asks_for(void **state)
{
    (void)state;
    struct sg_config config = {.rate = 100};
    struct sg_bench bench = {.config = &config};
    struct sg_bench_window seen = {.load.iteration = 0.01};
    assert_false(sg_bench_learn_vus(&bench, &seen));
    assert_float_equal(sg_generator_ready_vus(&bench), 50, 0);
}

static void a_configured_maximum_holds_for_long_iterations_too(void **state)
{
    (void)state;
    struct sg_config config = {.rate = 100, .vus = 100};
    struct sg_bench bench = {.config = &config};
    struct sg_bench_window seen = {.load.iteration = 5};
    assert_true(sg_bench_learn_vus(&bench, &seen));
    assert_float_equal(sg_generator_ready_vus(&bench), 100, 0);
    assert_false(sg_bench_learn_vus(&bench, &seen));
}

static void expect_heap(double rate, double memory, double mib)
{
    struct sg_config config = {.rate = rate};
    struct sg_bench bench = {.config = &config, .memory = memory};
    assert_float_equal(sg_generator_heap(&bench, 1), mib, 0);
}

static void k6_collects_no_garbage_before_it_must(void **state)
{
    (void)state;
    expect_heap(1, 64e9, 912);
    expect_heap(1000, 64e9, 512 + 2 * 2000);
    expect_heap(1000, 4.0 * (1 << 30), 2048);
    expect_heap(1, NAN, 912);
}

static void requests_are_told_apart_only_where_a_gate_names_one(void **state)
{
    (void)state;
    char request[] = "search";
    struct sg_gate gates[] = {{.request = NULL}, {.request = request}};
    struct sg_config config = {
        .variants = variants, .variants_count = 2, .rate = 20, .gates = gates, .gates_count = 1};
    struct sg_json *load = written(&config, 0);
    assert_string_equal(setting(load, "SVCGATE_SYSTEM_TAGS"), "scenario,expected_response");
    sg_json_free(load);
    config.gates_count = 2;
    load = written(&config, 0);
    assert_string_equal(setting(load, "SVCGATE_SYSTEM_TAGS"), "scenario,expected_response,name");
    sg_json_free(load);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_are_labelled_with_repetition_and_running_variant),
        cmocka_unit_test(rate_and_durations_are_passed_exactly),
        cmocka_unit_test(a_closed_load_has_its_users_and_no_rate),
        cmocka_unit_test(virtual_users_follow_the_rate_between_two_bounds),
        cmocka_unit_test(a_configured_maximum_of_virtual_users_holds),
        cmocka_unit_test(virtual_users_follow_the_length_of_an_iteration),
        cmocka_unit_test(short_iterations_need_no_more_than_the_rate_asks_for),
        cmocka_unit_test(a_configured_maximum_holds_for_long_iterations_too),
        cmocka_unit_test(k6_collects_no_garbage_before_it_must),
        cmocka_unit_test(requests_are_told_apart_only_where_a_gate_names_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
