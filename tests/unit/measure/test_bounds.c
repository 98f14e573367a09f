/* SPDX-License-Identifier: Apache-2.0 */
/* Where the checks of a repetition begin and end, and what a repetition keeps. */
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

static size_t requests_with(const struct fixture *f, const char *part)
{
    size_t count = 0;
    for (size_t i = 0; i < f->fake->requests_count; i++)
        count += strstr(f->fake->requests[i], part) != NULL ? 1 : 0;
    return count;
}

static double value_of(struct fixture *f, const char *name, const char *request)
{
    sg_session_add_metric(&f->session, name)->request = sg_strdup(request);
    measure_or_fail(f);
    return f->repetition->values[f->session.metrics_count - 1];
}

static void assert_words(const struct fixture *f, const char *check, const char *words)
{
    const struct sg_finding *found = finding(f, check);
    assert_non_null(found);
    if (strstr(found->text, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", found->text, words);
}

/* --- What is kept ------------------------------------------------------------------------- */

static void a_repetition_keeps_its_window_its_ids_and_k6s_own_figures(void **state)
{
    struct fixture *f = *state;
    measure_or_fail(f);
    const struct sg_repetition *r = f->repetition;
    assert_string_equal(r->container_id, SERVICE_ID);
    assert_string_equal(r->generator_id, GENERATOR_ID);
    assert_true(r->warmup_start == T0 - 12 && r->start == T0 && r->end == T0 + 30);
    assert_true(r->steal == 0.01);
    assert_true(r->summary_requests == 3000 && r->summary_p95 == 0.0123);
}

static void measuring_a_repetition_again_keeps_its_ids(void **state)
{
    struct fixture *f = *state;
    measure_or_fail(f);
    sg_series_clear(&f->series);
    f->window.service_id = OTHER_ID;
    assert_true(sg_measure(&f->prom, &f->session, &f->window, f->repetition, &f->series, &f->err));
    assert_string_equal(f->repetition->container_id, SERVICE_ID);
    assert_string_equal(f->repetition->generator_id, GENERATOR_ID);
}

static void what_is_not_measured_is_no_number(void **state)
{
    struct fixture *f = *state;
    f->window.load.start = NAN;
    sg_session_add_metric(&f->session, "cpu_cores");
    sg_session_add_metric(&f->session, "errors");
    measure_or_fail(f);
    assert_true(isnan(f->repetition->values[0]) && isnan(f->repetition->values[1]));
}

static void measuring_again_without_a_window_forgets_the_numbers(void **state)
{
    struct fixture *f = *state;
    assert_true(value_of(f, "requests", NULL) == 3000);
    sg_series_clear(&f->series);
    f->window.load.start = NAN;
    assert_true(sg_measure(&f->prom, &f->session, &f->window, f->repetition, &f->series, &f->err));
    assert_true(isnan(f->repetition->values[0]));
}

/* --- Prometheus is asked once ------------------------------------------------------------- */

static void p95_is_asked_for_once_wherever_it_stands_among_the_metrics(void **state)
{
    struct fixture *f = *state;
    measure_or_fail(f);
    assert_int_equal(requests_with(f, "k6_http_req_duration_p95"), 1);
    sg_session_add_metric(&f->session, "latency_p95");
    measure_or_fail(f);
    assert_int_equal(requests_with(f, "k6_http_req_duration_p95"), 2);
}

static void p95_behind_another_metric_is_asked_for_once(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "requests");
    sg_session_add_metric(&f->session, "latency_p95");
    measure_or_fail(f);
    assert_int_equal(requests_with(f, "k6_http_req_duration_p95"), 1);
}

static void counts_of_all_requests_are_asked_for_once(void **state)
{
    struct fixture *f = *state;
    sg_session_add_metric(&f->session, "errors");
    sg_session_add_metric(&f->session, "throughput");
    measure_or_fail(f);
    assert_int_equal(requests_with(f, "k6_http_reqs_total"), 1);
}

/* --- Single requests ---------------------------------------------------------------------- */

static void counts_of_one_request_are_its_own(void **state)
{
    struct fixture *f = *state;
    spoil(f, "scenario=\"measure\",name=\"search\"",
          VECTOR(VALUE("\"expected_response\":\"true\"",
                       "590") "," VALUE("\"expected_response\":\"false\"", "10")));
    assert_true(value_of(f, "requests", "search") == 600);
    assert_true(value_of(f, "errors", "search") == 10);
    assert_true(fabs(value_of(f, "error_rate", "search") - 10.0 / 600) < 1e-12);
    assert_true(value_of(f, "throughput", "search") == 20);
    assert_true(f->repetition->requests == 3000);
}

static void a_request_that_the_script_never_made_is_named(void **state)
{
    struct fixture *f = *state;
    spoil(f, "name=\"search\"", EMPTY);
    assert_true(isnan(value_of(f, "requests", "search")));
    assert_words(f, "series", "no request of k6 in the window with the name search: the script");
}

static void latency_of_a_request_that_was_never_answered_is_named(void **state)
{
    struct fixture *f = *state;
    spoil(f, "name=\"search\"", EMPTY);
    assert_true(isnan(value_of(f, "latency_p95", "search")));
    assert_words(f, "series", "no latency p95 of this repetition");
}

static void latency_parted_by_tags_is_the_summarys_for_every_statistic_it_has(void **state)
{
    struct fixture *f = *state;
    f->window.load.avg = 0.001;
    f->window.load.p50 = 0.002;
    f->window.load.p90 = 0.009;
    f->window.load.p95 = 0.0123;
    f->window.load.p99 = 0.099;
    spoil(f, "k6_http_req_duration_",
          VECTOR(VALUE("\"shop\":\"a\"", "1") "," VALUE("\"shop\":\"b\"", "2")));
    assert_true(value_of(f, "latency_avg", NULL) == 0.001);
    assert_true(value_of(f, "latency_p50", NULL) == 0.002);
    assert_true(value_of(f, "latency_p90", NULL) == 0.009);
    assert_true(value_of(f, "latency_p95", NULL) == 0.0123);
    assert_true(value_of(f, "latency_p99", NULL) == 0.099);
    assert_true(isnan(value_of(f, "latency_max", NULL)));
    assert_int_equal(f->repetition->findings_count, 1);
    assert_words(f, "tags", "part latency into 2 series");
}

/* --- Limits ------------------------------------------------------------------------------- */

static void a_window_of_nine_tenths_of_the_plan_is_long_enough(void **state)
{
    struct fixture *f = *state;
    f->session.plan.rate = 90; /* 3000 done is enough for both */
    f->window.planned = 33;    /* 29.7 */
    measure_or_fail(f);
    assert_null(finding(f, "window"));
    f->window.planned = 34; /* 30.6 */
    measure_or_fail(f);
    assert_words(f, "window", "the window lasted 30.0 s of 34.0 s planned");
}

static void a_single_restart_fails(void **state)
{
    struct fixture *f = *state;
    f->window.state.restarts = 1;
    measure_or_fail(f);
    assert_words(f, "restarted", "(exit status 0, restarted 1 times)");
}

static void a_request_lost_of_two_thousand_is_within_the_limit(void **state)
{
    struct fixture *f = *state;
    spoil(f, "k6_http_reqs_total",
          VECTOR(VALUE("\"expected_response\":\"true\"",
                       "3995") "," VALUE("\"expected_response\":\"false\"", "3")));
    f->window.load.requests = 4000; /* 2 are 0.05 % */
    measure_or_fail(f);
    assert_int_equal(finding(f, "request_count")->severity, SG_FINDING_NOTE);
}

static void a_window_that_ends_before_it_starts_is_none(void **state)
{
    struct fixture *f = *state;
    f->window.load.end = T0;
    measure_or_fail(f);
    assert_words(f, "window", "no usable times");
    assert_int_equal(f->fake->requests_count, 0);
}

static void a_warm_up_that_ends_with_the_start_is_in_order(void **state)
{
    struct fixture *f = *state;
    f->window.load.warmup_end = T0;
    measure_or_fail(f);
    assert_null(finding(f, "window"));
}

static void all_but_one_virtual_user_in_use_is_no_finding(void **state)
{
    struct fixture *f = *state;
    f->window.load.vus_max = 49;
    measure_or_fail(f);
    assert_int_equal(f->repetition->findings_count, 0);
    f->window.load.vus_limit = 0; /* not known */
    f->window.load.vus_max = 0;
    measure_or_fail(f);
    assert_int_equal(f->repetition->findings_count, 0);
}

static void drops_with_all_virtual_users_in_use_say_so(void **state)
{
    struct fixture *f = *state;
    f->window.load.dropped = 40;
    measure_or_fail(f);
    assert_words(f, "dropped_iterations", "40 of 3000 iterations (1.33 %): the service");
    f->window.load.vus_max = 50;
    measure_or_fail(f);
    assert_words(f, "dropped_iterations",
                 "40 of 3000 iterations (1.33 %) with all its virtual users in use:");
    assert_null(finding(f, "vus"));
}

static void a_generator_short_of_cpu_is_told_its_share_and_the_limit(void **state)
{
    struct fixture *f = *state;
    f->window.generator_cpus = 0.23;
    measure_or_fail(f);
    assert_words(f, "generator_cpu", "k6 used 87 % of its 0.23 CPUs, more than 85 %");
}

static void a_lone_reading_of_the_engine_confirms_nothing_and_none_is_silent(void **state)
{
    struct fixture *f = *state;
    f->window.readings_count = 1;
    f->window.generator_readings_count = 1;
    measure_or_fail(f);
    assert_words(f, "witness_cpu",
                 "1 readings of the service do not enclose the window: nothing confirms its 9.300");
    assert_int_equal(finding(f, "witness_generator_cpu")->severity, SG_FINDING_NOTE);
    f->window.readings_count = 0;
    f->window.generator_readings_count = 0;
    measure_or_fail(f);
    assert_int_equal(f->repetition->findings_count, 0);
}

static void stolen_time_is_told_with_its_limit(void **state)
{
    struct fixture *f = *state;
    f->window.steal = 0.125;
    measure_or_fail(f);
    assert_words(f, "steal", "took away 12.5 % of the CPU time in the window, more than 5 %");
}

static void an_empty_log_of_k6_is_no_complaint(void **state)
{
    struct fixture *f = *state;
    static char log[] = "";
    f->window.load.log = log;
    measure_or_fail(f);
    assert_null(finding(f, "generator_log"));
}

static void a_hole_in_memory_of_two_containers_is_told_of_both(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"postgres"}, *const ids[] = {OTHER_ID};
    f->window.other_names = names;
    f->window.other_ids = ids;
    f->window.others_count = 1;
    sg_session_add_metric(&f->session, "memory_max");
    sg_session_add_metric(&f->session, "memory_growth");
    sg_session_add_metric(&f->session, "memory_max")->of = sg_strdup("postgres");
    spoil(f, "container_memory_rss", gauge(f, 1e6, 0, 10, 12.6));
    measure_or_fail(f);
    assert_int_equal(f->repetition->findings_count, 2); /* and not one for each metric */
    assert_words(f, "scrape_gap",
                 "3.0 s of the window without a sample of the memory of the "
                 "service (a scrape every 0.5 s was planned)");
}

static void a_users_value_is_kept_and_infinity_is_told(void **state)
{
    struct fixture *f = *state;
    struct sg_metric *metric = sg_session_add_metric(&f->session, "queue_depth");
    metric->query = sg_strdup("app_queue_depth");
    spoil(f, "app_queue_depth", VECTOR(VALUE("", "17")));
    measure_or_fail(f);
    for (size_t i = 0; i < f->repetition->evidence_count; i++)
        if (sg_streq(f->repetition->evidence[i].metric, "queue_depth"))
            assert_true(f->repetition->evidence[i].value == 17);
    assert_int_equal(f->repetition->findings_count, 0);
    spoil(f, "app_queue_depth", VECTOR(VALUE("", "+Inf")));
    measure_or_fail(f);
    assert_true(isnan(f->repetition->values[0]));
    assert_words(f, "value", "queue_depth: the query gives inf, not a finite number");
}

static void a_users_window_is_never_shorter_than_a_second(void **state)
{
    struct fixture *f = *state;
    struct sg_metric *metric = sg_session_add_metric(&f->session, "queue_depth");
    metric->query = sg_strdup("max_over_time(app_queue_depth[$window])");
    f->window.load.end = T0 + 0.3;
    measure_or_fail(f);
    assert_int_equal(requests_with(f, "app_queue_depth[1s]"), 1);
    f->window.load.end = T0 + 1.6;
    measure_or_fail(f);
    assert_int_equal(requests_with(f, "app_queue_depth[2s]"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_fixture, stop_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_repetition_keeps_its_window_its_ids_and_k6s_own_figures),
        TEST(measuring_a_repetition_again_keeps_its_ids),
        TEST(what_is_not_measured_is_no_number),
        TEST(measuring_again_without_a_window_forgets_the_numbers),
        TEST(p95_is_asked_for_once_wherever_it_stands_among_the_metrics),
        TEST(p95_behind_another_metric_is_asked_for_once),
        TEST(counts_of_all_requests_are_asked_for_once),
        TEST(counts_of_one_request_are_its_own),
        TEST(a_request_that_the_script_never_made_is_named),
        TEST(latency_of_a_request_that_was_never_answered_is_named),
        TEST(latency_parted_by_tags_is_the_summarys_for_every_statistic_it_has),
        TEST(a_window_of_nine_tenths_of_the_plan_is_long_enough),
        TEST(a_single_restart_fails),
        TEST(a_request_lost_of_two_thousand_is_within_the_limit),
        TEST(a_window_that_ends_before_it_starts_is_none),
        TEST(a_warm_up_that_ends_with_the_start_is_in_order),
        TEST(all_but_one_virtual_user_in_use_is_no_finding),
        TEST(drops_with_all_virtual_users_in_use_say_so),
        TEST(a_generator_short_of_cpu_is_told_its_share_and_the_limit),
        TEST(a_lone_reading_of_the_engine_confirms_nothing_and_none_is_silent),
        TEST(stolen_time_is_told_with_its_limit),
        TEST(an_empty_log_of_k6_is_no_complaint),
        TEST(a_hole_in_memory_of_two_containers_is_told_of_both),
        TEST(a_users_value_is_kept_and_infinity_is_told),
        TEST(a_users_window_is_never_shorter_than_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
