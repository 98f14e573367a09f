/* SPDX-License-Identifier: Apache-2.0 */
/* Gauges are sampled: what they say about a window is their maximum, their mean over time and
 * their trend, and how densely they were looked at. */
#include "measure/gauge.h"

#include <math.h>

#include "base/base.h"
#include "measure/bracket.h"
#include "stats/ranks.h"

/* A slope needs no more, and its exact distribution grows with the cube. */
#define MAX_SLOPE_POINTS 240

double sg_gauge_slope(const struct sg_prom_point *points, size_t count)
{
    if (count < 3)
        return NAN;
    size_t step = (count + MAX_SLOPE_POINTS - 1) / MAX_SLOPE_POINTS, used = 0;
    double times[MAX_SLOPE_POINTS], values[MAX_SLOPE_POINTS];
    for (size_t i = 0; i < count; i += step) {
        times[used] = points[i].time - points[0].time;
        values[used++] = points[i].value;
    }
    struct sg_slope slope;
    if (!sg_theil_sen(times, values, used, 0.05, &slope))
        sg_out_of_memory(); /* there are never too many points */
    return slope.slope;
}

/* Integral of the line through the samples over [start, end], divided by its length. */
static double mean_over(const struct sg_prom_point *points, size_t count, size_t first, size_t last,
                        double start, double end)
{
    double area = 0;
    struct sg_prom_point left = {start, sg_points_at(points, count, start)};
    for (size_t i = first; i <= last; i++) {
        area += (points[i].time - left.time) * (points[i].value + left.value) / 2;
        left = points[i];
    }
    area += (end - left.time) * (left.value + sg_points_at(points, count, end)) / 2;
    return end > start ? area / (end - start) : points[first].value;
}

bool sg_gauge_take(const struct sg_prom_point *points, size_t count, double start, double end,
                   struct sg_gauge *out)
{
    size_t first = 0;
    while (first < count && points[first].time < start)
        first++;
    size_t inside = 0;
    double min = INFINITY, max = -INFINITY;
    for (; first + inside < count && points[first + inside].time <= end; inside++) {
        if (!isfinite(points[first + inside].value))
            return false;
        min = fmin(min, points[first + inside].value);
        max = fmax(max, points[first + inside].value);
    }
    if (inside == 0)
        return false;
    *out =
        (struct sg_gauge){.count = inside,
                          .min = min,
                          .max = max,
                          .mean = mean_over(points, count, first, first + inside - 1, start, end),
                          .slope = sg_gauge_slope(points + first, inside),
                          .gap = sg_points_gap(points, count, start, end)};
    return true;
}
