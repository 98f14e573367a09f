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

#endif
