/* SPDX-License-Identifier: Apache-2.0 */
/* The formats for people: text, md, comment, html. Each builds the document and prints it. */
#include "report/formats.h"
#include "report/print.h"
#include "report/sections.h"

/* GitHub refuses comments above 65,536 characters and job summaries above 1 MiB. */
#define COMMENT_LIMIT 60000
#define SUMMARY_LIMIT ((size_t)900 * 1024)

static void write_markdown(const struct sg_report *report, size_t limit, struct sg_text *out)
{
    struct sg_doc doc = {.form = SG_FOR_MARKDOWN, .limit = limit};
    struct sg_view view;

    sg_view_init(&view, report);
    sg_report_doc(&doc, &view, NULL);
    sg_print_markdown(&doc, out);
    sg_doc_clear(&doc);
    sg_view_clear(&view);
}

void sg_write_markdown(const struct sg_report *report, struct sg_text *out)
{
    write_markdown(report, SUMMARY_LIMIT, out);
}

void sg_write_comment(const struct sg_report *report, struct sg_text *out)
{
    write_markdown(report, COMMENT_LIMIT, out);
}

void sg_write_html(const struct sg_report *report, struct sg_text *out)
{
    struct sg_doc doc = {.form = SG_FOR_HTML, .limit = SG_HTML_LIMIT};
    struct sg_view view;
    struct sg_plots plots;

    sg_view_init(&view, report);
    sg_plots_init(&plots, &view);
    sg_report_doc(&doc, &view, &plots);
    sg_print_html(&doc, out);
    sg_doc_clear(&doc);
    sg_plots_clear(&plots);
    sg_view_clear(&view);
}

void sg_write_text(const struct sg_report *report, struct sg_text *out)
{
    const struct sg_terminal_use use = {.width = report->width, .color = report->color};
    struct sg_doc doc = {.form = SG_FOR_TERMINAL};
    struct sg_view view;

    sg_view_init(&view, report);
    sg_report_doc(&doc, &view, NULL);
    sg_print_terminal(&doc, &use, out);
    sg_doc_clear(&doc);
    sg_view_clear(&view);
}
