/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown: waivers, and what was found on the way, worst first, with the last log lines of what
 * crashed. */
#include <stdlib.h>

#include "report/escape.h"
#include "report/findings.h"
#include "report/formats.h"
#include "report/waiver.h"

static void add_item(struct sg_sheet *sheet, const struct sg_finding_group *group)
{
    struct sg_text item = {0};

    sg_text_printf(&item, "- **%s**", sg_finding_word(group));
    if (group->variant != NULL) {
        sg_text_add(&item, ", ");
        sg_markdown_code(&item, group->variant);
    }
    sg_finding_where(&item, group);
    sg_text_add(&item, ": ");
    sg_markdown_text(&item, group->first->text);
    sg_text_add(&item, "\n");
    if (group->first->log != NULL) {
        sg_text_add(&item, "\n");
        sg_markdown_fence(&item, group->first->log, "text", "  ");
    }
    sg_sheet_add(sheet, &item);
}

static void add_note(struct sg_sheet *sheet, const char *note)
{
    struct sg_text item = {0};

    sg_text_add(&item, "- ");
    sg_markdown_text(&item, note);
    sg_text_add(&item, "\n");
    sg_sheet_add(sheet, &item);
}

void sg_markdown_waivers(struct sg_sheet *sheet, const struct sg_view *view)
{
    sg_sheet_title(sheet, "\n### Waivers\n\n");
    for (size_t i = 0; i < view->count; i++) {
        if (!sg_is_waived(view->rows[i].result))
            continue;
        char *text = sg_show_waived_row(&view->rows[i]);
        add_note(sheet, text);
        free(text);
    }
}

void sg_markdown_findings(struct sg_sheet *sheet, const struct sg_view *view)
{
    size_t count = 0;
    size_t notes_count = 0;
    const char **notes = sg_finding_notes(view->report, &notes_count);
    struct sg_finding_group *groups = sg_findings(view->report->session, &count);

    sg_sheet_title(sheet, "\n### Findings\n\n");
    for (size_t i = 0; i < count; i++)
        add_item(sheet, &groups[i]);
    for (size_t i = 0; i < notes_count; i++)
        add_note(sheet, notes[i]);
    free(groups);
    free((void *)notes);
}
