/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown: all metrics of all variants, folded. */
#include <math.h>
#include <stdlib.h>

#include "report/escape.h"
#include "report/formats.h"
#include "report/sentence.h"
#include "report/show.h"

#define VARIANTS_A_TABLE 6

struct columns {
    const struct sg_view *view;
    size_t first, count; /* of view->variants */
};

/* "`base` (n = 9)" */
static void variant_head(struct sg_table *table, const struct sg_view *view, const char *variant)
{
    struct sg_text cell = {0};

    sg_markdown_code(&cell, variant);
    sg_text_printf(&cell, " (n = %zu)", sg_view_repetitions(view->report->session, variant));
    sg_table_cell(table, &cell);
}

static void head(struct sg_table *table, const struct columns *columns)
{
    static const char align[] = "lrrrrrrrr"; /* metric, at most six variants, change, noise */
    const struct sg_view *view = columns->view;
    size_t width = 1 + columns->count + (view->many ? 1 : 2);

    sg_table_init(table, align);
    table->columns = width;
    sg_table_text(table, "metric");
    for (size_t i = 0; i < columns->count; i++)
        variant_head(table, view, view->variants[columns->first + i]);
    if (!view->many)
        sg_table_text(table, "change [interval]");
    sg_table_text(table, view->many ? "noise, largest" : "noise");
}

/* The median, and n where it is not the variant's. */
static void value_cell(struct sg_table *table, const struct sg_session *session, size_t metric,
                       const char *variant)
{
    size_t n = 0;
    double median = sg_view_median(session, metric, variant, &n);
    char *value = sg_show_value(median, session->metrics[metric].unit);

    if (n > 0 && n < sg_view_repetitions(session, variant))
        sg_number_take(table, sg_format("%s (n = %zu)", value, n));
    else
        sg_number_cell(table, value);
    free(value);
}

static void change_cell(struct sg_table *table, const struct sg_result *result)
{
    if (result == NULL) {
        sg_table_text(table, SG_DASH);
        return;
    }
    char *change = sg_show_difference(result, result->change, 0);
    char *interval = sg_show_interval(result);
    sg_number_take(table, sg_format("%s%s%s", change, *interval != '\0' ? " " : "", interval));
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

static void metric_row(struct sg_table *table, const struct columns *columns, size_t index)
{
    const struct sg_session *session = columns->view->report->session;
    const struct sg_metric *metric = &session->metrics[index];
    const struct sg_result *result = noisiest(columns, metric);
    char *label = sg_metric_label(metric->name, metric->of, metric->request);

    sg_text_cell(table, label);
    for (size_t i = 0; i < columns->count; i++)
        value_cell(table, session, index, columns->view->variants[columns->first + i]);
    if (!columns->view->many)
        change_cell(table, result);
    if (result != NULL)
        sg_number_take(table, sg_show_distance(result, result->noise));
    else
        sg_table_text(table, SG_DASH);
    free(label);
}

static void write_columns(struct sg_sheet *sheet, const struct columns *columns)
{
    struct sg_table table;

    head(&table, columns);
    for (size_t i = 0; i < columns->view->report->session->metrics_count; i++)
        metric_row(&table, columns, i);
    sg_sheet_title(sheet, columns->first == 0 ? "" : "\n");
    sg_table_write(&table, sheet);
}

void sg_markdown_numbers(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct sg_fold fold;
    struct sg_sheet *inside = sg_fold_open(&fold, sheet, "All metrics of all variants (medians)");

    for (size_t first = 0; first < view->variants_count; first += VARIANTS_A_TABLE) {
        size_t rest = view->variants_count - first;
        struct columns columns = {view, first, rest < VARIANTS_A_TABLE ? rest : VARIANTS_A_TABLE};
        write_columns(inside, &columns);
    }
    sg_fold_close(&fold, sheet);
}
