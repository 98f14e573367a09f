/* SPDX-License-Identifier: Apache-2.0 */
/* From numbers to places on a picture, and the ticks of an axis: steps of 1, 2 and 5. */
#ifndef SG_PLOT_SCALE_H
#define SG_PLOT_SCALE_H

#include "base/text.h"

/* Numbers from..to lie at start..end. All must be finite and from < to; log: from > 0. */
struct sg_axis {
    double from, to;
    double start, end;
    bool log;
};

/* Where a number stands; far outside of the axis not further than 20 of its lengths. NaN: NaN. */
double sg_axis_at(const struct sg_axis *axis, double value);

/* The range that numbers fill so far; empty while from > to. */
struct sg_range {
    double from, to;
};

#define SG_RANGE_EMPTY ((struct sg_range){1, -1})

/* Takes a number in; what is not finite, or beyond 1e200, is left out. */
void sg_range_add(struct sg_range *range, double value);
bool sg_range_is_empty(const struct sg_range *range);
/* Makes room for what stands at the edges: `share` of the width at each side. A range of one
 * number, or none, gets a width. */
void sg_range_pad(struct sg_range *range, double share);

#define SG_TICKS 12

struct sg_ticks {
    double at[SG_TICKS];
    char *labels[SG_TICKS]; /* plain text, without the unit where `unit` has it */
    size_t count;
    char *unit; /* "ms", "%"; "" where the labels have it */
};

/* About `wanted` ticks of numbers in `unit` (base/units.h). `sign`: "+5" rather than "5". */
void sg_ticks_init(struct sg_ticks *ticks, const struct sg_axis *axis, const char *unit, int wanted,
                   bool sign);
void sg_ticks_clear(struct sg_ticks *ticks);

#endif
