/* SPDX-License-Identifier: Apache-2.0 */
/* Long CSV on its way to a session: what the rows say, before it is known of which repetition each
 * is. Private to record. */
#ifndef SG_RECORD_SAMPLES_CSV_H
#define SG_RECORD_SAMPLES_CSV_H

#include "base/units.h"
#include "record/csv.h"
#include "record/fields.h"
#include "record/index.h"
#include "record/record.h"

enum sg_column {
    SG_COLUMN_BLOCK,
    SG_COLUMN_VARIANT,
    SG_COLUMN_METRIC,
    SG_COLUMN_VALUE,
    SG_COLUMN_REPETITION,
    SG_COLUMN_ABOUT, /* from here on: what the row says of its metric */
    SG_COLUMN_UNIT = SG_COLUMN_ABOUT,
    SG_COLUMN_BETTER,
    SG_COLUMN_SCALE,
    SG_COLUMN_ROLE,
    SG_COLUMN_ADJUST,
    SG_COLUMN_EVENTS,
    SG_COLUMN_TRIALS,
    SG_COLUMNS
};
extern const char *const sg_column_names[SG_COLUMNS];

struct sg_csv_row {
    double value;
    uint32_t metric;
    uint32_t group; /* (block, variant), with a column "repetition" that too */
};

struct sg_csv_metric {
    struct sg_metric said; /* all but the name */
    unsigned columns;      /* a bit for each column that has said something */
    size_t rows;
    size_t line;                /* of the first row */
    const struct sg_unit *unit; /* the first that was said, where it is a known one */
    bool mixed;                 /* rows have said it in several units: ns and us */
    size_t bare;                /* rows before the first that said a unit; they are in that one */
};

/* Whether numbers have a decimal point or a comma: what one of them tells holds for all. */
struct sg_csv_mark {
    char mark; /* '\0': no number had one so far */
    size_t line;
};

struct sg_csv_table {
    size_t place[SG_COLUMNS]; /* of each column; SG_INDEX_NONE: not there */
    size_t width;             /* fields of the header */
    unsigned named;           /* a bit for each that has a name */
    struct sg_csv_mark mark;
    struct sg_index blocks, variants, metrics, replicates, groups;
    struct sg_csv_metric *about; /* one a metric */
    size_t about_capacity;
    struct sg_csv_row *rows;
    size_t count, capacity;
};

/* The record's field in a column; an empty one at the record's start when there is no such. */
struct sg_csv_field sg_table_field(const struct sg_csv *csv, const struct sg_csv_table *table,
                                   enum sg_column column);

/* samples_number.c: the record's value, NaN where it is missing. `out_unit`: the unit that stands
 * behind the number in the same field, or NULL. */
bool sg_number_read(const struct sg_csv *csv, struct sg_csv_table *table, double *out,
                    const struct sg_unit **out_unit, struct sg_error *err) SG_MUST_USE;
/* Whether an unquoted decimal comma has made two fields of the record's value. */
bool sg_number_is_split(const struct sg_csv *csv, const struct sg_csv_table *table);

/* samples_unit.c: takes the unit that the row says, in its column or behind its number, and brings
 * its value to the base unit. */
bool sg_unit_read(const struct sg_csv *csv, const struct sg_csv_table *table,
                  const struct sg_unit *behind, struct sg_csv_metric *about, double *value,
                  struct sg_error *err) SG_MUST_USE;
/* The same for rows that came before the first that said it. */
void sg_unit_finish(struct sg_csv_table *table);

/* samples_about.c: takes what else the row says of its metric; rows must not contradict each other.
 */
bool sg_about_read(const struct sg_csv *csv, const struct sg_csv_table *table,
                   struct sg_csv_metric *about, struct sg_error *err) SG_MUST_USE;
/* The session's metrics. */
bool sg_about_finish(const struct sg_csv *csv, struct sg_csv_table *table,
                     struct sg_session *session, struct sg_error *err) SG_MUST_USE;
void sg_about_clear(struct sg_csv_table *table);

/* samples_rows.c: the session's repetitions and values. */
bool sg_rows_finish(const struct sg_csv *csv, struct sg_csv_table *table,
                    struct sg_session *session, struct sg_error *err) SG_MUST_USE;

#endif
