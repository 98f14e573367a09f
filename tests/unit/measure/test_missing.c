/* SPDX-License-Identifier: Apache-2.0 */
/* What is said where a series is missing, doubled or cut, for each kind of metric; and what is kept
 * as evidence where it is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/measure/fixture.h"

#define RECEIVED "container_network_receive_bytes_total{id=~\".*" SERVICE_ID
#define THROTTLED "container_cpu_cfs_throttled_seconds_total"
#define STARTED "container_start_time_seconds"
#define OWN "\"id\":\"/docker/" SERVICE_ID "\""
#define OTHER "\"id\":\"/docker/" OTHER_ID "\""

static double value_of(struct fixture *f, const char *name, const char *of)
{
    sg_session_add_metric(&f->session, name)->of = sg_strdup(of);
    gate_all(f);
    if (!measure(f))
        fail_msg("%s", f->err.text);
    return f->repetition->values[f->session.metrics_count - 1];
}

static void assert_missing(struct fixture *f, const char *name, const char *words)
{
    assert_true(isnan(value_of(f, name, NULL)));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_string_equal(f->repetition->findings[0].check, "series");
    assert_int_equal(f->repetition->findings[0].severity, SG_FINDING_INVALID);
    if (strstr(f->repetition->findings[0].text, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", f->repetition->findings[0].text, words);
}

/* The stack has a container "postgres". */
static void add_postgres(struct fixture *f)
{
    static const char *const names[] = {"postgres"}, *const ids[] = {OTHER_ID};
    f->window.other_names = names;
    f->window.other_ids = ids;
    f->window.others_count = 1;
}

static const struct sg_evidence *evidence(const struct fixture *f, const char *metric)
{
    for (size_t i = 0; i < f->repetition->evidence_count; i++)
        if (sg_streq(f->repetition->evidence[i].metric, metric))
            return &f->repetition->evidence[i];
    fail_msg("no evidence %s", metric);
    return NULL;
}

/* With some engines cAdvisor knows no container's network: 1500 bytes a second for 30 seconds. */
static void bytes_that_cadvisor_does_not_count_are_the_engines(void **state)
{
    struct fixture *f = *state;
    spoil(f, RECEIVED, EMPTY);
    assert_true(fabs(value_of(f, "network_rx_per_request", NULL) - 15) < 0.01);
    assert_int_equal(f->repetition->findings_count, 1);
    assert_int_equal(finding(f, "series")->severity, SG_FINDING_NOTE);
    assert_non_null(strstr(finding(f, "series")->text, "the engine's own count"));
}

static void the_engine_is_not_asked_for_bytes_of_other_containers(void **state)
{
    struct fixture *f = *state;
    add_postgres(f);
    assert_true(isnan(value_of(f, "network_rx_per_request", "postgres")));
    assert_int_equal(finding(f, "series")->severity, SG_FINDING_INVALID);
}

static void a_missing_network_series_is_named(void **state)
{
    struct fixture *f = *state;
    spoil(f, RECEIVED, EMPTY);
    f->window.readings_count = 0;
    assert_missing(f, "network_rx_per_request",
                   "no series of container_network_receive_bytes_total for the service");
}

static void one_interface_without_a_bracket_spoils_the_sum(void **state)
{
    struct fixture *f = *state;
    struct sg_text text = {0};
    open_matrix(&text, OWN ",\"interface\":\"eth0\"");
    add_counter_samples(&text, 0, 1000);
    sg_text_printf(&text, "]},{\"metric\":{%s},\"values\":[[%.3f,\"1\"]]}]}}",
                   OWN ",\"interface\":\"eth1\"", T0 + 1);
    spoil(f, RECEIVED, keep_body(f, &text));
    assert_true(isnan(value_of(f, "network_rx_per_request", NULL)));
    assert_non_null(strstr(finding(f, "bracket")->text,
                           "container_network_receive_bytes_total of the service: there is no "
                           "sample in the idle gap before the window (1 samples from +1.0 s to "
                           "+1.0 s, the window is 0 to 30.0 s)"));
}

static void two_series_of_one_gauge_are_named(void **state)
{
    struct fixture *f = *state;
    spoil(f, "container_memory_rss",
          two_counters(f, OWN ",\"name\":\"a\"", 1, OWN ",\"name\":\"b\"", 1));
    assert_missing(f, "memory_max",
                   "2 series of container_memory_rss for the service instead of one, such as "
                   "{id=\"/docker/" SERVICE_ID "\", name=\"a\"}");
}

static void a_gauge_without_a_sample_in_the_window_is_not_called_missing(void **state)
{
    struct fixture *f = *state;
    spoil(f, "container_memory_rss", gauge(f, 1e6, 0, -1, 31));
    assert_missing(f, "memory_max",
                   "no sample of container_memory_rss of the service within the window");
}

static void two_series_of_throttled_time_are_named(void **state)
{
    struct fixture *f = *state;
    spoil(f, THROTTLED, two_counters(f, OWN ",\"name\":\"a\"", 1, OWN ",\"name\":\"b\"", 1));
    sg_session_add_metric(&f->session, "throttled_time");
    assert_true(measure(f));
    assert_non_null(strstr(finding(f, "series")->text, "2 series of " THROTTLED));
}

static void connections_counted_twice_are_missing(void **state)
{
    struct fixture *f = *state;
    spoil(f, CONNECTIONS, two_counters(f, OWN ",\"name\":\"a\"", 1, OWN ",\"name\":\"b\"", 1));
    assert_true(isnan(value_of(f, "connections_per_request", NULL)));
}

static void what_no_gate_needs_spoils_nothing_where_it_is_missing(void **state)
{
    struct fixture *f = *state;
    spoil(f, RECEIVED, EMPTY);
    f->window.readings_count = 0;
    sg_session_add_metric(&f->session, "network_rx_per_request");
    sg_session_add_metric(&f->session, "memory_max");
    sg_session_add_gate(&f->session, "memory_max");
    sg_session_add_gate(&f->session, "network_rx_per_request")->of = sg_strdup("postgres");
    sg_session_add_gate(&f->session, "network_rx_per_request")->request = sg_strdup("search");
    assert_true(measure(f));
    assert_true(isnan(f->repetition->values[0]));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_int_equal(finding(f, "series")->severity, SG_FINDING_NOTE);
    sg_session_add_gate(&f->session, "network_rx_per_request");
    assert_true(measure(f));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_int_equal(finding(f, "series")->severity, SG_FINDING_INVALID);
}

static void cpu_time_that_no_gate_needs_spoils_nothing_where_it_is_missing(void **state)
{
    struct fixture *f = *state;
    spoil(f, SERVICE_CPU, EMPTY);
    sg_session_add_metric(&f->session, "latency_p95");
    sg_session_add_metric(&f->session, "cpu_per_request");
    sg_session_add_gate(&f->session, "latency_p95");
    sg_session_add_gate(&f->session, "cpu_per_request")->of = sg_strdup("postgres");
    assert_true(measure(f));
    assert_true(isnan(f->repetition->values[1]));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_int_equal(finding(f, "cadvisor")->severity, SG_FINDING_NOTE);
    sg_session_add_gate(&f->session, "cpu_per_request");
    assert_true(measure(f));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_int_equal(finding(f, "cadvisor")->severity, SG_FINDING_INVALID);
}

/* The generator used 6 of 30 CPU seconds by either count. */
static void the_engine_tells_of_a_generator_that_cadvisor_does_not_see(void **state)
{
    struct fixture *f = *state;
    spoil(f, GENERATOR_CPU, EMPTY);
    assert_true(measure(f));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_int_equal(finding(f, "cadvisor")->severity, SG_FINDING_NOTE);
    f->window.generator_cpus = 0.23;
    assert_true(measure(f));
    assert_int_equal(finding(f, "generator_cpu")->severity, SG_FINDING_INVALID);
    f->window.generator_readings_count = 0;
    assert_true(measure(f));
    assert_int_equal(finding(f, "cadvisor")->severity, SG_FINDING_INVALID);
}

static void what_a_gate_and_others_lack_is_told_for_the_gate(void **state)
{
    struct fixture *f = *state;
    static const char *const metrics[] = {"memory_mean", "cpu_per_request", "memory_max"};
    for (size_t i = 0; i < 3; i++)
        sg_session_add_metric(&f->session, metrics[i])->of = sg_strdup("postgres");
    sg_session_add_gate(&f->session, "cpu_per_request")->of = sg_strdup("postgres");
    assert_true(measure(f));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_int_equal(finding(f, "container")->severity, SG_FINDING_INVALID);
}

static void restarts_of_another_container_are_its_new_starting_times(void **state)
{
    struct fixture *f = *state;
    struct sg_text text = {0};
    open_matrix(&text, OTHER);
    sg_text_printf(&text, "[%.3f,\"50\"],[%.3f,\"50\"],[%.3f,\"70\"],[%.3f,\"90\"]]}]}}", T0,
                   T0 + 1, T0 + 2, T0 + 3);
    add_postgres(f);
    spoil(f, STARTED, keep_body(f, &text));
    assert_true(value_of(f, "restarts", "postgres") == 2);
    assert_true(evidence(f, STARTED)->value == 2);
    assert_int_equal(f->repetition->findings_count, 0);
}

static void restarts_of_another_container_that_nobody_knows_are_missing(void **state)
{
    struct fixture *f = *state;
    add_postgres(f);
    assert_true(isnan(value_of(f, "restarts", "postgres")));
    assert_non_null(strstr(finding(f, "series")->text, "no series of " STARTED " for postgres"));
}

static void starting_times_that_are_there_twice_are_named(void **state)
{
    struct fixture *f = *state;
    add_postgres(f);
    spoil(f, STARTED, two_counters(f, OTHER ",\"name\":\"a\"", 1, OTHER ",\"name\":\"b\"", 1));
    assert_true(isnan(value_of(f, "restarts", "postgres")));
    assert_non_null(strstr(finding(f, "series")->text, "2 series of " STARTED " for postgres"));
}

static void a_service_that_cadvisor_does_not_see_is_one_finding_not_one_a_metric(void **state)
{
    struct fixture *f = *state;
    spoil(f, SERVICE_CPU, EMPTY);
    spoil(f, "container_memory_rss", EMPTY);
    spoil(f, RECEIVED, EMPTY);
    sg_session_add_metric(&f->session, "memory_max");
    sg_session_add_metric(&f->session, "network_rx_per_request");
    assert_true(measure(f));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_string_equal(f->repetition->findings[0].check, "cadvisor");
}

static void an_id_with_its_algorithm_is_shortened_behind_it(void **state)
{
    struct fixture *f = *state;
    f->window.service_id = "sha256:0123456789abcdef0123";
    spoil(f, "sha256", EMPTY);
    spoil(f, "count(container_cpu_usage_seconds_total)", VECTOR(VALUE("", "12")));
    assert_true(measure(f));
    assert_non_null(strstr(finding(f, "cadvisor")->text, "the service, sha256:0123456789ab."));
    assert_true(evidence(f, "all containers")->value == 12);
}

static void a_prometheus_that_dies_at_the_second_question_ends_the_session(void **state)
{
    struct fixture *f = *state;
    spoil(f, SERVICE_CPU, EMPTY);
    spoil_status(f, "count(container_cpu_usage_seconds_total)", 502, "bad gateway");
    f->prom.timeout = 1;
    assert_false(measure(f));
    assert_int_equal(f->err.kind, SG_ERROR_NETWORK);
    assert_non_null(strstr(f->err.text, "measuring all containers"));
}

static void a_container_that_is_there_twice_is_not_guessed_at(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"db", "db"}, *const ids[] = {OTHER_ID, GENERATOR_ID};
    f->window.other_names = names;
    f->window.other_ids = ids;
    f->window.others_count = 2;
    assert_true(isnan(value_of(f, "memory_max", "db")));
    assert_non_null(strstr(finding(f, "container")->text, "2 containers of db in the stack"));
}

static void a_container_that_is_not_there_is_named_once_for_all_metrics(void **state)
{
    struct fixture *f = *state;
    static const char *const metrics[] = {"cpu_cores", "memory_max", "network_tx_per_request",
                                          "throttled_time", "restarts"};
    for (size_t i = 0; i < 5; i++)
        sg_session_add_metric(&f->session, metrics[i])->of = sg_strdup("postgres");
    assert_true(measure(f));
    for (size_t i = 0; i < 5; i++)
        assert_true(isnan(f->repetition->values[i]));
    assert_int_equal(f->repetition->findings_count, 1);
}

static void what_was_found_is_kept_with_its_query(void **state)
{
    struct fixture *f = *state;
    spoil(f, THROTTLED, counter(f, OWN, 0, 0.05));
    sg_session_add_metric(&f->session, "memory_mean");
    sg_session_add_metric(&f->session, "network_rx_per_request");
    sg_session_add_metric(&f->session, "connections_per_request");
    assert_true(fabs(value_of(f, "throttled_time", NULL) - 1.5) < 1e-9);
    assert_true(evidence(f, "requests")->value == 3000);
    assert_true(evidence(f, "dropped_iterations")->value == 0);
    assert_true(evidence(f, "container_memory_working_set_bytes")->value == 2e6);
    assert_true(fabs(evidence(f, "container_network_receive_bytes_total")->value - 45000) < 1e-3);
    assert_true(fabs(evidence(f, "connections")->value - 30) < 1e-6);
    assert_true(fabs(evidence(f, THROTTLED)->value - 1.5) < 1e-6);
    assert_true(fabs(evidence(f, "CPU of k6")->value - 6) < 1e-6);
    assert_true(evidence(f, "latency_p95")->value == 0.0123);
    assert_true(fabs(evidence(f, "steady_state")->value) < 1e-9);
    assert_string_equal(evidence(f, "steady_state")->query,
                        evidence(f, "CPU of the service")->query);
}

static void raw_samples_are_asked_for_from_before_the_idle_gap(void **state)
{
    struct fixture *f = *state;
    assert_true(measure(f));
    /* until 140, from 5 s before the gap that begins at 98.2: 46.8 s */
    assert_non_null(strstr(evidence(f, "CPU of the service")->query, "[47s]"));
    f->window.load.warmup_end = NAN;
    assert_true(measure(f));
    assert_non_null(strstr(evidence(f, "CPU of the service")->query, "[47s]")); /* 98: 47 s */
    assert_int_equal(f->repetition->findings_count, 0); /* the gap is there without a warm-up */
    f->window.load.warmup_end = T0;
    assert_true(measure(f));
    assert_non_null(strstr(evidence(f, "CPU of k6")->query, "[47s]"));
    f->window.load.warmup_end = T0 - 4;
    assert_true(measure(f));
    assert_non_null(strstr(evidence(f, "CPU of k6")->query, "[49s]")); /* 96.2: 48.8 s */
}

#define BAD_DATA "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"no\"}"

static void a_question_that_is_refused_ends_the_session_whichever_it_is(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *metric, *of, *request, *query, *label;
    } rows[] = {
        {"requests", NULL, NULL, "k6_dropped_iterations_total", "dropped_iterations"},
        {"requests", NULL, NULL, SERVICE_CPU, "CPU of the service"},
        {"requests", NULL, NULL, GENERATOR_CPU, "CPU of k6"},
        {"requests", NULL, "search", "name=\"search\"", "requests"},
        {"requests", NULL, NULL, "k6_http_req_duration_p95", "latency_p95"},
        {"latency_p50", NULL, NULL, "k6_http_req_duration_p50", "latency_p50"},
        {"cpu_per_request", "postgres", NULL, OTHER_ID, "CPU of postgres"},
        {"cpu_cores", "postgres", NULL, OTHER_ID, "CPU of postgres"},
        {"memory_max", NULL, NULL, "container_memory_rss", "container_memory_rss"},
        {"network_tx_per_request", NULL, NULL, "transmit_bytes", "container_network_transmit"},
        {"throttled_time", NULL, NULL, THROTTLED, THROTTLED},
        {"restarts", "postgres", NULL, STARTED, STARTED},
        {"connections_per_request", NULL, NULL, CONNECTIONS, "connections"},
    };
    add_postgres(f);
    for (size_t i = 0; i < SG_COUNT(rows); i++) {
        sg_session_clear(&f->session);
        f->session.plan = (struct sg_plan){.rate = 100, .measure = 30, .warmup = 10};
        struct sg_metric *metric = sg_session_add_metric(&f->session, rows[i].metric);
        metric->of = sg_strdup(rows[i].of);
        metric->request = sg_strdup(rows[i].request);
        spoil_status(f, rows[i].query, 400, BAD_DATA);
        if (measure(f))
            fail_msg("%s of a %s that is refused", rows[i].metric, rows[i].query);
        assert_int_equal(f->err.kind, SG_ERROR_CONFIG);
        if (strstr(f->err.text, rows[i].label) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", f->err.text, rows[i].label);
        pthread_mutex_lock(&f->fake->lock);
        f->fake->answers_count--;
        memmove(f->fake->answers, f->fake->answers + 1,
                f->fake->answers_count * sizeof f->fake->answers[0]);
        pthread_mutex_unlock(&f->fake->lock);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_fixture, stop_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_that_cadvisor_does_not_count_are_the_engines),
        TEST(the_engine_is_not_asked_for_bytes_of_other_containers),
        TEST(a_missing_network_series_is_named),
        TEST(one_interface_without_a_bracket_spoils_the_sum),
        TEST(two_series_of_one_gauge_are_named),
        TEST(a_gauge_without_a_sample_in_the_window_is_not_called_missing),
        TEST(two_series_of_throttled_time_are_named),
        TEST(connections_counted_twice_are_missing),
        TEST(what_no_gate_needs_spoils_nothing_where_it_is_missing),
        TEST(cpu_time_that_no_gate_needs_spoils_nothing_where_it_is_missing),
        TEST(the_engine_tells_of_a_generator_that_cadvisor_does_not_see),
        TEST(what_a_gate_and_others_lack_is_told_for_the_gate),
        TEST(restarts_of_another_container_are_its_new_starting_times),
        TEST(restarts_of_another_container_that_nobody_knows_are_missing),
        TEST(starting_times_that_are_there_twice_are_named),
        TEST(a_service_that_cadvisor_does_not_see_is_one_finding_not_one_a_metric),
        TEST(an_id_with_its_algorithm_is_shortened_behind_it),
        TEST(a_prometheus_that_dies_at_the_second_question_ends_the_session),
        TEST(a_container_that_is_there_twice_is_not_guessed_at),
        TEST(a_container_that_is_not_there_is_named_once_for_all_metrics),
        TEST(what_was_found_is_kept_with_its_query),
        TEST(raw_samples_are_asked_for_from_before_the_idle_gap),
        TEST(a_question_that_is_refused_ends_the_session_whichever_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
