/* SPDX-License-Identifier: Apache-2.0 */
/* A session against stored ones: what is comparable, who may pass or fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"

#define STORED 8

/* One variant, six repetitions around `level`, on a machine called `cpu`. */
static struct sg_session one(double level, const char *cpu)
{
    struct sg_session s = build_session();
    build_variant(&s, "candidate");
    build_metric(&s, "latency_p95", SG_SCALE_LOG);
    build_metric(&s, "restarts", SG_SCALE_EXACT);
    build_metric(&s, "error_rate", SG_SCALE_COUNT);
    s.metrics[2].events = sg_strdup("errors");
    s.metrics[2].trials = sg_strdup("requests");
    build_metric(&s, "errors", SG_SCALE_LINEAR);
    build_metric(&s, "requests", SG_SCALE_LINEAR);
    build_gate(&s, "latency_p95", 0.05);
    sg_session_add_fact(&s, "cpu_model", cpu, true);
    sg_session_add_fact(&s, "hour", "12", false);
    for (int i = 0; i < 6; i++) {
        struct sg_repetition *row = build_row(&s, 1 + i / 3, "candidate", level * build_noise(i));
        row->values[1] = 0;
        row->values[2] = 0;
        row->values[3] = 0;
        row->values[4] = 6000;
    }
    return s;
}

struct stored {
    struct sg_session sessions[STORED];
};

/* Session medians differ by up to `spread`. */
static struct stored store(double spread)
{
    static const double place[STORED] = {0.1, -1, 0.6, -0.4, 1, 0.2, -0.7, 0.2};
    struct stored stored;
    for (int j = 0; j < STORED; j++)
        stored.sessions[j] = one(0.01 * (1 + spread * place[j]), "fast");
    return stored;
}

static struct sg_judgement judge(struct sg_session *now, struct stored *stored, size_t count)
{
    struct sg_judgement j = {0};
    struct sg_error err = {0};
    if (!sg_judge_stored(now, NULL, stored->sessions, count, &j, &err))
        fail_msg("%s", err.text);
    return j;
}

static void clear(struct sg_session *now, struct stored *stored, struct sg_judgement *j)
{
    sg_judgement_clear(j);
    sg_session_clear(now);
    for (int i = 0; i < STORED; i++)
        sg_session_clear(&stored->sessions[i]);
}

static void unchanged_code_passes_the_screen(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.decided);
    assert_int_equal(j.results[0].n_reference, STORED);
    assert_int_equal(j.results[0].n_variant, 6);
    assert_true(j.results[0].noise > 0.004 && j.results[0].noise < 0.01);
    assert_contains(j.results[0].reason, "against 8 stored sessions");
    clear(&now, &stored, &j);
}

/* As many repetitions as were planned, or it is no pass; a fail is told all the same. */
static void a_session_without_its_end_does_not_pass(void **state)
{
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        struct stored stored = store(0.01);
        struct sg_session now = one(slow ? 0.012 : 0.01, "fast");
        now.plan.planned = true;
        now.complete = false;
        struct sg_judgement j = judge(&now, &stored, STORED);
        assert_int_equal(j.verdict, slow ? SG_FAIL : SG_INCONCLUSIVE);
        clear(&now, &stored, &j);
    }
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    now.plan.planned = true;
    now.complete = true;
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_PASS);
    clear(&now, &stored, &j);
}

static void a_clear_regression_fails_by_the_spread_between_sessions(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.012, "fast");
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(j.results[0].p < 0.001);
    assert_contains(j.results[0].reason, "worse by 20.");
    clear(&now, &stored, &j);
}

/* Sessions differ by 8 % by themselves: even an unchanged service could not pass, so nothing that
 * looks 40 % slower may be accused either. */
static void an_uneven_baseline_neither_passes_nor_fails(void **state)
{
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        struct stored stored = store(0.12);
        struct sg_session now = one(slow ? 0.014 : 0.01, "fast");
        struct sg_judgement j = judge(&now, &stored, STORED);
        assert_int_equal(j.verdict, SG_INCONCLUSIVE);
        assert_contains(j.reason, "compare side by side");
        clear(&now, &stored, &j);
    }
}

static void three_sessions_are_always_inconclusive(void **state)
{
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        struct stored stored = store(0.001);
        struct sg_session now = one(slow ? 0.02 : 0.01, "fast");
        struct sg_judgement j = judge(&now, &stored, 3);
        assert_int_equal(j.verdict, SG_INCONCLUSIVE);
        assert_contains(j.reason, "3 stored sessions");
        assert_contains(j.reason, "4 are needed");
        clear(&now, &stored, &j);
    }
}

static void another_environment_is_not_comparable_and_says_what_differs(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "slow");
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_contains(j.reason, "cpu_model (slow here, fast stored)");
    clear(&now, &stored, &j);
}

static void a_hard_fact_on_one_side_alone_differs(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    sg_session_add_fact(&now, "kernel", "6.1", true);
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_contains(j.reason, "kernel (6.1 here, nothing stored)");
    clear(&now, &stored, &j);
}

static void soft_facts_may_differ(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    sg_session_add_fact(&now, "governor", "performance", false);
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_PASS);
    clear(&now, &stored, &j);
}

static void set_soft(struct sg_session *session, const char *value)
{
    sg_session_add_fact(session, "governor", value, false);
}

static void a_soft_fact_that_was_the_same_in_all_of_them_is_noted(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    set_soft(&now, "powersave");
    for (int i = 0; i < STORED; i++)
        set_soft(&stored.sessions[i], "performance");
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.notes_count, 1);
    assert_contains(j.notes[0], "governor (powersave here, performance stored)");
    clear(&now, &stored, &j);
}

/* Their differences are part of the spread between sessions already. */
static void a_soft_fact_in_which_they_differ_is_not_noted(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    set_soft(&now, "powersave");
    for (int i = 0; i < STORED; i++)
        set_soft(&stored.sessions[i], i == 3 ? "ondemand" : "performance");
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.notes_count, 0);
    clear(&now, &stored, &j);
}

static void a_gate_younger_than_the_sessions_is_inconclusive(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    build_metric(&now, "latency_p50", SG_SCALE_LOG);
    build_gate(&now, "latency_p50", 0.05);
    for (size_t r = 0; r < now.repetitions_count; r++)
        now.repetitions[r].values[now.metrics_count - 1] = 0.005;
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.results[0].verdict, SG_PASS);
    assert_int_equal(j.results[0].n_reference, STORED);
    assert_int_equal(j.results[1].verdict, SG_INCONCLUSIVE);
    assert_contains(j.results[1].reason, "0 stored sessions have this metric; 4 are needed");
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    clear(&now, &stored, &j);
}

static void sessions_without_a_metric_do_not_count_for_its_gate(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    free(stored.sessions[5].metrics[0].name);
    stored.sessions[5].metrics[0].name = sg_strdup("latency_old");
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results[0].n_reference, STORED - 1);
    clear(&now, &stored, &j);
}

static void comparable_sessions_are_used_and_the_others_noted(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    free(stored.sessions[2].facts[0].value);
    stored.sessions[2].facts[0].value = sg_strdup("old");
    struct sg_session now = one(0.01, "fast");
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results[0].n_reference, STORED - 1);
    assert_int_equal(j.notes_count, 1);
    assert_contains(j.notes[0], "1 of 8 stored sessions are not comparable");
    clear(&now, &stored, &j);
}

static void a_session_of_four_repetitions_is_too_short(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    now.repetitions[0].discarded = now.repetitions[1].discarded = true;
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_contains(j.reason, "4 repetitions in this session");
    clear(&now, &stored, &j);
}

static void missing_values_here_are_invalid(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    now.repetitions[3].values[0] = NAN;
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_INVALID);
    clear(&now, &stored, &j);
}

static void a_crash_fails_against_a_baseline_too(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    sg_repetition_add_finding(&now.repetitions[2], SG_FINDING_FAIL, "exited", "boom", "it exited");
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_contains(j.reason, "it exited (log: boom)");
    clear(&now, &stored, &j);
}

static void no_repetitions_are_invalid(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    for (size_t r = 0; r < now.repetitions_count; r++)
        now.repetitions[r].discarded = true;
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_int_equal(j.verdict, SG_INVALID);
    clear(&now, &stored, &j);
}

static void limits_are_judged_by_the_session_alone(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    now.gates[0].tolerance = NAN;
    now.gates[0].limit = 0.02;
    struct sg_judgement j = judge(&now, &stored, 0);
    assert_int_equal(j.verdict, SG_PASS);
    assert_contains(j.results[0].reason, "within its limit");
    clear(&now, &stored, &j);
}

static void a_limit_is_held_against_the_median_not_against_the_worst(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    for (int i = 0; i < 24; i++)
        build_row(&now, 3 + i / 3, "candidate", i == 7 ? 0.05 : 0.01);
    now.gates[0].tolerance = NAN;
    now.gates[0].limit = 0.02;
    struct sg_judgement j = judge(&now, &stored, 0);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.results[0].value_high < 0.011);
    clear(&now, &stored, &j);
}

static void counts_and_exact_values_are_compared_with_stored_ones(void **state)
{
    (void)state;
    for (int bad = 0; bad < 2; bad++) {
        struct stored stored = store(0.01);
        struct sg_session now = one(0.01, "fast");
        build_gate(&now, "error_rate", NAN);
        build_gate(&now, "restarts", NAN);
        for (size_t r = 0; r < now.repetitions_count; r++) {
            now.repetitions[r].values[1] = bad;
            now.repetitions[r].values[3] = bad ? 100 + (double)r : 0;
        }
        struct sg_judgement j = judge(&now, &stored, STORED);
        assert_int_equal(j.results[0].verdict, SG_PASS);
        assert_int_equal(j.results[1].verdict, bad ? SG_FAIL : SG_PASS);
        assert_int_equal(j.results[2].verdict, bad ? SG_FAIL : SG_PASS);
        clear(&now, &stored, &j);
    }
}

static void the_variant_must_be_named_when_there_are_several(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    build_variant(&now, "third");
    free(now.reference);
    now.reference = NULL;
    struct sg_judgement j = {0};
    struct sg_error err = {0};
    assert_false(sg_judge_stored(&now, NULL, stored.sessions, STORED, &j, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_false(sg_judge_stored(&now, "candidat", stored.sessions, STORED, &j, &err));
    assert_contains(err.text, "did you mean \"candidate\"?");
    assert_true(sg_judge_stored(&now, "candidate", stored.sessions, STORED, &j, &err));
    assert_int_equal(j.verdict, SG_PASS);
    clear(&now, &stored, &j);
}

static void the_variant_beside_the_reference_is_meant_by_itself(void **state)
{
    (void)state;
    struct stored stored = store(0.01);
    struct sg_session now = one(0.01, "fast");
    build_variant(&now, "base"); /* also the session's reference */
    struct sg_judgement j = judge(&now, &stored, STORED);
    assert_string_equal(j.results[0].variant, "candidate");
    assert_int_equal(j.verdict, SG_PASS);
    clear(&now, &stored, &j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unchanged_code_passes_the_screen),
        cmocka_unit_test(a_session_without_its_end_does_not_pass),
        cmocka_unit_test(a_clear_regression_fails_by_the_spread_between_sessions),
        cmocka_unit_test(an_uneven_baseline_neither_passes_nor_fails),
        cmocka_unit_test(three_sessions_are_always_inconclusive),
        cmocka_unit_test(another_environment_is_not_comparable_and_says_what_differs),
        cmocka_unit_test(a_hard_fact_on_one_side_alone_differs),
        cmocka_unit_test(soft_facts_may_differ),
        cmocka_unit_test(a_soft_fact_that_was_the_same_in_all_of_them_is_noted),
        cmocka_unit_test(a_soft_fact_in_which_they_differ_is_not_noted),
        cmocka_unit_test(a_gate_younger_than_the_sessions_is_inconclusive),
        cmocka_unit_test(sessions_without_a_metric_do_not_count_for_its_gate),
        cmocka_unit_test(comparable_sessions_are_used_and_the_others_noted),
        cmocka_unit_test(a_session_of_four_repetitions_is_too_short),
        cmocka_unit_test(missing_values_here_are_invalid),
        cmocka_unit_test(a_crash_fails_against_a_baseline_too),
        cmocka_unit_test(no_repetitions_are_invalid),
        cmocka_unit_test(limits_are_judged_by_the_session_alone),
        cmocka_unit_test(a_limit_is_held_against_the_median_not_against_the_worst),
        cmocka_unit_test(counts_and_exact_values_are_compared_with_stored_ones),
        cmocka_unit_test(the_variant_must_be_named_when_there_are_several),
        cmocka_unit_test(the_variant_beside_the_reference_is_meant_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
