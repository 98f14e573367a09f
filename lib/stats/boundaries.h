/* SPDX-License-Identifier: Apache-2.0 */
/* Group-sequential tests on sums of independent counts, exact for any blocks, schedule and error.
 *
 * A block gives a count (how many of its differences speak for "worse") whose law without effect
 * is known: by randomisation for ranks, by coin tossing for signs. The sum over blocks is followed
 * by dynamic programming; each look takes away the sums at or above its critical integer. */
#ifndef SG_STATS_BOUNDARIES_H
#define SG_STATS_BOUNDARIES_H

#include "stats/stats.h"

/* P(count = k), k = 0 … top. */
struct sg_law {
    double *mass;
    size_t top;
};

/* No sum reaches it: "no verdict possible at this look". */
#define SG_NEVER SIZE_MAX

/* Differences within one block may be at most this many (100 × 100). */
#define SG_PAIRS_MAX 10000

/* Mann-Whitney's count of pairs (variant above reference) of a block of this shape, when the
 * order is random. `hazard` is the variant's hazard relative to the reference's (Lehmann
 * alternatives): 1 without effect, below 1 when the variant is larger. Recursion over the smallest
 * value, only positive terms. False when memory is short or SG_PAIRS_MAX is passed. */
bool sg_law_ranks(struct sg_shape shape, double hazard, struct sg_law *out) SG_STATS_MUST_USE;
/* Heads among `count` tosses of a fair coin. */
bool sg_law_signs(size_t count, struct sg_law *out) SG_STATS_MUST_USE;
void sg_law_free(struct sg_law *law);

struct sg_schedule {
    const struct sg_law *const *laws; /* one a block; may repeat; NULL: says nothing */
    size_t blocks;
    const size_t *look_blocks; /* blocks seen at each look, rising, at most `blocks` */
    const double *share;       /* of the error that may be spent up to each look, rising to 1 */
    size_t looks;
};

/* The critical integer of each look: the smallest u such that all probability absorbed so far
 * stays within alpha·share (to 1e-12 relative, so that an exact equality counts as within).
 * *out_spent: what is absorbed in all; may be NULL. */
bool sg_boundaries(const struct sg_schedule *schedule, double alpha, size_t *out_critical,
                   double *out_spent) SG_STATS_MUST_USE;

/* The probability that some look's sum reaches its critical integer under these laws. */
bool sg_crossing(const struct sg_schedule *schedule, const size_t *critical,
                 double *out) SG_STATS_MUST_USE;

/* The smallest error at which `sum` at `look` (from 0) would have been critical, between low and
 * high, by bisection; `high` when it is not critical there. */
bool sg_crossing_level(const struct sg_schedule *schedule, size_t look, size_t sum, double low,
                       double high, double *out) SG_STATS_MUST_USE;

/* The shift, in SDs of one repetition, that the test of these critical integers finds with
 * probability `power` over the looks of the schedule, blocks of the given shapes. Orders follow
 * Lehmann alternatives with the P(variant > reference) = Φ(shift/√2) of normal values, which
 * agrees with simulated normal values within 6 % (docs/method.md). NaN when no shift does. */
bool sg_detectable_shift(const struct sg_schedule *schedule, const struct sg_shape *shapes,
                         const size_t *critical, double power, double *out) SG_STATS_MUST_USE;

#endif
