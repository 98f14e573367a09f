/* SPDX-License-Identifier: Apache-2.0 */
/* The plan for a terminal. */
#include "report/plan_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/terminal.h"

#define WIDTH 100
#define SENTENCE 1200 /* bytes; advice is longer than a reason */

static void write_line(const struct sg_terminal *terminal, const char *mark, char *line)
{
    if (line == NULL)
        return;
    char *clean = sg_clean_line(line, SENTENCE);
    sg_text_printf(terminal->out, "  %s", mark);
    sg_terminal_wrap(terminal, clean, 2 + sg_shown_width(mark), 2 + sg_shown_width(mark));
    free(clean);
    free(line);
}

static void clean_cells(struct sg_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        char *clean = sg_clean_line(table->cells[i], SG_SHOWN_NAME);
        free(table->cells[i]);
        table->cells[i] = clean;
    }
}

/* `states`: one a row, or NULL. Clears the table. */
static void write_table(const struct sg_terminal *terminal, struct sg_table *table,
                        const size_t *drop, const enum sg_state *states)
{
    clean_cells(table);
    size_t *widths = sg_terminal_columns(terminal, table, 4, drop);
    for (size_t row = 0; row * table->columns < table->count; row++) {
        sg_text_add(terminal->out, "  ");
        if (row == 0)
            sg_terminal_dim(terminal);
        if (row > 0 && states != NULL) {
            sg_terminal_state(terminal, states[row - 1]);
            sg_text_add(terminal->out, sg_state_mark(states[row - 1]));
            sg_terminal_plain(terminal);
        }
        sg_text_add(terminal->out, row > 0 && states != NULL ? " " : "  ");
        sg_terminal_row(terminal, table, row, widths);
        sg_terminal_plain(terminal);
        sg_text_add(terminal->out, "\n");
    }
    free(widths);
    sg_table_clear(table);
}

static void write_head(const struct sg_terminal *terminal, const struct sg_forecast *forecast)
{
    enum sg_state state = sg_plan_state(forecast);
    sg_terminal_state(terminal, state);
    sg_text_printf(terminal->out, "%s", sg_state_mark(state));
    sg_terminal_plain(terminal);
    sg_text_add(terminal->out, " ");
    sg_terminal_bold(terminal);
    sg_terminal_wrap(terminal, forecast->verdict, 2, 2);
    sg_terminal_plain(terminal);
    write_line(terminal, "", sg_plan_say_schedule(forecast));
    write_line(terminal, "", sg_plan_say_noise(forecast));
}

static void write_gates(const struct sg_terminal *terminal, const struct sg_forecast *forecast)
{
    static const size_t drop[] = {1, 2, 5, 0};
    struct sg_table table;
    if (forecast->source == SG_NOISE_ASSUMED)
        return;
    enum sg_state *states = sg_alloc(forecast->gates_count + 1, sizeof(*states));
    for (size_t g = 0; g < forecast->gates_count; g++)
        states[g] = sg_plan_gate_state(&forecast->gates[g]);
    sg_plan_gates_table(forecast, &table);
    sg_text_add(terminal->out, "\n");
    write_table(terminal, &table, drop, states);
    free(states);
    sg_text_add(terminal->out, "\n");
    write_line(terminal, "", sg_plan_say_together(forecast));
    write_line(terminal, "", sg_plan_say_screen(forecast));
}

static void write_assumed(const struct sg_terminal *terminal, const struct sg_forecast *forecast)
{
    static const size_t drop[] = {0};
    struct sg_table table;
    for (size_t i = 0; i < forecast->assumed_count;) {
        sg_text_add(terminal->out, "\n");
        write_line(terminal, "", sg_plan_say_assumed(forecast, i));
        i = sg_plan_assumed_table(forecast, i, &table);
        write_table(terminal, &table, drop, NULL);
    }
}

static void write_changes(const struct sg_terminal *terminal, const struct sg_forecast *forecast)
{
    static const size_t drop[] = {3, 1, 0};
    struct sg_table table;
    for (size_t i = 0; !forecast->alone && i < forecast->changes_count; i++) {
        sg_plan_change_table(forecast, i, &table);
        if (table.count > table.columns) {
            sg_text_add(terminal->out, "\n");
            write_line(terminal, "", sg_plan_say_change(forecast, i));
            write_table(terminal, &table, drop, NULL);
        }
        sg_table_clear(&table);
    }
}

static void write_list(const struct sg_terminal *terminal, const char *mark, char *const *lines,
                       size_t count)
{
    if (count > 0)
        sg_text_add(terminal->out, "\n");
    for (size_t i = 0; i < count; i++)
        write_line(terminal, mark, sg_strdup(lines[i]));
}

void sg_plan_write_text(const struct sg_plan_report *report, struct sg_text *out)
{
    const struct sg_forecast *forecast = report->forecast;
    struct sg_terminal terminal = {
        .out = out,
        .width = report->width > 0 ? (size_t)report->width : WIDTH,
        .color = report->color,
    };
    write_head(&terminal, forecast);
    write_gates(&terminal, forecast);
    write_assumed(&terminal, forecast);
    write_changes(&terminal, forecast);
    write_list(&terminal, "→ ", forecast->advice, forecast->advice_count);
    write_list(&terminal, "- ", forecast->notes, forecast->notes_count);
    sg_text_add(out, "\n");
    sg_terminal_dim(&terminal);
    write_line(&terminal, "", sg_plan_say_legend(forecast));
    sg_terminal_plain(&terminal);
}
