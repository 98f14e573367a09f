/* SPDX-License-Identifier: Apache-2.0 */
/* k6's end-of-test summary: one that k6 2.2.0 wrote (cut to the metrics that are read), and what a
 * broken run leaves. */
#include "unit/testbench/help.h"

#include <math.h>

#include "testbench/internal.h"

static const char real[] =
    "{\"svcgate\":1,\"state\":{\"isStdOutTTY\":false,\"testRunDurationMs\":8503.41186},\"metrics\":"
    "{"
    "\"svcgate_warmup_start\":{\"type\":\"gauge\",\"contains\":\"default\",\"values\":"
    "{\"value\":1795567392619,\"min\":1795567392619,\"max\":1795567392619}},"
    "\"svcgate_measure_start\":{\"values\":{\"min\":1795567396620,\"max\":1795567396620,"
    "\"value\":1795567396620},\"type\":\"gauge\",\"contains\":\"default\"},"
    "\"svcgate_measure_end\":{\"values\":{\"value\":1795567398622,\"min\":1795567398622,"
    "\"max\":1795567398622},\"type\":\"gauge\",\"contains\":\"default\"},"
    "\"http_reqs\":{\"type\":\"counter\",\"values\":{\"count\":402,\"rate\":47.27}},"
    "\"http_reqs{scenario:measure}\":{\"type\":\"counter\",\"values\":{\"count\":201,"
    "\"rate\":23.637570813840362}},"
    "\"http_reqs{scenario:warmup}\":{\"type\":\"counter\",\"values\":{\"count\":200,"
    "\"rate\":23.52}},"
    "\"http_req_failed\":{\"type\":\"rate\",\"values\":{\"rate\":0.0995,\"passes\":40,"
    "\"fails\":362}},"
    "\"http_req_failed{scenario:measure}\":{\"values\":{\"rate\":0.09950248756218906,\"passes\":20,"
    "\"fails\":181},\"type\":\"rate\",\"contains\":\"default\"},"
    "\"iterations{scenario:measure}\":{\"values\":{\"count\":199,\"rate\":23.6},"
    "\"type\":\"counter\",\"contains\":\"default\"},"
    "\"dropped_iterations{scenario:measure}\":{\"values\":{\"count\":3,\"rate\":0.1}},"
    "\"dropped_iterations{scenario:warmup}\":{\"values\":{\"count\":4,\"rate\":0.1}},"
    "\"data_received{scenario:measure}\":{\"contains\":\"data\",\"values\":{\"count\":388893,"
    "\"rate\":45733.76},\"type\":\"counter\"},"
    "\"data_sent{scenario:measure}\":{\"contains\":\"data\",\"values\":{\"rate\":2119.5,"
    "\"count\":18023},\"type\":\"counter\"},"
    "\"vus\":{\"contains\":\"default\",\"values\":{\"value\":0,\"min\":0,\"max\":7},"
    "\"type\":\"gauge\"},"
    "\"vus_max\":{\"contains\":\"default\",\"values\":{\"min\":50,\"max\":50,\"value\":50}},"
    "\"http_req_duration\":{\"type\":\"trend\",\"contains\":\"time\",\"values\":{\"p(90)\":5.39,"
    "\"p(95)\":7.91,\"p(99)\":18.1,\"max\":32.67,\"count\":402,\"avg\":1.94,\"med\":0.33}},"
    "\"http_req_duration{scenario:measure}\":{\"type\":\"trend\",\"values\":{\"avg\":1.27,"
    "\"med\":0.31,\"p(90)\":3.48,\"p(95)\":5.39,\"p(99)\":10.5}},"
    "\"http_req_duration{scenario:measure,expected_response:true}\":{\"type\":\"trend\","
    "\"contains\":\"time\",\"values\":{\"p(95)\":4.004002,\"p(99)\":8.331435599999976,"
    "\"max\":10.803011,\"count\":181,\"avg\":1.025529193370166,\"min\":0.135794,"
    "\"med\":0.308534,\"p(90)\":3.331222}}}}\n";

static struct sg_load_summary read_text(const char *text)
{
    struct sg_load_summary summary = {0};
    struct sg_error err = {0};
    if (!sg_summary_read(text, strlen(text), &summary, &err)) {
        fail_msg("%s", err.text);
    }
    return summary;
}

static void iterations_that_threw_and_how_long_one_lasted(void **state)
{
    (void)state;
    struct sg_load_summary summary = read_text(
        "{\"metrics\":{\"svcgate_failed_iterations{scenario:measure}\":{\"values\":{\"count\":29}},"
        "\"iteration_duration{scenario:measure}\":{\"values\":{\"count\":41,\"avg\":1002.5}}}}");
    assert_near(summary.failed_iterations, 29, 0);
    assert_near(summary.iteration, 1.0025, 1e-12);
    summary = read_text("{\"metrics\":{\"iteration_duration{scenario:measure}\":{\"values\":"
                        "{\"count\":0,\"avg\":0}}}}");
    assert_near(summary.failed_iterations, 0, 0);
    assert_true(isnan(summary.iteration));
}

static void files_of_the_scripts_own_summary_stand_apart(void **state)
{
    (void)state;
    const char text[] =
        "{\"svcgate\":1,\"metrics\":{},\"files\":{\"../out/a.html\":\"<p>\",\"..\":\"x\","
        "\"b.json\":\"{}\",\"c/\":\"x\",\"n\":1}} and a log";
    char *summary = NULL;
    struct sg_pair *files = NULL;
    size_t count = 0;
    sg_summary_split(text, strlen(text) - strlen(" and a log"), &summary, &files, &count);
    assert_string_equal(summary, "{\"metrics\": {}, \"svcgate\": 1}\n");
    assert_int_equal(count, 2);
    assert_string_equal(files[0].key, "a.html");
    assert_string_equal(files[0].value, "<p>");
    assert_string_equal(files[1].key, "b.json");
    for (size_t i = 0; i < count; i++) {
        free(files[i].key);
        free(files[i].value);
    }
    free(files);
    free(summary);
}

static void a_text_that_is_no_summary_stays_whole(void **state)
{
    (void)state;
    char *summary = NULL;
    struct sg_pair *files = NULL;
    size_t count = 0;
    sg_summary_split("{\"svcgate\":1", 12, &summary, &files, &count);
    assert_string_equal(summary, "{\"svcgate\":1");
    assert_int_equal(count, 0);
    free(summary);
}

static void times_become_seconds(void **state)
{
    (void)state;
    struct sg_load_summary summary = read_text(real);
    assert_near(summary.warmup_start, 1795567392.619, 1e-6);
    assert_near(summary.start, 1795567396.620, 1e-6);
    assert_near(summary.end, 1795567398.622, 1e-6);
}

static void latency_is_of_the_successful_requests_of_the_measured_window(void **state)
{
    (void)state;
    struct sg_load_summary summary = read_text(real);
    assert_near(summary.avg, 0.001025529193370166, 1e-15);
    assert_near(summary.p50, 0.000308534, 1e-15);
    assert_near(summary.p90, 0.003331222, 1e-15);
    assert_near(summary.p95, 0.004004002, 1e-15);
    assert_near(summary.p99, 0.008331435599999976, 1e-15);
}

static void the_distribution_has_the_quantiles_that_k6_told(void **state)
{
    (void)state;
    static const double expected[][2] = {
        {0, 0.000135794},    {0.5, 0.000308534},           {0.9, 0.003331222},
        {0.95, 0.004004002}, {0.99, 0.008331435599999976}, {1, 0.010803011}};
    struct sg_load_summary summary = read_text(real);
    assert_int_equal(summary.latency_count, SG_COUNT(expected));
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        assert_near(summary.latency[i].share, expected[i][0], 0);
        assert_near(summary.latency[i].seconds, expected[i][1], 1e-15);
    }
}

/* k6 leaves the sub-metric in, with zeros. */
static void without_a_successful_request_there_is_no_distribution(void **state)
{
    (void)state;
    struct sg_load_summary summary = read_text(
        "{\"metrics\":{\"http_req_duration{scenario:measure,expected_response:true}\":{\"values\":"
        "{\"count\":0,\"min\":0,\"med\":0,\"p(95)\":0,\"max\":0}}}}");
    assert_int_equal(summary.latency_count, 0);
}

static void counts_are_of_their_own_scenario(void **state)
{
    (void)state;
    struct sg_load_summary summary = read_text(real);
    assert_near(summary.requests, 201, 0);
    assert_near(summary.failed, 20, 0);
    assert_near(summary.warmup_requests, 200, 0);
    assert_near(summary.iterations, 199, 0);
    assert_near(summary.bytes_received, 388893, 0);
    assert_near(summary.bytes_sent, 18023, 0);
}

static void dropped_iterations_are_of_both_scenarios(void **state)
{
    (void)state;
    assert_near(read_text(real).dropped, 7, 0);
}

static void busy_virtual_users_are_counted_not_those_in_reserve(void **state)
{
    (void)state;
    assert_near(read_text(real).vus_max, 7, 0);
}

/* k6 leaves out a metric that nothing was added to: dropped iterations, for one. */
static void a_count_that_k6_never_made_is_zero(void **state)
{
    (void)state;
    struct sg_load_summary summary = read_text("{\"svcgate\":1,\"metrics\":{}}");
    assert_near(summary.requests, 0, 0);
    assert_near(summary.failed, 0, 0);
    assert_near(summary.dropped, 0, 0);
    assert_near(summary.iterations, 0, 0);
}

static void what_was_never_measured_is_nan_and_not_zero(void **state)
{
    (void)state;
    struct sg_load_summary summary = read_text("{\"svcgate\":1,\"metrics\":{}}");
    assert_true(isnan(summary.start));
    assert_true(isnan(summary.end));
    assert_true(isnan(summary.warmup_start));
    assert_true(isnan(summary.p50));
    assert_true(isnan(summary.p95));
    assert_true(isnan(summary.avg));
    assert_true(isnan(summary.vus_max));
    assert_true(isnan(summary.bytes_received));
}

static void values_of_another_kind_are_nan(void **state)
{
    (void)state;
    struct sg_load_summary summary =
        read_text("{\"metrics\":{\"svcgate_measure_start\":{\"values\":{\"value\":\"soon\"}},"
                  "\"svcgate_measure_end\":{\"values\":null},"
                  "\"http_req_duration{scenario:measure,expected_response:true}\":{\"values\":"
                  "{\"p(95)\":null,\"med\":[1]}}}}");
    assert_true(isnan(summary.start));
    assert_true(isnan(summary.end));
    assert_true(isnan(summary.p95));
    assert_true(isnan(summary.p50));
}

static void a_summary_that_is_no_object_has_no_numbers(void **state)
{
    (void)state;
    static const char *const texts[] = {"[]", "null", "1", "\"x\"", "{\"metrics\":[1,2]}"};
    for (size_t i = 0; i < SG_COUNT(texts); i++) {
        struct sg_load_summary summary = read_text(texts[i]);
        assert_true(isnan(summary.start));
        assert_true(isnan(summary.p95));
        assert_near(summary.requests, 0, 0);
    }
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    size_t whole = strlen(real) - 1; /* without the last line end */
    for (size_t size = 0; size < whole; size++) {
        char *exact = malloc(size == 0 ? 1 : size); /* ASan sees a byte too far */
        memcpy(exact, real, size);
        struct sg_load_summary summary = {0};
        struct sg_error err = {0};
        assert_false(sg_summary_read(exact, size, &summary, &err));
        assert_non_null(strstr(err.text, "k6's summary"));
        free(exact);
    }
}

static void text_after_the_summary_is_refused(void **state)
{
    (void)state;
    struct sg_load_summary summary = {0};
    struct sg_error err = {0};
    const char *text = "{\"svcgate\":1,\"metrics\":{}} and more";
    assert_false(sg_summary_read(text, strlen(text), &summary, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_become_seconds),
        cmocka_unit_test(iterations_that_threw_and_how_long_one_lasted),
        cmocka_unit_test(files_of_the_scripts_own_summary_stand_apart),
        cmocka_unit_test(a_text_that_is_no_summary_stays_whole),
        cmocka_unit_test(latency_is_of_the_successful_requests_of_the_measured_window),
        cmocka_unit_test(the_distribution_has_the_quantiles_that_k6_told),
        cmocka_unit_test(without_a_successful_request_there_is_no_distribution),
        cmocka_unit_test(counts_are_of_their_own_scenario),
        cmocka_unit_test(dropped_iterations_are_of_both_scenarios),
        cmocka_unit_test(busy_virtual_users_are_counted_not_those_in_reserve),
        cmocka_unit_test(a_count_that_k6_never_made_is_zero),
        cmocka_unit_test(what_was_never_measured_is_nan_and_not_zero),
        cmocka_unit_test(values_of_another_kind_are_nan),
        cmocka_unit_test(a_summary_that_is_no_object_has_no_numbers),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(text_after_the_summary_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
