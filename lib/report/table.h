/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of text whose columns are aligned for a terminal: a grid, and Markdown made of it. */
#ifndef SG_REPORT_TABLE_H
#define SG_REPORT_TABLE_H

#include "report/page.h"

struct sg_table {
    const char *align; /* one letter a column: 'l' or 'r' */
    size_t columns;
    char **cells; /* row by row; the first row is the head */
    size_t count, capacity;
};

void sg_table_init(struct sg_table *table, const char *align);
/* The next cell, already escaped. */
void sg_table_text(struct sg_table *table, const char *escaped);
/* The same, taking over what malloc gave. */
void sg_table_take(struct sg_table *table, char *escaped);
/* Writes and frees; without room for one row nothing but the count of rows left out. */
void sg_table_write(struct sg_table *table, struct sg_sheet *sheet);

void sg_table_clear(struct sg_table *table);

/* `text` filled up with spaces to `width` columns of a terminal. */
void sg_pad(struct sg_text *out, const char *text, size_t width, bool right);

#endif
