/* SPDX-License-Identifier: Apache-2.0 */
/* One variant and a stored baseline: the image that was accepted last stands beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

static struct trial beside(const struct sg_session *stored, size_t count)
{
    return (struct trial){.variants = "{ candidate: { image: 'shop:3' } }",
                          .yaml = TRIAL_GATE TRIAL_STORED "plan: { seed: 1 }\n",
                          .run = {.stored = stored, .stored_count = count, .accepted = true}};
}

static const struct sg_variant *variant_of(const struct sg_session *session, const char *name)
{
    for (size_t i = 0; i < session->variants_count; i++) {
        if (sg_streq(session->variants[i].name, name)) {
            return &session->variants[i];
        }
    }
    fail_msg("no variant %s", name);
    return NULL;
}

static void the_accepted_image_is_the_reference(void **state)
{
    const struct sg_session *stored = *state;
    struct trial trial = beside(stored, STORED);
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_false(trial.judgement.against_stored);
    assert_string_equal(trial.session.reference, "baseline");
    const struct sg_variant *reference = variant_of(&trial.session, "baseline");
    assert_string_equal(reference->digest, stored[STORED - 1].variants[0].digest);
    assert_string_equal(reference->accepted_in, stored[STORED - 1].id);
    assert_null(variant_of(&trial.session, "candidate")->accepted_in);
    assert_int_equal(counting(&trial.session, "baseline", 1), 3);
    assert_int_equal(counting(&trial.session, "candidate", 1), 3);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "accepted"));
    assert_true(trial.session.complete);
    assert_int_equal(calls_with("fetch", reference->digest), 1);
    assert_int_equal(calls_with("prepare", NULL), 1);
    trial_end(&trial);
}

/* A screen would save time that side by side does not take, and asks for four sessions. */
static void it_is_not_screened_and_one_session_is_enough(void **state)
{
    struct trial trial = beside(*state, 1);
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "screen"));
    assert_true(fabs(trial.session.plan.beta - 0.05) < 1e-12);
    trial_end(&trial);
}

static void a_change_fails(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial_run(&trial, "factor candidate latency_p95 1.2\n");
    assert_verdict(&trial, SG_FAIL, "");
    trial_end(&trial);
}

static void a_host_that_is_slower_today_is_no_change(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial_run(&trial, "factor candidate latency_p95 1.2\nfactor baseline latency_p95 1.2\n");
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

static void the_newest_session_names_the_image(void **state)
{
    struct sg_session stored[2] = {((struct sg_session *)*state)[0],
                                   ((struct sg_session *)*state)[1]};
    struct sg_variant newer = stored[1].variants[0];
    newer.digest =
        (char *)(uintptr_t) "registry.example.com/shop@sha256:"
                            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    stored[1].variants = &newer;
    struct trial trial = beside(stored, 2);
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_string_equal(variant_of(&trial.session, "baseline")->image, newer.digest);
    trial_end(&trial);
}

static void both_have_the_variants_settings(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial.variants = "{ candidate: { image: 'shop:3', env: { POOL: 5, MODE: fast } } }";
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_string_equal(variant_of(&trial.session, "baseline")->env,
                        variant_of(&trial.session, "candidate")->env);
    trial_end(&trial);
}

/* The usual 4 ms; of a machine that they were not measured on they say nothing. */
static void what_stored_sessions_had_stands_in_the_report(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial_run(&trial, "factor candidate latency_p95 2\nfactor baseline latency_p95 2\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "history"));
    for (size_t i = 0; i < trial.session.findings_count; i++) {
        const struct sg_finding *finding = &trial.session.findings[i];
        if (sg_streq(finding->check, "history")) {
            assert_non_null(strstr(finding->text, "(median of 5 sessions): latency_p95 "));
            assert_non_null(strstr(finding->text, " ms"));
        }
    }
    trial_end(&trial);

    struct trial elsewhere = beside(*state, STORED);
    trial_run(&elsewhere, "info MemTotal 4294967296\n");
    assert_verdict(&elsewhere, SG_PASS, "");
    assert_false(session_has(&elsewhere.session, SG_FINDING_NOTE, "history"));
    trial_end(&elsewhere);
}

/* They hit both alike, and so no verdict tells what they do. */
static void settings_that_have_changed_since_are_warned_of(void **state)
{
    struct trial same = beside(*state, STORED);
    trial_run(&same, "");
    assert_false(session_has(&same.session, SG_FINDING_WARN, "settings"));
    trial_end(&same);

    struct trial variables = beside(*state, STORED);
    variables.variants = "{ candidate: { image: 'shop:3', env: { POOL: 5 } } }";
    trial_run(&variables, "");
    assert_verdict(&variables, SG_PASS, "");
    assert_true(session_has(&variables.session, SG_FINDING_WARN, "settings"));
    trial_end(&variables);

    struct sg_session newest = ((struct sg_session *)*state)[0];
    struct sg_fact facts[64];
    assert_in_range(newest.facts_count, 1, SG_COUNT(facts));
    memcpy(facts, newest.facts, newest.facts_count * sizeof(*facts));
    for (size_t i = 0; i < newest.facts_count; i++) {
        if (sg_streq(facts[i].name, "service limits")) {
            facts[i].value = (char *)(uintptr_t) "2 CPUs, no memory limit";
        }
    }
    newest.facts = facts;
    struct trial limits = beside(&newest, 1);
    trial_run(&limits, "");
    assert_true(session_has(&limits.session, SG_FINDING_WARN, "settings"));
    trial_end(&limits);
}

static void side_by_side_means_sliced_where_that_is_the_design(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial.yaml = TRIAL_GATE TRIAL_STORED "plan: { seed: 1, design: sliced }\n";
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(calls_with("block", "seats=12"), 1);
    trial_end(&trial);
}

/* Without it all is as it was: one variant, held against the stored sessions. */
static void an_image_that_is_gone_leaves_the_stored_numbers(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial_run(&trial, "seed 99\ngone *\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.judgement.against_stored);
    assert_int_equal(trial.session.variants_count, 1);
    assert_int_equal(trial.session.repetitions_count, 1 + 6);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "accepted"));
    trial_end(&trial);
}

static void a_session_that_measured_something_unsaid_has_numbers_alone(void **state)
{
    static const char *const digests[] = {NULL, "", "shop:2", "sha256:0123", "--all"};
    struct sg_session newest = ((struct sg_session *)*state)[0];
    for (size_t i = 0; i < SG_COUNT(digests); i++) {
        struct sg_variant unsaid = newest.variants[0];
        unsaid.digest = (char *)(uintptr_t)digests[i];
        newest.variants = &unsaid;
        struct trial trial = beside(&newest, 1);
        trial_run(&trial, "");
        assert_verdict(&trial, SG_INCONCLUSIVE, "");
        assert_true(trial.judgement.against_stored);
        assert_true(session_has(&trial.session, SG_FINDING_NOTE, "accepted"));
        assert_int_equal(calls_with("fetch", NULL), 0);
        trial_end(&trial);
        newest.variants = ((struct sg_session *)*state)[0].variants;
    }
}

static void whoever_does_not_want_it_asks_for_no_image(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial.run.accepted = false;
    trial_run(&trial, "seed 99\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.judgement.against_stored);
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "accepted"));
    assert_int_equal(calls_with("fetch", NULL), 0);
    trial_end(&trial);
}

static void a_reference_of_the_users_own_stays(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial.variants = NULL;
    trial_run(&trial, "seed 99\nfactor candidate latency_p95 1.2\n");
    assert_verdict(&trial, SG_FAIL, "");
    assert_string_equal(trial.session.reference, "base");
    assert_int_equal(trial.session.variants_count, 2);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "screen"));
    assert_int_equal(calls_with("fetch", NULL), 0);
    trial_end(&trial);
}

static void an_engine_that_is_lost_while_it_fetches_ends_the_session(void **state)
{
    struct trial trial = beside(*state, STORED);
    trial_run(&trial, "fail fetch environment\n");
    assert_false(trial.ok);
    assert_int_equal(trial.err.kind, SG_ERROR_ENVIRONMENT);
    assert_int_equal(calls_with("close", NULL), 1);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_accepted_image_is_the_reference),
        cmocka_unit_test(it_is_not_screened_and_one_session_is_enough),
        cmocka_unit_test(a_change_fails),
        cmocka_unit_test(a_host_that_is_slower_today_is_no_change),
        cmocka_unit_test(the_newest_session_names_the_image),
        cmocka_unit_test(both_have_the_variants_settings),
        cmocka_unit_test(what_stored_sessions_had_stands_in_the_report),
        cmocka_unit_test(settings_that_have_changed_since_are_warned_of),
        cmocka_unit_test(side_by_side_means_sliced_where_that_is_the_design),
        cmocka_unit_test(an_image_that_is_gone_leaves_the_stored_numbers),
        cmocka_unit_test(a_session_that_measured_something_unsaid_has_numbers_alone),
        cmocka_unit_test(whoever_does_not_want_it_asks_for_no_image),
        cmocka_unit_test(a_reference_of_the_users_own_stays),
        cmocka_unit_test(an_engine_that_is_lost_while_it_fetches_ends_the_session),
    };
    return cmocka_run_group_tests(tests, stored_set_up, stored_tear_down);
}
