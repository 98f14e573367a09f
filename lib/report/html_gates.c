/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: the league of several variants, the gates of each, raw beside adjusted changes, and how
 * each was decided. */
#include <math.h>
#include <stdlib.h>

#include "report/escape.h"
#include "report/html.h"
#include "report/league.h"
#include "report/sentence.h"
#include "report/show.h"

/* --- League ------------------------------------------------------------------------------- */

static void league_row(struct sg_sheet *sheet, const struct sg_league *league,
                       const struct sg_view *view, const char *variant)
{
    struct sg_text row = {0};
    enum sg_state state = SG_STATE_PASS;

    sg_text_add(&row, "<tr>");
    sg_html_row_head(&row, variant, true);
    for (size_t i = 0; i < league->count; i++)
        sg_html_cell_take(&row, sg_league_value(league, view, i, variant), true);
    if (sg_league_state(view, variant, &state))
        sg_html_state(&row, "td", state);
    else
        sg_html_cell(&row,
                     sg_streq(view->report->judgement->reference, variant) ? "reference" : SG_DASH,
                     false);
    sg_text_add(&row, "</tr>\n");
    sg_sheet_add(sheet, &row);
}

void sg_html_league(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct sg_league league;
    struct sg_text head = {0};

    if (!view->many)
        return;
    sg_league_init(&league, view);
    sg_html_head(&head, "variant", false);
    for (size_t i = 0; i < league.count; i++) {
        char *label = sg_league_metric(&league, view, i);
        sg_html_head(&head, label, true);
        free(label);
    }
    sg_html_head(&head, "verdict", false);
    sg_html_table(sheet, "<h2>Variants</h2>\n", "Variants, the best first", &head);
    for (size_t i = 0; i < view->variants_count; i++)
        league_row(sheet, &league, view, league.variants[i]);
    sg_html_table_end(sheet);
    sg_league_clear(&league);
}

/* --- Gates -------------------------------------------------------------------------------- */

static void gate_row(struct sg_sheet *sheet, const struct sg_row *row)
{
    struct sg_text text = {0};

    sg_text_add(&text, "<tr>");
    sg_html_state(&text, "td", row->state);
    sg_html_row_head(&text, row->label, false);
    sg_html_cell(&text, row->reference, true);
    sg_html_cell(&text, row->value, true);
    sg_html_change(&text, row->change, row->interval);
    sg_html_cell(&text, row->tolerance, true);
    sg_text_add(&text, "<td class=\"reason\">");
    sg_xml_text(&text, row->result->reason);
    sg_text_add(&text, "</td></tr>\n");
    sg_sheet_add(sheet, &text);
}

static void variant_table(struct sg_sheet *sheet, const struct sg_view *view, const char *variant,
                          bool first)
{
    const char *reference = view->report->judgement->reference;
    struct sg_text before = {0};
    struct sg_text head = {0};

    sg_text_add(&before, first ? "<h2>Gates</h2>\n" : "");
    if (view->many) {
        sg_text_add(&before, "<h3>");
        sg_html_code(&before, variant);
        sg_text_add(&before, " against ");
        sg_html_code(&before, reference);
        sg_text_add(&before, "</h3>\n");
    }
    sg_html_head(&head, "verdict", false);
    sg_html_head(&head, "metric", false);
    sg_html_head(&head, reference != NULL ? reference : SG_DASH, true);
    sg_html_head(&head, variant, true);
    sg_html_head(&head, "change [interval]", true);
    sg_html_head(&head, "tolerance", true);
    sg_html_head(&head, "reason", false);
    char *label = sg_format("Gates of %s", variant);
    sg_html_table(sheet, before.data != NULL ? before.data : "", label, &head);
    free(label);
    sg_text_free(&before);
}

void sg_html_gates(struct sg_sheet *sheet, const struct sg_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        if (!sg_view_is_first(view, i))
            continue;
        variant_table(sheet, view, view->rows[i].result->variant, i == 0);
        for (size_t k = i; k < view->count; k++)
            if (sg_streq(view->rows[k].result->variant, view->rows[i].result->variant))
                gate_row(sheet, &view->rows[k]);
        sg_html_table_end(sheet);
    }
}

/* --- Raw and adjusted --------------------------------------------------------------------- */

static const char adjusted_lead[] =
    "<h2>Host noise taken out</h2>\n<p class=\"lead\">The load generator did the same work on the "
    "same host at the same moments: what slowed it down slowed the service down, and was taken "
    "out. That sharpens the comparison; it cannot cause a false alarm.</p>\n";

static void adjusted_row(struct sg_sheet *sheet, const struct sg_row *row)
{
    const struct sg_result *result = row->result;
    char *before = sg_show_distance(result, result->noise_raw);
    char *after = sg_show_distance(result, result->noise);
    struct sg_text text = {0};

    sg_text_add(&text, "<tr>");
    sg_html_row_head(&text, row->label, false);
    sg_text_add(&text, "<td>");
    sg_html_code(&text, result->variant);
    sg_text_add(&text, "</td>");
    sg_html_cell_take(&text, sg_show_difference(result, result->change_raw, 0), true);
    sg_html_cell(&text, row->change, true);
    sg_html_cell_take(&text, sg_format("%s → %s", before, after), true);
    sg_text_add(&text, "</tr>\n");
    sg_sheet_add(sheet, &text);
    free(before);
    free(after);
}

void sg_html_adjusted(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct sg_text head = {0};

    sg_html_head(&head, "metric", false);
    sg_html_head(&head, "variant", false);
    sg_html_head(&head, "change, raw", true);
    sg_html_head(&head, "adjusted", true);
    sg_html_head(&head,
                 view->report->judgement->against_stored ? "spread between sessions"
                                                         : "noise of one repetition",
                 true);
    sg_html_table(sheet, adjusted_lead, "Raw and adjusted changes", &head);
    for (size_t i = 0; i < view->count; i++)
        if (view->rows[i].result->adjusted)
            adjusted_row(sheet, &view->rows[i]);
    sg_html_table_end(sheet);
}
