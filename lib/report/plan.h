/* SPDX-License-Identifier: Apache-2.0 */
/* A forecast (judge/plan.h) as people and machines read it: text, Markdown, svcgate.plan/1. */
#ifndef SG_REPORT_PLAN_H
#define SG_REPORT_PLAN_H

#include "base/error.h"
#include "base/text.h"
#include "judge/plan.h"

struct sg_plan_report {
    const struct sg_forecast *forecast;
    bool color; /* text format only */
    int width;  /* text format only; 0: 100 */
};

struct sg_plan_format {
    const char *name; /* "md" */
    void (*write)(const struct sg_plan_report *report, struct sg_text *out);
};

/* text, md (or markdown), json; NULL and an error when unknown. */
const struct sg_plan_format *sg_plan_format(const char *name, struct sg_error *err);

#endif
