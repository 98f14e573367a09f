/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: the pictures, those of the gates first. */
#include <stdlib.h>

#include "report/escape.h"
#include "report/html.h"

static const char gates_lead[] =
    "<h2>Every repetition</h2>\n<p class=\"lead\">On the left each point is one repetition as it "
    "was measured. On the right is what was concluded from them, where something was: the estimate "
    "with its interval, against the tolerance.</p>\n";

static const char curves_lead[] =
    "<h2>Latency, CPU and memory</h2>\n<p class=\"lead\">A thin line for each repetition, a thick "
    "one for the median of each variant. To look at: the verdict does not use these.</p>\n";

static void write_panel(struct sg_text *out, const struct sg_plot *plot, size_t index)
{
    char *id = sg_format("%s-%zu", plot->name, index + 1);

    sg_panel_write(&plot->panels[index], id, -1, 0, out);
    free(id);
}

static void write_note(struct sg_text *out, const struct sg_plot *plot)
{
    if (plot->note == NULL)
        return;
    sg_text_add(out, "<p class=\"note\">");
    sg_xml_text(out, plot->note);
    sg_text_add(out, "</p>\n");
}

/* Below its estimates: the judge's sentence about the worst. */
static void write_reason(struct sg_text *out, const struct sg_result *result)
{
    sg_text_add(out, "<p class=\"note\">");
    sg_html_code(out, result->variant);
    sg_text_add(out, ": ");
    sg_xml_text(out, result->reason);
    sg_text_add(out, "</p>\n");
}

static void add_gate(struct sg_sheet *sheet, const struct sg_plot *plot)
{
    struct sg_text piece = {0};

    sg_text_add(&piece, "<figure>\n<h3>");
    sg_xml_text(&piece, plot->title);
    if (plot->row != NULL)
        sg_html_state(&piece, "span", plot->row->state);
    sg_text_add(&piece, "</h3>\n<div class=\"panels\">\n");
    for (size_t i = 0; i < plot->count; i++) {
        sg_text_add(&piece, "<div>\n");
        write_panel(&piece, plot, i);
        if (plot->row != NULL && i + 1 == plot->count)
            write_reason(&piece, plot->row->result);
        sg_text_add(&piece, "</div>\n");
    }
    sg_text_add(&piece, "</div>\n");
    write_note(&piece, plot);
    sg_text_add(&piece, "</figure>\n");
    sg_sheet_add(sheet, &piece);
}

static void add_curves(struct sg_text *out, const struct sg_plot *plot)
{
    sg_text_add(out, "<figure>\n<h3>");
    sg_xml_text(out, plot->title);
    sg_text_add(out, "</h3>\n");
    write_panel(out, plot, 0);
    write_note(out, plot);
    sg_text_add(out, "</figure>\n");
}

void sg_html_pictures(struct sg_sheet *sheet, const struct sg_plots *plots)
{
    struct sg_text curves = {0};

    sg_sheet_title(sheet, gates_lead);
    for (size_t i = 0; i < plots->count; i++)
        if (plots->items[i].gate)
            add_gate(sheet, &plots->items[i]);
        else
            add_curves(&curves, &plots->items[i]);
    if (plots->left_out > 0)
        sg_text_printf(sheet->out, "<p class=\"note\">%zu more gates have no picture here.</p>\n",
                       plots->left_out);
    if (curves.size == 0)
        return;
    struct sg_text piece = {0};
    sg_sheet_title(sheet, curves_lead);
    sg_text_add(&piece, "<div class=\"panels\">\n");
    sg_text_bytes(&piece, curves.data, curves.size);
    sg_text_add(&piece, "</div>\n");
    sg_sheet_add(sheet, &piece);
    sg_text_free(&curves);
}
