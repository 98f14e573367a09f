/* SPDX-License-Identifier: Apache-2.0 */
/* Curves of repetitions made ready to be drawn: cleaned, thinned, with the median of each
 * variant. */
#ifndef SG_PLOT_SERIES_H
#define SG_PLOT_SERIES_H

#include "plot/parts.h"
#include "record/series.h"

struct sg_curve {
    size_t look;
    struct sg_points points; /* own */
};

struct sg_curve_set {
    struct sg_curve *curves; /* one a repetition */
    size_t count;
    size_t total;                       /* with those that are not drawn */
    struct sg_points medians[SG_LOOKS]; /* point by point, of all; empty without a curve */
    struct sg_range x, y;
    double slowest; /* latency: where the share 1 stands, behind all others */
};

/* Of the repetitions that count. Latency: x is sg_tail_place of the share. */
void sg_curve_set_init(struct sg_curve_set *set, const struct sg_view *view,
                       const struct sg_cast *cast, enum sg_curves kind);
void sg_curve_set_clear(struct sg_curve_set *set);

/* Where a share of the requests below 1 stands on an axis that stretches the tail: 0, 1, 2 for 0,
 * 90 and 99 %. */
double sg_tail_place(double share);

#endif
