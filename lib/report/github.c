/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub workflow commands: one annotation a gate on its line of svcgate.yaml, worst first. GitHub
 * shows at most 10 errors and 10 warnings of a step. */
#include <stdlib.h>

#include "report/escape.h"
#include "report/formats.h"
#include "report/sentence.h"
#include "report/waiver.h"

#define MOST 9 /* and one that says how many more */

static const char *level(enum sg_state state)
{
    if (state == SG_STATE_FAIL || state == SG_STATE_INVALID)
        return "error";
    return state == SG_STATE_PASS ? "notice" : "warning";
}

static void write_command(const struct sg_report *report, struct sg_text *out, enum sg_state state,
                          int line, const char *title, const char *message)
{
    sg_text_printf(out, "::%s ", level(state));
    if (report->config != NULL) {
        sg_text_add(out, "file=");
        sg_command_text(out, report->config, true);
        sg_text_printf(out, ",line=%d,", line > 0 ? line : 1);
    }
    sg_text_add(out, "title=");
    sg_command_text(out, title, true);
    sg_text_add(out, "::");
    sg_command_text(out, message, false);
    sg_text_add(out, "\n");
}

static void write_row(const struct sg_report *report, struct sg_text *out, const struct sg_row *row)
{
    char *title = sg_format("svcgate %s: %s of %s", sg_state_word(row->state), row->label,
                            row->result->variant);

    write_command(report, out, row->state, row->result->line, title, row->result->reason);
    free(title);
}

/* The verdict as a whole: when no gate tells it, and as the one line of a pass. */
static void write_whole(const struct sg_view *view, struct sg_text *out)
{
    enum sg_state state = sg_view_overall(view->report->judgement);
    struct sg_text message = {0};
    char *title = sg_format("svcgate %s", sg_state_word(state));

    sg_say_headline(&message, SG_PLAIN, view);
    write_command(view->report, out, state, 0, title, message.data);
    sg_text_free(&message);
    free(title);
}

static void write_variant(const struct sg_report *report, struct sg_text *out,
                          const struct sg_variant_verdict *variant)
{
    enum sg_state state = sg_view_variant_state(variant);
    char *title = sg_format("svcgate %s: %s", sg_state_word(state), variant->variant);

    write_command(report, out, state, 0, title, variant->reason);
    free(title);
}

/* Of the first that is not shown. */
static enum sg_state next_state(const struct sg_view *view)
{
    if (view->untold_count > MOST)
        return sg_view_variant_state(view->untold[MOST]);
    return view->rows[MOST - view->untold_count].state;
}

/* The rows are sorted; a variant that crashed comes before them. */
static void write_loud(const struct sg_view *view, struct sg_text *out)
{
    size_t loud = view->untold_count + view->count - view->states[SG_STATE_PASS];

    for (size_t i = 0; i < loud && i < MOST; i++) {
        if (i < view->untold_count)
            write_variant(view->report, out, view->untold[i]);
        else
            write_row(view->report, out, &view->rows[i - view->untold_count]);
    }
    if (loud > MOST) {
        char *rest = sg_format("and %zu more: see the report", loud - MOST);
        write_command(view->report, out, next_state(view), 0, "svcgate", rest);
        free(rest);
    }
}

/* A notice for each waiver that holds; an expired one has failed its gate. */
static void write_waivers(const struct sg_view *view, struct sg_text *out)
{
    size_t told = 0;

    for (size_t i = 0; i < view->count && told < MOST; i++) {
        const struct sg_result *result = view->rows[i].result;
        if (!sg_is_waived(result) || result->waiver.use == SG_WAIVER_EXPIRED)
            continue;
        char *text = sg_show_waived_row(&view->rows[i]);
        write_command(view->report, out, SG_STATE_PASS, result->waiver.line, "svcgate waiver",
                      text);
        free(text);
        told++;
    }
}

void sg_write_github(const struct sg_report *report, struct sg_text *out)
{
    struct sg_view view;

    sg_view_init(&view, report);
    if (sg_view_overall(report->judgement) == SG_STATE_PASS || !sg_view_is_told(&view))
        write_whole(&view, out);
    write_loud(&view, out);
    write_waivers(&view, out);
    sg_view_clear(&view);
}
