/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that are missing, impossible or out of all proportion, in gates, plans and values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"
#include "unit/vectors.h"

static void a_weight_that_is_not_set_counts_as_one(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_metric(&s, "cpu_per_request", SG_SCALE_LOG);
    build_gate(&s, "cpu_per_request", 0.05)->weight = 3;
    build_blocks(&s, 7, 1.0);
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].values[1] = 1;
    struct sg_judgement j = build_judge(&s);
    assert_close(j.results[0].alpha, 0.0025, 1e-15);
    assert_close(j.results[1].alpha, 0.0075, 1e-15);
    sg_judgement_clear(&j);
    s.gates[0].weight = 1;
    j = build_judge(&s);
    assert_close(j.results[0].alpha, 0.0025, 1e-15);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* One value a side that never varies. */
static struct sg_judgement judge_exact(double reference, double variant, enum sg_better better,
                                       double tolerance)
{
    struct sg_session s = build_simple(tolerance);
    s.metrics[0].scale = SG_SCALE_EXACT;
    s.metrics[0].better = better;
    for (int i = 0; i < 6; i++) {
        build_row(&s, 1 + i / 3, "base", reference);
        build_row(&s, 1 + i / 3, "candidate", variant);
    }
    struct sg_judgement j = build_judge(&s);
    sg_session_clear(&s);
    return j;
}

static enum sg_verdict exact_verdict(double reference, double variant, enum sg_better better,
                                     double tolerance)
{
    struct sg_judgement j = judge_exact(reference, variant, better, tolerance);
    enum sg_verdict verdict = j.verdict;
    sg_judgement_clear(&j);
    return verdict;
}

static void without_a_tolerance_any_worsening_of_an_exact_value_fails(void **state)
{
    (void)state;
    assert_int_equal(exact_verdict(1e9, nextafter(1e9, 2e9), SG_LOWER, NAN), SG_FAIL);
    assert_int_equal(exact_verdict(1e9, 1e9, SG_LOWER, NAN), SG_PASS);
    assert_int_equal(exact_verdict(1e9, 1, SG_LOWER, NAN), SG_PASS);
    assert_int_equal(exact_verdict(0, 1, SG_LOWER, NAN), SG_FAIL);
    assert_int_equal(exact_verdict(0, 0, SG_LOWER, NAN), SG_PASS);
    assert_int_equal(exact_verdict(5, 4, SG_HIGHER, NAN), SG_FAIL);
    assert_int_equal(exact_verdict(5, 6, SG_HIGHER, NAN), SG_PASS);
    assert_int_equal(exact_verdict(100, 104, SG_LOWER, 0.05), SG_PASS);
    assert_int_equal(exact_verdict(100, 106, SG_LOWER, 0.05), SG_FAIL);
    assert_int_equal(exact_verdict(-100, -104, SG_HIGHER, 0.05), SG_PASS);
}

static void exact_values_that_only_touch_what_is_allowed_are_not_worse(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.metrics[0].scale = SG_SCALE_EXACT;
    for (int i = 0; i < 12; i++)
        build_row(&s, 1 + i / 6, i % 2 ? "candidate" : "base", i % 2 ? 105 + i % 3 : 100);
    assert_int_equal(build_verdict(&s), SG_INCONCLUSIVE);
}

/* Linear, because there a difference has no rounding. */
static void a_difference_of_exactly_the_tolerance_fails(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.metrics[0].scale = SG_SCALE_LINEAR;
    for (int i = 0; i < 42; i++)
        build_row(&s, 1 + i / 6, i % 2 ? "candidate" : "base", i % 2 ? 0.05 : 0);
    assert_int_equal(build_verdict(&s), SG_FAIL);
}

static void an_exact_value_with_a_limit_alone_tells_no_tolerance(void **state)
{
    (void)state;
    struct sg_session s = build_simple(NAN);
    s.metrics[0].scale = SG_SCALE_EXACT;
    s.gates[0].limit = 10;
    for (int i = 0; i < 12; i++)
        build_row(&s, 1 + i / 6, i % 2 ? "candidate" : "base", i % 2 ? 9 : 1);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(isnan(j.results[0].tolerance));
    assert_true(isnan(j.results[0].low));
    assert_close(j.results[0].change, 8, 0);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* A session whose value in one repetition of one side is another. */
static enum sg_verdict spoiled_verdict(enum sg_scale scale, const char *side, double value)
{
    struct sg_session s = build_simple(0.05);
    s.metrics[0].scale = scale;
    build_blocks(&s, 7, 1.0);
    size_t r = 0;
    while (strcmp(s.repetitions[r].variant, side) != 0)
        r++;
    s.repetitions[r].values[0] = value;
    return build_verdict(&s);
}

static void values_that_cannot_be_are_invalid_on_either_side(void **state)
{
    (void)state;
    static const char *const sides[] = {"base", "candidate"};
    for (int i = 0; i < 2; i++) {
        static const double never[] = {-0.01, 0, -0.0, NAN, INFINITY, -INFINITY};
        for (size_t k = 0; k < SG_COUNT(never); k++)
            assert_int_equal(spoiled_verdict(SG_SCALE_LOG, sides[i], never[k]), SG_INVALID);
        assert_int_equal(spoiled_verdict(SG_SCALE_LINEAR, sides[i], -INFINITY), SG_INVALID);
        assert_int_equal(spoiled_verdict(SG_SCALE_EXACT, sides[i], INFINITY), SG_INVALID);
        assert_int_equal(spoiled_verdict(SG_SCALE_EXACT, sides[i], NAN), SG_INVALID);
    }
    assert_int_equal(spoiled_verdict(SG_SCALE_LINEAR, "base", -1), SG_PASS);
}

/* What no clock or counter gives, but a double can hold. */
static void the_smallest_and_largest_numbers_are_judged_like_others(void **state)
{
    (void)state;
    static const double levels[] = {0x1p-1070, 0x1p-1022, 0x1p1000};
    for (size_t k = 0; k < SG_COUNT(levels); k++) {
        for (int worse = 0; worse < 2; worse++) {
            struct sg_session s = build_simple(0.05);
            for (int i = 0; i < 42; i++)
                build_row(&s, 1 + i / 6, i % 2 ? "candidate" : "base",
                          levels[k] * (i % 2 && worse ? 15 : 10));
            assert_int_equal(build_verdict(&s), worse ? SG_FAIL : SG_PASS);
        }
    }
}

static struct sg_session counted_session(double errors, double requests)
{
    struct sg_session s = build_error_rate(NAN);
    s.gates[0].limit = 0.01;
    for (int i = 0; i < 42; i++) {
        bool first = i == 0; /* of the reference */
        struct sg_repetition *row = build_row(&s, 1 + i / 6, i % 2 ? "candidate" : "base", 0);
        row->values[1] = first ? errors : 0;
        row->values[2] = first ? requests : 6000;
    }
    return s;
}

static void an_impossible_count_of_the_reference_is_not_shown_as_its_rate(void **state)
{
    (void)state;
    static const struct {
        double errors, requests;
    } counts[] = {{-1, 6000}, {6001, 6000}, {0, 0}, {0, -5}, {NAN, 6000}, {0, INFINITY}};
    for (size_t k = 0; k < SG_COUNT(counts); k++) {
        struct sg_session s = counted_session(counts[k].errors, counts[k].requests);
        struct sg_judgement j = build_judge(&s); /* a limit needs no reference */
        assert_int_equal(j.verdict, SG_PASS);
        assert_true(isnan(j.results[0].reference));
        assert_true(isnan(j.results[0].change));
        sg_judgement_clear(&j);
        s.gates[0].tolerance = 0.001; /* a comparison does */
        assert_int_equal(build_verdict(&s), SG_INVALID);
    }
}

static void a_plan_of_billions_of_repetitions_takes_no_memory(void **state)
{
    (void)state;
    static const int fewest[] = {1, INT32_MAX};
    for (int i = 0; i < 2; i++) {
        struct sg_session s = build_simple(0.05);
        build_blocks(&s, 2, 1.0);
        s.plan.min_repetitions = fewest[i];
        s.plan.max_repetitions = INT32_MAX;
        s.plan.block_size = i == 0 ? 1 : 3;
        struct sg_judgement j = build_judge(&s);
        assert_int_equal(j.verdict, SG_INCONCLUSIVE);
        sg_judgement_clear(&j);
        sg_session_clear(&s);
    }
}

static void more_looks_than_can_be_computed_are_refused(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 300, 1.0);
    s.plan.max_repetitions = 900;
    struct sg_judgement j = {0};
    struct sg_error err = {0};
    assert_false(sg_judge(&s, &j, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_contains(err.text, "looks");
    sg_session_clear(&s);
}

static void attempts_without_number_leave_no_error_to_spend(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 7, 2.0);
    s.plan.attempt = INT32_MAX;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_close(j.alpha, 0, 0);
    sg_judgement_clear(&j);
    s.plan.attempt = INT32_MIN;
    assert_int_equal(build_verdict(&s), SG_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_weight_that_is_not_set_counts_as_one),
        cmocka_unit_test(without_a_tolerance_any_worsening_of_an_exact_value_fails),
        cmocka_unit_test(exact_values_that_only_touch_what_is_allowed_are_not_worse),
        cmocka_unit_test(a_difference_of_exactly_the_tolerance_fails),
        cmocka_unit_test(an_exact_value_with_a_limit_alone_tells_no_tolerance),
        cmocka_unit_test(values_that_cannot_be_are_invalid_on_either_side),
        cmocka_unit_test(the_smallest_and_largest_numbers_are_judged_like_others),
        cmocka_unit_test(an_impossible_count_of_the_reference_is_not_shown_as_its_rate),
        cmocka_unit_test(a_plan_of_billions_of_repetitions_takes_no_memory),
        cmocka_unit_test(more_looks_than_can_be_computed_are_refused),
        cmocka_unit_test(attempts_without_number_leave_no_error_to_spend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
