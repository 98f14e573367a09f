/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal report's numbers: the league, a line a gate, waivers, noise taken out. */
#include <stdlib.h>

#include "base/clean.h"
#include "report/league.h"
#include "report/sentence.h"
#include "report/show.h"
#include "report/text_parts.h"
#include "report/waiver.h"

#define HEAD_NAME 24 /* bytes of a variant's name over its column */

static void add_clean(struct sg_table *table, const char *text)
{
    sg_table_take(table, sg_clean_line(text, SG_SHOWN_NAME));
}

enum { LABEL, REFERENCE, ARROW, VALUE, CHANGE, INTERVAL, TOLERANCE };

static void add_gate(struct sg_table *table, const struct sg_row *row)
{
    add_clean(table, row->label);
    add_clean(table, row->reference);
    sg_table_text(table, "→");
    add_clean(table, row->value);
    add_clean(table, row->change);
    add_clean(table, row->interval);
    add_clean(table, row->tolerance);
}

/* A gate's line; the reason follows where something is to be explained. */
static void write_gate(const struct sg_terminal *terminal, const struct sg_table *table, size_t at,
                       const size_t *widths, const struct sg_row *row)
{
    sg_text_add(terminal->out, "  ");
    sg_terminal_state(terminal, row->state);
    sg_text_add(terminal->out, sg_state_mark(row->state));
    sg_terminal_plain(terminal);
    sg_text_add(terminal->out, " ");
    sg_terminal_row(terminal, table, at, widths);
    sg_text_add(terminal->out, "\n");
    if (row->state == SG_STATE_PASS || row->result->reason == NULL)
        return;
    char *reason = sg_clean_line(row->result->reason, SG_SHOWN_SENTENCE);
    sg_text_add(terminal->out, "      ");
    sg_terminal_dim(terminal);
    sg_terminal_wrap(terminal, reason, 6, 6);
    sg_terminal_plain(terminal);
    free(reason);
}

/* Names of the columns: whose numbers these are. */
static void add_head(struct sg_table *table, const char *reference, const char *variant)
{
    static const char *const rest[] = {"change", "interval", "tolerance"};

    sg_table_text(table, "metric");
    sg_table_take(table, sg_clean_line(reference, HEAD_NAME));
    sg_table_text(table, "");
    sg_table_take(table, sg_clean_line(variant, HEAD_NAME));
    for (size_t i = 0; i < SG_COUNT(rest); i++)
        sg_table_text(table, rest[i]);
}

static void write_head(const struct sg_terminal *terminal, const struct sg_table *table,
                       const size_t *widths)
{
    sg_text_add(terminal->out, "\n    ");
    sg_terminal_dim(terminal);
    sg_terminal_row(terminal, table, 0, widths);
    sg_terminal_plain(terminal);
    sg_text_add(terminal->out, "\n");
}

static void write_variant(const struct sg_terminal *terminal, const struct sg_view *view,
                          size_t first)
{
    static const size_t drop[] = {ARROW, INTERVAL, TOLERANCE, REFERENCE, 0};
    const char *variant = view->rows[first].result->variant;
    struct sg_table table;
    size_t row = 0;

    sg_table_init(&table, "lrlrrll");
    add_head(&table, view->report->judgement->reference, variant);
    for (size_t i = first; i < view->count; i++)
        if (sg_streq(view->rows[i].result->variant, variant))
            add_gate(&table, &view->rows[i]);
    size_t *widths = sg_terminal_columns(terminal, &table, 4, drop);
    write_head(terminal, &table, widths);
    for (size_t i = first; i < view->count; i++)
        if (sg_streq(view->rows[i].result->variant, variant))
            write_gate(terminal, &table, ++row, widths, &view->rows[i]);
    free(widths);
    sg_table_clear(&table);
}

static void say_adjusted(struct sg_text *text, const struct sg_view *view, const struct sg_row *row)
{
    const struct sg_result *result = row->result;
    char *raw = sg_show_difference(result, result->change_raw, 0);
    char *before = sg_show_distance(result, result->noise_raw);
    char *after = sg_show_distance(result, result->noise);

    sg_text_add(text, text->size > 0 ? "; " : "host noise taken out: ");
    sg_say_text(text, SG_PLAIN, row->label);
    if (view->many) {
        sg_text_add(text, " of ");
        sg_say_name(text, SG_PLAIN, result->variant);
    }
    sg_text_printf(text, " %s → %s (raw change %s)", before, after, raw);
    free(raw);
    free(before);
    free(after);
}

void sg_text_adjusted(const struct sg_terminal *terminal, const struct sg_view *view)
{
    struct sg_text text = {0};

    for (size_t i = 0; i < view->count; i++)
        if (view->rows[i].result->adjusted)
            say_adjusted(&text, view, &view->rows[i]);
    if (text.size > 0) {
        sg_text_add(terminal->out, "\n  ");
        sg_terminal_dim(terminal);
        sg_terminal_wrap(terminal, text.data, 4, 2);
        sg_terminal_plain(terminal);
    }
    sg_text_free(&text);
}

void sg_text_gates(const struct sg_terminal *terminal, const struct sg_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        if (sg_view_is_first(view, i))
            write_variant(terminal, view, i);
}

void sg_text_waivers(const struct sg_terminal *terminal, const struct sg_view *view)
{
    bool first = true;

    for (size_t i = 0; i < view->count; i++) {
        if (!sg_is_waived(view->rows[i].result))
            continue;
        char *row = sg_show_waived_row(&view->rows[i]);
        char *text = sg_clean_line(row, SG_SHOWN_SENTENCE);
        sg_text_add(terminal->out, first ? "\n  - " : "  - ");
        sg_terminal_wrap(terminal, text, 4, 4);
        free(text);
        free(row);
        first = false;
    }
}

/* --- League ------------------------------------------------------------------------------- */

static void league_row(struct sg_table *table, const struct sg_league *league,
                       const struct sg_view *view, const char *variant)
{
    enum sg_state state = SG_STATE_PASS;
    bool reference = sg_streq(view->report->judgement->reference, variant);

    add_clean(table, variant);
    if (sg_league_state(view, variant, &state))
        sg_table_take(table, sg_format("%s %s", sg_state_mark(state), sg_state_word(state)));
    else
        sg_table_text(table, reference ? "reference" : SG_DASH);
    for (size_t i = 0; i < league->count; i++) {
        char *value = sg_league_value(league, view, i, variant);
        add_clean(table, value);
        free(value);
    }
}

void sg_text_league(const struct sg_terminal *terminal, const struct sg_view *view)
{
    static const char align[] = "llrrrr";
    static const size_t drop[] = {5, 4, 3, 0}; /* less telling metrics */
    struct sg_league league;
    struct sg_table table;

    if (!view->many)
        return;
    sg_league_init(&league, view);
    sg_table_init(&table, align);
    table.columns = 2 + league.count;
    sg_table_text(&table, "variant");
    sg_table_text(&table, "verdict");
    for (size_t i = 0; i < league.count; i++) {
        char *label = sg_league_metric(&league, view, i);
        add_clean(&table, label);
        free(label);
    }
    for (size_t i = 0; i < view->variants_count; i++)
        league_row(&table, &league, view, league.variants[i]);
    size_t *widths = sg_terminal_columns(terminal, &table, 2, drop);
    for (size_t row = 0; row <= view->variants_count; row++) {
        sg_text_add(terminal->out, row == 0 ? "\n  " : "  ");
        sg_terminal_row(terminal, &table, row, widths);
        sg_text_add(terminal->out, "\n");
    }
    free(widths);
    sg_table_clear(&table);
    sg_league_clear(&league);
}
