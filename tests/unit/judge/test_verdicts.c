/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of verdicts on planned sessions: pass, fail, neither; shares of alpha; warnings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"

static void unchanged_code_passes_at_the_second_block(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 2, 1.0);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.decided);
    assert_int_equal(j.results[0].decided_at, 6);
    assert_int_equal(j.looks_done, 1);
    assert_int_equal(j.looks_max, 6);
    assert_int_equal(j.repetitions, 6);
    assert_contains(j.results[0].reason, "not worse by 5 % or more");
    assert_contains(j.results[0].reason, "(95 % sure)");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_clear_regression_fails_with_its_numbers(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 2, 1.20);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    const struct sg_result *r = &j.results[0];
    assert_true(r->change > 0.19 && r->change < 0.21);
    assert_true(r->low > 0.18 && r->low <= r->change);
    assert_true(r->beyond);
    assert_int_equal(r->decided_at, 6);
    assert_contains(r->reason, "worse by 20.");
    assert_contains(r->reason, "99 % sure of at least 19.");
    assert_contains(r->reason, "tolerance 5 %");
    assert_contains(j.reason, "candidate: latency_p95: worse by");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void one_block_is_not_enough_for_any_verdict(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 1, 3.0);
    s.complete = false;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_false(j.decided);
    assert_int_equal(j.looks_done, 0);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* +3 % at tolerance 5 %: proven worse, but by less than is tolerated. */
static void a_proven_but_tolerable_change_passes_with_its_size(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 2, 1.03);
    s.gates[0].warn = 0.02;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.results[0].low > 0);
    assert_true(j.results[0].warn);
    assert_true(j.warn);
    assert_contains(j.results[0].reason, "+3.");
    assert_contains(j.results[0].reason, "warns");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_change_below_the_warning_level_does_not_warn(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 2, 1.01);
    s.gates[0].warn = 0.02;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_false(j.warn);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void an_improvement_is_reported(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 2, 0.9);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.results[0].improved);
    assert_contains(j.results[0].reason, "proven better");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* Blocks of pure noise 40 % wide: nothing can be shown with 9 repetitions. */
static void noise_ends_inconclusive_and_says_what_it_could_have_shown(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    static const double values[] = {1, 1.4, 0.8, 1.2, 0.9, 1.3};
    s.plan.max_repetitions = 9;
    for (int b = 1; b <= 3; b++)
        for (int i = 0; i < 3; i++) {
            build_row(&s, b, "base", values[(i * 2 + b) % 6]);
            build_row(&s, b, "candidate", values[(i * 2 + b + 1) % 6]);
        }
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_true(j.decided);
    assert_true(j.results[0].detectable > 0.2);
    assert_contains(j.results[0].reason, "9 repetitions a side could only have shown +");
    assert_contains(j.results[0].reason, "would decide");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_verdict_still_open_says_that_the_session_goes_on(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.001);
    build_blocks(&s, 2, 1.0);
    s.complete = false;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_false(j.decided);
    assert_contains(j.results[0].reason, "not decided yet");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_session_cut_short_is_inconclusive_and_noted(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.001);
    build_blocks(&s, 2, 1.0);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_true(j.decided);
    assert_int_equal(j.notes_count, 1);
    assert_contains(j.notes[0], "after 6 of 21 planned repetitions");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* Wholly separate blocks of two give U = 18 of 18: critical at alpha 0.01, not at 0.0025. */
static void alpha_is_shared_among_gates(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    for (int g = 0; g < 3; g++)
        build_gate(&s, "latency_p95", 0.05);
    build_blocks(&s, 2, 1.2);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    for (int g = 0; g < 4; g++)
        assert_true(fabs(j.results[g].alpha - 0.0025) < 1e-15);
    assert_true(isnan(j.results[0].low));
    sg_judgement_clear(&j);
    build_row(&s, 3, "base", 0.01);
    build_row(&s, 3, "base", 0.01);
    build_row(&s, 3, "base", 0.01);
    build_row(&s, 3, "candidate", 0.012);
    build_row(&s, 3, "candidate", 0.012);
    build_row(&s, 3, "candidate", 0.012);
    assert_int_equal(build_verdict(&s), SG_FAIL);
}

static void weights_shift_the_shares_of_alpha(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_gate(&s, "latency_p95", 0.05)->weight = 3;
    build_blocks(&s, 2, 1.2);
    struct sg_judgement j = build_judge(&s);
    assert_true(fabs(j.results[0].alpha - 0.0025) < 1e-15);
    assert_true(fabs(j.results[1].alpha - 0.0075) < 1e-15);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void further_attempts_are_judged_more_strictly(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 2, 1.0);
    s.plan.attempt = 3;
    struct sg_judgement j = build_judge(&s);
    assert_true(fabs(j.alpha - 0.01 / 8) < 1e-15);
    assert_true(fabs(j.beta - 0.05 / 4) < 1e-15);
    assert_int_equal(j.notes_count, 1);
    assert_contains(j.notes[0], "attempt 3");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void the_floor_widens_the_tolerance_of_small_values(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.gates[0].floor = 0.003; /* 3 ms of 10 ms */
    build_blocks(&s, 2, 1.2);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(fabs(j.results[0].tolerance - 0.003 / j.results[0].reference) < 1e-12);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void where_higher_is_better_a_fall_fails(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.metrics[0].better = SG_HIGHER;
    build_blocks(&s, 2, 0.8);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(j.results[0].change < -0.19);
    assert_true(j.results[0].high < 0);
    assert_contains(j.results[0].reason, "the reference is");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void where_higher_is_better_a_rise_passes(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.metrics[0].better = SG_HIGHER;
    build_blocks(&s, 2, 1.2);
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void the_worst_variant_makes_the_verdict(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_variant(&s, "slow");
    build_blocks(&s, 2, 1.0);
    for (int b = 1; b <= 2; b++)
        for (int i = 0; i < 3; i++)
            build_row(&s, b, "slow", 0.02 * build_noise(i));
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_int_equal(j.variants_count, 2);
    assert_int_equal(j.variants[0].verdict, SG_PASS);
    assert_int_equal(j.variants[1].verdict, SG_FAIL);
    assert_contains(j.reason, "slow: latency_p95: worse by");
    /* each variant is a family of its own: alpha is not split among them */
    assert_true(fabs(j.results[1].alpha - 0.01) < 1e-15);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_session_stops_only_when_every_variant_is_decided(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.0005);
    build_variant(&s, "slow");
    s.complete = false;
    build_blocks(&s, 2, 1.0); /* not decided at this tolerance */
    for (int b = 1; b <= 2; b++)
        for (int i = 0; i < 3; i++)
            build_row(&s, b, "slow", 0.02 * build_noise(i));
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(j.variants[1].decided);
    assert_false(j.variants[0].decided);
    assert_false(j.decided);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void without_a_variant_there_is_nothing_to_pass(void **state)
{
    (void)state;
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_metric(&s, "latency_p95", SG_SCALE_LOG);
    build_gate(&s, "latency_p95", 0.05);
    for (int i = 0; i < 9; i++)
        build_row(&s, 1 + i / 3, "base", 1);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_contains(j.reason, "nothing to compare with");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void without_a_gate_nothing_passes(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    sg_gate_clear(&s.gates[0]);
    s.gates_count = 0;
    build_blocks(&s, 3, 1.0);
    assert_int_equal(build_verdict(&s), SG_INCONCLUSIVE);
}

static void plain_samples_are_judged_at_one_look_with_the_whole_alpha(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.plan.planned = false;
    /* 5 + 4 in one block: P(U = 20) = 1/126 = 0.0079, within 0.01 */
    for (int i = 0; i < 5; i++)
        build_row(&s, 1, "base", 1 + 0.01 * i);
    for (int i = 0; i < 4; i++)
        build_row(&s, 1, "candidate", 1.3 + 0.01 * i);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_int_equal(j.looks_max, 1);
    assert_true(fabs(j.results[0].p - 1.0 / 126) < 1e-12);
    sg_judgement_clear(&j);
    s.plan.alpha = 0.0075;
    assert_int_equal(build_verdict(&s), SG_INCONCLUSIVE);
}

static void pairs_combine_to_a_sign_test(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.plan.planned = false;
    for (int b = 1; b <= 7; b++) {
        build_row(&s, b, "base", 1.0 * b);
        build_row(&s, b, "candidate", (1.2 + 0.001 * b) * b);
    }
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(fabs(j.results[0].p - 1.0 / 128) < 1e-12);
    assert_true(j.results[0].noise > 0 && j.results[0].noise < 0.01);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void blocks_too_large_for_the_exact_test_are_refused(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.plan.planned = false;
    for (int i = 0; i < 101; i++) {
        build_row(&s, 1, "base", 1 + i);
        build_row(&s, 1, "candidate", 1 + i);
    }
    struct sg_judgement j = {0};
    struct sg_error err = {0};
    assert_false(sg_judge(&s, &j, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_contains(err.text, "too large for the exact test");
    assert_null(j.results);
    sg_session_clear(&s);
}

static void only_as_many_blocks_as_planned_are_looked_at(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.0001);
    s.plan.max_repetitions = 9;
    build_blocks(&s, 5, 1.0);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.repetitions, 9);
    assert_int_equal(j.looks_max, 2);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void judging_twice_gives_the_same(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 3, 1.02);
    struct sg_judgement a = build_judge(&s);
    struct sg_judgement b = build_judge(&s);
    assert_string_equal(a.reason, b.reason);
    assert_string_equal(a.plan_hash, b.plan_hash);
    assert_memory_equal(&a.results[0].change, &b.results[0].change, sizeof(double));
    assert_memory_equal(&a.results[0].p, &b.results[0].p, sizeof(double));
    sg_judgement_clear(&a);
    sg_judgement_clear(&b);
    sg_judgement_clear(&b); /* clearing twice is safe */
    sg_session_clear(&s);
}

static void verdicts_have_names(void **state)
{
    (void)state;
    assert_string_equal(sg_verdict_name(SG_PASS), "pass");
    assert_string_equal(sg_verdict_name(SG_FAIL), "fail");
    assert_string_equal(sg_verdict_name(SG_INCONCLUSIVE), "inconclusive");
    assert_string_equal(sg_verdict_name(SG_INVALID), "invalid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unchanged_code_passes_at_the_second_block),
        cmocka_unit_test(a_clear_regression_fails_with_its_numbers),
        cmocka_unit_test(one_block_is_not_enough_for_any_verdict),
        cmocka_unit_test(a_proven_but_tolerable_change_passes_with_its_size),
        cmocka_unit_test(a_change_below_the_warning_level_does_not_warn),
        cmocka_unit_test(an_improvement_is_reported),
        cmocka_unit_test(noise_ends_inconclusive_and_says_what_it_could_have_shown),
        cmocka_unit_test(a_verdict_still_open_says_that_the_session_goes_on),
        cmocka_unit_test(a_session_cut_short_is_inconclusive_and_noted),
        cmocka_unit_test(alpha_is_shared_among_gates),
        cmocka_unit_test(weights_shift_the_shares_of_alpha),
        cmocka_unit_test(further_attempts_are_judged_more_strictly),
        cmocka_unit_test(the_floor_widens_the_tolerance_of_small_values),
        cmocka_unit_test(where_higher_is_better_a_fall_fails),
        cmocka_unit_test(where_higher_is_better_a_rise_passes),
        cmocka_unit_test(the_worst_variant_makes_the_verdict),
        cmocka_unit_test(a_session_stops_only_when_every_variant_is_decided),
        cmocka_unit_test(without_a_variant_there_is_nothing_to_pass),
        cmocka_unit_test(without_a_gate_nothing_passes),
        cmocka_unit_test(plain_samples_are_judged_at_one_look_with_the_whole_alpha),
        cmocka_unit_test(pairs_combine_to_a_sign_test),
        cmocka_unit_test(blocks_too_large_for_the_exact_test_are_refused),
        cmocka_unit_test(only_as_many_blocks_as_planned_are_looked_at),
        cmocka_unit_test(judging_twice_gives_the_same),
        cmocka_unit_test(verdicts_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
