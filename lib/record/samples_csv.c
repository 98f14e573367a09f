/* SPDX-License-Identifier: Apache-2.0 */
/* Plain samples as long CSV, one number a row: block,variant,metric,value.
 *
 * A column "repetition" names the repetition of a row; without it samples_rows.c counts. Without a
 * column "block" all rows are of one block. Blocks, variants, metrics and repetitions keep the
 * order of their first rows; blocks are counted from 1 whatever they are called. */
#include "record/samples_csv.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "record/plain.h"
#include "record/values.h"

const char *const sg_column_names[SG_COLUMNS] = {"block",      "variant", "metric", "value",
                                                 "repetition", "unit",    "better", "scale",
                                                 "role",       "adjust",  "events", "trials"};

static const char header_hint[] = "the first line names the columns: block,variant,metric,value";

/* How many different names a column may hold, and why more is a mistake. */
static const struct limit {
    size_t most;
    const char *why;
} limits[SG_COLUMNS] = {
    [SG_COLUMN_BLOCK] = {SG_BLOCKS_MAX, ": " SG_IS_BLOCK},
    [SG_COLUMN_VARIANT] = {SG_VARIANTS_MAX, ": " SG_IS_VARIANT},
    [SG_COLUMN_METRIC] = {SG_ELEMENTS_MAX, ""},
    [SG_COLUMN_REPETITION] = {SG_ELEMENTS_MAX, ""},
};

static void clear_table(struct sg_csv_table *table)
{
    sg_about_clear(table);
    sg_index_clear(&table->blocks);
    sg_index_clear(&table->variants);
    sg_index_clear(&table->metrics);
    sg_index_clear(&table->replicates);
    sg_index_clear(&table->groups);
    free(table->rows);
}

static bool unknown_column(const struct sg_csv *csv, const struct sg_csv_field *field,
                           struct sg_error *err)
{
    struct sg_shown shown = sg_show_string(field->text);
    const char *nearest =
        field->size > 64 ? NULL : sg_nearest(field->text, sg_column_names, SG_COLUMNS);
    if (nearest != NULL) {
        return sg_csv_fail(csv, field->line, field->column, err,
                           "unknown column \"%s\"; did you mean \"%s\"?", shown.text, nearest);
    }
    return sg_csv_fail(csv, field->line, field->column, err, "unknown column \"%s\"; %s",
                       shown.text, header_hint);
}

static bool place_column(const struct sg_csv *csv, size_t at, struct sg_csv_table *table,
                         struct sg_error *err)
{
    const struct sg_csv_field *field = &csv->fields[at];
    if (field->size == 0) {
        return true; /* a column without a name: it must be empty */
    }
    table->named |= 1U << at;
    for (size_t i = 0; i < SG_COLUMNS; i++) {
        if (strcasecmp(field->text, sg_column_names[i]) != 0) {
            continue;
        }
        if (table->place[i] != SG_INDEX_NONE) {
            return sg_csv_fail(csv, field->line, field->column, err, "a second column \"%s\"",
                               sg_column_names[i]);
        }
        table->place[i] = at;
        return true;
    }
    return unknown_column(csv, field, err);
}

static bool read_header(struct sg_csv *csv, struct sg_csv_table *table, struct sg_error *err)
{
    bool end = false;
    if (!sg_csv_next(csv, &end, err)) {
        return false;
    }
    if (end) {
        return sg_csv_fail(csv, 1, 1, err, "the file is empty; %s", header_hint);
    }
    table->width = csv->count;
    for (size_t i = 0; i < SG_COLUMNS; i++) {
        table->place[i] = SG_INDEX_NONE;
    }
    for (size_t i = 0; i < csv->count; i++) {
        if (!place_column(csv, i, table, err)) {
            return false;
        }
    }
    for (size_t i = SG_COLUMN_VARIANT; i <= SG_COLUMN_VALUE; i++) {
        if (table->place[i] == SG_INDEX_NONE) {
            return sg_csv_fail(csv, csv->fields[0].line, 1, err, "no column \"%s\"; %s",
                               sg_column_names[i], header_hint);
        }
    }
    return true;
}

struct sg_csv_field sg_table_field(const struct sg_csv *csv, const struct sg_csv_table *table,
                                   enum sg_column column)
{
    size_t place = table->place[column];
    return place == SG_INDEX_NONE ? (struct sg_csv_field){.text = "", .line = csv->fields[0].line}
                                  : csv->fields[place];
}

/* The number of a name in its column; empty names and stray blanks are refused. */
static bool read_name(const struct sg_csv *csv, const struct sg_csv_table *table,
                      enum sg_column column, struct sg_index *index, size_t *out,
                      struct sg_error *err)
{
    struct sg_csv_field field = sg_table_field(csv, table, column);
    if (table->place[column] != SG_INDEX_NONE) {
        if (field.size == 0) {
            return sg_csv_fail(csv, field.line, field.column, err, "the %s is empty",
                               sg_column_names[column]);
        }
        if (field.text[0] == ' ' || field.text[field.size - 1] == ' ') {
            return sg_csv_fail(csv, field.line, field.column, err,
                               "the %s \"%s\" starts or ends with a blank; remove it",
                               sg_column_names[column], sg_show_string(field.text).text);
        }
    }
    *out = sg_index_add(index, field.text, field.size);
    if (index->count > limits[column].most) {
        return sg_csv_fail(csv, field.line, field.column, err, "more than %zu different %ss%s",
                           limits[column].most, sg_column_names[column], limits[column].why);
    }
    return true;
}

static bool fail_repetitions(const struct sg_csv *csv, struct sg_error *err)
{
    return sg_csv_fail(csv, csv->fields[0].line, 1, err,
                       "more than %d repetitions; a row is the number of one repetition (the p95 "
                       "of a whole window), not of one request",
                       SG_ELEMENTS_MAX);
}

/* The block and variant of a row, with a column "repetition" also that. */
static bool read_group(const struct sg_csv *csv, struct sg_csv_table *table, struct sg_csv_row *row,
                       struct sg_error *err)
{
    size_t key[3] = {0};
    if (!read_name(csv, table, SG_COLUMN_BLOCK, &table->blocks, &key[0], err) ||
        !read_name(csv, table, SG_COLUMN_VARIANT, &table->variants, &key[1], err) ||
        (table->place[SG_COLUMN_REPETITION] != SG_INDEX_NONE &&
         !read_name(csv, table, SG_COLUMN_REPETITION, &table->replicates, &key[2], err))) {
        return false;
    }
    row->group = (uint32_t)sg_index_add(&table->groups, key, sizeof(key));
    return table->groups.count <= SG_ELEMENTS_MAX || fail_repetitions(csv, err);
}

static bool read_metric(const struct sg_csv *csv, struct sg_csv_table *table,
                        struct sg_csv_row *row, const struct sg_unit *behind, struct sg_error *err)
{
    size_t before = table->metrics.count;
    size_t metric = 0;
    if (!read_name(csv, table, SG_COLUMN_METRIC, &table->metrics, &metric, err)) {
        return false;
    }
    if (metric == before) {
        table->about =
            sg_reserve(table->about, before, &table->about_capacity, sizeof(*table->about));
        table->about[metric] = (struct sg_csv_metric){.line = csv->fields[0].line};
    }
    row->metric = (uint32_t)metric;
    struct sg_csv_metric *about = &table->about[metric];
    about->rows++;
    return (about->rows <= SG_ELEMENTS_MAX || fail_repetitions(csv, err)) &&
           sg_unit_read(csv, table, behind, about, &row->value, err) &&
           sg_about_read(csv, table, about, err);
}

static bool fail_width(const struct sg_csv *csv, const struct sg_csv_table *table,
                       struct sg_error *err)
{
    const char *hint = sg_number_is_split(csv, table)
                           ? "; if the value has a decimal comma, write a point instead, or "
                             "separate the columns with semicolons"
                           : "";
    return sg_csv_fail(csv, csv->fields[0].line, 1, err, "%zu fields where the header has %zu%s",
                       csv->count, table->width, hint);
}

/* Spreadsheets add empty fields, or leave them out; what has a column with a name must be there. */
static bool check_width(const struct sg_csv *csv, const struct sg_csv_table *table,
                        struct sg_error *err)
{
    for (size_t i = 0; i < csv->count || i < table->width; i++) {
        bool named = (table->named >> i & 1U) != 0;
        bool there = i < csv->count;
        const struct sg_csv_field *field = &csv->fields[i];
        if ((named && !there) || (i >= table->width && field->size > 0)) {
            return fail_width(csv, table, err);
        }
        if (!named && there && field->size > 0) {
            return sg_csv_fail(csv, field->line, field->column, err,
                               "\"%s\" stands in a column without a name",
                               sg_show_string(field->text).text);
        }
    }
    return true;
}

static bool read_row(const struct sg_csv *csv, struct sg_csv_table *table, struct sg_error *err)
{
    const struct sg_unit *behind = NULL;
    if (!check_width(csv, table, err)) {
        return false;
    }
    if (table->count == SG_VALUES_MAX) {
        return sg_csv_fail(csv, csv->fields[0].line, 1, err, "more than %zu rows", SG_VALUES_MAX);
    }
    table->rows = sg_reserve(table->rows, table->count, &table->capacity, sizeof(*table->rows));
    struct sg_csv_row *row = &table->rows[table->count++];
    return sg_number_read(csv, table, &row->value, &behind, err) &&
           read_group(csv, table, row, err) && read_metric(csv, table, row, behind, err);
}

static bool read_rows(struct sg_csv *csv, struct sg_csv_table *table, struct sg_error *err)
{
    for (;;) {
        bool end = false;
        if (!sg_csv_next(csv, &end, err)) {
            return false;
        }
        if (end) {
            break;
        }
        if (!read_row(csv, table, err)) {
            return false;
        }
    }
    return table->count > 0 || sg_csv_fail(csv, csv->line, csv->column, err,
                                           "no rows below the header: there is nothing to judge");
}

bool sg_samples_read_csv(const char *text, size_t size, const char *name, struct sg_session *out,
                         struct sg_error *err)
{
    struct sg_csv csv;
    struct sg_csv_table table = {0};
    struct sg_session session = {0};
    struct sg_place root = {.key = name};
    sg_csv_open(&csv, text, size, name);
    bool ok = read_header(&csv, &table, err) && read_rows(&csv, &table, err) &&
              sg_about_finish(&csv, &table, &session, err) &&
              sg_rows_finish(&csv, &table, &session, err) && sg_session_check(&session, &root, err);
    clear_table(&table);
    sg_csv_close(&csv);
    if (ok) {
        sg_plain_finish(&session);
        *out = session;
    } else {
        sg_session_clear(&session);
    }
    return ok;
}
