/* SPDX-License-Identifier: Apache-2.0 */
/* Section: how each gate was decided, folded. */
#include <math.h>
#include <stdlib.h>

#include "report/sections.h"
#include "view/show.h"

static void add_count(struct sg_part *table, size_t count)
{
    sg_cell_number_take(table, sg_format("%zu", count));
}

static void add_row(struct sg_part *table, const struct sg_row *row)
{
    const struct sg_result *result = row->result;

    sg_cell_text(table, row->label);
    sg_cell_code(table, result->variant);
    add_count(table, result->n_reference);
    add_count(table, result->n_variant);
    sg_cell_number_take(table, sg_show_distance(result, result->noise));
    sg_cell_number_take(table, sg_show_distance(result, result->detectable));
    sg_cell_number_take(table, sg_show_value(result->alpha, "ratio"));
    sg_cell_number_take(table,
                        isfinite(result->p) ? sg_format("%.3g", result->p) : sg_strdup(SG_DASH));
    sg_cell_number_take(table, result->decided_at > 0 ? sg_format("%d", result->decided_at)
                                                      : sg_strdup("the end"));
}

static void say_rule(struct sg_line *line, const struct sg_judgement *judgement)
{
    char *alpha = sg_show_value(judgement->alpha, "ratio");
    char *beta = sg_show_value(judgement->beta, "ratio");

    sg_line_own(line,
                "A gate fails when the metric is proven to have got worse (α = %s over all gates "
                "of a variant) and the estimate is at least the tolerance. It passes when the "
                "metric is proven to have got worse by less than the tolerance (β = %s a gate). "
                "Else there is not enough evidence.",
                alpha, beta);
    if (judgement->looks_max > 1)
        sg_line_own(line,
                    " The session was looked at %d times of at most %d; α and β hold over all of "
                    "them.",
                    judgement->looks_done, judgement->looks_max);
    free(alpha);
    free(beta);
}

void sg_section_decision(struct sg_doc *doc, const struct sg_view *view)
{
    static const char *const names[] = {"metric",     "variant", "n reference",
                                        "n variant",  "noise",   "would have been found",
                                        "share of α", "p",       "decided at n"};

    if (view->count == 0)
        return;
    sg_doc_fold(doc, "How it was decided");
    say_rule(sg_doc_paragraph(doc, SG_LOOK_PLAIN), view->report->judgement);
    struct sg_part *table = sg_doc_table(doc, sg_strdup("How each gate was decided"));
    for (size_t i = 0; i < SG_COUNT(names); i++)
        sg_table_column(table, i > 1 ? SG_COLUMN_RIGHT : SG_COLUMN_LEFT, 0, names[i]);
    for (size_t i = 0; i < view->count; i++)
        if (sg_table_row(doc, table))
            add_row(table, &view->rows[i]);
    sg_doc_fold_end(doc);
}
