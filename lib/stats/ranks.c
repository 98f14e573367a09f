/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting, medians, quantiles, and counts on sorted values. */
#include "stats/ranks.h"

#include <math.h>

static void sift_down(double *values, size_t root, size_t count)
{
    double moved = values[root];
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && values[child] < values[child + 1])
            child++;
        if (!(moved < values[child]))
            break;
        values[root] = values[child];
        root = child;
    }
    values[root] = moved;
}

static void insertion_sort(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double moved = values[i];
        size_t at = i;
        for (; at > 0 && moved < values[at - 1]; at--)
            values[at] = values[at - 1];
        values[at] = moved;
    }
}

/* Heapsort: no worst case for data from outside to find, no memory. */
void sg_sort(double *values, size_t count)
{
    if (count <= 24) {
        insertion_sort(values, count);
        return;
    }
    for (size_t root = count / 2; root-- > 0;)
        sift_down(values, root, count);
    for (size_t last = count - 1; last > 0; last--) {
        double largest = values[0];
        values[0] = values[last];
        values[last] = largest;
        sift_down(values, 0, last);
    }
}

double sg_median_sorted(const double *sorted, size_t count)
{
    if (count == 0)
        return NAN;
    double upper = sorted[count / 2];
    if (count % 2 == 1)
        return upper;
    double lower = sorted[count / 2 - 1];
    return lower + (upper - lower) / 2;
}

double sg_median(double *values, size_t count)
{
    sg_sort(values, count);
    return sg_median_sorted(values, count);
}

double sg_quantile_sorted(const double *sorted, size_t count, double p)
{
    if (count == 0 || !(p >= 0 && p <= 1))
        return NAN;
    double rank = p * (double)(count - 1);
    size_t below = (size_t)floor(rank);
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (rank - (double)below) * (sorted[below + 1] - sorted[below]);
}

size_t sg_differences(const double *reference, size_t reference_count, const double *variant,
                      size_t variant_count, double *out)
{
    size_t count = 0;
    for (size_t j = 0; j < variant_count; j++)
        for (size_t i = 0; i < reference_count; i++)
            out[count++] = variant[j] - reference[i];
    return count;
}

/* Index of the first value for which `value < bound` (or ≤, with `equal`) no longer holds. */
static size_t partition_point(const double *sorted, size_t count, double bound, bool equal)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < bound || (equal && sorted[middle] <= bound))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t sg_count_above(const double *sorted, size_t count, double bound)
{
    return count - partition_point(sorted, count, bound, true);
}

size_t sg_count_below(const double *sorted, size_t count, double bound)
{
    return partition_point(sorted, count, bound, false);
}
