/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers for people: who, why, until when, instead of what. */
#include "report/waiver.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/units.h"
#include "report/sections.h"
#include "view/show.h"

bool sg_is_waived(const struct sg_result *result)
{
    return result->waiver.use != SG_WAIVER_NONE;
}

static char *show_bound(const struct sg_result *result, double value)
{
    struct sg_result plain = *result;

    if (isnan(value))
        return sg_strdup("none");
    if (result->waiver.limit)
        return sg_show_value(value, result->unit);
    plain.tolerance = value;
    return sg_show_tolerance_alone(&plain);
}

/* "(68 days left)", with a space before; "" where the session has no day to count from. */
static char *show_days(const struct sg_result_waiver *waiver)
{
    if (!waiver->dated)
        return sg_strdup("");
    if (waiver->days_left < 0)
        return sg_strdup(" (expired)");
    if (waiver->days_left == 0)
        return sg_strdup(" (its last day)");
    return sg_format(" (%d day%s left)", waiver->days_left, waiver->days_left == 1 ? "" : "s");
}

static const char *use_word(enum sg_waiver_use use)
{
    switch (use) {
    case SG_WAIVER_NEEDED:
        return "; passed only by it";
    case SG_WAIVER_UNNEEDED:
        return "; no longer needed?";
    case SG_WAIVER_NONE:
    case SG_WAIVER_HOLDS:
    case SG_WAIVER_EXPIRED:
        break;
    }
    return "";
}

char *sg_show_waiver(const struct sg_result *result)
{
    const struct sg_result_waiver *waiver = &result->waiver;

    if (!sg_is_waived(result))
        return NULL;
    char *bound = show_bound(result, waiver->bound);
    char *own = show_bound(result, waiver->own);
    char *days = show_days(waiver);
    char *text = sg_format("waiver of %s until %s%s: %s%s instead of %s, %s%s", waiver->owner,
                           waiver->expires, days, waiver->limit ? "limit " : "", bound, own,
                           waiver->reason, use_word(waiver->use));
    free(bound);
    free(own);
    free(days);
    return text;
}

char *sg_show_waived_row(const struct sg_row *row)
{
    char *waiver = sg_show_waiver(row->result);
    char *text = sg_format("%s of %s: %s", row->label, row->result->variant, waiver);

    free(waiver);
    return text;
}

char *sg_show_waiver_warning(const struct sg_result *result)
{
    const struct sg_result_waiver *waiver = &result->waiver;

    if (waiver->use == SG_WAIVER_NEEDED)
        return sg_format("passed only by the waiver of %s (until %s)", waiver->owner,
                         waiver->expires);
    if (waiver->ending)
        return sg_format("passed, but the waiver of %s ends on %s", waiver->owner, waiver->expires);
    return NULL;
}

void sg_section_waivers(struct sg_doc *doc, const struct sg_view *view)
{
    struct sg_part *list = NULL;

    for (size_t i = 0; i < view->count; i++) {
        if (!sg_is_waived(view->rows[i].result))
            continue;
        if (list == NULL) {
            sg_doc_heading(doc, SG_LOOK_SECTION, SG_FOR_PAGES, "Waivers");
            list = sg_doc_list(doc, SG_LOOK_PLAIN);
        }
        sg_line_take(sg_list_item(list, NULL), sg_show_waived_row(&view->rows[i]));
    }
}
