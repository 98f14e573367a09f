/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of a result for people. */
#include "view/show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

#define MINUS "−"

char *sg_show_value(double value, const char *unit)
{
    return isfinite(value) ? sg_show_by_unit(value, unit) : sg_strdup(SG_DASH);
}

/* A difference of two shares is in percentage points: "2 %" would read as relative. */
static char *show_points(double value)
{
    char *percent = sg_show_by_unit(value, "ratio");
    size_t length = strlen(percent);
    char *points = NULL;

    if (!sg_ends_with(percent, " %"))
        return percent;
    points = sg_format("%.*s pp", (int)(length - 2), percent);
    free(percent);
    return points;
}

char *sg_show_distance(const struct sg_result *result, double value)
{
    if (!isfinite(value))
        return sg_strdup(SG_DASH);
    if (result->relative) {
        char *change = sg_show_change(fabs(value));
        if (*change == '+')
            memmove(change, change + 1, strlen(change));
        return change;
    }
    if (sg_streq(result->unit, "ratio"))
        return show_points(fabs(value));
    return sg_show_by_unit(fabs(value), result->unit);
}

char *sg_show_difference(const struct sg_result *result, double value)
{
    char *distance = NULL;
    char *difference = NULL;

    if (isnan(value))
        return sg_strdup(SG_DASH);
    if (isinf(value))
        return sg_strdup(value < 0 ? MINUS "∞" : "+∞");
    if (result->relative)
        return sg_show_change(value);
    distance = sg_show_distance(result, value);
    difference = sg_format("%s%s", value < 0 ? MINUS : value > 0 ? "+" : "", distance);
    free(distance);
    return difference;
}

char *sg_show_interval(const struct sg_result *result)
{
    bool bounded_below = !isnan(result->low);
    bool bounded_above = !isnan(result->high);
    char *interval = NULL;

    if (isnan(result->change) || (!bounded_below && !bounded_above))
        return sg_strdup("");
    char *low = sg_show_difference(result, result->low);
    char *high = sg_show_difference(result, result->high);
    if (!bounded_below)
        interval = sg_format("[at most %s]", high);
    else if (!bounded_above)
        interval = sg_format("[at least %s]", low);
    else
        interval = sg_format("[%s, %s]", low, high);
    free(low);
    free(high);
    return interval;
}

char *sg_show_tolerance_alone(const struct sg_result *result)
{
    if (result->relative && isfinite(result->tolerance))
        return sg_show_by_unit(result->tolerance, "ratio");
    return sg_show_distance(result, result->tolerance);
}

/* "12 % (own 5 %)" where a waiver's bound is used; takes `bound`. */
static char *show_waived(const struct sg_result *result, bool limit, char *bound)
{
    const struct sg_result_waiver *waiver = &result->waiver;
    struct sg_result plain = *result;
    char *own = NULL;
    char *both = NULL;

    if (waiver->use == SG_WAIVER_NONE || waiver->use == SG_WAIVER_EXPIRED ||
        waiver->limit != limit || !isfinite(waiver->own))
        return bound;
    plain.tolerance = waiver->own;
    own = limit ? sg_show_by_unit(waiver->own, result->unit) : sg_show_tolerance_alone(&plain);
    both = sg_format("%s (own %s)", bound, own);
    free(own);
    free(bound);
    return both;
}

char *sg_show_tolerance(const struct sg_result *result)
{
    char *tolerance = show_waived(result, false, sg_show_tolerance_alone(result));
    char *limit = NULL;
    char *both = NULL;

    if (!isfinite(result->limit))
        return tolerance;
    limit = show_waived(result, true, sg_show_by_unit(result->limit, result->unit));
    if (isfinite(result->tolerance))
        both = sg_format("%s, limit %s", tolerance, limit);
    else
        both = sg_format("limit %s", limit);
    free(tolerance);
    free(limit);
    return both;
}
