/* SPDX-License-Identifier: Apache-2.0 */
/* What k6 says of a script before anything is measured. A script in PATH stands in for docker: it
 * says what k6 2.2 said. */
#include "unit/testbench/help.h"

#include <stdio.h>
#include <sys/stat.h>

#include "testbench/internal.h"

static char *work;
static char said[4096];
static struct sg_config config;
static struct sg_bench bench;

static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

static void keep(void *context, const char *line)
{
    (void)context;
    (void)snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", line);
}

static int set_up(void **state)
{
    (void)state;
    work = folder_new();
    said[0] = '\0';
    config = (struct sg_config){.script = text("perf/load.js")};
    bench = (struct sg_bench){.config = &config,
                              .folder = work,
                              .project = text("svcgate-s"),
                              .wrapper = text("/svcgate/svcgate-wrapper.js"),
                              .progress = {.say = keep}};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_delete(work);
    return 0;
}

/* k6 that writes this and ends like that. */
static void k6_says(const char *words, int status)
{
    char *bin = sg_path_join(work, "docker");
    char *path = sg_format("%s:%s", work, sg_env("PATH"));
    char *script =
        sg_format("#!/bin/sh\ncat >&2 <<'END'\n%s\nEND\necho '{}'\nexit %d\n", words, status);
    struct sg_error err = {0};
    assert_true(sg_file_write(bin, script, strlen(script), &err));
    assert_int_equal(chmod(bin, 0755), 0);
    setenv("PATH", path, 1);
    free(script);
    free(path);
    free(bin);
}

static void expect_refusal(const char *words, int status, const char *sentence)
{
    struct sg_error err = {0};
    k6_says(words, status);
    assert_false(sg_script_check(&bench, &err));
    assert_string_equal(err.text, sentence);
    assert_int_equal(err.kind, status < 97 ? SG_ERROR_ENVIRONMENT : SG_ERROR_CONFIG);
}

static void what_svcgate_replaces_is_said(void **state)
{
    (void)state;
    struct sg_error err = {0};
    k6_says("svcgate: of the script's options svcgate replaces vus, duration\nof the script", 0);
    assert_true(sg_script_check(&bench, &err));
    assert_string_equal(said, "of the script's options svcgate replaces vus, duration\n");
}

static void an_exception_of_the_script_is_one_sentence(void **state)
{
    (void)state;
    expect_refusal("svcgate: a remark\nError: the script has no default function\n\tat chosen "
                   "(file:///svcgate/svcgate-wrapper.js:56:84(20))\n",
                   107, "load.script: k6 refuses load.js: the script has no default function");
}

static void a_missing_file_is_named_with_the_way_to_list_it(void **state)
{
    (void)state;
    expect_refusal("GoError: stat /svcgate/q.json: no such file or directory\n\tat native", 107,
                   "load.script: k6 refuses load.js: stat /svcgate/q.json: no such file or "
                   "directory; files whose name the script puts together are found only where "
                   "load.files names them");
    expect_refusal(
        "could not initialize '/svcgate/svcgate-wrapper.js': could not load JS test "
        "'file:///svcgate/svcgate-wrapper.js': The moduleSpecifier \"./x.js\" couldn't be found on "
        "local disk. Make sure that you've specified the right path to the file.",
        107,
        "load.script: k6 refuses load.js: The moduleSpecifier \"./x.js\" couldn't be found on "
        "local disk; files whose name the script puts together are found only where load.files "
        "names them");
}

static void a_module_that_cannot_be_fetched_is_named_with_the_way_round(void **state)
{
    (void)state;
    expect_refusal("could not initialize 'w.js': could not load JS test 'file:///w.js': The "
                   "moduleSpecifier \"https://jslib.k6.io/a.js\" couldn't be retrieved from the "
                   "resolved url",
                   107,
                   "load.script: k6 refuses load.js: The moduleSpecifier "
                   "\"https://jslib.k6.io/a.js\" couldn't be retrieved from the resolved url; "
                   "modules are fetched from inside k6's container, and it does not reach that "
                   "address: save the module beside the script and import it from there");
}

static void a_load_of_k6s_own_in_its_variables_is_refused(void **state)
{
    (void)state;
    expect_refusal(
        "\"env\" level configuration overrode scenarios configuration entirely\nThere were "
        "problems with the specified script configuration:",
        104,
        "load.env: K6_VUS, K6_DURATION, K6_ITERATIONS and K6_STAGES would replace "
        "svcgate's load; leave them out");
}

static void write_script(const char *text)
{
    struct sg_error err = {0};
    config.script = sg_path_join(work, "load.js");
    assert_true(sg_file_write(config.script, text, strlen(text), &err));
}

/* The module that makes the others counts as well; what is not made is not listed. */
static void a_metric_that_nobody_makes_is_told_with_those_that_are_made(void **state)
{
    (void)state;
    write_script(
        "import { Trend as T, Rate } from 'k6/metrics';\n"
        "const won = new Rate( 'won' ), again = new Rate('won');\n"
        "const t = new Trend(\n  \"checkout_time\", true);\nnew Trend(name); new Trendy('x');\n");
    expect_refusal(
        "invalid threshold defined on chekout_time{scenario:measure,step:pay}; reason: no "
        "metric name \"chekout_time{scenario:measure,step:pay}\" found",
        104,
        "gates: neither k6 nor load.js makes a metric chekout_time; its sources make won, "
        "checkout_time. Metrics are made outside of all functions, such as: const t = new "
        "Trend('chekout_time')");
    free(config.script);
}

static void a_statistic_that_a_kind_does_not_have_is_told_with_those_it_has(void **state)
{
    (void)state;
    expect_refusal(
        "invalid threshold \"p(95)<1\" applied on metric orders{scenario:measure}; reason: "
        "unsupported aggregation method p on metric of type counter. supported aggregation "
        "methods for this metric are: count, rate",
        104, "gates: orders is a counter of k6's, which has no p(95); it has count, rate");
}

static void a_container_that_does_not_start_is_no_fault_of_the_script(void **state)
{
    (void)state;
    expect_refusal("no space left on device", 1,
                   "k6 could not be started (status 1): no space left on device\n");
}

static void without_a_script_there_is_nothing_to_read(void **state)
{
    (void)state;
    struct sg_error err = {0};
    bench.wrapper = NULL;
    k6_says("", 107);
    assert_true(sg_script_check(&bench, &err));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_svcgate_replaces_is_said),
        TEST(an_exception_of_the_script_is_one_sentence),
        TEST(a_missing_file_is_named_with_the_way_to_list_it),
        TEST(a_module_that_cannot_be_fetched_is_named_with_the_way_round),
        TEST(a_load_of_k6s_own_in_its_variables_is_refused),
        TEST(a_metric_that_nobody_makes_is_told_with_those_that_are_made),
        TEST(a_statistic_that_a_kind_does_not_have_is_told_with_those_it_has),
        TEST(a_container_that_does_not_start_is_no_fault_of_the_script),
        TEST(without_a_script_there_is_nothing_to_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
