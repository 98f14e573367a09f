/* SPDX-License-Identifier: Apache-2.0 */
/* A saboteur for each check of the instrument: one thing is spoilt, and the finding must come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/measure/fixture.h"

static void measure_or_fail(struct fixture *f)
{
    if (!measure(f))
        fail_msg("%s", f->err.text);
}

/* Measures; exactly this one finding of INVALID or worse must come, with these words. */
static void assert_finds(struct fixture *f, enum sg_severity severity, const char *check,
                         const char *words)
{
    measure_or_fail(f);
    const struct sg_finding *found = finding(f, check);
    if (found == NULL) {
        fail_msg("no finding %s", check);
        return;
    }
    assert_int_equal(found->severity, severity);
    if (strstr(found->text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, found->text);
    size_t bad = count_severity(f, SG_FINDING_INVALID) + count_severity(f, SG_FINDING_FAIL);
    if (bad != (severity >= SG_FINDING_INVALID ? 1 : 0))
        fail_msg("%zu findings of INVALID or FAIL beside %s", bad, check);
}

static void a_healthy_repetition_has_no_findings(void **state)
{
    struct fixture *f = *state;
    measure_or_fail(f);
    for (size_t i = 0; i < f->repetition->findings_count; i++)
        fail_msg("finding: %s", f->repetition->findings[i].text);
}

/* --- The variant's own fault ---------------------------------------------------------------- */

static void a_service_killed_for_memory_fails_with_its_log(void **state)
{
    struct fixture *f = *state;
    static char log[] = "Killed";
    f->window.state = (struct sg_container_state){.oom_killed = true, .exit_code = 137, .log = log};
    assert_finds(f, SG_FINDING_FAIL, "oom_killed", "the service was killed");
    assert_string_equal(finding(f, "oom_killed")->log, "Killed");
}

static void a_service_that_exited_fails_even_with_status_zero(void **state)
{
    struct fixture *f = *state;
    f->window.state = (struct sg_container_state){.running = false};
    assert_finds(f, SG_FINDING_FAIL, "exited", "exit status 0");
}

static void a_service_that_was_restarted_fails(void **state)
{
    struct fixture *f = *state;
    f->window.state.restarts = 2;
    assert_finds(f, SG_FINDING_FAIL, "restarted", "restarted 2 times");
}

static void a_crash_takes_the_blame_for_all_that_is_missing(void **state)
{
    struct fixture *f = *state;
    f->window.state = (struct sg_container_state){.running = false, .exit_code = 2};
    spoil(f, SERVICE_CPU, EMPTY);
    spoil(f, "k6_http_reqs_total", EMPTY);
    f->window.load.dropped = 500;
    assert_finds(f, SG_FINDING_FAIL, "exited", "exit status 2");
    assert_int_equal(finding(f, "dropped_iterations")->severity, SG_FINDING_NOTE);
    assert_int_equal(finding(f, "series")->severity, SG_FINDING_NOTE);
}

static void a_crash_without_a_window_still_fails(void **state)
{
    struct fixture *f = *state;
    f->window.state = (struct sg_container_state){.running = false, .exit_code = 2};
    f->window.load = (struct sg_load_summary){.start = NAN, .end = NAN};
    assert_finds(f, SG_FINDING_FAIL, "exited", "exit status 2");
    assert_int_equal(f->fake->requests_count, 0);
}

/* --- The generator -------------------------------------------------------------------------- */

static void without_times_nothing_is_asked(void **state)
{
    struct fixture *f = *state;
    static char log[] = "ReferenceError: http is not defined";
    f->window.load =
        (struct sg_load_summary){.start = NAN, .end = NAN, .exit_code = 107, .log = log};
    assert_finds(f, SG_FINDING_INVALID, "window", "exit status 107");
    assert_string_equal(finding(f, "window")->log, log);
    assert_int_equal(f->fake->requests_count, 0);
}

static void a_warm_up_that_ends_after_the_start_is_a_broken_clock(void **state)
{
    struct fixture *f = *state;
    f->window.load.warmup_end = T0 + 1;
    assert_finds(f, SG_FINDING_INVALID, "window", "the clock was set");
}

static void a_window_cut_short_is_invalid(void **state)
{
    struct fixture *f = *state;
    f->window.planned = 60;
    f->session.plan.rate = 50; /* the same number of iterations */
    assert_finds(f, SG_FINDING_INVALID, "window", "30.0 s of 60.0 s");
}

static void k6_ending_badly_is_invalid_with_its_log(void **state)
{
    struct fixture *f = *state;
    static char log[] = "level=error msg=\"a panic occurred\"";
    f->window.load.exit_code = 1;
    f->window.load.log = log;
    assert_finds(f, SG_FINDING_INVALID, "generator_exit", "status 1");
    assert_string_equal(finding(f, "generator_exit")->log, log);
}

static void k6_complaining_is_a_warning(void **state)
{
    struct fixture *f = *state;
    static char log[] = "level=warning msg=\"Request Failed\"";
    f->window.load.log = log;
    assert_finds(f, SG_FINDING_WARN, "generator_log", "complained");
}

static void dropped_iterations_are_invalid_beyond_a_thousandth(void **state)
{
    struct fixture *f = *state;
    f->window.load.dropped = 3; /* 0.1 % of 3000 */
    measure_or_fail(f);
    assert_null(finding(f, "dropped_iterations"));
    f->window.load.dropped = 4;
    f->window.load.iterations = 2900;
    assert_finds(f, SG_FINDING_INVALID, "dropped_iterations", "4 of 3000");
}

static void a_single_drop_is_forgiven_in_a_short_window(void **state)
{
    struct fixture *f = *state;
    f->session.plan.rate = 10; /* 300 planned */
    f->window.load.dropped = 1;
    measure_or_fail(f);
    assert_null(finding(f, "dropped_iterations"));
    f->window.load.dropped = 2;
    assert_finds(f, SG_FINDING_INVALID, "dropped_iterations", "2 of 300");
}

static void drops_of_the_warm_up_do_not_count(void **state)
{
    struct fixture *f = *state;
    f->window.load.dropped = 100;
    spoil(
        f, "k6_dropped_iterations_total",
        VECTOR(VALUE("\"scenario\":\"warmup\"", "98") "," VALUE("\"scenario\":\"measure\"", "1")));
    measure_or_fail(f);
    assert_true(f->repetition->dropped == 2); /* the summary knows one more than was pushed */
    assert_null(finding(f, "dropped_iterations"));
}

static void a_rate_that_was_not_reached_is_invalid(void **state)
{
    struct fixture *f = *state;
    f->window.load.iterations = 2985;
    measure_or_fail(f);
    assert_null(finding(f, "rate"));
    f->window.load.iterations = 2984;
    assert_finds(f, SG_FINDING_INVALID, "rate", "2984 of 3000");
}

static void all_virtual_users_in_use_warn_and_with_a_drop_invalidate(void **state)
{
    struct fixture *f = *state;
    f->window.load.vus_max = 50;
    assert_finds(f, SG_FINDING_WARN, "vus", "all 50 virtual users");
    f->window.load.dropped = 1;
    assert_finds(f, SG_FINDING_INVALID, "vus", "1 iterations dropped");
}

static void a_generator_short_of_cpu_is_invalid(void **state)
{
    struct fixture *f = *state;
    f->window.generator_cpus = 0.23; /* 0.2 used: 87 % */
    assert_finds(f, SG_FINDING_INVALID, "generator_cpu", "87 %");
    f->window.generator_cpus = 0.25; /* 80 % */
    measure_or_fail(f);
    assert_null(finding(f, "generator_cpu"));
}

/* --- In a sliced block ---------------------------------------------------------------------- */

/* Load in 10 of 30 seconds. */
static void slice(struct fixture *f)
{
    f->window.sliced = true;
    f->window.loaded = 10;
    f->window.due = T0;
    f->session.plan.rate = 300;
}

static void slices_are_to_bring_the_rate_times_their_own_seconds(void **state)
{
    struct fixture *f = *state;
    slice(f);
    f->window.load.iterations = 2985; /* 99.5 % of 3000, but for the last one */
    measure_or_fail(f);
    assert_null(finding(f, "rate"));
    f->window.load.iterations = 2984;
    assert_finds(f, SG_FINDING_INVALID, "rate", "2984 of 2999");
}

static void a_generator_has_its_cpus_in_its_own_slices_only(void **state)
{
    struct fixture *f = *state;
    slice(f);
    f->window.generator_cpus = 0.7; /* 6 CPU seconds in ten: 86 % */
    assert_finds(f, SG_FINDING_INVALID, "generator_cpu", "86 %");
    f->window.generator_cpus = 0.71;
    measure_or_fail(f);
    assert_null(finding(f, "generator_cpu"));
}

static void a_service_that_is_busy_while_it_waits_is_invalid(void **state)
{
    struct fixture *f = *state;
    slice(f);
    spoil(f, "container_cpu_usage_seconds_total{id=~\".*" SERVICE_ID,
          counter(f, "\"id\":\"/docker/" SERVICE_ID "\",\"cpu\":\"total\"", 0.012, 0.31));
    fill_readings(f->readings, 0.012, 0.31);
    assert_finds(f, SG_FINDING_INVALID, "busy_waiting", "1.2 % of a CPU");
    f->window.sliced = false;
    f->session.plan.rate = 100;
    measure_or_fail(f);
    assert_null(finding(f, "busy_waiting"));
}

static void an_iteration_longer_than_half_a_slice_is_invalid(void **state)
{
    struct fixture *f = *state;
    slice(f);
    f->session.plan.slice = 0.7;
    f->window.load.iteration = 0.36;
    assert_finds(f, SG_FINDING_INVALID, "long_iterations", "lasts 0.36 s on average");
    f->window.load.iteration = 0.34;
    measure_or_fail(f);
    assert_null(finding(f, "long_iterations"));
    f->window.load.iteration = 3;
    f->window.sliced = false;
    f->session.plan.rate = 100;
    measure_or_fail(f);
    assert_null(finding(f, "long_iterations"));
}

static void a_generator_that_begins_apart_from_its_block_is_invalid(void **state)
{
    struct fixture *f = *state;
    slice(f);
    f->window.due = T0 - 0.09;
    measure_or_fail(f);
    assert_null(finding(f, "late"));
    f->window.due = T0 - 0.11;
    assert_finds(f, SG_FINDING_INVALID, "late", "0.11 s away");
    f->window.due = T0 + 0.11;
    assert_finds(f, SG_FINDING_INVALID, "late", "-0.11 s away");
    f->window.sliced = false;
    f->session.plan.rate = 100;
    measure_or_fail(f);
    assert_null(finding(f, "late"));
}

static void a_service_that_died_is_not_blamed_on_a_late_generator(void **state)
{
    struct fixture *f = *state;
    slice(f);
    f->window.due = T0 - 2;
    f->window.state = (struct sg_container_state){.running = false, .exit_code = 2};
    assert_finds(f, SG_FINDING_FAIL, "exited", "exit status 2");
    assert_int_equal(finding(f, "late")->severity, SG_FINDING_NOTE);
}

/* --- Agreement ------------------------------------------------------------------------------ */

static void a_lost_request_is_noted_and_many_are_invalid(void **state)
{
    struct fixture *f = *state;
    f->window.load.requests = 3001;
    assert_finds(f, SG_FINDING_NOTE, "request_count", "3000 requests, k6's own summary 3001");
    f->window.load.requests = 3002;
    assert_finds(f, SG_FINDING_INVALID, "request_count", "did not reach Prometheus");
}

static void lost_errors_are_invalid(void **state)
{
    struct fixture *f = *state;
    f->window.load.failed = 9;
    assert_finds(f, SG_FINDING_INVALID, "request_count", "3 failed requests");
}

static void another_p95_than_the_summarys_is_found(void **state)
{
    struct fixture *f = *state;
    f->window.load.p95 = 0.0123 * (1 + 5e-7);
    measure_or_fail(f);
    assert_null(finding(f, "quantile"));
    f->window.load.p95 = 0.0123 * (1 + 5e-6);
    assert_finds(f, SG_FINDING_WARN, "quantile", "p95 is 12.300000 ms");
    f->window.load.p95 = 0.0123 * (1 + 5e-3);
    assert_finds(f, SG_FINDING_INVALID, "quantile", "12.361500 ms");
}

static void gate_cpu(struct fixture *f)
{
    sg_session_add_metric(&f->session, "cpu_per_request");
    sg_session_add_gate(&f->session, "cpu_per_request");
}

static void a_witness_that_disagrees_is_invalid_with_both_numbers(void **state)
{
    struct fixture *f = *state;
    gate_cpu(f);
    fill_readings(f->readings, 0.008, 0.315);
    assert_finds(f, SG_FINDING_INVALID, "witness_cpu", "9.300 CPU seconds by cAdvisor and 9.450");
}

static void a_witness_of_cpu_time_that_no_gate_asks_for_only_warns(void **state)
{
    struct fixture *f = *state;
    fill_readings(f->readings, 0.008, 0.315);
    assert_finds(f, SG_FINDING_WARN, "witness_cpu", "9.300 CPU seconds by cAdvisor and 9.450");
}

static void a_witness_that_saw_no_bracket_is_a_warning(void **state)
{
    struct fixture *f = *state;
    f->window.readings_count = 2;
    assert_finds(f, SG_FINDING_WARN, "witness_cpu", "do not enclose");
}

static void a_witness_of_memory_that_disagrees_is_invalid(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "memory_max");
    sg_session_add_metric(&f->session, "memory_growth"); /* of the same series: one finding */
    gate_all(f);
    for (size_t i = 0; i < FIXTURE_READINGS; i++)
        f->readings[i].memory += 1.1 * (1 << 20);
    gate_all(f);
    assert_finds(f, SG_FINDING_INVALID, "witness_memory",
                 "anonymous memory is 0.96 MiB on average by cAdvisor and 2.06 MiB by the engine");
}

static void a_witness_of_the_working_set_that_disagrees_is_invalid(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "memory_mean");
    gate_all(f);
    spoil(f, "container_memory_working_set_bytes", gauge(f, 100 << 20, 0, 0, 0));
    for (size_t i = 0; i < FIXTURE_READINGS; i++)
        f->readings[i].working_set = 94 << 20;
    gate_all(f);
    assert_finds(f, SG_FINDING_INVALID, "witness_memory", "working set is 100.00 MiB");
}

static void a_witness_of_memory_in_motion_may_differ_by_half_of_its_range(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "memory_mean");
    spoil(f, "container_memory_working_set_bytes", gauge(f, 100 << 20, 0, 0, 0));
    for (size_t i = 0; i < FIXTURE_READINGS; i++)
        f->readings[i].working_set = (i % 2 == 0 ? 86 : 102) << 20;
    measure_or_fail(f);
    assert_null(finding(f, "witness_memory"));
}

static void a_witness_of_the_network_that_disagrees_is_invalid(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "network_rx_per_request");
    sg_session_add_metric(&f->session, "network_tx_per_request");
    gate_all(f);
    for (size_t i = FIXTURE_READINGS - 2; i < FIXTURE_READINGS; i++)
        f->readings[i].tx += 17000;
    gate_all(f);
    assert_finds(f, SG_FINDING_INVALID, "witness_network",
                 "120000 transmitted bytes by cAdvisor and 137000 by the engine");
}

/* Both see 40 kB after the generator's end, 33 s after the window's start: they are no sign of what
 * the service sends when nobody asks. */
static void connections_that_close_with_the_generator_are_no_idle_traffic(void **state)
{
    struct fixture *f = *state;
    struct sg_text text = {0};
    sg_session_add_metric(&f->session, "network_tx_per_request");
    open_matrix(&text, "\"id\":\"/docker/" SERVICE_ID "\",\"interface\":\"eth0\"");
    for (int i = 0; i <= 84; i++) {
        double t = -3 + 0.5 * i;
        sg_text_printf(&text, "%s[%.3f,\"%.9g\"]", i > 0 ? "," : "", T0 + t,
                       4000 * fmin(fmax(t, 0), 30) + (t > 33 ? 40000 : 0));
    }
    sg_text_add(&text, "]}]}}");
    spoil(f, "container_network_transmit_bytes_total", keep_body(f, &text));
    f->readings[FIXTURE_READINGS - 1].time = T0 + 33.5;
    f->readings[FIXTURE_READINGS - 1].tx += 40000;
    measure_or_fail(f);
    assert_null(finding(f, "witness_network"));
    assert_true(fabs(f->repetition->values[0] - 40) < 1e-9);
}

/* The container's last sample, 37 s after the window's start, is of a network that is gone. */
static void connections_are_counted_while_the_container_lives(void **state)
{
    struct fixture *f = *state;
    struct sg_text text = {0};
    sg_session_add_metric(&f->session, "connections_per_request");
    open_matrix(&text, "\"id\":\"/docker/" SERVICE_ID "\"");
    for (int i = 0; i <= 80; i++) {
        double t = -3 + 0.5 * i;
        sg_text_printf(&text, "%s[%.3f,\"%d\"]", i > 0 ? "," : "", T0 + t,
                       t > 36.5 ? 0
                       : t > 15 ? 130
                                : 100);
    }
    sg_text_add(&text, "]}]}}");
    spoil(f, CONNECTIONS, keep_body(f, &text));
    measure_or_fail(f);
    assert_null(finding(f, "reset"));
    assert_true(fabs(f->repetition->values[0] - 0.01) < 1e-9);
}

static void witnesses_that_saw_nothing_are_warnings(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "memory_max");
    sg_session_add_metric(&f->session, "network_tx_per_request");
    f->window.readings_count = 5; /* three inside, none behind */
    assert_finds(f, SG_FINDING_WARN, "witness_memory", "do not tell its anonymous memory");
    assert_finds(f, SG_FINDING_WARN, "witness_network", "do not tell its transmitted bytes");
}

/* Two samplers of a second: nobody can tell them from a change in between. */
static void a_short_window_needs_no_witness_of_memory(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "memory_max");
    f->window.load.end = T0 + 9;
    f->window.planned = 9;
    for (size_t i = 0; i < FIXTURE_READINGS; i++)
        f->readings[i].memory = 50e6;
    measure_or_fail(f);
    assert_null(finding(f, "witness_memory"));
}

/* Read in its brackets only, where a mean over the window cannot be seen. */
static void a_rotation_has_no_witness_of_memory(void **state)
{
    struct fixture *f = *state;
    slice(f);
    sg_session_add_metric(&f->session, "memory_max");
    sg_session_add_metric(&f->session, "memory_mean");
    gate_all(f);
    f->readings[1] = f->readings[FIXTURE_READINGS - 2];
    f->readings[2] = f->readings[FIXTURE_READINGS - 1];
    f->window.readings_count = 3;
    measure_or_fail(f);
    assert_null(finding(f, "witness_memory"));
}

static void the_generators_witness_only_warns(void **state)
{
    struct fixture *f = *state;
    fill_readings(f->generator_readings, 0.02, 0.3);
    assert_finds(f, SG_FINDING_WARN, "witness_generator_cpu", "k6 used 6.000");
    f->window.generator_readings_count = 2;
    assert_finds(f, SG_FINDING_NOTE, "witness_generator_cpu", "do not enclose");
}

/* --- The data ------------------------------------------------------------------------------- */

static void split_latency_of_one_request_is_invalid_and_names_the_tags(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "latency_p95")->request = sg_strdup("search");
    gate_all(f);
    spoil(f, "name=\"search\"",
          VECTOR(VALUE("\"shop\":\"a\"", "0.01") "," VALUE("\"shop\":\"b\"", "0.02")));
    assert_finds(f, SG_FINDING_INVALID, "series", "{shop=\"a\"} and {shop=\"b\"}");
}

static void missing_latency_of_successful_requests_is_invalid(void **state)
{
    struct fixture *f = *state;
    spoil(f, "k6_http_req_duration_p95", EMPTY);
    assert_finds(f, SG_FINDING_INVALID, "series", "no latency p95");
}

static void a_variant_that_answers_errors_only_is_left_to_error_rate(void **state)
{
    struct fixture *f = *state;
    spoil(f, "k6_http_reqs_total", VECTOR(VALUE("\"expected_response\":\"false\"", "3000")));
    spoil(f, "k6_http_req_duration_p95", EMPTY);
    f->window.load.failed = 3000;
    f->window.load.p95 = NAN;
    sg_session_add_metric(&f->session, "error_rate");
    measure_or_fail(f);
    assert_int_equal(f->repetition->findings_count, 0);
    assert_true(f->repetition->values[0] == 1);
}

static void requests_that_prometheus_lost_are_not_said_to_be_none(void **state)
{
    struct fixture *f = *state;
    spoil(f, "k6_http_reqs_total", EMPTY);
    spoil(f, "k6_http_req_duration_p95", EMPTY);
    assert_finds(f, SG_FINDING_INVALID, "series", "no request of k6");
}

static void requests_that_do_not_say_whether_they_failed_are_invalid(void **state)
{
    struct fixture *f = *state;
    spoil(f, "k6_http_reqs_total", VECTOR(VALUE("", "3000")));
    assert_finds(f, SG_FINDING_INVALID, "series", "setResponseCallback");
    assert_true(isnan(f->repetition->errors));
}

static void a_warning_of_prometheus_is_invalid(void **state)
{
    struct fixture *f = *state;
    spoil(f, "k6_dropped_iterations_total",
          "{\"status\":\"success\",\"warnings\":[\"results may be truncated\"],"
          "\"data\":{\"resultType\":\"vector\",\"result\":[]}}");
    assert_finds(f, SG_FINDING_INVALID, "warnings", "results may be truncated");
}

static void a_partial_answer_is_invalid(void **state)
{
    struct fixture *f = *state;
    spoil(f, "k6_dropped_iterations_total",
          "{\"status\":\"success\",\"isPartial\":true,"
          "\"data\":{\"resultType\":\"vector\",\"result\":[]}}");
    assert_finds(f, SG_FINDING_INVALID, "query", "partial");
}

static void a_cadvisor_that_does_not_see_the_service_is_explained(void **state)
{
    struct fixture *f = *state;
    gate_cpu(f);
    spoil(f, SERVICE_CPU, EMPTY);
    spoil(f, "count(container_cpu_usage_seconds_total)", VECTOR(VALUE("", "12")));
    assert_finds(f, SG_FINDING_INVALID, "cadvisor",
                 "cAdvisor runs (12 series) but does not see the container of the service, "
                 "aaaaaaaaaaaa.");
    assert_true(isnan(f->repetition->service_cpu.value));
}

static void no_cadvisor_at_all_is_another_finding(void **state)
{
    struct fixture *f = *state;
    gate_cpu(f);
    spoil(f, SERVICE_CPU, EMPTY);
    assert_finds(f, SG_FINDING_INVALID, "cadvisor", "no series of cAdvisor at all");
}

static void per_cpu_series_are_not_added_up(void **state)
{
    struct fixture *f = *state;
    gate_cpu(f);
    spoil(f, SERVICE_CPU,
          two_counters(f, "\"id\":\"/docker/" SERVICE_ID "\",\"cpu\":\"cpu00\"", 0.2,
                       "\"id\":\"/docker/" SERVICE_ID "\",\"cpu\":\"cpu01\"", 0.1));
    assert_finds(f, SG_FINDING_INVALID, "series", "2 series of container_cpu_usage_seconds_total");
}

static void cgroups_inside_the_container_do_not_disturb(void **state)
{
    struct fixture *f = *state;
    spoil(f, SERVICE_CPU,
          two_counters(f, "\"id\":\"/docker/" SERVICE_ID "\",\"cpu\":\"total\"", 0.31,
                       "\"id\":\"/docker/" SERVICE_ID "/init\",\"cpu\":\"total\"", 0.1));
    measure_or_fail(f);
    assert_int_equal(f->repetition->findings_count, 0);
}

static void a_counter_that_starts_anew_is_invalid(void **state)
{
    struct fixture *f = *state;
    gate_cpu(f);
    spoil(f, SERVICE_CPU, counter(f, "\"id\":\"/docker/" SERVICE_ID "\"", 0, -0.1));
    assert_finds(f, SG_FINDING_INVALID, "reset", "went down");
}

static void a_bracket_that_is_missing_says_which_side(void **state)
{
    struct fixture *f = *state;
    gate_cpu(f);
    spoil(f, SERVICE_CPU, gauge(f, 50, 0.3, -4, 0.1));
    assert_finds(f, SG_FINDING_INVALID, "bracket", "idle gap before the window");
    assert_true(isnan(f->repetition->service_cpu.value));
    spoil(f, SERVICE_CPU, gauge(f, 50, 0.3, 30.4, 50));
    assert_finds(f, SG_FINDING_INVALID, "bracket", "idle stretch after the window");
}

static void too_few_idle_samples_are_a_warning(void **state)
{
    struct fixture *f = *state;
    struct sg_text text = {0};
    open_matrix(&text, "\"id\":\"/docker/" SERVICE_ID "\"");
    sg_text_printf(&text, "[%.3f,\"1\"],[%.3f,\"10\"]]}]}}", T0 - 1, T0 + 31);
    spoil(f, SERVICE_CPU, keep_body(f, &text));
    f->window.readings_count = 0;
    assert_finds(f, SG_FINDING_WARN, "idle_rate", "nothing was taken off for 2.0 s");
    assert_true(f->repetition->service_cpu.value == 9);
}

static void a_hole_in_memory_warns_and_a_large_one_is_invalid(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "memory_max");
    gate_all(f);
    spoil(f, "container_memory_rss", gauge(f, 1e6, 0, 10, 12));
    measure_or_fail(f);
    assert_null(finding(f, "scrape_gap"));
    spoil(f, "container_memory_rss", gauge(f, 1e6, 0, 10, 12.6));
    assert_finds(f, SG_FINDING_WARN, "scrape_gap", "3.0 s of the window");
    spoil(f, "container_memory_rss", gauge(f, 1e6, 0, 10, 13.1));
    assert_finds(f, SG_FINDING_INVALID, "scrape_gap", "3.5 s of the window");
}

static void memory_left_out_of_cadvisor_is_named_once(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "memory_max");
    gate_all(f);
    spoil(f, "container_memory_rss", EMPTY);
    assert_finds(f, SG_FINDING_INVALID, "series", "--enable_metrics");
}

/* --- The host ------------------------------------------------------------------------------- */

static void stolen_time_beyond_five_percent_is_invalid(void **state)
{
    struct fixture *f = *state;
    f->window.steal = 0.05;
    measure_or_fail(f);
    assert_null(finding(f, "steal"));
    f->window.steal = 0.062;
    assert_finds(f, SG_FINDING_INVALID, "steal", "6.2 %");
}

static void steal_that_nobody_knows_is_no_finding(void **state)
{
    struct fixture *f = *state;
    f->window.steal = NAN;
    measure_or_fail(f);
    assert_int_equal(f->repetition->findings_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_fixture, stop_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_healthy_repetition_has_no_findings),
        TEST(a_service_killed_for_memory_fails_with_its_log),
        TEST(a_service_that_exited_fails_even_with_status_zero),
        TEST(a_service_that_was_restarted_fails),
        TEST(a_crash_takes_the_blame_for_all_that_is_missing),
        TEST(a_crash_without_a_window_still_fails),
        TEST(without_times_nothing_is_asked),
        TEST(a_warm_up_that_ends_after_the_start_is_a_broken_clock),
        TEST(a_window_cut_short_is_invalid),
        TEST(k6_ending_badly_is_invalid_with_its_log),
        TEST(k6_complaining_is_a_warning),
        TEST(dropped_iterations_are_invalid_beyond_a_thousandth),
        TEST(a_single_drop_is_forgiven_in_a_short_window),
        TEST(drops_of_the_warm_up_do_not_count),
        TEST(a_rate_that_was_not_reached_is_invalid),
        TEST(all_virtual_users_in_use_warn_and_with_a_drop_invalidate),
        TEST(a_generator_short_of_cpu_is_invalid),
        TEST(slices_are_to_bring_the_rate_times_their_own_seconds),
        TEST(a_generator_has_its_cpus_in_its_own_slices_only),
        TEST(a_service_that_is_busy_while_it_waits_is_invalid),
        TEST(an_iteration_longer_than_half_a_slice_is_invalid),
        TEST(a_generator_that_begins_apart_from_its_block_is_invalid),
        TEST(a_service_that_died_is_not_blamed_on_a_late_generator),
        TEST(a_lost_request_is_noted_and_many_are_invalid),
        TEST(lost_errors_are_invalid),
        TEST(another_p95_than_the_summarys_is_found),
        TEST(a_witness_that_disagrees_is_invalid_with_both_numbers),
        TEST(a_witness_of_cpu_time_that_no_gate_asks_for_only_warns),
        TEST(a_witness_that_saw_no_bracket_is_a_warning),
        TEST(a_witness_of_memory_that_disagrees_is_invalid),
        TEST(a_witness_of_the_working_set_that_disagrees_is_invalid),
        TEST(a_witness_of_memory_in_motion_may_differ_by_half_of_its_range),
        TEST(a_witness_of_the_network_that_disagrees_is_invalid),
        TEST(connections_that_close_with_the_generator_are_no_idle_traffic),
        TEST(connections_are_counted_while_the_container_lives),
        TEST(witnesses_that_saw_nothing_are_warnings),
        TEST(a_short_window_needs_no_witness_of_memory),
        TEST(a_rotation_has_no_witness_of_memory),
        TEST(the_generators_witness_only_warns),
        TEST(split_latency_of_one_request_is_invalid_and_names_the_tags),
        TEST(missing_latency_of_successful_requests_is_invalid),
        TEST(a_variant_that_answers_errors_only_is_left_to_error_rate),
        TEST(requests_that_prometheus_lost_are_not_said_to_be_none),
        TEST(requests_that_do_not_say_whether_they_failed_are_invalid),
        TEST(a_warning_of_prometheus_is_invalid),
        TEST(a_partial_answer_is_invalid),
        TEST(a_cadvisor_that_does_not_see_the_service_is_explained),
        TEST(no_cadvisor_at_all_is_another_finding),
        TEST(per_cpu_series_are_not_added_up),
        TEST(cgroups_inside_the_container_do_not_disturb),
        TEST(a_counter_that_starts_anew_is_invalid),
        TEST(a_bracket_that_is_missing_says_which_side),
        TEST(too_few_idle_samples_are_a_warning),
        TEST(a_hole_in_memory_warns_and_a_large_one_is_invalid),
        TEST(memory_left_out_of_cadvisor_is_named_once),
        TEST(stolen_time_beyond_five_percent_is_invalid),
        TEST(steal_that_nobody_knows_is_no_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
