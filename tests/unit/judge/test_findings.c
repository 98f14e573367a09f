/* SPDX-License-Identifier: Apache-2.0 */
/* What is checked before any statistics: crashes, broken instruments, missing data, bad questions.
 * None of it may ever pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"

/* Six clean repetitions a side, which would pass. */
static struct sg_session clean(void)
{
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 2, 1.0);
    return s;
}

static struct sg_repetition *row_of(struct sg_session *s, int block, const char *variant)
{
    for (size_t r = 0; r < s->repetitions_count; r++)
        if (s->repetitions[r].block == block && strcmp(s->repetitions[r].variant, variant) == 0)
            return &s->repetitions[r];
    fail_msg("no such row");
    return NULL;
}

static void a_crashed_variant_fails_with_its_log(void **state)
{
    (void)state;
    struct sg_session s = clean();
    sg_repetition_add_finding(row_of(&s, 2, "candidate"), SG_FINDING_FAIL, "exited",
                              "listening on :8080\npanic: index out of range\n",
                              "the container exited with code %d", 2);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(j.decided);
    assert_contains(j.reason, "the container exited with code 2 (log: panic: index out of range)");
    assert_int_equal(j.results[0].verdict, SG_FAIL);
    assert_true(isnan(j.results[0].change));
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_crash_lets_no_metric_pass(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_metric(&s, "memory_max", SG_SCALE_LOG);
    build_blocks(&s, 2, 1.0);
    sg_repetition_add_finding(row_of(&s, 2, "candidate"), SG_FINDING_FAIL, "exited", NULL, "gone");
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.results_count, 2);
    assert_false(j.results[1].gated);
    assert_int_equal(j.results[1].verdict, SG_FAIL);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_crash_during_warm_up_fails_too(void **state)
{
    (void)state;
    struct sg_session s = clean();
    struct sg_repetition *row = build_row(&s, 0, "candidate", NAN);
    sg_repetition_add_finding(row, SG_FINDING_FAIL, "exited", NULL, "it exited");
    assert_int_equal(build_verdict(&s), SG_FAIL);
}

static void a_crashed_reference_is_invalid(void **state)
{
    (void)state;
    struct sg_session s = clean();
    sg_repetition_add_finding(row_of(&s, 1, "base"), SG_FINDING_FAIL, "oom", NULL,
                              "it was killed for memory");
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INVALID);
    assert_contains(j.reason, "the reference base failed: it was killed for memory");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_crash_of_one_variant_leaves_the_others_judged(void **state)
{
    (void)state;
    struct sg_session s = clean();
    build_variant(&s, "broken");
    struct sg_repetition *row = build_row(&s, 1, "broken", NAN);
    sg_repetition_add_finding(row, SG_FINDING_FAIL, "exited", NULL, "it exited");
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_int_equal(j.variants[0].verdict, SG_PASS);
    assert_int_equal(j.variants[1].verdict, SG_FAIL);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_first_breach_is_only_repeated(void **state)
{
    (void)state;
    struct sg_session s = clean();
    struct sg_repetition *row = build_row(&s, 2, "base", 99);
    row->discarded = true;
    sg_repetition_add_finding(row, SG_FINDING_INVALID, "steal", NULL, "steal was 9 %%");
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results[0].n_reference, 6);
    assert_int_equal(j.notes_count, 1);
    assert_contains(j.notes[0], "does not count: steal was 9 %");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* A discarded repetition at the end of the session. */
static void add_breach(struct sg_session *s, int block, const char *variant, const char *check)
{
    struct sg_repetition *row = build_row(s, block, variant, 99);
    row->discarded = true;
    sg_repetition_add_finding(row, SG_FINDING_INVALID, check, NULL, "%s was odd", check);
}

static void a_repeat_with_the_same_breach_is_invalid(void **state)
{
    (void)state;
    struct sg_session s = clean();
    add_breach(&s, 2, "base", "bracket");
    add_breach(&s, 2, "base", "bracket");
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INVALID);
    assert_true(j.decided);
    assert_contains(j.reason, "bracket was odd");
    assert_int_equal(j.results[0].verdict, SG_INVALID);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* What drops iterations while time is stolen is the thief. */
static void stolen_time_passes_until_it_was_too_much(void **state)
{
    (void)state;
    for (size_t stolen = 2; stolen <= 5; stolen++) { /* of 12 good ones and themselves */
        struct sg_session s = clean();
        for (size_t i = 0; i < stolen; i++) {
            add_breach(&s, 1, "base", "steal");
            sg_repetition_add_finding(&s.repetitions[s.repetitions_count - 1], SG_FINDING_INVALID,
                                      "rate", NULL, "not reached");
        }
        assert_int_equal(build_verdict(&s), stolen <= 4 ? SG_PASS : SG_INVALID);
    }
}

/* --- Sliced blocks: six repetitions side by side are one measurement ------------------------- */

/* Both blocks were rotations of six. */
static struct sg_session clean_rotations(void)
{
    struct sg_session s = clean();
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].rotation = s.repetitions[r].block;
    return s;
}

/* A discarded rotation at the end of the session; one of its seats has the breach. */
static void add_rotation(struct sg_session *s, int rotation, size_t seat, const char *check)
{
    for (size_t i = 0; i < 6; i++) {
        struct sg_repetition *row = build_row(s, 2, i % 2 == 0 ? "base" : "candidate", 99);
        row->discarded = true;
        row->rotation = rotation;
        if (i == seat)
            sg_repetition_add_finding(row, SG_FINDING_INVALID, check, NULL, "%s was odd", check);
    }
}

static void a_broken_rotation_is_one_breach_whatever_it_has_of_them(void **state)
{
    (void)state;
    static const char *const checks[] = {"bracket", "series", "rate", "late"};
    for (size_t broken = 1; broken <= 4; broken++) {
        struct sg_session s = clean_rotations();
        for (size_t i = 0; i < broken; i++) {
            add_rotation(&s, 3 + (int)i, i, checks[i]);
            sg_repetition_add_finding(&s.repetitions[s.repetitions_count - 1], SG_FINDING_INVALID,
                                      checks[i], NULL, "odd as well");
        }
        struct sg_judgement j = build_judge(&s);
        assert_int_equal(j.verdict, broken <= 3 ? SG_PASS : SG_INVALID);
        if (broken > 3)
            assert_contains(j.reason, "4 of 6 sliced blocks or repetitions were not to be trusted");
        sg_judgement_clear(&j);
        sg_session_clear(&s);
    }
}

static void two_rotations_with_the_same_breach_are_invalid_whichever_seat_has_it(void **state)
{
    (void)state;
    for (size_t seat = 0; seat < 6; seat++) {
        struct sg_session s = clean_rotations();
        add_rotation(&s, 3, 1, "bracket");
        add_rotation(&s, 4, seat, "bracket");
        struct sg_judgement j = build_judge(&s);
        assert_int_equal(j.verdict, SG_INVALID);
        assert_contains(j.reason, "twice in a row");
        sg_judgement_clear(&j);
        sg_session_clear(&s);
    }
}

static void time_stolen_from_one_seat_excuses_all_of_its_rotation(void **state)
{
    (void)state;
    struct sg_session s = clean_rotations();
    add_rotation(&s, 3, 1, "bracket");
    sg_repetition_add_finding(&s.repetitions[s.repetitions_count - 1], SG_FINDING_INVALID, "steal",
                              NULL, "9 %%");
    add_rotation(&s, 4, 1, "bracket");
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void a_repetition_alone_does_not_repeat_a_rotation(void **state)
{
    (void)state;
    for (size_t alone = 1; alone <= 2; alone++) {
        struct sg_session s = clean_rotations();
        add_rotation(&s, 3, 0, "bracket");
        for (size_t i = 0; i < alone; i++)
            add_breach(&s, 2, "base", "bracket");
        assert_int_equal(build_verdict(&s), alone == 1 ? SG_PASS : SG_INVALID);
    }
}

static void breaches_that_a_repeat_made_good_do_not_add_up_at_once(void **state)
{
    (void)state;
    struct sg_session s = clean();
    add_breach(&s, 1, "base", "steal");
    add_breach(&s, 2, "candidate", "steal");
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void more_than_a_quarter_of_broken_repetitions_is_invalid(void **state)
{
    (void)state;
    const char *const checks[] = {"a", "b", "c", "d", "e"};
    for (size_t broken = 4; broken <= 5; broken++) { /* of 12 good ones and themselves */
        struct sg_session s = clean();
        for (size_t i = 0; i < broken; i++)
            add_breach(&s, 1, "base", checks[i]);
        struct sg_judgement j = build_judge(&s);
        assert_int_equal(j.verdict, broken == 4 ? SG_PASS : SG_INVALID);
        if (broken == 5)
            assert_contains(j.reason, "5 of 17 repetitions were not to be trusted");
        sg_judgement_clear(&j);
        sg_session_clear(&s);
    }
}

static void a_variant_that_crashes_before_the_reference_was_measured_fails(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    struct sg_repetition *row = build_row(&s, 1, "candidate", NAN);
    sg_repetition_add_finding(row, SG_FINDING_FAIL, "exited", NULL, "it exited");
    assert_int_equal(build_verdict(&s), SG_FAIL);
}

static void two_breaches_of_different_kinds_are_repeated(void **state)
{
    (void)state;
    struct sg_session s = clean();
    for (int i = 0; i < 2; i++) {
        struct sg_repetition *row = build_row(&s, 1, "base", 99);
        row->discarded = true;
        sg_repetition_add_finding(row, SG_FINDING_INVALID, i ? "clock" : "steal", NULL, "odd");
    }
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void two_findings_in_one_repetition_are_one_breach(void **state)
{
    (void)state;
    struct sg_session s = clean();
    struct sg_repetition *row = build_row(&s, 1, "base", 99);
    row->discarded = true;
    sg_repetition_add_finding(row, SG_FINDING_INVALID, "series", NULL, "two series of a");
    sg_repetition_add_finding(row, SG_FINDING_INVALID, "series", NULL, "two series of b");
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void an_invalid_repetition_that_was_not_repeated_does_not_count(void **state)
{
    (void)state;
    struct sg_session s = clean();
    sg_repetition_add_finding(row_of(&s, 2, "candidate"), SG_FINDING_INVALID, "series", NULL, "no");
    assert_int_equal(build_verdict(&s), SG_INCONCLUSIVE); /* the second block is not whole */
}

static void an_invalid_session_is_invalid(void **state)
{
    (void)state;
    struct sg_session s = clean();
    sg_session_add_finding(&s, SG_FINDING_INVALID, "requests", NULL,
                           "the sides got different load");
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INVALID);
    assert_contains(j.reason, "the sides got different load");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_failed_session_never_passes(void **state)
{
    (void)state;
    struct sg_session s = clean();
    sg_session_add_finding(&s, SG_FINDING_FAIL, "saturated", NULL, "it could not keep up");
    assert_int_equal(build_verdict(&s), SG_FAIL);
}

static void a_failed_session_has_nothing_left_to_decide(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_row(&s, 1, "base", 0.01);
    s.complete = false;
    struct sg_judgement j = build_judge(&s);
    assert_false(j.decided);
    sg_judgement_clear(&j);
    sg_session_add_finding(&s, SG_FINDING_FAIL, "saturated", NULL, "it could not keep up");
    j = build_judge(&s);
    assert_true(j.decided);
    assert_int_equal(j.verdict, SG_FAIL);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void without_a_gate_nothing_was_to_be_decided(void **state)
{
    (void)state;
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    build_metric(&s, "latency_p95", SG_SCALE_LOG);
    build_blocks(&s, 7, 1.0);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_string_equal(j.reason, "candidate: no gate: nothing was to be decided");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void notes_and_warnings_of_the_instrument_change_nothing(void **state)
{
    (void)state;
    struct sg_session s = clean();
    sg_session_add_finding(&s, SG_FINDING_WARN, "a", NULL, "x");
    sg_repetition_add_finding(row_of(&s, 1, "base"), SG_FINDING_NOTE, "b", NULL, "y");
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void the_warm_up_block_is_never_judged(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    for (int i = 0; i < 3; i++) {
        build_row(&s, 0, "base", 1);
        build_row(&s, 0, "candidate", 100);
    }
    build_blocks(&s, 2, 1.0);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results[0].n_variant, 6);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void values_that_cannot_be_are_invalid(void **state)
{
    (void)state;
    const double bad[] = {NAN, INFINITY, -INFINITY, 0, -0.01};
    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        for (int side = 0; side < 2; side++) {
            struct sg_session s = clean();
            row_of(&s, 2, side ? "candidate" : "base")->values[0] = bad[i];
            struct sg_judgement j = build_judge(&s);
            assert_int_equal(j.verdict, SG_INVALID);
            assert_contains(j.reason, "latency_p95 is ");
            assert_contains(j.reason, "in block 2 of ");
            sg_judgement_clear(&j);
            sg_session_clear(&s);
        }
    }
}

static void zero_is_a_value_on_the_linear_scale(void **state)
{
    (void)state;
    struct sg_session s = clean();
    s.metrics[0].scale = SG_SCALE_LINEAR;
    row_of(&s, 2, "candidate")->values[0] = 0;
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void a_missing_value_of_an_ungated_metric_only_hides_it(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_metric(&s, "memory_max", SG_SCALE_LOG);
    build_blocks(&s, 2, 1.0); /* memory_max stays NaN */
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results_count, 2);
    assert_false(j.results[1].gated);
    assert_true(isnan(j.results[1].change));
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_variant_without_repetitions_is_invalid(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.plan.planned = false;
    for (int i = 0; i < 9; i++)
        build_row(&s, 1, "base", 1 + 0.01 * i);
    assert_int_equal(build_verdict(&s), SG_INVALID);
}

static void an_empty_session_is_invalid(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    assert_int_equal(build_verdict(&s), SG_INVALID);
}

static void a_reference_without_repetitions_is_invalid(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    for (int i = 0; i < 9; i++)
        build_row(&s, 1 + i / 3, "candidate", 1 + 0.01 * i);
    assert_int_equal(build_verdict(&s), SG_INVALID);
}

static void sides_that_never_share_a_block_are_invalid(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.plan.planned = false;
    for (int i = 0; i < 9; i++) {
        build_row(&s, 1, "base", 1 + 0.01 * i);
        build_row(&s, 2, "candidate", 1 + 0.01 * i);
    }
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INVALID);
    assert_contains(j.reason, "no whole block with the reference");
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_block_that_is_not_whole_does_not_count(void **state)
{
    (void)state;
    struct sg_session s = clean();
    build_row(&s, 3, "base", 0.01);
    build_row(&s, 3, "candidate", 5);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results[0].n_variant, 6);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void all_values_equal_passes_without_any_noise(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    for (int i = 0; i < 6; i++) {
        build_row(&s, 1 + i / 3, "base", 1);
        build_row(&s, 1 + i / 3, "candidate", 1);
    }
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void expect_refused(struct sg_session *s, const char *part)
{
    struct sg_judgement j = {0};
    struct sg_error err = {0};
    assert_false(sg_judge(s, &j, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_contains(err.text, part);
    assert_null(j.results);
    assert_null(sg_judge_explain(s, &err));
    sg_session_clear(s);
}

static void an_unknown_reference_is_refused_with_the_nearest_name(void **state)
{
    (void)state;
    struct sg_session s = clean();
    free(s.reference);
    s.reference = sg_strdup("candidat");
    expect_refused(&s, "did you mean \"candidate\"?");
}

static void an_unknown_metric_is_refused_with_the_nearest_name(void **state)
{
    (void)state;
    struct sg_session s = clean();
    build_gate(&s, "latency_p59", 0.05)->line = 12;
    expect_refused(&s, "gate latency_p59 (line 12): the data have no such metric; did you mean "
                       "\"latency_p95\"?");
}

static void a_control_variate_cannot_be_gated(void **state)
{
    (void)state;
    struct sg_session s = clean();
    s.metrics[0].role = SG_ROLE_COVARIATE;
    expect_refused(&s, "cannot be gated");
}

static void impossible_numbers_of_a_gate_are_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        struct sg_session s = clean();
        double *field[] = {&s.gates[0].tolerance, &s.gates[0].floor, &s.gates[0].warn,
                           &s.gates[0].weight,    &s.gates[0].limit, &s.gates[0].weight};
        const double value[] = {-0.05, -1, INFINITY, 0, INFINITY, -2};
        *field[i] = value[i];
        expect_refused(&s, "gate latency_p95: ");
    }
}

static void impossible_error_rates_are_refused(void **state)
{
    (void)state;
    const double bad[] = {0, -0.01, 0.5, 1, NAN};
    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        struct sg_session s = clean();
        s.plan.alpha = bad[i];
        expect_refused(&s, "alpha and beta");
        s = clean();
        s.plan.beta = bad[i];
        expect_refused(&s, "alpha and beta");
    }
}

static void a_linear_gate_needs_a_number_of_its_own(void **state)
{
    (void)state;
    struct sg_session s = clean();
    s.metrics[0].scale = SG_SCALE_LINEAR;
    s.gates[0].tolerance = NAN;
    expect_refused(&s, "needs a tolerance in its own unit");
}

static void a_rate_of_counts_needs_its_counts(void **state)
{
    (void)state;
    struct sg_session s = clean();
    s.metrics[0].scale = SG_SCALE_COUNT;
    s.metrics[0].events = sg_strdup("errors");
    s.metrics[0].trials = sg_strdup("requests");
    expect_refused(&s, "needs the metrics of its events and trials");
}

/* Three blocks of base and candidate; `early` is measured in the first two and then left out. */
static struct sg_session with_early(int blocks_of_candidate)
{
    struct sg_session s = build_simple(0.05);
    build_variant(&s, "early");
    for (int b = 1; b <= blocks_of_candidate; b++) {
        for (int i = 0; i < 3; i++) {
            build_row(&s, b, "base", 0.010 * build_noise(b + i));
            build_row(&s, b, "candidate", 0.0104 * (1 + 0.03 * build_noise(7 * b + i) * (i % 2)));
            if (b <= 2)
                build_row(&s, b, "early", 0.005 * build_noise(b + i));
        }
    }
    return s;
}

static void a_variant_that_was_decided_may_leave_the_session(void **state)
{
    (void)state;
    struct sg_session two = with_early(2);
    struct sg_session four = with_early(4);
    struct sg_judgement before = build_judge(&two);
    struct sg_judgement after = build_judge(&four);
    for (size_t i = 0; i < after.results_count; i++) {
        bool early = strcmp(after.results[i].variant, "early") == 0;
        assert_int_equal(after.results[i].n_variant, early ? 6 : 12);
    }
    assert_int_equal(before.variants[1].verdict, SG_PASS);
    assert_int_equal(after.variants[1].verdict, SG_PASS);
    sg_judgement_clear(&before);
    sg_judgement_clear(&after);
    sg_session_clear(&two);
    sg_session_clear(&four);
}

static void a_variant_that_misses_a_block_in_between_leaves_it_open(void **state)
{
    (void)state;
    struct sg_session s = with_early(3);
    for (int i = 0; i < 3; i++) {
        build_row(&s, 4, "base", 0.010 * build_noise(i));
        build_row(&s, 4, "candidate", 0.0104 * build_noise(i));
        build_row(&s, 4, "early", 0.005 * build_noise(i));
    }
    struct sg_judgement j = build_judge(&s);
    for (size_t i = 0; i < j.results_count; i++)
        assert_int_equal(j.results[i].n_variant, strcmp(j.results[i].variant, "early") ? 9 : 6);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_variant_that_was_decided_may_leave_the_session),
        cmocka_unit_test(a_variant_that_misses_a_block_in_between_leaves_it_open),
        cmocka_unit_test(a_crashed_variant_fails_with_its_log),
        cmocka_unit_test(a_crash_lets_no_metric_pass),
        cmocka_unit_test(a_crash_during_warm_up_fails_too),
        cmocka_unit_test(a_crashed_reference_is_invalid),
        cmocka_unit_test(a_crash_of_one_variant_leaves_the_others_judged),
        cmocka_unit_test(a_first_breach_is_only_repeated),
        cmocka_unit_test(a_repeat_with_the_same_breach_is_invalid),
        cmocka_unit_test(stolen_time_passes_until_it_was_too_much),
        cmocka_unit_test(a_broken_rotation_is_one_breach_whatever_it_has_of_them),
        cmocka_unit_test(two_rotations_with_the_same_breach_are_invalid_whichever_seat_has_it),
        cmocka_unit_test(time_stolen_from_one_seat_excuses_all_of_its_rotation),
        cmocka_unit_test(a_repetition_alone_does_not_repeat_a_rotation),
        cmocka_unit_test(breaches_that_a_repeat_made_good_do_not_add_up_at_once),
        cmocka_unit_test(more_than_a_quarter_of_broken_repetitions_is_invalid),
        cmocka_unit_test(a_variant_that_crashes_before_the_reference_was_measured_fails),
        cmocka_unit_test(two_breaches_of_different_kinds_are_repeated),
        cmocka_unit_test(two_findings_in_one_repetition_are_one_breach),
        cmocka_unit_test(an_invalid_repetition_that_was_not_repeated_does_not_count),
        cmocka_unit_test(an_invalid_session_is_invalid),
        cmocka_unit_test(a_failed_session_never_passes),
        cmocka_unit_test(a_failed_session_has_nothing_left_to_decide),
        cmocka_unit_test(without_a_gate_nothing_was_to_be_decided),
        cmocka_unit_test(notes_and_warnings_of_the_instrument_change_nothing),
        cmocka_unit_test(the_warm_up_block_is_never_judged),
        cmocka_unit_test(values_that_cannot_be_are_invalid),
        cmocka_unit_test(zero_is_a_value_on_the_linear_scale),
        cmocka_unit_test(a_missing_value_of_an_ungated_metric_only_hides_it),
        cmocka_unit_test(a_variant_without_repetitions_is_invalid),
        cmocka_unit_test(an_empty_session_is_invalid),
        cmocka_unit_test(a_reference_without_repetitions_is_invalid),
        cmocka_unit_test(sides_that_never_share_a_block_are_invalid),
        cmocka_unit_test(a_block_that_is_not_whole_does_not_count),
        cmocka_unit_test(all_values_equal_passes_without_any_noise),
        cmocka_unit_test(an_unknown_reference_is_refused_with_the_nearest_name),
        cmocka_unit_test(an_unknown_metric_is_refused_with_the_nearest_name),
        cmocka_unit_test(a_control_variate_cannot_be_gated),
        cmocka_unit_test(impossible_numbers_of_a_gate_are_refused),
        cmocka_unit_test(impossible_error_rates_are_refused),
        cmocka_unit_test(a_linear_gate_needs_a_number_of_its_own),
        cmocka_unit_test(a_rate_of_counts_needs_its_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
