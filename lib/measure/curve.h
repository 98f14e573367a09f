/* SPDX-License-Identifier: Apache-2.0 */
/* Curves for pictures, from samples that are in hand anyway: record/series.h says what they mean.
 * What cannot be drawn (a counter that was reset, no number) is left out. Pure. */
#ifndef SG_MEASURE_CURVE_H
#define SG_MEASURE_CURVE_H

#include "promql/promql.h"
#include "record/series.h"
#include "record/window.h"

/* A curve has at most this many points: of more samples, neighbours are taken together. */
#define SG_CURVE_POINTS 1000

/* Growth a second of a counter, between the window [start, end] and the sample on each side. */
void sg_curve_rate(const struct sg_prom_point *samples, size_t count, double start, double end,
                   struct sg_points *out);
/* A gauge; of neighbours that are taken together the highest stays. */
void sg_curve_gauge(const struct sg_prom_point *samples, size_t count, double start, double end,
                    struct sg_points *out);
/* The distribution of the latency, as far as k6 told it. */
void sg_curve_latency(const struct sg_load_summary *load, struct sg_points *out);

#endif
