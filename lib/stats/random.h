/* SPDX-License-Identifier: Apache-2.0 */
/* A random generator whose numbers are the same everywhere: xoshiro256** (Blackman and Vigna 2018)
 * seeded by splitmix64. For orders and simulations, not for secrets. */
#ifndef SG_STATS_RANDOM_H
#define SG_STATS_RANDOM_H

#include "stats/stats.h"

struct sg_random {
    uint64_t state[4];
};

/* One step of splitmix64; moves *state on. */
uint64_t sg_splitmix64(uint64_t *state);

void sg_random_seed(struct sg_random *random, uint64_t seed);
uint64_t sg_random_next(struct sg_random *random);
/* 0 … bound − 1, each equally likely; 0 for bound 0. */
uint64_t sg_random_below(struct sg_random *random, uint64_t bound);
/* [0, 1) in steps of 2⁻⁵³ */
double sg_random_unit(struct sg_random *random);
/* Each order equally likely (Fisher and Yates). */
void sg_random_shuffle(struct sg_random *random, int *items, size_t count);

#endif
