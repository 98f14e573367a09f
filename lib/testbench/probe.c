/* SPDX-License-Identifier: Apache-2.0 */
/* Does somebody else work on the other half of the service's core? Two fixed pieces of arithmetic
 * on its CPU, again and again in a thread of its own: one that needs all of a core, and a chain in
 * which each step waits for the one before, so that another thread on the core does not slow it.
 * The ratio of what they cost tells, whatever the core's clock. Medians of short stretches: now and
 * then the kernel serves the network in the middle of it, and that is not the neighbour. At the
 * lowest priority, so that the service never waits for it; in registers alone, so that the
 * service's use of caches does not change it. Not where the service has several CPUs: they may be
 * halves of one core, and then it is its own neighbour, and a regression would look like a busy
 * host. */
#define _GNU_SOURCE /* sched_setaffinity, SCHED_IDLE */
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/process.h"
#include "stats/ranks.h"
#include "testbench/internal.h"

#define PAUSE (SG_SECOND / 50)
#define STRETCH (SG_SECOND / 4)
#define WIDE 20000  /* rounds of some 20 µs */
#define CHAIN 25000 /* the same, twice */
#define WARM 4000   /* rounds that nobody counts: the caches were the service's */
#define FEWEST 2.0  /* stretches a second, for a ratio that is believed */

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
    double before = cpu_seconds();
    work_wide(WIDE);
    double after = cpu_seconds();
    work_chain(CHAIN);
    return (after - before) / (before - start + cpu_seconds() - after);
}

/* The one CPU of a list, or −1. */
static int only_cpu(const char *list)
{
    char *end = NULL;
    long cpu = strtol(list, &end, 10);
    return end != list && *end == '\0' && cpu >= 0 && cpu < CPU_SETSIZE ? (int)cpu : -1;
}

static bool stay_on(int cpu)
{
    const struct sched_param none = {0};
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    return pthread_setschedparam(pthread_self(), SCHED_IDLE, &none) == 0 &&
           sched_setaffinity(0, sizeof(set), &set) == 0;
}

static void keep(struct sg_probe *probe, double ratio)
{
    if (isnan(ratio)) {
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

/* The median of one stretch, of one ratio at least however late the thread had its turn. */
static double ratio_of_stretch(const struct sg_probe *probe)
{
    double ratios[STRETCH / PAUSE];
    size_t count = 0;
    int64_t end = sg_clock_monotonic() + STRETCH;
    do {
        double ratio = ratio_now();
        if (isfinite(ratio)) {
            ratios[count++] = ratio;
        }
        (void)sg_sleep(PAUSE);
    } while (count < SG_COUNT(ratios) && sg_clock_monotonic() < end && !atomic_load(&probe->stop));
    return sg_median(ratios, count);
}

static void *run(void *context)
{
    struct sg_probe *probe = context;
    bool there = stay_on(probe->cpu);
    while (there && !atomic_load(&probe->stop)) {
        keep(probe, ratio_of_stretch(probe));
    }
    return NULL;
}

void sg_probe_start(struct sg_probe *probe, const struct sg_bench *bench)
{
    *probe = (struct sg_probe){.cpu = only_cpu(bench->pinning.service)};
    if (!bench->engine.remote && probe->cpu >= 0) {
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
