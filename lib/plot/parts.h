/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef SG_PLOT_PARTS_H
#define SG_PLOT_PARTS_H

#include "plot/plot.h"
#include "plot/scale.h"

#define SG_PLOT_WIDTH 480.0
#define SG_PLOT_RIGHT (SG_PLOT_WIDTH - 10)
#define SG_NAME_SHOWN 28 /* bytes of a variant's name in a picture */

/* Who has which look: the reference has the first, whether or not it was measured; the others
 * follow, worst first. Borrowed. */
struct sg_cast {
    const char *names[SG_LOOKS]; /* names[0]: NULL without a reference */
    size_t count;
    size_t left_out; /* variants that are not drawn */
};

void sg_cast_init(struct sg_cast *cast, const struct sg_view *view);
/* The look of a variant; SG_LOOKS when it has none. */
size_t sg_cast_look(const struct sg_cast *cast, const char *variant);

/* The rows of one gate, worst first, of variants that have a look. */
struct sg_gate_rows {
    const struct sg_row *rows[SG_LOOKS];
    size_t looks[SG_LOOKS];
    size_t count;
};

/* A variant's name as it fits into a picture. Caller frees. */
char *sg_plot_name(const char *variant) SG_MUST_USE;

/* Where the numbers of a picture are. */
struct sg_frame {
    double left, top, right, bottom;
};

/* Room on the left for the labels of `ticks`. */
double sg_axis_room(const struct sg_ticks *ticks);
/* Grid and labels; an axis' unit stands above (y) or is part of `caption` (x). */
void sg_axis_y(struct sg_text *out, const struct sg_frame *frame, const struct sg_axis *axis,
               const struct sg_ticks *ticks);
void sg_axis_x(struct sg_text *out, const struct sg_frame *frame, const struct sg_axis *axis,
               const struct sg_ticks *ticks, const char *caption);

/* The vertical lines alone. */
void sg_axis_grid(struct sg_text *out, const struct sg_frame *frame, const struct sg_axis *axis,
                  const struct sg_ticks *ticks);

/* The number at which the tolerance ends: as a change, and as a value. NaN without one. */
double sg_edge_change(const struct sg_result *result);
double sg_edge_value(const struct sg_result *result);

/* All repetitions of a metric by block and variant; *out_note says what was left out, or NULL. */
void sg_draw_strip(struct sg_panel *panel, const struct sg_view *view, const struct sg_cast *cast,
                   const struct sg_gate_rows *gate, char **out_note);
/* Estimates with their intervals, against the tolerance, or the limit where there is no other. */
void sg_draw_forest(struct sg_panel *panel, const struct sg_gate_rows *gate);

enum sg_curves { SG_CURVES_LATENCY, SG_CURVES_CPU, SG_CURVES_MEMORY };

/* False, and nothing drawn, where the report has no such curves. */
bool sg_draw_curves(struct sg_panel *panel, const struct sg_view *view, const struct sg_cast *cast,
                    enum sg_curves kind, char **out_note);

#endif
