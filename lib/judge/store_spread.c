/* SPDX-License-Identifier: Apache-2.0 */
/* How much a metric differs between stored sessions, and where a new session's median lies: the
 * prediction by Student's t (docs/method.md 4.5), on values without the host's noise where all
 * sessions have control variates (4.7). */
#include "judge/store.h"

#include "stats/adjust.h"
#include "stats/distributions.h"
#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HALF_PI 1.5707963267948966

struct sg_prediction sg_predict(const double *values, size_t count, double now, double alpha,
                                double beta)
{
    double mean = 0;
    for (size_t j = 0; j < count; j++)
        mean += values[j] / (double)count;
    double squares = 0;
    for (size_t j = 0; j < count; j++)
        squares += (values[j] - mean) * (values[j] - mean);
    double freedom = (double)count - 1;
    struct sg_prediction out = {.estimate = now - mean, .spread = sqrt(squares / freedom)};
    double error = out.spread * sqrt(1 + 1 / (double)count);
    out.reach = sg_t_quantile(1 - beta, freedom) * error;
    out.low = out.estimate - sg_t_quantile(1 - alpha, freedom) * error;
    out.high = out.estimate + out.reach;
    if (error > 0)
        out.p = sg_t_upper(out.estimate / error, freedom);
    else
        out.p = out.estimate > 0 ? 0 : 1; /* all sessions the same: any rise is one */
    return out;
}

/* y and z of all repetitions of one sample, appended to flat arrays. */
struct pool {
    double *y, *z, *x;
    size_t *starts; /* one a stored session, and the end */
    double *now_y, *now_z, *now_x;
    double *gamma, *center;
};

static void pool_init(struct pool *pool, const struct sg_store *store)
{
    size_t rows = 0;
    size_t n = store->covariates_count;
    for (size_t j = 0; j < store->count; j++)
        rows += store->then[j].count;
    *pool = (struct pool){0};
    pool->y = sg_alloc(rows + 1, sizeof(double));
    pool->x = sg_alloc(rows + 1, sizeof(double));
    pool->z = sg_alloc(rows * n + 1, sizeof(double));
    pool->starts = sg_alloc(store->count + 1, sizeof(*pool->starts));
    pool->now_y = sg_alloc(store->now.count + 1, sizeof(double));
    pool->now_x = sg_alloc(store->now.count + 1, sizeof(double));
    pool->now_z = sg_alloc(store->now.count * n + 1, sizeof(double));
    pool->gamma = sg_alloc(n + 1, sizeof(double));
    pool->center = sg_alloc(n + 1, sizeof(double));
}

static void pool_clear(struct pool *pool)
{
    free(pool->y);
    free(pool->x);
    free(pool->z);
    free(pool->starts);
    free(pool->now_y);
    free(pool->now_x);
    free(pool->now_z);
    free(pool->gamma);
    free(pool->center);
}

/* NULL, or why a value cannot be used. */
static char *read_sample(const struct sg_store *store, const struct sg_sample *sample,
                         const struct sg_trial *trial, double *y, double *z)
{
    int metric = sg_sample_metric(sample, trial->metric);
    bool is_log = trial->metric->scale == SG_SCALE_LOG;
    size_t n = store->covariates_count;
    for (size_t i = 0; i < sample->count; i++) {
        double value = sg_sample_value(sample, i, metric);
        if (!isfinite(value) || (is_log && !(value > 0)))
            return sg_format("%s is missing or out of range in a repetition of %s",
                             trial->metric->name,
                             sample == &store->now ? "this session" : "a stored session");
        y[i] = trial->sign * (is_log ? log(value) : value);
        for (size_t k = 0; k < n; k++)
            z[i * n + k] = sg_covariate_z(store->covariates[k],
                                          sg_sample_value(sample, i, sample->covariates[k]));
    }
    return NULL;
}

static char *read_pool(struct pool *pool, const struct sg_store *store,
                       const struct sg_trial *trial)
{
    size_t n = store->covariates_count;
    char *reason = read_sample(store, &store->now, trial, pool->now_y, pool->now_z);
    for (size_t j = 0; !reason && j < store->count; j++) {
        size_t at = pool->starts[j];
        reason = read_sample(store, &store->then[j], trial, pool->y + at, pool->z + at * n);
        pool->starts[j + 1] = at + store->then[j].count;
    }
    return reason;
}

/* γ by the ridge of 4.7 from all stored repetitions, deviations from their pooled mean z0: within
 * and between sessions. */
static bool find_gamma(struct pool *pool, const struct sg_store *store)
{
    size_t n = store->covariates_count;
    size_t rows = pool->starts[store->count];
    double *sums = sg_alloc(2 * n * n + 4 * n + 1, sizeof(double));
    double *zy = sums + n * n;
    double *lambda = zy + n;
    double *prior = lambda + n;
    double *work = prior + n;
    struct sg_adjust_total total = {0};
    bool probe = false;
    for (size_t k = 0; k < n; k++)
        probe = probe || sg_covariate_probed(store->covariates[k]->name);
    sg_adjust_add(n, rows, pool->z, pool->y, sums, zy);
    sg_adjust_add_total(rows, pool->y, &total);
    for (size_t k = 0; k < n; k++) {
        double spread = sums[k * n + k] / (double)rows;
        lambda[k] = SG_COVARIATE_WEIGHT * spread;
        prior[k] =
            sg_covariate_prior(store->covariates[k]->name, store->prior_index[k], probe, spread);
        for (size_t i = 0; i < rows; i++)
            pool->center[k] += pool->z[i * n + k] / (double)rows;
    }
    bool ok = sg_adjust_slopes(n, sums, zy, lambda, prior, work, pool->gamma);
    double trust = ok ? sg_adjust_trust(n, sums, zy, pool->gamma, &total) : 0;
    for (size_t k = 0; k < n; k++)
        pool->gamma[k] *= trust;
    free(sums);
    return ok;
}

static void take_out(const struct pool *pool, size_t n, const double *y, const double *z,
                     size_t rows, double *x)
{
    for (size_t i = 0; i < rows; i++) {
        x[i] = y[i];
        for (size_t k = 0; k < n; k++)
            x[i] -= pool->gamma[k] * (z[i * n + k] - pool->center[k]);
    }
}

/* Session medians of what stands in pool->x and now_x (sorted by this), and their prediction. */
static struct sg_prediction predict(struct pool *pool, const struct sg_store *store,
                                    const struct sg_trial *trial)
{
    double *medians = sg_alloc(store->count + 1, sizeof(double));
    for (size_t j = 0; j < store->count; j++)
        medians[j] = sg_median(pool->x + pool->starts[j], pool->starts[j + 1] - pool->starts[j]);
    double now = sg_median(pool->now_x, store->now.count);
    struct sg_prediction out = sg_predict(medians, store->count, now, trial->alpha, trial->beta);
    free(medians);
    return out;
}

/* Median of the stored sessions' medians of the value itself. */
static double stored_level(const struct pool *pool, const struct sg_store *store,
                           const struct sg_trial *trial)
{
    double *medians = sg_alloc(store->count + 1, sizeof(double));
    bool is_log = trial->metric->scale == SG_SCALE_LOG;
    memcpy(pool->x, pool->y, pool->starts[store->count] * sizeof(double));
    for (size_t j = 0; j < store->count; j++) {
        double y = sg_median(pool->x + pool->starts[j], pool->starts[j + 1] - pool->starts[j]);
        medians[j] = is_log ? exp(trial->sign * y) : trial->sign * y;
    }
    double level = sg_median(medians, store->count);
    free(medians);
    return level;
}

static void set_threshold(struct sg_trial *trial, double reference)
{
    const struct sg_gate *gate = trial->gate;
    bool is_log = trial->metric->scale == SG_SCALE_LOG;
    double floor = isnan(gate->floor) ? 0 : gate->floor;
    double tolerance = isnan(gate->tolerance) ? (is_log ? 0.05 : 0) : gate->tolerance;
    trial->threshold = is_log ? log1p(fmax(tolerance, floor / reference)) : fmax(tolerance, floor);
    trial->warn_threshold = NAN;
    if (!isnan(gate->warn))
        trial->warn_threshold =
            is_log ? log1p(fmax(gate->warn, floor / reference)) : fmax(gate->warn, floor);
}

/* Raw values into x; returns their prediction. */
static struct sg_prediction predict_raw(struct pool *pool, const struct sg_store *store,
                                        const struct sg_trial *trial)
{
    memcpy(pool->x, pool->y, pool->starts[store->count] * sizeof(double));
    memcpy(pool->now_x, pool->now_y, store->now.count * sizeof(double));
    return predict(pool, store, trial);
}

/* Sums of squares of what stands in pool->x about each session's mean: the SD of one repetition
 * inside a session, and the sampling error of session medians, s_w²·π/(2n) on average (the
 * median's large-sample variance under the normal law). */
static void measure_within(const struct pool *pool, const struct sg_store *store, double *out_sd,
                           double *out_sampling)
{
    double all = 0;
    double freedom = 0;
    *out_sampling = 0;
    for (size_t j = 0; j < store->count; j++) {
        const double *x = pool->x + pool->starts[j];
        double n = (double)(pool->starts[j + 1] - pool->starts[j]);
        double mean = 0;
        double squares = 0;
        for (size_t i = 0; i < (size_t)n; i++)
            mean += x[i] / n;
        for (size_t i = 0; i < (size_t)n; i++)
            squares += (x[i] - mean) * (x[i] - mean);
        all += squares;
        freedom += n - 1;
        *out_sampling += squares / (n - 1) * (HALF_PI / n) / (double)store->count;
    }
    *out_sd = sqrt(all / freedom);
}

static void adjust(struct pool *pool, const struct sg_store *store, struct sg_trial *trial,
                   struct sg_spread *out)
{
    size_t n = store->covariates_count;
    bool wanted = trial->metric->adjust && trial->metric->scale == SG_SCALE_LOG;
    if (wanted)
        out->raw_reason = sg_strdup(store->raw_reason);
    if (!wanted || n == 0 || store->raw_reason || !find_gamma(pool, store))
        return;
    take_out(pool, n, pool->y, pool->z, pool->starts[store->count], pool->x);
    take_out(pool, n, pool->now_y, pool->now_z, store->now.count, pool->now_x);
    trial->rank.bias = fmin(
        sg_coupling_share(store->now.session, pool->gamma, store->prior_index, n) * store->busy, 1);
    out->best = predict(pool, store, trial);
    out->raw_reason = sg_store_beyond(store, pool->gamma);
    if (out->raw_reason) {
        out->best = sg_predict_both(&out->raw, &out->best);
        return;
    }
    out->gamma = sg_alloc(n, sizeof(double));
    memcpy(out->gamma, pool->gamma, n * sizeof(double));
    out->gamma_count = n;
    measure_within(pool, store, &out->within, &out->sampling);
}

char *sg_store_measure(const struct sg_store *store, struct sg_trial *trial, struct sg_spread *out)
{
    struct pool pool;
    pool_init(&pool, store);
    *out = (struct sg_spread){0};
    char *reason = read_pool(&pool, store, trial);
    if (!reason) {
        out->level = stored_level(&pool, store, trial);
        if (trial->gate)
            set_threshold(trial, out->level);
        out->raw = out->best = predict_raw(&pool, store, trial);
        measure_within(&pool, store, &out->within_raw, &out->sampling);
        out->within = out->within_raw;
        adjust(&pool, store, trial, out);
    }
    pool_clear(&pool);
    return reason;
}
