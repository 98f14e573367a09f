/* SPDX-License-Identifier: Apache-2.0 */
/* From a window to numbers: every built-in metric, the user's PromQL, the evidence kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/measure/fixture.h"

static double value_of(struct fixture *f, const char *name, const char *of, const char *request)
{
    struct sg_metric *metric = sg_session_add_metric(&f->session, name);
    metric->of = sg_strdup(of);
    metric->request = sg_strdup(request);
    gate_all(f);
    if (!measure(f))
        fail_msg("%s", f->err.text);
    return f->repetition->values[f->session.metrics_count - 1];
}

static void assert_value(struct fixture *f, const char *name, double expected)
{
    double value = value_of(f, name, NULL, NULL);
    if (!(fabs(value - expected) <= 1e-7 * fabs(expected)))
        fail_msg("%s is %.12g, expected %.12g", name, value, expected);
    for (size_t i = 0; i < f->repetition->findings_count; i++)
        fail_msg("finding: %s", f->repetition->findings[i].text);
}

static void latency_is_the_last_sample_of_the_scenarios_gauge(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "latency_p50", 0.0021);
    const char *sent = "";
    for (size_t i = 0; i < f->fake->requests_count; i++)
        if (strstr(f->fake->requests[i], "duration_p50") != NULL)
            sent = f->fake->requests[i];
    assert_non_null(strstr(sent, "query=last_over_time(k6_http_req_duration_p50{testid=\"t-1\","
                                 "scenario=\"measure\",expected_response=\"true\"}[15m])"
                                 "&time=1764000140.000"));
}

static void counts_and_rates_come_from_k6s_counters(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "requests", 3000);
    assert_value(f, "errors", 3);
    assert_value(f, "error_rate", 0.001);
    assert_value(f, "throughput", 100);
    assert_true(f->repetition->requests == 3000 && f->repetition->errors == 3);
    assert_true(f->repetition->dropped == 0);
}

static void cpu_is_exact_between_idle_brackets(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "cpu_per_request", 9.3 / 3000);
    assert_value(f, "cpu_cores", 0.31);
    assert_true(fabs(f->repetition->service_cpu.value - 9.3) < 1e-6);
    assert_true(fabs(f->repetition->service_cpu.idle_rate - 0.008) < 1e-6);
    assert_true(fabs(f->repetition->witness_cpu - 9.3) < 1e-6);
    assert_true(fabs(f->repetition->witness_generator_cpu - 6) < 1e-6);
}

static void memory_has_a_maximum_a_mean_and_a_slope(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "memory_max", 1e6 + 3000);
    assert_value(f, "memory_mean", 2e6);
    assert_value(f, "memory_growth", 100);
}

static void network_is_summed_over_interfaces(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "network_rx_per_request", 15);
    assert_value(f, "network_tx_per_request", 40);
}

static void the_generator_is_measured_like_the_service(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "generator_cpu_per_request", 6.0 / 3000);
    assert_value(f, "generator_steal", 0.01);
    assert_value(f, "core_contention", 0.9);
    assert_value(f, "cache_contention", 0.2);
    assert_value(f, "bytes_received_per_request", 2000);
    assert_value(f, "bytes_sent_per_request", 100);
    assert_value(f, "restarts", 0);
}

static void new_connections_are_counted_by_the_services_kernel(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "connections_per_request", 0.01);
}

static void connections_nobody_counts_are_missing_not_zero(void **state)
{
    struct fixture *f = *state;
    spoil(f, CONNECTIONS, EMPTY);
    assert_true(isnan(value_of(f, "connections_per_request", NULL, NULL)));
    assert_int_equal(f->repetition->findings_count, 0);
}

static void throttled_time_is_the_engines_where_there_is_no_quota(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "throttled_time", 0.6);
}

static void throttled_time_is_cadvisors_where_there_is_a_quota(void **state)
{
    struct fixture *f = *state;
    spoil(f, "container_cpu_cfs_throttled_seconds_total",
          counter(f, "\"id\":\"/docker/" SERVICE_ID "\"", 0, 0.05));
    assert_value(f, "throttled_time", 1.5);
}

static void throttled_time_nobody_knows_is_not_zero(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < FIXTURE_READINGS; i++)
        f->readings[i].throttled = NAN;
    assert_true(isnan(value_of(f, "throttled_time", NULL, NULL)));
}

static void another_container_of_the_stack_is_found_by_its_service(void **state)
{
    struct fixture *f = *state;
    const char *names[] = {"cache", "postgres"}, *ids[] = {GENERATOR_ID, OTHER_ID};
    f->window.other_names = names;
    f->window.other_ids = ids;
    f->window.others_count = 2;
    spoil(f, OTHER_ID, counter(f, "\"id\":\"/docker/" OTHER_ID "\"", 0, 0.5));
    double value = value_of(f, "cpu_per_request", "postgres", NULL);
    assert_true(fabs(value - 15.0 / 3000) < 1e-9);
    assert_int_equal(f->repetition->findings_count, 0);
}

static void a_container_that_is_not_there_is_named(void **state)
{
    struct fixture *f = *state;
    assert_true(isnan(value_of(f, "cpu_per_request", "postgres", NULL)));
    const struct sg_finding *found = finding(f, "container");
    assert_non_null(found);
    assert_int_equal(found->severity, SG_FINDING_INVALID);
    assert_non_null(strstr(found->text, "postgres"));
}

static void a_request_is_selected_by_its_name_tag(void **state)
{
    struct fixture *f = *state;
    spoil(f, "name=\"search\"", VECTOR(VALUE("\"name\":\"search\"", "0.044")));
    assert_true(value_of(f, "latency_p95", NULL, "search") == 0.044);
}

static void latency_over_several_tags_is_that_of_k6s_summary(void **state)
{
    struct fixture *f = *state;
    spoil(f, "k6_http_req_duration_p95",
          VECTOR(VALUE("\"name\":\"list\"", "0.001") "," VALUE("\"name\":\"search\"", "0.044")));
    f->window.load.p95 = 0.043;
    assert_true(value_of(f, "latency_p95", NULL, NULL) == 0.043);
    assert_int_equal(f->repetition->findings_count, 1);
    assert_int_equal(finding(f, "tags")->severity, SG_FINDING_NOTE);
}

static void a_single_name_is_all_requests(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "latency_p95")->request = sg_strdup("search");
    spoil(f, "k6_http_req_duration_p95", VECTOR(VALUE("\"name\":\"search\"", "0.0123")));
    assert_value(f, "latency_p95", 0.0123);
}

static void names_of_requests_are_escaped(void **state)
{
    struct fixture *f = *state;
    spoil(f, "name=\"a\\\"} or x{b=\\\"\"", VECTOR(VALUE("", "0.5")));
    assert_true(value_of(f, "latency_p95", NULL, "a\"} or x{b=\"") == 0.5);
}

static void every_query_is_kept_with_its_value(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "latency_p95", 0.0123);
    const struct sg_repetition *r = f->repetition;
    assert_int_equal(r->evidence_count, f->fake->requests_count + 1); /* and the steady state */
    bool found = false;
    for (size_t i = 0; i < r->evidence_count; i++) {
        const struct sg_evidence *e = &r->evidence[i];
        assert_non_null(e->query);
        if (strstr(e->query, SERVICE_CPU) != NULL && sg_starts_with(e->metric, "CPU")) {
            found = true;
            assert_int_equal(e->series, 1);
            assert_true(e->time == T0 + 40);
            assert_true(fabs(e->value - 9.3) < 1e-6);
        }
    }
    assert_true(found);
    assert_string_equal(r->container_id, SERVICE_ID);
    assert_true(r->start == T0 && r->end == T0 + 30 && r->warmup_start == T0 - 12);
}

static void add_user_metric(struct fixture *f, const char *query)
{
    struct sg_metric *metric = sg_session_add_metric(&f->session, "queue_depth");
    free(metric->query);
    metric->query = sg_strdup(query);
    gate_all(f);
}

/* Six containers side by side: load in 5 of 30 seconds. What the service and k6 use between their
 * slices is theirs. */
static void per_second_of_a_sliced_window_is_per_second_of_load(void **state)
{
    struct fixture *f = *state;
    f->window.sliced = true;
    f->window.loaded = 5;
    f->window.due = T0;
    f->window.generator_cpus = 2;
    f->session.plan.rate = 600;
    assert_value(f, "throughput", 600);
    assert_value(f, "cpu_cores", 9.3 / 5);
    assert_value(f, "cpu_per_request", 9.3 / 3000);
    assert_true(fabs(f->repetition->generator_cpu.value - 6) < 1e-6);
}

static void a_users_query_gets_its_names_filled_in(void **state)
{
    struct fixture *f = *state;
    add_user_metric(f,
                    "q{s=\"$service\",id=~\".*$container\",v=\"$variant\",t=\"$testid\"}[$window] "
                    "@ $end - $start");
    spoil(f,
          "query=q{s=\"api\",id=~\".*" SERVICE_ID "\",v=\"candidate\",t=\"t-1\"}[30s] @ "
          "1764000130.000 - 1764000100.000&time=1764000130.500",
          VECTOR(VALUE("", "17")));
    assert_true(measure(f));
    assert_true(f->repetition->values[0] == 17);
    assert_int_equal(f->repetition->findings_count, 0);
}

static void a_users_query_must_give_one_finite_number(void **state)
{
    struct fixture *f = *state;
    add_user_metric(f, "app_queue_depth");
    assert_true(measure(f));
    assert_true(isnan(f->repetition->values[0]));
    assert_non_null(strstr(finding(f, "series")->text, "no series"));

    spoil(f, "app_queue_depth",
          VECTOR(VALUE("\"pod\":\"a\"", "1") "," VALUE("\"pod\":\"b\"", "2")));
    assert_true(measure(f));
    assert_true(isnan(f->repetition->values[0]));
    assert_non_null(strstr(finding(f, "series")->text, "{pod=\"a\"} and {pod=\"b\"}"));
    assert_int_equal(finding(f, "series")->severity, SG_FINDING_INVALID);

    spoil(f, "app_queue_depth", VECTOR(VALUE("", "NaN")));
    assert_true(measure(f));
    assert_true(isnan(f->repetition->values[0]));
    assert_int_equal(finding(f, "value")->severity, SG_FINDING_INVALID);
}

static void a_users_bad_promql_ends_the_session(void **state)
{
    struct fixture *f = *state;
    add_user_metric(f, "sum(");
    spoil_status(
        f, "sum(", 400,
        "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:5: parse error\"}");
    assert_false(measure(f));
    assert_int_equal(f->err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(f->err.text, "queue_depth"));
    assert_non_null(strstr(f->err.text, "parse error"));
}

static void a_users_range_of_samples_ends_the_session(void **state)
{
    struct fixture *f = *state;
    add_user_metric(f, "app_queue_depth[$window]");
    spoil(f, "app_queue_depth", gauge(f, 1, 0, 0, 0));
    assert_false(measure(f));
    assert_int_equal(f->err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(f->err.text, "max_over_time"));
}

static void a_users_unknown_name_ends_the_session(void **state)
{
    struct fixture *f = *state;
    add_user_metric(f, "x[$windw]");
    assert_false(measure(f));
    assert_int_equal(f->err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(f->err.text, "$window"));
}

static void a_dead_prometheus_ends_the_session(void **state)
{
    struct fixture *f = *state;
    spoil_status(f, "k6_http_reqs_total", 502, "bad gateway");
    f->prom.timeout = 2;
    assert_false(measure(f));
    assert_int_equal(f->err.kind, SG_ERROR_NETWORK);
}

static void each_metric_of_the_catalogue_has_a_measurement(void **state)
{
    struct fixture *f = *state;
    size_t count = 0;
    const struct sg_metric *all = sg_catalogue(&count);
    spoil(f, "k6_http_req_duration_avg", VECTOR(VALUE("", "0.003")));
    spoil(f, "k6_http_req_duration_p90", VECTOR(VALUE("", "0.009")));
    spoil(f, "k6_http_req_duration_p99", VECTOR(VALUE("", "0.015")));
    for (size_t i = 0; i < count; i++)
        sg_session_add_metric(&f->session, all[i].name);
    if (!measure(f))
        fail_msg("%s", f->err.text);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(f->repetition->values[i]))
            fail_msg("%s is not measured in a healthy repetition", all[i].name);
}

static size_t requests_with(const struct fixture *f, const char *part)
{
    size_t count = 0;
    for (size_t i = 0; i < f->fake->requests_count; i++)
        count += strstr(f->fake->requests[i], part) != NULL ? 1 : 0;
    return count;
}

static void curves_are_drawn_from_the_answers_that_are_there(void **state)
{
    struct fixture *f = *state;
    f->window.load.latency[0] = (struct sg_quantile){0.95, 0.0123};
    f->window.load.latency_count = 1;
    assert_value(f, "memory_max", 1e6 + 3000);
    const struct sg_points *cpu = &f->series.cpu, *memory = &f->series.memory;
    assert_string_equal(f->series.variant, "candidate");
    assert_int_equal(f->series.slot, f->repetition->slot);
    assert_true(cpu->items[0].x == -0.483 && cpu->items[cpu->count - 1].x == 30.017);
    assert_true(fabs(cpu->items[cpu->count / 2].y - 0.31) < 1e-6);
    assert_true(memory->items[0].x == 0 && memory->items[memory->count - 1].x == 30);
    assert_true(memory->items[memory->count - 1].y == 1e6 + 3000);
    assert_true(f->series.latency.count == 1 && f->series.latency.items[0].y == 0.0123);
    assert_int_equal(requests_with(f, "container_memory_rss"), 1);
    assert_int_equal(requests_with(f, "container_cpu_usage"), 2); /* the service's and k6's */
}

static void a_curve_that_nobody_asked_for_stays_empty(void **state)
{
    struct fixture *f = *state;
    assert_value(f, "requests", 3000);
    assert_true(f->series.cpu.count > 0);
    assert_int_equal(f->series.memory.count, 0);
    assert_int_equal(f->series.latency.count, 0);
    assert_int_equal(requests_with(f, "container_memory_rss"), 0);
}

static void curves_are_of_the_service_alone(void **state)
{
    struct fixture *f = *state;
    const char *names[] = {"postgres"}, *ids[] = {OTHER_ID};
    f->window.other_names = names;
    f->window.other_ids = ids;
    f->window.others_count = 1;
    spoil(f, "container_memory_rss{id=~\".*" OTHER_ID, gauge(f, 5e6, 0, 0, 0));
    assert_true(value_of(f, "memory_max", "postgres", NULL) == 5e6);
    assert_int_equal(f->series.memory.count, 0);
}

static void an_unknown_metric_is_our_own_mistake(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "latency_p42");
    assert_false(measure(f));
    assert_int_equal(f->err.kind, SG_ERROR_INTERNAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_fixture, stop_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(latency_is_the_last_sample_of_the_scenarios_gauge),
        TEST(counts_and_rates_come_from_k6s_counters),
        TEST(cpu_is_exact_between_idle_brackets),
        TEST(memory_has_a_maximum_a_mean_and_a_slope),
        TEST(network_is_summed_over_interfaces),
        TEST(the_generator_is_measured_like_the_service),
        TEST(new_connections_are_counted_by_the_services_kernel),
        TEST(connections_nobody_counts_are_missing_not_zero),
        TEST(throttled_time_is_the_engines_where_there_is_no_quota),
        TEST(throttled_time_is_cadvisors_where_there_is_a_quota),
        TEST(throttled_time_nobody_knows_is_not_zero),
        TEST(another_container_of_the_stack_is_found_by_its_service),
        TEST(a_container_that_is_not_there_is_named),
        TEST(a_request_is_selected_by_its_name_tag),
        TEST(latency_over_several_tags_is_that_of_k6s_summary),
        TEST(a_single_name_is_all_requests),
        TEST(names_of_requests_are_escaped),
        TEST(every_query_is_kept_with_its_value),
        TEST(per_second_of_a_sliced_window_is_per_second_of_load),
        TEST(a_users_query_gets_its_names_filled_in),
        TEST(a_users_query_must_give_one_finite_number),
        TEST(a_users_bad_promql_ends_the_session),
        TEST(a_users_range_of_samples_ends_the_session),
        TEST(a_users_unknown_name_ends_the_session),
        TEST(a_dead_prometheus_ends_the_session),
        TEST(each_metric_of_the_catalogue_has_a_measurement),
        TEST(curves_are_drawn_from_the_answers_that_are_there),
        TEST(a_curve_that_nobody_asked_for_stays_empty),
        TEST(curves_are_of_the_service_alone),
        TEST(an_unknown_metric_is_our_own_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
