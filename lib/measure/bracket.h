/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic over the raw samples of one counter: its growth in the window, between idle brackets.
 * Pure; docs/method.md 2.3. Never rate() or increase(): those extrapolate. */
#ifndef SG_MEASURE_BRACKET_H
#define SG_MEASURE_BRACKET_H

#include "promql/promql.h"
#include "record/record.h"

/* Where the container idles and where it works; seconds since 1970. */
struct sg_edges {
    double from;       /* idle from here … */
    double start, end; /* … to here; loaded; */
    double settled;    /* idle again from here … */
    double until;      /* … to here */
};

enum sg_bracket_status {
    SG_BRACKET_OK,
    SG_BRACKET_NO_POINTS,
    SG_BRACKET_NO_BEFORE, /* no sample in the idle gap before the window */
    SG_BRACKET_NO_AFTER,  /* no sample in the idle stretch after it */
    SG_BRACKET_RESET      /* the counter went down (or is not a number): another container */
};

/* The bracket around the window: ta the last sample of the idle stretch before it, tb the first of
 * the one after. idle_rate comes from the samples inside both stretches; where they are too few it
 * is `idle_guess`, which may be NaN: then nothing is removed. `out` is set on OK only. */
enum sg_bracket_status sg_bracket_take(const struct sg_prom_point *points, size_t count,
                                       const struct sg_edges *edges, double idle_guess,
                                       struct sg_bracket *out);

/* The longest time within [from, to] without a sample, its edges included. */
double sg_points_gap(const struct sg_prom_point *points, size_t count, double from, double to);

/* The value at `time`, linear between samples, constant beyond the first and last; NaN without
 * samples. */
double sg_points_at(const struct sg_prom_point *points, size_t count, double time);

/* ln of the counter's rate in the window's last quarter over that in its first, a second away from
 * either edge; NaN when the window is under 10 s or nothing was counted. Zero in a steady state. */
double sg_points_drift(const struct sg_prom_point *points, size_t count, double start, double end);

#endif
