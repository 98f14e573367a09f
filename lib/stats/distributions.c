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

/* The x > 0 with tail(x, df) = p, for a falling tail. */
static double invert_tail(double (*tail)(double, double), double p, double df)
{
    double low = 0;
    double high = 1;
    while (tail(high, df) > p && high < 1e300) {
        low = high;
        high *= 2;
    }
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return middle;
        if (tail(middle, df) > p)
            low = middle;
        else
            high = middle;
    }
}

static double quantile(double (*tail)(double, double), double p, double df)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (p == 0 || p == 1) /* the only arguments with infinite answers */
        return p == 0 ? -INFINITY : INFINITY;
    if (p < 0.5)
        return -invert_tail(tail, p, df);
    return p > 0.5 ? invert_tail(tail, 1 - p, df) : 0;
}

static double normal_tail(double z, double df)
{
    (void)df;
    return sg_normal_cdf(-z);
}

double sg_normal_quantile(double p)
{
    return quantile(normal_tail, p, INFINITY);
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

double sg_t_upper(double t, double df)
{
    if (isnan(t) || !(df > 0))
        return NAN;
    if (isinf(df))
        return sg_normal_cdf(-t);
    if (t < 0)
        return 1 - sg_t_upper(-t, df);
    /* P(T > t) = I_x(df/2, 1/2)/2 with x = df/(df + t²) (Abramowitz and Stegun 26.7.1) */
    double a = df / 2;
    double scaled = t / sqrt(df);
    double log_ratio = scaled > 1e100 ? 2 * log(scaled) : log1p(scaled * scaled);
    double x = exp(-log_ratio);
    double other = -expm1(-log_ratio); /* 1 − x */
    double front = exp(-a * log_ratio) * sqrt(other) * gamma_ratio(a) / SQRT_PI;
    if (x < (a + 1) / (a + 2.5))
        return 0.5 * front * beta_fraction(a, 0.5, x) / a;
    return 0.5 * (1 - front * beta_fraction(0.5, a, other) / 0.5);
}

double sg_t_cdf(double t, double df)
{
    return sg_t_upper(-t, df);
}

double sg_t_quantile(double p, double df)
{
    return df > 0 ? quantile(sg_t_upper, p, df) : NAN;
}
