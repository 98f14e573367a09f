/* SPDX-License-Identifier: Apache-2.0 */
/* Limits, linear metrics, counts, exact values, ungated metrics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"

static struct sg_session limited(double limit)
{
    struct sg_session s = build_simple(NAN);
    s.gates[0].limit = limit;
    build_blocks(&s, 3, 1.0); /* 10 ms */
    return s;
}

/* 9 of 9 below it: 1/512, within beta at the second look; at the first 1/64 is not. */
static void a_limit_alone_passes_when_enough_repetitions_lie_below_it(void **state)
{
    (void)state;
    struct sg_session s = limited(0.012);
    struct sg_judgement j = build_judge(&s);
    const struct sg_result *r = &j.results[0];
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(r->decided_at, 9);
    assert_true(r->value_high > 0.010 && r->value_high <= 0.0101);
    assert_true(isnan(r->low) && isnan(r->p));
    assert_true(fabs(r->change) < 0.01);
    assert_contains(r->reason, "within its limit of 12 ms");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_limit_that_is_broken_for_sure_fails(void **state)
{
    (void)state;
    struct sg_session s = limited(0.008);
    s.plan.alpha = 0.05;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(j.results[0].value_low > 0.008);
    assert_contains(j.results[0].reason, "beyond its limit of 8 ms");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_limit_in_the_middle_of_the_values_is_inconclusive(void **state)
{
    (void)state;
    struct sg_session s = limited(0.01003);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_contains(j.results[0].reason, "not decided against its limit");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_value_at_the_limit_is_within_it(void **state)
{
    (void)state;
    struct sg_session s = build_simple(NAN);
    s.metrics[0].scale = SG_SCALE_LINEAR;
    s.gates[0].limit = 0;
    for (int i = 0; i < 9; i++) {
        build_row(&s, 1 + i / 3, "base", 0);
        build_row(&s, 1 + i / 3, "candidate", 0);
    }
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void a_limit_needs_no_reference_values(void **state)
{
    (void)state;
    struct sg_session s = limited(0.012);
    for (size_t r = 0; r < s.repetitions_count; r++)
        if (strcmp(s.repetitions[r].variant, "base") == 0)
            s.repetitions[r].values[0] = NAN;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(isnan(j.results[0].change));
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void without_a_reference_limits_are_judged_and_comparisons_are_not(void **state)
{
    (void)state;
    struct sg_session s = build_session();
    free(s.reference);
    s.reference = NULL;
    build_variant(&s, "only");
    build_metric(&s, "latency_p95", SG_SCALE_LOG);
    build_gate(&s, "latency_p95", NAN)->limit = 2;
    for (int i = 0; i < 9; i++)
        build_row(&s, 1 + i / 3, "only", 1 + 0.01 * i);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    sg_judgement_clear(&j);
    s.gates[0].tolerance = 0.05;
    j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_contains(j.reason, "nothing to compare with");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void tolerance_and_limit_must_both_hold(void **state)
{
    (void)state;
    struct sg_session s = limited(0.008); /* broken by both sides */
    s.gates[0].tolerance = 0.05;
    s.plan.alpha = 0.05;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_contains(j.results[0].reason, "beyond its limit");
    sg_judgement_clear(&j);
    s.gates[0].limit = 0.02;
    j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_contains(j.results[0].reason, "not worse by 5 %");
    assert_contains(j.results[0].reason, "within its limit");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void where_higher_is_better_the_limit_is_a_lower_one(void **state)
{
    (void)state;
    struct sg_session s = limited(0.012);
    s.metrics[0].better = SG_HIGHER;
    s.plan.alpha = 0.05;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_contains(j.results[0].reason, "at most");
    sg_judgement_clear(&j);
    s.gates[0].limit = 0.008;
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void linear_metrics_are_compared_by_differences(void **state)
{
    (void)state;
    for (int worse = 0; worse < 2; worse++) {
        struct sg_session s = build_simple(0.5);
        s.metrics[0].scale = SG_SCALE_LINEAR;
        for (int i = 0; i < 6; i++) {
            build_row(&s, 1 + i / 3, "base", -1 + 0.01 * i);
            build_row(&s, 1 + i / 3, "candidate", (worse ? 0.2 : -1) + 0.01 * (5 - i));
        }
        struct sg_judgement j = build_judge(&s);
        assert_int_equal(j.verdict, worse ? SG_FAIL : SG_PASS);
        assert_false(j.results[0].relative);
        assert_true(fabs(j.results[0].change - (worse ? 1.2 : 0)) < 0.05);
        assert_true(fabs(j.results[0].tolerance - 0.5) < 1e-15);
        sg_judgement_clear(&j);
        sg_session_clear(&s);
    }
}

/* `errors` in each repetition of the candidate, none in the base; 6000 requests each. */
static struct sg_session with_errors(const double *errors, int repetitions)
{
    struct sg_session s = build_error_rate(NAN);
    for (int i = 0; i < repetitions; i++) {
        struct sg_repetition *row = build_row(&s, 1 + i / 3, "base", 0);
        row->values[1] = 0;
        row->values[2] = 6000;
        row = build_row(&s, 1 + i / 3, "candidate", errors[i] / 6000);
        row->values[1] = errors[i];
        row->values[2] = 6000;
    }
    return s;
}

static void no_errors_pass_the_default_rise(void **state)
{
    (void)state;
    const double errors[6] = {0};
    struct sg_session s = with_errors(errors, 6);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(fabs(j.results[0].tolerance - 0.001) < 1e-15);
    assert_contains(j.results[0].reason, "0.1 percentage points");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void errors_from_zero_to_two_percent_fail(void **state)
{
    (void)state;
    const double errors[6] = {118, 122, 120, 119, 125, 121};
    struct sg_session s = with_errors(errors, 6);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(fabs(j.results[0].change - 0.02) < 0.001);
    assert_true(j.results[0].low > 0.015);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_few_errors_far_below_the_rise_pass(void **state)
{
    (void)state;
    const double errors[6] = {1, 0, 2, 0, 1, 1};
    struct sg_session s = with_errors(errors, 6);
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void errors_in_a_single_repetition_do_not_fail(void **state)
{
    (void)state;
    const double errors[6] = {0, 0, 0, 90, 0, 0};
    struct sg_session s = with_errors(errors, 6);
    assert_int_equal(build_verdict(&s), SG_INCONCLUSIVE);
}

static void an_absolute_limit_of_errors_is_judged_by_its_own_bound(void **state)
{
    (void)state;
    const double errors[6] = {118, 122, 120, 119, 125, 121};
    struct sg_session s = with_errors(errors, 6);
    s.gates[0].limit = 0.001;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(j.results[0].value_low > 0.015 && j.results[0].value_low < 0.02);
    sg_judgement_clear(&j);
    s.gates[0].limit = 0.05;
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void impossible_counts_are_invalid(void **state)
{
    (void)state;
    const double events[] = {NAN, -1, 7000, 3};
    const double trials[] = {6000, 6000, 6000, 0};
    const double errors[6] = {0};
    for (size_t i = 0; i < SG_COUNT(events); i++) {
        struct sg_session s = with_errors(errors, 6);
        s.repetitions[3].values[1] = events[i];
        s.repetitions[3].values[2] = trials[i];
        assert_int_equal(build_verdict(&s), SG_INVALID);
    }
}

static struct sg_session exact(double base, double candidate)
{
    struct sg_session s = build_simple(NAN);
    s.metrics[0].scale = SG_SCALE_EXACT;
    for (int i = 0; i < 6; i++) {
        build_row(&s, 1 + i / 3, "base", base);
        build_row(&s, 1 + i / 3, "candidate", candidate);
    }
    return s;
}

static void exact_values_are_compared_as_values(void **state)
{
    (void)state;
    struct sg_session same = exact(0, 0);
    assert_int_equal(build_verdict(&same), SG_PASS);
    struct sg_session more = exact(0, 1);
    assert_int_equal(build_verdict(&more), SG_FAIL);
    struct sg_session fewer = exact(2, 1);
    assert_int_equal(build_verdict(&fewer), SG_PASS);
    struct sg_session tolerated = exact(100, 104);
    tolerated.gates[0].tolerance = 0.05;
    assert_int_equal(build_verdict(&tolerated), SG_PASS);
}

static void exact_values_that_vary_warn_and_do_not_decide_by_chance(void **state)
{
    (void)state;
    struct sg_session s = exact(10, 10);
    s.repetitions[1].values[0] = 12;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_contains(j.results[0].reason, "vary");
    sg_judgement_clear(&j);
    s.gates[0].tolerance = 0.5;
    j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.warn);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void one_ungated_metric_stands_out_among_many(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    char name[16];
    for (int m = 1; m <= 10; m++) {
        (void)snprintf(name, sizeof(name), "m%d", m);
        build_metric(&s, name, SG_SCALE_LOG);
    }
    build_blocks(&s, 3, 1.0);
    for (size_t r = 0; r < s.repetitions_count; r++)
        for (int m = 1; m <= 10; m++) {
            double shift = m == 4 && strcmp(s.repetitions[r].variant, "base") != 0 ? 1.5 : 1;
            s.repetitions[r].values[m] = shift * build_noise((int)(r / 2 * 5 + (size_t)m * 3));
        }
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    for (int m = 1; m <= 10; m++) {
        const struct sg_result *r = &j.results[m];
        assert_int_equal(r->verdict, SG_PASS);
        assert_contains(r->reason, m == 4 ? "worse, stands out among 10" : "does not stand out");
    }
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void ungated_counts_and_exact_values_are_shown(void **state)
{
    (void)state;
    const double errors[6] = {118, 122, 120, 119, 125, 121};
    struct sg_session s = with_errors(errors, 6);
    free(s.gates[0].metric);
    s.gates[0].metric = sg_strdup("requests");
    s.gates[0].tolerance = 100;
    s.metrics[1].scale = SG_SCALE_EXACT;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_string_equal(j.results[1].metric, "error_rate");
    assert_contains(j.results[1].reason, "worse, stands out");
    assert_true(j.results[1].p < 1e-6);
    assert_string_equal(j.results[2].metric, "errors");
    assert_true(fabs(j.results[2].value - 120.5) < 1e-9);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_alone_passes_when_enough_repetitions_lie_below_it),
        cmocka_unit_test(a_limit_that_is_broken_for_sure_fails),
        cmocka_unit_test(a_limit_in_the_middle_of_the_values_is_inconclusive),
        cmocka_unit_test(a_value_at_the_limit_is_within_it),
        cmocka_unit_test(a_limit_needs_no_reference_values),
        cmocka_unit_test(without_a_reference_limits_are_judged_and_comparisons_are_not),
        cmocka_unit_test(tolerance_and_limit_must_both_hold),
        cmocka_unit_test(where_higher_is_better_the_limit_is_a_lower_one),
        cmocka_unit_test(linear_metrics_are_compared_by_differences),
        cmocka_unit_test(no_errors_pass_the_default_rise),
        cmocka_unit_test(errors_from_zero_to_two_percent_fail),
        cmocka_unit_test(a_few_errors_far_below_the_rise_pass),
        cmocka_unit_test(errors_in_a_single_repetition_do_not_fail),
        cmocka_unit_test(an_absolute_limit_of_errors_is_judged_by_its_own_bound),
        cmocka_unit_test(impossible_counts_are_invalid),
        cmocka_unit_test(exact_values_are_compared_as_values),
        cmocka_unit_test(exact_values_that_vary_warn_and_do_not_decide_by_chance),
        cmocka_unit_test(one_ungated_metric_stands_out_among_many),
        cmocka_unit_test(ungated_counts_and_exact_values_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
