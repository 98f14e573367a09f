/* SPDX-License-Identifier: Apache-2.0 */
/* Does somebody else work on the other half of the service's cores? Two fixed pieces of arithmetic
 * on its CPUs, again and again in a thread of its own: one that needs all of a core, and a chain in
 * which each step waits for the one before, so that another thread on the core does not slow it.
 * The ratio of what they cost tells, whatever the core's clock. At the lowest priority, so that the
 * service never waits for it; in registers alone, so that the service's use of caches does not
 * change it. Only where the engine is on this machine. */
#define _GNU_SOURCE /* sched_setaffinity, SCHED_IDLE */
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "testbench/internal.h"

#define PAUSE (SG_SECOND / 50)
#define WIDE 40000  /* rounds of some 40 µs: long against an interrupt, short against a pause */
#define CHAIN 50000 /* the same */
#define WARM 4000   /* rounds that nobody counts: the caches were the service's */
#define FEWEST 5.0  /* a second, for a ratio that is believed */

#define STEP UINT64_C(6364136223846793005)

static volatile uint64_t sink;

static void work_wide(int rounds)
{
    uint64_t a = sink, b = 2, c = 3, d = 4, e = 5, f = 6;
    for (int i = 0; i < rounds; i++) {
        a = a * STEP + 1;
        b = b * STEP + 3;
        c ^= c << 13;
        c ^= c >> 7;
        d ^= d << 13;
        d ^= d >> 7;
        e += a ^ c;
        f += b ^ d;
    }
    sink = e + f;
}

static void work_chain(int rounds)
{
    uint64_t a = sink;
    for (int i = 0; i < rounds; i++) {
        a = a * STEP + 1;
    }
    sink = a;
}

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double ratio_now(void)
{
    work_wide(WARM);
    double start = cpu_seconds();
    work_chain(CHAIN);
    double between = cpu_seconds();
    work_wide(WIDE);
    return (cpu_seconds() - between) / (between - start);
}

/* The next CPU of the list after `cpu`, around its end; false when this thread may not run there.
 */
static bool move(const struct sg_probe *probe, int *cpu)
{
    cpu_set_t set;
    int tried = 0;
    do {
        *cpu = (*cpu + 1) % probe->cpus_count;
    } while (!sg_cpus_contain(probe->cpus, *cpu) && ++tried < probe->cpus_count);
    CPU_ZERO(&set);
    CPU_SET((size_t)*cpu, &set);
    return tried < probe->cpus_count && sched_setaffinity(0, sizeof(set), &set) == 0;
}

static void keep(struct sg_probe *probe, double ratio)
{
    if (!isfinite(ratio)) {
        return;
    }
    struct sg_reading now = {.time = (double)sg_clock_wall() / 1e9};
    if (probe->count > 0) {
        const struct sg_reading *last = &probe->readings[probe->count - 1];
        now.cpu = last->cpu + ratio * (now.time - last->time);
    }
    probe->readings = sg_grow(probe->readings, probe->count, sizeof(now));
    probe->readings[probe->count++] = now;
}

static void *run(void *context)
{
    struct sg_probe *probe = context;
    const struct sched_param none = {0};
    int cpu = -1;
    if (pthread_setschedparam(pthread_self(), SCHED_IDLE, &none) != 0) {
        return NULL;
    }
    while (!atomic_load(&probe->stop) && move(probe, &cpu)) {
        keep(probe, ratio_now());
        (void)sg_sleep(PAUSE);
    }
    return NULL;
}

void sg_probe_start(struct sg_probe *probe, const struct sg_bench *bench)
{
    *probe = (struct sg_probe){.cpus = bench->pinning.service, .cpus_count = bench->cpus};
    if (!bench->engine.remote && bench->cpus > 0 && bench->cpus <= CPU_SETSIZE) {
        probe->running = pthread_create(&probe->thread, NULL, run, probe) == 0;
    }
}

void sg_probe_stop(struct sg_probe *probe)
{
    if (probe->running) {
        atomic_store(&probe->stop, true);
        (void)pthread_join(probe->thread, NULL);
        probe->running = false;
    }
}

double sg_probe_ratio(const struct sg_reading *readings, size_t count, double start, double end)
{
    const struct sg_reading *first = NULL;
    const struct sg_reading *last = NULL;
    size_t inside = 0;
    for (size_t i = 0; i < count; i++) {
        if (readings[i].time >= start && readings[i].time <= end) {
            first = first == NULL ? &readings[i] : first;
            last = &readings[i];
            inside++;
        }
    }
    return first != NULL && last->time > first->time && (double)inside >= FEWEST * (end - start)
               ? (last->cpu - first->cpu) / (last->time - first->time)
               : NAN;
}
