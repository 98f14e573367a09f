/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics of k6's summary as gates: `k6` and `stat`. */
#include <stdio.h>

#include "unit/config/helper.h"

#define GATE(entry) "version: 1\nload: { script: a.js, rate: 100/s }\ngates:\n  - { " entry " }\n"

static const struct sg_metric *only(const struct sg_config *config, const char *name)
{
    const struct sg_metric *metric = find_metric(config, name, NULL, NULL);
    assert_non_null(metric);
    return metric;
}

static void the_statistic_is_the_end_of_the_name(void **state)
{
    (void)state;
    struct sg_config c = finished(GATE("metric: checkout_time_p95, k6: checkout_time"));
    const struct sg_metric *metric = only(&c, "checkout_time_p95");
    assert_string_equal(metric->k6, "checkout_time");
    assert_string_equal(metric->stat, "p95");
    assert_string_equal(metric->unit, "");
    assert_int_equal(metric->scale, SG_SCALE_LOG);
    assert_int_equal(metric->better, SG_LOWER);
    assert_false(metric->adjust);
    assert_float_equal(c.gates[0].tolerance, 0.05, 0);
    assert_float_equal(c.measure, 20, 0); /* 2000 requests for a p95 */
    sg_config_clear(&c);
}

static void a_statistic_of_its_own_leaves_the_name_free(void **state)
{
    (void)state;
    struct sg_config c = finished(
        GATE("metric: slow, k6: 'checkout_time{step:pay}', stat: p99.9, unit: ms, "
             "limit: 250ms, tolerance: 20ms, better: higher, scale: linear, adjust: true"));
    const struct sg_metric *metric = only(&c, "slow");
    assert_string_equal(metric->k6, "checkout_time{step:pay}");
    assert_string_equal(metric->stat, "p99.9");
    assert_string_equal(metric->unit, "ms");
    assert_int_equal(metric->better, SG_HIGHER);
    assert_int_equal(metric->scale, SG_SCALE_LINEAR);
    assert_float_equal(c.gates[0].limit, 250, 0);
    sg_config_clear(&c);
}

static void a_p99_bears_as_much_as_the_built_in_one(void **state)
{
    (void)state;
    struct sg_config c = finished(GATE("metric: t_p99, k6: t"));
    assert_float_equal(c.gates[0].tolerance, 0.10, 0);
    assert_float_equal(c.measure, 100, 0); /* 10000 requests */
    sg_config_clear(&c);
}

static void what_k6_measures_itself_has_its_unit(void **state)
{
    (void)state;
    const char *const rows[][2] = {{"metric: a_p95, k6: grpc_req_duration, limit: 20ms", "s"},
                                   {"metric: a_avg, k6: 'ws_session_duration{x:y}'", "s"},
                                   {"metric: a_count, k6: data_sent", "bytes"},
                                   {"metric: a_count, k6: ws_msgs_sent", ""},
                                   {"metric: a_p50, k6: grpc_req_duration_of_mine", ""}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512];
        (void)snprintf(text, sizeof(text), GATE("%s"), rows[i][0]);
        struct sg_config c = finished(text);
        assert_string_equal(only(&c, c.gates[0].metric)->unit, rows[i][1]);
        sg_config_clear(&c);
    }
}

/* As error_rate: the counts behind it are measured beside it. */
static void a_rate_is_judged_by_its_counts(void **state)
{
    (void)state;
    struct sg_config c = finished(GATE("metric: won_rate, k6: won, better: higher"));
    const struct sg_metric *rate = only(&c, "won_rate");
    assert_int_equal(rate->scale, SG_SCALE_COUNT);
    assert_string_equal(rate->unit, "ratio");
    assert_float_equal(c.gates[0].floor, 0.001, 0);
    assert_string_equal(only(&c, rate->events)->stat, "passes");
    assert_string_equal(only(&c, rate->trials)->stat, "total");
    assert_string_equal(only(&c, rate->trials)->k6, "won");
    sg_config_clear(&c);
}

static void what_is_shown_reads_back(void **state)
{
    (void)state;
    struct sg_config c = finished(
        "version: 1\nmetrics:\n  - { metric: t_p95, k6: 't{a:b}', unit: s, adjust: true }\n"
        "gates:\n  - { metric: won_rate, k6: won }\n  - { metric: t_p95, tolerance: 3% }\n");
    char *shown = sg_config_show(&c);
    struct sg_config again = finished(shown);
    char *twice = sg_config_show(&again);
    assert_non_null(strstr(shown, "    k6: won\n    stat: rate\n"));
    assert_null(strstr(shown, "passes"));
    assert_int_equal(again.metrics_count, c.metrics_count);
    const char *body = strchr(shown, '\n'), *body_again = strchr(twice, '\n');
    assert_non_null(strstr(body, "k6: \"t{a:b}\""));
    assert_non_null(strstr(body_again, "k6: \"t{a:b}\""));
    free(twice);
    free(shown);
    sg_config_clear(&again);
    sg_config_clear(&c);
}

static void what_is_no_metric_of_k6_is_refused(void **state)
{
    (void)state;
    refuse(
        GATE("metric: checkout, k6: checkout_time"),
        "svcgate.yaml:4:29: k6: which statistic of checkout_time? End the metric's name with it, "
        "such as checkout_p95, or write stat: avg, min, med, max, p95, count, rate or value");
    refuse(GATE("metric: a_p95, k6: 9a"),
           "svcgate.yaml:4:26: k6: expected a metric of k6's or of the script's, such as "
           "checkout_time or checks{step:pay}, found \"9a\"");
    refuse(GATE("metric: a_p95, k6: 'a{b}'"),
           "svcgate.yaml:4:26: k6: expected a metric of k6's or of the script's, such as "
           "checkout_time or checks{step:pay}, found \"a{b}\"");
    refuse(GATE("metric: a_p95, k6: 'a{scenario:x}'"),
           "svcgate.yaml:4:26: k6: scenarios are svcgate's own; leave the tag out");
    refuse(GATE("metric: a, k6: b, stat: p101"),
           "svcgate.yaml:4:31: stat: expected a statistic of k6: avg, min, med, max, p95, count, "
           "rate or value, found \"p101\"");
    refuse(GATE("metric: a, query: b, stat: p95"), "svcgate.yaml:4:28: stat: goes with k6");
    refuse(GATE("metric: a_p95, k6: b, limit: 250ms"),
           "svcgate.yaml:4:36: limit: expected a number, because the metric has no unit, found the "
           "duration \"250ms\"");
    refuse(GATE("metric: a_avg, query: b, k6: c"),
           "svcgate.yaml:4:32: k6: a_avg has a query already; keep one");
    refuse(
        GATE("metric: latency_p95, k6: c"),
        "svcgate.yaml:4:28: k6: latency_p95 is built in; leave this out, or choose another name");
    refuse(GATE("metric: a_avg, k6: b, request: c"),
           "svcgate.yaml:4:29: request: name the request by a tag of a_avg instead, such as k6: "
           "http_req_waiting{name:search}");
    refuse(GATE("metric: a_avg, k6: b, of: c"),
           "svcgate.yaml:4:29: of: k6 does not know the containers of the stack");
    refuse(GATE("metric: a_avg, k6: b }\n  - { metric: a_avg, k6: c"),
           "svcgate.yaml:5:26: k6: a_avg is defined already; keep one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_statistic_is_the_end_of_the_name),
        cmocka_unit_test(a_statistic_of_its_own_leaves_the_name_free),
        cmocka_unit_test(a_p99_bears_as_much_as_the_built_in_one),
        cmocka_unit_test(what_k6_measures_itself_has_its_unit),
        cmocka_unit_test(a_rate_is_judged_by_its_counts),
        cmocka_unit_test(what_is_shown_reads_back),
        cmocka_unit_test(what_is_no_metric_of_k6_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
