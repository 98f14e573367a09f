/* SPDX-License-Identifier: Apache-2.0 */
/* Curves of counters, gauges and quantiles. */
#include "measure/curve.h"

#include <math.h>

#define TIMES 1e3 /* a second: Prometheus stamps in milliseconds */
#define RATES 1e6 /* a core: finer than any counter */

/* Short numbers for the file. */
static double rounded(double value, double parts)
{
    return round(value * parts) / parts;
}

/* Samples first … last: those inside, and one on each side where there is one. False: none. */
static bool find_range(const struct sg_prom_point *samples, size_t count, double start, double end,
                       size_t *out_first, size_t *out_last)
{
    if (count == 0 || !(samples[0].time <= end && samples[count - 1].time >= start))
        return false;
    size_t first = 0, last = count - 1;
    while (first + 1 < count && samples[first + 1].time <= start)
        first++;
    while (last > first && samples[last - 1].time >= end)
        last--;
    *out_first = first;
    *out_last = last;
    return true;
}

/* How many neighbours become one point. */
static size_t step_for(size_t first, size_t last)
{
    return (last - first) / SG_CURVE_POINTS + 1;
}

static bool rises(const struct sg_points *points, double x)
{
    return isfinite(x) && (points->count == 0 || x > points->items[points->count - 1].x);
}

static void add(struct sg_points *out, double x, double y)
{
    if (rises(out, x) && isfinite(y) && y >= 0)
        sg_points_add(out, x, y);
}

void sg_curve_rate(const struct sg_prom_point *samples, size_t count, double start, double end,
                   struct sg_points *out)
{
    size_t first = 0, last = 0;
    if (!find_range(samples, count, start, end, &first, &last))
        return;
    size_t step = step_for(first, last);
    size_t b = first > 0 ? first : step < last ? step : last, a = first > 0 ? first - 1 : 0;
    while (a < last) {
        double growth = samples[b].value - samples[a].value;
        add(out, rounded(samples[b].time - start, TIMES),
            rounded(growth / (samples[b].time - samples[a].time), RATES));
        a = b;
        b = b + step < last ? b + step : last;
    }
}

void sg_curve_gauge(const struct sg_prom_point *samples, size_t count, double start, double end,
                    struct sg_points *out)
{
    size_t first = 0, last = 0;
    if (!find_range(samples, count, start, end, &first, &last))
        return;
    size_t step = step_for(first, last);
    for (size_t at = first; at <= last; at += step) {
        const struct sg_prom_point *highest = &samples[at];
        for (size_t i = at; i < at + step && i <= last; i++)
            if (samples[i].value > highest->value)
                highest = &samples[i];
        add(out, rounded(highest->time - start, TIMES), highest->value);
    }
}

void sg_curve_latency(const struct sg_load_summary *load, struct sg_points *out)
{
    for (size_t i = 0; i < load->latency_count; i++) {
        const struct sg_quantile *q = &load->latency[i];
        if (out->count == 0 || q->seconds >= out->items[out->count - 1].y)
            add(out, q->share, q->seconds);
    }
}
