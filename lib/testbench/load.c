/* SPDX-License-Identifier: Apache-2.0 */
/* One drive of the load: a fresh k6 container, watched until it ends. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "testbench/internal.h"

struct watch {
    struct sg_bench *bench;
    struct sg_bench_window *out;
    struct sg_sampler service, generator, burner;
    struct sg_steal steal;
    struct sg_probe probe;
    char burner_id[65];
};

/* Until k6 has ended by itself, the service has died, or the deadline is over. */
static bool watch_load(struct watch *watch, double planned, struct sg_error *err)
{
    const struct sg_bench_progress *progress = &watch->bench->progress;
    const struct sg_engine *engine = &watch->bench->engine;
    int64_t start = sg_clock_monotonic();
    int64_t deadline = start + (int64_t)((planned + 180) * 1e9);
    struct sg_container_state k6 = {.running = true};
    while (k6.running && sg_clock_monotonic() < deadline) {
        sg_steal_read(watch->bench, &watch->steal);
        if (progress->tick != NULL) {
            progress->tick(progress->context, (double)(sg_clock_monotonic() - start) / 1e9,
                           planned);
        }
        if (!sg_sleep(SG_SECOND / 4)) {
            return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted under load");
        }
        if (!sg_engine_state(engine, watch->out->generator_id, &k6, err)) {
            return false;
        }
        struct sg_container_state service = {.running = true};
        if (atomic_load(&watch->service.dead) &&
            !sg_engine_state(engine, watch->out->service_id, &service, err)) {
            return false;
        }
        if (!service.running) {
            sg_generator_kill(watch->out->generator_id);
            return true;
        }
    }
    if (k6.running) {
        sg_generator_kill(watch->out->generator_id);
        return sg_fail(err, SG_ERROR_DATA, "k6 did not end within %.0f s", planned + 180);
    }
    return true;
}

static bool sampled_load(struct watch *watch, double planned, struct sg_error *err)
{
    struct sg_bench_window *out = watch->out;
    const struct sg_engine *engine = &watch->bench->engine;
    sg_probe_start(&watch->probe, watch->bench);
    bool ok = sg_sampler_start(&watch->service, engine, out->service_id, err) &&
              sg_sampler_start(&watch->generator, engine, out->generator_id, err) &&
              (watch->bench->burn == NULL ||
               sg_sampler_start(&watch->burner, engine, watch->burner_id, err)) &&
              watch_load(watch, planned, err);
    sg_sampler_stop(&watch->service);
    sg_sampler_stop(&watch->generator);
    sg_sampler_stop(&watch->burner);
    sg_probe_stop(&watch->probe);
    out->readings = watch->service.readings;
    out->readings_count = watch->service.count;
    out->generator_readings = watch->generator.readings;
    out->generator_readings_count = watch->generator.count;
    out->burner_readings = watch->burner.readings;
    out->burner_readings_count = watch->burner.count;
    out->core_readings = watch->probe.core;
    out->cache_readings = watch->probe.cache;
    out->probe_readings_count = watch->probe.count;
    return ok;
}

void sg_bench_burn(struct sg_bench *bench, const char *pattern, double period)
{
    free(bench->burn);
    bench->burn = sg_strdup(pattern);
    bench->burn_period = period;
}

static bool start_burner(struct watch *watch, struct sg_error *err)
{
    const char *up[] = {"up", "-d", "--force-recreate", "--no-deps", "burner", NULL};
    struct sg_bench *bench = watch->bench;
    return bench->burn == NULL ||
           (sg_compose_run(bench, up, 120, false, err) &&
            sg_engine_compose_id(&bench->engine, bench->project, "burner", watch->burner_id, err));
}

static void finish_window(struct watch *watch, double warmup, double measure)
{
    struct sg_bench_window *out = watch->out;
    out->load.warmup_end = out->load.warmup_start + warmup;
    out->planned = out->loaded = measure;
    out->steal = sg_steal_share(&watch->steal, out->load.start, out->load.end);
    out->core_contention = sg_probe_ratio(out->core_readings, out->probe_readings_count,
                                          out->load.start, out->load.end);
    out->cache_contention = sg_probe_ratio(out->cache_readings, out->probe_readings_count,
                                           out->load.start, out->load.end);
}

bool sg_bench_load(struct sg_bench *bench, const char *testid, double warmup, double measure,
                   struct sg_bench_window *out, struct sg_error *err)
{
    const char *up[] = {"up", "-d", "--force-recreate", "--no-deps", "k6", NULL};
    struct sg_place *place = &bench->place;
    struct sg_drive drive = {
        .place = place, .testid = testid, .warmup = warmup, .measure = measure};
    struct watch watch = {.bench = bench, .out = out};
    *out = sg_bench_window_none();
    memcpy(out->service_id, place->service_id, sizeof(out->service_id));
    bool ok = sg_generator_write(bench, &drive, 1, err) && start_burner(&watch, err) &&
              sg_compose_run(bench, up, 120, false, err) &&
              sg_engine_compose_id(&bench->engine, bench->project, "k6", place->generator_id, err);
    if (ok) {
        memcpy(out->generator_id, place->generator_id, sizeof(out->generator_id));
        ok = sampled_load(&watch, warmup + SG_GAP + measure + SG_IDLE + 1, err) &&
             sg_generator_read(bench, place, out, err) && sg_place_others(bench, place, out, err);
    }
    if (ok) {
        finish_window(&watch, warmup, measure);
    }
    free(watch.steal.ticks);
    return ok;
}

struct sg_bench_window sg_bench_window_none(void)
{
    return (struct sg_bench_window){
        .steal = NAN, .core_contention = NAN, .cache_contention = NAN, .due = NAN};
}

void sg_bench_window_clear(struct sg_bench_window *window)
{
    free(window->readings);
    free(window->generator_readings);
    free(window->burner_readings);
    free(window->core_readings);
    free(window->cache_readings);
    free(window->state.log);
    free(window->load.log);
    sg_own_metrics_clear(&window->load);
    free(window->summary);
    for (size_t i = 0; i < window->files_count; i++) {
        free(window->files[i].key);
        free(window->files[i].value);
    }
    free(window->files);
    for (size_t i = 0; i < window->others_count; i++) {
        free(window->other_names[i]);
        free(window->other_ids[i]);
    }
    free(window->other_names);
    free(window->other_ids);
    *window = (struct sg_bench_window){0};
}
