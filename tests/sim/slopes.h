/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for the slope of a control variate, and the differences that are left with it. */
#ifndef SG_TESTS_SIM_SLOPES_H
#define SG_TESTS_SIM_SLOPES_H

#include "sim/world.h"

#define SLOPE_BLOCKS 7
#define SLOPE_SIDE (NOISE_BLOCK / 2)
#define SLOPE_PAIRS ((size_t)SLOPE_SIDE * SLOPE_SIDE)

struct slope_session {
    const struct noise_session *drawn;
    const struct world *world; /* filled with it */
};

/* Writes one slope a block. */
typedef void slope_rule(const struct slope_session *session, double *gamma);

slope_rule slopes_of_the_judge;
/* Wrong: whatever makes the variant look worst in the block itself. */
slope_rule slopes_that_look_worst;
/* Wrong: the block itself is in the sums, its labels not looked at. */
slope_rule slopes_of_the_block_too;

/* All differences of x = y − γz of one block. */
void slope_differences(const struct noise_session *drawn, size_t block, double gamma, double *out);

#endif
