/* SPDX-License-Identifier: Apache-2.0 */
/* The help text of a table of options. */
#include "base/options.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, WIDEST_LEFT = 30 };

/* "  -c, --config FILE" */
static char *left_column(const struct sg_option *row)
{
    struct sg_text text = {0};
    if (row->short_name)
        sg_text_printf(&text, "  -%c, --%s", row->short_name, row->name);
    else
        sg_text_printf(&text, "      --%s", row->name);
    if (row->type != SG_OPTION_FLAG)
        sg_text_printf(&text, " %s", row->argument ? row->argument : "VALUE");
    return sg_text_take(&text);
}

static char *right_column(const struct sg_option *row)
{
    if (row->type == SG_OPTION_FLAG || !row->default_text)
        return sg_strdup(row->help);
    return sg_format("%s (default: %s)", row->help, row->default_text);
}

/* Characters, not bytes: help may hold "µs". */
static size_t width_of(const char *text, size_t size)
{
    size_t width = 0;
    for (size_t i = 0; i < size; i++)
        width += ((unsigned char)text[i] & 0xC0) != 0x80;
    return width;
}

static void add_spaces(struct sg_text *text, size_t count)
{
    sg_text_printf(text, "%*s", (int)count, "");
}

/* Words of `help` in lines that start at column `indent`. */
static void add_wrapped(struct sg_text *text, const char *help, size_t indent)
{
    size_t column = indent;
    for (const char *at = help; *at;) {
        size_t size = strcspn(at, " ");
        size_t width = width_of(at, size);
        if (column > indent && column + 1 + width > WIDTH) {
            sg_text_add(text, "\n");
            add_spaces(text, indent);
            column = indent;
        } else if (column > indent) {
            sg_text_add(text, " ");
            column++;
        }
        sg_text_bytes(text, at, size);
        column += width;
        at += size;
        at += strspn(at, " ");
    }
    sg_text_add(text, "\n");
}

static size_t widest_left(const struct sg_option *rows)
{
    size_t widest = 0;
    for (const struct sg_option *row = rows; row->name; row++) {
        char *left = left_column(row);
        size_t width = width_of(left, strlen(left));
        if (row->help && width <= WIDEST_LEFT && width > widest)
            widest = width;
        free(left);
    }
    return widest;
}

static void add_row(struct sg_text *text, const struct sg_option *row, size_t indent)
{
    char *left = left_column(row);
    char *right = right_column(row);
    size_t width = width_of(left, strlen(left));
    sg_text_add(text, left);
    if (width + 2 > indent) {
        sg_text_add(text, "\n");
        width = 0;
    }
    add_spaces(text, indent - width);
    add_wrapped(text, right, indent);
    free(left);
    free(right);
}

void sg_options_help(struct sg_text *text, const char *usage, const struct sg_option *rows)
{
    sg_text_printf(text, "Usage: %s\n", usage);
    size_t widest = widest_left(rows);
    size_t indent = widest ? widest + 2 : 10;
    const char *heading = "\nOptions:\n";
    for (const struct sg_option *row = rows; row->name; row++) {
        if (!row->help)
            continue;
        sg_text_add(text, heading);
        heading = "";
        add_row(text, row, indent);
    }
}
