/* SPDX-License-Identifier: Apache-2.0 */
/* A Markdown document that must not outgrow a limit, and its tables: columns aligned for the
 * terminal, cut between two rows and nowhere else. */
#ifndef SG_REPORT_TABLE_H
#define SG_REPORT_TABLE_H

#include "base/text.h"

/* What is written so far. A piece that would go past `limit` is left out and counted. */
struct sg_sheet {
    struct sg_text *out;
    size_t limit; /* bytes of `out` */
    size_t left_out;
    struct sg_text title; /* comes before the next piece, so that no title stands alone */
};

/* The title of what follows; replaces one that was not needed. */
void sg_sheet_title(struct sg_sheet *sheet, const char *escaped);
/* Takes `piece` (empty afterwards) if it fits; it must be whole in itself: a row, a list item. */
bool sg_sheet_add(struct sg_sheet *sheet, struct sg_text *piece);

/* A folded section: its content goes to a sheet of its own first, so that it is written only when
 * there is something in it. */
struct sg_fold {
    struct sg_sheet inside;
    struct sg_text text;
    const char *summary;
};

/* `summary` is a constant without markup. */
struct sg_sheet *sg_fold_open(struct sg_fold *fold, const struct sg_sheet *sheet,
                              const char *summary);
void sg_fold_close(struct sg_fold *fold, struct sg_sheet *sheet);

struct sg_table {
    const char *align; /* one letter a column: 'l' or 'r' */
    size_t columns;
    char **cells; /* row by row; the first row is the head */
    size_t count, capacity;
};

void sg_table_init(struct sg_table *table, const char *align);
/* The next cell, already escaped; takes the text over (empty afterwards). */
void sg_table_cell(struct sg_table *table, struct sg_text *cell);
void sg_table_text(struct sg_table *table, const char *escaped);
/* The same, taking over what malloc gave. */
void sg_table_take(struct sg_table *table, char *escaped);
/* Writes and frees; without room for one row nothing but the count of rows left out. */
void sg_table_write(struct sg_table *table, struct sg_sheet *sheet);

void sg_table_clear(struct sg_table *table);

/* `text` filled up with spaces to `width` columns of a terminal. */
void sg_pad(struct sg_text *out, const char *text, size_t width, bool right);

#endif
