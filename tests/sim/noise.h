/* SPDX-License-Identifier: Apache-2.0 */
/* Simulated sessions: what repetitions would measure on hosts that disturb in different ways.
 * Noise lies over the real time order of the slots; who is measured in which slot is drawn. */
#ifndef SG_TESTS_SIM_NOISE_H
#define SG_TESTS_SIM_NOISE_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/random.h"

/* All on the log scale; the SD of one repetition is the CV unless said. */
enum noise_shape {
    NOISE_GAUSS,
    NOISE_OUTLIER,   /* gauss, and in 10 % of the slots Exp(mean 4 CV) on top */
    NOISE_PARETO,    /* Lomax(3) / 0.866 */
    NOISE_BIMODAL,   /* 70 % and 30 %, 2 CV apart, each 0.4 CV wide */
    NOISE_AR1,       /* each slot remembers 0.7 of the one before */
    NOISE_TWO_SPEED, /* host switches in 12 % of the slots between speeds 3 CV apart; 0.6 CV own */
    NOISE_WALK,      /* random walk in steps of 0.5 CV, and 0.8 CV own */
    NOISE_TREND,     /* gauss, and 0.3 CV more with every slot */
    NOISE_UNEVEN,    /* gauss, the candidate's twice as wide: its spread is another */
    /* disturbances of the order: */
    NOISE_PERIOD2, /* gauss, and every second slot 0.6 CV dearer */
    NOISE_REBOUND, /* each slot takes back 0.5 of the one before */
    NOISE_SHAPES
};

const char *noise_name(enum noise_shape shape);
/* NOISE_SHAPES when there is none of this name. */
enum noise_shape noise_find(const char *name);

/* How a control variate goes with the host's noise. */
enum noise_witness {
    WITNESS_NONE,
    WITNESS_RELATED,   /* sees 90 % of the variance of the first metric's noise */
    WITNESS_WEAK,      /* sees 30 % of it */
    WITNESS_UNRELATED, /* noise of its own */
    WITNESS_SOMETIMES, /* related in every second block on average, else unrelated */
    WITNESS_OPPOSITE,  /* the host's noise with the wrong sign */
    WITNESS_STEEP,     /* related, but ten times as wide: the true slope is 0.1 */
    WITNESS_HEAVY,     /* related, and in 5 % of the slots off by Cauchy noise of 10 CV */
    WITNESS_CAUCHY,    /* related, with Cauchy noise of a third of the CV in every slot */
    WITNESS_KINDS
};

const char *noise_witness_name(enum noise_witness witness);

#define NOISE_METRICS 80 /* at most */
#define NOISE_SLOTS 120  /* at most: 20 blocks of 3 + 3 */
#define NOISE_BLOCK 6    /* slots of one block: three a side */

struct noise {
    enum noise_shape shape;
    double cv;
    double effect; /* relative change of the first metric in the candidate */
    size_t metrics;
    double rho;       /* correlation between metrics */
    bool alternating; /* ABAB… instead of a random order */
    bool wide;        /* the first two blocks are one of 6 + 6 */
    enum noise_witness witness;
    size_t blocks;
};

/* Logarithms, slot by slot. */
struct noise_session {
    bool candidate[NOISE_SLOTS];
    double y[NOISE_METRICS][NOISE_SLOTS];
    double witness[NOISE_SLOTS];
};

/* Session `number` of a simulation with this seed; it depends on nothing else. */
void noise_draw(const struct noise *noise, uint64_t seed, uint64_t number,
                struct noise_session *out);

/* Standard normal values by Box and Muller (1958), which makes two at a time. */
struct noise_source {
    struct sg_random random;
    double spare;
    bool has_spare;
};
void noise_seed(struct noise_source *source, uint64_t seed, uint64_t number);
double noise_normal(struct noise_source *source);

#endif
