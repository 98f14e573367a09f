/* SPDX-License-Identifier: Apache-2.0 */
/* Slopes of a metric on the control variates, block by block, from the blocks before. */
#include "judge/covariates.h"

#include "base/text.h"
#include "stats/adjust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double sg_covariate_z(const struct sg_metric *metric, double value)
{
    if (metric->scale == SG_SCALE_LOG)
        return value > 0 && isfinite(value) ? log(value) : NAN;
    return isfinite(value) ? value : NAN;
}

/* What a control variate is taken to vary by itself (SD), without any noise of the host: a slope on
 * a value that has an error of its own is smaller by its share of the variance (Spearman 1904).
 * This and the slopes were chosen by what they cost and bring (docs/method.md 4.7). */
#define OWN_NOISE 0.04
#define PRIOR 0.9

static const struct sg_probed probed[] = {
    {"core_contention", 3, 0.01, "coupling_core_h", 0.2},
    {"cache_contention", 0.15, 0.1, "coupling_cache_h", 0.8},
};

static double expected(double slope, double own, double spread)
{
    return spread > 0 ? slope * spread / (spread + own * own) : 0;
}

const struct sg_probed *sg_covariate_probed(const char *name)
{
    for (size_t i = 0; i < SG_COUNT(probed); i++)
        if (sg_streq(name, probed[i].name))
            return &probed[i];
    return NULL;
}

double sg_covariate_prior(const char *name, size_t place, bool beside_probe, double spread)
{
    const struct sg_probed *probe = sg_covariate_probed(name);
    if (probe)
        return expected(probe->slope, probe->own, spread);
    return place == 0 ? expected(beside_probe ? PRIOR / 2 : PRIOR, OWN_NOISE, spread) : 0;
}

static void fill_z(struct sg_covariates *c)
{
    const struct sg_session *session = c->data->session;
    for (size_t r = 0; r < session->repetitions_count; r++)
        for (size_t k = 0; k < c->count; k++)
            c->z[r * c->count + k] = sg_covariate_z(&session->metrics[c->metrics[k]],
                                                    sg_data_value(c->data, r, (int)c->metrics[k]));
}

/* Sum of squares of one covariate from its mean over a whole block, all variants; labels are not
 * looked at. NaN when a value is missing. */
static double block_squares(const struct sg_covariates *c, const struct sg_block *block, size_t k,
                            size_t *count)
{
    double first = NAN; /* differences from it: a constant has a square of exactly 0 */
    double sum = 0;
    double squares = 0;
    *count = 0;
    for (size_t v = 0; v < c->data->variants_count; v++) {
        for (size_t i = 0; i < block->cells[v].count; i++) {
            double z = c->z[block->cells[v].repetitions[i] * c->count + k];
            first = *count == 0 ? z : first;
            sum += z - first;
            squares += (z - first) * (z - first);
            *count += 1;
        }
    }
    double rest = *count > 0 ? squares - sum * sum / (double)*count : 0;
    return rest < 0 ? 0 : rest;
}

static void fill_blocks(struct sg_covariates *c, size_t k)
{
    double squares = 0;
    size_t total = 0;
    for (size_t b = 0; b < c->data->blocks_count; b++) {
        const struct sg_block *block = &c->data->blocks[b];
        size_t count;
        double own = block_squares(c, block, k, &count);
        bool active = isfinite(own);
        if (active) {
            squares += own;
            total += count;
        }
        c->active[b * c->count + k] = active;
        c->spread[b * c->count + k] = total > 0 ? squares / (double)total : 0;
    }
}

void sg_covariates_init(struct sg_covariates *covariates, const struct sg_data *data)
{
    *covariates = (struct sg_covariates){.data = data};
    const struct sg_session *session = data->session;
    for (size_t m = 0; m < session->metrics_count; m++) {
        if (session->metrics[m].role != SG_ROLE_COVARIATE)
            continue;
        covariates->metrics =
            sg_grow(covariates->metrics, covariates->count, sizeof(*covariates->metrics));
        covariates->metrics[covariates->count++] = m;
    }
    size_t cells = data->blocks_count * covariates->count + 1;
    covariates->z =
        sg_alloc(session->repetitions_count * covariates->count + 1, sizeof(*covariates->z));
    covariates->active = sg_alloc(cells, sizeof(*covariates->active));
    covariates->spread = sg_alloc(cells, sizeof(*covariates->spread));
    fill_z(covariates);
    for (size_t k = 0; k < covariates->count; k++)
        fill_blocks(covariates, k);
}

void sg_covariates_clear(struct sg_covariates *covariates)
{
    free(covariates->metrics);
    free(covariates->z);
    free(covariates->active);
    free(covariates->spread);
    *covariates = (struct sg_covariates){0};
}

/* The sums S while walking through the blocks, for the covariates in `used`. */
struct sums {
    const struct sg_covariates *covariates;
    int metric;
    double sign;
    size_t *used;
    size_t used_count;
    double *zz, *zy, *lambda, *prior, *gamma;
    double *work; /* of sg_adjust_slopes */
    struct sg_adjust_total total;
    double *rows_z, *rows_y; /* one group */
    size_t rows_room;
};

static void sums_init(struct sums *s, const struct sg_covariates *c, int metric, double sign)
{
    size_t n = c->count;
    *s = (struct sums){.covariates = c, .metric = metric, .sign = sign};
    for (size_t b = 0; b < c->data->blocks_count; b++)
        for (size_t v = 0; v < c->data->variants_count; v++)
            if (c->data->blocks[b].cells[v].count > s->rows_room)
                s->rows_room = c->data->blocks[b].cells[v].count;
    s->used = sg_alloc(n, sizeof(*s->used));
    s->zz = sg_alloc(2 * n * n + 5 * n + s->rows_room * (n + 1), sizeof(*s->zz));
    s->zy = s->zz + n * n;
    s->lambda = s->zy + n;
    s->prior = s->lambda + n;
    s->gamma = s->prior + n;
    s->work = s->gamma + n;
    s->rows_y = s->work + n * (n + 1);
    s->rows_z = s->rows_y + s->rows_room;
}

/* Lists the block's usable covariates; true when they are the same as before. */
static bool same_covariates(struct sums *s, size_t block)
{
    const bool *active = s->covariates->active + block * s->covariates->count;
    size_t count = 0;
    bool same = true;
    for (size_t k = 0; k < s->covariates->count; k++) {
        if (!active[k])
            continue;
        same = same && count < s->used_count && s->used[count] == k;
        s->used[count++] = k;
    }
    same = same && count == s->used_count;
    s->used_count = count;
    return same;
}

static bool covers(const struct sums *s, size_t block)
{
    const bool *active = s->covariates->active + block * s->covariates->count;
    for (size_t i = 0; i < s->used_count; i++)
        if (!active[s->used[i]])
            return false;
    return true;
}

/* One variant in one block; left out when the metric has no logarithm somewhere in it. */
static void add_group(struct sums *s, const struct sg_cell *cell)
{
    const struct sg_covariates *c = s->covariates;
    for (size_t i = 0; i < cell->count; i++) {
        size_t r = cell->repetitions[i];
        double value = sg_data_value(c->data, r, s->metric);
        if (!(value > 0) || !isfinite(value))
            return;
        s->rows_y[i] = s->sign * log(value);
        for (size_t k = 0; k < s->used_count; k++)
            s->rows_z[i * s->used_count + k] = c->z[r * c->count + s->used[k]];
    }
    sg_adjust_add(s->used_count, cell->count, s->rows_z, s->rows_y, s->zz, s->zy);
    sg_adjust_add_total(cell->count, s->rows_y, &s->total);
}

static void add_block(struct sums *s, size_t block)
{
    if (!covers(s, block))
        return;
    for (size_t v = 0; v < s->covariates->data->variants_count; v++)
        add_group(s, &s->covariates->data->blocks[block].cells[v]);
}

static const char *name_of(const struct sg_covariates *c, size_t k)
{
    return c->data->session->metrics[c->metrics[k]].name;
}

static bool knows_probe(const struct sums *s)
{
    for (size_t i = 0; i < s->used_count; i++)
        if (sg_covariate_probed(name_of(s->covariates, s->used[i])))
            return true;
    return false;
}

static void solve_block(struct sums *s, size_t block, double *out)
{
    const struct sg_covariates *c = s->covariates;
    bool probe = knows_probe(s);
    for (size_t i = 0; i < s->used_count; i++) {
        size_t k = s->used[i];
        s->lambda[i] = SG_COVARIATE_WEIGHT * c->spread[block * c->count + k];
        s->prior[i] = sg_covariate_prior(name_of(c, k), k, probe, c->spread[block * c->count + k]);
    }
    if (!sg_adjust_slopes(s->used_count, s->zz, s->zy, s->lambda, s->prior, s->work, s->gamma))
        memcpy(s->gamma, s->prior, s->used_count * sizeof(*s->gamma));
    double trust = sg_adjust_trust(s->used_count, s->zz, s->zy, s->gamma, &s->total);
    for (size_t i = 0; i < s->used_count; i++)
        out[s->used[i]] = trust * s->gamma[i];
}

void sg_covariates_slopes(const struct sg_covariates *covariates, int metric, double sign,
                          double *out)
{
    struct sums s;
    sums_init(&s, covariates, metric, sign);
    size_t n = covariates->count;
    memset(out, 0, covariates->data->blocks_count * n * sizeof(*out));
    for (size_t b = 0; b < covariates->data->blocks_count; b++) {
        size_t from = b > 0 ? b - 1 : 0;
        if (!same_covariates(&s, b)) { /* other sums are needed: from the start */
            memset(s.zz, 0, n * n * sizeof(*s.zz));
            memset(s.zy, 0, n * sizeof(*s.zy));
            s.total = (struct sg_adjust_total){0};
            from = 0;
        }
        for (size_t earlier = from; earlier < b; earlier++)
            add_block(&s, earlier);
        if (s.used_count > 0)
            solve_block(&s, b, out + b * n);
    }
    free(s.used);
    free(s.zz);
}
