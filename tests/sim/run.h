/* SPDX-License-Identifier: Apache-2.0 */
/* Many sessions on several threads. What is counted are whole numbers, and a session depends on its
 * own number alone: the result is the same for any number of threads. */
#ifndef SG_TESTS_SIM_RUN_H
#define SG_TESTS_SIM_RUN_H

#include "sim/world.h"

enum tally_index {
    TALLY_SESSIONS,
    TALLY_VERDICT,                         /* four of them, by enum sg_verdict */
    TALLY_REPETITIONS = TALLY_VERDICT + 4, /* a side, when the session stopped */
    TALLY_REPETITIONS_SQUARED,
    TALLY_STOPPED,                                               /* by repetitions a side / 3 */
    TALLY_GATES = TALLY_STOPPED + NOISE_SLOTS / NOISE_BLOCK + 1, /* of the first kind, the second */
    TALLY_CROSSED = TALLY_GATES + 2,                             /* gates with L > 0 at some look */
    TALLY_CROSSED_SQUARED = TALLY_CROSSED + 2,                   /* of the number in one session */
    TALLY_DISAGREED = TALLY_CROSSED_SQUARED + 2,                 /* one a rule of mirror.c */
    TALLY_SIZE = TALLY_DISAGREED + 4
};

struct tally {
    uint64_t count[TALLY_SIZE];
};

/* Adds sessions first … first + count − 1 to the tally. */
typedef void run_part(const void *cell, uint64_t first, uint64_t count, struct tally *tally);

void run(run_part *part, const void *cell, uint64_t sessions, unsigned threads, struct tally *out);

/* Sessions of two sides, judged whole: verdicts freeze, so a running session would say the same. */
struct sides {
    struct noise noise;
    struct rules rules;
    uint64_t seed;
};

/* What one judged session adds. */
typedef void count_judged(const struct world *world, const struct sg_judgement *judgement,
                          struct tally *tally);
/* Draws, judges and counts sessions first … first + count − 1 of `sides`. */
void run_counted(const struct sides *sides, uint64_t first, uint64_t count, count_judged *add,
                 struct tally *tally);
/* Verdicts and where sessions stop. */
void run_sides(const void *cell, uint64_t first, uint64_t count, struct tally *tally);

double tally_mean_repetitions(const struct tally *tally);
double tally_error_of_mean(const struct tally *tally);
/* Half of the sessions had stopped by then. */
int tally_median_repetitions(const struct tally *tally);

#endif
