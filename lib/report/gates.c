/* SPDX-License-Identifier: Apache-2.0 */
/* Sections: the league of several variants, the gates of each, raw beside adjusted changes. */
#include <stdlib.h>

#include "report/league.h"
#include "report/sections.h"
#include "view/show.h"

/* --- League ------------------------------------------------------------------------------- */

static void league_verdict(struct sg_part *table, const struct sg_view *view, const char *variant)
{
    enum sg_state state = SG_STATE_PASS;

    if (sg_league_state(view, variant, &state))
        sg_cell_state(table, state);
    else if (sg_streq(view->report->judgement->reference, variant))
        sg_cell_own(table, "reference");
    else
        sg_cell_own(table, SG_DASH);
}

static void league_heads(struct sg_part *table, const struct sg_league *league,
                         const struct sg_view *view, bool verdict_first)
{
    sg_table_column(table, SG_COLUMN_LEFT, 0, "variant");
    if (verdict_first)
        sg_table_column(table, SG_COLUMN_LEFT, 0, "verdict");
    for (size_t i = 0; i < league->count; i++) { /* the last tell least */
        int drop = i > 0 ? (int)(league->count - i) : 0;
        sg_line_take(sg_table_column(table, SG_COLUMN_RIGHT, drop, NULL),
                     sg_league_metric(league, view, i));
    }
    if (!verdict_first)
        sg_table_column(table, SG_COLUMN_LEFT, 0, "verdict");
}

static void league_row(struct sg_part *table, const struct sg_league *league,
                       const struct sg_view *view, const char *variant, bool verdict_first)
{
    sg_cell_code(table, variant);
    if (verdict_first)
        league_verdict(table, view, variant);
    for (size_t i = 0; i < league->count; i++)
        sg_cell_number_take(table, sg_league_value(league, view, i, variant));
    if (!verdict_first)
        league_verdict(table, view, variant);
}

void sg_section_league(struct sg_doc *doc, const struct sg_view *view)
{
    bool verdict_first = doc->form == SG_FOR_TERMINAL; /* it is never dropped there */
    struct sg_league league;

    if (!view->many)
        return;
    sg_league_init(&league, view);
    sg_doc_heading(doc, SG_LOOK_SECTION, SG_FOR_HTML, "Variants");
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Variants, the best first"));
    league_heads(table, &league, view, verdict_first);
    for (size_t i = 0; i < view->variants_count; i++)
        if (sg_table_row(doc, table))
            league_row(table, &league, view, league.variants[i], verdict_first);
    sg_league_clear(&league);
}

/* --- Gates -------------------------------------------------------------------------------- */

/* A terminal has change and interval in columns of their own, because it may drop the second. */
static void gate_heads(struct sg_part *table, const struct sg_view *view, const char *variant,
                       bool terminal)
{
    sg_table_column(table, SG_COLUMN_STATE, 0, "verdict");
    sg_table_column(table, SG_COLUMN_LEFT, 0, "metric");
    sg_line_name(sg_table_column(table, SG_COLUMN_RIGHT, 4, NULL),
                 view->report->judgement->reference);
    if (terminal)
        sg_table_column(table, SG_COLUMN_LEFT, 1, "");
    sg_line_name(sg_table_column(table, SG_COLUMN_RIGHT, 0, NULL), variant);
    sg_table_column(table, SG_COLUMN_RIGHT, 0, terminal ? "change" : "change [interval]");
    if (terminal)
        sg_table_column(table, SG_COLUMN_LEFT, 2, "interval");
    sg_table_column(table, terminal ? SG_COLUMN_LEFT : SG_COLUMN_RIGHT, 3, "tolerance");
    sg_table_column(table, SG_COLUMN_REASON, 0, "reason");
}

static void gate_row(struct sg_part *table, const struct sg_row *row, bool terminal)
{
    sg_cell_state(table, row->state);
    sg_cell_text(table, row->label);
    sg_cell_number(table, row->reference);
    if (terminal)
        sg_cell_own(table, "→");
    sg_cell_number(table, row->value);
    sg_cell_change(table, row->change, row->interval);
    if (terminal)
        sg_cell_number(table, row->interval);
    sg_cell_number(table, row->tolerance);
    sg_cell_text(table, row->result->reason);
}

/* All rows of the variant whose first row is `first`. */
static void variant_gates(struct sg_doc *doc, const struct sg_view *view, size_t first)
{
    const char *variant = view->rows[first].result->variant;
    bool terminal = doc->form == SG_FOR_TERMINAL;

    if (view->many) {
        struct sg_line *title = sg_doc_heading(doc, SG_LOOK_SUBSECTION, SG_FOR_PAGES, NULL);
        sg_line_name(title, variant);
        sg_line_own(title, " against ");
        sg_line_name(title, view->report->judgement->reference);
    }
    struct sg_part *table = sg_doc_table(doc, sg_format("Gates of %s", variant));
    gate_heads(table, view, variant, terminal);
    for (size_t i = first; i < view->count; i++)
        if (sg_streq(view->rows[i].result->variant, variant) && sg_table_row(doc, table))
            gate_row(table, &view->rows[i], terminal);
}

void sg_section_gates(struct sg_doc *doc, const struct sg_view *view)
{
    sg_doc_heading(doc, SG_LOOK_SECTION, SG_FOR_HTML, "Gates");
    for (size_t i = 0; i < view->count; i++)
        if (sg_view_is_first(view, i))
            variant_gates(doc, view, i);
}

/* --- Raw and adjusted --------------------------------------------------------------------- */

/* "2.1 % → 1.4 %": the noise before and after */
static char *show_noise(const struct sg_result *result)
{
    char *before = sg_show_distance(result, result->noise_raw);
    char *after = sg_show_distance(result, result->noise);
    char *both = sg_format("%s → %s", before, after);

    free(before);
    free(after);
    return both;
}

static void adjusted_row(struct sg_part *table, const struct sg_row *row, bool named)
{
    const struct sg_result *result = row->result;

    sg_cell_text(table, row->label);
    if (named)
        sg_cell_code(table, result->variant);
    sg_cell_number_take(table, sg_show_difference(result, result->change_raw));
    sg_cell_number(table, row->change);
    sg_cell_number_take(table, show_noise(result));
}

static void adjusted_table(struct sg_doc *doc, const struct sg_view *view)
{
    bool named = view->many || doc->form == SG_FOR_HTML;

    sg_doc_heading(doc, SG_LOOK_SECTION, SG_FOR_PAGES, "Host noise taken out");
    sg_line_own(sg_doc_paragraph(doc, SG_LOOK_LEAD),
                "The load generator did the same work on the same host at the same moments: what "
                "slowed it down slowed the service down, and was taken out. That sharpens the "
                "comparison; it cannot cause a false alarm.");
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Raw and adjusted changes"));
    sg_table_column(table, SG_COLUMN_LEFT, 0, "metric");
    if (named)
        sg_table_column(table, SG_COLUMN_LEFT, 0, "variant");
    sg_table_column(table, SG_COLUMN_RIGHT, 0, "change, raw");
    sg_table_column(table, SG_COLUMN_RIGHT, 0, "adjusted");
    sg_table_column(table, SG_COLUMN_RIGHT, 0,
                    view->report->judgement->against_stored ? "spread between sessions"
                                                            : "noise of one repetition");
    for (size_t i = 0; i < view->count; i++)
        if (view->rows[i].result->adjusted && sg_table_row(doc, table))
            adjusted_row(table, &view->rows[i], named);
}

static void say_adjusted(struct sg_line *line, const struct sg_view *view, const struct sg_row *row)
{
    sg_line_own(line, "%s", line->count > 0 ? "; " : "host noise taken out: ");
    sg_line_text(line, row->label);
    if (view->many) {
        sg_line_own(line, " of ");
        sg_line_name(line, row->result->variant);
    }
    sg_line_own(line, " ");
    sg_line_take(line, show_noise(row->result));
    sg_line_own(line, " (raw change ");
    sg_line_take(line, sg_show_difference(row->result, row->result->change_raw));
    sg_line_own(line, ")");
}

static void adjusted_sentence(struct sg_doc *doc, const struct sg_view *view)
{
    struct sg_line *line = sg_list_item(sg_doc_list(doc, SG_LOOK_HANGING_QUIET), NULL);

    for (size_t i = 0; i < view->count; i++)
        if (view->rows[i].result->adjusted)
            say_adjusted(line, view, &view->rows[i]);
}

void sg_section_adjusted(struct sg_doc *doc, const struct sg_view *view)
{
    bool any = false;

    for (size_t i = 0; i < view->count; i++)
        any |= view->rows[i].result->adjusted;
    if (any && doc->form == SG_FOR_TERMINAL)
        adjusted_sentence(doc, view);
    else if (any)
        adjusted_table(doc, view);
}
