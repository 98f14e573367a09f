/* SPDX-License-Identifier: Apache-2.0 */
/* Steal of the generator's CPUs: time the hypervisor gave to somebody else, from proc(5)'s
 * /proc/stat. Only where the engine is on this machine. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "testbench/internal.h"

#define CALM 2 /* seconds of calm that are believed */

/* Line "cpu1 user nice system idle iowait irq softirq steal …", in clock ticks. */
static void add_cpu_line(const char *line, const char *cpus, struct sg_ticks *sum)
{
    char *at = NULL;
    long cpu = strtol(line + 3, &at, 10);
    if (!sg_cpus_contain(cpus, cpu)) {
        return;
    }
    for (int field = 0; field < 8; field++) {
        double value = strtod(at, &at);
        sum->total += value;
        sum->steal += field == 7 ? value : 0;
    }
}

void sg_steal_read(const struct sg_bench *bench, struct sg_steal *steal)
{
    char *text = NULL;
    size_t size = 0;
    struct sg_error ignored = {0};
    if (bench->engine.remote || !sg_file_read("/proc/stat", 1U << 20, &text, &size, &ignored)) {
        return;
    }
    struct sg_ticks now = {.time = (double)sg_clock_wall() / 1e9};
    for (char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        if (strncmp(line, "cpu", 3) == 0 && line[3] >= '0' && line[3] <= '9') {
            add_cpu_line(line, bench->pinning.generator, &now);
        }
    }
    free(text);
    steal->ticks = sg_grow(steal->ticks, steal->count, sizeof(now));
    steal->ticks[steal->count++] = now;
}

double sg_steal_share(const struct sg_steal *steal, double start, double end)
{
    const struct sg_ticks *a = NULL;
    const struct sg_ticks *b = NULL;
    for (size_t i = 0; i < steal->count; i++) {
        const struct sg_ticks *t = &steal->ticks[i];
        a = a == NULL || fabs(t->time - start) < fabs(a->time - start) ? t : a;
        b = b == NULL || fabs(t->time - end) < fabs(b->time - end) ? t : b;
    }
    return a != NULL && b->total > a->total ? (b->steal - a->steal) / (b->total - a->total) : NAN;
}

double sg_steal_latest(const struct sg_steal *steal)
{
    if (steal->count < 2) {
        return NAN;
    }
    const struct sg_ticks *last = &steal->ticks[steal->count - 1];
    return sg_steal_share(steal, last[-1].time, last->time);
}

static void say_waiting(const struct sg_bench *bench, double share, double patience)
{
    const struct sg_bench_progress *progress = &bench->progress;
    if (progress->say == NULL) {
        return;
    }
    char *text =
        sg_format("the host takes away %.0f %% of the CPU time: waiting up to %.0f s for it",
                  100 * share, patience);
    progress->say(progress->context, text);
    free(text);
}

bool sg_bench_wait_calm(struct sg_bench *bench, double limit, double patience, struct sg_error *err)
{
    struct sg_steal steal = {0};
    int64_t deadline = sg_clock_monotonic() + (int64_t)(patience * 1e9);
    bool calm = false, awake = true;
    sg_steal_read(bench, &steal);
    while (steal.count > 0 && !calm && awake && sg_clock_monotonic() < deadline) {
        awake = sg_sleep(CALM * SG_SECOND);
        sg_steal_read(bench, &steal);
        double share = sg_steal_latest(&steal); /* NaN, which is calm, where nothing can be read */
        calm = !(share > limit);
        if (!calm && steal.count == 2) {
            say_waiting(bench, share, patience);
        }
    }
    free(steal.ticks);
    return awake || sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while waiting for the host");
}
