/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: all metrics of all variants, folded. */
#include <math.h>
#include <stdlib.h>

#include "report/html.h"
#include "report/show.h"

#define MOST_VARIANTS 12 /* columns */

/* The median, and n where it is not the variant's. */
static char *value_of(const struct sg_session *session, size_t metric, const char *variant)
{
    size_t n = 0;
    char *value =
        sg_show_value(sg_view_median(session, metric, variant, &n), session->metrics[metric].unit);

    if (n == 0 || n == sg_view_repetitions(session, variant))
        return value;
    char *both = sg_format("%s (n = %zu)", value, n);
    free(value);
    return both;
}

static size_t shown_variants(const struct sg_view *view)
{
    return view->variants_count < MOST_VARIANTS ? view->variants_count : MOST_VARIANTS;
}

/* Of the noisiest variant, where there are several. */
static double noise_of(const struct sg_view *view, const struct sg_metric *metric,
                       const struct sg_result **out_result)
{
    double most = NAN;

    *out_result = NULL;
    for (size_t i = 0; i < shown_variants(view); i++) {
        const struct sg_result *result =
            sg_view_find(view->report->judgement, metric, view->variants[i]);
        if (result == NULL || (*out_result != NULL && !(result->noise > most) && !isnan(most)))
            continue;
        most = result->noise;
        *out_result = result;
    }
    return most;
}

static void change_cell(struct sg_text *row, const struct sg_result *result)
{
    if (result == NULL) {
        sg_html_cell(row, SG_DASH, true);
        return;
    }
    char *change = sg_show_difference(result, result->change, 0);
    char *interval = sg_show_interval(result);
    sg_html_change(row, change, interval);
    free(change);
    free(interval);
}

static void metric_row(struct sg_sheet *sheet, const struct sg_view *view, size_t index)
{
    const struct sg_session *session = view->report->session;
    const struct sg_metric *metric = &session->metrics[index];
    const struct sg_result *result = NULL;
    double noise = noise_of(view, metric, &result);
    char *label = sg_metric_label(metric->name, metric->of, metric->request);
    struct sg_text row = {0};

    sg_text_add(&row, "<tr>");
    sg_html_row_head(&row, label, false);
    for (size_t i = 0; i < shown_variants(view); i++)
        sg_html_cell_take(&row, value_of(session, index, view->variants[i]), true);
    if (!view->many)
        change_cell(&row, result);
    sg_html_cell_take(&row, result != NULL ? sg_show_distance(result, noise) : sg_strdup(SG_DASH),
                      true);
    sg_text_add(&row, "</tr>\n");
    sg_sheet_add(sheet, &row);
    free(label);
}

static void table_head(struct sg_text *head, const struct sg_view *view)
{
    sg_html_head(head, "metric", false);
    for (size_t i = 0; i < shown_variants(view); i++) {
        char *name = sg_format("%s (n = %zu)", view->variants[i],
                               sg_view_repetitions(view->report->session, view->variants[i]));
        sg_html_head(head, name, true);
        free(name);
    }
    if (!view->many)
        sg_html_head(head, "change [interval]", true);
    sg_html_head(head, view->many ? "noise, largest" : "noise", true);
}

/* Once a row found no room the others are only counted: they may be a hundred thousand. */
void sg_html_numbers(struct sg_sheet *sheet, const struct sg_view *view)
{
    size_t count = view->report->session->metrics_count;
    struct sg_fold fold;
    struct sg_sheet *inside = sg_fold_open(&fold, sheet, "All metrics of all variants (medians)");
    struct sg_text head = {0};

    table_head(&head, view);
    sg_html_table(inside, "", "All metrics", &head);
    for (size_t i = 0; i < count; i++) {
        if (inside->left_out == 0)
            metric_row(inside, view, i);
        else
            inside->left_out++;
    }
    sg_html_table_end(inside);
    if (view->variants_count > MOST_VARIANTS && inside->out->size > 0)
        sg_text_printf(inside->out, "<p class=\"note\">%zu more variants are not shown here.</p>\n",
                       view->variants_count - MOST_VARIANTS);
    sg_fold_close(&fold, sheet);
}
