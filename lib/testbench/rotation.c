/* SPDX-License-Identifier: Apache-2.0 */
/* The load of a sliced block: a generator for each container, all told of one moment to begin; they
 * are watched, sampled and read. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/http.h"
#include "testbench/block.h"

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
/* Seconds between the ends of two generators: an engine loses count of who leaves Prometheus'
 * network at once, and keeps the network for ever. */
#define LEAVE_EACH 0.2

struct rotation {
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

/* Of the engine's clock to ours: here it is the same one. Half of the time that the engine takes to
 * answer is the answer's way back, more or less. */
static double engine_offset(const struct sg_engine *engine)
{
    double before = (double)sg_clock_wall() / 1e9;
    double theirs = engine->remote ? sg_engine_now(engine) : NAN;
    double after = (double)sg_clock_wall() / 1e9;
    return engine->remote ? theirs - (before + after) / 2 : 0;
}

static double engine_now(const struct rotation *rotation)
{
    return (double)sg_clock_wall() / 1e9 + rotation->offset;
}

static bool start_generators(struct rotation *rotation, struct sg_error *err)
{
    struct sg_bench *bench = rotation->bench;
    const struct sg_bench_slices *slices = rotation->slices;
    struct sg_drive *drives = sg_alloc(rotation->count, sizeof(*drives));
    struct sg_args words = {0};
    const char *const start[] = {"up", "-d", "--force-recreate", "--no-deps"};
    rotation->offset = engine_offset(&bench->engine);
    rotation->lead = bench->lead > 0 ? bench->lead : LEAD + LEAD_EACH * (double)rotation->count;
    rotation->begin = engine_now(rotation) + rotation->lead;
    for (size_t i = 0; i < SG_COUNT(start); i++) {
        sg_args_add(&words, start[i]);
    }
    for (size_t i = 0; i < rotation->count; i++) {
        drives[i] = (struct sg_drive){.place = &bench->block[i],
                                      .testid = rotation->seats[i].testid,
                                      .warmup = rotation->warmup,
                                      .measure = rotation->measure,
                                      .slices = slices,
                                      .turns = rotation->seats[i].turns,
                                      .begin = rotation->begin,
                                      .leave = LEAVE_EACH * (double)i};
        sg_args_add(&words, bench->block[i].generator);
    }
    bool ok = sg_generator_write(bench, drives, rotation->count, err) &&
              sg_compose_run(bench, words.items, 120, false, err);
    for (size_t i = 0; ok && i < rotation->count; i++) {
        ok = sg_engine_compose_id(&bench->engine, bench->project, bench->block[i].generator,
                                  bench->block[i].generator_id, err);
    }
    sg_args_free(&words);
    free(drives);
    return ok;
}

static bool start_samplers(struct rotation *rotation, struct sg_error *err)
{
    bool ok = true;
    rotation->samplers = sg_alloc(2 * rotation->count, sizeof(*rotation->samplers));
    for (size_t i = 0; ok && i < 2 * rotation->count; i++) {
        const struct sg_place *place =
            &rotation->bench->block[i < rotation->count ? i : i - rotation->count];
        ok = sg_sampler_start(&rotation->samplers[i], &rotation->bench->engine,
                              i < rotation->count ? place->service_id : place->generator_id, err);
        atomic_store(&rotation->samplers[i].rest, true);
    }
    return ok;
}

static void stop_samplers(struct rotation *rotation)
{
    for (size_t i = 0; i < 2 * rotation->count; i++) {
        atomic_store(&rotation->samplers[i].stop, true);
    }
    for (size_t i = 0; i < 2 * rotation->count; i++) {
        sg_sampler_stop(&rotation->samplers[i]);
    }
    for (size_t i = 0; i < rotation->count; i++) {
        struct sg_bench_window *seen = &rotation->seats[i].seen;
        seen->readings = rotation->samplers[i].readings;
        seen->readings_count = rotation->samplers[i].count;
        seen->generator_readings = rotation->samplers[rotation->count + i].readings;
        seen->generator_readings_count = rotation->samplers[rotation->count + i].count;
    }
    free(rotation->samplers);
}

/* Twelve containers read twice a second would be a load of their own: only the brackets need it. */
static void rest_samplers(struct rotation *rotation)
{
    double now = engine_now(rotation) - rotation->begin;
    double start = rotation->warmup + SG_GAP, end = start + rotation->measure;
    bool before = now > rotation->warmup - BRACKET_MARGIN && now < start + BRACKET_MARGIN;
    bool after = now > end - BRACKET_MARGIN;
    for (size_t i = 0; i < 2 * rotation->count; i++) {
        atomic_store(&rotation->samplers[i].rest, !before && !after);
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
static bool look(struct rotation *rotation, size_t *out_running, struct sg_error *err)
{
    struct sg_json *list = NULL;
    char *filter = sg_format("{\"label\":[\"svcgate.session=%s\"]}", rotation->bench->session);
    char *escaped = sg_http_escape(filter);
    char *path = sg_format("/containers/json?filters=%s", escaped);
    bool ok = sg_engine_get(&rotation->bench->engine, path, &list, err);
    *out_running = 0;
    for (size_t i = 0; ok && i < rotation->count; i++) {
        *out_running += is_listed(list, rotation->bench->block[i].generator_id);
        if (!is_listed(list, rotation->bench->block[i].service_id)) {
            rotation->broken = i;
        }
    }
    sg_json_free(list);
    free(path);
    free(escaped);
    free(filter);
    return ok;
}

static void kill_generators(const struct rotation *rotation)
{
    for (size_t i = 0; i < rotation->count; i++) {
        sg_generator_kill(rotation->bench->block[i].generator_id);
    }
}

/* Until all generators have ended. One that ends before the others, or a service that dies, ends
 * the block: what comes after would be no fair part of it. */
static bool watch(struct rotation *rotation, struct sg_error *err)
{
    const struct sg_bench_progress *progress = &rotation->bench->progress;
    double end = rotation->warmup + SG_GAP + rotation->measure, total = end + SG_IDLE;
    int64_t begin = sg_clock_monotonic();
    size_t running = rotation->count;
    while (running > 0) {
        double now = engine_now(rotation) - rotation->begin;
        rest_samplers(rotation);
        sg_steal_read(rotation->bench, &rotation->steal);
        if (progress->tick != NULL) {
            progress->tick(progress->context, fmax(now, 0), total);
        }
        if (!sg_sleep(SG_SECOND / 4)) {
            return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted under load");
        }
        if (!look(rotation, &running, err)) {
            return false;
        }
        bool late =
            (double)(sg_clock_monotonic() - begin) / 1e9 > total + rotation->lead + PATIENCE;
        if (rotation->broken < rotation->count || (running < rotation->count && now < end) ||
            late) {
            kill_generators(rotation);
            return !late || sg_fail(err, SG_ERROR_DATA, "k6 did not end within %.0f s", total);
        }
    }
    return true;
}

static bool read_place(struct sg_task *task)
{
    struct sg_bench_window *seen = &task->seat->seen;
    memcpy(seen->service_id, task->place->service_id, sizeof(seen->service_id));
    memcpy(seen->generator_id, task->place->generator_id, sizeof(seen->generator_id));
    return sg_generator_read(task->bench, task->place, seen, &task->err) &&
           sg_place_others(task->bench, task->place, seen, &task->err);
}

static void finish_window(const struct rotation *rotation, struct sg_bench_window *seen)
{
    seen->load.warmup_end = seen->load.warmup_start + rotation->warmup;
    seen->planned = rotation->measure;
    seen->loaded = rotation->slices->rounds * rotation->slices->seconds;
    seen->due = rotation->begin + rotation->warmup + SG_GAP;
    seen->steal = sg_steal_share(&rotation->steal, seen->load.start, seen->load.end);
}

/* The slowest generator's start, and some more. */
static void learn_lead(const struct rotation *rotation)
{
    double least = NAN;
    for (size_t i = 0; i < rotation->count; i++) {
        least = fmin(least, rotation->seats[i].seen.load.early);
    }
    if (isfinite(least)) {
        rotation->bench->lead = fmin(rotation->lead - least + LEAD_SPARE, LEAD_MOST);
    }
}

static bool read_all(struct rotation *rotation, struct sg_error *err)
{
    if (!sg_block_each(rotation->bench, rotation->seats, read_place, err)) {
        return false;
    }
    for (size_t i = 0; i < rotation->count; i++) {
        struct sg_bench_seat *seat = &rotation->seats[i];
        finish_window(rotation, &seat->seen);
        /* seen to have ended; somebody may have started it again since */
        seat->seen.state.running = seat->seen.state.running && i != rotation->broken;
        seat->measured = rotation->broken == rotation->count || !seat->seen.state.running;
    }
    learn_lead(rotation);
    return true;
}

static bool drive(struct rotation *rotation, struct sg_error *err)
{
    if (!start_generators(rotation, err)) {
        return false;
    }
    bool ok = start_samplers(rotation, err) && watch(rotation, err);
    stop_samplers(rotation);
    return ok && read_all(rotation, err);
}

bool sg_rotation_run(struct sg_bench *bench, const struct sg_bench_slices *slices,
                     struct sg_bench_seat *seats, struct sg_error *err)
{
    double round = slices->seconds * (double)bench->block_count;
    struct rotation rotation = {.bench = bench,
                                .slices = slices,
                                .seats = seats,
                                .count = bench->block_count,
                                .warmup = slices->warm_rounds * round,
                                .measure = slices->rounds * round,
                                .broken = bench->block_count};
    bool ok = drive(&rotation, err);
    free(rotation.steal.ticks);
    return ok;
}
