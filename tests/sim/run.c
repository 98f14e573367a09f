/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that take parts of a simulation until none is left. */
#include "sim/run.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#define PART 100 /* sessions */
#define THREADS_MAX 64

struct work {
    run_part *part;
    const void *cell;
    uint64_t sessions;
    atomic_uint_fast64_t next;
};

struct worker {
    pthread_t thread;
    struct work *work;
    struct tally tally;
};

static void *work_on(void *argument)
{
    struct worker *worker = argument;
    struct work *work = worker->work;
    for (;;) {
        uint64_t first = atomic_fetch_add(&work->next, PART);
        if (first >= work->sessions)
            return NULL;
        uint64_t left = work->sessions - first;
        work->part(work->cell, first, left < PART ? left : PART, &worker->tally);
    }
}

void run(run_part *part, const void *cell, uint64_t sessions, unsigned threads, struct tally *out)
{
    struct work work = {.part = part, .cell = cell, .sessions = sessions};
    struct worker workers[THREADS_MAX] = {{0}};
    unsigned count = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
    unsigned started = 1; /* this thread is the first */
    workers[0].work = &work;
    for (; started < count; started++) {
        workers[started].work = &work;
        if (pthread_create(&workers[started].thread, NULL, work_on, &workers[started]) != 0)
            break;
    }
    (void)work_on(&workers[0]);
    *out = (struct tally){{0}};
    for (unsigned i = 0; i < started; i++) {
        if (i > 0)
            pthread_join(workers[i].thread, NULL);
        for (int k = 0; k < TALLY_SIZE; k++)
            out->count[k] += workers[i].tally.count[k];
    }
}

static void count_session(const struct world *world, const struct sg_judgement *judgement,
                          struct tally *tally)
{
    uint64_t n = (uint64_t)world_stopped_at(world, judgement);
    tally->count[TALLY_SESSIONS]++;
    tally->count[TALLY_VERDICT + (int)judgement->verdict]++;
    tally->count[TALLY_REPETITIONS] += n;
    tally->count[TALLY_REPETITIONS_SQUARED] += n * n;
    tally->count[TALLY_STOPPED + n / 3]++;
}

void run_counted(const struct sides *sides, uint64_t first, uint64_t count, count_judged *add,
                 struct tally *tally)
{
    struct world world;
    struct noise_session drawn;
    world_init(&world, &sides->rules, sides->noise.metrics, sides->noise.blocks);
    for (uint64_t i = first; i < first + count; i++) {
        struct sg_judgement judgement;
        noise_draw(&sides->noise, sides->seed, i, &drawn);
        world_fill(&world, &drawn);
        world_judge(&world, &judgement);
        add(&world, &judgement, tally);
        sg_judgement_clear(&judgement);
    }
    world_clear(&world);
}

void run_sides(const void *cell, uint64_t first, uint64_t count, struct tally *tally)
{
    run_counted(cell, first, count, count_session, tally);
}

double tally_mean_repetitions(const struct tally *tally)
{
    return (double)tally->count[TALLY_REPETITIONS] / (double)tally->count[TALLY_SESSIONS];
}

double tally_error_of_mean(const struct tally *tally)
{
    double n = (double)tally->count[TALLY_SESSIONS];
    double mean = tally_mean_repetitions(tally);
    return sqrt(((double)tally->count[TALLY_REPETITIONS_SQUARED] / n - mean * mean) / n);
}

int tally_median_repetitions(const struct tally *tally)
{
    uint64_t seen = 0;
    int blocks = 0;
    for (; blocks < NOISE_SLOTS / NOISE_BLOCK; blocks++) {
        seen += tally->count[TALLY_STOPPED + blocks];
        if (2 * seen >= tally->count[TALLY_SESSIONS])
            break;
    }
    return 3 * blocks;
}
