/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown: the league table of several variants. */
#include <stdlib.h>

#include "report/formats.h"
#include "report/league.h"
#include "report/show.h"

/* A league of a thousand must leave room for the gates that failed: its part of the sheet. */
#define LEAGUE_SHARE 3

static void league_head(struct sg_table *table, const struct sg_league *league,
                        const struct sg_view *view)
{
    static const char *const align[] = {"ll", "lrl", "lrrl", "lrrrl", "lrrrrl"};

    sg_table_init(table, align[league->count]);
    sg_table_text(table, "variant");
    for (size_t i = 0; i < league->count; i++) {
        char *label = sg_league_metric(league, view, i);
        sg_text_cell(table, label);
        free(label);
    }
    sg_table_text(table, "verdict");
}

static void league_row(struct sg_table *table, const struct sg_league *league,
                       const struct sg_view *view, const char *variant)
{
    enum sg_state state = SG_STATE_PASS;

    sg_code_cell(table, variant);
    for (size_t i = 0; i < league->count; i++)
        sg_number_take(table, sg_league_value(league, view, i, variant));
    if (sg_league_state(view, variant, &state))
        sg_state_cell(table, state);
    else if (sg_streq(view->report->judgement->reference, variant))
        sg_table_text(table, "reference");
    else
        sg_table_text(table, SG_DASH);
}

void sg_markdown_league(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct sg_league league;
    struct sg_table table;
    size_t limit = sheet->limit;

    if (!view->many)
        return;
    sg_league_init(&league, view);
    league_head(&table, &league, view);
    for (size_t i = 0; i < view->variants_count; i++)
        league_row(&table, &league, view, league.variants[i]);
    sg_league_clear(&league);
    sheet->limit = limit / LEAGUE_SHARE;
    sg_sheet_title(sheet, "\n");
    sg_table_write(&table, sheet);
    sheet->limit = limit;
}
