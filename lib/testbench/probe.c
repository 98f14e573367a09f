/* SPDX-License-Identifier: Apache-2.0 */
/* Does somebody else work on the other half of the service's core? Fixed pieces of work on its CPU,
 * again and again in a thread of its own: arithmetic that needs all of a core, loads that miss the
 * first-level cache, and a chain in which each step waits for the one before, so that another
 * thread on the core does not slow it. What the first two cost by what the chain costs tells,
 * whatever the core's clock. Medians of short stretches: now and then the kernel serves the network
 * in the middle of it, and that is not the neighbour. At the lowest priority, so that the service
 * does not wait for it (where svcgate has a control group of its own, which SCHED_IDLE does not
 * reach across: some 100 µs at most). Not where the service has several CPUs: they may be halves of
 * one core, and then it is its own neighbour, and a regression would look like a busy host. */
#define _GNU_SOURCE /* CPU_SETSIZE */
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
#define WARM 4000   /* rounds that nobody counts: the core was the service's */
#define LINES 2048  /* of 64 bytes: more than a first-level cache has, less than a second-level */
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

/* Each line of a cache holds the number of the next one: all of them, in an order that no
 * prefetcher knows (a linear congruential generator with full period: Hull and Dobell 1962). */
struct line {
    uint32_t next;
    char rest[60];
};

static void link_lines(struct line lines[LINES])
{
    for (uint32_t i = 0; i < LINES; i++) {
        lines[i].next = (i * 1229 + 409) % LINES;
    }
}

static void work_loads(const struct line lines[LINES])
{
    uint32_t at = 0;
    for (int i = 0; i < LINES; i++) {
        at = lines[at].next;
    }
    sink = at;
}

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct ratios {
    double core, cache;
};

static struct ratios ratios_now(const struct line lines[LINES])
{
    work_wide(WARM);
    work_loads(lines);
    double t0 = cpu_seconds();
    work_chain(CHAIN);
    double t1 = cpu_seconds();
    work_wide(WIDE);
    double t2 = cpu_seconds();
    work_chain(CHAIN);
    double t3 = cpu_seconds();
    work_loads(lines);
    double chain = t1 - t0 + t3 - t2;
    return (struct ratios){(t2 - t1) / chain, (cpu_seconds() - t3) / chain};
}

/* The one CPU of a list, or −1. */
static int only_cpu(const char *list)
{
    char *end = NULL;
    long cpu = strtol(list, &end, 10);
    return end != list && *end == '\0' && cpu >= 0 && cpu < CPU_SETSIZE ? (int)cpu : -1;
}

static void add_reading(struct sg_reading **readings, size_t count, double time, double ratio)
{
    struct sg_reading now = {.time = time};
    *readings = sg_grow(*readings, count, sizeof(now));
    if (count > 0) {
        const struct sg_reading *last = &(*readings)[count - 1];
        now.cpu = last->cpu + ratio * (time - last->time);
    }
    (*readings)[count] = now;
}

/* The medians of one stretch; of one pair of ratios at least, however late the thread had its turn.
 */
static void watch_stretch(struct sg_probe *probe, const struct line lines[LINES])
{
    double core[STRETCH / PAUSE];
    double cache[STRETCH / PAUSE];
    size_t count = 0;
    int64_t end = sg_clock_monotonic() + STRETCH;
    do {
        struct ratios now = ratios_now(lines);
        if (isfinite(now.core) && isfinite(now.cache)) {
            core[count] = now.core;
            cache[count++] = now.cache;
        }
        (void)sg_sleep(PAUSE);
    } while (count < SG_COUNT(core) && sg_clock_monotonic() < end && !atomic_load(&probe->stop));
    if (count > 0) {
        double time = (double)sg_clock_wall() / 1e9;
        add_reading(&probe->core, probe->count, time, sg_median(core, count));
        add_reading(&probe->cache, probe->count, time, sg_median(cache, count));
        probe->count++;
    }
}

static void *run(void *context)
{
    struct sg_probe *probe = context;
    struct line *lines = aligned_alloc(sizeof(*lines), LINES * sizeof(*lines));
    bool there = lines != NULL && sg_idle_on(probe->cpu);
    if (there) {
        link_lines(lines);
    }
    while (there && !atomic_load(&probe->stop)) {
        watch_stretch(probe, lines);
    }
    free(lines);
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
