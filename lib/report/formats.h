/* SPDX-License-Identifier: Apache-2.0 */
/* The writers behind the table in report.c, and the parts of the Markdown report. */
#ifndef SG_REPORT_FORMATS_H
#define SG_REPORT_FORMATS_H

#include "report/report.h"
#include "report/table.h"
#include "report/view.h"

void sg_write_text(const struct sg_report *report, struct sg_text *out);
void sg_write_markdown(const struct sg_report *report, struct sg_text *out);
void sg_write_comment(const struct sg_report *report, struct sg_text *out);
void sg_write_json(const struct sg_report *report, struct sg_text *out);
void sg_write_junit(const struct sg_report *report, struct sg_text *out);
void sg_write_csv(const struct sg_report *report, struct sg_text *out);
void sg_write_github(const struct sg_report *report, struct sg_text *out);
void sg_write_gitlab_load(const struct sg_report *report, struct sg_text *out);
void sg_write_codequality(const struct sg_report *report, struct sg_text *out);
void sg_write_openmetrics(const struct sg_report *report, struct sg_text *out);

void sg_write_html(const struct sg_report *report, struct sg_text *out);
void sg_write_svg(const struct sg_report *report, struct sg_text *out);
void sg_write_svg_files(const struct sg_report *report, struct sg_report_files *out);

/* Sections of the Markdown report, each written as far as the sheet has room. */
void sg_markdown_league(struct sg_sheet *sheet, const struct sg_view *view);
void sg_markdown_gates(struct sg_sheet *sheet, const struct sg_view *view);
void sg_markdown_waivers(struct sg_sheet *sheet, const struct sg_view *view);
void sg_markdown_adjusted(struct sg_sheet *sheet, const struct sg_view *view);
void sg_markdown_strata(struct sg_sheet *sheet, const struct sg_view *view);
void sg_markdown_findings(struct sg_sheet *sheet, const struct sg_view *view);
void sg_markdown_numbers(struct sg_sheet *sheet, const struct sg_view *view);
void sg_markdown_environment(struct sg_sheet *sheet, const struct sg_view *view);

/* Cells: a verdict; a name in a code span; text. */
void sg_state_cell(struct sg_table *table, enum sg_state state);
void sg_code_cell(struct sg_table *table, const char *name);
void sg_text_cell(struct sg_table *table, const char *text);

/* A cell of numbers: its spaces do not break, so that "12.1 ms" stays on one line. */
void sg_number_cell(struct sg_table *table, const char *text);
/* The same, freeing what it is given. */
void sg_number_take(struct sg_table *table, char *text);

#endif
