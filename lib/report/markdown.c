/* SPDX-License-Identifier: Apache-2.0 */
/* The Markdown report: what it consists of, and its limit of size. Read under a pull request, in
 * a job's summary, and as it is in a terminal. */
#include <stdlib.h>
#include <string.h>

#include "report/again.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/sentence.h"

/* GitHub refuses comments above 65,536 characters and job summaries above 1 MiB. */
#define COMMENT_LIMIT 60000
#define SUMMARY_LIMIT ((size_t)900 * 1024)
#define MOST_UNTOLD 10
#define NOTE_ROOM 200 /* bytes kept for the sentence about what was left out */

/* What no gate tells about a variant, where the headline tells only about the worst. */
static void write_untold(const struct sg_view *view, struct sg_text *out)
{
    for (size_t i = 0; view->many && i < view->untold_count && i < MOST_UNTOLD; i++) {
        enum sg_state state = sg_view_variant_state(view->untold[i]);
        sg_text_printf(out, "%s- **%s %s** ", i == 0 ? "\n" : "", sg_state_mark(state),
                       sg_state_word(state));
        sg_markdown_code(out, view->untold[i]->variant);
        sg_text_add(out, ": ");
        sg_markdown_text(out, view->untold[i]->reason);
        sg_text_add(out, "\n");
    }
}

static void write_head(const struct sg_view *view, struct sg_text *out)
{
    struct sg_text advice = {0};
    enum sg_state state = sg_view_overall(view->report->judgement);

    if (view->report->title != NULL) {
        sg_text_add(out, "# ");
        sg_markdown_code(out, view->report->title);
        sg_text_add(out, "\n\n");
    }
    sg_text_printf(out, "## svcgate: %s %s — ", sg_state_mark(state), sg_state_word(state));
    sg_say_headline(out, SG_MARKDOWN, view);
    sg_text_add(out, "\n\n");
    sg_say_summary(out, view);
    sg_text_add(out, "\n");
    write_untold(view, out);
    sg_say_advice(&advice, SG_MARKDOWN, view);
    for (const char *at = advice.data; at != NULL && *at != '\0'; at += strcspn(at, "\n") + 1)
        sg_text_printf(out, "%s- %.*s\n", at == advice.data ? "\n**What to do**\n" : "",
                       (int)strcspn(at, "\n"), at);
    sg_text_free(&advice);
}

static void write_again(const struct sg_report *report, struct sg_text *out)
{
    struct sg_text lines = {0};

    sg_say_again(&lines, report);
    if (lines.size > 0) {
        sg_text_add(out, "\n**Reproduce**\n\n");
        sg_markdown_fence(out, lines.data, "sh", "");
    }
    if (report->bundle != NULL && *report->bundle != '\0') {
        sg_text_add(out, "\nEverything measured is in ");
        sg_markdown_code(out, report->bundle);
        sg_text_add(out, ".\n");
    }
    sg_text_free(&lines);
}

/* The end is made first: it must always fit. */
static void write_limited(const struct sg_report *report, struct sg_text *out, size_t limit)
{
    struct sg_view view;
    struct sg_text end = {0};
    struct sg_sheet sheet = {.out = out};

    sg_view_init(&view, report);
    write_again(report, &end);
    sheet.limit = out->size + limit - end.size - NOTE_ROOM;
    write_head(&view, out);
    sg_markdown_league(&sheet, &view);
    sg_markdown_gates(&sheet, &view);
    sg_markdown_waivers(&sheet, &view);
    sg_markdown_adjusted(&sheet, &view);
    sg_markdown_strata(&sheet, &view);
    sg_markdown_findings(&sheet, &view);
    sg_markdown_numbers(&sheet, &view);
    sg_markdown_environment(&sheet, &view);
    if (sheet.left_out > 0)
        sg_text_printf(out, "\n_%zu rows left out to stay below %zu bytes; the bundle has all._\n",
                       sheet.left_out, limit);
    sg_text_bytes(out, end.data, end.size);
    sg_text_free(&end);
    sg_text_free(&sheet.title);
    sg_view_clear(&view);
}

void sg_write_markdown(const struct sg_report *report, struct sg_text *out)
{
    write_limited(report, out, SUMMARY_LIMIT);
}

void sg_write_comment(const struct sg_report *report, struct sg_text *out)
{
    write_limited(report, out, COMMENT_LIMIT);
}
