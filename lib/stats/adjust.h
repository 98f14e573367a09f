/* SPDX-License-Identifier: Apache-2.0 */
/* Control variates: the slopes that take the host's noise out of a value. */
#ifndef SG_STATS_ADJUST_H
#define SG_STATS_ADJUST_H

#include "stats/stats.h"

/* Sums of products of deviations from a group's mean, over groups: `zz` is count × count, row by
 * row, `zy` has count elements. Add a group at a time: `rows` values of y, and of z row by row. */
void sg_adjust_add(size_t count, size_t rows, const double *z, const double *y, double *zz,
                   double *zy);

/* The same of y alone, and how many of its deviations are free: rows − 1 a group. */
struct sg_adjust_total {
    double squares, freedom;
};
void sg_adjust_add_total(size_t rows, const double *y, struct sg_adjust_total *total);

/* Ridge slopes γ = (Λ + S_zz)⁻¹(Λγ0 + S_zy), Λ = diag(lambda), by Cholesky. A control variate
 * whose diagonal is zero (it never varied) gets 0. `work` has room for count · (count + 1) numbers.
 * False when the rest is singular. */
bool sg_adjust_slopes(size_t count, const double *zz, const double *zy, const double *lambda,
                      const double *prior, double *work, double *out) SG_STATS_MUST_USE;

/* How far slopes may be trusted after the groups they were found in: max(0, 1 − 2·s²/E), E what
 * they take out of total->squares and s² the mean square that they leave. 1 without any data. */
double sg_adjust_trust(size_t count, const double *zz, const double *zy, const double *slopes,
                       const struct sg_adjust_total *total) SG_STATS_MUST_USE;

#endif
