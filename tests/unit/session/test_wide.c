/* SPDX-License-Identifier: Apache-2.0 */
/* The first block of a session of two variants has six containers of each side by side, so that the
 * first look can fail; where it does not fit it is as narrow as the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

#define WIDE TRIAL_GATE "plan: { design: sliced, seed: 1 }\n"
#define NOISY "noise latency_p95 0.3\n"

static struct trial wide(const char *script)
{
    struct trial trial = {.yaml = WIDE};
    trial_run(&trial, script);
    return trial;
}

static void the_first_block_has_six_of_each_and_the_next_ones_three(void **state)
{
    (void)state;
    struct trial trial = {.yaml =
                              TRIAL_GATE "plan: { design: sliced, seed: 1, repetitions: 6..12 }\n"};
    trial_run(&trial, NOISY);
    assert_int_equal(trial.session.plan.first_block, 6);
    assert_int_equal(trial.session.plan.block_size, 3);
    for (int block = 1; block <= 3; block++) {
        assert_int_equal(counting(&trial.session, "base", block), block == 1 ? 6 : 3);
        assert_int_equal(counting(&trial.session, "candidate", block), block == 1 ? 6 : 3);
    }
    assert_int_equal(calls_with("block", "seats=12"), 1);
    assert_int_equal(calls_with("block", "seats=6"), 2);
    assert_int_equal(last_slot(&trial.session), 24);
    trial_end(&trial);
}

static void what_is_entirely_apart_fails_at_the_first_look(void **state)
{
    (void)state;
    struct trial trial = wide("factor candidate latency_p95 1.5\n");
    assert_verdict(&trial, SG_FAIL, "");
    assert_int_equal(last_slot(&trial.session), 12);
    trial_end(&trial);
}

static void what_is_alike_passes_at_the_first_look(void **state)
{
    (void)state;
    struct trial trial = wide("");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(last_slot(&trial.session), 12);
    trial_end(&trial);
}

/* Twice the containers have half the slice each: a round takes as long as with six. */
static void a_round_lasts_no_longer_than_with_six_containers(void **state)
{
    (void)state;
    struct trial trial = wide("");
    assert_true(fabs(trial.session.plan.slice - 10.0 / 14) < 1e-12);
    assert_true(fabs(sg_plan_slice(&trial.session.plan, 1) - 10.0 / 28) < 1e-12);
    assert_true(fabs(sg_plan_slice(&trial.session.plan, 2) - 10.0 / 14) < 1e-12);
    for (int slot = 1; slot <= 12; slot++) {
        const struct sg_repetition *r = repetition_of(&trial.session, slot);
        assert_true(fabs(r->end - r->start - 120) < 1e-6); /* twelve times ten */
        assert_true(r->requests == 1000);                  /* ten seconds at 100/s */
    }
    trial_end(&trial);
}

static void assert_narrow(const struct trial *trial)
{
    assert_int_equal(trial->session.plan.first_block, 0);
    assert_int_equal(counting(&trial->session, "base", 1), 3);
    assert_int_equal(counting(&trial->session, "base", 2), 3);
}

static void a_wide_block_that_has_no_room_is_a_narrow_one(void **state)
{
    (void)state;
    struct trial trial = wide("side_by_side 11\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_narrow(&trial);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "first_block"));
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    assert_int_equal(calls_with("block", "seats=6"), 2);
    trial_end(&trial);
}

/* Twelve are too many for the machine, or their slices too short. */
static void what_does_not_keep_up_twelve_at_a_time_is_measured_six_at_a_time(void **state)
{
    (void)state;
    static const char *const scripts[] = {"at slot=2 drops 100\n", "at slot=2 waits 0.02\n",
                                          "at slot=2 iteration 0.18\n"};
    for (size_t i = 0; i < SG_COUNT(scripts); i++) {
        struct trial trial = wide(scripts[i]);
        assert_verdict(&trial, SG_PASS, "");
        assert_narrow(&trial);
        assert_true(session_has(&trial.session, SG_FINDING_NOTE, "first_block"));
        assert_false(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
        assert_int_equal(calls_with("block", "seats=12"), 1);
        assert_int_equal(calls_with("block", "seats=6"), 2);
        assert_int_equal(last_slot(&trial.session), 12 + 12);
        trial_end(&trial);
    }
}

static void what_fits_neither_way_is_measured_in_turns(void **state)
{
    (void)state;
    struct trial trial = wide("at slot=2 drops 100\nat slot=14 drops 100\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_narrow(&trial);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    assert_int_equal(last_slot(&trial.session), 12 + 6 + 2 + 12);
    trial_end(&trial);
}

/* Later blocks are narrow anyway: what they lack is measured in turns. */
static void a_later_block_falls_back_to_turns_at_once(void **state)
{
    (void)state;
    struct trial trial = wide(NOISY "at slot=14 drops 100\n");
    assert_int_equal(trial.session.plan.first_block, 6);
    assert_int_equal(counting(&trial.session, "base", 1), 6);
    assert_int_equal(counting(&trial.session, "base", 2), 3);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    trial_end(&trial);
}

static void one_of_twelve_that_dies_fails_its_variant(void **state)
{
    (void)state;
    struct trial trial = wide("at variant=candidate,rep=5 dies 3\n");
    assert_verdict(&trial, SG_FAIL, "exited under load");
    assert_int_equal(last_slot(&trial.session), 12);
    assert_int_equal(counting(&trial.session, "base", 1), 0);
    trial_end(&trial);
}

/* Where only twelve containers take time, not their load. */
static void short_windows_are_not_worth_twelve_containers(void **state)
{
    (void)state;
    struct trial trial = {.load = "rate: 100/s, measure: 7s", .yaml = WIDE};
    trial_run(&trial, "");
    assert_int_equal(trial.session.plan.first_block, 0);
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "first_block"));
    trial_end(&trial);
    trial = (struct trial){.load = "rate: 100/s, measure: 8s", .yaml = WIDE};
    trial_run(&trial, "");
    assert_int_equal(trial.session.plan.first_block, 6);
    trial_end(&trial);
}

static int first_block_of(const char *variants, const char *plan)
{
    char *yaml = sg_format("%splan: %s\n", TRIAL_GATE, plan);
    struct trial trial = {.variants = variants, .yaml = yaml};
    trial_run(&trial, "");
    int found = trial.session.plan.first_block;
    trial_end(&trial);
    free(yaml);
    return found;
}

static void it_is_wide_with_two_variants_side_by_side_only(void **state)
{
    (void)state;
    static const char *const three =
        "{ base: { image: 'shop:1' }, b: { image: 'shop:2' }, c: { image: 'shop:3' } }";
    assert_int_equal(first_block_of(NULL, "{ design: sliced, seed: 1 }"), 6);
    assert_int_equal(first_block_of(NULL, "{ design: sliced, seed: 1, repetitions: 9..12 }"), 6);
    assert_int_equal(first_block_of(NULL, "{ seed: 1, design: turns }"), 0);
    assert_int_equal(first_block_of(three, "{ design: sliced, seed: 1 }"),
                     0); /* eighteen containers */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_block_has_six_of_each_and_the_next_ones_three),
        cmocka_unit_test(what_is_entirely_apart_fails_at_the_first_look),
        cmocka_unit_test(what_is_alike_passes_at_the_first_look),
        cmocka_unit_test(a_round_lasts_no_longer_than_with_six_containers),
        cmocka_unit_test(a_wide_block_that_has_no_room_is_a_narrow_one),
        cmocka_unit_test(what_does_not_keep_up_twelve_at_a_time_is_measured_six_at_a_time),
        cmocka_unit_test(what_fits_neither_way_is_measured_in_turns),
        cmocka_unit_test(a_later_block_falls_back_to_turns_at_once),
        cmocka_unit_test(one_of_twelve_that_dies_fails_its_variant),
        cmocka_unit_test(short_windows_are_not_worth_twelve_containers),
        cmocka_unit_test(it_is_wide_with_two_variants_side_by_side_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
