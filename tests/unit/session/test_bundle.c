/* SPDX-License-Identifier: Apache-2.0 */
/* What a session leaves in its bundle, while it runs and afterwards, also when it breaks off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

#include "judge/judge.h"
#include "record/coupling.h"
#include "record/series.h"

/* What the bundle on disk told at each moment. */
struct seen {
    const char *bundle;
    int repetitions; /* in memory at the last one */
    int behind;      /* the most that the disk was behind memory */
    int looks;
    bool complete; /* the disk ever said so */
};

static size_t repetitions_on_disk(struct seen *seen)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    if (!sg_session_load(seen->bundle, &session, &err)) {
        fail_msg("%s", err.text);
    }
    size_t count = session.repetitions_count;
    seen->complete = seen->complete || session.complete;
    sg_session_clear(&session);
    return count;
}

static void on_repetition(void *context, const struct sg_progress_state *now,
                          const struct sg_repetition *repetition)
{
    struct seen *seen = context;
    int behind = (int)now->session->repetitions_count - (int)repetitions_on_disk(seen);
    (void)repetition;
    seen->repetitions++;
    /* the first one comes behind two warm-ups */
    seen->behind = seen->repetitions > 1 && behind > seen->behind ? behind : seen->behind;
}

static void on_look(void *context, const struct sg_progress_state *now)
{
    struct seen *seen = context;
    seen->looks++;
    assert_int_equal(repetitions_on_disk(seen), now->session->repetitions_count);
}

static void it_is_saved_after_every_repetition(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct trial trial = {
        .run = {.progress = {.repetition = on_repetition, .look = on_look, .context = &seen}}};
    seen.bundle = trial.folder;
    trial_run(&trial, "at slot=5 k6 1\n");
    assert_int_equal(seen.repetitions, 12 + 1);
    assert_int_equal(seen.behind, 1); /* the one that has just ended */
    assert_int_equal(seen.looks, 2);
    assert_false(seen.complete);
    (void)repetitions_on_disk(&seen);
    assert_true(seen.complete);
    trial_end(&trial);
}

static void it_says_when_it_broke_off(void **state)
{
    (void)state;
    struct trial trial = {0};
    struct sg_session kept = {0};
    struct sg_error err = {0};
    trial_run(&trial, "fail load:5 environment\n");
    assert_false(trial.ok);
    assert_int_equal(trial.err.kind, SG_ERROR_ENVIRONMENT);
    assert_true(sg_session_load(trial.folder, &kept, &err));
    assert_false(kept.complete);
    assert_int_equal(sg_fake_world_count(), 0);
    sg_session_clear(&kept);
    trial_end(&trial);
}

/* Slot 8 would have been the last one of block 1. */
static void a_repetition_that_broke_off_does_not_count(void **state)
{
    (void)state;
    struct trial trial = {0};
    struct sg_judgement judgement = {0};
    struct sg_error err = {0};
    trial_run(&trial, "fail load:8 environment\n");
    for (int slot = 1; slot <= 8; slot++) {
        assert_int_equal(repetition_of(&trial.session, slot)->discarded, slot == 8);
    }
    assert_true(sg_judge(&trial.session, &judgement, &err));
    assert_int_equal(judgement.verdict, SG_INCONCLUSIVE);
    sg_judgement_clear(&judgement);
    trial_end(&trial);
}

static void the_generators_summaries_are_kept(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "");
    for (size_t i = 0; i < trial.session.repetitions_count; i++) {
        const struct sg_repetition *r = &trial.session.repetitions[i];
        char *path = sg_format("%s/k6/%03d-%s.json", trial.folder, r->slot, r->variant);
        assert_true(sg_file_exists(path));
        free(path);
    }
    trial_end(&trial);
}

static void curves_are_kept_but_for_the_warm_ups(void **state)
{
    (void)state;
    struct trial trial = {0};
    struct sg_series_set series = {0};
    struct sg_error err = {0};
    trial_run(&trial, "");
    assert_true(sg_series_load(trial.folder, &series, &err));
    assert_int_equal(series.count, 12);
    assert_int_equal(series.items[0].slot, 3);
    sg_series_set_clear(&series);
    trial_end(&trial);
}

static void images_and_containers_of_a_repetition_are_named(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "");
    const struct sg_repetition *first = repetition_of(&trial.session, 3);
    const struct sg_repetition *second = repetition_of(&trial.session, 4);
    assert_true(sg_starts_with(first->image_digest, "sha256:"));
    assert_int_equal(strlen(first->container_id), 64);
    assert_string_not_equal(first->container_id, second->container_id);
    trial_end(&trial);
}

static void observe_mode_is_noted(void **state)
{
    (void)state;
    struct trial observing = {.run = {.observe = true}};
    trial_run(&observing, "");
    assert_true(session_has(&observing.session, SG_FINDING_NOTE, "observe"));
    trial_end(&observing);

    struct trial trial = {0};
    trial_run(&trial, "");
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "observe"));
    trial_end(&trial);
}

static void a_later_attempt_is_remembered(void **state)
{
    (void)state;
    struct trial trial = {.run = {.attempt = 2}};
    trial_run(&trial, "");
    assert_int_equal(trial.session.plan.attempt, 2);
    trial_end(&trial);
}

static void without_facts_nothing_is_measured(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "fail info environment\n");
    assert_false(trial.ok);
    assert_int_equal(trial.err.kind, SG_ERROR_ENVIRONMENT);
    assert_int_equal(calls_with("start_variant", NULL), 0);
    assert_int_equal(sg_fake_world_count(), 0);
    trial_end(&trial);
}

/* What the last step said. */
static void on_say(void *context, const char *text)
{
    char *last = context;
    (void)snprintf(last, 256, "%s", text);
}

static void what_could_not_be_removed_does_not_hide_the_verdict(void **state)
{
    (void)state;
    char last[256] = "";
    struct trial trial = {.run = {.progress = {.say = on_say, .context = last}}};
    trial_run(&trial, "fail close environment\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.session.complete);
    assert_non_null(strstr(last, "svcgate clean"));
    trial_end(&trial);
}

static void what_could_not_be_removed_does_not_hide_the_first_error(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "fail measure:4 network\nfail close environment\n");
    assert_false(trial.ok);
    assert_int_equal(trial.err.kind, SG_ERROR_NETWORK);
    trial_end(&trial);
}

static void a_lost_prometheus_is_told_with_its_log(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "fail measure:4 network\n");
    assert_non_null(strstr(trial.err.text, "the last words of prometheus"));
    trial_end(&trial);
}

static void what_doctor_measured_here_stands_among_the_facts(void **state)
{
    (void)state;
    struct trial before = {0};
    struct sg_error err = {0};
    char path[] = "/tmp/svcgate-couplings-XXXXXX";
    assert_true(close(mkstemp(path)) == 0);
    trial_run(&before, "");
    const struct sg_couplings found = {
        .generator = {0.1, 0.25}, .core = {NAN, NAN}, .cache = {0, 0.5}};
    assert_true(sg_coupling_keep(path, &before.session, &found, &err));
    trial_end(&before);

    struct trial trial = {.run = {.couplings = path}};
    trial_run(&trial, "");
    size_t told = 0;
    for (size_t i = 0; i < trial.session.facts_count; i++) {
        const struct sg_fact *fact = &trial.session.facts[i];
        if (sg_starts_with(fact->name, "coupling_")) {
            told++;
            assert_string_equal(fact->value, sg_streq(fact->name, "coupling_h") ? "0.25" : "0.5");
            assert_false(fact->hard);
        }
    }
    assert_int_equal(told, 2);
    trial_end(&trial);
    assert_int_equal(remove(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_saved_after_every_repetition),
        cmocka_unit_test(it_says_when_it_broke_off),
        cmocka_unit_test(a_repetition_that_broke_off_does_not_count),
        cmocka_unit_test(the_generators_summaries_are_kept),
        cmocka_unit_test(curves_are_kept_but_for_the_warm_ups),
        cmocka_unit_test(images_and_containers_of_a_repetition_are_named),
        cmocka_unit_test(without_facts_nothing_is_measured),
        cmocka_unit_test(observe_mode_is_noted),
        cmocka_unit_test(a_later_attempt_is_remembered),
        cmocka_unit_test(what_could_not_be_removed_does_not_hide_the_verdict),
        cmocka_unit_test(what_could_not_be_removed_does_not_hide_the_first_error),
        cmocka_unit_test(a_lost_prometheus_is_told_with_its_log),
        cmocka_unit_test(what_doctor_measured_here_stands_among_the_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
