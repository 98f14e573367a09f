/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics of k6's own summary: their numbers, their unit, and what is said where there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/measure/fixture.h"

static struct sg_k6_value values[1];

/* A metric of k6's with what the summary has of it; its index. */
static size_t add(struct fixture *f, const char *unit, struct sg_k6_value value)
{
    struct sg_metric *metric = sg_session_add_metric(&f->session, "mine");
    metric->k6 = sg_strdup(value.k6);
    metric->stat = sg_strdup(value.stat);
    free(metric->unit);
    metric->unit = sg_strdup(unit);
    values[0] = value;
    f->window.load.k6 = values;
    f->window.load.k6_count = 1;
    f->window.load.k6_names = "orders, checkout_time";
    return f->session.metrics_count - 1;
}

static double measured(struct fixture *f, size_t at)
{
    gate_all(f);
    assert_true(measure(f));
    return f->repetition->values[at];
}

static void the_number_is_that_of_the_summary(void **state)
{
    struct fixture *f = *state;
    size_t at = add(f, "jobs", (struct sg_k6_value){"depth", "p95", "trend", false, 12.5});
    assert_float_equal(measured(f, at), 12.5, 0);
    assert_int_equal(count_severity(f, SG_FINDING_INVALID), 0);
    size_t found = 0;
    for (size_t i = 0; i < f->repetition->evidence_count; i++) {
        const struct sg_evidence *evidence = &f->repetition->evidence[i];
        if (!sg_streq(evidence->metric, "mine"))
            continue;
        found++;
        assert_string_equal(evidence->query, "k6's summary: p95 of depth");
        assert_float_equal(evidence->value, 12.5, 0);
    }
    assert_int_equal(found, 1);
}

static void times_of_k6_are_milliseconds(void **state)
{
    struct fixture *f = *state;
    size_t at = add(f, "s", (struct sg_k6_value){"grpc_req_duration", "p95", "trend", true, 12.5});
    assert_float_equal(measured(f, at), 0.0125, 0);
}

static void numbers_of_the_script_are_as_it_adds_them(void **state)
{
    struct fixture *f = *state;
    size_t s = add(f, "s", (struct sg_k6_value){"t", "p95", "trend", false, 12.5});
    assert_float_equal(measured(f, s), 12.5, 0);
    values[0].time = true;
    free(f->session.metrics[s].unit);
    f->session.metrics[s].unit = sg_strdup("ms");
    assert_float_equal(measured(f, s), 12.5, 0);
}

static void what_was_never_added_is_told_with_what_there_is(void **state)
{
    struct fixture *f = *state;
    size_t at = add(f, "", (struct sg_k6_value){"t", "p95", NULL, false, NAN});
    assert_true(isnan(measured(f, at)));
    assert_int_equal(finding(f, "k6_metric")->severity, SG_FINDING_INVALID);
    assert_string_equal(
        finding(f, "k6_metric")->text,
        "the script added nothing to t in the window; there are orders, checkout_time");
}

static void counts_of_what_never_happened_are_zero(void **state)
{
    struct fixture *f = *state;
    size_t at = add(f, "", (struct sg_k6_value){"broken{step:pay}", "count", NULL, false, NAN});
    assert_float_equal(measured(f, at), 0, 0);
    assert_int_equal(finding(f, "k6_metric")->severity, SG_FINDING_NOTE);
    assert_string_equal(
        finding(f, "k6_metric")->text,
        "the script added nothing to broken{step:pay} in the window, which counts as 0");
}

/* k6's own rate of a Counter is over the warm-up and the idle stretches, too. */
static void a_counter_has_no_rate(void **state)
{
    struct fixture *f = *state;
    size_t at = add(f, "ratio", (struct sg_k6_value){"orders", "rate", "counter", false, 9.5});
    assert_true(isnan(measured(f, at)));
    assert_int_equal(finding(f, "k6_metric")->severity, SG_FINDING_INVALID);
    assert_string_equal(
        finding(f, "k6_metric")->text,
        "orders is a counter of k6's, which has no rate for a window: use stat: count");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_fixture, stop_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_number_is_that_of_the_summary),
        TEST(times_of_k6_are_milliseconds),
        TEST(numbers_of_the_script_are_as_it_adds_them),
        TEST(what_was_never_added_is_told_with_what_there_is),
        TEST(counts_of_what_never_happened_are_zero),
        TEST(a_counter_has_no_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
