/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the HTML report: sections, each written as far as the sheet has room, and what they are
 * made of. Text is escaped by sg_xml_text alone. */
#ifndef SG_REPORT_HTML_H
#define SG_REPORT_HTML_H

#include "report/plot.h"
#include "report/table.h"
#include "report/view.h"

/* The whole page stays below this; the pictures have limits of their own (plot.h). */
#define SG_HTML_LIMIT ((size_t)6 << 20)

void sg_html_style(struct sg_text *out);

void sg_html_league(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_gates(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_pictures(struct sg_sheet *sheet, const struct sg_plots *plots);
void sg_html_waivers(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_adjusted(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_strata(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_findings(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_numbers(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_decision(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_environment(struct sg_sheet *sheet, const struct sg_view *view);
void sg_html_again(struct sg_sheet *sheet, const struct sg_report *report);
void sg_html_guide(struct sg_text *out);

/* "fail": the class that has a state's colour. */
const char *sg_html_tone(enum sg_state state);
/* A mark and a word in the state's colour, inside `tag`. */
void sg_html_state(struct sg_text *out, const char *tag, enum sg_state state);

/* A name in <code>. */
void sg_html_code(struct sg_text *out, const char *name);

/* Cells. A head is of its column; a row's first cell is its head. */
void sg_html_head(struct sg_text *out, const char *text, bool number);
void sg_html_row_head(struct sg_text *out, const char *text, bool code);
void sg_html_cell(struct sg_text *out, const char *text, bool number);
/* The same, freeing what it is given. */
void sg_html_cell_take(struct sg_text *out, char *text, bool number);

/* A change with its interval below. */
void sg_html_change(struct sg_text *out, const char *change, const char *interval);

/* A table comes with its first row, or not at all: `head` is what stands before the rows (taken);
 * then rows by sg_sheet_add; then the end. */
void sg_html_table(struct sg_sheet *sheet, const char *before, const char *label,
                   struct sg_text *head);
void sg_html_table_end(struct sg_sheet *sheet);

#endif
