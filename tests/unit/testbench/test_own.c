/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics with `k6`: what k6 is asked to keep, and what is read of a summary that k6 2.2.0 wrote
 * (cut to the metrics that are read). */
#include "unit/testbench/help.h"

#include "testbench/internal.h"

static const char real[] =
    "{\"svcgate\":1,\"metrics\":{"
    "\"orders\":{\"type\":\"counter\",\"contains\":\"default\",\"values\":{\"count\":30,\"rate\":9}"
    "},"
    "\"orders{scenario:measure}\":{\"type\":\"counter\",\"contains\":\"default\",\"values\":"
    "{\"count\":20,\"rate\":19.81459807521886}},"
    "\"checkout_time{scenario:measure,step:pay}\":{\"type\":\"trend\",\"contains\":\"time\","
    "\"values\":{\"p(95)\":12.5,\"p(99.9)\":13.5,\"count\":10,\"avg\":12.25}},"
    "\"checkout_time\":{\"type\":\"trend\",\"contains\":\"time\",\"values\":{\"p(95)\":99}},"
    "\"vus_max\":{\"type\":\"gauge\",\"contains\":\"default\",\"values\":{\"value\":1}},"
    "\"svcgate_early\":{\"type\":\"gauge\",\"contains\":\"default\",\"values\":{\"value\":1}},"
    "\"won{scenario:measure}\":{\"type\":\"rate\",\"contains\":\"default\",\"values\":"
    "{\"rate\":0.25,\"passes\":10,\"fails\":30}}}}";

static struct sg_metric metrics[] = {
    {.name = "latency_p95"},
    {.name = "pay", .k6 = "checkout_time{step:pay}", .stat = "p99.9"},
    {.name = "orders", .k6 = "orders", .stat = "count"},
    {.name = "won_rate", .k6 = "won", .stat = "rate"},
    {.name = "won_rate.passes", .k6 = "won", .stat = "passes"},
    {.name = "won_rate.total", .k6 = "won", .stat = "total"},
    {.name = "never", .k6 = "never", .stat = "avg"},
    {.name = "orders_avg", .k6 = "orders", .stat = "avg"},
};
static const struct sg_config config = {.metrics = metrics, .metrics_count = SG_COUNT(metrics)};

static void k6_is_asked_for_the_window_alone(void **state)
{
    (void)state;
    char *text = sg_own_metrics(&(struct sg_config){.metrics = metrics, .metrics_count = 3});
    assert_string_equal(text, "[{\"key\": \"checkout_time{scenario:measure,step:pay}\", \"stat\": "
                              "\"p(99.9)\"}, {\"key\": \"orders{scenario:measure}\", \"stat\": "
                              "\"count\"}]\n");
    free(text);
}

static void each_has_its_number_as_k6_tells_it(void **state)
{
    (void)state;
    struct sg_load_summary load = {0};
    sg_own_metrics_read(&config, real, strlen(real), &load);
    assert_int_equal(load.k6_count, 7);
    const double expected[] = {13.5, 20, 0.25, 10, 40};
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        assert_near(load.k6[i].value, expected[i], 0);
    }
    assert_true(load.k6[0].time);
    assert_false(load.k6[1].time);
    assert_string_equal(load.k6[0].k6, "checkout_time{step:pay}");
    assert_string_equal(load.k6[0].type, "trend");
    sg_own_metrics_clear(&load);
    sg_own_metrics_clear(&load);
}

static void what_is_not_there_is_no_number(void **state)
{
    (void)state;
    struct sg_load_summary load = {0};
    sg_own_metrics_read(&config, real, strlen(real), &load);
    assert_null(load.k6[5].type);
    assert_true(isnan(load.k6[5].value));
    assert_string_equal(load.k6[6].type, "counter"); /* there, but it has no such statistic */
    assert_true(isnan(load.k6[6].value));
    assert_string_equal(load.k6_names, "orders, checkout_time");
    sg_own_metrics_clear(&load);
}

static void a_broken_summary_has_nothing_of_them(void **state)
{
    (void)state;
    struct sg_load_summary load = {0};
    sg_own_metrics_read(&config, "{\"svcgate\":1", 12, &load);
    assert_int_equal(load.k6_count, 7);
    assert_true(isnan(load.k6[0].value));
    assert_null(load.k6_names);
    sg_own_metrics_clear(&load);
}

static void only_tags_that_are_asked_for_are_made(void **state)
{
    (void)state;
    struct sg_metric tagged[] = {{.name = "a", .k6 = "http_req_waiting{name:x,method:GET}"}};
    struct sg_config some = {.metrics = tagged, .metrics_count = 1};
    assert_true(sg_own_metrics_use(&some, "name"));
    assert_true(sg_own_metrics_use(&some, "method"));
    assert_false(sg_own_metrics_use(&some, "GET"));
    assert_false(sg_own_metrics_use(&config, "status"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k6_is_asked_for_the_window_alone),
        cmocka_unit_test(each_has_its_number_as_k6_tells_it),
        cmocka_unit_test(what_is_not_there_is_no_number),
        cmocka_unit_test(a_broken_summary_has_nothing_of_them),
        cmocka_unit_test(only_tags_that_are_asked_for_are_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
