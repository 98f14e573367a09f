/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of a median from order statistics: no assumption about the distribution. */
#ifndef SG_STATS_INTERVALS_H
#define SG_STATS_INTERVALS_H

#include "stats/stats.h"

/* The smallest u with P(U ≥ u) ≤ level when U ~ Bin(count, 1/2); count + 1 when there is none. */
size_t sg_sign_critical(size_t count, double level);

/* Bounds of the median of what the ascending values were drawn from, each with one-sided error
 * `level` (Thompson 1936): NaN where the sample is too small for it. */
struct sg_interval sg_median_interval(const double *sorted, size_t count, double level);

/* From any count statistic: with `critical` out of `count` ascending values, the greatest value
 * that at least `critical` of them reach, and the smallest that at least `critical` do not pass.
 * NaN when critical is 0 or above count. */
struct sg_interval sg_order_interval(const double *sorted, size_t count, size_t critical_low,
                                     size_t critical_high);

/* A lower bound of the median from a sample that is too small for order statistics: how far all of
 * it lies above a number, for how far it is spread, tells more than that it lies above. For a
 * density that falls beyond the median, the chance that all `count` values exceed a number m which
 * the median does not pass, the smallest at `t` of the way from m to the largest, is at most
 *
 *     2^-count · (1 − t)^(count − 1)
 *
 * (given the largest, each of the others lies above t of its way with 1 − t at most); the bound is
 * the m at which that is `level`. Whatever the density, the error is at most 2^-count. NaN for
 * fewer than SG_BEYOND_FEWEST values. */
#define SG_BEYOND_FEWEST 3 /* two may both be of one mood of the host */
double sg_beyond_bound(const double *sorted, size_t count, double level);

#endif
