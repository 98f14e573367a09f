/* SPDX-License-Identifier: Apache-2.0 */
/* Idle brackets: exact growth of a counter within a window from samples that do not lie on its
 * edges. */
#include "measure/bracket.h"

#include <math.h>

/* Shorter idle stretches say nothing about a rate. */
#define MIN_IDLE 0.2
/* The drift's quarters keep this far from the edges, where interpolation mixes idle and load. */
#define DRIFT_MARGIN 1.0
#define DRIFT_MIN_WINDOW 10.0

#define NONE ((size_t)-1)

static size_t first_in(const struct sg_prom_point *points, size_t count, double from, double to)
{
    for (size_t i = 0; i < count; i++)
        if (points[i].time >= from)
            return points[i].time <= to ? i : NONE;
    return NONE;
}

static size_t last_in(const struct sg_prom_point *points, size_t count, double from, double to)
{
    size_t found = NONE;
    for (size_t i = 0; i < count && points[i].time <= to; i++)
        if (points[i].time >= from)
            found = i;
    return found;
}

static bool is_monotone(const struct sg_prom_point *points, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++)
        if (!isfinite(points[i].value) || (i > first && points[i].value < points[i - 1].value))
            return false;
    return true;
}

/* Growth a second over both idle stretches together: points first … a and b … last. */
static double idle_rate(const struct sg_prom_point *points, size_t first, size_t a, size_t b,
                        size_t last, double guess)
{
    double seconds = (points[a].time - points[first].time) + (points[last].time - points[b].time);
    double growth =
        (points[a].value - points[first].value) + (points[last].value - points[b].value);
    return seconds >= MIN_IDLE ? growth / seconds : guess;
}

enum sg_bracket_status sg_bracket_take(const struct sg_prom_point *points, size_t count,
                                       const struct sg_edges *edges, double idle_guess,
                                       struct sg_bracket *out)
{
    if (count == 0)
        return SG_BRACKET_NO_POINTS;
    size_t first = first_in(points, count, edges->from, edges->start);
    size_t a = last_in(points, count, edges->from, edges->start);
    size_t b = first_in(points, count, edges->settled, edges->until);
    size_t last = last_in(points, count, edges->settled, edges->until);
    if (first == NONE || a == NONE)
        return SG_BRACKET_NO_BEFORE;
    if (b == NONE || last == NONE)
        return SG_BRACKET_NO_AFTER;
    if (!is_monotone(points, first, last))
        return SG_BRACKET_RESET;
    struct sg_bracket bracket = {
        .ta = points[a].time, .va = points[a].value, .tb = points[b].time, .vb = points[b].value};
    bracket.idle_rate = idle_rate(points, first, a, b, last, idle_guess);
    double outside = (bracket.tb - bracket.ta) - (edges->end - edges->start);
    double idle = isfinite(bracket.idle_rate) ? bracket.idle_rate * outside : 0;
    bracket.value = (bracket.vb - bracket.va) - idle;
    *out = bracket;
    return SG_BRACKET_OK;
}

double sg_points_gap(const struct sg_prom_point *points, size_t count, double from, double to)
{
    double longest = 0, previous = from;
    for (size_t i = 0; i < count; i++) {
        if (points[i].time <= from)
            continue;
        if (points[i].time >= to)
            break;
        longest = fmax(longest, points[i].time - previous);
        previous = points[i].time;
    }
    return fmax(longest, to - previous);
}

double sg_points_at(const struct sg_prom_point *points, size_t count, double time)
{
    if (count == 0)
        return NAN;
    if (time <= points[0].time)
        return points[0].value;
    for (size_t i = 1; i < count; i++) {
        const struct sg_prom_point *a = &points[i - 1], *b = &points[i];
        if (time <= b->time)
            return a->value + (b->value - a->value) * (time - a->time) / (b->time - a->time);
    }
    return points[count - 1].value;
}

double sg_points_drift(const struct sg_prom_point *points, size_t count, double start, double end)
{
    double quarter = (end - start) / 4;
    if (!(end - start >= DRIFT_MIN_WINDOW) || count < 2)
        return NAN;
    double from = start + DRIFT_MARGIN, to = end - DRIFT_MARGIN;
    double first = sg_points_at(points, count, from + quarter) - sg_points_at(points, count, from);
    double last = sg_points_at(points, count, to) - sg_points_at(points, count, to - quarter);
    return first > 0 && last > 0 ? log(last / first) : NAN;
}
