/* SPDX-License-Identifier: Apache-2.0 */
/* Normal and t distributions. Quantiles by bisection down to neighbouring doubles. */
#include "stats/distributions.h"

#include <math.h>

#define SQRT_HALF 0.70710678118654752440
#define SQRT_PI 1.77245385090551602730

double sg_normal_cdf(double z)
{
    return 0.5 * erfc(-z * SQRT_HALF);
}

/* A symmetric distribution: `tail` is P(X > x), `centre` P(0 < X < x), for x ≥ 0. Each keeps its
 * digits where the other loses them. */
struct halves {
    double (*tail)(double x, double df);
    double (*centre)(double x, double df);
};

/* The x > 0 up to which less than p lies in the centre, or more than p in the tail. */
static double invert(const struct halves *halves, bool by_tail, double p, double df)
{
    double low = 0;
    double high = 1;
    for (;;) {
        bool open =
            high < 1e300 && (by_tail ? halves->tail(high, df) > p : halves->centre(high, df) < p);
        if (!open)
            break;
        low = high;
        high *= 2;
    }
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return middle;
        if (by_tail ? halves->tail(middle, df) > p : halves->centre(middle, df) < p)
            low = middle;
        else
            high = middle;
    }
}

static double quantile(const struct halves *halves, double p, double df)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (p == 0 || p == 1) /* the only arguments with infinite answers */
        return p == 0 ? -INFINITY : INFINITY;
    double off = p - 0.5;
    bool by_tail = fabs(off) > 0.25;
    double inside = by_tail ? fmin(p, 1 - p) : fabs(off);
    return inside > 0 ? copysign(invert(halves, by_tail, inside, df), off) : 0;
}

static double normal_tail(double z, double df)
{
    (void)df;
    return sg_normal_cdf(-z);
}

static double normal_centre(double z, double df)
{
    (void)df;
    return 0.5 * erf(z * SQRT_HALF);
}

double sg_normal_quantile(double p)
{
    static const struct halves normal = {normal_tail, normal_centre};
    return quantile(&normal, p, INFINITY);
}

/* Γ(a + ½)/Γ(a). From 20 on by its asymptotic series (Tricomi and Erdélyi 1951), because the
 * difference of two large lgamma would lose digits. */
static double gamma_ratio(double a)
{
    if (a < 20)
        return exp(lgamma(a + 0.5) - lgamma(a));
    static const double term[] = {
        1.0,           -1.0 / 8,        1.0 / 128,       5.0 / 1024,
        -21.0 / 32768, -399.0 / 262144, 869.0 / 4194304, 39325.0 / 33554432};
    double sum = 0;
    for (size_t k = sizeof(term) / sizeof(*term); k-- > 0;)
        sum = sum / a + term[k];
    return sqrt(a) * sum;
}

/* Continued fraction of the incomplete beta integral (DLMF 8.17.22) by Lentz's method; converges
 * fast for x < (a + 1)/(a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double result = d;
    for (int m = 1; m <= 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step = 1;
        for (int half = 0; half < 2; half++) {
            double part = half == 0 ? even : odd;
            d = 1 + part * d;
            c = 1 + part / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            step = c * d;
            result *= step;
        }
        if (fabs(step - 1) < 1e-16)
            break;
    }
    return result;
}

/* P(T > t) = I_x(df/2, 1/2)/2 with x = df/(df + t²), t ≥ 0 (Abramowitz and Stegun 26.7.1). Where
 * its fraction converges slowly, P(0 < T < t) is computed instead; *tail tells which. */
static double t_half(double t, double df, bool *tail)
{
    double a = df / 2;
    double scaled = t / sqrt(df);
    double log_ratio = scaled > 1e100 ? 2 * log(scaled) : log1p(scaled * scaled);
    double x = exp(-log_ratio);
    double other = -expm1(-log_ratio); /* 1 − x */
    double front = exp(-a * log_ratio) * sqrt(other) * gamma_ratio(a) / SQRT_PI;
    *tail = x < (a + 1) / (a + 2.5);
    return *tail ? 0.5 * front * beta_fraction(a, 0.5, x) / a
                 : front * beta_fraction(0.5, a, other);
}

double sg_t_upper(double t, double df)
{
    if (isnan(t) || !(df > 0))
        return NAN;
    if (isinf(df))
        return sg_normal_cdf(-t);
    if (t < 0)
        return 1 - sg_t_upper(-t, df);
    bool tail;
    double half = t_half(t, df, &tail);
    return tail ? half : 0.5 - half;
}

static double t_centre(double t, double df)
{
    if (isinf(df))
        return normal_centre(t, df);
    bool tail;
    double half = t_half(t, df, &tail);
    return tail ? 0.5 - half : half;
}

double sg_t_cdf(double t, double df)
{
    return sg_t_upper(-t, df);
}

double sg_t_quantile(double p, double df)
{
    static const struct halves t = {sg_t_upper, t_centre};
    return df > 0 ? quantile(&t, p, df) : NAN;
}
