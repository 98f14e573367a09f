/* SPDX-License-Identifier: Apache-2.0 */
/* Theil-Sen slope with Kendall's exact null distribution (Theil 1950, Sen 1968, Kendall 1938). */
#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MAX 1000

/* P(C = c) for the number c of concordant pairs among `points` in random order: the sum of
 * independent uniform numbers on 0 … k−1, k = 2 … points. The law is symmetric: only its rising
 * half is summed up, where subtracting loses no digits. `law` has room for all pairs + 1. */
static void kendall_law(size_t points, double *law, double *work)
{
    size_t top = 0;
    law[0] = 1;
    for (size_t k = 2; k <= points; k++) {
        double window = 0;
        size_t last = top + k - 1;
        for (size_t c = 0; c <= last / 2; c++) {
            window += c <= top ? law[c] : 0;
            if (c >= k)
                window -= law[c - k];
            work[c] = work[last - c] = window / (double)k;
        }
        top = last;
        memcpy(law, work, (top + 1) * sizeof(*law));
    }
}

/* All slopes of pairs with different times; *above counts those greater than zero. */
static size_t pair_slopes(const double *times, const double *values, size_t count, double *slopes,
                          size_t *above)
{
    size_t pairs = 0;
    *above = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            double step = times[j] - times[i];
            if (!(step > 0 || step < 0))
                continue;
            slopes[pairs] = (values[j] - values[i]) / step;
            *above += slopes[pairs] > 0;
            pairs++;
        }
    }
    return pairs;
}

/* Pairs of equal times leave `pairs` short of all; they count for neither side, which can only
 * widen the interval. */
static void slope_interval(const double *slopes, size_t pairs, const double *law, size_t top,
                           double level, struct sg_interval *out)
{
    double tail = 0;
    size_t critical = top + 1;
    while (critical > 0 && tail + law[critical - 1] <= level * (1 + 1e-12))
        tail += law[--critical];
    out->low = NAN;
    out->high = NAN;
    if (critical >= 1 && critical <= pairs) {
        out->low = slopes[pairs - critical];
        out->high = slopes[critical - 1];
    }
}

bool sg_theil_sen(const double *times, const double *values, size_t count, double level,
                  struct sg_slope *out)
{
    if (count > POINTS_MAX)
        return false;
    size_t top = count < 2 ? 0 : count * (count - 1) / 2;
    double *slopes = calloc(3 * (top + 1), sizeof(*slopes));
    if (!slopes)
        return false;
    double *law = slopes + top + 1;
    double *work = law + top + 1;
    size_t above;
    size_t pairs = pair_slopes(times, values, count, slopes, &above);
    sg_sort(slopes, pairs);
    kendall_law(count, law, work);
    out->slope = sg_median_sorted(slopes, pairs);
    slope_interval(slopes, pairs, law, top, level, &out->interval);
    out->p = above == 0 ? 1 : 0;
    for (size_t c = top + 1; above > 0 && c-- > above;)
        out->p += law[c];
    free(slopes);
    return true;
}
