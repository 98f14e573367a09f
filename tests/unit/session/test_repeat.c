/* SPDX-License-Identifier: Apache-2.0 */
/* A repetition whose instrument broke is made again; not for ever. Slots 1 and 2 are the warm-ups.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "unit/session/session.h"

static void one_breach_is_made_again_in_the_same_block(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=5 k6 1\n");
    const struct sg_repetition *broken = repetition_of(&trial.session, 5);
    const struct sg_repetition *again = repetition_of(&trial.session, 6);
    assert_true(broken->discarded);
    assert_true(repetition_has(broken, SG_FINDING_INVALID, "generator_exit"));
    assert_false(again->discarded);
    assert_string_equal(again->variant, broken->variant);
    assert_int_equal(again->block, broken->block);
    for (int block = 1; block <= 2; block++) {
        assert_int_equal(counting(&trial.session, "base", block), 3);
        assert_int_equal(counting(&trial.session, "candidate", block), 3);
    }
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

static void a_repeat_waits_until_the_host_is_calm(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=5 k6 1\n");
    char *calls = sg_fake_calls();
    const char *broken = strstr(calls, "measure slot=5");
    const char *calm = strstr(calls, "wait_calm limit=0.05 patience=60");
    const char *again = strstr(calls, "start_variant slot=6");
    assert_true(broken != NULL && calm > broken && again > calm);
    assert_int_equal(calls_with("wait_calm", NULL), 1);
    free(calls);
    trial_end(&trial);
}

static void an_interruption_while_it_waits_ends_the_session(void **state)
{
    (void)state;
    struct trial trial = {0};
    sg_interrupt_install();
    trial_run(&trial, "at slot=5 k6 1\nsignal wait_calm INT\n");
    sg_interrupt_reset();
    assert_false(trial.ok);
    assert_int_equal(trial.err.kind, SG_ERROR_INTERRUPTED);
    assert_int_equal(last_slot(&trial.session), 5);
    assert_false(trial.session.complete);
    assert_int_equal(sg_fake_world_count(), 0);
    trial_end(&trial);
}

static void the_same_breach_twice_in_a_row_ends_the_session(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=5-6 k6 1\n");
    assert_verdict(&trial, SG_INVALID, "twice in a row");
    assert_int_equal(last_slot(&trial.session), 6);
    assert_int_equal(calls_with("wait_calm", NULL), 1);
    trial_end(&trial);
}

static void another_breach_the_second_time_is_made_again(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=5 k6 1\nat slot=6 finding invalid series\n");
    assert_true(repetition_of(&trial.session, 6)->discarded);
    assert_false(repetition_of(&trial.session, 7)->discarded);
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

/* Broken 4 of 14 when the fourth comes: more than a quarter. */
static void more_than_three_and_more_than_a_quarter_end_the_session(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=4 k6 1\nat slot=8 k6 1\nat slot=12 k6 1\nat slot=16 k6 1\n");
    assert_verdict(&trial, SG_INVALID, "4 of 14 repetitions were not to be trusted");
    assert_int_equal(last_slot(&trial.session), 16);
    trial_end(&trial);
}

/* 3 of 6: many, but no more than three. */
static void three_breaches_are_forgiven(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=4 k6 1\nat slot=6 k6 1\nat slot=8 k6 1\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(last_slot(&trial.session), 2 + 12 + 3);
    trial_end(&trial);
}

/* The fourth is one of 16: a quarter is not more than a quarter. The noise makes the session long
 * enough. */
static void a_quarter_is_forgiven(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, repetitions: 6..9 }\n"};
    trial_run(&trial, "noise latency_p95 0.3\nat slot=6 k6 1\nat slot=10 k6 1\n"
                      "at slot=14 k6 1\nat slot=18 k6 1\n");
    assert_verdict(&trial, SG_INCONCLUSIVE, "");
    assert_true(repetition_of(&trial.session, 18)->discarded);
    assert_int_equal(last_slot(&trial.session), 2 + 18 + 4);
    trial_end(&trial);
}

static void stolen_time_twice_in_a_row_is_forgiven(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=5-6 steal 0.2\nat slot=5-6 k6 1\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(calls_with("wait_calm", NULL), 2);
    trial_end(&trial);
}

static void a_host_that_steals_all_the_time_ends_the_session(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=5-40 steal 0.2\n");
    assert_verdict(&trial, SG_INVALID, "repetitions were not to be trusted");
    assert_int_equal(last_slot(&trial.session), 8);
    trial_end(&trial);
}

static void a_step_of_the_clock_is_made_again(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=5 clock -0.2\nat slot=8 clock 0.05\n");
    assert_true(repetition_has(repetition_of(&trial.session, 5), SG_FINDING_INVALID, "clock_step"));
    assert_true(repetition_of(&trial.session, 5)->discarded);
    assert_false(repetition_of(&trial.session, 8)->discarded);
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_breach_is_made_again_in_the_same_block),
        cmocka_unit_test(a_repeat_waits_until_the_host_is_calm),
        cmocka_unit_test(an_interruption_while_it_waits_ends_the_session),
        cmocka_unit_test(the_same_breach_twice_in_a_row_ends_the_session),
        cmocka_unit_test(another_breach_the_second_time_is_made_again),
        cmocka_unit_test(more_than_three_and_more_than_a_quarter_end_the_session),
        cmocka_unit_test(three_breaches_are_forgiven),
        cmocka_unit_test(a_quarter_is_forgiven),
        cmocka_unit_test(stolen_time_twice_in_a_row_is_forgiven),
        cmocka_unit_test(a_host_that_steals_all_the_time_ends_the_session),
        cmocka_unit_test(a_step_of_the_clock_is_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
