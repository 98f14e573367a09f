/* SPDX-License-Identifier: Apache-2.0 */
/* From struct sg_series to curves. */
#include "plot/series.h"

#include <math.h>
#include <stdlib.h>

#define GRID 64 /* places at which medians over time are taken, at most */

double sg_tail_place(double share)
{
    return -log10(1 - fmax(share, 0));
}

/* --- One repetition ----------------------------------------------------------------------- */

static const struct sg_points *points_of(const struct sg_series *series, enum sg_curves kind)
{
    switch (kind) {
    case SG_CURVES_LATENCY:
        return &series->latency;
    case SG_CURVES_CPU:
        return &series->cpu;
    case SG_CURVES_MEMORY:
        break;
    }
    return &series->memory;
}

/* Warm-up and discarded repetitions do not count; a series without its repetition neither. */
static bool counts(const struct sg_session *session, const struct sg_series *series)
{
    for (size_t i = 0; i < session->repetitions_count; i++)
        if (session->repetitions[i].slot == series->slot)
            return sg_view_counts(&session->repetitions[i], series->variant);
    return false;
}

/* A share of 1, the slowest request, stands a little behind the largest other share. */
static double find_slowest(const struct sg_series_set *all)
{
    double largest = 0;

    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < all->items[i].latency.count; k++)
            if (all->items[i].latency.items[k].x < 1)
                largest = fmax(largest, sg_tail_place(all->items[i].latency.items[k].x));
    return largest + 0.6;
}

/* Finite points whose x rises. */
static struct sg_points usable(const struct sg_points *raw, enum sg_curves kind, double slowest)
{
    struct sg_points points = {.items = sg_alloc(raw->count + 1, sizeof(*points.items))};

    for (size_t i = 0; i < raw->count; i++) {
        struct sg_point point = raw->items[i];
        if (!isfinite(point.x) || !isfinite(point.y) || point.y < 0)
            continue;
        if (kind == SG_CURVES_LATENCY)
            point.x = point.x < 1 ? sg_tail_place(point.x) : slowest;
        if (points.count == 0 || point.x > points.items[points.count - 1].x)
            points.items[points.count++] = point;
    }
    return points;
}

/* At most SG_PLOT_BENDS points, the first and the last among them. */
static void thin(struct sg_points *points)
{
    size_t step = points->count / SG_PLOT_BENDS + 1;
    size_t kept = 0;

    for (size_t i = 0; i < points->count; i++)
        if (i % step == 0 || i + 1 == points->count)
            points->items[kept++] = points->items[i];
    points->count = kept;
}

/* --- Medians ------------------------------------------------------------------------------ */

/* NaN outside of the curve. */
static double value_at(const struct sg_points *points, double x)
{
    size_t right = 0;

    while (right < points->count && points->items[right].x < x)
        right++;
    if (right == points->count)
        return NAN;
    const struct sg_point *b = &points->items[right];
    if (right == 0)
        return b->x > x ? NAN : b->y;
    const struct sg_point *a = b - 1;
    return a->y + (b->y - a->y) * (x - a->x) / (b->x - a->x);
}

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;

    return (left > right) - (left < right);
}

/* Of the curves of one look that reach x; NaN when they are fewer than half. */
static double median_at(const struct sg_curve_set *set, size_t look, double x, double *work)
{
    size_t members = 0;
    size_t count = 0;

    for (size_t i = 0; i < set->count; i++) {
        if (set->curves[i].look != look)
            continue;
        members++;
        double value = value_at(&set->curves[i].points, x);
        if (isfinite(value))
            work[count++] = value;
    }
    if (2 * count < members || count == 0)
        return NAN;
    qsort(work, count, sizeof(*work), compare_numbers);
    return work[(count - 1) / 2] / 2 + work[count / 2] / 2;
}

/* Samples are taken at other moments in each repetition: as many places as a curve has points,
 * evenly spread over what all curves of one look share. */
static size_t shared_places(const struct sg_curve_set *set, size_t look, double *out)
{
    double from = -INFINITY;
    double to = INFINITY;
    size_t count = 0;

    for (size_t i = 0; i < set->count; i++) {
        const struct sg_points *points = &set->curves[i].points;
        if (set->curves[i].look != look)
            continue;
        from = fmax(from, points->items[0].x);
        to = fmin(to, points->items[points->count - 1].x);
        count = points->count > count ? points->count : count;
    }
    if (count > GRID)
        count = GRID;
    for (size_t i = 0; i < count && from < to; i++)
        out[i] = from + (to - from) * (double)i / (double)(count - 1);
    return from < to ? count : 0;
}

/* The longest curve's: distributions have the same shares in each repetition. */
static size_t longest_places(const struct sg_curve_set *set, size_t look, double *out)
{
    const struct sg_points *longest = NULL;
    size_t count = 0;

    for (size_t i = 0; i < set->count; i++)
        if (set->curves[i].look == look &&
            (longest == NULL || set->curves[i].points.count > longest->count))
            longest = &set->curves[i].points;
    for (size_t i = 0; longest != NULL && i < longest->count; i++)
        out[count++] = longest->items[i].x;
    return count;
}

static void take_median(struct sg_curve_set *set, size_t look, bool distribution, double *work)
{
    struct sg_points *median = &set->medians[look];
    double at[SG_PLOT_BENDS + 2] = {0};
    size_t count = distribution ? longest_places(set, look, at) : shared_places(set, look, at);

    median->items = sg_alloc(count + 1, sizeof(*median->items));
    for (size_t i = 0; i < count; i++) {
        double value = median_at(set, look, at[i], work);
        if (isfinite(value))
            median->items[median->count++] = (struct sg_point){at[i], value};
    }
}

/* --- All ---------------------------------------------------------------------------------- */

static void take_range(struct sg_curve_set *set, const struct sg_points *points)
{
    for (size_t i = 0; i < points->count; i++) {
        sg_range_add(&set->x, points->items[i].x);
        sg_range_add(&set->y, points->items[i].y);
    }
}

/* Medians are of all repetitions, also of those that are then left out of the picture. */
static void leave_out(struct sg_curve_set *set)
{
    size_t step = set->total / (SG_PLOT_LINES + 1) + 1;
    size_t seen[SG_LOOKS] = {0};
    size_t kept = 0;

    for (size_t i = 0; i < set->count; i++) {
        if (seen[set->curves[i].look]++ % step == 0)
            set->curves[kept++] = set->curves[i];
        else
            free(set->curves[i].points.items);
    }
    set->count = kept;
}

void sg_curve_set_init(struct sg_curve_set *set, const struct sg_view *view,
                       const struct sg_cast *cast, enum sg_curves kind)
{
    const struct sg_series_set *all = view->report->series;

    *set = (struct sg_curve_set){.x = SG_RANGE_EMPTY, .y = SG_RANGE_EMPTY};
    if (all == NULL)
        return;
    set->slowest = find_slowest(all);
    set->curves = sg_alloc(all->count + 1, sizeof(*set->curves));
    for (size_t i = 0; i < all->count; i++) {
        size_t look = sg_cast_look(cast, all->items[i].variant);
        if (look == SG_LOOKS || !counts(view->report->session, &all->items[i]))
            continue;
        struct sg_curve *curve = &set->curves[set->count];
        *curve =
            (struct sg_curve){look, usable(points_of(&all->items[i], kind), kind, set->slowest)};
        thin(&curve->points);
        if (curve->points.count > 1)
            set->count++;
        else
            free(curve->points.items);
    }
    set->total = set->count;
    double *work = sg_alloc(set->count + 1, sizeof(*work));
    for (size_t i = 0; i < cast->count; i++)
        take_median(set, i, kind == SG_CURVES_LATENCY, work);
    free(work);
    leave_out(set);
    for (size_t i = 0; i < set->count; i++)
        take_range(set, &set->curves[i].points);
}

void sg_curve_set_clear(struct sg_curve_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->curves[i].points.items);
    for (size_t i = 0; i < SG_LOOKS; i++)
        free(set->medians[i].items);
    free(set->curves);
    *set = (struct sg_curve_set){0};
}
