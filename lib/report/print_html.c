/* SPDX-License-Identifier: Apache-2.0 */
/* A document as one HTML page that needs nothing else, no script, no network. */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/html_style.h"
#include "report/page.h"
#include "report/print.h"
#include "view/escape.h"

/* --- Spans: the one place where text is escaped -------------------------------------------- */

/* The program's own words, in which `this` becomes code. */
static void write_own(struct sg_text *out, const char *words)
{
    bool inside = false;

    for (const char *at = words; *at != '\0'; at++) {
        if (*at == '`') {
            sg_text_add(out, inside ? "</code>" : "<code>");
            inside = !inside;
        } else {
            sg_text_bytes(out, at, 1);
        }
    }
    sg_text_add(out, inside ? "</code>" : "");
}

static void write_code(struct sg_text *out, const char *name)
{
    char *clean = sg_clean_line(name, SG_SHOWN_NAME);

    sg_text_add(out, "<code>");
    sg_xml_text(out, *clean != '\0' ? clean : "(no name)");
    sg_text_add(out, "</code>");
    free(clean);
}

/* The class that has a state's colour. */
static const char *tone(enum sg_state state)
{
    static const char *const tones[] = {"fail", "invalid", "inconclusive", "warn", "pass"};

    return tones[state];
}

/* A mark and a word in the state's colour, inside `tag`. */
static void write_state(struct sg_text *out, const char *tag, enum sg_state state)
{
    sg_text_printf(out, "<%s class=\"state %s\">%s %s</%s>", tag, tone(state), sg_state_mark(state),
                   sg_state_word(state), tag);
}

static void write_span(struct sg_text *out, const struct sg_span *span)
{
    switch (span->kind) {
    case SG_SPAN_OWN:
        write_own(out, span->text);
        break;
    case SG_SPAN_STRONG:
        sg_text_printf(out, "<strong>%s</strong>", span->text);
        break;
    case SG_SPAN_CODE:
        write_code(out, span->text);
        break;
    case SG_SPAN_STATE:
        write_state(out, "span", span->state);
        break;
    case SG_SPAN_TEXT:
    case SG_SPAN_NUMBER:
        sg_xml_text(out, span->text);
        break;
    case SG_SPAN_CHANGE:
        sg_xml_text(out, span->text);
        if (*span->more == '\0')
            break;
        sg_text_add(out, "<br><small>");
        sg_xml_text(out, span->more);
        sg_text_add(out, "</small>");
        break;
    }
}

static void write_line(struct sg_text *out, const struct sg_line *line)
{
    for (size_t i = 0; i < line->count; i++)
        write_span(out, &line->spans[i]);
}

/* Without any markup. */
static void write_plain(struct sg_text *out, const struct sg_line *line)
{
    struct sg_text plain = {0};

    sg_line_plain(line, SG_SHOWN_SENTENCE, &plain);
    sg_xml_text(out, plain.data);
    sg_text_free(&plain);
}

/* --- Parts -------------------------------------------------------------------------------- */

static void write_verdict(struct sg_sheet *sheet, const struct sg_part *part)
{
    struct sg_text *out = sheet->out;

    sg_text_printf(out, "<header class=\"verdict %s\">\n", tone(part->state));
    if (part->text != NULL) {
        sg_text_add(out, "<p>");
        write_code(out, part->text);
        sg_text_add(out, "</p>\n");
    }
    write_state(out, "p", part->state);
    sg_text_add(out, "<h1>");
    write_plain(out, &part->line);
    sg_text_add(out, "</h1>\n<p>");
    write_plain(out, &part->more);
    sg_text_add(out, "</p>\n</header>\n");
}

static void write_heading(struct sg_sheet *sheet, const struct sg_part *part)
{
    const char *tag = part->look == SG_LOOK_SUBSECTION ? "h3" : "h2";

    if ((part->shown & SG_FOR_HTML) == 0)
        return;
    sg_text_printf(&sheet->title, "<%s>", tag);
    write_line(&sheet->title, &part->line);
    sg_text_printf(&sheet->title, "</%s>\n", tag);
}

static void write_paragraph(struct sg_sheet *sheet, const struct sg_part *part)
{
    bool lead = part->look == SG_LOOK_LEAD;
    struct sg_text piece = {0};

    sg_text_add(&piece, lead                         ? "<p class=\"lead\">"
                        : part->look == SG_LOOK_NOTE ? "<p class=\"note\">"
                                                     : "<p>");
    write_line(&piece, &part->line);
    sg_text_add(&piece, "</p>\n");
    sg_sheet_add_paragraph(sheet, part->look, &piece);
}

/* What opens comes with the first piece, or not at all. */
static void end(struct sg_sheet *sheet, const char *close)
{
    if (sheet->title.size == 0)
        sg_text_add(sheet->out, close);
}

static void write_list(struct sg_sheet *sheet, const struct sg_part *part)
{
    sg_text_add(&sheet->title, "<ul>\n");
    for (size_t i = 0; i < part->items_count; i++) {
        const struct sg_item *item = &part->items[i];
        struct sg_text piece = {0};
        sg_text_add(&piece, "<li>");
        write_line(&piece, &item->line);
        if (item->log != NULL) {
            sg_text_add(&piece, "\n<details><summary>its log, the last lines</summary>\n<pre>");
            sg_xml_text(&piece, item->log);
            sg_text_add(&piece, "</pre></details>");
        }
        sg_text_add(&piece, "</li>\n");
        sg_sheet_add(sheet, &piece);
    }
    end(sheet, "</ul>\n");
}

static void write_commands(struct sg_sheet *sheet, const struct sg_part *part)
{
    struct sg_text piece = {0};

    sg_text_add(&piece, "<pre>");
    sg_xml_text(&piece, part->text);
    sg_text_add(&piece, "</pre>\n");
    sg_sheet_add(sheet, &piece);
}

/* --- Tables ------------------------------------------------------------------------------- */

/* A row's first cell, or the one behind its state, is its head. */
static size_t row_head(const struct sg_part *part)
{
    return part->heads[0].kind == SG_COLUMN_STATE ? 1 : 0;
}

static bool is_number(const struct sg_part *part, size_t column)
{
    return part->heads[column].kind == SG_COLUMN_RIGHT && column != row_head(part);
}

/* The box around it scrolls, also by the keyboard. */
static void table_head(struct sg_text *out, const struct sg_part *part)
{
    sg_text_add(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    sg_xml_text(out, part->text);
    sg_text_add(out, "\">\n<table>\n<thead><tr>");
    for (size_t i = 0; i < part->heads_count; i++) {
        sg_text_printf(out, "<th scope=\"col\"%s>", is_number(part, i) ? " class=\"number\"" : "");
        write_plain(out, &part->heads[i].line);
        sg_text_add(out, "</th>");
    }
    sg_text_add(out, "</tr></thead>\n<tbody>\n");
}

static void write_cell(struct sg_text *out, const struct sg_part *part, const struct sg_span *cell,
                       size_t column)
{
    bool head = column == row_head(part);

    if (cell->kind == SG_SPAN_STATE) {
        write_state(out, "td", cell->state);
        return;
    }
    if (head)
        sg_text_add(out, "<th scope=\"row\">");
    else if (is_number(part, column))
        sg_text_add(out, "<td class=\"number\">");
    else if (part->heads[column].kind == SG_COLUMN_REASON)
        sg_text_add(out, "<td class=\"reason\">");
    else
        sg_text_add(out, "<td>");
    write_span(out, cell);
    sg_text_add(out, head ? "</th>" : "</td>");
}

static void write_table(struct sg_sheet *sheet, const struct sg_part *part)
{
    table_head(&sheet->title, part);
    for (size_t i = 0; i < part->cells_count; i += part->heads_count) {
        struct sg_text piece = {0};
        sg_text_add(&piece, "<tr>");
        for (size_t k = 0; k < part->heads_count; k++)
            write_cell(&piece, part, &part->cells[i + k], k);
        sg_text_add(&piece, "</tr>\n");
        sg_sheet_add(sheet, &piece);
    }
    sheet->left_out += part->left_out;
    end(sheet, "</tbody>\n</table>\n</div>\n");
}

/* --- Pictures ----------------------------------------------------------------------------- */

static void write_panel(struct sg_text *out, const struct sg_plot *plot, size_t index)
{
    char *id = sg_format("%s-%zu", plot->name, index + 1);

    sg_panel_write(&plot->panels[index], id, -1, 0, out);
    free(id);
}

/* Below its estimates: the judge's sentence about the worst. */
static void write_reason(struct sg_text *out, const struct sg_result *result)
{
    sg_text_add(out, "<p class=\"note\">");
    write_code(out, result->variant);
    sg_text_add(out, ": ");
    sg_xml_text(out, result->reason);
    sg_text_add(out, "</p>\n");
}

static void write_gate_panels(struct sg_text *out, const struct sg_plot *plot)
{
    sg_text_add(out, "<div class=\"panels\">\n");
    for (size_t i = 0; i < plot->count; i++) {
        sg_text_add(out, "<div>\n");
        write_panel(out, plot, i);
        if (plot->row != NULL && i + 1 == plot->count)
            write_reason(out, plot->row->result);
        sg_text_add(out, "</div>\n");
    }
    sg_text_add(out, "</div>\n");
}

static void write_figure(struct sg_text *out, const struct sg_plot *plot)
{
    sg_text_add(out, "<figure>\n<h3>");
    sg_xml_text(out, plot->title);
    if (plot->row != NULL)
        write_state(out, "span", plot->row->state);
    sg_text_add(out, "</h3>\n");
    if (plot->gate)
        write_gate_panels(out, plot);
    else
        write_panel(out, plot, 0);
    if (plot->note != NULL) {
        sg_text_add(out, "<p class=\"note\">");
        sg_xml_text(out, plot->note);
        sg_text_add(out, "</p>\n");
    }
    sg_text_add(out, "</figure>\n");
}

static void write_pictures(struct sg_sheet *sheet, const struct sg_part *part)
{
    bool side_by_side = !part->plots[0].gate;
    struct sg_text piece = {0};

    sg_text_add(&piece, side_by_side ? "<div class=\"panels\">\n" : "");
    for (size_t i = 0; i < part->plots_count; i++)
        write_figure(&piece, &part->plots[i]);
    sg_text_add(&piece, side_by_side ? "</div>\n" : "");
    sg_sheet_add(sheet, &piece);
}

/* --- The page ----------------------------------------------------------------------------- */

static void write_note(struct sg_text *out, size_t left_out, size_t limit)
{
    (void)limit;
    sg_text_printf(out,
                   "<p class=\"note\">%zu rows left out to keep this page small; the bundle has "
                   "all.</p>\n",
                   left_out);
}

/* Nothing may be loaded or run, whatever stands in the data. */
static const char policy[] = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                             "'none'; style-src 'unsafe-inline'; img-src data:\">\n";

/* The document's first part is its verdict. */
static void write_head(struct sg_text *out, const struct sg_part *verdict)
{
    sg_text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    sg_text_add(out, policy);
    sg_text_add(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n"
                     "<link rel=\"icon\" href=\"data:,\">\n<title>");
    sg_text_printf(out, "svcgate: %s – ", sg_state_word(verdict->state));
    write_plain(out, &verdict->line);
    sg_text_add(out, "</title>\n<style>\n");
    sg_html_style(out);
    sg_text_add(out, "\n</style>\n</head>\n<body>\n<main>\n");
}

void sg_print_html(const struct sg_doc *doc, struct sg_text *out)
{
    static const struct sg_page page = {
        .writers = {[SG_PART_VERDICT] = write_verdict,
                    [SG_PART_HEADING] = write_heading,
                    [SG_PART_PARAGRAPH] = write_paragraph,
                    [SG_PART_LIST] = write_list,
                    [SG_PART_TABLE] = write_table,
                    [SG_PART_COMMANDS] = write_commands,
                    [SG_PART_PICTURES] = write_pictures},
        .note = write_note,
    };

    write_head(out, &doc->parts[0]);
    sg_page_write(&page, doc, out);
    sg_text_add(out, "</main>\n</body>\n</html>\n");
}
