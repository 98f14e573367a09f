/* SPDX-License-Identifier: Apache-2.0 */
/* What the loop tells whoever waits: which repetition of how many, how long yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

struct told {
    int ticks, repetitions, looks;
    int first_of, last_of; /* "of how many", at the first and the last repetition */
    double elapsed;        /* at the last moment */
    bool backwards;        /* time ever stood still or went back */
    double left_first, left_sixth, left_last;
    bool judged; /* every look had a judgement */
};

static void keep_time(struct told *told, const struct sg_progress_state *now)
{
    told->backwards = told->backwards || now->elapsed <= told->elapsed;
    told->elapsed = now->elapsed;
}

static void on_tick(void *context, const struct sg_progress_state *now)
{
    struct told *told = context;
    told->ticks++;
    keep_time(told, now);
}

static void on_repetition(void *context, const struct sg_progress_state *now,
                          const struct sg_repetition *repetition)
{
    struct told *told = context;
    told->repetitions++;
    assert_int_equal(now->repetition, told->repetitions);
    assert_string_equal(now->variant,
                        repetition->rotation > 0 ? "side by side" : repetition->variant);
    assert_int_equal(now->block, repetition->block);
    if (told->repetitions == 1) {
        told->first_of = now->repetitions_max;
        told->left_first = now->left;
    }
    if (told->repetitions == 6) {
        told->left_sixth = now->left;
    }
    told->last_of = now->repetitions_max;
    told->left_last = now->left;
    keep_time(told, now);
}

static void on_look(void *context, const struct sg_progress_state *now)
{
    struct told *told = context;
    told->judged = (told->looks == 0 || told->judged) && now->judgement != NULL;
    told->looks++;
    keep_time(told, now);
}

static struct told tell(struct trial *trial, const char *script)
{
    struct told told = {0};
    trial->run.progress = (struct sg_progress){
        .tick = on_tick, .repetition = on_repetition, .look = on_look, .context = &told};
    trial_run(trial, script);
    return told;
}

static void repetitions_are_counted_of_the_plans_most(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, repetitions: 6..9 }\n"};
    struct told told = tell(&trial, "noise latency_p95 0.3\n");
    assert_int_equal(told.repetitions, 18);
    assert_int_equal(told.first_of, 18);
    assert_int_equal(told.last_of, 18);
    trial_end(&trial);
}

static void a_repeat_adds_one(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, repetitions: 6..9 }\n"};
    struct told told = tell(&trial, "noise latency_p95 0.3\nat slot=7 k6 1\n");
    assert_int_equal(told.repetitions, 19);
    assert_int_equal(told.last_of, 19);
    trial_end(&trial);
}

static void a_screen_counts_the_first_looks_repetitions(void **state)
{
    (void)state;
    struct sg_session *stored = stored_make(5);
    struct trial trial = {.yaml = TRIAL_GATE TRIAL_STORED "plan: { seed: 1 }\n",
                          .run = {.stored = stored, .stored_count = 5}};
    struct told told = tell(&trial, "seed 99\n");
    assert_int_equal(told.repetitions, 6);
    assert_int_equal(told.last_of, 6);
    trial_end(&trial);
    stored_clear(stored, 5);
}

static void time_goes_on_and_what_is_left_shrinks(void **state)
{
    (void)state;
    struct trial trial = {0};
    struct told told = tell(&trial, "");
    assert_true(told.ticks > told.repetitions);
    assert_false(told.backwards);
    /* of at most 18 repetitions of each, 26.5 s each, one is over */
    assert_true(fabs(told.left_first - (told.first_of - 1) * 26.5) < 1e-6);
    assert_true(told.left_last < told.left_first);
    /* 14 repetitions, each of warm-up and window, and a little around them */
    assert_true(told.elapsed > 2 * 13 + 12 * 20);
    trial_end(&trial);
}

/* Three seconds of warm-up, ten of load, and a sixth of the 16 s around a block; after two
 * fall-backs two warm-ups and 19.5 s each. */
static void side_by_side_less_is_left(void **state)
{
    (void)state;
    const char *yaml = TRIAL_GATE "plan: { design: sliced, seed: 1, repetitions: 6..9 }\n";
    struct trial trial = {.yaml = yaml};
    struct told told = tell(&trial, "noise latency_p95 0.3\n");
    assert_true(fabs(told.left_sixth - 12 * (13 + 16.0 / 6)) < 1e-6);
    assert_true(fabs(told.left_last) < 1e-6);
    trial_end(&trial);

    struct trial turns = {.yaml = yaml};
    told = tell(&turns, "noise latency_p95 0.3\nat slot=1 drops 100\nat slot=13 drops 100\n");
    assert_int_equal(told.last_of, 12 + 6 + 18);
    assert_true(fabs(told.left_sixth - 18 * (13 + 16.0 / 6)) < 1e-6); /* not yet known then */
    assert_true(fabs(told.left_last) < 1e-6);
    trial_end(&turns);
}

static void every_look_has_a_judgement(void **state)
{
    (void)state;
    struct trial trial = {0};
    struct told told = tell(&trial, "");
    assert_int_equal(told.looks, 2);
    assert_true(told.judged);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repetitions_are_counted_of_the_plans_most),
        cmocka_unit_test(a_repeat_adds_one),
        cmocka_unit_test(a_screen_counts_the_first_looks_repetitions),
        cmocka_unit_test(time_goes_on_and_what_is_left_shrinks),
        cmocka_unit_test(side_by_side_less_is_left),
        cmocka_unit_test(every_look_has_a_judgement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
