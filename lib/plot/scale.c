/* SPDX-License-Identifier: Apache-2.0 */
/* Scales and ticks. */
#include "plot/scale.h"

#include <math.h>
#include <stdlib.h>

#include "base/units.h"

#define LARGEST 1e200 /* sums and differences of such numbers stay finite */
#define FAR 20.0      /* lengths of the axis: further away is not told apart */
#define MINUS "−"

double sg_axis_at(const struct sg_axis *axis, double value)
{
    double share = 0;

    if (axis->log)
        share = (log10(value) - log10(axis->from)) / (log10(axis->to) - log10(axis->from));
    else
        share = (value - axis->from) / (axis->to - axis->from);
    if (!isnan(share))
        share = fmin(fmax(share, -FAR), FAR);
    return axis->start + share * (axis->end - axis->start);
}

void sg_range_add(struct sg_range *range, double value)
{
    if (!isfinite(value) || fabs(value) > LARGEST)
        return;
    if (sg_range_is_empty(range)) {
        *range = (struct sg_range){value, value};
        return;
    }
    range->from = fmin(range->from, value);
    range->to = fmax(range->to, value);
}

bool sg_range_is_empty(const struct sg_range *range)
{
    return range->from > range->to;
}

void sg_range_pad(struct sg_range *range, double share)
{
    if (sg_range_is_empty(range))
        *range = (struct sg_range){0, 1};
    double largest = fmax(fabs(range->from), fabs(range->to));
    double width = range->to - range->from;

    if (width <= 1e-9 * largest || width <= 0) {
        width = largest > 0 ? 0.1 * largest : 1;
        share = 0.5;
    }
    range->from -= share * width;
    range->to += share * width;
}

/* The least of 1, 2, 5, 10, … that is not below `step`. */
static double round_step(double step)
{
    double power = pow(10, floor(log10(step)));
    double digit = step / power;

    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

static char *label(double value, double step, bool sign)
{
    double size = fabs(value);
    int decimals = step < 1 ? (int)-floor(log10(step) + 1e-9) : 0;
    char *digits =
        size >= 1e7 || decimals > 9 ? sg_format("%.4g", size) : sg_format("%.*f", decimals, size);
    bool zero = size < step / 2;
    char *text = sg_format("%s%s",
                           zero        ? ""
                           : value < 0 ? MINUS
                           : sign      ? "+"
                                       : "",
                           zero ? "0" : digits);

    free(digits);
    return text;
}

static void linear_ticks(struct sg_ticks *ticks, const struct sg_axis *axis, double factor,
                         int wanted, bool sign)
{
    double from = axis->from / factor;
    double to = axis->to / factor;
    double step = round_step((to - from) / wanted);
    double first = ceil(from / step - 1e-9);

    for (int i = 0; i < SG_TICKS && (first + i) * step <= to + 1e-9 * step; i++) {
        ticks->labels[ticks->count] = label((first + i) * step, step, sign);
        ticks->at[ticks->count++] = (first + i) * step * factor;
    }
}

/* 1, 2, 5 of each power of ten, or 1 alone where these are many; labels have their own unit. */
static void log_ticks(struct sg_ticks *ticks, const struct sg_axis *axis, const char *unit,
                      int wanted)
{
    static const double digits[] = {1, 2, 5};
    double decades = log10(axis->to) - log10(axis->from);
    size_t each = 3 * decades > wanted + 2 ? 1 : 3;
    int jump = decades > SG_TICKS - 2 ? (int)ceil(decades / (SG_TICKS - 2)) : 1;

    for (int power = (int)floor(log10(axis->from)); pow(10, power) <= axis->to; power += jump)
        for (size_t i = 0; i < each && ticks->count < SG_TICKS; i++) {
            double at = digits[i] * pow(10, power);
            if (at < axis->from || at > axis->to)
                continue;
            ticks->labels[ticks->count] = sg_show_by_unit(at, unit);
            ticks->at[ticks->count++] = at;
        }
}

void sg_ticks_init(struct sg_ticks *ticks, const struct sg_axis *axis, const char *unit, int wanted,
                   bool sign)
{
    double factor = 1;

    *ticks = (struct sg_ticks){0};
    if (axis->log) {
        ticks->unit = sg_strdup("");
        log_ticks(ticks, axis, unit, wanted);
        return;
    }
    ticks->unit = sg_show_axis(fmax(fabs(axis->from), fabs(axis->to)), unit, &factor);
    linear_ticks(ticks, axis, factor, wanted, sign);
}

void sg_ticks_clear(struct sg_ticks *ticks)
{
    for (size_t i = 0; i < ticks->count; i++)
        free(ticks->labels[i]);
    free(ticks->unit);
    *ticks = (struct sg_ticks){0};
}
