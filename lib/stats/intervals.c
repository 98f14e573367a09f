/* SPDX-License-Identifier: Apache-2.0 */
/* Order-statistic intervals. */
#include "stats/intervals.h"

#include "stats/exact.h"

#include <math.h>

size_t sg_sign_critical(size_t count, double level)
{
    size_t critical = count + 1;
    double tail = 0;
    while (critical > 0) {
        tail += sg_binomial_pmf((double)(critical - 1), (double)count, 0.5);
        if (tail > level * (1 + 1e-12))
            break;
        critical--;
    }
    return critical;
}

struct sg_interval sg_order_interval(const double *sorted, size_t count, size_t critical_low,
                                     size_t critical_high)
{
    struct sg_interval out = {NAN, NAN};
    if (critical_low >= 1 && critical_low <= count)
        out.low = sorted[count - critical_low];
    if (critical_high >= 1 && critical_high <= count)
        out.high = sorted[critical_high - 1];
    return out;
}

struct sg_interval sg_median_interval(const double *sorted, size_t count, double level)
{
    size_t critical = sg_sign_critical(count, level);
    return sg_order_interval(sorted, count, critical, critical);
}

double sg_beyond_bound(const double *sorted, size_t count, double level)
{
    if (count < SG_BEYOND_FEWEST || !(level > 0))
        return NAN;
    double spread = sorted[count - 1] - sorted[0];
    /* (largest − m) / spread, from 2^-n · (spread / (largest − m))^(n − 1) = level */
    double reach = pow(ldexp(level, (int)count), -1 / ((double)count - 1));
    return sorted[count - 1] - spread * fmax(reach, 1);
}
