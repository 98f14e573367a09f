/* SPDX-License-Identifier: Apache-2.0 */
/* Same work, steadiness and saturation over a session: what is counted, from where on it is said,
 * and in which words. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "measure/measure.h"

static int start(void **state)
{
    struct sg_session *s = calloc(1, sizeof *s);
    const char *names[] = {"base", "candidate"};
    s->reference = sg_strdup("base");
    s->plan = (struct sg_plan){.rate = 100, .measure = 30}; /* 3000 iterations */
    for (size_t i = 0; i < 2; i++) {
        s->variants = sg_grow(s->variants, s->variants_count, sizeof *s->variants);
        s->variants[s->variants_count++].name = sg_strdup(names[i]);
    }
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    sg_session_clear(*state);
    free(*state);
    return 0;
}

static struct sg_repetition *add(struct sg_session *s, const char *variant, double requests,
                                 double errors)
{
    struct sg_repetition *r = sg_session_add_repetition(s, variant);
    r->block = 1;
    r->requests = requests;
    r->errors = errors;
    return r;
}

static void add_drift(struct sg_session *s, const char *variant, double drift)
{
    struct sg_repetition *r = add(s, variant, 3000, 0);
    r->evidence = sg_grow(r->evidence, 0, sizeof *r->evidence);
    r->evidence_count = 1;
    r->evidence[0] = (struct sg_evidence){
        .metric = sg_strdup("steady_state"), .query = sg_strdup("q"), .value = drift};
}

static struct sg_repetition *add_drop(struct sg_session *s, const char *variant, double dropped,
                                      enum sg_severity severity)
{
    struct sg_repetition *r = add(s, variant, 3000 - dropped, 0);
    r->discarded = true;
    r->dropped = dropped;
    sg_repetition_add_finding(r, severity, "dropped_iterations", NULL, "dropped");
    return r;
}

static const char *text_of(const struct sg_session *s, const char *check)
{
    for (size_t i = 0; i < s->findings_count; i++)
        if (sg_streq(s->findings[i].check, check))
            return s->findings[i].text;
    return NULL;
}

static void what_lies_in_the_script_is_not_tried_again(void **state)
{
    struct sg_session *s = *state;
    struct sg_repetition *r = add(s, "base", 3000, 0);
    sg_repetition_add_finding(r, SG_FINDING_NOTE, "k6_metric", NULL, "counts as 0");
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
    sg_repetition_add_finding(r, SG_FINDING_INVALID, "no_latency", NULL, "there is no latency_p95");
    sg_measure_session(s);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 1);
    assert_int_equal(s->findings[0].severity, SG_FINDING_INVALID);
    assert_string_equal(text_of(s, "no_latency"), "there is no latency_p95");
}

/* --- The same work ------------------------------------------------------------------------ */

static void work_is_compared_by_repetition_however_many_there_are(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000, 0);
    add(s, "candidate", 2990, 0);
    add(s, "candidate", 3010, 0);
    add(s, "candidate", 3000, 0);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
}

static void other_work_is_told_with_both_counts(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000, 0);
    add(s, "base", 3002, 0);
    add(s, "candidate", 3151, 0);
    sg_measure_session(s);
    assert_string_equal(text_of(s, "sample_ratio"),
                        "candidate got 3151.0 requests a repetition and base 3001.0 (+5.00 %): not "
                        "the same work, although the same was offered");
}

/* The slower one makes fewer, of the same kind. */
static void a_closed_load_is_compared_by_iteration(void **state)
{
    struct sg_session *s = *state;
    s->plan.vus = 20;
    s->plan.rate = NAN;
    add(s, "base", 6000, 0)->iterations = 3000;
    struct sg_repetition *r = add(s, "candidate", 4000, 0);
    r->iterations = 2000;
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
    r->iterations = 1900;
    sg_measure_session(s);
    assert_string_equal(text_of(s, "sample_ratio"),
                        "candidate got 2.1 requests an iteration and base 2.0 (+5.26 %): not the "
                        "same work, although the same was offered");
}

static void errors_as_many_as_the_references_explain_nothing(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000, 300);
    add(s, "candidate", 2500, 250);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 1);
    assert_int_equal(s->findings[0].severity, SG_FINDING_INVALID);
}

static void more_errors_than_the_reference_explain_fewer_requests(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000, 0);
    add(s, "candidate", 2500, 5); /* 0.2 %, more than 0.1 % */
    sg_measure_session(s);
    assert_int_equal(s->findings[0].severity, SG_FINDING_WARN);
    assert_non_null(strstr(text_of(s, "sample_ratio"), "cut iterations short"));
}

static void repetitions_without_a_count_are_left_out_of_the_work(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000, 0);
    add(s, "candidate", NAN, NAN);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
    add(s, "candidate", 2900, NAN);
    sg_measure_session(s);
    assert_int_equal(s->findings[0].severity, SG_FINDING_INVALID);
}

/* 500 requests: an error more or less would be 0.2 %. */
static void errors_that_nobody_counted_are_none(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 500, NAN);
    add(s, "candidate", 600, 0);
    sg_measure_session(s);
    assert_int_equal(s->findings[0].severity, SG_FINDING_INVALID);
}

static void a_few_requests_are_work(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 2, 0);
    add(s, "candidate", 4, 0);
    sg_measure_session(s);
    assert_non_null(strstr(text_of(s, "sample_ratio"), "(+100.00 %)"));
}

static void one_iteration_more_or_less_is_the_edge_of_a_window(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 80, 0)->iterations = 20;
    add(s, "candidate", 84, 0)->iterations = 21;
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
    add(s, "candidate", 87, 0)->iterations = 21; /* 85.5 on average */
    sg_measure_session(s);
    assert_non_null(text_of(s, "sample_ratio"));
}

static void without_a_reference_there_is_nothing_to_control_with(void **state)
{
    struct sg_session *s = *state;
    free(s->reference);
    s->reference = NULL;
    for (int i = 0; i < 2; i++)
        add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
}

static void a_session_without_a_reference_compares_nothing(void **state)
{
    struct sg_session *s = *state;
    free(s->reference);
    s->reference = NULL;
    add(s, "base", 3000, 0);
    add(s, "candidate", 100, 0);
    for (int i = 0; i < 8; i++)
        add_drift(s, "candidate", 0.05);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 1);
    assert_non_null(text_of(s, "steady_state"));
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
}

/* --- Steadiness --------------------------------------------------------------------------- */

static void a_drift_is_told_with_its_median_count_and_chance(void **state)
{
    struct sg_session *s = *state;
    for (int i = 0; i < 9; i++)
        add_drift(s, "candidate", i < 1 ? -0.3 : 0.05 + 0.01 * i);
    add_drift(s, "candidate", 0);   /* says nothing */
    add_drift(s, "candidate", NAN); /* too short a window */
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0); /* 1 of 9: p = 0.039 */
    for (int i = 0; i < 3; i++)
        add_drift(s, "candidate", 0.2);
    sg_measure_session(s);
    /* 1 of 12: 2·13/4096 = 0.0063; the median of the twelve is 0.105 */
    assert_non_null(strstr(text_of(s, "steady_state"),
                           "candidate is not steady: its CPU use changes by +11.1 % from the first "
                           "to the last quarter of the window (median of 12 repetitions, sign test "
                           "p = 0.0063)"));
}

static void a_drift_of_two_and_a_half_percent_is_let_be(void **state)
{
    struct sg_session *s = *state;
    for (int i = 0; i < 9; i++)
        add_drift(s, "base", 0.024);
    for (int i = 0; i < 9; i++)
        add_drift(s, "candidate", 0.026);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 1);
    assert_non_null(strstr(text_of(s, "steady_state"), "candidate is not steady"));
}

/* --- Saturation --------------------------------------------------------------------------- */

static void add_clean(struct sg_session *s, int windows)
{
    for (int i = 0; i < windows; i++)
        add(s, "base", 3000, 0);
}

static void saturation_is_told_with_its_proof(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate", 30, SG_FINDING_INVALID); /* one percent */
    sg_measure_session(s);
    assert_string_equal(text_of(s, "saturated"),
                        "candidate does not keep up with the offered rate: at least 1 % of the "
                        "iterations were dropped, 3 times in a row, and none on base");
}

static void less_than_a_percent_dropped_is_no_saturation(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate", 29, SG_FINDING_INVALID);
    sg_measure_session(s);
    assert_null(text_of(s, "saturated"));
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
}

static void a_missed_rate_and_busy_users_follow_from_a_slow_service(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    for (int i = 0; i < 3; i++) {
        struct sg_repetition *r = add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
        sg_repetition_add_finding(r, SG_FINDING_INVALID, i == 0 ? "rate" : "vus", NULL, "x");
        sg_repetition_add_finding(r, SG_FINDING_WARN, "quantile", NULL, "x");
    }
    sg_measure_session(s);
    assert_non_null(text_of(s, "saturated"));
}

static void drops_that_were_only_noted_stay_notes(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    struct sg_repetition *warm = add_drop(s, "candidate", 1000, SG_FINDING_NOTE);
    warm->block = 0;
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
    sg_measure_session(s);
    assert_non_null(text_of(s, "saturated"));
    assert_int_equal(s->repetitions[3].findings[0].severity, SG_FINDING_NOTE);
    assert_int_equal(s->repetitions[4].findings[0].severity, SG_FINDING_INVALID);
    assert_int_equal(s->repetitions[6].findings[0].severity, SG_FINDING_FAIL);
}

static void a_warm_up_does_not_end_a_row_of_overruns(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
    add(s, "candidate", 300, 0)->block = 0;
    add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_VARIANT);
}

static void a_drop_of_the_reference_that_was_forgiven_counts_against_the_proof(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    s->repetitions[1].dropped = 1; /* without a finding */
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
    sg_measure_session(s);
    assert_null(text_of(s, "saturated"));
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
}

static void a_window_of_the_reference_without_requests_is_not_clean(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 2);
    add(s, "base", NAN, NAN);
    add(s, "base", 0, 0);
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
    sg_measure_session(s);
    assert_null(text_of(s, "saturated"));
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_REFERENCE);
}

static void a_window_of_the_reference_with_a_single_request_is_clean(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 2);
    add(s, "base", 1, 0);
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
    sg_measure_session(s);
    assert_non_null(text_of(s, "saturated"));
}

static void what_was_found_before_of_others_stays_in_its_place(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate", 1000, SG_FINDING_INVALID);
    sg_session_add_finding(s, SG_FINDING_NOTE, "first", NULL, "a");
    sg_measure_session(s);
    sg_session_add_finding(s, SG_FINDING_NOTE, "second", NULL, "b");
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 3);
    assert_string_equal(s->findings[0].check, "first");
    assert_string_equal(s->findings[1].check, "second");
    assert_string_equal(s->findings[2].check, "saturated");
}

static void a_session_without_data_has_no_findings_and_no_controls(void **state)
{
    struct sg_session *s = *state;
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_closed_load_is_compared_by_iteration),
        TEST(what_lies_in_the_script_is_not_tried_again),
        TEST(work_is_compared_by_repetition_however_many_there_are),
        TEST(other_work_is_told_with_both_counts),
        TEST(errors_as_many_as_the_references_explain_nothing),
        TEST(more_errors_than_the_reference_explain_fewer_requests),
        TEST(repetitions_without_a_count_are_left_out_of_the_work),
        TEST(errors_that_nobody_counted_are_none),
        TEST(a_few_requests_are_work),
        TEST(one_iteration_more_or_less_is_the_edge_of_a_window),
        TEST(without_a_reference_there_is_nothing_to_control_with),
        TEST(a_session_without_a_reference_compares_nothing),
        TEST(a_drift_is_told_with_its_median_count_and_chance),
        TEST(a_drift_of_two_and_a_half_percent_is_let_be),
        TEST(saturation_is_told_with_its_proof),
        TEST(less_than_a_percent_dropped_is_no_saturation),
        TEST(a_missed_rate_and_busy_users_follow_from_a_slow_service),
        TEST(drops_that_were_only_noted_stay_notes),
        TEST(a_warm_up_does_not_end_a_row_of_overruns),
        TEST(a_drop_of_the_reference_that_was_forgiven_counts_against_the_proof),
        TEST(a_window_of_the_reference_without_requests_is_not_clean),
        TEST(a_window_of_the_reference_with_a_single_request_is_clean),
        TEST(what_was_found_before_of_others_stays_in_its_place),
        TEST(a_session_without_data_has_no_findings_and_no_controls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
