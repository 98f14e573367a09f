/* SPDX-License-Identifier: Apache-2.0 */
/* Does the variant not keep up, or does the host stall? Repetitions of both that nobody judges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

#define DROPS "at variant=candidate,rep=1-20 drops 500\n"

static size_t controls_of(const struct sg_session *session, const char *variant)
{
    size_t count = 0;
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *r = &session->repetitions[i];
        count += sg_streq(r->variant, variant) && repetition_has(r, SG_FINDING_NOTE, "control");
    }
    return count;
}

static void a_variant_that_does_not_keep_up_fails(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, DROPS);
    assert_verdict(&trial, SG_FAIL, "candidate does not keep up with the offered rate");
    assert_true(session_has(&trial.session, SG_FINDING_FAIL, "saturated"));
    trial_end(&trial);
}

/* With this seed nothing of the reference is measured before: three windows of it are proof. */
static void the_reference_is_shown_to_keep_up_first(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1 }\n"};
    trial_run(&trial, DROPS);
    size_t clean = 0;
    for (size_t i = 0; i < trial.session.repetitions_count; i++) {
        const struct sg_repetition *r = &trial.session.repetitions[i];
        clean += r->block > 0 && sg_streq(r->variant, "base");
    }
    assert_int_equal(clean, 3);
    assert_true(controls_of(&trial.session, "base") > 0);
    trial_end(&trial);
}

static void controls_are_not_judged_and_stay_in_the_block(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, DROPS);
    for (size_t i = 0; i < trial.session.repetitions_count; i++) {
        const struct sg_repetition *r = &trial.session.repetitions[i];
        if (repetition_has(r, SG_FINDING_NOTE, "control")) {
            assert_true(r->discarded);
            assert_int_equal(r->block, 1);
        }
    }
    trial_end(&trial);
}

static void a_reference_that_drops_as_well_needs_no_controls(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, DROPS "at variant=base,rep=0 drops 5\n");
    assert_verdict(&trial, SG_INVALID, "dropped_iterations");
    assert_int_equal(controls_of(&trial.session, "base"), 0);
    assert_int_equal(controls_of(&trial.session, "candidate"), 0);
    trial_end(&trial);
}

/* Overrun twice, then no more: it was the host. */
static void a_host_that_stalls_for_a_while_is_not_the_variants_fault(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at variant=candidate,rep=1-2 drops 500\n");
    assert_true(trial.ok);
    assert_int_not_equal(trial.judgement.verdict, SG_FAIL);
    assert_false(session_has(&trial.session, SG_FINDING_FAIL, "saturated"));
    assert_true(controls_of(&trial.session, "candidate") <= 1);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_variant_that_does_not_keep_up_fails),
        cmocka_unit_test(the_reference_is_shown_to_keep_up_first),
        cmocka_unit_test(controls_are_not_judged_and_stay_in_the_block),
        cmocka_unit_test(a_reference_that_drops_as_well_needs_no_controls),
        cmocka_unit_test(a_host_that_stalls_for_a_while_is_not_the_variants_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
