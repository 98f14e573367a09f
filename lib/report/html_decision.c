/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: how each gate was decided, and how to read the page; both folded. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/escape.h"
#include "report/html.h"
#include "report/show.h"

static char *show_count(size_t count)
{
    return sg_format("%zu", count);
}

static void gate_row(struct sg_sheet *sheet, const struct sg_row *row)
{
    const struct sg_result *result = row->result;
    struct sg_text text = {0};

    sg_text_add(&text, "<tr>");
    sg_html_row_head(&text, row->label, false);
    sg_text_add(&text, "<td>");
    sg_html_code(&text, result->variant);
    sg_text_add(&text, "</td>");
    sg_html_cell_take(&text, show_count(result->n_reference), true);
    sg_html_cell_take(&text, show_count(result->n_variant), true);
    sg_html_cell_take(&text, sg_show_distance(result, result->noise), true);
    sg_html_cell_take(&text, sg_show_distance(result, result->detectable), true);
    sg_html_cell_take(&text, sg_show_value(result->alpha, "ratio"), true);
    sg_html_cell_take(
        &text, isfinite(result->p) ? sg_format("%.3g", result->p) : sg_strdup(SG_DASH), true);
    sg_html_cell_take(
        &text, result->decided_at > 0 ? sg_format("%d", result->decided_at) : sg_strdup("the end"),
        true);
    sg_text_add(&text, "</tr>\n");
    sg_sheet_add(sheet, &text);
}

static void write_rule(struct sg_text *out, const struct sg_judgement *judgement)
{
    char *alpha = sg_show_value(judgement->alpha, "ratio");
    char *beta = sg_show_value(judgement->beta, "ratio");

    sg_text_printf(out,
                   "<p>A gate fails when the metric is proven to have got worse (α = %s over all "
                   "gates of a variant) and the estimate is at least the tolerance. It passes when "
                   "the metric is proven to have got worse by less than the tolerance (β = %s a "
                   "gate). Else there is not enough evidence.",
                   alpha, beta);
    if (judgement->looks_max > 1)
        sg_text_printf(out,
                       " The session was looked at %d times of at most %d; α and β hold over "
                       "all of them.",
                       judgement->looks_done, judgement->looks_max);
    sg_text_add(out, "</p>\n");
    free(alpha);
    free(beta);
}

void sg_html_decision(struct sg_sheet *sheet, const struct sg_view *view)
{
    static const char *const names[] = {"metric",     "variant", "n reference",
                                        "n variant",  "noise",   "would have been found",
                                        "share of α", "p",       "decided at n"};
    struct sg_fold fold;
    struct sg_sheet *inside = sg_fold_open(&fold, sheet, "How it was decided");
    struct sg_text rule = {0};
    struct sg_text head = {0};

    for (size_t i = 0; i < SG_COUNT(names); i++)
        sg_html_head(&head, names[i], i > 1);
    write_rule(&rule, view->report->judgement);
    sg_html_table(inside, rule.data, "How each gate was decided", &head);
    for (size_t i = 0; i < view->count; i++)
        gate_row(inside, &view->rows[i]);
    sg_html_table_end(inside);
    sg_fold_close(&fold, sheet);
    sg_text_free(&rule);
}

void sg_html_guide(struct sg_text *out)
{
    static const char *const items[] = {
        "Pass is proven, not assumed: the whole interval lies on the good side of the tolerance.",
        "Fail is proven, too: the interval lies on the wrong side of no change, and the estimate "
        "is "
        "at least the tolerance.",
        "Inconclusive: the interval is too wide to say either. More repetitions, longer windows or "
        "a wider tolerance would decide.",
        "Invalid: the instrument, not the service, was broken. The reasons are under findings.",
        "Points are as measured. Estimates are taken inside blocks, so that a host that drifts "
        "between blocks does no harm; adjusted ones also have the noise of the moment taken out, "
        "and the raw estimate is shown beside them.",
        "Hollow points were discarded by a check that never looks at a gated metric, and were "
        "measured again.",
    };

    sg_text_add(out, "<details><summary>How to read this page</summary>\n<ul>\n");
    for (size_t i = 0; i < SG_COUNT(items); i++)
        sg_text_printf(out, "<li>%s</li>\n", items[i]);
    sg_text_add(out, "</ul>\n</details>\n");
}
