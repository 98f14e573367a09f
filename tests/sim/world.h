/* SPDX-License-Identifier: Apache-2.0 */
/* Simulated repetitions as a session of the judge, which is filled again and again. */
#ifndef SG_TESTS_SIM_WORLD_H
#define SG_TESTS_SIM_WORLD_H

#include "judge/judge.h"
#include "sim/noise.h"

/* What was planned. Every metric has a gate of weight 1; weights that are not 0 overrule it. */
struct rules {
    double alpha, beta, tolerance;
    int min_repetitions, max_repetitions;
    bool adjust; /* the witness is taken out */
    bool wide;   /* the first block has six of each side */
    double weights[NOISE_METRICS];
};

/* alpha 1 %, beta 5 %, tolerance 5 %, looks at 6, 9, … 21. */
struct rules rules_default(void);

struct world {
    struct sg_session session;
    char *names[2]; /* base, candidate; rows borrow them */
};

/* `metrics` gates; a witness as control variate when rules->adjust. */
void world_init(struct world *world, const struct rules *rules, size_t metrics, size_t blocks);
void world_clear(struct world *world);
void world_fill(struct world *world, const struct noise_session *drawn);
/* Ends the program when the judge refuses. */
void world_judge(const struct world *world, struct sg_judgement *out);

/* Repetitions a side after which a running session had stopped. */
int world_stopped_at(const struct world *world, const struct sg_judgement *judgement);

/* A session of one variant, to be stored or to be judged against stored ones. */
void world_init_single(struct world *world, const struct rules *rules, size_t repetitions);

#endif
