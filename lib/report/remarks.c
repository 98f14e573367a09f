/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be said at lines of svcgate.yaml: one remark a gate that did not simply pass, worst
 * first. */
#include <stdlib.h>

#include "base/clean.h"
#include "report/formats.h"
#include "report/sentence.h"
#include "report/waiver.h"

#define HEADLINE 200 /* bytes */

static const char *level(enum sg_state state)
{
    if (state == SG_STATE_FAIL || state == SG_STATE_INVALID)
        return "error";
    return state == SG_STATE_PASS ? "notice" : "warning";
}

static void add(struct sg_remarks *remarks, enum sg_state state, int line, const char *title,
                const char *message)
{
    remarks->items = sg_grow(remarks->items, remarks->count, sizeof(*remarks->items));
    remarks->items[remarks->count++] =
        (struct sg_remark){.level = level(state),
                           .line = line > 0 ? line : 1,
                           .title = sg_clean_line(title, SG_SHOWN_SENTENCE),
                           .message = sg_clean_line(message, SG_SHOWN_SENTENCE)};
}

static void add_row(struct sg_remarks *remarks, const struct sg_row *row)
{
    char *title = sg_format("svcgate %s: %s of %s", sg_state_word(row->state), row->label,
                            row->result->variant);

    add(remarks, row->state, row->result->line, title, row->result->reason);
    free(title);
}

/* The verdict as a whole: when no gate tells it, and as the one line of a pass. */
static void add_whole(struct sg_remarks *remarks, const struct sg_view *view)
{
    enum sg_state state = sg_view_overall(view->report->judgement);
    struct sg_text message = {0};
    char *title = sg_format("svcgate %s", sg_state_word(state));

    sg_say_headline_plain(&message, view);
    add(remarks, state, 0, title, message.data);
    sg_text_free(&message);
    free(title);
}

static void add_variant(struct sg_remarks *remarks, const struct sg_variant_verdict *variant)
{
    enum sg_state state = sg_view_variant_state(variant);
    char *title = sg_format("svcgate %s: %s", sg_state_word(state), variant->variant);

    add(remarks, state, 0, title, variant->reason);
    free(title);
}

/* Of the first that is not shown. */
static enum sg_state next_state(const struct sg_view *view, size_t most)
{
    if (view->untold_count > most)
        return sg_view_variant_state(view->untold[most]);
    return view->rows[most - view->untold_count].state;
}

/* The rows are sorted; a variant that crashed comes before them. */
static void add_loud(struct sg_remarks *remarks, const struct sg_view *view, size_t most)
{
    size_t loud = view->untold_count + view->count - view->states[SG_STATE_PASS];

    for (size_t i = 0; i < loud && i < most; i++) {
        if (i < view->untold_count)
            add_variant(remarks, view->untold[i]);
        else
            add_row(remarks, &view->rows[i - view->untold_count]);
    }
    if (loud > most) {
        char *rest = sg_format("and %zu more: see the report", loud - most);
        add(remarks, next_state(view, most), 0, "svcgate", rest);
        free(rest);
    }
}

/* A notice for each waiver that holds; an expired one has failed its gate. */
static void add_waivers(struct sg_remarks *remarks, const struct sg_view *view, size_t most)
{
    size_t told = 0;

    for (size_t i = 0; i < view->count && told < most; i++) {
        const struct sg_result *result = view->rows[i].result;
        if (!sg_is_waived(result) || result->waiver.use == SG_WAIVER_EXPIRED)
            continue;
        char *text = sg_show_waived_row(&view->rows[i]);
        add(remarks, SG_STATE_PASS, result->waiver.line, "svcgate waiver", text);
        free(text);
        told++;
    }
}

static char *headline(const struct sg_view *view)
{
    struct sg_text text = {0};

    sg_text_printf(&text, "%s: ", sg_state_word(sg_view_overall(view->report->judgement)));
    sg_say_headline_plain(&text, view);
    char *line = sg_clean_line(text.data, HEADLINE);
    sg_text_free(&text);
    return line;
}

void sg_remarks_init(struct sg_remarks *remarks, const struct sg_report *report, size_t most)
{
    struct sg_view view;

    sg_view_init(&view, report);
    *remarks = (struct sg_remarks){.headline = headline(&view)};
    if (sg_view_overall(report->judgement) == SG_STATE_PASS || !sg_view_is_told(&view))
        add_whole(remarks, &view);
    add_loud(remarks, &view, most);
    add_waivers(remarks, &view, most);
    sg_view_clear(&view);
}

void sg_remarks_clear(struct sg_remarks *remarks)
{
    for (size_t i = 0; i < remarks->count; i++) {
        free(remarks->items[i].title);
        free(remarks->items[i].message);
    }
    free(remarks->items);
    free(remarks->headline);
    *remarks = (struct sg_remarks){0};
}
