/* SPDX-License-Identifier: Apache-2.0 */
/* A window of load: what the generator and the engine would have told of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "fake/internal.h"
#include "testbench/internal.h"

#define VUS 100

/* Seconds of load pass; somebody may be waiting. */
static void pass(const struct sg_bench *bench, double seconds, double total)
{
    int whole = (int)seconds;
    for (int at = 0; at < whole; at++) {
        sg_fake_pass(1);
        if (bench->progress.tick != NULL) {
            bench->progress.tick(bench->progress.context, at + 1, total);
        }
    }
    sg_fake_pass(seconds - whole);
}

static double now(void)
{
    return (double)sg_clock_wall() / 1e9;
}

static struct sg_load_summary summary_of(const struct sg_bench *bench, double warmup_start,
                                         double start, double measure, double loaded)
{
    const struct sg_fake_moment *at = &sg_fake_now;
    double planned = bench->config->rate * loaded;
    double most = sg_fake_at_number(at, "keeps_up", INFINITY) * loaded;
    double dropped = sg_fake_at_number(at, "drops", 0) + fmax(planned - most, 0);
    double requests = planned - dropped - sg_fake_at_number(at, "lacks", 0);
    struct sg_load_summary out = {
        .warmup_start = warmup_start,
        .warmup_end = warmup_start + bench->config->warmup,
        .start = start,
        .end = start + measure,
        .requests = requests,
        .iterations = requests,
        .failed_iterations = sg_fake_at_number(at, "throws", 0),
        .iteration = sg_fake_at_number(at, "iteration", 0.01),
        .failed = sg_fake_at_number(at, "errors", 0),
        .dropped = dropped,
        .p95 = sg_fake_value(at, "latency_p95"),
        .avg = sg_fake_value(at, "latency_avg"),
        .p50 = sg_fake_value(at, "latency_p50"),
        .p90 = sg_fake_value(at, "latency_p90"),
        .p99 = sg_fake_value(at, "latency_p99"),
        .vus_max = 10,
        .vus_limit = VUS,
        .exit_code = (int)sg_fake_at_number(at, "k6", 0),
    };
    if (sg_fake_at_all(at, "no_window")) {
        out.start = out.end = 0;
    }
    return out;
}

static struct sg_container_state state_now(void)
{
    double status = sg_fake_at_number(&sg_fake_now, "dies", NAN);
    bool killed = sg_fake_at_all(&sg_fake_now, "oom");
    return (struct sg_container_state){
        .running = isnan(status) && !killed,
        .oom_killed = killed,
        .exit_code = killed          ? 137
                     : isnan(status) ? 0
                                     : (int)status,
        .restarts = (int)sg_fake_at_number(&sg_fake_now, "restarts", 0),
        .log = sg_strdup("the last words of the service"),
    };
}

/* Readings of steady work and of the burner, one a second: while it burns the work costs a share
 * more. */
static void read_burner(const struct sg_bench *bench, struct sg_bench_window *out)
{
    double share = sg_fake_at_number(&sg_fake_now, "coupled", 0.1);
    size_t count = (size_t)(out->load.end - out->load.start) + 1;
    double work = 0, burnt = 0;
    out->generator_readings = sg_alloc(count, sizeof(*out->generator_readings));
    out->burner_readings = sg_alloc(count, sizeof(*out->burner_readings));
    out->generator_readings_count = out->burner_readings_count = count;
    for (size_t i = 0; i < count; i++) {
        double time = out->load.start + (double)i;
        size_t place = (size_t)((double)i / bench->burn_period) % strlen(bench->burn);
        out->generator_readings[i] = (struct sg_reading){.time = time, .cpu = work};
        out->burner_readings[i] = (struct sg_reading){.time = time, .cpu = burnt};
        burnt += bench->burn[place] == '1' ? 1 : 0;
        work += bench->burn[place] == '1' ? 0.2 * (1 + share) : 0.2;
    }
}

struct sg_bench_window sg_fake_window(const struct sg_bench *bench, const char *testid)
{
    struct sg_bench_window out = {.due = NAN,
                                  .core_contention = sg_fake_value(&sg_fake_now, "core_contention"),
                                  .cache_contention =
                                      sg_fake_value(&sg_fake_now, "cache_contention")};
    memcpy(out.service_id, bench->place.service_id, sizeof(out.service_id));
    sg_sha256_hex(testid, strlen(testid), out.generator_id);
    return out;
}

void sg_fake_load(const struct sg_bench *bench, double before, double after)
{
    sg_fake_make(bench->project, "k6");
    pass(bench, before, before + after);
    pass(bench, after, before + after);
    sg_fake_step(sg_fake_at_number(&sg_fake_now, "clock", 0));
}

void sg_fake_see(const struct sg_bench *bench, struct sg_bench_window *out, double begin,
                 double warmup, double measure, double loaded)
{
    double start = begin + warmup + SG_GAP;
    out->load = summary_of(bench, begin, start, measure, loaded);
    out->state = state_now();
    out->steal = sg_fake_at_number(&sg_fake_now, "steal", 0);
    out->planned = measure;
    out->loaded = loaded;
    out->due = start - sg_fake_at_number(&sg_fake_now, "late", 0);
    out->summary = sg_format("{\"slot\": %d}\n", sg_fake_now.slot);
}

bool sg_bench_load(struct sg_bench *bench, const char *testid, double warmup, double measure,
                   struct sg_bench_window *out, struct sg_error *err)
{
    double begin = now();
    *out = sg_fake_window(bench, testid);
    sg_fake_load(bench, warmup + SG_GAP, measure + SG_IDLE);
    if (!sg_fake_call("load", err, "slot=%d variant=%s testid=%s warmup=%g measure=%g",
                      sg_fake_now.slot, sg_fake_now.variant, testid, warmup, measure)) {
        return false;
    }
    sg_fake_see(bench, out, begin, warmup, measure, measure);
    if (bench->burn != NULL) {
        read_burner(bench, out);
    }
    return true;
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
    free(window->summary);
    *window = (struct sg_bench_window){0};
}
