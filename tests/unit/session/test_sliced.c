/* SPDX-License-Identifier: Apache-2.0 */
/* Sliced blocks: all containers side by side, the load going round among them; a block counts as a
 * whole or not at all. Slots 1 to 6 are the first block: there is no warm-up of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "unit/session/session.h"

#define THREE "{ base: { image: 'shop:1' }, b: { image: 'shop:2' }, c: { image: 'shop:3' } }"
#define SLICED TRIAL_GATE "plan: { design: sliced, seed: 1 }\n"
#define SEATS 6
#define SIX "side_by_side 11\n" /* no room for a wide first block: see test_wide.c */
#define ROUNDS 19 /* 5 of the warm-up, 3 s, and 14 measured, 10 s: in slices of 10/14 s */

static struct trial sliced(const char *script)
{
    struct trial trial = {.yaml = SLICED};
    char *six = sg_format(SIX "%s", script);
    trial_run(&trial, six);
    free(six);
    return trial;
}

/* How many repetitions of the rotation there are, and how many of them count. */
static size_t in_rotation(const struct sg_session *session, int rotation, size_t *out_counting)
{
    size_t count = 0;
    *out_counting = 0;
    for (size_t i = 0; i < session->repetitions_count; i++) {
        if (session->repetitions[i].rotation == rotation) {
            count++;
            *out_counting += !session->repetitions[i].discarded;
        }
    }
    return count;
}

static void assert_rotation(const struct trial *trial, int rotation, size_t count, size_t counting)
{
    size_t counts = 0;
    assert_int_equal(in_rotation(&trial->session, rotation, &counts), count);
    assert_int_equal(counts, counting);
}

/* Nothing of it counts, and every repetition says why; only those in `broken` are invalid. */
static void assert_discarded(const struct trial *trial, int first, int broken, const char *check)
{
    for (int slot = first; slot < first + SEATS; slot++) {
        const struct sg_repetition *r = repetition_of(&trial->session, slot);
        assert_true(r->discarded);
        assert_int_equal(repetition_has(r, SG_FINDING_INVALID, check), slot == broken);
        assert_int_equal(repetition_has(r, SG_FINDING_NOTE, "block"), slot != broken);
    }
}

static void assert_two_whole_blocks(const struct trial *trial)
{
    for (int block = 1; block <= 2; block++) {
        assert_int_equal(counting(&trial->session, "base", block), 3);
        assert_int_equal(counting(&trial->session, "candidate", block), 3);
    }
}

static void both_blocks_are_rotations_without_a_warm_up_of_their_own(void **state)
{
    (void)state;
    struct trial trial = sliced("");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(last_slot(&trial.session), 12);
    assert_rotation(&trial, 1, 6, 6);
    assert_rotation(&trial, 2, 6, 6);
    assert_two_whole_blocks(&trial);
    assert_int_equal(calls_with("block", "seats=6"), 2);
    assert_int_equal(calls_with("start_variant", NULL) + calls_with("load", NULL), 0);
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    trial_end(&trial);
}

static void a_whole_number_of_slices_makes_the_seconds_of_a_window(void **state)
{
    (void)state;
    struct trial trial = sliced("");
    assert_true(fabs(trial.session.plan.slice - 10.0 / 14) < 1e-12);
    const struct sg_repetition *first = repetition_of(&trial.session, 1);
    for (int slot = 1; slot <= SEATS; slot++) {
        const struct sg_repetition *r = repetition_of(&trial.session, slot);
        assert_true(fabs(r->end - r->start - 60) < 1e-6); /* six times ten */
        assert_true(fabs(r->start - first->start) < 1e-6);
        assert_true(r->requests == 1000); /* ten seconds at 100/s */
    }
    trial_end(&trial);
    struct trial turns = {.yaml = TRIAL_GATE "plan: { design: turns, seed: 1 }\n"};
    trial_run(&turns, "");
    assert_true(isnan(turns.session.plan.slice));
    assert_int_equal(turns.session.repetitions[5].rotation, 0);
    assert_null(turns.session.repetitions[5].turns);
    trial_end(&turns);
}

static void what_stood_side_by_side_is_in_the_bundle(void **state)
{
    (void)state;
    struct trial trial = sliced("");
    struct sg_session again;
    struct sg_error err = {0};
    assert_true(sg_session_load(trial.folder, &again, &err));
    assert_true(again.complete);
    assert_true(again.plan.slice == trial.session.plan.slice);
    for (size_t i = 0; i < again.repetitions_count; i++) {
        assert_int_equal(again.repetitions[i].rotation, i < SEATS ? 1 : 2);
        assert_string_equal(again.repetitions[i].turns, trial.session.repetitions[i].turns);
    }
    sg_session_clear(&again);
    trial_end(&trial);
}

/* --- What is drawn -------------------------------------------------------------------------- */

/* The places of a repetition, one a round. */
static void read_turns(const struct sg_repetition *r, int out[ROUNDS])
{
    const char *at = r->turns;
    for (int round = 0; round < ROUNDS; round++) {
        char *end = NULL;
        out[round] = (int)strtol(at, &end, 10);
        assert_int_equal(*end, round < ROUNDS - 1 ? ',' : '\0');
        at = end + 1;
    }
}

static void in_each_round_every_seat_has_another_place(void **state)
{
    (void)state;
    struct trial trial = sliced("");
    for (int first = 1; first <= 7; first += SEATS) {
        int places[SEATS][ROUNDS];
        size_t moved = 0;
        for (int seat = 0; seat < SEATS; seat++) {
            read_turns(repetition_of(&trial.session, first + seat), places[seat]);
            moved += places[seat][0] != places[seat][1];
        }
        for (int round = 0; round < ROUNDS; round++) {
            unsigned taken = 0;
            for (int seat = 0; seat < SEATS; seat++) {
                taken |= 1U << (unsigned)places[seat][round];
            }
            assert_int_equal(taken, (1U << SEATS) - 1);
        }
        assert_true(moved > 0);
    }
    trial_end(&trial);
}

/* The variants' first letters, and each seat's places. Caller frees. */
static char *drawn_with(const char *plan)
{
    char *yaml = sg_format("%splan: %s\n", TRIAL_GATE, plan);
    struct trial trial = {.yaml = yaml};
    struct sg_text text = {0};
    trial_run(&trial, SIX);
    assert_true(trial.ok);
    for (size_t i = 0; i < trial.session.repetitions_count; i++) {
        const struct sg_repetition *r = &trial.session.repetitions[i];
        sg_text_printf(&text, "%.1s:%s ", r->variant, r->turns);
    }
    trial_end(&trial);
    free(yaml);
    return sg_text_take(&text);
}

static void the_same_seed_gives_the_same_seats_and_turns(void **state)
{
    (void)state;
    char *first = drawn_with("{ design: sliced, seed: 7, repetitions: 6..6 }");
    char *second = drawn_with("{ design: sliced, seed: 7, repetitions: 6..6 }");
    char *other = drawn_with("{ design: sliced, seed: 8, repetitions: 6..6 }");
    assert_string_equal(first, second);
    assert_string_not_equal(first, other);
    free(first);
    free(second);
    free(other);
}

/* Drawn with tests/vectors/xoshiro.py, s = seeded(7): shuffle(s, list("bbbccc")), then for 19
 * rounds shuffle(s, places), from 0 to 5 at first; then the seats of the second block. */
static void seats_and_turns_are_those_that_the_seed_names(void **state)
{
    (void)state;
    static const char *const seats = "ccbbcbcbcbbc";
    static const char *const places[] = {"3,0,2,", "2,3,1,", "4,4,3,",
                                         "0,1,4,", "1,2,0,", "5,5,5,"};
    struct trial trial = {.yaml =
                              TRIAL_GATE "plan: { design: sliced, seed: 7, repetitions: 6..6 }\n"};
    trial_run(&trial, SIX);
    for (size_t i = 0; i < trial.session.repetitions_count; i++) {
        assert_int_equal(trial.session.repetitions[i].variant[0], seats[i]);
    }
    for (size_t i = 0; i < SEATS; i++) {
        assert_memory_equal(trial.session.repetitions[i].turns, places[i], strlen(places[i]));
    }
    trial_end(&trial);
}

/* --- A variant's own fault ------------------------------------------------------------------ */

static void one_of_six_that_dies_fails_its_variant_and_nothing_else_is_believed(void **state)
{
    (void)state;
    struct trial trial = sliced("at variant=candidate,rep=1 dies 3\n");
    assert_verdict(&trial, SG_FAIL, "exited under load");
    assert_rotation(&trial, 1, 6, 1);
    assert_int_equal(last_slot(&trial.session), 6);
    assert_int_equal(calls_with("measure", NULL), 1);
    for (int slot = 1; slot <= SEATS; slot++) {
        const struct sg_repetition *r = repetition_of(&trial.session, slot);
        bool dead = repetition_has(r, SG_FINDING_FAIL, "exited");
        assert_int_equal(dead, !r->discarded);
        assert_true(dead || isnan(r->values[0]));
        assert_true(dead || repetition_has(r, SG_FINDING_NOTE, "block"));
    }
    assert_int_equal(sg_fake_world_count(), 0);
    trial_end(&trial);
}

static void one_that_exits_before_it_is_ready_fails_its_variant(void **state)
{
    (void)state;
    struct trial trial = sliced("at variant=candidate,rep=2 exits 1\n");
    assert_verdict(&trial, SG_FAIL, "before it was ready");
    assert_int_equal(last_slot(&trial.session), 6);
    assert_int_equal(calls_with("measure", NULL), 0);
    trial_end(&trial);
}

static void a_death_in_the_second_block_fails_as_well(void **state)
{
    (void)state;
    struct trial trial = sliced("at variant=candidate,rep=4 oom\n");
    assert_verdict(&trial, SG_FAIL, "");
    assert_rotation(&trial, 1, 6, 6);
    assert_rotation(&trial, 2, 6, 1);
    trial_end(&trial);
}

static void a_reference_that_dies_makes_the_session_invalid(void **state)
{
    (void)state;
    struct trial trial = sliced("at variant=base,rep=1 dies 3\n");
    assert_verdict(&trial, SG_INVALID, "the reference base failed");
    assert_int_equal(last_slot(&trial.session), 6);
    trial_end(&trial);
}

static void a_variant_that_died_leaves_and_the_block_is_made_again_with_the_others(void **state)
{
    (void)state;
    struct trial trial = {.variants = THREE, .yaml = SLICED};
    trial_run(&trial, "at variant=b,rep=2 dies 3\n");
    assert_verdict(&trial, SG_FAIL, "");
    assert_int_equal(calls_with("block", "seats=9"), 1);
    assert_int_equal(calls_with("block", "seats=6"), 2);
    assert_int_equal(counting(&trial.session, "b", 1), 1);
    for (int block = 1; block <= 2; block++) {
        assert_int_equal(counting(&trial.session, "base", block), 3);
        assert_int_equal(counting(&trial.session, "c", block), 3);
    }
    trial_end(&trial);
}

/* --- What cannot be believed ---------------------------------------------------------------- */

static void a_finding_of_one_discards_the_whole_block_and_it_is_made_again(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=2 k6 1\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_discarded(&trial, 1, 2, "generator_exit");
    assert_rotation(&trial, 2, 6, 6);
    assert_int_equal(repetition_of(&trial.session, 7)->block, 1);
    assert_int_equal(last_slot(&trial.session), 18);
    assert_two_whole_blocks(&trial);
    assert_int_equal(calls_with("wait_calm", "limit=0.05 patience=60"), 1);
    trial_end(&trial);
}

static void a_generator_that_begins_late_spoils_the_whole_block(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=3 late 0.3\nat slot=8 late 0.05\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_discarded(&trial, 1, 3, "late");
    assert_int_equal(last_slot(&trial.session), 18);
    trial_end(&trial);
}

static void one_that_is_not_ready_is_waited_for_again_with_all(void **state)
{
    (void)state;
    struct trial trial = sliced("at variant=candidate,rep=1 not_ready\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_rotation(&trial, 1, 6, 0);
    assert_rotation(&trial, 2, 6, 6);
    assert_int_equal(calls_with("measure", NULL), 12);
    trial_end(&trial);
}

static void the_same_finding_twice_in_a_row_ends_the_session_whichever_has_it(void **state)
{
    (void)state;
    for (int second = 7; second <= 12; second++) {
        char *script = sg_format("at slot=2 k6 1\nat slot=%d k6 1\n", second);
        struct trial trial = sliced(script);
        assert_verdict(&trial, SG_INVALID, "twice in a row");
        assert_int_equal(last_slot(&trial.session), 12);
        assert_int_equal(calls_with("wait_calm", NULL), 1);
        trial_end(&trial);
        free(script);
    }
}

static void another_finding_the_second_time_is_made_again(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=2 k6 1\nat slot=9 finding invalid series\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_rotation(&trial, 3, 6, 6);
    assert_int_equal(last_slot(&trial.session), 24);
    trial_end(&trial);
}

static void stolen_time_in_two_blocks_is_forgiven(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=1-12 steal 0.2\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(last_slot(&trial.session), 24);
    assert_int_equal(calls_with("wait_calm", NULL), 2);
    trial_end(&trial);
}

/* Four of four rotations, with 24 broken repetitions. */
static void a_host_that_steals_all_the_time_ends_the_session(void **state)
{
    (void)state;
    struct trial trial = sliced("at * steal 0.2\n");
    assert_verdict(&trial, SG_INVALID, "were not to be trusted");
    assert_int_equal(last_slot(&trial.session), 24);
    trial_end(&trial);
}

static void a_step_of_the_clock_is_that_of_all(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=6 clock -0.2\n");
    assert_verdict(&trial, SG_PASS, "");
    for (int slot = 1; slot <= SEATS; slot++) {
        assert_true(
            repetition_has(repetition_of(&trial.session, slot), SG_FINDING_INVALID, "clock_step"));
    }
    assert_int_equal(last_slot(&trial.session), 18);
    trial_end(&trial);
}

/* --- In turns after all --------------------------------------------------------------------- */

/* Drops in slices; alone it keeps up. */
static void drops_are_measured_in_turns_from_there_on(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=2 drops 100\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_rotation(&trial, 1, 6, 0);
    assert_int_equal(calls_with("block", NULL), 1);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    assert_two_whole_blocks(&trial);
    assert_int_equal(repetition_of(&trial.session, 7)->block, 0); /* the warm-ups of both */
    assert_int_equal(repetition_of(&trial.session, 8)->block, 0);
    assert_int_equal(last_slot(&trial.session), 6 + 2 + 12);
    trial_end(&trial);
}

static void a_variant_that_does_not_keep_up_alone_either_fails(void **state)
{
    (void)state;
    struct trial trial = sliced("at variant=candidate drops 500\n");
    assert_verdict(&trial, SG_FAIL, "candidate does not keep up with the offered rate");
    assert_true(session_has(&trial.session, SG_FINDING_FAIL, "saturated"));
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    assert_int_equal(calls_with("block", NULL), 1);
    assert_rotation(&trial, 1, 6, 0);
    trial_end(&trial);
}

/* The same drops in the slices of all tell nothing of the candidate, and end nothing. */
static void what_drops_side_by_side_blames_nobody(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=1-6 drops 500\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_false(session_has(&trial.session, SG_FINDING_FAIL, "saturated"));
    assert_two_whole_blocks(&trial);
    trial_end(&trial);
}

static void the_first_breach_in_turns_is_not_the_second_in_a_row(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=2 drops 100\nat slot=2 k6 1\nat slot=9 k6 1\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(repetition_of(&trial.session, 9)->discarded);
    assert_int_equal(last_slot(&trial.session), 6 + 2 + 12 + 1);
    trial_end(&trial);
}

static void without_room_it_is_measured_in_turns_from_the_start(void **state)
{
    (void)state;
    struct trial trial = sliced("side_by_side 5\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(calls_with("block", NULL), 0);
    assert_int_equal(calls_with("load", NULL), 2 + 12);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    assert_two_whole_blocks(&trial);
    trial_end(&trial);
    trial = sliced("side_by_side 6\n");
    assert_int_equal(calls_with("block", NULL), 2);
    trial_end(&trial);
}

/* --- Who takes part ------------------------------------------------------------------------- */

/* b is far off and decided at a look; c lies on the edge for longer. */
static void a_decided_variant_leaves_and_the_next_block_has_fewer_containers(void **state)
{
    (void)state;
    struct trial trial = {.variants = THREE,
                          .yaml = TRIAL_GATE
                          "plan: { design: sliced, seed: 1, repetitions: 6..15, budget: 2h }\n"};
    trial_run(&trial, "factor b latency_p95 1.5\nfactor c latency_p95 1.045\n");
    assert_true(trial.ok);
    size_t nine = calls_with("block", "seats=9"), six = calls_with("block", "seats=6");
    assert_true(nine >= 2 && six > 0);
    for (int block = 1; block <= (int)(nine + six); block++) {
        assert_int_equal(counting(&trial.session, "b", block), block <= (int)nine ? 3 : 0);
        assert_int_equal(counting(&trial.session, "c", block), 3);
        assert_int_equal(counting(&trial.session, "base", block), 3);
    }
    trial_end(&trial);
}

static struct trial alone(const char *script, const struct sg_session *stored, size_t count)
{
    struct trial trial = {.variants = "{ candidate: { image: 'shop:3' } }",
                          .yaml = TRIAL_GATE TRIAL_STORED "plan: { design: sliced, seed: 1 }\n",
                          .run = {.stored = stored, .stored_count = count}};
    trial_run(&trial, script);
    return trial;
}

static void alone_it_is_three_containers_against_the_stored_sessions(void **state)
{
    (void)state;
    struct sg_session stored[STORED];
    for (size_t i = 0; i < STORED; i++) {
        char *script = sg_format("seed %zu\n", i + 1);
        struct trial one = alone(script, NULL, 0);
        stored[i] = one.session;
        one.session = (struct sg_session){0};
        trial_end(&one);
        free(script);
    }
    struct trial trial = alone("seed 99\nat slot=2 k6 1\n", stored, STORED);
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.judgement.against_stored);
    assert_int_equal(calls_with("block", "seats=3"), 3);
    assert_rotation(&trial, 1, 3, 0);
    assert_rotation(&trial, 3, 3, 3);
    trial_end(&trial);
    for (size_t i = 0; i < STORED; i++) {
        sg_session_clear(&stored[i]);
    }
}

/* --- Broken off ----------------------------------------------------------------------------- */

static void assert_broken_off(const char *script, enum sg_error_kind kind, int slot)
{
    sg_interrupt_install();
    struct trial trial = sliced(script);
    sg_interrupt_reset();
    assert_false(trial.ok);
    assert_int_equal(trial.err.kind, kind);
    assert_false(trial.session.complete);
    assert_int_equal(last_slot(&trial.session), slot);
    size_t counts = 0;
    (void)in_rotation(&trial.session, slot / SEATS, &counts);
    assert_int_equal(counts, 0);
    assert_int_equal(sg_fake_world_count(), 0);
    trial_end(&trial);
}

static void a_block_that_breaks_off_leaves_nothing_and_nothing_of_it_counts(void **state)
{
    (void)state;
    assert_broken_off("fail block:1 environment\n", SG_ERROR_ENVIRONMENT, 6);
    assert_broken_off("fail block:2 network\n", SG_ERROR_NETWORK, 12);
    assert_broken_off("signal block:2 INT\n", SG_ERROR_INTERRUPTED, 12);
    assert_broken_off("signal block:1 TERM\n", SG_ERROR_INTERRUPTED, 6);
    assert_broken_off("fail measure:4 network\n", SG_ERROR_NETWORK, 6);
}

static void an_interruption_before_a_block_is_made_again_ends_the_session(void **state)
{
    (void)state;
    assert_broken_off("at slot=2 k6 1\nsignal wait_calm INT\n", SG_ERROR_INTERRUPTED, 6);
}

static void one_that_is_busy_while_it_waits_is_measured_in_turns(void **state)
{
    (void)state;
    struct trial trial = sliced("at slot=2 waits 0.02\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    assert_int_equal(calls_with("block", "seats=6"), 1);
    trial_end(&trial);
    trial = sliced("at * waits 0.009\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(calls_with("block", "seats=6"), 2);
    trial_end(&trial);
}

/* A slice lasts 10/14 s. */
static void iterations_longer_than_half_a_slice_are_measured_in_turns(void **state)
{
    (void)state;
    struct trial trial = sliced("at * iteration 0.36\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    assert_int_equal(calls_with("block", "seats=6"), 1);
    trial_end(&trial);
    trial = sliced("at * iteration 0.35\n");
    assert_verdict(&trial, SG_PASS, "");
    assert_int_equal(calls_with("block", "seats=6"), 2);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iterations_longer_than_half_a_slice_are_measured_in_turns),
        cmocka_unit_test(one_that_is_busy_while_it_waits_is_measured_in_turns),
        cmocka_unit_test(both_blocks_are_rotations_without_a_warm_up_of_their_own),
        cmocka_unit_test(a_whole_number_of_slices_makes_the_seconds_of_a_window),
        cmocka_unit_test(what_stood_side_by_side_is_in_the_bundle),
        cmocka_unit_test(in_each_round_every_seat_has_another_place),
        cmocka_unit_test(the_same_seed_gives_the_same_seats_and_turns),
        cmocka_unit_test(seats_and_turns_are_those_that_the_seed_names),
        cmocka_unit_test(one_of_six_that_dies_fails_its_variant_and_nothing_else_is_believed),
        cmocka_unit_test(one_that_exits_before_it_is_ready_fails_its_variant),
        cmocka_unit_test(a_death_in_the_second_block_fails_as_well),
        cmocka_unit_test(a_reference_that_dies_makes_the_session_invalid),
        cmocka_unit_test(a_variant_that_died_leaves_and_the_block_is_made_again_with_the_others),
        cmocka_unit_test(a_finding_of_one_discards_the_whole_block_and_it_is_made_again),
        cmocka_unit_test(a_generator_that_begins_late_spoils_the_whole_block),
        cmocka_unit_test(one_that_is_not_ready_is_waited_for_again_with_all),
        cmocka_unit_test(the_same_finding_twice_in_a_row_ends_the_session_whichever_has_it),
        cmocka_unit_test(another_finding_the_second_time_is_made_again),
        cmocka_unit_test(stolen_time_in_two_blocks_is_forgiven),
        cmocka_unit_test(a_host_that_steals_all_the_time_ends_the_session),
        cmocka_unit_test(a_step_of_the_clock_is_that_of_all),
        cmocka_unit_test(drops_are_measured_in_turns_from_there_on),
        cmocka_unit_test(a_variant_that_does_not_keep_up_alone_either_fails),
        cmocka_unit_test(what_drops_side_by_side_blames_nobody),
        cmocka_unit_test(the_first_breach_in_turns_is_not_the_second_in_a_row),
        cmocka_unit_test(without_room_it_is_measured_in_turns_from_the_start),
        cmocka_unit_test(a_decided_variant_leaves_and_the_next_block_has_fewer_containers),
        cmocka_unit_test(alone_it_is_three_containers_against_the_stored_sessions),
        cmocka_unit_test(a_block_that_breaks_off_leaves_nothing_and_nothing_of_it_counts),
        cmocka_unit_test(an_interruption_before_a_block_is_made_again_ends_the_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
