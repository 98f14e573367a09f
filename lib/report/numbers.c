/* SPDX-License-Identifier: Apache-2.0 */
/* Section: all metrics of all variants, folded. */
#include <math.h>
#include <stdlib.h>

#include "report/sections.h"
#include "view/show.h"

#define VARIANTS_A_TABLE 6

struct columns {
    const struct sg_view *view;
    size_t first, count; /* of view->variants */
};

static void add_heads(struct sg_part *table, const struct columns *columns)
{
    const struct sg_view *view = columns->view;

    sg_table_column(table, SG_COLUMN_LEFT, 0, "metric");
    for (size_t i = 0; i < columns->count; i++) {
        const char *variant = view->variants[columns->first + i];
        struct sg_line *head = sg_table_column(table, SG_COLUMN_RIGHT, 0, NULL);
        sg_line_name(head, variant);
        sg_line_own(head, " (n = %zu)", sg_view_repetitions(view->report->session, variant));
    }
    if (!view->many)
        sg_table_column(table, SG_COLUMN_RIGHT, 0, "change [interval]");
    sg_table_column(table, SG_COLUMN_RIGHT, 0, view->many ? "noise, largest" : "noise");
}

/* The median, and n where it is not the variant's. */
static char *show_value(const struct sg_session *session, size_t metric, const char *variant)
{
    size_t n = 0;
    double median = sg_view_median(session, metric, variant, &n);
    char *value = sg_show_value(median, session->metrics[metric].unit);

    if (n == 0 || n == sg_view_repetitions(session, variant))
        return value;
    char *both = sg_format("%s (n = %zu)", value, n);
    free(value);
    return both;
}

static void add_change(struct sg_part *table, const struct sg_result *result)
{
    if (result == NULL) {
        sg_cell_own(table, SG_DASH);
        return;
    }
    char *change = sg_show_difference(result, result->change);
    char *interval = sg_show_interval(result);
    sg_cell_change(table, change, interval);
    free(change);
    free(interval);
}

/* The result with the most noise among the columns' variants, or NULL. */
static const struct sg_result *noisiest(const struct columns *columns,
                                        const struct sg_metric *metric)
{
    const struct sg_judgement *judgement = columns->view->report->judgement;
    const struct sg_result *most = NULL;

    for (size_t i = 0; i < columns->count; i++) {
        const struct sg_result *result =
            sg_view_find(judgement, metric, columns->view->variants[columns->first + i]);
        if (result != NULL && (most == NULL || isnan(most->noise) || result->noise > most->noise))
            most = result;
    }
    return most;
}

static void add_row(struct sg_part *table, const struct columns *columns, size_t index)
{
    const struct sg_session *session = columns->view->report->session;
    const struct sg_metric *metric = &session->metrics[index];
    const struct sg_result *result = noisiest(columns, metric);
    char *label = sg_metric_label(metric->name, metric->of, metric->request);

    sg_cell_text(table, label);
    for (size_t i = 0; i < columns->count; i++)
        sg_cell_number_take(
            table, show_value(session, index, columns->view->variants[columns->first + i]));
    if (!columns->view->many)
        add_change(table, result);
    if (result != NULL)
        sg_cell_number_take(table, sg_show_distance(result, result->noise));
    else
        sg_cell_own(table, SG_DASH);
    free(label);
}

static void add_table(struct sg_doc *doc, const struct columns *columns)
{
    struct sg_part *table = sg_doc_table(doc, sg_strdup("All metrics"));

    add_heads(table, columns);
    for (size_t i = 0; i < columns->view->report->session->metrics_count; i++)
        if (sg_table_row(doc, table))
            add_row(table, columns, i);
}

void sg_section_numbers(struct sg_doc *doc, const struct sg_view *view)
{
    sg_doc_fold(doc, "All metrics of all variants (medians)");
    for (size_t first = 0; first < view->variants_count; first += VARIANTS_A_TABLE) {
        size_t rest = view->variants_count - first;
        struct columns columns = {view, first, rest < VARIANTS_A_TABLE ? rest : VARIANTS_A_TABLE};
        add_table(doc, &columns);
    }
    sg_doc_fold_end(doc);
}
