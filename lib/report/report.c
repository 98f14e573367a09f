/* SPDX-License-Identifier: Apache-2.0 */
/* The table of formats. A new format is a file with a writer, its line in formats.h, and a row. */
#include "report/report.h"

#include <stdlib.h>

#include "report/formats.h"

static const struct sg_report_format formats[] = {
    {"text", "report.txt", "for a terminal: verdict, gates, findings", sg_write_text, false, NULL},
    {"md", "report.md", "Markdown: pull requests, job summaries; everything", sg_write_markdown,
     false, NULL},
    {"comment", "comment.md", "md, cut below 60,000 bytes for a comment", sg_write_comment, false,
     NULL},
    {"json", "verdict.json", "svcgate.verdict/1, all numbers exact", sg_write_json, false, NULL},
    {"junit", "junit.xml", "JUnit XML: a suite a variant, a case a gate", sg_write_junit, true,
     NULL},
    {"csv", "samples.csv", "the repetitions as plain samples, for svcgate judge", sg_write_csv,
     true, NULL},
    {"github", "annotations.txt", "GitHub annotations on svcgate.yaml", sg_write_github, false,
     NULL},
    {"gitlab-load", "load-performance.json", "GitLab's load_performance report",
     sg_write_gitlab_load, true, NULL},
    {"codequality", "gl-code-quality-report.json", "GitLab's codequality report",
     sg_write_codequality, true, NULL},
    {"openmetrics", "metrics.txt", "OpenMetrics text: GitLab's metrics report, Prometheus",
     sg_write_openmetrics, true, NULL},
    {"html", "report.html", "one page to open: everything, with pictures", sg_write_html, true,
     NULL},
    {"svg", "plots.svg", "the pictures; PATH is a file.svg, or a folder", sg_write_svg, true,
     sg_write_svg_files},
};

const struct sg_report_format *sg_report_formats(size_t *count)
{
    *count = SG_COUNT(formats);
    return formats;
}

static void fail_unknown(const char *name, struct sg_error *err)
{
    const char *names[SG_COUNT(formats)];
    struct sg_text known = {0};

    for (size_t i = 0; i < SG_COUNT(formats); i++) {
        names[i] = formats[i].name;
        sg_text_printf(&known, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    const char *near = sg_nearest(name, names, SG_COUNT(formats));
    if (near != NULL)
        sg_fail(err, SG_ERROR_CONFIG, "unknown format \"%s\": did you mean \"%s\"?", name, near);
    else
        sg_fail(err, SG_ERROR_CONFIG, "unknown format \"%s\": known are %s", name, known.data);
    sg_text_free(&known);
}

const struct sg_report_format *sg_report_format(const char *name, struct sg_error *err)
{
    if (sg_streq(name, "markdown"))
        name = "md";
    for (size_t i = 0; i < SG_COUNT(formats); i++)
        if (sg_streq(name, formats[i].name))
            return &formats[i];
    fail_unknown(name == NULL ? "" : name, err);
    return NULL;
}

void sg_report_files_clear(struct sg_report_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].name);
        sg_text_free(&files->items[i].text);
    }
    free(files->items);
    *files = (struct sg_report_files){0};
}
