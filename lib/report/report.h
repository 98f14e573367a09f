/* SPDX-License-Identifier: Apache-2.0 */
/* A judgement as people and machines read it: a table of formats, one file each. Writes into a
 * given text; opens no file. Whatever comes from outside is escaped for its format. */
#ifndef SG_REPORT_REPORT_H
#define SG_REPORT_REPORT_H

#include "base/error.h"
#include "base/text.h"
#include "judge/verdict.h"
#include "record/record.h"

struct sg_report {
    const struct sg_session *session;
    const struct sg_judgement *judgement;
    const char *title;    /* of one report among several, or NULL */
    const char *bundle;   /* path of the bundle to name, or NULL */
    const char *config;   /* path of svcgate.yaml, or NULL */
    const char *baseline; /* path of the stored baseline, or NULL */
    bool color;           /* text format only */
    int width;            /* text format only; 0: 100 */
};

struct sg_report_format {
    const char *name; /* "md" */
    const char *file; /* default file name in a bundle: "report.md" */
    const char *help;
    void (*write)(const struct sg_report *report, struct sg_text *out);
};

/* All formats, in the order of the help text. */
const struct sg_report_format *sg_report_formats(size_t *count);
/* NULL and an error (with the nearest name) when unknown. "markdown" is "md". */
const struct sg_report_format *sg_report_format(const char *name, struct sg_error *err);

#endif
