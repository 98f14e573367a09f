/* SPDX-License-Identifier: Apache-2.0 */
/* Order statistics: medians, quantiles, differences within a block, slopes. */
#ifndef SG_STATS_RANKS_H
#define SG_STATS_RANKS_H

#include "stats/stats.h"

/* Ascending, in place, O(n log n) at worst. The values must not be NaN. */
void sg_sort(double *values, size_t count);

/* NaN when empty. The first sorts `values` in place; the others want them ascending. */
double sg_median(double *values, size_t count);
double sg_median_sorted(const double *sorted, size_t count);
/* Hyndman and Fan's type 7, rank p·(n − 1) with linear interpolation: k6's and NumPy's. */
double sg_quantile_sorted(const double *sorted, size_t count, double p);

/* Writes all variant − reference differences of one block and returns how many. */
size_t sg_differences(const double *reference, size_t reference_count, const double *variant,
                      size_t variant_count, double *out);

/* How many of the ascending values are greater, less than `bound`: ties count for neither. */
size_t sg_count_above(const double *sorted, size_t count, double bound);
size_t sg_count_below(const double *sorted, size_t count, double bound);

/* Theil and Sen's slope: the median of the slopes of all pairs (those with equal times left out),
 * with its exact interval from Kendall's null distribution and the one-sided p-value of a rise. */
struct sg_slope {
    double slope; /* NaN without two different times */
    struct sg_interval interval;
    double p;
};
/* `level`: one-sided error of each bound. At most 1,000 points. */
bool sg_theil_sen(const double *times, const double *values, size_t count, double level,
                  struct sg_slope *out) SG_STATS_MUST_USE;

#endif
