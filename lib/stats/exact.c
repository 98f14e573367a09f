/* SPDX-License-Identifier: Apache-2.0 */
/* Binomial and hypergeometric tails. The mass functions follow Loader (2000), "Fast and accurate
 * computation of binomial probabilities": deviances instead of differences of large lgamma. */
#include "stats/exact.h"

#include <math.h>

#define LOG_2PI 1.83787706640934548356
#define LOG_SQRT_2PI 0.91893853320467274178

/* ln n! minus Stirling's approximation, n ≥ 1. */
static double stirling_error(double n)
{
    if (n < 16)
        return lgamma(n + 1) - (n + 0.5) * log(n) + n - LOG_SQRT_2PI;
    double square = n * n;
    return (1.0 / 12 -
            (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) /
                square) /
           n;
}

/* x·ln(x/mean) + mean − x, without cancellation when x is near the mean. `rest`: by how much the
 * mean is larger than the double that stands for it, which n·p in a far tail would show. */
static double deviance(double x, double mean, double rest)
{
    double change = rest * (1 - x / mean);
    if (fabs(x - mean) >= 0.5 * (x + mean))
        return x * log(x / mean) + mean - x + change;
    double v = (x - mean) / (x + mean);
    double sum = (x - mean) * v;
    double term = 2 * x * v;
    for (int j = 1; j < 1000; j++) {
        term *= v * v;
        double next = sum + term / (2 * j + 1);
        if (next == sum) /* the series has converged to the last bit */
            break;
        sum = next;
    }
    return sum + change;
}

double sg_binomial_pmf(double x, double n, double p)
{
    if (isnan(x) || isnan(n) || !(p >= 0 && p <= 1))
        return NAN;
    if (x < 0 || x > n)
        return 0;
    if (x == 0)
        return n == 0 ? 1 : exp(n * log1p(-p));
    if (x == n)
        return exp(n * log(p));
    if (p == 0 || p == 1)
        return 0;
    double q = 1 - p;
    double q_rest = (1 - q) - p; /* exact: what 1 − p was rounded by */
    double log_core = stirling_error(n) - stirling_error(x) - stirling_error(n - x) -
                      deviance(x, n * p, fma(n, p, -(n * p))) -
                      deviance(n - x, n * q, fma(n, q, -(n * q)) + n * q_rest);
    return exp(log_core - 0.5 * (LOG_2PI + log(x) + log((n - x) / n)));
}

/* Sum of the mass from x on, away from the mean: the terms only fall. */
static double binomial_sum(double x, double n, double p, int direction)
{
    double term = sg_binomial_pmf(x, n, p);
    double sum = 0;
    double odds = p / (1 - p);
    while (x >= 0 && x <= n && term > sum * 1e-18) {
        sum += term;
        term *= direction > 0 ? (n - x) / (x + 1) * odds : x / (n - x + 1) / odds;
        x += direction;
    }
    return fmin(sum, 1);
}

double sg_binomial_upper(double x, double n, double p)
{
    if (isnan(x) || isnan(n) || !(p >= 0 && p <= 1))
        return NAN;
    if (x <= 0 || x > n)
        return x <= 0 ? 1 : 0;
    if (p == 0 || p == 1)
        return p;
    return x > n * p ? binomial_sum(x, n, p, 1) : 1 - binomial_sum(x - 1, n, p, -1);
}

double sg_binomial_lower(double x, double n, double p)
{
    if (isnan(x) || isnan(n) || !(p >= 0 && p <= 1))
        return NAN;
    if (x < 0 || x >= n)
        return x < 0 ? 0 : 1;
    if (p == 0 || p == 1)
        return 1 - p;
    return x < n * p ? binomial_sum(x, n, p, -1) : 1 - binomial_sum(x + 1, n, p, 1);
}

/* P(X = x): x of the variant's n trials are among all `events`, of n + m trials. */
static double hypergeometric_pmf(double x, double n, double m, double events)
{
    double p = events / (n + m);
    return sg_binomial_pmf(x, n, p) * sg_binomial_pmf(events - x, m, p) /
           sg_binomial_pmf(events, n + m, p);
}

static double hypergeometric_sum(double x, double n, double m, double events, int direction)
{
    double low = fmax(0, events - m);
    double high = fmin(n, events);
    double term = hypergeometric_pmf(x, n, m, events);
    double sum = 0;
    while (x >= low && x <= high && term > sum * 1e-18) {
        sum += term;
        double up = (n - x) * (events - x) / ((x + 1) * (m - events + x + 1));
        double down = x * (m - events + x) / ((n - x + 1) * (events - x + 1));
        term *= direction > 0 ? up : down;
        x += direction;
    }
    return fmin(sum, 1);
}

double sg_fisher_greater(struct sg_count variant, struct sg_count reference)
{
    double n = variant.trials;
    double m = reference.trials;
    double events = variant.events + reference.events;
    double x = variant.events;
    if (!(x >= 0 && reference.events >= 0 && x <= n && reference.events <= m && n + m > 0))
        return NAN;
    if (x <= fmax(0, events - m))
        return 1;
    if (x > events * n / (n + m))
        return hypergeometric_sum(x, n, m, events, 1);
    return 1 - hypergeometric_sum(x - 1, n, m, events, -1);
}

/* Adds one side's squares and degrees of freedom. */
static void add_dispersion(const struct sg_count *counts, size_t count, double *squares,
                           double *freedom)
{
    double events = 0;
    double trials = 0;
    for (size_t i = 0; i < count; i++) {
        events += counts[i].events;
        trials += counts[i].trials;
    }
    if (count < 2 || !(events > 0))
        return;
    for (size_t i = 0; i < count; i++) {
        double mean = counts[i].trials * events / trials;
        if (mean > 0)
            *squares += (counts[i].events - mean) * (counts[i].events - mean) / mean;
    }
    *freedom += (double)(count - 1);
}

double sg_dispersion(const struct sg_count *reference, size_t reference_count,
                     const struct sg_count *variant, size_t variant_count)
{
    double squares = 0;
    double freedom = 0;
    add_dispersion(reference, reference_count, &squares, &freedom);
    add_dispersion(variant, variant_count, &squares, &freedom);
    return freedom > 0 ? squares / freedom : NAN;
}
