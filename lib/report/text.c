/* SPDX-License-Identifier: Apache-2.0 */
/* The report for a terminal: verdict first, a line a gate, what was found, where the bundle is. */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/findings.h"
#include "report/formats.h"
#include "report/sentence.h"
#include "report/text_parts.h"

#define WIDTH 100
#define LOG_LINES 10

static void write_head(const struct sg_terminal *terminal, const struct sg_view *view)
{
    enum sg_state state = sg_view_overall(view->report->judgement);
    struct sg_text text = {0};
    size_t indent = 4 + strlen(sg_state_word(state)); /* "✗ FAIL  " */

    if (view->report->title != NULL) {
        sg_say_text(terminal->out, SG_PLAIN, view->report->title);
        sg_text_add(terminal->out, "\n\n");
    }
    sg_terminal_state(terminal, state);
    sg_text_printf(terminal->out, "%s %s", sg_state_mark(state), sg_state_word(state));
    sg_terminal_plain(terminal);
    sg_text_add(terminal->out, "  ");
    sg_terminal_bold(terminal);
    sg_say_headline(&text, SG_PLAIN, view);
    sg_terminal_wrap(terminal, text.data, indent, indent);
    sg_terminal_plain(terminal);
    sg_text_free(&text);
    sg_say_summary(&text, view);
    sg_text_add(terminal->out, "  ");
    sg_terminal_wrap(terminal, text.data, 2, 2);
    sg_text_free(&text);
}

static void write_untold(const struct sg_terminal *terminal, const struct sg_view *view)
{
    for (size_t i = 0; view->many && i < view->untold_count; i++) {
        const struct sg_variant_verdict *variant = view->untold[i];
        enum sg_state state = sg_view_variant_state(variant);
        struct sg_text text = {0};
        sg_text_add(terminal->out, "  ");
        sg_terminal_state(terminal, state);
        sg_text_add(terminal->out, sg_state_mark(state));
        sg_terminal_plain(terminal);
        sg_text_add(terminal->out, " ");
        sg_say_name(&text, SG_PLAIN, variant->variant);
        sg_text_add(&text, ": ");
        sg_say_text(&text, SG_PLAIN, variant->reason);
        sg_terminal_wrap(terminal, text.data, 4, 4);
        sg_text_free(&text);
    }
}

static void write_advice(const struct sg_terminal *terminal, const struct sg_view *view)
{
    struct sg_text advice = {0};

    sg_say_advice(&advice, SG_PLAIN, view);
    for (char *at = advice.data; at != NULL && *at != '\0';) {
        char *end = at + strcspn(at, "\n");
        *end = '\0';
        sg_text_add(terminal->out, "  → ");
        sg_terminal_wrap(terminal, at, 4, 4);
        at = end + 1;
    }
    sg_text_free(&advice);
}

/* --- Findings ----------------------------------------------------------------------------- */

static void write_log(const struct sg_terminal *terminal, const char *log)
{
    char *block = sg_clean_block(log, LOG_LINES, terminal->width);

    sg_terminal_dim(terminal);
    for (const char *at = block; *at != '\0'; at += strcspn(at, "\n") + 1)
        sg_text_printf(terminal->out, "      │ %.*s\n", (int)strcspn(at, "\n"), at);
    sg_terminal_plain(terminal);
    free(block);
}

static void write_finding(const struct sg_terminal *terminal, const struct sg_finding_group *group)
{
    struct sg_text text = {0};

    sg_text_printf(&text, "%s", sg_finding_word(group));
    if (group->variant != NULL) {
        sg_text_add(&text, ", ");
        sg_say_name(&text, SG_PLAIN, group->variant);
    }
    sg_finding_where(&text, group);
    sg_text_add(&text, ": ");
    sg_say_text(&text, SG_PLAIN, group->first->text);
    sg_text_add(terminal->out, "  - ");
    sg_terminal_wrap(terminal, text.data, 4, 4);
    sg_text_free(&text);
    write_log(terminal, group->first->log);
}

static void write_note(const struct sg_terminal *terminal, const char *text)
{
    char *note = sg_clean_line(text, SG_SHOWN_SENTENCE);

    sg_text_add(terminal->out, "  - ");
    sg_terminal_wrap(terminal, note, 4, 4);
    free(note);
}

static void write_findings(const struct sg_terminal *terminal, const struct sg_report *report)
{
    size_t count = 0;
    size_t notes_count = 0;
    const char **notes = sg_finding_notes(report, &notes_count);
    struct sg_finding_group *groups = sg_findings(report->session, &count);

    if (count + notes_count > 0)
        sg_text_add(terminal->out, "\n");
    for (size_t i = 0; i < count; i++)
        write_finding(terminal, &groups[i]);
    for (size_t i = 0; i < notes_count; i++)
        write_note(terminal, notes[i]);
    free(groups);
    free((void *)notes);
}

static void write_bundle(const struct sg_terminal *terminal, const char *bundle)
{
    char *path = sg_clean_line(bundle, SG_SHOWN_SENTENCE);

    if (*path != '\0')
        sg_text_printf(terminal->out, "\n  bundle: %s\n", path);
    free(path);
}

void sg_write_text(const struct sg_report *report, struct sg_text *out)
{
    struct sg_terminal terminal = {
        .out = out,
        .width = report->width > 0 ? (size_t)report->width : WIDTH,
        .color = report->color,
    };
    struct sg_view view;

    sg_view_init(&view, report);
    write_head(&terminal, &view);
    write_untold(&terminal, &view);
    write_advice(&terminal, &view);
    sg_text_league(&terminal, &view);
    sg_text_gates(&terminal, &view);
    sg_text_waivers(&terminal, &view);
    sg_text_adjusted(&terminal, &view);
    sg_text_strata(&terminal, &view);
    write_findings(&terminal, report);
    write_bundle(&terminal, report->bundle);
    sg_view_clear(&view);
}
