/* SPDX-License-Identifier: Apache-2.0 */
/* `rate: auto`: the rate at which the reference uses half of its CPU, found before the first block.
 * A request of the fake bench costs 0.5 ms, and the service has two CPUs: half of them are 2000/s.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

#define AUTO "rate: auto"
#define SLICED TRIAL_GATE "plan: { design: sliced, seed: 1 }\n"

static void assert_rate(const struct trial *trial, double rate)
{
    double found = trial->session.plan.rate;
    if (!(fabs(found / rate - 1) < 0.06)) {
        fail_msg("the rate is %g, not %g", found, rate);
    }
}

/* Windows that looked for the rate. */
static size_t looked(const struct trial *trial)
{
    size_t count = 0;
    for (size_t i = 0; i < trial->session.repetitions_count; i++) {
        const struct sg_repetition *r = &trial->session.repetitions[i];
        if (repetition_has(r, SG_FINDING_NOTE, "rate_auto")) {
            assert_int_equal(r->block, 0);
            assert_true(r->discarded);
            assert_string_equal(r->variant, "base");
            count++;
        }
    }
    return count;
}

static const char *note_of(const struct trial *trial)
{
    for (size_t i = 0; i < trial->session.findings_count; i++) {
        if (sg_streq(trial->session.findings[i].check, "rate_auto")) {
            return trial->session.findings[i].text;
        }
    }
    fail_msg("no note tells the rate");
    return "";
}

static void assert_noted(const struct trial *trial, const char *words)
{
    const char *note = note_of(trial);
    if (strstr(note, words) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", note, words);
    }
}

static void the_reference_uses_half_of_its_cpus(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_rate(&trial, 2000);
    assert_in_range(looked(&trial), 3, 4);
    assert_noted(&trial, "load: { rate: 2");
    trial_end(&trial);
}

static void a_limit_of_cpus_is_what_it_has(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    struct sg_config config;
    trial_begin(&trial, "");
    trial_config(&trial, &config);
    config.cpus = 0.5;
    trial.run = (struct sg_run){.config = &config, .id = "an-id", .bundle = trial.folder};
    trial.ok = sg_session_run(&trial.run, &trial.session, &trial.judgement, &trial.err);
    assert_true(trial.ok);
    assert_rate(&trial, 500);
    assert_noted(&trial, " % of its CPU");
    assert_true(isnan(config.rate)); /* the caller's own stays as it was */
    trial_end(&trial);
    sg_config_clear(&config);
}

/* Only the reference has a say: the other one would change the rate that both get. */
static void what_the_candidate_costs_does_not_matter(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "factor candidate cpu_per_request 1.8\n");
    assert_rate(&trial, 2000);
    trial_end(&trial);
}

/* 10 ms a request: 100/s, of which the 2,000 requests of a p95 take 20 s. */
static void windows_by_requests_follow_the_found_rate(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "value base cpu_per_request 0.01\nnoise cpu_per_request 0\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(fabs(trial.session.plan.rate - 100) < 1e-9);
    assert_true(fabs(trial.session.plan.measure - 20) < 1e-9);
    assert_true(trial.session.plan.slice > 0.5);
    trial_end(&trial);

    struct trial given = {.load = AUTO ", measure: 9s", .yaml = SLICED};
    trial_run(&given, "value base cpu_per_request 0.01\n");
    assert_true(fabs(given.session.plan.measure - 9) < 1e-9);
    trial_end(&given);
}

static void in_turns_warm_ups_come_after_it(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO ", measure: 10s"};
    trial_run(&trial, "");
    assert_verdict(&trial, SG_PASS, "");
    assert_rate(&trial, 2000);
    size_t made = looked(&trial);
    assert_int_equal(trial.session.repetitions_count, made + 2 + 12);
    assert_int_equal(counting(&trial.session, "base", 0), 1);
    assert_int_equal(counting(&trial.session, "candidate", 0), 1);
    trial_end(&trial);
}

/* It waits for something else than the CPU: half of what it keeps up with. */
static void a_service_without_cpu_gets_half_of_what_it_keeps_up_with(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "value base cpu_per_request 0.00001\nat * keeps_up 100\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.session.plan.rate >= 25 && trial.session.plan.rate <= 50);
    assert_noted(&trial, "half of the");
    trial_end(&trial);
}

/* An open load waits: nothing is dropped at first, but each request takes ever longer. */
static void latency_that_grows_is_not_keeping_up(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "value base cpu_per_request 0.00001\nat * queues 100\n");
    assert_true(trial.session.plan.rate >= 25 && trial.session.plan.rate <= 50);
    trial_end(&trial);
}

static void a_slow_service_is_tried_at_less(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "value base cpu_per_request 0.2\nat * keeps_up 10\n");
    assert_rate(&trial, 5);
    trial_end(&trial);
}

static void a_service_that_costs_next_to_nothing_gets_the_most(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "value base cpu_per_request 0\nvalue base generator_cpu_per_request 0\n");
    assert_true(fabs(trial.session.plan.rate - 10000) < 1e-9);
    trial_end(&trial);
}

/* k6 has one CPU and takes 1 ms a request: it is busy at 850/s. */
static void a_busy_generator_bounds_it(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "value base generator_cpu_per_request 0.001\n"
                      "value candidate generator_cpu_per_request 0.001\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.session.plan.rate >= 250 && trial.session.plan.rate <= 425);
    trial_end(&trial);
}

static void where_no_rate_is_found_it_says_why(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "at * keeps_up 0.5\n");
    assert_false(trial.ok);
    assert_int_equal(trial.err.kind, SG_ERROR_DATA);
    assert_non_null(strstr(trial.err.text, "no rate was found for base: k6 dropped"));
    assert_non_null(strstr(trial.err.text, "--rate"));
    assert_false(trial.session.complete);
    trial_end(&trial);

    struct trial blind = {.load = AUTO, .yaml = SLICED};
    trial_run(&blind, "at * missing cpu_per_request\nat * missing witness_cpu\n");
    assert_false(blind.ok);
    assert_non_null(strstr(blind.err.text, "CPU time could not be measured"));
    trial_end(&blind);
}

static void a_window_without_cpu_time_is_made_again(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "at slot=1 missing cpu_per_request\nat slot=1 missing witness_cpu\n");
    assert_rate(&trial, 2000);
    assert_int_equal(looked(&trial), 4);
    trial_end(&trial);

    struct trial engine = {.load = AUTO, .yaml = SLICED};
    trial_run(&engine, "at slot=1 missing cpu_per_request\n");
    assert_rate(&engine, 2000);
    assert_int_equal(looked(&engine), 3);
    trial_end(&engine);
}

/* Drops while the host takes the CPU away are not the service's. */
static void a_stalled_host_lowers_no_rate(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "at slot=2 steal 0.3\nat slot=2 drops 500\n");
    assert_rate(&trial, 2000);
    assert_int_equal(calls_with("wait_calm", NULL), 1);
    trial_end(&trial);
}

/* Somebody else was busy on the host, which is not always steal. */
static void one_bad_window_is_an_accident(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "at slot=2 drops 500\n");
    assert_rate(&trial, 2000);
    assert_int_equal(looked(&trial), 4);
    trial_end(&trial);
}

/* As in a warm-up: the session tells it, with its log. */
static void a_reference_that_does_not_start_is_told_by_the_session(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "at variant=base exits 3\n");
    assert_true(trial.ok);
    assert_int_equal(repetition_of(&trial.session, 1)->block, 1);
    assert_true(repetition_has(repetition_of(&trial.session, 1), SG_FINDING_FAIL, "exited"));
    assert_true(trial.judgement.verdict != SG_PASS);
    trial_end(&trial);
}

/* That it broke under more than it will get is nobody's fault. */
static void what_breaks_at_a_higher_rate_is_not_judged(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "at slot=3-5 oom\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.session.plan.rate < 2000 && trial.session.plan.rate > 200);
    trial_end(&trial);
}

static void on_log(void *context, const char *variant, const struct sg_finding *finding)
{
    (void)variant;
    (void)finding;
    ++*(int *)context;
}

/* One log of each kind is told: those of the search would stand in for others. */
static void logs_at_a_rate_that_was_too_much_are_not_told(void **state)
{
    (void)state;
    int logs = 0;
    struct trial trial = {
        .load = AUTO, .yaml = SLICED, .run = {.progress = {.log = on_log, .context = &logs}}};
    trial_run(&trial, "at slot=3 oom\n");
    assert_int_equal(logs, 0);
    trial_end(&trial);

    struct trial broken = {
        .load = AUTO, .yaml = SLICED, .run = {.progress = {.log = on_log, .context = &logs}}};
    trial_run(&broken, "at variant=base exits 3\n");
    assert_true(logs > 0);
    assert_null(repetition_of(&broken.session, 1)->findings[0].log); /* `report.log: hide` */
    trial_end(&broken);
}

/* A lost iteration in the search must not excuse a variant that does not keep up. */
static void drops_in_the_search_are_no_evidence_about_the_reference(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO ", measure: 10s"};
    trial_run(&trial, "value base cpu_per_request 0.00001\nat slot=1-9 keeps_up 100\n"
                      "at variant=candidate keeps_up 20\n");
    assert_verdict(&trial, SG_FAIL, "does not keep up");
    trial_end(&trial);
}

static void a_rate_that_is_given_is_not_looked_for(void **state)
{
    (void)state;
    struct trial trial = {.load = "rate: 100/s", .yaml = SLICED};
    trial_run(&trial, "");
    assert_int_equal(looked(&trial), 0);
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "rate_auto"));
    trial_end(&trial);
}

/* Sessions are only compared at one rate. */
static void with_a_stored_baseline_it_is_that_ones(void **state)
{
    (void)state;
    struct sg_session *stored = stored_make(5);
    for (int screen = 0; screen < 2; screen++) {
        struct trial trial = {
            .load = AUTO ", measure: 10s",
            .yaml = TRIAL_GATE TRIAL_STORED "plan: { seed: 1 }\n",
            .run = {.stored = stored, .stored_count = 5, .no_screen = screen == 0}};
        trial_run(&trial, "seed 99\n");
        assert_verdict(&trial, SG_PASS, "");
        assert_true(fabs(trial.session.plan.rate - 100) < 1e-9);
        assert_int_equal(looked(&trial), 0);
        assert_noted(&trial, "that of the stored baseline");
        assert_int_equal(trial.judgement.against_stored, screen == 1);
        trial_end(&trial);
    }
    stored_clear(stored, 5);
}

static void the_search_is_paid_from_the_budget(void **state)
{
    (void)state;
    struct trial whole = {.load = "rate: 2000/s, measure: 10s",
                          .yaml = TRIAL_GATE "plan: { seed: 1, budget: 12m }\n"};
    trial_run(&whole, "noise latency_p95 0.3\n");
    assert_int_equal(whole.session.plan.max_repetitions, 12);
    trial_end(&whole);

    struct trial trial = {.load = AUTO ", measure: 10s",
                          .yaml = TRIAL_GATE "plan: { seed: 1, budget: 12m }\n"};
    trial_run(&trial, "noise latency_p95 0.3\n");
    assert_int_equal(trial.session.plan.max_repetitions, 9);
    assert_true(fabs(trial.session.plan.budget - 720) < 1e-9);
    trial_end(&trial);
}

static void an_interrupted_search_leaves_a_bundle(void **state)
{
    (void)state;
    struct trial trial = {.load = AUTO, .yaml = SLICED};
    trial_run(&trial, "fail load:2 network\n");
    assert_false(trial.ok);
    assert_int_equal(trial.session.repetitions_count, 2);
    assert_int_equal(sg_fake_world_count(), 0);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_uses_half_of_its_cpus),
        cmocka_unit_test(a_limit_of_cpus_is_what_it_has),
        cmocka_unit_test(what_the_candidate_costs_does_not_matter),
        cmocka_unit_test(windows_by_requests_follow_the_found_rate),
        cmocka_unit_test(in_turns_warm_ups_come_after_it),
        cmocka_unit_test(a_service_without_cpu_gets_half_of_what_it_keeps_up_with),
        cmocka_unit_test(latency_that_grows_is_not_keeping_up),
        cmocka_unit_test(a_slow_service_is_tried_at_less),
        cmocka_unit_test(a_service_that_costs_next_to_nothing_gets_the_most),
        cmocka_unit_test(a_busy_generator_bounds_it),
        cmocka_unit_test(where_no_rate_is_found_it_says_why),
        cmocka_unit_test(a_window_without_cpu_time_is_made_again),
        cmocka_unit_test(a_stalled_host_lowers_no_rate),
        cmocka_unit_test(one_bad_window_is_an_accident),
        cmocka_unit_test(a_reference_that_does_not_start_is_told_by_the_session),
        cmocka_unit_test(what_breaks_at_a_higher_rate_is_not_judged),
        cmocka_unit_test(logs_at_a_rate_that_was_too_much_are_not_told),
        cmocka_unit_test(drops_in_the_search_are_no_evidence_about_the_reference),
        cmocka_unit_test(a_rate_that_is_given_is_not_looked_for),
        cmocka_unit_test(with_a_stored_baseline_it_is_that_ones),
        cmocka_unit_test(the_search_is_paid_from_the_budget),
        cmocka_unit_test(an_interrupted_search_leaves_a_bundle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
