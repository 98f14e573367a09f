/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures as documents of their own: each as a file, or all in one below each other. */
#include <math.h>
#include <stdlib.h>

#include "plot/plot.h"
#include "report/formats.h"
#include "report/sentence.h"
#include "view/escape.h"

#define MARGIN 16
#define HEAD 40 /* a picture's title */
#define NOTE 22 /* what was left out */

/* How wide and how high the panels of a picture are, side by side, with title and note. */
static double width_of(const struct sg_plot *plot)
{
    double width = MARGIN;

    for (size_t i = 0; i < plot->count; i++)
        width += plot->panels[i].width + MARGIN;
    return width;
}

static double height_of(const struct sg_plot *plot)
{
    double height = 0;

    for (size_t i = 0; i < plot->count; i++)
        height = fmax(height, plot->panels[i].height);
    return HEAD + height + (plot->note != NULL ? NOTE : 0);
}

static void write_plot(const struct sg_plot *plot, double left, double top, struct sg_text *out)
{
    double x = left + MARGIN;

    sg_svg_text(out, x, top + 26, SG_ANCHOR_START, "b head", plot->title);
    for (size_t i = 0; i < plot->count; i++) {
        char *id = sg_format("%s-%zu", plot->name, i + 1);
        sg_panel_write(&plot->panels[i], id, x, top + HEAD, out);
        x += plot->panels[i].width + MARGIN;
        free(id);
    }
    if (plot->note != NULL)
        sg_svg_text(out, left + MARGIN, top + height_of(plot) - 6, SG_ANCHOR_START, "q",
                    plot->note);
}

/* --- Documents ---------------------------------------------------------------------------- */

static void open_document(struct sg_text *out, double width, double height, const char *title,
                          const char *desc)
{
    sg_text_printf(out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" width=\"%.0f\" "
                   "height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">\n<title>",
                   width, height, width, height);
    sg_xml_text(out, title);
    sg_text_add(out, "</title>\n<desc>");
    sg_xml_text(out, desc);
    sg_text_add(out, "</desc>\n<style>");
    sg_svg_style(out);
    sg_text_add(out, "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
}

static char *summary_of(const struct sg_view *view)
{
    struct sg_text text = {0};
    enum sg_state state = sg_view_overall(view->report->judgement);

    sg_text_printf(&text, "svcgate: %s, ", sg_state_word(state));
    sg_say_headline_plain(&text, view);
    return sg_text_take(&text);
}

/* Places pictures below each other; two of one panel go side by side. */
struct layout {
    double width, height;
    double row; /* height of the row that is begun, with one picture of one panel in it */
};

static double place(struct layout *layout, const struct sg_plot *plot, double *out_x)
{
    bool beside = layout->row > 0 && plot->count == 1;

    *out_x = beside ? width_of(plot) - MARGIN : 0;
    double y = layout->height - (beside ? layout->row : 0);
    layout->width = fmax(layout->width, *out_x + width_of(plot));
    layout->height = fmax(layout->height, y + height_of(plot));
    layout->row = beside || plot->count > 1 ? 0 : height_of(plot);
    return y;
}

void sg_write_svg(const struct sg_report *report, struct sg_text *out)
{
    struct sg_view view;
    struct sg_plots plots;
    struct sg_text body = {0};
    struct layout layout = {.width = 2 * MARGIN + 480};

    sg_view_init(&view, report);
    sg_plots_init(&plots, &view);
    for (size_t i = 0; i < plots.count; i++) {
        double x = 0;
        double y = place(&layout, &plots.items[i], &x);
        write_plot(&plots.items[i], x, y, &body);
    }
    char *summary = summary_of(&view);
    double height = layout.height + MARGIN;
    if (plots.left_out > 0) {
        char *note = sg_format("%zu more gates without a picture", plots.left_out);
        sg_svg_text(&body, MARGIN, height + 6, SG_ANCHOR_START, "q", note);
        height += NOTE;
        free(note);
    }
    open_document(out, layout.width, height, summary, "All pictures of the report");
    sg_text_bytes(out, body.data, body.size);
    sg_text_add(out, "</svg>\n");
    sg_text_free(&body);
    free(summary);
    sg_plots_clear(&plots);
    sg_view_clear(&view);
}

void sg_write_svg_files(const struct sg_report *report, struct sg_report_files *out)
{
    struct sg_view view;
    struct sg_plots plots;

    sg_view_init(&view, report);
    sg_plots_init(&plots, &view);
    char *summary = summary_of(&view);
    for (size_t i = 0; i < plots.count; i++) {
        const struct sg_plot *plot = &plots.items[i];
        out->items = sg_grow(out->items, out->count, sizeof(*out->items));
        struct sg_report_file *file = &out->items[out->count++];
        file->name = sg_format("%s.svg", plot->name);
        open_document(&file->text, width_of(plot), height_of(plot) + MARGIN, plot->title, summary);
        write_plot(plot, 0, 0, &file->text);
        sg_text_add(&file->text, "</svg>\n");
    }
    free(summary);
    sg_plots_clear(&plots);
    sg_view_clear(&view);
}
