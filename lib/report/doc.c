/* SPDX-License-Identifier: Apache-2.0 */
/* Building a document. */
#include "report/doc.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"

/* --- Lines -------------------------------------------------------------------------------- */

static struct sg_span *add_span(struct sg_line *line, enum sg_span_kind kind, char *text)
{
    line->spans = sg_grow(line->spans, line->count, sizeof(*line->spans));
    struct sg_span *span = &line->spans[line->count++];
    *span = (struct sg_span){.kind = kind, .text = text};
    return span;
}

void sg_line_own(struct sg_line *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_span(line, SG_SPAN_OWN, sg_format_list(format, args));
    va_end(args);
}

void sg_line_strong(struct sg_line *line, const char *words)
{
    add_span(line, SG_SPAN_STRONG, sg_strdup(words));
}

void sg_line_text(struct sg_line *line, const char *text)
{
    add_span(line, SG_SPAN_TEXT, sg_strdup(text));
}

void sg_line_take(struct sg_line *line, char *text)
{
    add_span(line, SG_SPAN_TEXT, text);
}

void sg_line_name(struct sg_line *line, const char *name)
{
    add_span(line, SG_SPAN_CODE, sg_strdup(name));
}

void sg_line_state(struct sg_line *line, enum sg_state state)
{
    add_span(line, SG_SPAN_STATE, NULL)->state = state;
}

static void clear_spans(struct sg_span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(spans[i].text);
        free(spans[i].more);
    }
    free(spans);
}

void sg_line_clear(struct sg_line *line)
{
    clear_spans(line->spans, line->count);
    *line = (struct sg_line){0};
}

static void span_plain(const struct sg_span *span, size_t longest, struct sg_text *out)
{
    if (span->kind == SG_SPAN_OWN || span->kind == SG_SPAN_STRONG) {
        sg_text_add(out, span->text);
    } else if (span->kind == SG_SPAN_STATE) {
        sg_text_printf(out, "%s %s", sg_state_mark(span->state), sg_state_word(span->state));
    } else {
        char *clean =
            sg_clean_line(span->text, span->kind == SG_SPAN_CODE ? SG_SHOWN_NAME : longest);
        sg_text_add(out, clean);
        free(clean);
    }
}

void sg_line_plain(const struct sg_line *line, size_t longest, struct sg_text *out)
{
    for (size_t i = 0; i < line->count; i++)
        span_plain(&line->spans[i], longest, out);
}

/* --- Parts -------------------------------------------------------------------------------- */

static void clear_part(struct sg_part *part)
{
    free(part->text);
    sg_line_clear(&part->line);
    sg_line_clear(&part->more);
    for (size_t i = 0; i < part->items_count; i++) {
        sg_line_clear(&part->items[i].line);
        free(part->items[i].log);
    }
    free(part->items);
    for (size_t i = 0; i < part->heads_count; i++)
        sg_line_clear(&part->heads[i].line);
    free(part->heads);
    clear_spans(part->cells, part->cells_count);
}

void sg_doc_clear(struct sg_doc *doc)
{
    for (size_t i = 0; i < doc->count; i++)
        clear_part(&doc->parts[i]);
    free(doc->parts);
    *doc = (struct sg_doc){0};
}

static struct sg_part *add_part(struct sg_doc *doc, enum sg_part_kind kind, enum sg_look look)
{
    doc->parts = sg_grow(doc->parts, doc->count, sizeof(*doc->parts));
    struct sg_part *part = &doc->parts[doc->count++];
    *part = (struct sg_part){.kind = kind,
                             .look = look,
                             .always = doc->always,
                             .share = doc->share > 0 ? doc->share : 1};
    return part;
}

struct sg_line *sg_doc_heading(struct sg_doc *doc, enum sg_look look, unsigned shown,
                               const char *words)
{
    struct sg_part *part = add_part(doc, SG_PART_HEADING, look);

    part->shown = shown;
    if (words != NULL)
        sg_line_own(&part->line, "%s", words);
    return &part->line;
}

struct sg_line *sg_doc_paragraph(struct sg_doc *doc, enum sg_look look)
{
    return &add_part(doc, SG_PART_PARAGRAPH, look)->line;
}

struct sg_part *sg_doc_list(struct sg_doc *doc, enum sg_look look)
{
    return add_part(doc, SG_PART_LIST, look);
}

void sg_doc_commands(struct sg_doc *doc, const char *lines)
{
    add_part(doc, SG_PART_COMMANDS, SG_LOOK_PLAIN)->text = sg_strdup(lines);
}

void sg_doc_pictures(struct sg_doc *doc, const struct sg_plot *plots, size_t count)
{
    struct sg_part *part = add_part(doc, SG_PART_PICTURES, SG_LOOK_PLAIN);

    part->plots = plots;
    part->plots_count = count;
}

void sg_doc_fold(struct sg_doc *doc, const char *summary)
{
    add_part(doc, SG_PART_FOLD, SG_LOOK_PLAIN)->text = sg_strdup(summary);
}

void sg_doc_fold_end(struct sg_doc *doc)
{
    add_part(doc, SG_PART_FOLD_END, SG_LOOK_PLAIN);
}

struct sg_part *sg_doc_verdict(struct sg_doc *doc, enum sg_state state, const char *title)
{
    struct sg_part *part = add_part(doc, SG_PART_VERDICT, SG_LOOK_PLAIN);

    part->state = state;
    part->text = sg_strdup(title);
    return part;
}

void sg_doc_tight(struct sg_doc *doc, unsigned forms)
{
    doc->parts[doc->count - 1].tight = forms;
}

struct sg_line *sg_list_item(struct sg_part *list, const char *log)
{
    list->items = sg_grow(list->items, list->items_count, sizeof(*list->items));
    struct sg_item *item = &list->items[list->items_count++];
    item->log = sg_strdup(log);
    return &item->line;
}

/* --- Tables ------------------------------------------------------------------------------- */

struct sg_part *sg_doc_table(struct sg_doc *doc, char *label)
{
    struct sg_part *table = add_part(doc, SG_PART_TABLE, SG_LOOK_PLAIN);

    table->text = label;
    return table;
}

struct sg_line *sg_table_column(struct sg_part *table, enum sg_column_kind kind, int drop,
                                const char *words)
{
    table->heads = sg_grow(table->heads, table->heads_count, sizeof(*table->heads));
    struct sg_head *head = &table->heads[table->heads_count++];
    *head = (struct sg_head){.kind = kind, .drop = drop};
    if (words != NULL)
        sg_line_own(&head->line, "%s", words);
    return &head->line;
}

bool sg_table_row(const struct sg_doc *doc, struct sg_part *table)
{
    bool useful = doc->limit == 0 || table->cells_size <= doc->limit;

    table->left_out += !useful;
    return useful;
}

static struct sg_span *add_cell(struct sg_part *table, enum sg_span_kind kind, char *text)
{
    if (table->cells_count == table->cells_capacity) { /* sg_grow calls realloc each time */
        table->cells_capacity = table->cells_capacity == 0 ? 64 : 2 * table->cells_capacity;
        table->cells = sg_realloc(table->cells, table->cells_capacity, sizeof(*table->cells));
    }
    struct sg_span *cell = &table->cells[table->cells_count++];
    *cell = (struct sg_span){.kind = kind, .text = text};
    table->cells_size += text != NULL ? strlen(text) : 0;
    return cell;
}

void sg_cell_own(struct sg_part *table, const char *words)
{
    add_cell(table, SG_SPAN_OWN, sg_strdup(words));
}

void sg_cell_text(struct sg_part *table, const char *text)
{
    add_cell(table, SG_SPAN_TEXT, sg_strdup(text));
}

void sg_cell_code(struct sg_part *table, const char *name)
{
    add_cell(table, SG_SPAN_CODE, sg_strdup(name));
}

void sg_cell_number(struct sg_part *table, const char *number)
{
    add_cell(table, SG_SPAN_NUMBER, sg_strdup(number));
}

void sg_cell_number_take(struct sg_part *table, char *number)
{
    add_cell(table, SG_SPAN_NUMBER, number);
}

void sg_cell_change(struct sg_part *table, const char *change, const char *interval)
{
    add_cell(table, SG_SPAN_CHANGE, sg_strdup(change))->more = sg_strdup(interval);
}

void sg_cell_state(struct sg_part *table, enum sg_state state)
{
    add_cell(table, SG_SPAN_STATE, NULL)->state = state;
}
