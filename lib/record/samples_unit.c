/* SPDX-License-Identifier: Apache-2.0 */
/* Units in long CSV: known ones ("ms") are brought to the base unit, so that rows in ns and in us
 * can be compared; others stand for themselves, and all rows of a metric must say the same. */
#include "record/samples_csv.h"

#include <math.h>
#include <string.h>

static const char *first_said(const struct sg_csv_metric *about)
{
    return about->unit != NULL ? about->unit->name : about->said.unit;
}

static bool contradict(const struct sg_csv *csv, const struct sg_csv_field *field, const char *name,
                       const struct sg_csv_metric *about, struct sg_error *err)
{
    return sg_csv_fail(csv, field->line, field->column, err,
                       "unit \"%s\", but an earlier row of this metric says \"%s\"",
                       sg_show_string(name).text, sg_show_string(first_said(about)).text);
}

/* Which of two units is meant cannot be told. */
static bool fail_bare(const struct sg_csv *csv, const struct sg_csv_field *field,
                      struct sg_error *err)
{
    return sg_csv_fail(csv, field->line, field->column, err,
                       "rows of this metric are in several units, so each needs one; a row has "
                       "none");
}

/* The row says nothing: its number is in the metric's unit. */
static bool read_bare(const struct sg_csv *csv, const struct sg_csv_field *field,
                      const struct sg_csv_metric *about, double *value, struct sg_error *err)
{
    if (about->mixed && !isnan(*value)) {
        return fail_bare(csv, field, err);
    }
    if (about->unit != NULL) {
        *value = sg_unit_to_base(about->unit, *value);
    }
    return true;
}

static bool read_known(const struct sg_csv *csv, const struct sg_csv_field *field,
                       const struct sg_unit *known, struct sg_csv_metric *about, double *value,
                       struct sg_error *err)
{
    if (about->said.unit == NULL) {
        about->said.unit = sg_strdup(known->base);
        about->unit = known;
        about->bare = about->rows - 1;
    } else if (about->unit == NULL || strcmp(about->unit->base, known->base) != 0) {
        return contradict(csv, field, known->name, about, err);
    } else if (!sg_unit_same(about->unit, known)) {
        about->mixed = true;
        if (about->bare > 0) {
            return fail_bare(csv, field, err);
        }
    }
    *value = sg_unit_to_base(known, *value);
    return true;
}

bool sg_unit_read(const struct sg_csv *csv, const struct sg_csv_table *table,
                  const struct sg_unit *behind, struct sg_csv_metric *about, double *value,
                  struct sg_error *err)
{
    struct sg_csv_field field = sg_table_field(csv, table, SG_COLUMN_UNIT);
    struct sg_csv_field number = sg_table_field(csv, table, SG_COLUMN_VALUE);
    const struct sg_unit *known = field.size > 0 ? sg_unit_find(field.text) : behind;
    if (field.size > 0 && behind != NULL && (known == NULL || !sg_unit_same(known, behind))) {
        return sg_csv_fail(csv, number.line, number.column, err,
                           "the number is in %s, the column \"unit\" says \"%s\"", behind->name,
                           sg_show_string(field.text).text);
    }
    const struct sg_csv_field *place = field.size > 0 ? &field : &number;
    if (known != NULL) {
        return read_known(csv, place, known, about, value, err);
    }
    if (field.size == 0) {
        return read_bare(csv, place, about, value, err);
    }
    if (about->said.unit == NULL) {
        about->said.unit = sg_strdup(field.text);
    }
    return strcmp(about->said.unit, field.text) == 0 ||
           contradict(csv, place, field.text, about, err);
}

void sg_unit_finish(struct sg_csv_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        struct sg_csv_row *row = &table->rows[i];
        struct sg_csv_metric *about = &table->about[row->metric];
        if (about->bare > 0) {
            row->value = sg_unit_to_base(about->unit, row->value);
            about->bare--;
        }
    }
}
