/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: warm-up, blocks in random order, a look after each, until all is decided. */
#include "session/session.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "judge/judge.h"
#include "measure/measure.h"
#include "record/coupling.h"
#include "record/series.h"
#include "session/internal.h"

void sg_loop_say(const struct sg_loop *loop, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = sg_format_list(format, list);
    va_end(list);
    if (loop->run->progress.say != NULL) {
        loop->run->progress.say(loop->run->progress.context, text);
    }
    free(text);
}

static void bench_say(void *context, const char *text)
{
    sg_loop_say(context, "%s", text);
}

static void bench_tick(void *context, double elapsed, double total)
{
    struct sg_loop *loop = context;
    (void)elapsed;
    (void)total;
    sg_loop_clock(loop);
    if (loop->run->progress.tick != NULL) {
        loop->run->progress.tick(loop->run->progress.context, &loop->state);
    }
}

bool sg_loop_judge(struct sg_loop *loop, struct sg_error *err)
{
    sg_judgement_clear(loop->judgement);
    loop->state.judgement = NULL;
    bool ok = loop->alone ? sg_judge_stored(loop->session, NULL, loop->run->stored,
                                            loop->run->stored_count, loop->judgement, err)
                          : sg_judge(loop->session, loop->judgement, err);
    if (ok) {
        loop->state.judgement = loop->judgement;
    }
    return ok;
}

static bool save(struct sg_loop *loop, struct sg_error *err)
{
    return sg_session_save(loop->session, loop->run->bundle, err);
}

static bool in_turns(struct sg_loop *loop, int block, bool *out_stop, struct sg_error *err)
{
    size_t variants = loop->config->variants_count;
    size_t per_variant = sg_plan_in_block(&loop->session->plan, block);
    int *order = sg_alloc(variants * per_variant, sizeof(*order));
    for (size_t i = 0; i < variants * per_variant; i++) {
        order[i] = (int)(i / per_variant);
    }
    sg_random_shuffle(&loop->random, order, variants * per_variant);
    bool ok = true;
    for (size_t i = 0; ok && !*out_stop && i < variants * per_variant; i++) {
        if (!loop->out_of_race[order[i]]) {
            ok = sg_loop_slot(loop, block, (size_t)order[i], out_stop, err);
        }
    }
    free(order);
    return ok;
}

static bool warm_up(struct sg_loop *loop, struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < loop->config->variants_count; i++) {
        if (!loop->out_of_race[i]) {
            sg_loop_say(loop, "warming up %s", loop->config->variants[i].name);
            ok = sg_loop_warm(loop, i, err);
        }
    }
    return ok;
}

/* A block that turns out not to fit side by side is measured in turns, and so is the rest. */
static bool run_block(struct sg_loop *loop, int block, bool *out_stop, struct sg_error *err)
{
    if (!loop->sliced) {
        return in_turns(loop, block, out_stop, err);
    }
    return sg_loop_sliced(loop, block, out_stop, err) &&
           (loop->sliced || *out_stop ||
            (warm_up(loop, err) && in_turns(loop, block, out_stop, err)));
}

static bool look(struct sg_loop *loop, bool *out_stop, struct sg_error *err)
{
    sg_measure_session(loop->session);
    if (!sg_loop_judge(loop, err)) {
        return false;
    }
    /* The stored baseline wants the first look's repetitions. */
    size_t made = sg_plan_in_blocks(&loop->session->plan, (size_t)loop->state.block);
    *out_stop = loop->alone ? made >= (size_t)loop->session->plan.min_repetitions
                            : loop->judgement->decided;
    if (!loop->alone) {
        sg_loop_retire(loop);
    }
    if (loop->run->progress.look != NULL) {
        sg_loop_clock(loop);
        loop->run->progress.look(loop->run->progress.context, &loop->state);
    }
    return save(loop, err);
}

/* NULL, or why the containers of a block do not fit side by side. Caller frees. */
static char *why_not_side_by_side(const struct sg_loop *loop)
{
    size_t count = 0;
    for (size_t i = 0; i < loop->config->variants_count; i++) {
        count += loop->out_of_race[i] ? 0 : sg_plan_in_block(&loop->session->plan, 1);
    }
    return sg_bench_why_turns(loop->bench, count);
}

/* Side by side where all of a block fit; where a wide first block does not, the usual one may. */
static void choose_design(struct sg_loop *loop)
{
    char *why = why_not_side_by_side(loop);
    if (why != NULL && loop->session->plan.first_block > 0) {
        sg_loop_narrow(loop, why);
        free(why);
        why = why_not_side_by_side(loop);
    }
    if (why != NULL) {
        sg_loop_to_turns(loop, why);
    }
    free(why);
}

int sg_loop_first_block(const struct sg_loop *loop)
{
    return loop->session->block > 0 ? loop->session->block : 1;
}

bool sg_loop_blocks(struct sg_loop *loop, struct sg_error *err)
{
    int first = sg_loop_first_block(loop);
    bool stop = false;
    if (loop->sliced) {
        choose_design(loop);
    }
    sg_loop_reckon(loop, loop->sliced ? 0 : loop->config->variants_count);
    if (!loop->sliced && !warm_up(loop, err)) {
        return false;
    }
    for (int block = first;
         !stop &&
         sg_plan_in_blocks(&loop->session->plan, (size_t)(block - first)) < (size_t)loop->most;
         block++) {
        if (!run_block(loop, block, &stop, err) || (!stop && !look(loop, &stop, err))) {
            return false;
        }
    }
    return true;
}

static void add_coupling(struct sg_loop *loop, const char *name, double limit)
{
    char text[32];
    if (limit >= 0) {
        sg_show_exact(limit, text);
        sg_session_add_fact(loop->session, name, text, false);
    }
}

bool sg_loop_describe(struct sg_loop *loop, struct sg_error *err)
{
    struct sg_couplings found;
    if (!sg_bench_describe(loop->bench, loop->session, err)) {
        return false;
    }
    /* what `doctor` measured on this machine under these conditions */
    if (loop->run->couplings != NULL &&
        sg_coupling_find(loop->run->couplings, loop->session, &found)) {
        add_coupling(loop, "coupling_h", found.generator.limit);
        add_coupling(loop, "coupling_core_h", found.core.limit);
        add_coupling(loop, "coupling_cache_h", found.cache.limit);
    }
    return true;
}

static bool open_bench(struct sg_loop *loop, struct sg_error *err)
{
    struct sg_bench_progress progress = {.say = bench_say, .tick = bench_tick, .context = loop};
    if (!sg_bench_check_sources(loop->config, err) ||
        !sg_bench_open(loop->config, loop->run->id, &progress, &loop->bench, err) ||
        !sg_loop_accepted(loop, err) || !sg_bench_prepare(loop->bench, err) ||
        !sg_loop_describe(loop, err) || !sg_loop_recall(loop, err)) {
        return false;
    }
    loop->prom.url = sg_strdup(sg_bench_prometheus(loop->bench));
    return sg_series_begin(loop->run->bundle, err) && save(loop, err);
}

/* Block k of several in parallel jobs has the k-th number of the plan's seed for its own seed, so
 * that no two of them draw the same order. */
static void seed(struct sg_loop *loop)
{
    sg_random_seed(&loop->random, loop->session->plan.seed);
    uint64_t own = 0;
    for (int block = 0; block < loop->session->block; block++) {
        own = sg_random_next(&loop->random);
    }
    if (loop->session->block > 0) {
        sg_random_seed(&loop->random, own);
    }
}

void sg_loop_plan(struct sg_loop *loop, const struct sg_config *config)
{
    struct sg_session *session = loop->session;
    size_t variants = config->variants_count;
    sg_session_from_config(config, loop->run->id, session);
    session->command = sg_strdup(loop->run->command);
    session->tool = sg_strdup(loop->run->tool);
    session->plan.attempt = loop->run->attempt > 0 ? loop->run->attempt : 1;
    if (loop->run->observe) {
        sg_session_add_finding(session, SG_FINDING_NOTE, "observe", NULL,
                               "observe mode: `svcgate run` ends with exit status 0 whether this "
                               "passed, failed or stayed inconclusive");
    }
    loop->sliced = config->sliced;
    loop->most = session->block > 0 ? session->plan.block_size : session->plan.max_repetitions;
    seed(loop);
    loop->started = sg_clock_monotonic();
    loop->state = (struct sg_progress_state){.session = session,
                                             .repetitions_max = loop->most * (int)variants};
    free(loop->out_of_race);
    loop->out_of_race = sg_alloc(variants, sizeof(bool));
    sg_loop_reckon(loop, loop->sliced ? 0 : variants);
}

/* An error of cleaning up must not hide the first one, nor a verdict. */
static void close_bench(struct sg_loop *loop)
{
    struct sg_error left = {0};
    if (!sg_bench_close(loop->bench, &left)) {
        sg_loop_say(loop, "%s", left.text);
    }
}

static bool measure_all(struct sg_loop *loop, struct sg_error *err)
{
    bool passed = false;
    return open_bench(loop, err) && sg_loop_find_rate(loop, err) &&
           sg_loop_screen(loop, &passed, err) && (passed || sg_loop_blocks(loop, err));
}

bool sg_session_run(const struct sg_run *run, struct sg_session *out_session,
                    struct sg_judgement *out_judgement, struct sg_error *err)
{
    struct sg_loop loop = {.run = run,
                           .settled = *run->config,
                           .session = out_session,
                           .judgement = out_judgement,
                           .alone = run->config->variants_count == 1};
    loop.config = &loop.settled;
    sg_loop_plan(&loop, loop.config);
    /* What fails whatever the data (an expired waiver) needs none. */
    bool ok = sg_loop_judge(&loop, err);
    if (ok && !(out_judgement->decided && out_judgement->verdict == SG_FAIL)) {
        ok = measure_all(&loop, err);
    }
    /* Who is killed while cleaning up has measured all. */
    out_session->complete = ok;
    struct sg_error saving = {0};
    if (!save(&loop, &saving) && ok) {
        *err = saving;
        ok = false;
    }
    close_bench(&loop);
    /* One block is no session: what its bench told stands, a verdict is for all blocks. */
    ok = ok && (out_session->block > 0 || sg_loop_judge(&loop, err));
    sg_strings_clear(&loop.told);
    free(loop.out_of_race);
    free(loop.prom.url);
    return ok;
}
