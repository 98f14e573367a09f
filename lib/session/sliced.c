/* SPDX-License-Identifier: Apache-2.0 */
/* A sliced block: all containers of a block side by side, the load going round among them
 * (docs/method.md 2.5). It counts as a whole or not at all. */
#include <stdlib.h>

#include "base/text.h"
#include "measure/measure.h"
#include "session/internal.h"

#define PATIENCE 60 /* seconds for a host that takes the CPUs away */

/* One run of the load round the containers of a block. */
struct rotation {
    struct sg_bench_seat *seats;
    size_t count, first; /* its repetitions are first … first + count − 1 of the session */
};

/* Which containers run which variant: as many of each that is still in the race, shuffled. */
static int *draw_seats(struct sg_loop *loop, size_t each, size_t *out_count)
{
    size_t variants = loop->config->variants_count;
    int *order = sg_alloc(variants * each, sizeof(*order));
    *out_count = 0;
    for (size_t i = 0; i < variants * each; i++) {
        if (!loop->out_of_race[i / each]) {
            order[(*out_count)++] = (int)(i / each);
        }
    }
    sg_random_shuffle(&loop->random, order, *out_count);
    return order;
}

/* "3,0,5": the place of each seat in each round, drawn anew for each. Caller frees the array and
 * its texts. */
static char **draw_turns(struct sg_loop *loop, size_t count, int rounds)
{
    struct sg_text *texts = sg_alloc(count, sizeof(*texts));
    char **turns = sg_alloc(count, sizeof(*turns));
    int *places = sg_alloc(count, sizeof(*places));
    for (size_t i = 0; i < count; i++) {
        places[i] = (int)i;
    }
    for (int round = 0; round < rounds; round++) {
        sg_random_shuffle(&loop->random, places, count);
        for (size_t i = 0; i < count; i++) {
            sg_text_printf(&texts[i], "%s%d", round > 0 ? "," : "", places[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        turns[i] = sg_text_take(&texts[i]);
    }
    free(places);
    free(texts);
    return turns;
}

static struct sg_repetition *repetition_at(const struct sg_loop *loop,
                                           const struct rotation *rotation, size_t seat)
{
    return &loop->session->repetitions[rotation->first + seat];
}

/* With `each` containers of every variant. */
static void begin(struct sg_loop *loop, int block, size_t each,
                  const struct sg_bench_slices *slices, struct rotation *rotation)
{
    int *order = draw_seats(loop, each, &rotation->count);
    char **turns = draw_turns(loop, rotation->count, slices->warm_rounds + slices->rounds);
    rotation->seats = sg_alloc(rotation->count, sizeof(*rotation->seats));
    rotation->first = loop->session->repetitions_count;
    loop->rotation++;
    for (size_t i = 0; i < rotation->count; i++) {
        struct sg_repetition *rep = sg_loop_begin(loop, block, (size_t)order[i]);
        rep->rotation = loop->rotation;
        rep->turns = turns[i];
        rep->discarded = true; /* until it has been measured */
        rotation->seats[i] =
            (struct sg_bench_seat){.variant = (size_t)order[i],
                                   .testid = sg_format("%s-%d", loop->run->id, rep->slot),
                                   .turns = turns[i]};
    }
    free(turns);
    free(order);
}

static void end(struct rotation *rotation)
{
    for (size_t i = 0; i < rotation->count; i++) {
        sg_finding_clear(&rotation->seats[i].trouble);
        sg_bench_window_clear(&rotation->seats[i].seen);
        free(rotation->seats[i].testid);
    }
    free(rotation->seats);
}

static bool take(struct sg_loop *loop, const struct rotation *rotation, int64_t clock,
                 struct sg_error *err)
{
    for (size_t i = 0; i < rotation->count; i++) {
        struct sg_bench_seat *seat = &rotation->seats[i];
        struct sg_repetition *rep = repetition_at(loop, rotation, i);
        if (seat->trouble.check != NULL) {
            sg_loop_keep_trouble(rep, &seat->trouble);
        } else if (seat->measured) {
            if (!sg_loop_measure(loop, seat->testid, &seat->seen, rep, err)) {
                return false;
            }
            sg_loop_check_clock(rep, clock);
        }
        sg_loop_tell_logs(loop, rep);
    }
    return true;
}

static bool has(const struct sg_loop *loop, const struct rotation *rotation,
                enum sg_severity severity)
{
    for (size_t i = 0; i < rotation->count; i++) {
        if (sg_repetition_finding(repetition_at(loop, rotation, i), severity) != NULL) {
            return true;
        }
    }
    return false;
}

static bool has_check(const struct sg_loop *loop, const struct rotation *rotation,
                      const char *check)
{
    for (size_t i = 0; i < rotation->count; i++) {
        if (sg_repetition_found(repetition_at(loop, rotation, i), check) != NULL) {
            return true;
        }
    }
    return false;
}

/* The whole rotation counts, or nothing of it. */
static void settle(struct sg_loop *loop, const struct rotation *rotation, bool counts)
{
    for (size_t i = 0; i < rotation->count; i++) {
        struct sg_repetition *rep = repetition_at(loop, rotation, i);
        rep->discarded = !counts && sg_repetition_finding(rep, SG_FINDING_FAIL) == NULL;
        if (rep->discarded && sg_repetition_finding(rep, SG_FINDING_INVALID) == NULL) {
            sg_repetition_add_finding(rep, SG_FINDING_NOTE, "block", NULL,
                                      "measured side by side with one that does not count");
        }
        sg_loop_tell(loop, rep);
    }
}

void sg_loop_narrow(struct sg_loop *loop, const char *why)
{
    struct sg_plan *plan = &loop->session->plan;
    plan->first_block = 0;
    sg_loop_say(loop, "the first block gets %d containers of each variant: %s", plan->block_size,
                why);
    sg_session_add_finding(loop->session, SG_FINDING_NOTE, "first_block", NULL,
                           "the first block has %d containers of each variant, as all have: %s",
                           plan->block_size, why);
    sg_loop_fit_budget(loop);
    sg_loop_reckon(loop, 0);
}

void sg_loop_to_turns(struct sg_loop *loop, const char *why)
{
    loop->sliced = false;
    sg_loop_say(loop, "measured in turns from here on: %s", why);
    sg_session_add_finding(loop->session, SG_FINDING_NOTE, "turns", NULL,
                           "measured in turns, not side by side: %s", why);
    sg_loop_fit_budget(loop);
    sg_loop_reckon(loop, loop->config->variants_count);
}

/* What a container leaves undone in its slice falls into those of others, and what one that waits
 * uses is not its own measurement's alone. Neither looks at who is who. */
static const char *why_unfit(const struct sg_loop *loop, const struct rotation *rotation)
{
    if (has_check(loop, rotation, "long_iterations")) {
        return "an iteration of the script lasts longer than half a slice";
    }
    if (has_check(loop, rotation, "dropped_iterations") || has_check(loop, rotation, "rate")) {
        return "a container did not keep up with the rate within its slices";
    }
    if (has_check(loop, rotation, "busy_waiting")) {
        return "a container that waits uses too much CPU";
    }
    return NULL;
}

static bool run_rotation(struct sg_loop *loop, int block, struct rotation *rotation,
                         struct sg_error *err)
{
    size_t each = sg_plan_in_block(&loop->session->plan, block);
    struct sg_bench_slices slices = sg_session_slices(loop->config, each);
    begin(loop, block, each, &slices, rotation);
    loop->state.block = block;
    loop->state.variant = "side by side";
    sg_loop_say(loop, "block %d: %zu containers side by side", block, rotation->count);
    int64_t clock = sg_loop_clock_offset();
    return sg_bench_block(loop->bench, &slices, rotation->seats, rotation->count, err) &&
           take(loop, rotation, clock, err);
}

static bool is_wide(const struct sg_loop *loop)
{
    const struct sg_plan *plan = &loop->session->plan;
    return sg_plan_in_block(plan, loop->state.block) > (size_t)plan->block_size;
}

/* False in *out_again: the block is done, or given up. */
static bool judge_rotation(struct sg_loop *loop, const struct rotation *rotation, bool *out_again,
                           bool *out_stop, struct sg_error *err)
{
    bool broken = has(loop, rotation, SG_FINDING_INVALID);
    settle(loop, rotation, !broken && !has(loop, rotation, SG_FINDING_FAIL));
    sg_measure_session(loop->session);
    bool failed = has(loop, rotation, SG_FINDING_FAIL);
    *out_again = broken || failed;
    if (!sg_session_save(loop->session, loop->run->bundle, err)) {
        return false;
    }
    if (!*out_again) {
        return true;
    }
    if (!sg_loop_judge(loop, err)) {
        return false;
    }
    *out_stop = sg_loop_hopeless(loop, failed);
    if (!loop->alone) {
        sg_loop_retire(loop);
    }
    const char *why = *out_stop ? NULL : why_unfit(loop, rotation);
    if (why != NULL && is_wide(loop)) {
        sg_loop_narrow(loop, why);
    } else if (why != NULL) {
        sg_loop_to_turns(loop, why);
    }
    *out_again = !*out_stop && loop->sliced;
    return !*out_again || sg_bench_wait_calm(loop->bench, SG_MAX_STEAL, PATIENCE, err);
}

bool sg_loop_sliced(struct sg_loop *loop, int block, bool *out_stop, struct sg_error *err)
{
    bool again = true;
    while (again) {
        struct rotation rotation = {0};
        bool ok = run_rotation(loop, block, &rotation, err) &&
                  judge_rotation(loop, &rotation, &again, out_stop, err);
        end(&rotation);
        if (!ok) {
            return false;
        }
    }
    return true;
}
