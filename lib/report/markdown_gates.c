/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown: the gates of each variant, and raw beside adjusted changes. */
#include <stdlib.h>
#include <string.h>

#include "report/escape.h"
#include "report/formats.h"
#include "report/sentence.h"
#include "report/show.h"

#define NO_BREAK_SPACE "\xC2\xA0"

/* Escaped, because a unit is the user's own word. */
void sg_number_cell(struct sg_table *table, const char *text)
{
    struct sg_text escaped = {0};
    struct sg_text cell = {0};
    char before = '\0';

    sg_markdown_text(&escaped, text);
    for (const char *at = escaped.data; at != NULL && *at != '\0'; at++) {
        if (*at == ' ' && before != ',')
            sg_text_add(&cell, NO_BREAK_SPACE);
        else
            sg_text_bytes(&cell, at, 1);
        before = *at;
    }
    sg_text_free(&escaped);
    sg_table_cell(table, &cell);
}

void sg_number_take(struct sg_table *table, char *text)
{
    sg_number_cell(table, text);
    free(text);
}

void sg_code_cell(struct sg_table *table, const char *name)
{
    struct sg_text cell = {0};

    sg_markdown_code(&cell, name);
    sg_table_cell(table, &cell);
}

void sg_text_cell(struct sg_table *table, const char *text)
{
    struct sg_text cell = {0};

    sg_markdown_text(&cell, text);
    sg_table_cell(table, &cell);
}

/* What did not pass stands out. */
void sg_state_cell(struct sg_table *table, enum sg_state state)
{
    bool quiet = state == SG_STATE_PASS;

    sg_table_take(table, sg_format("%s%s" NO_BREAK_SPACE "%s%s", quiet ? "" : "**",
                                   sg_state_mark(state), sg_state_word(state), quiet ? "" : "**"));
}

static void gate_head(struct sg_table *table, const struct sg_view *view, const char *variant)
{
    sg_table_init(table, "llrrrrl");
    sg_table_text(table, "verdict");
    sg_table_text(table, "metric");
    sg_code_cell(table, view->report->judgement->reference);
    sg_code_cell(table, variant);
    sg_table_text(table, "change [interval]");
    sg_table_text(table, "tolerance");
    sg_table_text(table, "reason");
}

static void gate_row(struct sg_table *table, const struct sg_row *row)
{
    sg_state_cell(table, row->state);
    sg_text_cell(table, row->label);
    sg_number_cell(table, row->reference);
    sg_number_cell(table, row->value);
    sg_number_take(
        table, sg_format("%s%s%s", row->change, *row->interval != '\0' ? " " : "", row->interval));
    sg_number_cell(table, row->tolerance);
    sg_text_cell(table, row->result->reason);
}

static void variant_title(struct sg_sheet *sheet, const struct sg_view *view, const char *variant)
{
    struct sg_text title = {0};

    sg_text_add(&title, "\n");
    if (view->many) {
        sg_text_add(&title, "### ");
        sg_markdown_code(&title, variant);
        sg_text_add(&title, " against ");
        sg_markdown_code(&title, view->report->judgement->reference);
        sg_text_add(&title, "\n\n");
    }
    sg_sheet_title(sheet, title.data);
    sg_text_free(&title);
}

/* All rows of the variant whose first row is `first`. */
static void variant_gates(struct sg_sheet *sheet, const struct sg_view *view, size_t first)
{
    const char *variant = view->rows[first].result->variant;
    struct sg_table table;

    gate_head(&table, view, variant);
    for (size_t i = first; i < view->count; i++)
        if (sg_streq(view->rows[i].result->variant, variant))
            gate_row(&table, &view->rows[i]);
    variant_title(sheet, view, variant);
    sg_table_write(&table, sheet);
}

void sg_markdown_gates(struct sg_sheet *sheet, const struct sg_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        if (sg_view_is_first(view, i))
            variant_gates(sheet, view, i);
}

/* --- Raw and adjusted --------------------------------------------------------------------- */

static void adjusted_row(struct sg_table *table, const struct sg_view *view,
                         const struct sg_row *row)
{
    const struct sg_result *result = row->result;
    char *before = sg_show_distance(result, result->noise_raw);
    char *after = sg_show_distance(result, result->noise);

    sg_text_cell(table, row->label);
    if (view->many)
        sg_code_cell(table, result->variant);
    sg_number_take(table, sg_show_difference(result, result->change_raw, 0));
    sg_number_cell(table, row->change);
    sg_number_take(table, sg_format("%s → %s", before, after));
    free(before);
    free(after);
}

void sg_markdown_adjusted(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct sg_table table;

    sg_table_init(&table, view->many ? "llrrr" : "lrrr");
    sg_table_text(&table, "metric");
    if (view->many)
        sg_table_text(&table, "variant");
    sg_table_text(&table, "change, raw");
    sg_table_text(&table, "adjusted");
    sg_table_text(&table, view->report->judgement->against_stored ? "spread between sessions"
                                                                  : "noise of one repetition");
    for (size_t i = 0; i < view->count; i++)
        if (view->rows[i].result->adjusted)
            adjusted_row(&table, view, &view->rows[i]);
    sg_sheet_title(sheet, "\n### Host noise taken out\n\n"
                          "The load generator did the same work on the same host at the same "
                          "moments: what slowed it down slowed the service down, and was taken "
                          "out. That sharpens the comparison; it cannot cause a false alarm.\n\n");
    sg_table_write(&table, sheet);
}
