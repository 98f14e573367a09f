/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks and looks of one variant beside the reference. */
#include "judge/family.h"

#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct sg_cell *reference_cell(const struct sg_family *family, size_t block)
{
    static const struct sg_cell none = {0};
    if (family->alone)
        return &none;
    return &family->data->blocks[family->block[block]].cells[family->data->reference];
}

static const struct sg_cell *variant_cell(const struct sg_family *family, size_t block)
{
    return &family->data->blocks[family->block[block]].cells[family->variant];
}

/* Blocks in which both sides have repetitions; of planned ones not more than planned. */
static void pick_blocks(struct sg_family *family, size_t most)
{
    const struct sg_data *data = family->data;
    family->block = sg_alloc(data->blocks_count + 1, sizeof(*family->block));
    for (size_t b = 0; b < data->blocks_count && family->blocks < most; b++) {
        const struct sg_cell *cells = data->blocks[b].cells;
        if (cells[family->variant].count > 0 && (family->alone || cells[data->reference].count > 0))
            family->block[family->blocks++] = b;
    }
}

static void flatten(struct sg_family *family)
{
    size_t room = family->blocks + 1;
    family->reference_at = sg_alloc(room, sizeof(size_t));
    family->variant_at = sg_alloc(room, sizeof(size_t));
    family->pairs_at = sg_alloc(room, sizeof(size_t));
    for (size_t b = 0; b < family->blocks; b++) {
        size_t m = reference_cell(family, b)->count;
        size_t n = variant_cell(family, b)->count;
        family->reference_at[b + 1] = family->reference_at[b] + m;
        family->variant_at[b + 1] = family->variant_at[b] + n;
        family->pairs_at[b + 1] = family->pairs_at[b] + m * n;
    }
    family->reference_rows = sg_alloc(family->reference_at[family->blocks] + 1, sizeof(size_t));
    family->variant_rows = sg_alloc(family->variant_at[family->blocks] + 1, sizeof(size_t));
    for (size_t b = 0; b < family->blocks; b++) {
        const struct sg_cell *m = reference_cell(family, b);
        const struct sg_cell *n = variant_cell(family, b);
        if (m->count > 0)
            memcpy(family->reference_rows + family->reference_at[b], m->repetitions,
                   m->count * sizeof(size_t));
        memcpy(family->variant_rows + family->variant_at[b], n->repetitions,
               n->count * sizeof(size_t));
    }
}

/* A wide first block may fail what is entirely apart, one order of 924, at the first look: for that
 * more of the error is spent early (docs/method.md 4.3). */
#define EARLY (2.0 / 3)

/* Looks after whole blocks only; the error grows with the repetitions. A plan may ask for more
 * looks than any data reach: memory goes by what was reached. */
static void plan_looks(struct sg_family *family, size_t first, size_t last)
{
    const struct sg_plan *plan = &family->data->session->plan;
    double most = (double)sg_plan_in_blocks(plan, last);
    double power = plan->first_block > plan->block_size ? EARLY : 1;
    family->looks_max = last - first + 1;
    family->looks = family->blocks >= first ? family->blocks - first + 1 : 0;
    family->look_blocks = sg_alloc(family->looks + 1, sizeof(size_t));
    family->share = sg_alloc(family->looks + 1, sizeof(double));
    for (size_t look = 0; look < family->looks; look++) {
        family->look_blocks[look] = first + look;
        family->share[look] = pow((double)sg_plan_in_blocks(plan, first + look) / most, power);
    }
}

/* At all data, when `fewest` blocks are there: nobody looked before, so the whole error is spent.
 */
static void plan_single_look(struct sg_family *family, size_t fewest)
{
    family->looks_max = 1;
    family->looks = family->blocks >= fewest ? 1 : 0;
    family->look_blocks = sg_alloc(1, sizeof(size_t));
    family->share = sg_alloc(1, sizeof(double));
    family->look_blocks[0] = family->blocks;
    family->share[0] = 1;
}

static void plan_blocks(const struct sg_plan *plan, size_t *first, size_t *last)
{
    size_t wide = sg_plan_in_block(plan, 1), size = sg_plan_in_block(plan, 2);
    size_t fewest = plan->min_repetitions > 0 ? (size_t)plan->min_repetitions : 0;
    size_t most = plan->max_repetitions > 0 ? (size_t)plan->max_repetitions : 0;
    *first = 1 + (fewest > wide ? (fewest - wide + size - 1) / size : 0);
    *last = 1 + (most > wide ? (most - wide) / size : 0);
    if (*last < *first)
        *last = *first;
}

static bool init_tests(struct sg_family *family, struct sg_error *err)
{
    struct sg_shape *shapes = sg_alloc(family->blocks + 1, sizeof(*shapes));
    for (size_t b = 0; b < family->blocks; b++)
        shapes[b] = (struct sg_shape){(int)reference_cell(family, b)->count,
                                      (int)variant_cell(family, b)->count};
    struct sg_schedule schedule = {.blocks = family->blocks,
                                   .look_blocks = family->look_blocks,
                                   .share = family->share,
                                   .looks = family->looks};
    bool ok = sg_sequence_init(&family->ranks, shapes, false, &schedule, err) &&
              sg_sequence_init(&family->signs, shapes, true, &schedule, err);
    free(shapes);
    return ok;
}

static void init_work(struct sg_family *family)
{
    size_t pairs = family->pairs_at[family->blocks];
    size_t m = family->reference_at[family->blocks];
    size_t n = family->variant_at[family->blocks];
    size_t sorted = pairs > m + n ? pairs : m + n;
    struct sg_work *work = &family->work;
    work->reference = sg_alloc(m + 1, sizeof(double));
    work->variant = sg_alloc(n + 1, sizeof(double));
    work->raw = sg_alloc(pairs + 1, sizeof(double));
    work->adjusted = sg_alloc(pairs + 1, sizeof(double));
    work->sorted = sg_alloc(sorted + 1, sizeof(double));
    work->gamma =
        sg_alloc(family->data->blocks_count * family->covariates->count + 1, sizeof(double));
}

bool sg_family_init(struct sg_family *family, const struct sg_covariates *covariates,
                    size_t variant, struct sg_error *err)
{
    const struct sg_data *data = covariates->data;
    *family = (struct sg_family){.data = data, .covariates = covariates, .variant = variant};
    family->alone = data->reference < 0;
    if (data->session->plan.planned) {
        size_t first;
        size_t last;
        plan_blocks(&data->session->plan, &first, &last);
        pick_blocks(family, last);
        flatten(family);
        if (data->session->plan.blocks > 0)
            plan_single_look(family, first);
        else
            plan_looks(family, first, last);
        family->planned_blocks = last;
    } else {
        pick_blocks(family, data->blocks_count);
        flatten(family);
        plan_single_look(family, 1);
    }
    family->guards = sg_alloc(family->looks + 1, sizeof(*family->guards));
    if (!init_tests(family, err)) {
        sg_family_clear(family);
        return false;
    }
    init_work(family);
    return true;
}

void sg_family_clear(struct sg_family *family)
{
    for (size_t look = 0; family->guards && look < family->looks; look++)
        free(family->guards[look].reason);
    free(family->guards);
    sg_sequence_clear(&family->ranks);
    sg_sequence_clear(&family->signs);
    free(family->block);
    free(family->reference_at);
    free(family->variant_at);
    free(family->pairs_at);
    free(family->reference_rows);
    free(family->variant_rows);
    free(family->look_blocks);
    free(family->share);
    free(family->work.reference);
    free(family->work.variant);
    free(family->work.raw);
    free(family->work.adjusted);
    free(family->work.sorted);
    free(family->work.gamma);
    *family = (struct sg_family){0};
}

size_t sg_family_references(const struct sg_family *family, size_t look)
{
    return family->reference_at[family->look_blocks[look]];
}

size_t sg_family_variants(const struct sg_family *family, size_t look)
{
    return family->variant_at[family->look_blocks[look]];
}

size_t sg_family_pairs(const struct sg_family *family, size_t look)
{
    return family->pairs_at[family->look_blocks[look]];
}

size_t sg_family_planned(const struct sg_family *family)
{
    return sg_plan_in_blocks(&family->data->session->plan, family->planned_blocks);
}

void sg_family_values(const struct sg_family *family, int metric, double *reference,
                      double *variant)
{
    for (size_t i = 0; i < family->reference_at[family->blocks]; i++)
        reference[i] = sg_data_value(family->data, family->reference_rows[i], metric);
    for (size_t i = 0; i < family->variant_at[family->blocks]; i++)
        variant[i] = sg_data_value(family->data, family->variant_rows[i], metric);
}

double sg_family_median(const struct sg_family *family, int metric, bool variant, size_t look)
{
    size_t count = variant ? sg_family_variants(family, look) : sg_family_references(family, look);
    const size_t *rows = variant ? family->variant_rows : family->reference_rows;
    for (size_t i = 0; i < count; i++) {
        double value = sg_data_value(family->data, rows[i], metric);
        if (!isfinite(value))
            return NAN;
        family->work.sorted[i] = value;
    }
    return sg_median(family->work.sorted, count);
}
