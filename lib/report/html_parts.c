/* SPDX-License-Identifier: Apache-2.0 */
/* What the HTML report's sections are made of: states, names, cells, tables. */
#include <stdlib.h>

#include "base/clean.h"
#include "report/escape.h"
#include "report/html.h"

const char *sg_html_tone(enum sg_state state)
{
    static const char *const tones[] = {"fail", "invalid", "inconclusive", "warn", "pass"};

    return tones[state];
}

void sg_html_state(struct sg_text *out, const char *tag, enum sg_state state)
{
    sg_text_printf(out, "<%s class=\"state %s\">%s %s</%s>", tag, sg_html_tone(state),
                   sg_state_mark(state), sg_state_word(state), tag);
}

void sg_html_code(struct sg_text *out, const char *name)
{
    char *clean = sg_clean_line(name, SG_SHOWN_NAME);

    sg_text_add(out, "<code>");
    sg_xml_text(out, *clean != '\0' ? clean : "(no name)");
    sg_text_add(out, "</code>");
    free(clean);
}

void sg_html_head(struct sg_text *out, const char *text, bool number)
{
    sg_text_printf(out, "<th scope=\"col\"%s>", number ? " class=\"number\"" : "");
    sg_xml_text(out, text);
    sg_text_add(out, "</th>");
}

void sg_html_row_head(struct sg_text *out, const char *text, bool code)
{
    sg_text_add(out, "<th scope=\"row\">");
    if (code)
        sg_html_code(out, text);
    else
        sg_xml_text(out, text);
    sg_text_add(out, "</th>");
}

void sg_html_cell(struct sg_text *out, const char *text, bool number)
{
    sg_text_add(out, number ? "<td class=\"number\">" : "<td>");
    sg_xml_text(out, text);
    sg_text_add(out, "</td>");
}

void sg_html_cell_take(struct sg_text *out, char *text, bool number)
{
    sg_html_cell(out, text, number);
    free(text);
}

void sg_html_change(struct sg_text *out, const char *change, const char *interval)
{
    sg_text_add(out, "<td class=\"number\">");
    sg_xml_text(out, change);
    if (*interval != '\0') {
        sg_text_add(out, "<br><small>");
        sg_xml_text(out, interval);
        sg_text_add(out, "</small>");
    }
    sg_text_add(out, "</td>");
}

/* The box around it scrolls, also by the keyboard. */
void sg_html_table(struct sg_sheet *sheet, const char *before, const char *label,
                   struct sg_text *head)
{
    struct sg_text title = {0};

    sg_text_printf(&title, "%s<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"",
                   before);
    sg_xml_text(&title, label);
    sg_text_add(&title, "\">\n<table>\n<thead><tr>");
    sg_text_bytes(&title, head->data, head->size);
    sg_text_add(&title, "</tr></thead>\n<tbody>\n");
    sg_sheet_title(sheet, title.data);
    sg_text_free(&title);
    sg_text_free(head);
}

/* Where no row had room, the title still waits and goes. */
void sg_html_table_end(struct sg_sheet *sheet)
{
    if (sheet->title.size == 0)
        sg_text_add(sheet->out, "</tbody>\n</table>\n</div>\n");
    sg_sheet_title(sheet, "");
}
