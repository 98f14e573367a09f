/* SPDX-License-Identifier: Apache-2.0 */
/* Plain samples as long CSV, one number a row: block,variant,metric,value.
 *
 * Rows belong to repetitions like this: within a block, the k-th row of each metric of a variant is
 * of that variant's k-th repetition there. A metric with fewer rows than others is missing in the
 * last ones; an empty value says that it is missing in just this one. A column "repetition" names
 * the repetition instead, and then each metric may stand in it once. Without a column "block" all
 * rows are of one block. Blocks, variants, metrics and repetitions keep the order of their first
 * rows; blocks are counted from 1 whatever they are called. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/csv.h"
#include "record/fields.h"
#include "record/index.h"
#include "record/plain.h"
#include "record/values.h"

#define CSV_MAX ((size_t)64 << 20)

enum column { BLOCK, VARIANT, METRIC, VALUE, REPETITION, COLUMNS };
static const char *const column_names[COLUMNS] = {"block", "variant", "metric", "value",
                                                  "repetition"};
static const char header_hint[] = "the first line names the columns: block,variant,metric,value";

struct row {
    size_t metric, repetition;
    double value;
};

struct table {
    size_t place[COLUMNS]; /* of each column; SG_INDEX_NONE: not there */
    size_t width;
    struct sg_index blocks, variants, metrics, replicates;
    struct sg_index cells;       /* (block, variant, metric): rows so far, in `seen` */
    struct sg_index repetitions; /* (block, variant, k or replicate) */
    struct sg_index taken;       /* (repetition, metric), with a column "repetition" */
    size_t *seen;
    struct row *rows;
    size_t count;
};

static void clear_table(struct table *table)
{
    sg_index_clear(&table->blocks);
    sg_index_clear(&table->variants);
    sg_index_clear(&table->metrics);
    sg_index_clear(&table->replicates);
    sg_index_clear(&table->cells);
    sg_index_clear(&table->repetitions);
    sg_index_clear(&table->taken);
    free(table->seen);
    free(table->rows);
}

static bool unknown_column(const struct sg_csv *csv, const struct sg_csv_field *field,
                           struct sg_error *err)
{
    struct sg_shown shown = sg_show_string(field->text);
    if (csv->count == 1 && strpbrk(field->text, ";\t") != NULL) {
        return sg_csv_fail(csv, field->line, field->column, err,
                           "columns are separated by commas; %s", header_hint);
    }
    const char *nearest = field->size > 64 ? NULL : sg_nearest(field->text, column_names, COLUMNS);
    if (nearest != NULL) {
        return sg_csv_fail(csv, field->line, field->column, err,
                           "unknown column \"%s\"; did you mean \"%s\"?", shown.text, nearest);
    }
    return sg_csv_fail(csv, field->line, field->column, err, "unknown column \"%s\"; %s",
                       shown.text, header_hint);
}

static bool place_column(const struct sg_csv *csv, size_t at, struct table *table,
                         struct sg_error *err)
{
    const struct sg_csv_field *field = &csv->fields[at];
    for (size_t i = 0; i < COLUMNS; i++) {
        if (strcmp(field->text, column_names[i]) != 0) {
            continue;
        }
        if (table->place[i] != SG_INDEX_NONE) {
            return sg_csv_fail(csv, field->line, field->column, err, "a second column \"%s\"",
                               column_names[i]);
        }
        table->place[i] = at;
        return true;
    }
    return unknown_column(csv, field, err);
}

static bool read_header(struct sg_csv *csv, struct table *table, struct sg_error *err)
{
    bool end = false;
    if (!sg_csv_next(csv, &end, err)) {
        return false;
    }
    if (end) {
        return sg_csv_fail(csv, 1, 1, err, "the file is empty; %s", header_hint);
    }
    table->width = csv->count;
    for (size_t i = 0; i < COLUMNS; i++) {
        table->place[i] = SG_INDEX_NONE;
    }
    for (size_t i = 0; i < csv->count; i++) {
        if (!place_column(csv, i, table, err)) {
            return false;
        }
    }
    for (size_t i = VARIANT; i <= VALUE; i++) {
        if (table->place[i] == SG_INDEX_NONE) {
            return sg_csv_fail(csv, csv->fields[0].line, 1, err, "no column \"%s\"; %s",
                               column_names[i], header_hint);
        }
    }
    return true;
}

/* The record's field in a column; an empty one at the record's start when there is no such. */
static struct sg_csv_field field_of(const struct sg_csv *csv, const struct table *table,
                                    enum column column)
{
    size_t place = table->place[column];
    return place == SG_INDEX_NONE ? (struct sg_csv_field){.text = "", .line = csv->fields[0].line}
                                  : csv->fields[place];
}

/* Decimal digits with an optional sign, point and exponent: strtod alone takes more. */
static bool is_decimal(const char *text)
{
    text += *text == '-' || *text == '+';
    size_t whole = strspn(text, "0123456789");
    text += whole;
    size_t part = *text == '.' ? strspn(text + 1, "0123456789") : 0;
    text += *text == '.' ? part + 1 : 0;
    if (whole + part == 0) {
        return false;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '-' || *text == '+';
        size_t exponent = strspn(text, "0123456789");
        return exponent > 0 && text[exponent] == '\0';
    }
    return *text == '\0';
}

static bool read_value(const struct sg_csv *csv, const struct table *table, double *out,
                       struct sg_error *err)
{
    struct sg_csv_field field = field_of(csv, table, VALUE);
    *out = NAN;
    if (field.size == 0) {
        return true;
    }
    double value = is_decimal(field.text) ? strtod(field.text, NULL) : NAN;
    if (!isfinite(value)) {
        return sg_csv_fail(csv, field.line, field.column, err,
                           "\"%s\" is not a finite number (like 0.0123 or 1.2e-3); leave the field "
                           "empty where the value is missing",
                           sg_show_string(field.text).text);
    }
    *out = value;
    return true;
}

/* The number of a name in its column; empty names and stray blanks are refused. */
static bool read_name(const struct sg_csv *csv, const struct table *table, enum column column,
                      struct sg_index *index, size_t *out, struct sg_error *err)
{
    struct sg_csv_field field = field_of(csv, table, column);
    if (table->place[column] != SG_INDEX_NONE) {
        if (field.size == 0) {
            return sg_csv_fail(csv, field.line, field.column, err, "the %s is empty",
                               column_names[column]);
        }
        if (field.text[0] == ' ' || field.text[field.size - 1] == ' ') {
            return sg_csv_fail(csv, field.line, field.column, err,
                               "the %s \"%s\" starts or ends with a blank; remove it",
                               column_names[column], sg_show_string(field.text).text);
        }
    }
    *out = sg_index_add(index, field.text, field.size);
    if (index->count > SG_ELEMENTS_MAX) {
        return sg_csv_fail(csv, field.line, field.column, err, "more than %d of column \"%s\"",
                           SG_ELEMENTS_MAX, column_names[column]);
    }
    return true;
}

/* How many rows this metric has in this block and variant before this one. */
static size_t count_row(struct table *table, size_t block, size_t variant, size_t metric)
{
    size_t key[3] = {block, variant, metric};
    size_t before = table->cells.count;
    size_t cell = sg_index_add(&table->cells, key, sizeof(key));
    if (cell == before) {
        table->seen = sg_grow(table->seen, before, sizeof(*table->seen));
    }
    return table->seen[cell]++;
}

static bool check_taken(const struct sg_csv *csv, struct table *table, const struct row *row,
                        struct sg_error *err)
{
    size_t key[2] = {row->repetition, row->metric};
    size_t before = table->taken.count;
    if (sg_index_add(&table->taken, key, sizeof(key)) == before) {
        return true;
    }
    return sg_csv_fail(csv, csv->fields[0].line, csv->fields[0].column, err,
                       "a second row of this metric in this block, variant and repetition");
}

static bool read_row(const struct sg_csv *csv, struct table *table, struct row *row,
                     struct sg_error *err)
{
    size_t key[3] = {0};
    bool named = table->place[REPETITION] != SG_INDEX_NONE;
    if (!read_value(csv, table, &row->value, err) ||
        !read_name(csv, table, BLOCK, &table->blocks, &key[0], err) ||
        !read_name(csv, table, VARIANT, &table->variants, &key[1], err) ||
        !read_name(csv, table, METRIC, &table->metrics, &row->metric, err)) {
        return false;
    }
    if (!named) {
        key[2] = count_row(table, key[0], key[1], row->metric);
    } else if (!read_name(csv, table, REPETITION, &table->replicates, &key[2], err)) {
        return false;
    }
    row->repetition = sg_index_add(&table->repetitions, key, sizeof(key));
    if (table->repetitions.count > SG_ELEMENTS_MAX) {
        return sg_csv_fail(csv, csv->fields[0].line, 1, err, "more than %d repetitions",
                           SG_ELEMENTS_MAX);
    }
    return !named || check_taken(csv, table, row, err);
}

static bool read_rows(struct sg_csv *csv, struct table *table, struct sg_error *err)
{
    for (;;) {
        bool end = false;
        if (!sg_csv_next(csv, &end, err)) {
            return false;
        }
        if (end) {
            break;
        }
        if (csv->count != table->width) {
            return sg_csv_fail(csv, csv->fields[0].line, 1, err,
                               "%zu fields where the header has %zu", csv->count, table->width);
        }
        table->rows = sg_grow(table->rows, table->count, sizeof(*table->rows));
        if (!read_row(csv, table, &table->rows[table->count], err)) {
            return false;
        }
        table->count++;
    }
    if (table->count == 0) {
        return sg_csv_fail(csv, csv->line, csv->column, err,
                           "no rows below the header: there is nothing to judge");
    }
    struct sg_place place = {.key = csv->name};
    return sg_values_check(table->metrics.count, table->repetitions.count, &place, err);
}

static char *name_of(const struct sg_index *index, size_t number)
{
    size_t size = 0;
    const void *key = sg_index_key(index, number, &size);
    char *name = sg_alloc(size + 1, 1);
    memcpy(name, key, size);
    return name;
}

static void add_repetition(const struct table *table, size_t number, struct sg_session *session)
{
    size_t key[3] = {0};
    size_t size = 0;
    memcpy(key, sg_index_key(&table->repetitions, number, &size), sizeof(key));
    char *variant = name_of(&table->variants, key[1]);
    struct sg_repetition *repetition = sg_session_add_repetition(session, variant);
    repetition->block = (int)key[0] + 1;
    repetition->slot = (int)number + 1;
    free(variant);
}

static void make_session(const struct table *table, struct sg_session *session)
{
    for (size_t i = 0; i < table->metrics.count; i++) {
        char *name = name_of(&table->metrics, i);
        sg_plain_metric(session, name);
        free(name);
    }
    for (size_t i = 0; i < table->repetitions.count; i++) {
        add_repetition(table, i, session);
    }
    for (size_t i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];
        assert(row->repetition < session->repetitions_count);
        double *values = session->repetitions[row->repetition].values;
        assert(values != NULL); /* the row's metric is one of the session's */
        values[row->metric] = row->value;
    }
    sg_plain_finish(session);
}

bool sg_samples_read_csv(const char *text, size_t size, const char *name, struct sg_session *out,
                         struct sg_error *err)
{
    if (size > CSV_MAX) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: %zu bytes, more than the 64 MiB that a CSV may have", name, size);
    }
    struct sg_csv csv;
    struct table table = {0};
    sg_csv_open(&csv, text, size, name);
    bool ok = read_header(&csv, &table, err) && read_rows(&csv, &table, err);
    if (ok) {
        struct sg_session session = {0};
        make_session(&table, &session);
        *out = session;
    }
    clear_table(&table);
    sg_csv_close(&csv);
    return ok;
}
