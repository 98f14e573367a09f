/* SPDX-License-Identifier: Apache-2.0 */
/* When the loop stops: at a verdict, at the plan's end, where nothing more can be learnt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

static void a_clear_pass_stops_at_the_first_look(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.session.complete);
    assert_int_equal(trial.session.repetitions_count, 2 + 2 * 6);
    trial_end(&trial);
}

static void without_a_verdict_the_plan_runs_to_its_end(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, repetitions: 6..12 }\n"};
    trial_run(&trial, "noise latency_p95 0.3\n");
    assert_verdict(&trial, SG_INCONCLUSIVE, "");
    assert_true(trial.session.complete);
    assert_int_equal(trial.session.repetitions_count, 2 + 2 * 12);
    trial_end(&trial);
}

static void a_reference_that_dies_ends_the_session_at_once(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at variant=base,rep=1 dies 3\n");
    assert_verdict(&trial, SG_INVALID, "the reference base failed");
    assert_int_equal(calls_with("load", "variant=base "), 2);
    const struct sg_repetition *last =
        &trial.session.repetitions[trial.session.repetitions_count - 1];
    assert_string_equal(last->variant, "base");
    trial_end(&trial);
}

static void the_only_variant_that_dies_ends_the_session_at_once(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at variant=candidate,rep=1 oom\n");
    assert_verdict(&trial, SG_FAIL, "killed for want of memory");
    const struct sg_repetition *last =
        &trial.session.repetitions[trial.session.repetitions_count - 1];
    assert_string_equal(last->variant, "candidate");
    assert_false(last->discarded);
    assert_int_equal(calls_with("wait_calm", NULL), 0);
    trial_end(&trial);
}

#define WAIVER(expires)                                                                            \
    TRIAL_GATE "waivers: [{ metric: latency_p95, bound: 20%, owner: ada, reason: known, "          \
               "expires: " expires " }]\n"

static void an_expired_waiver_fails_without_any_data(void **state)
{
    (void)state;
    struct trial trial = {.yaml = WAIVER("2020-01-31")};
    trial_run(&trial, "");
    assert_verdict(&trial, SG_FAIL, "expired");
    assert_int_equal(sg_fake_calls_count(), 0);
    assert_int_equal(trial.session.repetitions_count, 0);
    assert_true(trial.session.complete);
    trial_end(&trial);
}

static void a_waiver_that_holds_is_measured(void **state)
{
    (void)state;
    struct trial trial = {.yaml = WAIVER("2999-01-31") "plan: { seed: 1 }\n"};
    trial_run(&trial, "factor candidate latency_p95 1.1\n");
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clear_pass_stops_at_the_first_look),
        cmocka_unit_test(without_a_verdict_the_plan_runs_to_its_end),
        cmocka_unit_test(a_reference_that_dies_ends_the_session_at_once),
        cmocka_unit_test(the_only_variant_that_dies_ends_the_session_at_once),
        cmocka_unit_test(an_expired_waiver_fails_without_any_data),
        cmocka_unit_test(a_waiver_that_holds_is_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
