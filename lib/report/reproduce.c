/* SPDX-License-Identifier: Apache-2.0 */
/* Sections: how to come to this report again, and where its bundle is. */
#include <stdlib.h>

#include "base/clean.h"
#include "report/sections.h"

/* A path as a word of a shell's command line; one that begins with "-" is no option. */
static void add_path(struct sg_text *out, const char *path)
{
    sg_text_add(out, *path == '-' ? "./" : "");
    sg_text_shell_word(out, path);
}

/* Commands for a shell, one a line, each with a comment; nothing when they are not known. */
static void say_commands(struct sg_text *out, const struct sg_report *report)
{
    char *command = sg_clean_line(report->session->command, SG_SHOWN_SENTENCE);
    char *bundle = sg_clean_line(report->bundle, SG_SHOWN_SENTENCE);
    char *baseline = sg_clean_line(report->judgement->against_stored ? report->baseline : NULL,
                                   SG_SHOWN_SENTENCE);

    if (*command != '\0')
        sg_text_printf(out, "%s   # measure again\n", command);
    if (*bundle != '\0') {
        sg_text_add(out, "svcgate judge ");
        add_path(out, bundle);
        if (*baseline != '\0') {
            sg_text_add(out, " --baseline ");
            add_path(out, baseline);
        }
        sg_text_add(out, "   # judge what was measured, offline\n");
    }
    free(command);
    free(bundle);
    free(baseline);
}

void sg_section_reproduce(struct sg_doc *doc, const struct sg_view *view)
{
    const char *bundle = view->report->bundle;
    struct sg_text lines = {0};

    say_commands(&lines, view->report);
    sg_doc_heading(doc, SG_LOOK_LABEL, SG_FOR_PAGES, "Reproduce");
    if (lines.size > 0)
        sg_doc_commands(doc, lines.data);
    if (bundle != NULL && *bundle != '\0') {
        struct sg_line *line = sg_doc_paragraph(doc, SG_LOOK_PLAIN);
        sg_line_own(line, "Everything measured is in ");
        sg_line_name(line, bundle);
        sg_line_own(line, ".");
    }
    sg_text_free(&lines);
}

void sg_section_bundle(struct sg_doc *doc, const struct sg_view *view)
{
    const char *bundle = view->report->bundle;

    if (bundle == NULL || *bundle == '\0')
        return;
    struct sg_line *line = sg_doc_paragraph(doc, SG_LOOK_WHOLE);
    sg_line_own(line, "bundle: ");
    sg_line_text(line, bundle);
}
