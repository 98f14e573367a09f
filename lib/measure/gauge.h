/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic over the raw samples of one gauge within a window: maximum, mean over time, slope.
 * Pure. */
#ifndef SG_MEASURE_GAUGE_H
#define SG_MEASURE_GAUGE_H

#include "promql/promql.h"

struct sg_gauge {
    size_t count;    /* samples inside the window */
    double min, max; /* of these */
    double mean;     /* over time, linear between samples (also the neighbours outside) */
    double slope;    /* per second, Theil-Sen; NaN with fewer than three samples */
    double gap;      /* the longest time without a sample, seconds */
};

/* False when no sample lies inside [start, end] or one is not a number. */
bool sg_gauge_take(const struct sg_prom_point *points, size_t count, double start, double end,
                   struct sg_gauge *out);

/* Median of the slopes of all pairs (Theil 1950, Sen 1968). Of more than 240 samples every k-th is
 * taken. NaN with fewer than three. */
double sg_gauge_slope(const struct sg_prom_point *points, size_t count);

#endif
