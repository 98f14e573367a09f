/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: warm-up, blocks in random order, a look after each, until all is decided. */
#include "session/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "judge/judge.h"
#include "measure/measure.h"
#include "session/internal.h"

void sg_loop_say(const struct sg_loop *loop, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    if (loop->run->progress.say != NULL) {
        loop->run->progress.say(loop->run->progress.context, text);
    }
}

static void bench_say(void *context, const char *text)
{
    sg_loop_say(context, "%s", text);
}

static void update_clock(struct sg_loop *loop)
{
    struct sg_progress_state *state = &loop->state;
    state->elapsed = (double)(sg_clock_monotonic() - loop->started) / 1e9;
    double whole = (double)(state->repetitions_max + (int)loop->config->variants_count) *
                   sg_session_repetition_seconds(loop->config);
    state->left = whole > state->elapsed ? whole - state->elapsed : 0;
}

static void bench_tick(void *context, double elapsed, double total)
{
    struct sg_loop *loop = context;
    (void)elapsed;
    (void)total;
    update_clock(loop);
    if (loop->run->progress.tick != NULL) {
        loop->run->progress.tick(loop->run->progress.context, &loop->state);
    }
}

static bool has_finding(const struct sg_repetition *rep, enum sg_severity severity)
{
    for (size_t i = 0; i < rep->findings_count; i++) {
        if (rep->findings[i].severity == severity) {
            return true;
        }
    }
    return false;
}

static bool judge_now(struct sg_loop *loop, struct sg_error *err)
{
    sg_judgement_clear(loop->judgement);
    loop->state.judgement = NULL;
    if (!sg_judge(loop->session, loop->judgement, err)) {
        return false;
    }
    loop->state.judgement = loop->judgement;
    return true;
}

static bool save(struct sg_loop *loop, struct sg_error *err)
{
    return sg_session_save(loop->session, loop->run->bundle, err);
}

static void tell_repetition(struct sg_loop *loop)
{
    loop->state.repetition++;
    update_clock(loop);
    if (loop->run->progress.repetition != NULL) {
        loop->run->progress.repetition(
            loop->run->progress.context, &loop->state,
            &loop->session->repetitions[loop->session->repetitions_count - 1]);
    }
}

/* Verdicts are frozen: a variant that has its own needs no further repetition. */
static void retire_decided(struct sg_loop *loop)
{
    const struct sg_judgement *judgement = loop->judgement;
    for (size_t i = 0; i < judgement->variants_count; i++) {
        for (size_t v = 0; v < loop->config->variants_count; v++) {
            if (judgement->variants[i].decided && judgement->variants[i].verdict != SG_INVALID &&
                sg_streq(judgement->variants[i].variant, loop->config->variants[v].name)) {
                loop->out_of_race[v] = true;
            }
        }
    }
}

/* Nothing more can be learnt. A single variant, whose verdict comes from the stored baseline, is
 * at its end only when it cannot be measured. */
static bool is_hopeless(const struct sg_loop *loop)
{
    const struct sg_judgement *judgement = loop->judgement;
    return judgement->decided &&
           (loop->config->variants_count > 1 || judgement->verdict == SG_INVALID);
}

/* A repetition whose instrument broke is made again; whether that is of any use is for the judge
 * to say. *out_stop: the session can learn nothing more. */
static bool one_slot(struct sg_loop *loop, int block, size_t index, bool *out_stop,
                     struct sg_error *err)
{
    for (;;) {
        if (!sg_loop_repetition(loop, block, index, err)) {
            return false;
        }
        struct sg_repetition *rep =
            &loop->session->repetitions[loop->session->repetitions_count - 1];
        rep->discarded = has_finding(rep, SG_FINDING_INVALID);
        bool trouble = rep->discarded || has_finding(rep, SG_FINDING_FAIL);
        tell_repetition(loop);
        if (trouble) {
            sg_measure_session(loop->session);
        }
        if (!save(loop, err) || (trouble && !judge_now(loop, err))) {
            return false;
        }
        *out_stop = trouble && is_hopeless(loop);
        if (trouble) {
            retire_decided(loop);
        }
        if (*out_stop || !trouble || loop->out_of_race[index]) {
            return true;
        }
    }
}

static bool run_block(struct sg_loop *loop, int block, bool *out_stop, struct sg_error *err)
{
    size_t variants = loop->config->variants_count;
    size_t per_variant = (size_t)loop->session->plan.block_size;
    int *order = sg_alloc(variants * per_variant, sizeof(*order));
    for (size_t i = 0; i < variants * per_variant; i++) {
        order[i] = (int)(i / per_variant);
    }
    sg_random_shuffle(&loop->random, order, variants * per_variant);
    bool ok = true;
    for (size_t i = 0; ok && !*out_stop && i < variants * per_variant; i++) {
        if (!loop->out_of_race[order[i]]) {
            ok = one_slot(loop, block, (size_t)order[i], out_stop, err);
        }
    }
    free(order);
    return ok;
}

static bool look(struct sg_loop *loop, bool *out_stop, struct sg_error *err)
{
    sg_measure_session(loop->session);
    if (!judge_now(loop, err)) {
        return false;
    }
    /* A single variant is for the stored baseline, which wants the first look's repetitions. */
    bool single = loop->config->variants_count == 1;
    int made = loop->state.block * loop->session->plan.block_size;
    *out_stop = single ? made >= loop->session->plan.min_repetitions : loop->judgement->decided;
    retire_decided(loop);
    if (loop->run->progress.look != NULL) {
        update_clock(loop);
        loop->run->progress.look(loop->run->progress.context, &loop->state);
    }
    return save(loop, err);
}

static bool run_blocks(struct sg_loop *loop, struct sg_error *err)
{
    const struct sg_plan *plan = &loop->session->plan;
    bool stop = false;
    for (size_t i = 0; i < loop->config->variants_count; i++) {
        sg_loop_say(loop, "warming up %s", loop->config->variants[i].name);
        if (!sg_loop_warm(loop, i, err)) {
            return false;
        }
    }
    for (int block = 1; !stop && (block - 1) * plan->block_size < plan->max_repetitions; block++) {
        if (!run_block(loop, block, &stop, err) || (!stop && !look(loop, &stop, err))) {
            return false;
        }
    }
    return true;
}

static bool open_bench(struct sg_loop *loop, struct sg_error *err)
{
    struct sg_bench_progress progress = {.say = bench_say, .tick = bench_tick, .context = loop};
    if (!sg_bench_open(loop->config, loop->run->id, &progress, &loop->bench, err) ||
        !sg_bench_prepare(loop->bench, err) ||
        !sg_bench_describe(loop->bench, loop->session, err)) {
        return false;
    }
    loop->prom.url = sg_strdup(sg_bench_prometheus(loop->bench));
    return save(loop, err);
}

static void start_loop(struct sg_loop *loop)
{
    struct sg_session *session = loop->session;
    session->command = sg_strdup(loop->run->command);
    session->tool = sg_strdup(loop->run->tool);
    session->plan.attempt = loop->run->attempt > 0 ? loop->run->attempt : 1;
    sg_random_seed(&loop->random, session->plan.seed);
    loop->started = sg_clock_monotonic();
    loop->state.session = session;
    loop->state.repetitions_max = session->plan.max_repetitions * (int)loop->config->variants_count;
    loop->out_of_race = sg_alloc(loop->config->variants_count, sizeof(bool));
}

/* An error of cleaning up must not hide the first one, nor a verdict. */
static void close_bench(struct sg_loop *loop)
{
    struct sg_error left = {0};
    if (!sg_bench_close(loop->bench, &left)) {
        sg_loop_say(loop, "%s", left.text);
    }
}

bool sg_session_run(const struct sg_run *run, struct sg_session *out_session,
                    struct sg_judgement *out_judgement, struct sg_error *err)
{
    struct sg_loop loop = {
        .run = run, .config = run->config, .session = out_session, .judgement = out_judgement};
    sg_session_from_config(run->config, run->id, out_session);
    start_loop(&loop);
    bool ok = open_bench(&loop, err) && run_blocks(&loop, err);
    close_bench(&loop);
    out_session->complete = ok;
    if (ok) {
        ok = judge_now(&loop, err);
    }
    struct sg_error saving = {0};
    if (!save(&loop, &saving) && ok) {
        *err = saving;
        ok = false;
    }
    free(loop.out_of_race);
    free(loop.prom.url);
    return ok;
}
