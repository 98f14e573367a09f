/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of rates and of differences of rates, by bisection. */
#include "stats/distributions.h"
#include "stats/exact.h"

#include <math.h>

/* Rates of both sides. */
struct pair {
    double variant, reference;
};

/* Slope of the likelihood of these rates as both move alike, and how it falls there. */
static double likelihood_slope(struct sg_count v, struct sg_count r, struct pair rate, double *fall)
{
    const double with[] = {r.events, v.events};
    const double without[] = {r.trials - r.events, v.trials - v.events};
    const double rates[] = {rate.reference, rate.variant};
    double slope = 0;
    *fall = 0;
    for (int i = 0; i < 2; i++) {
        double up = with[i] > 0 ? with[i] / rates[i] : 0;
        double down = without[i] > 0 ? without[i] / (1 - rates[i]) : 0;
        slope += up - down;
        *fall += (with[i] > 0 ? up / rates[i] : 0) + (without[i] > 0 ? down / (1 - rates[i]) : 0);
    }
    return slope;
}

static struct pair pair_at(double smaller, double delta)
{
    return (struct pair){smaller + fmax(delta, 0), smaller + fmax(-delta, 0)};
}

/* The likeliest rates whose difference is delta. The smaller one is searched, by Newton's steps
 * that a bracket keeps in: Miettinen and Nurminen's closed form (1985, appendix I) loses half of
 * the digits where its cubic has two roots close together. */
static struct pair restricted_rates(struct sg_count v, struct sg_count r, double delta)
{
    double low = 0;
    double high = 1 - fabs(delta);
    double fall;
    if (likelihood_slope(v, r, pair_at(low, delta), &fall) <= 0)
        return pair_at(low, delta);
    if (likelihood_slope(v, r, pair_at(high, delta), &fall) >= 0)
        return pair_at(high, delta);
    double rate = high * (v.events + r.events) / (v.trials + r.trials);
    for (int i = 0; i < 200; i++) {
        double slope = likelihood_slope(v, r, pair_at(rate, delta), &fall);
        if (slope > 0)
            low = rate;
        else
            high = rate;
        double next = rate + slope / fall;
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        if (fabs(next - rate) <= 1e-15 * rate)
            break;
        rate = next;
    }
    return pair_at(rate, delta);
}

/* The score z of the difference `delta`; falls as delta grows. */
static double score(struct sg_count v, struct sg_count r, double delta)
{
    struct pair rate = restricted_rates(v, r, delta);
    double total = v.trials + r.trials;
    double variance = (rate.variant * (1 - rate.variant) / v.trials +
                       rate.reference * (1 - rate.reference) / r.trials) *
                      total / (total - 1);
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
