/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of long CSV that describe the metric of a row, in the words of the samples JSON. An
 * empty field says nothing. The unit is samples_unit.c's business. */
#include "record/samples_csv.h"

#include <stdlib.h>
#include <string.h>

#include "record/plain.h"

static const char *const adjust_names[] = {"false", "true", NULL};

static const struct about {
    enum sg_column column;
    const char *const *words; /* NULL: a text */
    size_t offset;            /* in struct sg_metric */
} abouts[] = {
    {SG_COLUMN_BETTER, sg_better_names, offsetof(struct sg_metric, better)},
    {SG_COLUMN_SCALE, sg_scale_names, offsetof(struct sg_metric, scale)},
    {SG_COLUMN_ROLE, sg_role_names, offsetof(struct sg_metric, role)},
    {SG_COLUMN_ADJUST, adjust_names, offsetof(struct sg_metric, adjust)},
    {SG_COLUMN_EVENTS, NULL, offsetof(struct sg_metric, events)},
    {SG_COLUMN_TRIALS, NULL, offsetof(struct sg_metric, trials)},
};

static unsigned get_word(const struct about *about, const struct sg_metric *metric)
{
    const char *at = (const char *)metric + about->offset;
    return about->column == SG_COLUMN_ADJUST ? *(const bool *)at
                                             : *(const unsigned *)(const void *)at;
}

static void set_word(const struct about *about, unsigned word, struct sg_metric *metric)
{
    char *at = (char *)metric + about->offset;
    if (about->column == SG_COLUMN_ADJUST) {
        *(bool *)at = word != 0;
    } else {
        *(unsigned *)(void *)at = word;
    }
}

static const char *said(const struct about *about, const struct sg_metric *metric)
{
    if (about->words != NULL) {
        return about->words[get_word(about, metric)];
    }
    return *(char *const *)(const void *)((const char *)metric + about->offset);
}

static bool unknown_word(const struct sg_csv *csv, const struct about *about,
                         const struct sg_csv_field *field, struct sg_error *err)
{
    struct sg_text words = {0};
    for (size_t i = 0; about->words[i] != NULL; i++) {
        sg_text_printf(&words, "%s%s", i == 0 ? "" : ", ", about->words[i]);
    }
    (void)sg_csv_fail(csv, field->line, field->column, err, "%s \"%s\": write one of %s",
                      sg_column_names[about->column], sg_show_string(field->text).text, words.data);
    sg_text_free(&words);
    return false;
}

static bool keep(const struct sg_csv *csv, const struct about *about,
                 const struct sg_csv_field *field, struct sg_metric *metric, struct sg_error *err)
{
    if (about->words == NULL) {
        *(char **)(void *)((char *)metric + about->offset) = sg_strdup(field->text);
        return true;
    }
    for (unsigned i = 0; about->words[i] != NULL; i++) {
        if (strcmp(about->words[i], field->text) == 0) {
            set_word(about, i, metric);
            return true;
        }
    }
    return unknown_word(csv, about, field, err);
}

bool sg_about_read(const struct sg_csv *csv, const struct sg_csv_table *table,
                   struct sg_csv_metric *metric, struct sg_error *err)
{
    for (size_t i = 0; i < SG_COUNT(abouts); i++) {
        const struct about *about = &abouts[i];
        struct sg_csv_field field = sg_table_field(csv, table, about->column);
        if (field.size == 0) {
            continue;
        }
        unsigned bit = 1U << about->column;
        if ((metric->columns & bit) == 0) {
            metric->columns |= bit;
            if (!keep(csv, about, &field, &metric->said, err)) {
                return false;
            }
        } else if (strcmp(said(about, &metric->said), field.text) != 0) {
            return sg_csv_fail(csv, field.line, field.column, err,
                               "%s \"%s\", but an earlier row of this metric says \"%s\"",
                               sg_column_names[about->column], sg_show_string(field.text).text,
                               sg_show_string(said(about, &metric->said)).text);
        }
    }
    return true;
}

/* A rate of counts names the metrics with its counts. */
static bool check_counted(const struct sg_csv *csv, const struct sg_csv_table *table,
                          const struct sg_csv_metric *metric, enum sg_column column,
                          const char *label, struct sg_error *err)
{
    if (label == NULL) {
        return sg_csv_fail(csv, metric->line, 1, err,
                           "scale count: the column \"%s\" must name a metric",
                           sg_column_names[column]);
    }
    return sg_index_find(&table->metrics, label, strlen(label)) != SG_INDEX_NONE ||
           sg_csv_fail(csv, metric->line, 1, err, "%s \"%s\" is not among the metrics",
                       sg_column_names[column], sg_show_string(label).text);
}

bool sg_about_finish(const struct sg_csv *csv, struct sg_csv_table *table,
                     struct sg_session *session, struct sg_error *err)
{
    sg_unit_finish(table);
    session->metrics = sg_alloc(table->metrics.count, sizeof(*session->metrics));
    for (size_t i = 0; i < table->metrics.count; i++) {
        struct sg_csv_metric *about = &table->about[i];
        struct sg_metric *said = &about->said;
        if (said->scale == SG_SCALE_COUNT &&
            (!check_counted(csv, table, about, SG_COLUMN_EVENTS, said->events, err) ||
             !check_counted(csv, table, about, SG_COLUMN_TRIALS, said->trials, err))) {
            return false;
        }
        said->name = sg_index_name(&table->metrics, i);
        said->unit = said->unit != NULL ? said->unit : sg_strdup("");
        if ((about->columns & 1U << SG_COLUMN_ADJUST) == 0) {
            said->adjust = sg_plain_adjustable(said);
        }
        session->metrics[session->metrics_count++] = *said;
        *said = (struct sg_metric){0};
    }
    return true;
}

void sg_about_clear(struct sg_csv_table *table)
{
    for (size_t i = 0; table->about != NULL && i < table->metrics.count; i++) {
        sg_metric_clear(&table->about[i].said);
    }
    free(table->about);
}
