/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of rates and of differences of rates, by bisection. */
#include "stats/distributions.h"
#include "stats/exact.h"

#include <math.h>

#define PI 3.14159265358979323846

/* The reference's rate under the null "difference is delta": the root in range of Miettinen and
 * Nurminen's (1985) cubic, appendix I. */
static double restricted_rate(struct sg_count v, struct sg_count r, double delta)
{
    double l3 = v.trials + r.trials;
    double l2 = (v.trials + 2 * r.trials) * delta - l3 - v.events - r.events;
    double l1 = (r.trials * delta - l3 - 2 * r.events) * delta + v.events + r.events;
    double l0 = r.events * delta * (1 - delta);
    double shift = l2 / (3 * l3);
    double q = shift * shift * shift - l1 * l2 / (6 * l3 * l3) + l0 / (2 * l3);
    double s = sqrt(fmax(shift * shift - l1 / (3 * l3), 0));
    if (q < 0)
        s = -s;
    double cube = s * s * s;
    double ratio = cube > 0 || cube < 0 ? fmax(-1, fmin(1, q / cube)) : 0;
    double rate = 2 * s * cos((PI + acos(ratio)) / 3) - shift;
    return fmax(fmax(0, -delta), fmin(rate, fmin(1, 1 - delta)));
}

/* The score z of the difference `delta`; falls as delta grows. */
static double score(struct sg_count v, struct sg_count r, double delta)
{
    double rate_r = restricted_rate(v, r, delta);
    double rate_v = fmax(0, fmin(1, rate_r + delta));
    double total = v.trials + r.trials;
    double variance =
        (rate_v * (1 - rate_v) / v.trials + rate_r * (1 - rate_r) / r.trials) * total / (total - 1);
    double distance = v.events / v.trials - r.events / r.trials - delta;
    if (!(variance > 0))
        return distance > 0 ? INFINITY : (distance < 0 ? -INFINITY : 0);
    return distance / sqrt(variance);
}

/* The delta between low and high where the falling score passes `z`. */
static double bisect_score(struct sg_count v, struct sg_count r, double low, double high, double z)
{
    for (int i = 0; i < 200; i++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        if (score(v, r, middle) > z)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

static bool is_count(struct sg_count count)
{
    return count.trials > 0 && count.events >= 0 && count.events <= count.trials &&
           isfinite(count.trials);
}

struct sg_interval sg_miettinen_nurminen(struct sg_count variant, struct sg_count reference,
                                         double level)
{
    struct sg_interval out = {NAN, NAN};
    if (!is_count(variant) || !is_count(reference) || !(level > 0 && level < 0.5))
        return out;
    double z = -sg_normal_quantile(level);
    double seen = variant.events / variant.trials - reference.events / reference.trials;
    out.low = bisect_score(variant, reference, -1, seen, z);
    out.high = bisect_score(variant, reference, seen, 1, -z);
    return out;
}

/* The rate at which `tail`(rate) reaches `level`; `rises` tells the tail's direction. */
static double bisect_rate(double (*tail)(double, double, double), double x, double n, double level,
                          bool rises)
{
    double low = 0;
    double high = 1;
    while (high - low > 1e-16 * high) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        if ((tail(x, n, middle) < level) == rises)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

struct sg_interval sg_clopper_pearson(struct sg_count count, double level)
{
    struct sg_interval out = {NAN, NAN};
    if (!is_count(count) || !(level > 0 && level < 1))
        return out;
    double x = count.events;
    double n = count.trials;
    out.low = x > 0 ? bisect_rate(sg_binomial_upper, x, n, level, true) : 0;
    out.high = x < n ? bisect_rate(sg_binomial_lower, x, n, level, false) : 1;
    return out;
}
