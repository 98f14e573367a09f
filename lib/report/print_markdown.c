/* SPDX-License-Identifier: Apache-2.0 */
/* A document as GitHub Markdown: read under a pull request, in a job's summary, and as it is in a
 * terminal. */
#include <stdlib.h>
#include <string.h>

#include "report/page.h"
#include "report/print.h"
#include "report/table.h"
#include "view/escape.h"

#define NO_BREAK_SPACE "\xC2\xA0"

/* --- Spans: the one place where text is escaped -------------------------------------------- */

/* Escaped, because a unit is the user's own word; in one piece, so that "12.1 ms" stays on one
 * line. */
static void write_number(struct sg_text *out, const char *text)
{
    struct sg_text escaped = {0};
    char before = '\0';

    sg_markdown_text(&escaped, text);
    for (const char *at = escaped.data; at != NULL && *at != '\0'; at++) {
        if (*at == ' ' && before != ',')
            sg_text_add(out, NO_BREAK_SPACE);
        else
            sg_text_bytes(out, at, 1);
        before = *at;
    }
    sg_text_free(&escaped);
}

static void write_change(struct sg_text *out, const struct sg_span *span)
{
    char *both = sg_format("%s%s%s", span->text, *span->more != '\0' ? " " : "", span->more);

    write_number(out, both);
    free(both);
}

static void write_span(struct sg_text *out, const struct sg_span *span)
{
    switch (span->kind) {
    case SG_SPAN_OWN:
        sg_text_add(out, span->text);
        break;
    case SG_SPAN_STRONG:
        sg_text_printf(out, "**%s**", span->text);
        break;
    case SG_SPAN_TEXT:
        sg_markdown_text(out, span->text);
        break;
    case SG_SPAN_CODE:
        sg_markdown_code(out, span->text);
        break;
    case SG_SPAN_STATE:
        sg_text_printf(out, "**%s %s**", sg_state_mark(span->state), sg_state_word(span->state));
        break;
    case SG_SPAN_NUMBER:
        write_number(out, span->text);
        break;
    case SG_SPAN_CHANGE:
        write_change(out, span);
        break;
    }
}

static void write_line(struct sg_text *out, const struct sg_line *line)
{
    for (size_t i = 0; i < line->count; i++)
        write_span(out, &line->spans[i]);
}

/* --- Parts -------------------------------------------------------------------------------- */

/* An empty line before a part, but not at the start of a page or fold. */
static void begin(struct sg_sheet *sheet, const struct sg_part *part)
{
    bool fresh = sheet->out->size == sheet->start && sheet->title.size == 0;

    if (!fresh && (part->tight & SG_FOR_MARKDOWN) == 0)
        sg_text_add(&sheet->title, "\n");
}

static void write_verdict(struct sg_sheet *sheet, const struct sg_part *part)
{
    struct sg_text *out = sheet->out;

    if (part->text != NULL) {
        sg_text_add(out, "# ");
        sg_markdown_code(out, part->text);
        sg_text_add(out, "\n\n");
    }
    if (part->look == SG_LOOK_FORECAST)
        sg_text_printf(out, "## svcgate plan: %s ", sg_state_mark(part->state));
    else
        sg_text_printf(out, "## svcgate: %s %s — ", sg_state_mark(part->state),
                       sg_state_word(part->state));
    write_line(out, &part->line);
    sg_text_add(out, part->more.count > 0 ? "\n\n" : "");
    write_line(out, &part->more);
    sg_text_add(out, "\n");
}

static void write_heading(struct sg_sheet *sheet, const struct sg_part *part)
{
    bool label = part->look == SG_LOOK_LABEL;

    if ((part->shown & SG_FOR_MARKDOWN) == 0)
        return;
    begin(sheet, part);
    sg_text_add(&sheet->title, label ? "**" : "### ");
    write_line(&sheet->title, &part->line);
    sg_text_add(&sheet->title, label ? "**\n" : "\n");
}

static void write_paragraph(struct sg_sheet *sheet, const struct sg_part *part)
{
    struct sg_text piece = {0};

    begin(sheet, part);
    write_line(&piece, &part->line);
    sg_text_add(&piece, "\n");
    sg_sheet_add_paragraph(sheet, part->look, &piece);
}

static void write_list(struct sg_sheet *sheet, const struct sg_part *part)
{
    begin(sheet, part);
    for (size_t i = 0; i < part->items_count; i++) {
        struct sg_text piece = {0};
        sg_text_add(&piece, "- ");
        write_line(&piece, &part->items[i].line);
        sg_text_add(&piece, "\n");
        if (part->items[i].log != NULL) {
            sg_text_add(&piece, "\n");
            sg_markdown_fence(&piece, part->items[i].log, "text", "  ");
        }
        sg_sheet_add(sheet, &piece);
    }
}

static void write_commands(struct sg_sheet *sheet, const struct sg_part *part)
{
    struct sg_text piece = {0};

    begin(sheet, part);
    sg_markdown_fence(&piece, part->text, "sh", "");
    sg_sheet_add(sheet, &piece);
}

/* What did not pass stands out. */
static char *show_state(enum sg_state state)
{
    const char *bold = state == SG_STATE_PASS ? "" : "**";

    return sg_format("%s%s" NO_BREAK_SPACE "%s%s", bold, sg_state_mark(state), sg_state_word(state),
                     bold);
}

static char *show_cell(const struct sg_span *cell)
{
    struct sg_text text = {0};

    if (cell->kind == SG_SPAN_STATE)
        return show_state(cell->state);
    write_span(&text, cell);
    return sg_text_take(&text);
}

static void write_table(struct sg_sheet *sheet, const struct sg_part *part)
{
    struct sg_table table;
    char *align = sg_alloc(part->heads_count + 1, 1);

    for (size_t i = 0; i < part->heads_count; i++)
        align[i] = part->heads[i].kind == SG_COLUMN_RIGHT ? 'r' : 'l';
    sg_table_init(&table, align);
    for (size_t i = 0; i < part->heads_count; i++) {
        struct sg_text head = {0};
        write_line(&head, &part->heads[i].line);
        sg_table_take(&table, sg_text_take(&head));
    }
    for (size_t i = 0; i < part->cells_count; i++)
        sg_table_take(&table, show_cell(&part->cells[i]));
    begin(sheet, part);
    sg_table_write(&table, sheet);
    sheet->left_out += part->left_out;
    free(align);
}

static void write_note(struct sg_text *out, size_t left_out, size_t limit)
{
    sg_text_printf(out, "\n_%zu rows left out to stay below %zu bytes; the bundle has all._\n",
                   left_out, limit);
}

void sg_print_markdown(const struct sg_doc *doc, struct sg_text *out)
{
    static const struct sg_page page = {
        .writers = {[SG_PART_VERDICT] = write_verdict,
                    [SG_PART_HEADING] = write_heading,
                    [SG_PART_PARAGRAPH] = write_paragraph,
                    [SG_PART_LIST] = write_list,
                    [SG_PART_TABLE] = write_table,
                    [SG_PART_COMMANDS] = write_commands},
        .note = write_note,
    };

    sg_page_write(&page, doc, out);
}
