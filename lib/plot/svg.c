/* SPDX-License-Identifier: Apache-2.0 */
/* SVG elements. No script, no reference to anything outside. */
#include "plot/svg.h"

#include <stdlib.h>

#include "base/clean.h"
#include "view/escape.h"

#define LETTER 6.6   /* mean width of a letter at the legend's size, a little too wide */
#define KEY 25       /* what a legend's sample takes: a line or a box, … */
#define KEY_POINT 14 /* … a point */

void sg_panel_clear(struct sg_panel *panel)
{
    free(panel->title);
    free(panel->desc);
    sg_text_free(&panel->body);
    *panel = (struct sg_panel){0};
}

void sg_panel_write(const struct sg_panel *panel, const char *id, double x, double y,
                    struct sg_text *out)
{
    sg_text_add(out, "<svg class=\"plot\"");
    if (x >= 0)
        sg_text_printf(out, " x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\"", x, y,
                       panel->width, panel->height);
    sg_text_printf(out, " viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"%s-t %s-d\">",
                   panel->width, panel->height, id, id);
    sg_text_printf(out, "<title id=\"%s-t\">", id);
    sg_xml_text(out, panel->title);
    sg_text_printf(out, "</title><desc id=\"%s-d\">", id);
    sg_xml_text(out, panel->desc);
    sg_text_add(out, "</desc>\n");
    sg_text_bytes(out, panel->body.data, panel->body.size);
    sg_text_add(out, "</svg>\n");
}

void sg_svg_text(struct sg_text *out, double x, double y, enum sg_anchor anchor, const char *look,
                 const char *text)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};

    sg_text_printf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\"%s>", look, x, y, anchors[anchor]);
    sg_xml_text(out, text);
    sg_text_add(out, "</text>\n");
}

void sg_svg_line(struct sg_text *out, double x1, double y1, double x2, double y2, const char *look)
{
    sg_text_printf(out, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", look, x1, y1, x2, y2);
}

void sg_svg_box(struct sg_text *out, double x, double y, double width, double height,
                const char *look)
{
    sg_text_printf(out,
                   "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
                   look, x, y, width, height);
}

/* Shapes of about the same area: circle, triangle, square, diamond, triangle down, cross. They
 * start at an offset from the middle and go on relative to it. */
static const struct {
    double x, y;
    const char *rest;
} shapes[SG_LOOKS] = {
    {-3.7, 0, "a3.7 3.7 0 1 0 7.4 0 3.7 3.7 0 1 0-7.4 0z"},
    {0, -4.9, "l4.6 8h-9.2z"},
    {-3.4, -3.4, "h6.8v6.8h-6.8z"},
    {0, -4.9, "l4.9 4.9-4.9 4.9-4.9-4.9z"},
    {0, 4.9, "l4.6-8h-9.2z"},
    {-1.5, -4.5, "h3v3h3v3h-3v3h-3v-3h-3v-3h3z"},
};

void sg_svg_marker(struct sg_text *out, double x, double y, size_t look, const char *tooltip)
{
    size_t shape = look % SG_LOOKS;

    sg_text_printf(out, "<path d=\"M%.1f %.1f%s\"", x + shapes[shape].x, y + shapes[shape].y,
                   shapes[shape].rest);
    if (tooltip == NULL) {
        sg_text_add(out, "/>\n");
        return;
    }
    sg_text_add(out, "><title>");
    sg_xml_text(out, tooltip);
    sg_text_add(out, "</title></path>\n");
}

void sg_svg_group(struct sg_text *out, size_t look, const char *kind)
{
    sg_text_printf(out, "<g class=\"s%zu %s\">\n", look % SG_LOOKS, kind);
}

void sg_svg_group_end(struct sg_text *out)
{
    sg_text_add(out, "</g>\n");
}

double sg_svg_width(const char *text)
{
    return LETTER * (double)sg_shown_width(text);
}

/* --- Legend ------------------------------------------------------------------------------- */

static void draw_key(struct sg_text *out, enum sg_key key, size_t look, const char *style, double x,
                     double y)
{
    switch (key) {
    case SG_KEY_POINT:
    case SG_KEY_HOLLOW:
        sg_svg_group(out, look, key == SG_KEY_POINT ? "p" : "h");
        sg_svg_marker(out, x + 5, y, look, NULL);
        sg_svg_group_end(out);
        break;
    case SG_KEY_CURVE:
        sg_svg_group(out, look, "thick");
        sg_text_printf(out, "<path d=\"M%.1f %.1fh%d\"/>\n", x, y, KEY - 6);
        sg_svg_group_end(out);
        break;
    case SG_KEY_LINE:
        sg_svg_line(out, x, y, x + KEY - 6, y, style);
        break;
    case SG_KEY_BOX:
        sg_svg_box(out, x, y - 6, KEY - 6, 12, style);
        break;
    }
}

void sg_legend_add(struct sg_legend *legend, enum sg_key key, size_t look, const char *style,
                   const char *text)
{
    double sample = key == SG_KEY_POINT || key == SG_KEY_HOLLOW ? KEY_POINT : KEY;
    double width = sample + sg_svg_width(text);

    if (legend->x > legend->left && legend->x + width > legend->right) {
        legend->x = legend->left;
        legend->y += SG_LEGEND_LINE;
    }
    draw_key(legend->out, key, look, style, legend->x, legend->y);
    sg_svg_text(legend->out, legend->x + sample, legend->y + 4, SG_ANCHOR_START, "t", text);
    legend->x += width + 14;
}

double sg_legend_end(const struct sg_legend *legend)
{
    return legend->y + SG_LEGEND_LINE;
}
