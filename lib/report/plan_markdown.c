/* SPDX-License-Identifier: Apache-2.0 */
/* The plan as Markdown. */
#include "report/plan_parts.h"

#include <stdlib.h>

#include "report/escape.h"
#include "report/formats.h"

#define LIMIT ((size_t)900 * 1024) /* a job's summary */

static void write_line(struct sg_text *out, const char *before, char *line)
{
    if (line == NULL)
        return;
    sg_text_add(out, before);
    sg_markdown_text(out, line);
    sg_text_add(out, "\n");
    free(line);
}

/* Clears the table. */
static void write_table(struct sg_text *out, struct sg_table *plain, bool named)
{
    struct sg_table table;
    struct sg_sheet sheet = {.out = out, .limit = out->size + LIMIT};
    sg_table_init(&table, plain->align);
    size_t column = 0;
    for (size_t i = 0; i < plain->count; i++) {
        if (i < plain->columns)
            sg_text_cell(&table, plain->cells[i]);
        else if (named && column == 0)
            sg_code_cell(&table, plain->cells[i]);
        else
            sg_number_cell(&table, plain->cells[i]);
        column = column + 1 < plain->columns ? column + 1 : 0;
    }
    sg_text_add(out, "\n");
    sg_table_write(&table, &sheet);
    sg_text_free(&sheet.title);
    sg_table_clear(plain);
}

static void write_gates(struct sg_text *out, const struct sg_forecast *forecast)
{
    struct sg_table table;
    if (forecast->source == SG_NOISE_ASSUMED)
        return;
    sg_plan_gates_table(forecast, &table);
    write_table(out, &table, true);
    write_line(out, "\n", sg_plan_say_together(forecast));
    write_line(out, "\n", sg_plan_say_screen(forecast));
}

static void write_assumed(struct sg_text *out, const struct sg_forecast *forecast)
{
    struct sg_table table;
    for (size_t i = 0; i < forecast->assumed_count;) {
        write_line(out, "\n", sg_plan_say_assumed(forecast, i));
        i = sg_plan_assumed_table(forecast, i, &table);
        write_table(out, &table, false);
    }
}

static void write_changes(struct sg_text *out, const struct sg_forecast *forecast)
{
    struct sg_table table;
    for (size_t i = 0; !forecast->alone && i < forecast->changes_count; i++) {
        sg_plan_change_table(forecast, i, &table);
        if (table.count > table.columns) {
            write_line(out, "\n", sg_plan_say_change(forecast, i));
            write_table(out, &table, true);
        }
        sg_table_clear(&table);
    }
}

static void write_list(struct sg_text *out, const char *title, char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sg_text_add(out, i == 0 ? title : "");
        write_line(out, "- ", sg_strdup(lines[i]));
    }
}

void sg_plan_write_markdown(const struct sg_plan_report *report, struct sg_text *out)
{
    const struct sg_forecast *forecast = report->forecast;
    sg_text_printf(out, "## svcgate plan: %s ", sg_state_mark(sg_plan_state(forecast)));
    sg_markdown_text(out, forecast->verdict);
    sg_text_add(out, "\n");
    write_line(out, "\n", sg_plan_say_schedule(forecast));
    write_line(out, "", sg_plan_say_noise(forecast));
    write_gates(out, forecast);
    write_assumed(out, forecast);
    write_changes(out, forecast);
    write_list(out, "\n**What to do**\n", forecast->advice, forecast->advice_count);
    write_list(out, "\n**Notes**\n", forecast->notes, forecast->notes_count);
    write_line(out, "\n", sg_plan_say_legend(forecast));
}
