/* SPDX-License-Identifier: Apache-2.0 */
/* What the plan's formats for people share: tables of plain cells, and lines around them. */
#ifndef SG_REPORT_PLAN_PARTS_H
#define SG_REPORT_PLAN_PARTS_H

#include "report/plan.h"
#include "report/table.h"
#include "report/view.h"

void sg_plan_write_text(const struct sg_plan_report *report, struct sg_text *out);
void sg_plan_write_markdown(const struct sg_plan_report *report, struct sg_text *out);
void sg_plan_write_json(const struct sg_plan_report *report, struct sg_text *out);

/* Nothing in the cells is escaped or cleaned; the first row is the head, the first column a name.
 * The caller clears the table. */
void sg_plan_gates_table(const struct sg_forecast *forecast, struct sg_table *table);
void sg_plan_change_table(const struct sg_forecast *forecast, size_t change,
                          struct sg_table *table);
/* Rows of assumed noises from `from` on that belong together; returns where the next ones begin. */
size_t sg_plan_assumed_table(const struct sg_forecast *forecast, size_t from,
                             struct sg_table *table);
enum sg_state sg_plan_gate_state(const struct sg_forecast_gate *gate);
enum sg_state sg_plan_state(const struct sg_forecast *forecast);

/* Lines, one sentence or two each; NULL where there is nothing to say. Caller frees. */
char *sg_plan_say_schedule(const struct sg_forecast *forecast);
char *sg_plan_say_noise(const struct sg_forecast *forecast);
char *sg_plan_say_together(const struct sg_forecast *forecast);
char *sg_plan_say_screen(const struct sg_forecast *forecast);
char *sg_plan_say_change(const struct sg_forecast *forecast, size_t change);
char *sg_plan_say_assumed(const struct sg_forecast *forecast, size_t from);
char *sg_plan_say_legend(const struct sg_forecast *forecast);

#endif
