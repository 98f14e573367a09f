/* SPDX-License-Identifier: Apache-2.0 */
/* Warm-ups: nobody judges their numbers, but a service that dies in one has told enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

static void what_the_instrument_lacks_in_a_warm_up_is_nobodys_concern(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=1-2 k6 1\nat slot=1-2 steal 0.5\n");
    assert_int_equal(repetition_of(&trial.session, 1)->findings_count, 0);
    assert_int_equal(repetition_of(&trial.session, 2)->findings_count, 0);
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(last_slot(&trial.session), 2 + 12);
    trial_end(&trial);
}

static void a_variant_that_dies_in_its_warm_up_fails(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at variant=candidate,rep=0 dies 3\n");
    const struct sg_repetition *warm = repetition_of(&trial.session, 2);
    assert_int_equal(warm->block, 1);
    assert_true(repetition_has(warm, SG_FINDING_FAIL, "exited"));
    assert_verdict(&trial, SG_FAIL, "exited under load");
    trial_end(&trial);
}

static void a_variant_that_is_never_ready_is_invalid(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at variant=candidate,rep=0-20 not_ready\n");
    assert_verdict(&trial, SG_INVALID, "not_ready");
    assert_int_equal(repetition_of(&trial.session, 2)->block, 1);
    assert_int_equal(calls_with("load", "candidate"), 0);
    trial_end(&trial);
}

static void drops_in_a_warm_up_stay_as_a_note(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=1 drops 200\n");
    const struct sg_repetition *warm = repetition_of(&trial.session, 1);
    assert_int_equal(warm->block, 0);
    assert_true(repetition_has(warm, SG_FINDING_NOTE, "dropped_iterations"));
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

/* The first one is short of virtual users; what it drops tells nothing of the generator. */
static void long_iterations_warm_up_once_more_with_the_virtual_users_they_need(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at slot=1-99 iteration 2\nat slot=1 drops 200\n");
    assert_int_equal(repetition_of(&trial.session, 1)->findings_count, 0);
    assert_string_equal(repetition_of(&trial.session, 2)->variant, "base");
    assert_int_equal(repetition_of(&trial.session, 2)->block, 0);
    assert_string_equal(repetition_of(&trial.session, 3)->variant, "candidate");
    assert_int_equal(repetition_of(&trial.session, 4)->block, 1);
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

static void numbers_of_a_warm_up_are_never_judged(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(trial.judgement.repetitions, 6);
    assert_int_equal(trial.judgement.results[0].n_variant, 6);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_instrument_lacks_in_a_warm_up_is_nobodys_concern),
        cmocka_unit_test(a_variant_that_dies_in_its_warm_up_fails),
        cmocka_unit_test(a_variant_that_is_never_ready_is_invalid),
        cmocka_unit_test(drops_in_a_warm_up_stay_as_a_note),
        cmocka_unit_test(long_iterations_warm_up_once_more_with_the_virtual_users_they_need),
        cmocka_unit_test(numbers_of_a_warm_up_are_never_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
