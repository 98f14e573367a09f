/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: waivers, what was found on the way with the last log lines of what crashed, and how to come
 * to this report again. */
#include <stdlib.h>

#include "report/again.h"
#include "report/escape.h"
#include "report/findings.h"
#include "report/html.h"
#include "report/waiver.h"

/* A list comes with its first item, or not at all. */
static void list_end(struct sg_sheet *sheet)
{
    if (sheet->title.size == 0)
        sg_text_add(sheet->out, "</ul>\n");
    sg_sheet_title(sheet, "");
}

static void add_note(struct sg_sheet *sheet, const char *note)
{
    struct sg_text item = {0};

    sg_text_add(&item, "<li>");
    sg_xml_text(&item, note);
    sg_text_add(&item, "</li>\n");
    sg_sheet_add(sheet, &item);
}

void sg_html_waivers(struct sg_sheet *sheet, const struct sg_view *view)
{
    sg_sheet_title(sheet, "<h2>Waivers</h2>\n<ul>\n");
    for (size_t i = 0; i < view->count; i++) {
        if (!sg_is_waived(view->rows[i].result))
            continue;
        char *text = sg_show_waived_row(&view->rows[i]);
        add_note(sheet, text);
        free(text);
    }
    list_end(sheet);
}

static void add_finding(struct sg_sheet *sheet, const struct sg_finding_group *group)
{
    struct sg_text item = {0};

    sg_text_printf(&item, "<li><strong>%s</strong>", sg_finding_word(group));
    if (group->variant != NULL) {
        sg_text_add(&item, ", ");
        sg_html_code(&item, group->variant);
    }
    sg_finding_where(&item, group);
    sg_text_add(&item, ": ");
    sg_xml_text(&item, group->first->text);
    if (group->first->log != NULL) {
        sg_text_add(&item, "\n<details><summary>its log, the last lines</summary>\n<pre>");
        sg_xml_text(&item, group->first->log);
        sg_text_add(&item, "</pre></details>");
    }
    sg_text_add(&item, "</li>\n");
    sg_sheet_add(sheet, &item);
}

void sg_html_findings(struct sg_sheet *sheet, const struct sg_view *view)
{
    size_t count = 0;
    size_t notes_count = 0;
    const char **notes = sg_finding_notes(view->report, &notes_count);
    struct sg_finding_group *groups = sg_findings(view->report->session, &count);

    sg_sheet_title(sheet, "<h2>Findings</h2>\n<ul>\n");
    for (size_t i = 0; i < count; i++)
        add_finding(sheet, &groups[i]);
    for (size_t i = 0; i < notes_count; i++)
        add_note(sheet, notes[i]);
    list_end(sheet);
    free(groups);
    free((void *)notes);
}

void sg_html_again(struct sg_sheet *sheet, const struct sg_report *report)
{
    struct sg_text lines = {0};
    struct sg_text piece = {0};

    sg_say_again(&lines, report);
    sg_sheet_title(sheet, "<h2>Reproduce</h2>\n");
    if (lines.size > 0) {
        sg_text_add(&piece, "<pre>");
        sg_xml_text(&piece, lines.data);
        sg_text_add(&piece, "</pre>\n");
    }
    if (report->bundle != NULL && *report->bundle != '\0') {
        sg_text_add(&piece, "<p>Everything measured is in ");
        sg_html_code(&piece, report->bundle);
        sg_text_add(&piece, ".</p>\n");
    }
    if (piece.size > 0)
        sg_sheet_add(sheet, &piece);
    sg_sheet_title(sheet, "");
    sg_text_free(&lines);
}
