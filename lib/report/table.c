/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown tables under a limit of bytes. */
#include "report/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"

#define WIDEST 40 /* columns of a terminal that alignment pays for; longer cells stick out */

void sg_table_init(struct sg_table *table, const char *align)
{
    *table = (struct sg_table){.align = align, .columns = strlen(align)};
}

void sg_table_take(struct sg_table *table, char *escaped)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity == 0 ? 64 : 2 * table->capacity;
        table->cells = sg_realloc(table->cells, table->capacity, sizeof(*table->cells));
    }
    table->cells[table->count++] = escaped;
}

void sg_table_text(struct sg_table *table, const char *escaped)
{
    sg_table_take(table, sg_strdup(escaped));
}

void sg_table_clear(struct sg_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct sg_table){0};
}

void sg_pad(struct sg_text *out, const char *text, size_t width, bool right)
{
    size_t own = sg_shown_width(text);
    int fill = own < width ? (int)(width - own) : 0;

    if (right)
        sg_text_printf(out, "%*s%s", fill, "", text);
    else
        sg_text_printf(out, "%s%*s", text, fill, "");
}

static void measure(const struct sg_table *table, size_t *widths)
{
    for (size_t i = 0; i < table->count; i++) {
        size_t width = sg_shown_width(table->cells[i]);
        size_t *widest = &widths[i % table->columns];
        if (width <= WIDEST && width > *widest)
            *widest = width;
    }
    if (table->align[table->columns - 1] == 'l') /* nothing stands behind it to be aligned */
        widths[table->columns - 1] = sg_shown_width(table->cells[table->columns - 1]);
    for (size_t i = 0; i < table->columns; i++)
        if (widths[i] < 3)
            widths[i] = 3;
}

static void write_row(const struct sg_table *table, size_t row, const size_t *widths,
                      struct sg_text *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        sg_text_add(out, i == 0 ? "| " : " | ");
        sg_pad(out, table->cells[row * table->columns + i], widths[i], table->align[i] == 'r');
    }
    sg_text_add(out, " |\n");
}

static void write_rule(const struct sg_table *table, const size_t *widths, struct sg_text *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        bool right = table->align[i] == 'r';
        sg_text_add(out, "|");
        for (size_t k = 0; k < widths[i] + 2 - right; k++)
            sg_text_add(out, "-");
        sg_text_add(out, right ? ":" : "");
    }
    sg_text_add(out, "|\n");
}

/* Head, rule and first row are one piece: a table is never without a row. */
static void write_rows(const struct sg_table *table, size_t rows, const size_t *widths,
                       struct sg_sheet *sheet)
{
    struct sg_text piece = {0};

    write_row(table, 0, widths, &piece);
    write_rule(table, widths, &piece);
    for (size_t row = 1; row < rows; row++) {
        write_row(table, row, widths, &piece);
        if (!sg_sheet_add(sheet, &piece)) {
            sheet->left_out += rows - row - 1;
            return;
        }
    }
}

void sg_table_write(struct sg_table *table, struct sg_sheet *sheet)
{
    size_t rows = table->count / table->columns;
    size_t *widths = sg_alloc(table->columns, sizeof(*widths));

    measure(table, widths);
    if (rows > 1)
        write_rows(table, rows, widths, sheet);
    free(widths);
    sg_table_clear(table);
}
