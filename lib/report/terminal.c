/* SPDX-License-Identifier: Apache-2.0 */
/* Colours, wrapping and grids for a terminal. */
#include "report/terminal.h"

#include <string.h>

#include "base/clean.h"

#define GAP 2 /* between columns */

static void add_color(const struct sg_terminal *terminal, const char *sequence)
{
    if (terminal->color)
        sg_text_add(terminal->out, sequence);
}

void sg_terminal_state(const struct sg_terminal *terminal, enum sg_state state)
{
    /* red, magenta, yellow, yellow, green */
    static const char *const colors[] = {"\x1b[1;31m", "\x1b[1;35m", "\x1b[1;33m", "\x1b[33m",
                                         "\x1b[32m"};

    add_color(terminal, colors[state]);
}

void sg_terminal_dim(const struct sg_terminal *terminal)
{
    add_color(terminal, "\x1b[2m");
}

void sg_terminal_bold(const struct sg_terminal *terminal)
{
    add_color(terminal, "\x1b[1m");
}

void sg_terminal_plain(const struct sg_terminal *terminal)
{
    add_color(terminal, "\x1b[0m");
}

/* To the next space; "5 %" is one word. */
static size_t word_length(const char *text)
{
    size_t length = strcspn(text, " ");

    while (text[length] == ' ' && text[length + 1] == '%')
        length += 1 + strcspn(text + length + 1, " ");
    return length;
}

void sg_terminal_wrap(const struct sg_terminal *terminal, const char *text, size_t indent,
                      size_t at)
{
    struct sg_text word = {0};
    bool fresh = true;

    while (*(text += strspn(text, " ")) != '\0') {
        size_t length = word_length(text);
        sg_text_bytes(&word, text, length);
        size_t width = sg_shown_width(word.data);
        if (!fresh && at + 1 + width > terminal->width) {
            sg_text_printf(terminal->out, "\n%*s", (int)indent, "");
            at = indent;
            fresh = true;
        }
        sg_text_printf(terminal->out, "%s%s", fresh ? "" : " ", word.data);
        at += width + !fresh;
        fresh = false;
        sg_text_free(&word);
        text += length;
    }
    sg_text_add(terminal->out, "\n");
}

static size_t total(const size_t *widths, size_t count, size_t indent)
{
    for (size_t i = 0; i < count; i++)
        indent += widths[i] > 0 ? widths[i] + GAP : 0;
    return indent - GAP;
}

size_t *sg_terminal_columns(const struct sg_terminal *terminal, const struct sg_table *table,
                            size_t indent, const size_t *drop)
{
    size_t *widths = sg_alloc(table->columns, sizeof(*widths));

    for (size_t i = 0; i < table->count; i++) {
        size_t width = sg_shown_width(table->cells[i]);
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    for (; *drop != 0 && total(widths, table->columns, indent) > terminal->width; drop++)
        if (*drop < table->columns)
            widths[*drop] = 0;
    return widths;
}

void sg_terminal_row(const struct sg_terminal *terminal, const struct sg_table *table, size_t row,
                     const size_t *widths)
{
    struct sg_text line = {0};

    for (size_t i = 0; i < table->columns; i++) {
        if (widths[i] == 0)
            continue;
        sg_text_printf(&line, "%*s", line.size > 0 ? GAP : 0, "");
        sg_pad(&line, table->cells[row * table->columns + i], widths[i], table->align[i] == 'r');
    }
    while (line.size > 0 && line.data[line.size - 1] == ' ')
        line.size--;
    sg_text_bytes(terminal->out, line.data, line.size);
    sg_text_free(&line);
}
