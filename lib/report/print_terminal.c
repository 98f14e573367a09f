/* SPDX-License-Identifier: Apache-2.0 */
/* A document for a terminal: wrapped sentences, aligned grids, colours. What is read on pages only
 * (headings, pictures, folds) is not there. */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/print.h"
#include "report/terminal.h"

#define WIDTH 100
#define LOG_LINES 10 /* the last of a log */
#define HEAD_NAME 24 /* bytes of a variant's name over its column */

struct printer {
    struct sg_terminal to;
    size_t longest; /* bytes of a text that are shown */
};

static void dim(const struct printer *printer, bool really)
{
    if (really)
        sg_terminal_dim(&printer->to);
}

static void plain(const struct printer *printer, bool really)
{
    if (really)
        sg_terminal_plain(&printer->to);
}

static void write_mark(const struct printer *printer, enum sg_state state)
{
    sg_terminal_state(&printer->to, state);
    sg_text_add(printer->to.out, sg_state_mark(state));
    sg_terminal_plain(&printer->to);
}

static char *line_of(const struct printer *printer, const struct sg_line *line)
{
    struct sg_text text = {0};

    sg_line_plain(line, printer->longest, &text);
    return sg_text_take(&text);
}

static void wrap_line(const struct printer *printer, const struct sg_line *line, size_t indent,
                      size_t at)
{
    char *text = line_of(printer, line);

    sg_terminal_wrap(&printer->to, text, indent, at);
    free(text);
}

/* --- Parts -------------------------------------------------------------------------------- */

/* A forecast has no word of its own, and no summary. */
static void write_forecast(const struct printer *printer, const struct sg_part *part)
{
    write_mark(printer, part->state);
    sg_text_add(printer->to.out, " ");
    sg_terminal_bold(&printer->to);
    wrap_line(printer, &part->line, 2, 2);
    sg_terminal_plain(&printer->to);
}

static void write_verdict(const struct printer *printer, const struct sg_part *part)
{
    size_t indent = 4 + strlen(sg_state_word(part->state)); /* "✗ FAIL  " */

    if (part->look == SG_LOOK_FORECAST) {
        write_forecast(printer, part);
        return;
    }
    if (part->text != NULL) {
        char *title = sg_clean_line(part->text, SG_SHOWN_SENTENCE);
        sg_text_printf(printer->to.out, "%s\n\n", title);
        free(title);
    }
    sg_terminal_state(&printer->to, part->state);
    sg_text_printf(printer->to.out, "%s %s", sg_state_mark(part->state),
                   sg_state_word(part->state));
    plain(printer, true);
    sg_text_add(printer->to.out, "  ");
    sg_terminal_bold(&printer->to);
    wrap_line(printer, &part->line, indent, indent);
    plain(printer, true);
    sg_text_add(printer->to.out, "  ");
    wrap_line(printer, &part->more, 2, 2);
}

static void write_paragraph(const struct printer *printer, const struct sg_part *part)
{
    bool quiet = part->look == SG_LOOK_QUIET;
    char *text = line_of(printer, &part->line);

    sg_text_add(printer->to.out, "  ");
    dim(printer, quiet);
    if (part->look == SG_LOOK_WHOLE)
        sg_text_printf(printer->to.out, "%s\n", text);
    else
        sg_terminal_wrap(&printer->to, text, 2, 2);
    plain(printer, quiet);
    free(text);
}

static void write_log(const struct printer *printer, const char *log)
{
    char *block = sg_clean_block(log, LOG_LINES, printer->to.width);

    dim(printer, true);
    for (const char *at = block; *at != '\0'; at += strcspn(at, "\n") + 1)
        sg_text_printf(printer->to.out, "      │ %.*s\n", (int)strcspn(at, "\n"), at);
    plain(printer, true);
    free(block);
}

/* The state that an item begins with stands where others have their "-". */
static void write_item(const struct printer *printer, const struct sg_item *item, enum sg_look look)
{
    bool stated = item->line.count > 0 && item->line.spans[0].kind == SG_SPAN_STATE;
    bool hanging = look == SG_LOOK_HANGING || look == SG_LOOK_HANGING_QUIET;
    struct sg_line line = item->line;

    sg_text_add(printer->to.out, "  ");
    if (stated) {
        write_mark(printer, line.spans[0].state);
        sg_text_add(printer->to.out, " ");
        line = (struct sg_line){line.spans + 1, line.count - 1};
    } else {
        sg_text_add(printer->to.out, hanging ? "" : look == SG_LOOK_ARROW ? "→ " : "- ");
    }
    dim(printer, look == SG_LOOK_HANGING_QUIET);
    wrap_line(printer, &line, 4, hanging ? 2 : 4);
    plain(printer, look == SG_LOOK_HANGING_QUIET);
    if (item->log != NULL)
        write_log(printer, item->log);
}

/* --- Tables ------------------------------------------------------------------------------- */

/* Columns that are aligned: a state stands before the row, a reason below it. */
static bool in_grid(const struct sg_part *part, size_t column)
{
    enum sg_column_kind kind = part->heads[column].kind;

    return kind != SG_COLUMN_STATE && kind != SG_COLUMN_REASON;
}

static char *show_cell(const struct sg_span *cell)
{
    struct sg_text text = {0};
    struct sg_line line = {(struct sg_span *)cell, 1};

    sg_line_plain(&line, SG_SHOWN_NAME, &text);
    return sg_text_take(&text);
}

static char *show_head(const struct sg_line *line)
{
    struct sg_text text = {0};

    sg_line_plain(line, SG_SHOWN_NAME, &text);
    if (line->count > 0 && line->spans[0].kind == SG_SPAN_CODE) {
        char *name = sg_clean_line(text.data, HEAD_NAME);
        sg_text_free(&text);
        return name;
    }
    return sg_text_take(&text);
}

static void fill_grid(struct sg_table *grid, const struct sg_part *part, char *align)
{
    size_t columns = 0;

    for (size_t i = 0; i < part->heads_count; i++)
        if (in_grid(part, i))
            align[columns++] = part->heads[i].kind == SG_COLUMN_RIGHT ? 'r' : 'l';
    sg_table_init(grid, align);
    for (size_t i = 0; i < part->heads_count; i++)
        if (in_grid(part, i))
            sg_table_take(grid, show_head(&part->heads[i].line));
    for (size_t row = 0; row < part->cells_count; row += part->heads_count)
        for (size_t i = 0; i < part->heads_count; i++)
            if (in_grid(part, i))
                sg_table_take(grid, show_cell(&part->cells[row + i]));
}

/* The grid's columns in the order in which they go where it is narrow; ends with 0. Caller frees.
 */
static size_t *drops(const struct sg_part *part)
{
    size_t *order = sg_alloc(part->heads_count + 1, sizeof(*order));
    size_t column = 0;

    for (size_t i = 0; i < part->heads_count; i++) {
        if (part->heads[i].drop > 0)
            order[part->heads[i].drop - 1] = column;
        column += in_grid(part, i);
    }
    return order;
}

static void write_reason(const struct printer *printer, const char *text)
{
    char *reason = sg_clean_line(text, printer->longest);

    sg_text_add(printer->to.out, "      ");
    dim(printer, true);
    sg_terminal_wrap(&printer->to, reason, 6, 6);
    plain(printer, true);
    free(reason);
}

static void write_data_row(const struct printer *printer, const struct sg_part *part,
                           const struct sg_table *grid, size_t row, const size_t *widths,
                           size_t indent)
{
    const struct sg_span *cells = &part->cells[row * part->heads_count];
    const struct sg_span *last = &cells[part->heads_count - 1];
    bool stated = part->heads[0].kind == SG_COLUMN_STATE;

    sg_text_printf(printer->to.out, "%*s", stated ? 2 : (int)indent, "");
    if (stated) {
        write_mark(printer, cells[0].state);
        sg_text_add(printer->to.out, " ");
    }
    sg_terminal_row(&printer->to, grid, row + 1, widths);
    sg_text_add(printer->to.out, "\n");
    if (part->heads[part->heads_count - 1].kind == SG_COLUMN_REASON && last->text != NULL &&
        cells[0].state != SG_STATE_PASS)
        write_reason(printer, last->text);
}

static void write_table(const struct printer *printer, const struct sg_part *part)
{
    struct sg_table grid;
    char *align = sg_alloc(part->heads_count + 1, 1);
    bool set_in = part->heads[0].kind == SG_COLUMN_STATE || part->look == SG_LOOK_HANGING;
    size_t indent = set_in ? 4 : 2;

    fill_grid(&grid, part, align);
    size_t *drop = drops(part);
    size_t *widths = sg_terminal_columns(&printer->to, &grid, indent, drop);
    sg_text_printf(printer->to.out, "%*s", (int)indent, "");
    dim(printer, true);
    sg_terminal_row(&printer->to, &grid, 0, widths);
    plain(printer, true);
    sg_text_add(printer->to.out, "\n");
    for (size_t row = 0; row * part->heads_count < part->cells_count; row++)
        write_data_row(printer, part, &grid, row, widths, indent);
    free(drop);
    free(widths);
    sg_table_clear(&grid);
    free(align);
}

/* --- The document ------------------------------------------------------------------------- */

static void write_list(const struct printer *printer, const struct sg_part *part)
{
    for (size_t i = 0; i < part->items_count; i++)
        write_item(printer, &part->items[i], part->look);
}

void sg_print_terminal(const struct sg_doc *doc, const struct sg_terminal_use *use,
                       struct sg_text *out)
{
    const struct printer printer = {
        .to = {.out = out,
               .width = use->width > 0 ? (size_t)use->width : WIDTH,
               .color = use->color},
        .longest = use->longest > 0 ? use->longest : SG_SHOWN_SENTENCE,
    };
    static void (*const writers[SG_PART_KINDS])(const struct printer *, const struct sg_part *) = {
        [SG_PART_VERDICT] = write_verdict,
        [SG_PART_PARAGRAPH] = write_paragraph,
        [SG_PART_LIST] = write_list,
        [SG_PART_TABLE] = write_table,
    };
    bool first = true;

    for (size_t i = 0; i < doc->count; i++) {
        const struct sg_part *part = &doc->parts[i];
        if (writers[part->kind] == NULL)
            continue;
        if (!first && (part->tight & SG_FOR_TERMINAL) == 0)
            sg_text_add(out, "\n");
        writers[part->kind](&printer, part);
        first = false;
    }
}
