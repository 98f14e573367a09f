/* SPDX-License-Identifier: Apache-2.0 */
/* Screen, then confirm: the variant alone against stored sessions first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

#include "record/series.h"

static struct trial against(const struct sg_session *stored, size_t count)
{
    return (struct trial){.yaml = TRIAL_GATE TRIAL_STORED "plan: { seed: 1 }\n",
                          .run = {.stored = stored, .stored_count = count}};
}

static void a_screen_that_passes_never_starts_the_reference(void **state)
{
    struct trial trial = against(*state, STORED);
    trial_run(&trial, "seed 99\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.judgement.against_stored);
    assert_int_equal(calls_with("start_variant", "variant=base"), 0);
    assert_int_equal(trial.session.repetitions_count, 1 + 6);
    trial_end(&trial);
}

static void its_session_is_one_of_the_variant_alone(void **state)
{
    struct trial trial = against(*state, STORED);
    trial_run(&trial, "seed 99\n");
    assert_null(trial.session.reference);
    assert_int_equal(trial.session.variants_count, 1);
    assert_string_equal(trial.session.variants[0].name, "candidate");
    assert_true(trial.session.complete);
    trial_end(&trial);
}

/* Of beta, 5 %, each of the two has half. */
static void screen_and_confirmation_share_beta(void **state)
{
    struct trial screened = against(*state, STORED);
    trial_run(&screened, "seed 99\n");
    assert_true(fabs(screened.session.plan.beta - 0.025) < 1e-12);
    trial_end(&screened);

    struct trial confirmed = against(*state, STORED);
    trial_run(&confirmed, "seed 99\nfactor candidate latency_p95 1.2\n");
    assert_true(fabs(confirmed.session.plan.beta - 0.025) < 1e-12);
    trial_end(&confirmed);
}

static void what_does_not_pass_alone_is_measured_side_by_side_with_fresh_data(void **state)
{
    struct trial trial = against(*state, STORED);
    trial_run(&trial, "seed 99\nfactor candidate latency_p95 1.2\n");
    assert_verdict(&trial, SG_FAIL, "");
    assert_false(trial.judgement.against_stored);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "screen"));
    assert_string_equal(trial.session.reference, "base");
    assert_int_equal(counting(&trial.session, "candidate", 0), 1);
    /* slots go on: none of the screen's, a warm-up and six, is among them */
    assert_int_equal(trial.session.repetitions[0].slot, 1 + 6 + 1);
    assert_int_equal(calls_with("open", NULL), 1);
    assert_int_equal(calls_with("prepare", NULL), 1);
    trial_end(&trial);
}

/* The stored sessions are of shop:2 as it was; both variants are slower today. */
static void a_screen_that_fails_fails_nobody(void **state)
{
    struct trial trial = against(*state, STORED);
    trial_run(&trial, "seed 99\nfactor candidate latency_p95 1.2\nfactor base latency_p95 1.2\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_false(trial.judgement.against_stored);
    trial_end(&trial);
}

static void the_screens_data_stand_in_a_folder_of_their_own(void **state)
{
    struct trial trial = against(*state, STORED);
    struct sg_session kept = {0};
    struct sg_series_set series = {0};
    struct sg_error err = {0};
    trial_run(&trial, "seed 99\nfactor candidate latency_p95 1.2\n");
    char *folder = sg_path_join(trial.folder, "screen");
    assert_true(sg_session_load(folder, &kept, &err));
    assert_true(kept.complete);
    assert_int_equal(kept.repetitions_count, 1 + 6);
    assert_int_equal(kept.variants_count, 1);
    assert_true(sg_series_load(folder, &series, &err));
    assert_int_equal(series.count, 6);
    sg_series_set_clear(&series);
    assert_true(sg_series_load(trial.folder, &series, &err));
    assert_int_equal(series.count, trial.session.repetitions_count - 2);
    sg_series_set_clear(&series);
    sg_session_clear(&kept);
    free(folder);
    trial_end(&trial);
}

static void trouble_in_the_screen_leads_side_by_side(void **state)
{
    struct trial trial = against(*state, STORED);
    trial_run(&trial, "seed 99\nat slot=3-4 k6 1\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_false(trial.judgement.against_stored);
    assert_int_equal(trial.session.repetitions[0].slot, 5);
    trial_end(&trial);
}

static void too_few_stored_sessions_promise_nothing(void **state)
{
    struct trial trial = against(*state, 3);
    trial_run(&trial, "seed 99\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_false(trial.judgement.against_stored);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "screen"));
    assert_true(fabs(trial.session.plan.beta - 0.05) < 1e-12);
    assert_int_equal(trial.session.repetitions[0].slot, 1);
    trial_end(&trial);
}

static void of_three_variants_none_is_screened(void **state)
{
    struct trial trial = against(*state, STORED);
    trial.variants =
        "{ base: { image: 'shop:1' }, b: { image: 'shop:2' }, c: { image: 'shop:3' } }";
    trial_run(&trial, "seed 99\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_false(trial.judgement.against_stored);
    assert_int_equal(counting(&trial.session, "base", 1), 3);
    trial_end(&trial);
}

/* Start and screen took 176 s; what is left of 13 minutes has room for three blocks, not four. */
static void the_confirmation_has_what_is_left_of_the_budget(void **state)
{
    struct trial trial = against(*state, STORED);
    trial.yaml = TRIAL_GATE TRIAL_STORED "plan: { seed: 1, budget: 13m }\n";
    trial_run(&trial, "seed 99\nfactor candidate latency_p95 1.04\nnoise latency_p95 0.02\n");
    assert_true(trial.ok);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "screen"));
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "budget"));
    assert_int_equal(trial.session.plan.max_repetitions, 9);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_screen_that_passes_never_starts_the_reference),
        cmocka_unit_test(its_session_is_one_of_the_variant_alone),
        cmocka_unit_test(screen_and_confirmation_share_beta),
        cmocka_unit_test(what_does_not_pass_alone_is_measured_side_by_side_with_fresh_data),
        cmocka_unit_test(a_screen_that_fails_fails_nobody),
        cmocka_unit_test(the_screens_data_stand_in_a_folder_of_their_own),
        cmocka_unit_test(trouble_in_the_screen_leads_side_by_side),
        cmocka_unit_test(too_few_stored_sessions_promise_nothing),
        cmocka_unit_test(of_three_variants_none_is_screened),
        cmocka_unit_test(the_confirmation_has_what_is_left_of_the_budget),
    };
    return cmocka_run_group_tests(tests, stored_set_up, stored_tear_down);
}
