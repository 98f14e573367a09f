/* SPDX-License-Identifier: Apache-2.0 */
/* The writers behind the table in report.c. */
#ifndef SG_REPORT_FORMATS_H
#define SG_REPORT_FORMATS_H

#include "report/report.h"
#include "view/view.h"

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

/* The whole page stays below this; the pictures have limits of their own (plot.h). */
#define SG_HTML_LIMIT ((size_t)6 << 20)
void sg_write_html(const struct sg_report *report, struct sg_text *out);
void sg_write_svg(const struct sg_report *report, struct sg_text *out);
void sg_write_svg_files(const struct sg_report *report, struct sg_report_files *out);

#endif
