/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of a picture: text, lines, markers, a legend, and the colours of a light and a dark page.
 * Every text that is given is escaped here. Coordinates are pixels of the panel's own size. */
#ifndef SG_PLOT_SVG_H
#define SG_PLOT_SVG_H

#include "base/text.h"

/* Variants that have a look of their own: colour, marker and dashes. */
#define SG_LOOKS 6

/* One picture. */
struct sg_panel {
    double width, height;
    char *title, *desc; /* plain text, for those who cannot see it */
    struct sg_text body;
};

void sg_panel_clear(struct sg_panel *panel);

/* Writes the panel as an element with its place in a document, or (x < 0) to flow in a page. `id`
 * must be unique in the document. */
void sg_panel_write(const struct sg_panel *panel, const char *id, double x, double y,
                    struct sg_text *out);

/* The rules for `class` attributes, light and dark. */
void sg_svg_style(struct sg_text *out);

enum sg_anchor { SG_ANCHOR_START, SG_ANCHOR_MIDDLE, SG_ANCHOR_END };

/* `look` is a class of the style: "t" text, "q" quiet text, "b" bold. */
void sg_svg_text(struct sg_text *out, double x, double y, enum sg_anchor anchor, const char *look,
                 const char *text);
void sg_svg_line(struct sg_text *out, double x1, double y1, double x2, double y2, const char *look);
void sg_svg_box(struct sg_text *out, double x, double y, double width, double height,
                const char *look);
/* The marker of a variant with this look; its colour is that of the group around it. */
void sg_svg_marker(struct sg_text *out, double x, double y, size_t look, const char *tooltip);
/* <g class="s1 p"> … </g>: `kind` is "p" filled, "h" hollow, "thin", "thick". */
void sg_svg_group(struct sg_text *out, size_t look, const char *kind);
void sg_svg_group_end(struct sg_text *out);

/* What `text` takes up, roughly: fonts differ. */
double sg_svg_width(const char *text);

/* A legend: entries flow from left to right and into new lines. */
struct sg_legend {
    struct sg_text *out;
    double left, right;
    double x, y; /* of the next entry; y is the middle of its line */
};

enum sg_key { SG_KEY_POINT, SG_KEY_HOLLOW, SG_KEY_CURVE, SG_KEY_LINE, SG_KEY_BOX };

#define SG_LEGEND_LINE 19 /* pixels a line */

/* `look` is for a point, a hollow one and a curve, `style` (a class) for a line and a box. */
void sg_legend_add(struct sg_legend *legend, enum sg_key key, size_t look, const char *style,
                   const char *text);
/* Where the picture under the legend may begin. */
double sg_legend_end(const struct sg_legend *legend);

#endif
