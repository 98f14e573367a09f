/* SPDX-License-Identifier: Apache-2.0 */
/* One variant, held against stored sessions: judged at the end, stopped where it is at its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

static struct trial alone(const struct sg_session *stored, size_t count)
{
    return (struct trial){.variants = "{ candidate: { image: 'shop:3' } }",
                          .yaml = TRIAL_GATE TRIAL_STORED "plan: { seed: 1 }\n",
                          .run = {.stored = stored, .stored_count = count}};
}

static void it_is_measured_up_to_the_first_look(void **state)
{
    struct trial trial = alone(*state, STORED);
    trial_run(&trial, "seed 99\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.judgement.against_stored);
    assert_int_equal(trial.session.repetitions_count, 1 + 6);
    trial_end(&trial);
}

static void a_change_is_found(void **state)
{
    struct trial trial = alone(*state, STORED);
    trial_run(&trial, "seed 99\nfactor candidate latency_p95 1.2\n");
    assert_verdict(&trial, SG_FAIL, "");
    assert_int_equal(trial.session.repetitions_count, 1 + 6);
    trial_end(&trial);
}

/* Slot 7 is the sixth that counts; the five before it would do for a fail. */
static void trouble_is_no_look_at_the_numbers(void **state)
{
    struct trial trial = alone(*state, STORED);
    trial_run(&trial, "seed 99\nfactor candidate latency_p95 1.2\nat slot=7 k6 1\n");
    assert_verdict(&trial, SG_FAIL, "");
    assert_int_equal(last_slot(&trial.session), 8);
    assert_false(repetition_of(&trial.session, 8)->discarded);
    trial_end(&trial);
}

static void too_few_stored_sessions_are_inconclusive(void **state)
{
    struct trial trial = alone(*state, 3);
    trial_run(&trial, "seed 99\n");
    assert_verdict(&trial, SG_INCONCLUSIVE, "");
    assert_int_equal(trial.session.repetitions_count, 1 + 6);
    trial_end(&trial);
}

static void it_fails_at_once_when_it_dies(void **state)
{
    struct trial trial = alone(*state, STORED);
    trial_run(&trial, "at slot=3 dies 3\n");
    assert_verdict(&trial, SG_FAIL, "exited under load");
    assert_int_equal(last_slot(&trial.session), 3);
    trial_end(&trial);
}

static void one_breach_is_made_again(void **state)
{
    struct trial trial = alone(*state, STORED);
    trial_run(&trial, "seed 99\nat slot=3 k6 1\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(last_slot(&trial.session), 1 + 6 + 1);
    trial_end(&trial);
}

static void the_same_breach_twice_ends_it(void **state)
{
    struct trial trial = alone(*state, STORED);
    trial_run(&trial, "at slot=3-4 k6 1\n");
    assert_verdict(&trial, SG_INVALID, "twice in a row");
    assert_int_equal(last_slot(&trial.session), 4);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_measured_up_to_the_first_look),
        cmocka_unit_test(a_change_is_found),
        cmocka_unit_test(trouble_is_no_look_at_the_numbers),
        cmocka_unit_test(too_few_stored_sessions_are_inconclusive),
        cmocka_unit_test(it_fails_at_once_when_it_dies),
        cmocka_unit_test(one_breach_is_made_again),
        cmocka_unit_test(the_same_breach_twice_ends_it),
    };
    return cmocka_run_group_tests(tests, stored_set_up, stored_tear_down);
}
