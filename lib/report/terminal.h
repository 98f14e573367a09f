/* SPDX-License-Identifier: Apache-2.0 */
/* What the text format needs of a terminal: colours, wrapped sentences, aligned grids. */
#ifndef SG_REPORT_TERMINAL_H
#define SG_REPORT_TERMINAL_H

#include "report/table.h"
#include "view/view.h"

struct sg_terminal {
    struct sg_text *out;
    size_t width;
    bool color;
};

/* Words that come between these stand out; nothing without colour. */
void sg_terminal_state(const struct sg_terminal *terminal, enum sg_state state);
void sg_terminal_dim(const struct sg_terminal *terminal);
void sg_terminal_bold(const struct sg_terminal *terminal);
void sg_terminal_plain(const struct sg_terminal *terminal);

/* Clean text, broken between words before the terminal's width, each line behind `indent` spaces;
 * the first line goes on at column `at`. Ends with a newline. */
void sg_terminal_wrap(const struct sg_terminal *terminal, const char *text, size_t indent,
                      size_t at);

/* Drops columns, in the order of `drop` (ends with 0, may name more than there are), until a row of
 * `table` fits beside `indent`; widths of what is left, 0 for a dropped column. Caller frees. */
size_t *sg_terminal_columns(const struct sg_terminal *terminal, const struct sg_table *table,
                            size_t indent, const size_t *drop) SG_MUST_USE;
/* One row of it without the newline. */
void sg_terminal_row(const struct sg_terminal *terminal, const struct sg_table *table, size_t row,
                     const size_t *widths);

#endif
