/* SPDX-License-Identifier: Apache-2.0 */
/* A sliced block: all of its containers side by side, the load going round among them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/units.h"
#include "http/http.h"
#include "testbench/internal.h"

/* From the order to start the generators to the moment at which all of them begin: compose's own
 * time, and what each k6 takes to read the script and to make its virtual users. A guess for the
 * first block; later ones get what the last one took, and some more. */
#define LEAD 4.0
#define LEAD_EACH 0.5
#define LEAD_SPARE 1.5
#define LEAD_MOST 60.0
/* How much earlier and later than a bracket the witness reads. */
#define BRACKET_MARGIN 0.5
#define PATIENCE 60.0 /* seconds beyond the plan */

/* One thread's work on one place. */
struct task {
    struct sg_bench *bench;
    struct sg_place *place;
    struct sg_bench_seat *seat;
    bool (*work)(struct task *task);
    pthread_t thread;
    bool started, ok;
    struct sg_error err;
};

struct block {
    struct sg_bench *bench;
    const struct sg_bench_slices *slices;
    struct sg_bench_seat *seats;
    size_t count;
    double begin;                /* by the engine's clock */
    double lead;                 /* seconds */
    double offset;               /* of the engine's clock, to ours */
    double warmup, measure;      /* seconds, of all rounds together */
    struct sg_sampler *samplers; /* of the services, then of the generators */
    struct sg_steal steal;
    size_t broken; /* the seat whose service died, or `count` */
};

static void *run_task(void *context)
{
    struct task *task = context;
    task->ok = task->work(task);
    return NULL;
}

/* The same for every place at once; the first error counts. */
static bool all_places(struct sg_bench *bench, struct sg_bench_seat *seats,
                       bool (*work)(struct task *task), struct sg_error *err)
{
    size_t count = bench->block_count;
    struct task *tasks = sg_alloc(count, sizeof(*tasks));
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        tasks[i] = (struct task){.bench = bench,
                                 .place = &bench->block[i],
                                 .seat = seats != NULL ? &seats[i] : NULL,
                                 .work = work};
        tasks[i].started = pthread_create(&tasks[i].thread, NULL, run_task, &tasks[i]) == 0;
        if (!tasks[i].started) {
            (void)run_task(&tasks[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].started) {
            (void)pthread_join(tasks[i].thread, NULL);
        }
        if (ok && !tasks[i].ok) {
            *err = tasks[i].err;
            ok = false;
        }
    }
    free(tasks);
    return ok;
}

static bool start_place(struct task *task)
{
    return sg_place_start(task->bench, task->place, &task->seat->trouble, &task->err);
}

static bool remove_place(struct task *task)
{
    return !task->place->started || sg_stack_down(task->place, true, &task->err);
}

static bool read_place(struct task *task)
{
    struct sg_bench_window *seen = &task->seat->seen;
    memcpy(seen->service_id, task->place->service_id, sizeof(seen->service_id));
    memcpy(seen->generator_id, task->place->generator_id, sizeof(seen->generator_id));
    return sg_generator_read(task->bench, task->place, seen, &task->err) &&
           sg_place_others(task->bench, task->place, seen, &task->err);
}

static void make_places(struct sg_bench *bench, const struct sg_bench_seat *seats, size_t count)
{
    bench->block = sg_alloc(count, sizeof(*bench->block));
    bench->block_count = count;
    for (size_t i = 0; i < count; i++) {
        sg_place_init(bench, i + 1, &bench->block[i]);
        bench->block[i].variant = seats[i].variant;
    }
}

/* One after the other: they share the network of Prometheus, and an engine loses count of who
 * leaves at once. They go first, because they hold the networks of their places. */
static bool remove_generators(struct sg_bench *bench, struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < bench->block_count; i++) {
        const char *id = bench->block[i].generator_id;
        const char *const argv[] = {"docker", "rm", "--force", "--volumes", id, NULL};
        ok = (id[0] == '\0' || sg_docker_run(argv, NULL, 120, true, err)) && ok;
    }
    return ok;
}

bool sg_block_remove(struct sg_bench *bench, struct sg_error *err)
{
    if (bench->block == NULL) {
        return true;
    }
    bool ok = remove_generators(bench, err);
    ok = all_places(bench, NULL, remove_place, err) && ok;
    for (size_t i = 0; i < bench->block_count; i++) {
        sg_place_clear(&bench->block[i]);
    }
    free(bench->block);
    bench->block = NULL;
    bench->block_count = 0;
    return ok;
}

static bool in_trouble(const struct sg_bench_seat *seats, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (seats[i].trouble.check != NULL) {
            return true;
        }
    }
    return false;
}

/* Of the engine's clock to ours: here it is the same one. Half of the time that the engine takes to
 * answer is the answer's way back, more or less. */
static double engine_offset(const struct sg_engine *engine)
{
    double before = (double)sg_clock_wall() / 1e9;
    double theirs = engine->remote ? sg_engine_now(engine) : NAN;
    double after = (double)sg_clock_wall() / 1e9;
    return engine->remote ? theirs - (before + after) / 2 : 0;
}

static double engine_now(const struct block *block)
{
    return (double)sg_clock_wall() / 1e9 + block->offset;
}

static bool start_generators(struct block *block, struct sg_error *err)
{
    struct sg_bench *bench = block->bench;
    const struct sg_bench_slices *slices = block->slices;
    struct sg_drive *drives = sg_alloc(block->count, sizeof(*drives));
    struct sg_args words = {0};
    const char *const start[] = {"up", "-d", "--force-recreate", "--no-deps"};
    block->offset = engine_offset(&bench->engine);
    block->lead = bench->lead > 0 ? bench->lead : LEAD + LEAD_EACH * (double)block->count;
    block->begin = engine_now(block) + block->lead;
    for (size_t i = 0; i < SG_COUNT(start); i++) {
        sg_args_add(&words, start[i]);
    }
    for (size_t i = 0; i < block->count; i++) {
        drives[i] = (struct sg_drive){.place = &bench->block[i],
                                      .testid = block->seats[i].testid,
                                      .warmup = block->warmup,
                                      .measure = block->measure,
                                      .slices = slices,
                                      .turns = block->seats[i].turns,
                                      .begin = block->begin,
                                      .count = block->count};
        sg_args_add(&words, bench->block[i].generator);
    }
    bool ok = sg_generator_write(bench, drives, block->count, err) &&
              sg_compose_run(bench, words.items, 120, false, err);
    for (size_t i = 0; ok && i < block->count; i++) {
        ok = sg_engine_compose_id(&bench->engine, bench->project, bench->block[i].generator,
                                  bench->block[i].generator_id, err);
    }
    sg_args_free(&words);
    free(drives);
    return ok;
}

static bool start_samplers(struct block *block, struct sg_error *err)
{
    bool ok = true;
    block->samplers = sg_alloc(2 * block->count, sizeof(*block->samplers));
    for (size_t i = 0; ok && i < 2 * block->count; i++) {
        const struct sg_place *place =
            &block->bench->block[i < block->count ? i : i - block->count];
        ok = sg_sampler_start(&block->samplers[i], &block->bench->engine,
                              i < block->count ? place->service_id : place->generator_id, err);
        atomic_store(&block->samplers[i].rest, true);
    }
    return ok;
}

static void stop_samplers(struct block *block)
{
    for (size_t i = 0; i < 2 * block->count; i++) {
        atomic_store(&block->samplers[i].stop, true);
    }
    for (size_t i = 0; i < 2 * block->count; i++) {
        sg_sampler_stop(&block->samplers[i]);
    }
    for (size_t i = 0; i < block->count; i++) {
        struct sg_bench_window *seen = &block->seats[i].seen;
        seen->readings = block->samplers[i].readings;
        seen->readings_count = block->samplers[i].count;
        seen->generator_readings = block->samplers[block->count + i].readings;
        seen->generator_readings_count = block->samplers[block->count + i].count;
    }
    free(block->samplers);
}

/* Twelve containers read twice a second would be a load of their own: only the brackets need it. */
static void rest_samplers(struct block *block)
{
    double now = engine_now(block) - block->begin;
    double start = block->warmup + SG_GAP, end = start + block->measure;
    bool before = now > block->warmup - BRACKET_MARGIN && now < start + BRACKET_MARGIN;
    bool after = now > end - BRACKET_MARGIN;
    for (size_t i = 0; i < 2 * block->count; i++) {
        atomic_store(&block->samplers[i].rest, !before && !after);
    }
}

static bool is_listed(const struct sg_json *list, const char *id)
{
    for (const struct sg_json *one = sg_json_first(list); one != NULL; one = sg_json_next(one)) {
        if (sg_streq(sg_json_string(sg_json_get(one, "Id"), ""), id)) {
            return true;
        }
    }
    return false;
}

/* How many generators still run; and whether a service has ended. */
static bool look(struct block *block, size_t *out_running, struct sg_error *err)
{
    struct sg_json *list = NULL;
    char *filter = sg_format("{\"label\":[\"svcgate.session=%s\"]}", block->bench->session);
    char *escaped = sg_http_escape(filter);
    char *path = sg_format("/containers/json?filters=%s", escaped);
    bool ok = sg_engine_get(&block->bench->engine, path, &list, err);
    *out_running = 0;
    for (size_t i = 0; ok && i < block->count; i++) {
        *out_running += is_listed(list, block->bench->block[i].generator_id);
        if (!is_listed(list, block->bench->block[i].service_id)) {
            block->broken = i;
        }
    }
    sg_json_free(list);
    free(path);
    free(escaped);
    free(filter);
    return ok;
}

static void kill_generators(const struct block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        sg_generator_kill(block->bench->block[i].generator_id);
    }
}

/* Until all generators have ended. One that ends before the others, or a service that dies, ends
 * the block: what comes after would be no fair part of it. */
static bool watch(struct block *block, struct sg_error *err)
{
    const struct sg_bench_progress *progress = &block->bench->progress;
    double end = block->warmup + SG_GAP + block->measure, total = end + SG_IDLE;
    int64_t begin = sg_clock_monotonic();
    size_t running = block->count;
    while (running > 0) {
        double now = engine_now(block) - block->begin;
        rest_samplers(block);
        sg_steal_read(block->bench, &block->steal);
        if (progress->tick != NULL) {
            progress->tick(progress->context, fmax(now, 0), total);
        }
        if (!sg_sleep(SG_SECOND / 4)) {
            return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted under load");
        }
        if (!look(block, &running, err)) {
            return false;
        }
        bool late = (double)(sg_clock_monotonic() - begin) / 1e9 > total + block->lead + PATIENCE;
        if (block->broken < block->count || (running < block->count && now < end) || late) {
            kill_generators(block);
            return !late || sg_fail(err, SG_ERROR_DATA, "k6 did not end within %.0f s", total);
        }
    }
    return true;
}

static void finish_window(const struct block *block, struct sg_bench_window *seen)
{
    seen->load.warmup_end = seen->load.warmup_start + block->warmup;
    seen->planned = block->measure;
    seen->loaded = block->slices->rounds * block->slices->seconds;
    seen->due = block->begin + block->warmup + SG_GAP;
    seen->steal = sg_steal_share(&block->steal, seen->load.start, seen->load.end);
}

/* The slowest generator's start, and some more. */
static void learn_lead(const struct block *block)
{
    double least = NAN;
    for (size_t i = 0; i < block->count; i++) {
        least = fmin(least, block->seats[i].seen.load.early);
    }
    if (isfinite(least)) {
        block->bench->lead = fmin(block->lead - least + LEAD_SPARE, LEAD_MOST);
    }
}

static bool read_all(struct block *block, struct sg_error *err)
{
    if (!all_places(block->bench, block->seats, read_place, err)) {
        return false;
    }
    for (size_t i = 0; i < block->count; i++) {
        struct sg_bench_seat *seat = &block->seats[i];
        finish_window(block, &seat->seen);
        /* seen to have ended; somebody may have started it again since */
        seat->seen.state.running = seat->seen.state.running && i != block->broken;
        seat->measured = block->broken == block->count || !seat->seen.state.running;
    }
    learn_lead(block);
    return true;
}

static bool drive(struct block *block, struct sg_error *err)
{
    if (!start_generators(block, err)) {
        return false;
    }
    bool ok = start_samplers(block, err) && watch(block, err);
    stop_samplers(block);
    return ok && read_all(block, err);
}

bool sg_bench_block(struct sg_bench *bench, const struct sg_bench_slices *slices,
                    struct sg_bench_seat *seats, size_t count, struct sg_error *err)
{
    double round = slices->seconds * (double)count;
    struct block block = {.bench = bench,
                          .slices = slices,
                          .seats = seats,
                          .count = count,
                          .warmup = slices->warm_rounds * round,
                          .measure = slices->rounds * round,
                          .broken = count};
    for (size_t i = 0; i < count; i++) {
        seats[i].trouble = (struct sg_finding){0};
        seats[i].measured = false;
        seats[i].seen = sg_bench_window_none();
    }
    make_places(bench, seats, count);
    bool ok = all_places(bench, seats, start_place, err) &&
              (in_trouble(seats, count) || drive(&block, err));
    struct sg_error removing = {0};
    if (!sg_block_remove(bench, &removing) && ok) {
        *err = removing;
        ok = false;
    }
    free(block.steal.ticks);
    return ok;
}

/* An estimate of what a generator takes with a small script. */
#define GENERATOR_MEMORY (160.0 * 1048576)
#define MEMORY_SHARE 0.8

char *sg_bench_why_turns(const struct sg_bench *bench, size_t count)
{
    double each = GENERATOR_MEMORY + (isfinite(bench->config->memory) ? bench->config->memory : 0);
    double needed = (double)count * each, there = MEMORY_SHARE * bench->memory;
    if (!(needed > there)) {
        return NULL;
    }
    char *need = sg_show_by_unit(needed, "bytes"), *have = sg_show_by_unit(bench->memory, "bytes");
    char *why = sg_format("%zu containers with their generators need %s, and the engine has %s",
                          count, need, have);
    free(need);
    free(have);
    return why;
}
