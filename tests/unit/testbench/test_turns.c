/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a block can stand side by side: what its stacks would share, and its memory. */
#include "unit/testbench/help.h"

#include <math.h>

#include "testbench/stack.h"

#define MIB 1048576.0
#define GIB 1073741824.0

/* Why six copies of the stack cannot stand side by side; the service under test is "api". */
static char *why_of(const char *stack, double memory, double limit, size_t count)
{
    static char service[] = "api";
    struct sg_error err = {0};
    struct sg_config config = {.memory = limit};
    struct sg_bench bench = {.config = &config, .service = service, .memory = memory};
    bench.engine.remote = true; /* whatever this machine has */
    bench.stack = sg_json_parse(stack, strlen(stack), "test", &err);
    assert_non_null(bench.stack);
    char *why = sg_bench_why_turns(&bench, count);
    sg_json_free(bench.stack);
    return why;
}

static void expect_room(const char *stack, double limit, double needed)
{
    char *enough = why_of(stack, (needed + 1) / 0.8, limit, 6);
    char *too_little = why_of(stack, (needed - 1) / 0.8, limit, 6);
    if (enough != NULL || too_little == NULL) {
        fail_msg("six of %s need not %.0f MiB: %s, %s", stack, needed / MIB,
                 enough != NULL ? enough : "enough", too_little != NULL ? "too little" : "enough");
    }
    free(enough);
    free(too_little);
}

static const char alone[] = "{\"services\":{\"api\":{}}}";

/* Six of 160 MiB for the generator and 256 MiB for the service: 2.4375 GiB, four fifths of 3.05. */
static void a_block_needs_its_limits_and_its_generators_in_four_fifths_of_the_memory(void **state)
{
    (void)state;
    assert_null(why_of(alone, 3.05 * GIB, GIB / 4, 6));
    char *text = why_of(alone, 3.04 * GIB, GIB / 4, 6);
    assert_non_null(text);
    assert_non_null(strstr(text, "6 containers with their generators need 2.44"));
    assert_non_null(strstr(text, "the engine has 3.04"));
    free(text);
    assert_null(why_of(alone, 3.04 * GIB, GIB / 4, 5));
}

static void a_service_without_a_limit_is_estimated(void **state)
{
    (void)state;
    expect_room(alone, NAN, 6 * (160 + 256) * MIB);
    expect_room("{\"services\":{\"api\":{\"mem_limit\":\"104857600\"}}}", NAN, 6 * 260 * MIB);
    expect_room("{\"services\":{\"api\":{\"mem_limit\":\"104857600\"}}}", 40 * MIB, 6 * 200 * MIB);
}

static void the_stacks_other_services_count_with_their_limits_and_copies(void **state)
{
    (void)state;
    expect_room("{\"services\":{\"api\":{},\"db\":{\"mem_limit\":\"1073741824\"}}}", 40 * MIB,
                6 * (200 + 1024) * MIB);
    expect_room("{\"services\":{\"api\":{},\"db\":{\"deploy\":{\"resources\":{\"limits\":"
                "{\"memory\":\"104857600\"}}}},\"queue\":{}}}",
                40 * MIB, 6 * (200 + 100 + 256) * MIB);
    expect_room("{\"services\":{\"api\":{},\"w\":{\"scale\":3},\"x\":{\"mem_limit\":\"1048576\","
                "\"deploy\":{\"replicas\":4}},\"none\":{\"scale\":0}}}",
                40 * MIB, 6 * (200 + 3 * 256 + 4) * MIB);
    char *text = why_of("{\"services\":{\"api\":{},\"db\":{}}}", GIB, NAN, 6);
    assert_non_null(strstr(text, "6 containers with their stacks and generators need 3.94"));
    free(text);
}

static void an_engine_that_does_not_tell_its_memory_is_tried(void **state)
{
    (void)state;
    assert_null(why_of(alone, NAN, GIB, 6));
}

static void what_copies_would_share_is_the_reason_however_much_room_there_is(void **state)
{
    (void)state;
    char *text = why_of("{\"services\":{\"api\":{},\"db\":{\"volumes\":[{\"type\":\"bind\","
                        "\"source\":\"/srv/data\"}]}}}",
                        NAN, NAN, 6);
    assert_string_equal(text, "copies of the stack would share host path /srv/data (`:ro` on what "
                              "is only read helps)");
    free(text);
}

/* MemAvailable of a machine with 6,000,000 kB. */
static void what_is_free_is_asked_of_the_same_machine_only(void **state)
{
    (void)state;
    static const char text[] = "MemTotal:        6000000 kB\nMemFree:          100000 kB\n"
                               "MemAvailable:    4000000 kB\n";
    assert_float_equal(sg_memory_free(text, 6000000.0 * 1024), 4000000.0 * 1024, 0);
    assert_true(isnan(sg_memory_free(text, 5000000.0 * 1024)));
    assert_true(isnan(sg_memory_free("MemTotal: 6000000 kB\n", 6000000.0 * 1024)));
    assert_true(isnan(sg_memory_free("", NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_needs_its_limits_and_its_generators_in_four_fifths_of_the_memory),
        cmocka_unit_test(a_service_without_a_limit_is_estimated),
        cmocka_unit_test(the_stacks_other_services_count_with_their_limits_and_copies),
        cmocka_unit_test(an_engine_that_does_not_tell_its_memory_is_tried),
        cmocka_unit_test(what_copies_would_share_is_the_reason_however_much_room_there_is),
        cmocka_unit_test(what_is_free_is_asked_of_the_same_machine_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
