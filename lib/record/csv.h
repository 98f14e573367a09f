/* SPDX-License-Identifier: Apache-2.0 */
/* CSV, one record at a time, after RFC 4180: fields may be quoted, "" is a quote, quoted fields may
 * span lines; lines end with LF or CRLF; UTF-8. And as spreadsheets leave it: separated by commas,
 * semicolons, tabs or bars, blanks around fields, rows and columns without content. Private to
 * record. */
#ifndef SG_RECORD_CSV_H
#define SG_RECORD_CSV_H

#include "base/error.h"
#include "base/text.h"

#define SG_CSV_FIELDS 16                 /* most in a record */
#define SG_CSV_RECORD ((size_t)64 << 10) /* most bytes of a record */

struct sg_csv_field {
    const char *text; /* NUL-terminated */
    size_t size;
    size_t line, column; /* where it starts, from 1; columns count characters */
};

struct sg_csv {
    const char *name; /* opens error messages */
    const char *text;
    size_t size, at;
    size_t line, column; /* of `at` */
    char separator;
    struct sg_csv_field fields[SG_CSV_FIELDS];
    size_t count;
    char *buffer; /* the fields' text */
    size_t used;
};

/* Starts at the header: behind a byte order mark, Excel's "sep=;" and PowerShell's "#TYPE …". The
 * header tells the separator: the first of , ; tab | that it holds. */
void sg_csv_open(struct sg_csv *csv, const char *text, size_t size, const char *name);
void sg_csv_close(struct sg_csv *csv);
/* csv_dialect.c: goes to the header and sets the separator. */
void sg_csv_dialect(struct sg_csv *csv);

/* Reads the next record; those without content are skipped, and so are empty fields beyond the
 * last that there is room for. *out_end: there is none, and `count` is 0. */
bool sg_csv_next(struct sg_csv *csv, bool *out_end, struct sg_error *err) SG_MUST_USE;

/* "name:line:column: …", SG_ERROR_CONFIG; always false. */
bool sg_csv_fail(const struct sg_csv *csv, size_t line, size_t column, struct sg_error *err,
                 const char *format, ...) SG_PRINTF(5, 6);

#endif
