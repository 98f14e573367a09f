/* SPDX-License-Identifier: Apache-2.0 */
/* How far the stored sessions' slopes reach: not beyond what the control variates were in them
 * (docs/method.md 4.7). */
#include "judge/store.h"

#include "base/text.h"
#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>

/* What the session medians of one control variate were. */
struct range {
    double low, high, spread; /* SD */
};

static double median_z(const struct sg_store *store, const struct sg_sample *sample, size_t k)
{
    double *z = sg_alloc(sample->count + 1, sizeof(*z));
    for (size_t i = 0; i < sample->count; i++)
        z[i] =
            sg_covariate_z(store->covariates[k], sg_sample_value(sample, i, sample->covariates[k]));
    double median = sg_median(z, sample->count);
    free(z);
    return median;
}

static struct range find_range(const struct sg_store *store, size_t k)
{
    struct range range = {INFINITY, -INFINITY, 0};
    double first = median_z(store, &store->then[0], k);
    double sum = 0;
    double squares = 0;
    for (size_t j = 0; j < store->count; j++) {
        double z = median_z(store, &store->then[j], k);
        range.low = fmin(range.low, z);
        range.high = fmax(range.high, z);
        sum += z - first;
        squares += (z - first) * (z - first);
    }
    double count = (double)store->count;
    range.spread = sqrt(fmax(squares - sum * sum / count, 0) / (count - 1));
    return range;
}

static double to_value(const struct sg_metric *covariate, double z)
{
    return covariate->scale == SG_SCALE_LOG ? exp(z) : z;
}

char *sg_store_beyond(const struct sg_store *store, const double *gamma)
{
    for (size_t k = 0; store->now.count > 0 && k < store->covariates_count; k++) {
        const struct sg_metric *covariate = store->covariates[k];
        if (!(fabs(gamma[k]) > 0))
            continue;
        struct range range = find_range(store, k);
        double now = median_z(store, &store->now, k);
        if (now >= range.low - range.spread && now <= range.high + range.spread)
            continue;
        return sg_format("%s is %.4g in this session and was %.4g to %.4g in the stored ones: what "
                         "such a host does to this metric is not known from them",
                         covariate->name, to_value(covariate, now), to_value(covariate, range.low),
                         to_value(covariate, range.high));
    }
    return NULL;
}

struct sg_prediction sg_predict_both(const struct sg_prediction *raw,
                                     const struct sg_prediction *adjusted)
{
    struct sg_prediction both = *raw;
    both.low = fmin(raw->low, adjusted->low);
    both.high = fmax(raw->high, adjusted->high);
    both.p = fmax(raw->p, adjusted->p);
    both.reach = fmax(raw->reach, adjusted->reach);
    return both;
}
