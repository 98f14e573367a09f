/* SPDX-License-Identifier: Apache-2.0 */
/* A rank test's numbers for people: change and bounds, noise, p-value, what could be detected. */
#include "judge/enough.h"
#include "judge/rank.h"

#include "stats/ranks.h"

#include <math.h>
#include <string.h>

/* SD of differences over √2: the noise of one repetition in blocks of one a side. */
static double paired_noise(const double *differences, size_t count)
{
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++) { /* from the first one on: keeps the digits */
        double off = differences[i] - differences[0];
        sum += off;
        squares += off * off;
    }
    squares = fmax(0, squares - sum * sum / (double)count);
    return count > 1 ? sqrt(squares / (double)(count - 1) / 2) : NAN;
}

/* Sum of squares of one side of one block from their mean. */
static double side_squares(const struct sg_family *f, size_t block, bool variant, bool adjusted)
{
    const size_t *at = variant ? f->variant_at : f->reference_at;
    const size_t *rows = variant ? f->variant_rows : f->reference_rows;
    const double *y = variant ? f->work.variant : f->work.reference;
    double sum = 0;
    double squares = 0;
    double first = 0; /* differences from the first value keep the digits */
    for (size_t i = at[block]; i < at[block + 1]; i++) {
        double x = y[i] - (adjusted ? sg_rank_host(f, block, rows[i]) : 0);
        first = i == at[block] ? x : first;
        sum += x - first;
        squares += (x - first) * (x - first);
    }
    return fmax(0, squares - sum * sum / (double)(at[block + 1] - at[block]));
}

/* SD of one repetition inside a block: s² = Σ over blocks and sides of squares from their mean, by
 * the degrees of freedom. Blocks of one a side have none. */
static double noise(const struct sg_trial *trial, size_t look, bool adjusted)
{
    const struct sg_family *f = trial->family;
    size_t blocks = f->look_blocks[look];
    double squares = 0;
    for (size_t b = 0; b < blocks; b++)
        squares += side_squares(f, b, false, adjusted) + side_squares(f, b, true, adjusted);
    size_t freedom = f->reference_at[blocks] + f->variant_at[blocks] - 2 * blocks;
    if (freedom > 0)
        return sqrt(squares / (double)freedom);
    return paired_noise(adjusted ? f->work.adjusted : f->work.raw, sg_family_pairs(f, look));
}

/* From the worse side to a change of the metric itself. */
static double to_change(const struct sg_trial *trial, double worse)
{
    double theta = trial->sign * worse;
    return trial->metric->scale == SG_SCALE_LOG ? expm1(theta) : theta;
}

void sg_rank_report(struct sg_trial *trial)
{
    struct sg_result *out = trial->out;
    double low = to_change(trial, trial->rank.bounds.low);
    double high = to_change(trial, trial->rank.bounds.high);
    out->relative = trial->metric->scale == SG_SCALE_LOG;
    out->change = to_change(trial, trial->rank.estimate);
    out->low = trial->sign > 0 ? low : high;
    out->high = trial->sign > 0 ? high : low;
}

static void report_p(struct sg_trial *trial, size_t look)
{
    struct sg_sequence *ranks = &trial->family->ranks;
    if (!trial->gate) {
        double worse = sg_sequence_tail(ranks, look, trial->rank.above);
        double better = sg_sequence_tail(ranks, look, trial->rank.below);
        trial->out->p = fmin(1, 2 * fmin(worse, better));
        return;
    }
    double level = sg_sequence_level(ranks, look, trial->rank.above, trial->alpha);
    if (isnan(trial->out->p) || level < trial->out->p)
        trial->out->p = level;
}

/* The repeated p-value is the smallest over all looks so far: each counts its own U. */
static void repeat_p(struct sg_trial *trial, size_t last)
{
    const struct sg_work *work = &trial->family->work;
    for (size_t l = 0; trial->gate && l < last; l++) {
        sg_rank_choose(trial, l);
        const double *d = trial->rank.adjusted ? work->adjusted : work->raw;
        trial->rank.above = 0;
        for (size_t i = 0; i < sg_family_pairs(trial->family, l); i++)
            trial->rank.above += d[i] > 0;
        report_p(trial, l);
    }
}

static void report_adjustment(struct sg_trial *trial, size_t look)
{
    struct sg_family *f = trial->family;
    struct sg_result *out = trial->out;
    out->adjusted = trial->rank.adjusted;
    if (out->adjusted) {
        size_t last = f->block[f->look_blocks[look] - 1];
        out->gamma_count = f->covariates->count;
        out->gamma = sg_alloc(out->gamma_count, sizeof(*out->gamma));
        memcpy(out->gamma, f->work.gamma + last * out->gamma_count,
               out->gamma_count * sizeof(*out->gamma));
    } else if (trial->rank.can_adjust) {
        out->adjust_reason = sg_strdup(sg_rank_raw_reason(f, look));
    }
}

static void report_noise(struct sg_trial *trial, size_t look)
{
    struct sg_result *out = trial->out;
    out->noise_raw = noise(trial, look, false);
    out->noise = out->adjusted ? noise(trial, look, true) : out->noise_raw;
    if (!trial->gate)
        return;
    double shift = sg_sequence_detectable(&trial->family->ranks, look, trial->alpha) * out->noise;
    out->detectable = out->relative ? expm1(shift) : shift;
}

static void report_raw(struct sg_trial *trial, size_t look)
{
    double *sorted = trial->family->work.sorted;
    size_t pairs = sg_family_pairs(trial->family, look);
    trial->out->change_raw = trial->out->change;
    if (!trial->rank.adjusted)
        return;
    memcpy(sorted, trial->family->work.raw, pairs * sizeof(*sorted));
    trial->out->change_raw = to_change(trial, sg_median(sorted, pairs));
}

/* Blocks of several machines: what each of them says by itself. */
static void report_strata(struct sg_trial *trial, size_t look)
{
    const struct sg_family *f = trial->family;
    const double *d = trial->rank.adjusted ? f->work.adjusted : f->work.raw;
    struct sg_result *out = trial->out;
    if (f->data->session->plan.blocks == 0)
        return;
    out->strata_count = f->look_blocks[look];
    out->strata = sg_alloc(out->strata_count, sizeof(*out->strata));
    for (size_t b = 0; b < out->strata_count; b++) {
        size_t pairs = f->pairs_at[b + 1] - f->pairs_at[b];
        memcpy(f->work.sorted, d + f->pairs_at[b], pairs * sizeof(*d));
        out->strata[b] =
            (struct sg_stratum){.block = f->data->blocks[f->block[b]].number,
                                .change = to_change(trial, sg_median(f->work.sorted, pairs))};
    }
}

/* A gate with a limit alone: the change is shown, but nothing was asked about it. */
static void finish_shown(struct sg_trial *trial, size_t look)
{
    sg_rank_choose(trial, look);
    const struct sg_work *work = &trial->family->work;
    sg_rank_evaluate(trial, trial->rank.adjusted ? work->adjusted : work->raw, look);
    trial->rank.bounds = (struct sg_interval){NAN, NAN};
    sg_rank_report(trial);
    report_adjustment(trial, look);
    report_noise(trial, look);
    report_raw(trial, look);
    report_strata(trial, look);
    trial->out->detectable = NAN;
}

void sg_rank_finish(struct sg_trial *trial, size_t look)
{
    struct sg_result *out = trial->out;
    if (trial->gate && trial->tolerance == SG_NOT_ASKED) {
        finish_shown(trial, look);
        return;
    }
    repeat_p(trial, look);
    sg_rank_choose(trial, look);
    const struct sg_work *work = &trial->family->work;
    sg_rank_evaluate(trial, trial->rank.adjusted ? work->adjusted : work->raw, look);
    const struct sg_rank *rank = &trial->rank;
    sg_rank_report(trial);
    report_p(trial, look);
    report_adjustment(trial, look);
    report_noise(trial, look);
    report_raw(trial, look);
    report_strata(trial, look);
    out->improved = rank->critical_fail != SG_NEVER && rank->below >= rank->critical_fail;
    if (!trial->gate)
        return;
    if (rank->critical_fail == SG_NEVER)
        out->enough = sg_enough_ranks(trial->family, trial->alpha);
    out->tolerance = out->relative ? expm1(trial->threshold) : trial->threshold;
    out->beyond =
        trial->tolerance == SG_BAD && rank->bounds.low > trial->threshold * (1 + rank->bias);
    out->warn = trial->tolerance == SG_GOOD && rank->bounds.low > 0 &&
                rank->estimate >= trial->warn_threshold;
    trial->tolerance_reason = sg_reason_compared(trial, trial->tolerance, rank->estimate,
                                                 rank->bounds.low, rank->bounds.high);
}
