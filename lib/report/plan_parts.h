/* SPDX-License-Identifier: Apache-2.0 */
/* What the plan's files share. */
#ifndef SG_REPORT_PLAN_PARTS_H
#define SG_REPORT_PLAN_PARTS_H

#include "report/plan.h"

void sg_plan_write_json(const struct sg_plan_report *report, struct sg_text *out);

/* A time in whole minutes, or "–". Caller frees. */
char *sg_plan_show_time(double seconds) SG_MUST_USE;

/* One sentence or two each; NULL where there is nothing to say. Caller frees. */
char *sg_plan_say_schedule(const struct sg_forecast *forecast) SG_MUST_USE;
char *sg_plan_say_noise(const struct sg_forecast *forecast) SG_MUST_USE;
char *sg_plan_say_together(const struct sg_forecast *forecast) SG_MUST_USE;
char *sg_plan_say_screen(const struct sg_forecast *forecast) SG_MUST_USE;
char *sg_plan_say_change(const struct sg_forecast *forecast, size_t change) SG_MUST_USE;
char *sg_plan_say_assumed(const struct sg_forecast *forecast, size_t from) SG_MUST_USE;
char *sg_plan_say_legend(const struct sg_forecast *forecast) SG_MUST_USE;

#endif
