/* SPDX-License-Identifier: Apache-2.0 */
/* A judgement as people and machines read it: a table of formats. Those for people build one
 * document (doc.h) and print it. Writes into a given text; opens no file. Whatever comes from
 * outside is escaped for its format. */
#ifndef SG_REPORT_REPORT_H
#define SG_REPORT_REPORT_H

#include "base/error.h"
#include "base/text.h"
#include "view/view.h"

/* One of several files that a report consists of. */
struct sg_report_file {
    char *name; /* [a-z0-9_-] and a suffix: "gate-latency_p95.svg" */
    struct sg_text text;
};

struct sg_report_files {
    struct sg_report_file *items;
    size_t count;
};

struct sg_report_format {
    const char *name; /* "md" */
    const char *file; /* default file name in a bundle: "report.md" */
    const char *help;
    void (*write)(const struct sg_report *report, struct sg_text *out);
    bool alone; /* a file of this format holds one report, not several one behind the other */
    /* Its parts, for a folder instead of one file; NULL for a format without parts. */
    void (*write_files)(const struct sg_report *report, struct sg_report_files *out);
};

/* All formats, in the order of the help text. */
const struct sg_report_format *sg_report_formats(size_t *count);
/* NULL and an error (with the nearest name) when unknown. "markdown" is "md". */
const struct sg_report_format *sg_report_format(const char *name, struct sg_error *err);

void sg_report_files_clear(struct sg_report_files *files);

/* What is to be said at a line of svcgate.yaml: `github` makes annotations of it. One line each,
 * not escaped. */
struct sg_remark {
    const char *level; /* "error", "warning", "notice" */
    int line;          /* from 1 */
    char *title;
    char *message;
};

struct sg_remarks {
    char *headline; /* of the whole: "FAIL: latency_p95 of node is 83.6 % worse than go" */
    struct sg_remark *items;
    size_t count;
};

/* Of gates that did not simply pass, worst first: at most `most`, and one that says how many more.
 * Then waivers that hold. At least one, also for a pass. */
void sg_remarks_init(struct sg_remarks *remarks, const struct sg_report *report, size_t most);
void sg_remarks_clear(struct sg_remarks *remarks);

#endif
