/* SPDX-License-Identifier: Apache-2.0 */
/* The budget cuts the schedule before any data, never later. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

/* A repetition takes 20 s of load and 6.5 s around it, a block six of them: 159 s. In 12 minutes
 * two warm-ups, 20 s of opening and four blocks (709 s) have room; in 708 s not. */
static void a_small_budget_cuts_the_schedule_and_says_so(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, budget: 12m }\n"};
    trial_run(&trial, "noise latency_p95 0.3\n");
    assert_verdict(&trial, SG_INCONCLUSIVE, "");
    assert_int_equal(trial.session.plan.max_repetitions, 12);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "budget"));
    assert_int_equal(trial.session.repetitions_count, 2 + 2 * 12);
    trial_end(&trial);

    struct trial less = {.yaml = TRIAL_GATE "plan: { seed: 1, budget: 708s }\n"};
    trial_run(&less, "noise latency_p95 0.3\n");
    assert_int_equal(less.session.plan.max_repetitions, 9);
    trial_end(&less);
}

static void the_first_look_is_made_whatever_the_budget(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, budget: 1m }\n"};
    trial_run(&trial, "noise latency_p95 0.3\n");
    assert_int_equal(trial.session.plan.max_repetitions, 6);
    assert_int_equal(trial.session.repetitions_count, 2 + 2 * 6);
    trial_end(&trial);
}

static void a_budget_that_is_enough_is_not_mentioned(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, budget: 5h }\n"};
    trial_run(&trial, "");
    assert_int_equal(trial.session.plan.max_repetitions, 21);
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "budget"));
    trial_end(&trial);
}

/* Repeats are not planned: they lengthen the session, they do not shorten the schedule. */
static void repeats_do_not_cut_the_schedule(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, budget: 12m }\n"};
    trial_run(&trial, "noise latency_p95 0.3\nat slot=5 k6 1\nat slot=9 k6 1\n");
    assert_int_equal(trial.session.repetitions_count, 2 + 2 * 12 + 2);
    trial_end(&trial);
}

/* --- Side by side -------------------------------------------------------------------------- */

/* Three seconds of warm-up and ten of load: a block takes 6 × 13 s and 16 s around it, in turns
 * 6 × 19.5 s, after two warm-ups of that length. */
static struct trial sliced(const char *budget, const char *script)
{
    char *yaml = sg_format("%splan: { design: sliced, seed: 1, budget: %s }\n", TRIAL_GATE, budget);
    struct trial trial = {.yaml = yaml};
    trial_run(&trial, script);
    trial.yaml = NULL;
    free(yaml);
    return trial;
}

static double seconds_of(const struct trial *trial)
{
    const struct sg_session *s = &trial->session;
    return s->repetitions[s->repetitions_count - 1].end - s->repetitions[0].warmup_start;
}

static void a_budget_has_room_for_more_sliced_blocks(void **state)
{
    (void)state;
    struct trial trial = sliced("8m", "noise latency_p95 0.3\n");
    assert_int_equal(trial.session.plan.max_repetitions, 12); /* 20 + 4 × 94 s */
    assert_int_equal(trial.session.repetitions_count, 2 * 12);
    assert_true(seconds_of(&trial) < 460);
    trial_end(&trial);
}

static void in_turns_from_the_start_the_plan_is_cut(void **state)
{
    (void)state;
    struct trial trial = sliced("8m", "noise latency_p95 0.3\nside_by_side 5\n");
    assert_int_equal(trial.session.plan.max_repetitions, 9); /* 39 + 3 × 117 s */
    assert_int_equal(trial.session.repetitions_count, 2 + 2 * 9);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "budget"));
    assert_true(seconds_of(&trial) < 480);
    trial_end(&trial);
}

/* The looks were planned, and one may have been made: their bounds stay, the last ones are not
 * reached. */
static void a_fall_back_to_turns_keeps_to_the_budget(void **state)
{
    (void)state;
    struct trial trial = sliced("10m", "noise latency_p95 0.3\nat slot=14 drops 100\n");
    assert_verdict(&trial, SG_INCONCLUSIVE, "");
    assert_int_equal(trial.session.plan.max_repetitions, 18);
    assert_int_equal(counting(&trial.session, "base", 1), 6);
    assert_int_equal(trial.session.repetitions_count, 12 + 6 + 2 + 2 * 6); /* blocks 2 and 3 */
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "budget"));
    assert_true(seconds_of(&trial) < 600);
    trial_end(&trial);
}

static void after_a_fall_back_the_first_look_is_made_all_the_same(void **state)
{
    (void)state;
    struct trial trial =
        sliced("2m", "noise latency_p95 0.3\nat slot=1 drops 100\nat slot=13 drops 100\n");
    assert_int_equal(trial.session.plan.max_repetitions, 6);
    assert_int_equal(trial.session.repetitions_count, 12 + 6 + 2 + 2 * 6);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_budget_cuts_the_schedule_and_says_so),
        cmocka_unit_test(the_first_look_is_made_whatever_the_budget),
        cmocka_unit_test(a_budget_that_is_enough_is_not_mentioned),
        cmocka_unit_test(repeats_do_not_cut_the_schedule),
        cmocka_unit_test(a_budget_has_room_for_more_sliced_blocks),
        cmocka_unit_test(in_turns_from_the_start_the_plan_is_cut),
        cmocka_unit_test(a_fall_back_to_turns_keeps_to_the_budget),
        cmocka_unit_test(after_a_fall_back_the_first_look_is_made_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
