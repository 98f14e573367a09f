/* SPDX-License-Identifier: Apache-2.0 */
/* Section: the answer in words, a sentence for each variant: in what it is worse, better, no
 * worse than allowed, and how far that is proven. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/sections.h"
#include "view/show.h"

#define MOST_VARIANTS 10
#define MOST_GATES 4 /* named in one clause */

enum answer { WORSE, FAILED, BETTER, WITHIN, OPEN, BROKEN };
#define ANSWERS 6

static enum answer answer_of(const struct sg_row *row)
{
    switch (row->state) {
    case SG_STATE_FAIL:
        return sg_view_worse(row->result) > 0 ? WORSE : FAILED;
    case SG_STATE_INVALID:
        return BROKEN;
    case SG_STATE_INCONCLUSIVE:
        return OPEN;
    case SG_STATE_WARN:
    case SG_STATE_PASS:
        break;
    }
    return row->result->improved && sg_view_worse(row->result) < 0 ? BETTER : WITHIN;
}

/* Of the two ends of the interval that which a verdict rests on, as a size; NaN without one. A fail
 * rests on the end towards "no change", a pass on the other: both are the nearer to zero here. */
static double proven(const struct sg_result *result, enum answer answer)
{
    bool lower_end = (answer == WORSE) != result->higher_is_better;
    double bound = lower_end ? result->low : result->high;

    return isnan(bound) || (bound < 0) != (result->change < 0) ? NAN : bound;
}

/* " by 11.6 % (proven: at least 7.1 %)". Better by so much is as sure as a pass is. */
static void say_size(struct sg_line *line, const struct sg_view *view,
                     const struct sg_result *result, enum answer answer)
{
    double bound = proven(result, answer);

    sg_line_own(line, " by ");
    sg_line_take(line, sg_show_distance(result, result->change));
    if (isnan(bound))
        return;
    if (answer == WORSE) {
        sg_line_own(line, " (proven: at least ");
    } else {
        char *sure = sg_show_by_unit(1 - view->report->judgement->beta, "ratio");
        sg_line_own(line, " (%s sure: at least ", sure);
        free(sure);
    }
    sg_line_take(line, sg_show_distance(result, bound));
    sg_line_own(line, ")");
}

static size_t count_of(const struct sg_view *view, const char *variant, enum answer answer)
{
    size_t count = 0;

    for (size_t i = 0; i < view->count; i++)
        count +=
            sg_streq(view->rows[i].result->variant, variant) && answer_of(&view->rows[i]) == answer;
    return count;
}

/* "latency_p95 by 11.6 % (proven: at least 7.1 %), memory_max by … and 2 more" */
static void say_gates(struct sg_line *line, const struct sg_view *view, const char *variant,
                      enum answer answer)
{
    size_t count = 0;

    for (size_t i = 0; i < view->count; i++) {
        const struct sg_row *row = &view->rows[i];
        if (!sg_streq(row->result->variant, variant) || answer_of(row) != answer ||
            count++ >= MOST_GATES)
            continue;
        sg_line_own(line, "%s", count > 1 ? ", " : "");
        sg_line_text(line, row->label);
        if (answer == WORSE || answer == BETTER)
            say_size(line, view, row->result, answer);
    }
    if (count > MOST_GATES)
        sg_line_own(line, " and %zu more", count - MOST_GATES);
}

/* Are that many all gates of the variant, and several? */
static bool is_all(const struct sg_view *view, const char *variant, size_t count)
{
    size_t all = 0;

    for (size_t i = 0; i < view->count; i++)
        all += sg_streq(view->rows[i].result->variant, variant);
    return all > 1 && all == count;
}

static void say_variant(struct sg_line *line, const struct sg_view *view, const char *variant)
{
    static const char *const words[ANSWERS] = {[WORSE] = "worse in ",
                                               [FAILED] = "failed in ",
                                               [BETTER] = "better in ",
                                               [WITHIN] = "no worse than allowed in ",
                                               [OPEN] = "not enough evidence on ",
                                               [BROKEN] = "invalid in "};
    const char *between = "";

    sg_line_name(line, variant);
    sg_line_own(line, " against ");
    sg_line_name(line, view->report->judgement->reference);
    sg_line_own(line, ": ");
    for (int i = 0; i < ANSWERS; i++) {
        size_t count = count_of(view, variant, (enum answer)i);
        if (count == 0)
            continue;
        sg_line_own(line, "%s%s", between, words[i]);
        if (i == WITHIN && is_all(view, variant, count))
            sg_line_own(line, "all %zu gates", count);
        else
            say_gates(line, view, variant, (enum answer)i);
        between = "; ";
    }
    sg_line_own(line, ".");
}

void sg_section_answer(struct sg_doc *doc, const struct sg_view *view)
{
    if (view->count == 0 || view->report->judgement->verdict == SG_INVALID)
        return;
    struct sg_part *list = sg_doc_list(doc, SG_LOOK_PLAIN);
    sg_doc_tight(doc, SG_FOR_TERMINAL);
    for (size_t i = 0; i < view->count && list->items_count < MOST_VARIANTS; i++)
        if (sg_view_is_first(view, i))
            say_variant(sg_list_item(list, NULL), view, view->rows[i].result->variant);
}
