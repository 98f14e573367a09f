/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures of a report: for each gate all repetitions and what was concluded from them; then
 * the latency distribution, CPU and memory over time, where the bundle has them. Drawn once, for
 * the HTML page and for SVG files. */
#ifndef SG_PLOT_PLOT_H
#define SG_PLOT_PLOT_H

#include "plot/svg.h"
#include "view/view.h"

/* What keeps a report of thousands of metrics and repetitions small. */
#define SG_PLOT_GATES 24    /* pictures of gates, the worst first */
#define SG_PLOT_POINTS 1200 /* points in one of them */
#define SG_PLOT_LINES 60    /* repetitions in a picture of curves */
#define SG_PLOT_BENDS 120   /* points of one curve */

#define SG_PANELS 2

struct sg_plot {
    char *name;               /* "gate-latency_p95": [a-z0-9_-] only, unique */
    char *title;              /* plain text */
    char *note;               /* what was left out, or NULL */
    bool gate;                /* it shows repetitions, not curves */
    const struct sg_row *row; /* the worst of the gate; NULL where it was not judged */
    struct sg_panel panels[SG_PANELS];
    size_t count; /* of panels */
};

struct sg_plots {
    struct sg_plot *items;
    size_t count;
    size_t left_out; /* gates of variants without a picture */
};

void sg_plots_init(struct sg_plots *plots, const struct sg_view *view);
void sg_plots_clear(struct sg_plots *plots);

#endif
