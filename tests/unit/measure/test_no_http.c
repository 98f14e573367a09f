/* SPDX-License-Identifier: Apache-2.0 */
/* gRPC and WebSocket: iterations are counted where there is no HTTP request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/measure/fixture.h"

static int start_without_http(void **state)
{
    (void)start_fixture(state);
    struct fixture *f = *state;
    f->window.load.requests = 0;
    f->window.load.failed = 0;
    f->window.load.failed_iterations = 6;
    f->window.load.k6_names = "data_received, grpc_req_duration, iterations";
    spoil(f, "k6_http_reqs_total", EMPTY);
    spoil(f, "k6_http_req_duration", EMPTY);
    return 0;
}

static double value(const struct fixture *f, const char *name)
{
    return f->repetition->values[sg_session_find_metric(&f->session, name, NULL, NULL)];
}

static void costs_are_per_iteration_and_it_is_said(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "cpu_per_request");
    sg_session_add_metric(&f->session, "error_rate");
    gate_all(f);
    sg_session_add_metric(&f->session, "latency_p95"); /* without a gate: nobody misses it */
    assert_true(measure(f));
    assert_float_equal(value(f, "cpu_per_request"), 9.06 / 3000, 1e-4);
    assert_float_equal(value(f, "error_rate"), 0.002, 1e-12);
    assert_float_equal(f->repetition->requests, 3000, 0);
    assert_float_equal(f->repetition->summary_requests, 3000, 0);
    assert_int_equal(count_severity(f, SG_FINDING_INVALID), 0);
    assert_null(finding(f, "request_count"));
    assert_int_equal(finding(f, "no_http")->severity, SG_FINDING_NOTE);
    assert_string_equal(
        finding(f, "no_http")->text,
        "the script makes no HTTP request: what is told per request is per iteration, and errors "
        "are iterations that ended with an exception");
}

static void a_gated_latency_is_told_with_what_to_gate_instead(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "latency_p95");
    sg_session_add_metric(&f->session, "latency_p99");
    gate_all(f);
    assert_true(measure(f));
    assert_true(isnan(value(f, "latency_p95")));
    assert_int_equal(count_severity(f, SG_FINDING_INVALID), 1); /* one cause, one finding */
    assert_string_equal(finding(f, "no_latency")->text,
                        "the script makes no HTTP request, so there is no latency_p95: gate "
                        "another metric of k6, such as { metric: grpc_req_duration_p95, k6: "
                        "grpc_req_duration }; there are data_received, grpc_req_duration, "
                        "iterations");
}

static void a_request_by_name_is_told_to_be_none(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "throughput")->request = sg_strdup("search");
    gate_all(f);
    assert_true(measure(f));
    assert_string_equal(finding(f, "series")->text,
                        "the script makes no HTTP request, so there is none with the name search");
}

static void one_request_is_http(void **state)
{
    struct fixture *f = *state;
    f->window.load.requests = 1;
    assert_true(measure(f));
    assert_null(finding(f, "no_http"));
    assert_int_equal(finding(f, "series")->severity, SG_FINDING_INVALID);
}

/* k6 died before its summary. */
static void a_summary_that_is_not_there_says_nothing_of_http(void **state)
{
    struct fixture *f = *state;
    f->window.load.requests = NAN;
    assert_true(measure(f));
    assert_null(finding(f, "no_http"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_without_http, stop_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(costs_are_per_iteration_and_it_is_said),
        TEST(a_gated_latency_is_told_with_what_to_gate_instead),
        TEST(a_request_by_name_is_told_to_be_none),
        TEST(one_request_is_http),
        TEST(a_summary_that_is_not_there_says_nothing_of_http),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
