/* SPDX-License-Identifier: Apache-2.0 */
/* Statistics without surprises: no I/O, no clock, no state, libm alone. This header holds what the
 * subjects share; each subject has a header of its own (ranks, boundaries, intervals, exact,
 * distributions, adjust, random). docs/method.md has the formulas and their sources.
 *
 * Missing numbers are NaN. Functions that need memory return false when there is none, or when the
 * question is larger than the limit that their comment names; they then leave *out alone. */
#ifndef SG_STATS_STATS_H
#define SG_STATS_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_STATS_MUST_USE __attribute__((warn_unused_result))

/* How many repetitions of each side one block holds. */
struct sg_shape {
    int reference, variant;
};

/* One-sided bounds; NaN where none exists at this size and level. */
struct sg_interval {
    double low, high;
};

#endif
