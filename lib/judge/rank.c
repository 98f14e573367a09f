/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics on the log and the linear scale: sequential rank test within blocks (docs/method.md 4.3,
 * 4.4), on values from which the host's noise has been taken where that is allowed (4.7). */
#include "judge/rank.h"

#include "stats/intervals.h"
#include "stats/ranks.h"

#include <math.h>
#include <string.h>

static double to_y(const struct sg_trial *trial, double value)
{
    if (trial->metric->scale == SG_SCALE_LOG)
        return value > 0 && isfinite(value) ? trial->sign * log(value) : NAN;
    return trial->sign * value;
}

static void fill_differences(struct sg_trial *trial)
{
    const struct sg_family *f = trial->family;
    for (size_t b = 0; b < f->blocks && !f->alone; b++) {
        size_t m = f->reference_at[b];
        size_t n = f->variant_at[b];
        (void)sg_differences(f->work.reference + m, f->reference_at[b + 1] - m, f->work.variant + n,
                             f->variant_at[b + 1] - n, f->work.raw + f->pairs_at[b]);
    }
}

/* γᵀz of one repetition in one block. */
double sg_rank_host(const struct sg_family *f, size_t block, size_t repetition)
{
    const struct sg_covariates *c = f->covariates;
    const double *gamma = f->work.gamma + f->block[block] * c->count;
    const bool *active = c->active + f->block[block] * c->count;
    double sum = 0;
    for (size_t k = 0; k < c->count; k++)
        if (active[k])
            sum += gamma[k] * c->z[repetition * c->count + k];
    return sum;
}

static void fill_adjusted(struct sg_trial *trial)
{
    const struct sg_family *f = trial->family;
    sg_covariates_slopes(f->covariates, trial->index, trial->sign, f->work.gamma);
    for (size_t b = 0; b < f->blocks; b++) {
        size_t at = f->pairs_at[b];
        for (size_t j = f->variant_at[b]; j < f->variant_at[b + 1]; j++) {
            double x = f->work.variant[j] - sg_rank_host(f, b, f->variant_rows[j]);
            for (size_t i = f->reference_at[b]; i < f->reference_at[b + 1]; i++)
                f->work.adjusted[at++] =
                    x - (f->work.reference[i] - sg_rank_host(f, b, f->reference_rows[i]));
        }
    }
}

static void begin(struct sg_trial *trial)
{
    struct sg_family *f = trial->family;
    sg_family_values(f, trial->index, f->work.reference, f->work.variant);
    for (size_t i = 0; i < f->reference_at[f->blocks]; i++)
        f->work.reference[i] = to_y(trial, f->work.reference[i]);
    for (size_t i = 0; i < f->variant_at[f->blocks]; i++)
        f->work.variant[i] = to_y(trial, f->work.variant[i]);
    fill_differences(trial);
    trial->rank.can_adjust = trial->metric->adjust && trial->metric->scale == SG_SCALE_LOG &&
                             f->covariates->count > 0 && !f->alone;
    if (trial->rank.can_adjust)
        fill_adjusted(trial);
}

static char *unusable(const struct sg_trial *trial, size_t look)
{
    return sg_trial_unusable(trial, trial->index, trial->metric->scale == SG_SCALE_LOG, look);
}

const char *sg_rank_raw_reason(struct sg_family *f, size_t look)
{
    const struct sg_covariates *c = f->covariates;
    const char *broken = sg_family_guard(f, look);
    if (broken)
        return broken;
    const char *reason = "no control variate was measured in all repetitions of a block";
    for (size_t b = 0; b < f->look_blocks[look]; b++)
        for (size_t k = 0; k < c->count; k++) {
            size_t at = f->block[b] * c->count + k;
            if (c->active[at] && c->spread[at] > 0)
                return NULL;
            if (c->active[at])
                reason = "the control variates are the same in every repetition: they tell nothing "
                         "of the host";
        }
    return reason;
}

/* Decides whether this look uses adjusted values, and the bias that coupling may cause:
 * b = Σ |γ|·|h|·u of the effect, γ the mean over the blocks. */
void sg_rank_choose(struct sg_trial *trial, size_t look)
{
    struct sg_family *f = trial->family;
    trial->rank.adjusted = trial->rank.can_adjust && !sg_rank_raw_reason(f, look);
    trial->rank.bias = 0;
    if (!trial->rank.adjusted)
        return;
    size_t count = f->covariates->count;
    for (size_t k = 0; k < count; k++) {
        double gamma = 0;
        for (size_t b = 0; b < f->look_blocks[look]; b++)
            gamma += f->work.gamma[f->block[b] * count + k] / (double)f->look_blocks[look];
        trial->rank.bias += sg_coupling_share(f->data->session, &gamma, &k, 1) * f->busy;
    }
    trial->rank.bias = fmin(trial->rank.bias, 1);
}

static void find_criticals(struct sg_trial *trial, size_t look)
{
    struct sg_sequence *ranks = &trial->family->ranks;
    struct sg_rank *rank = &trial->rank;
    if (trial->gate && trial->metric->scale != SG_SCALE_COUNT) {
        rank->critical_fail = sg_sequence_critical(ranks, look, trial->alpha);
        rank->critical_pass = sg_sequence_critical(ranks, look, trial->beta);
    } else {
        rank->critical_fail = sg_sequence_alone(ranks, look, trial->alpha);
        rank->critical_pass = sg_sequence_alone(ranks, look, trial->beta);
    }
}

void sg_rank_evaluate(struct sg_trial *trial, const double *from, size_t look)
{
    struct sg_rank *rank = &trial->rank;
    size_t pairs = sg_family_pairs(trial->family, look);
    double *sorted = trial->family->work.sorted;
    memcpy(sorted, from, pairs * sizeof(*sorted));
    sg_sort(sorted, pairs);
    find_criticals(trial, look);
    rank->estimate = sg_median_sorted(sorted, pairs);
    rank->above = sg_count_above(sorted, pairs, 0);
    rank->below = sg_count_below(sorted, pairs, 0);
    rank->bounds = sg_order_interval(sorted, pairs, rank->critical_fail, rank->critical_pass);
}

/* θ1 = ln(1 + max(r, floor / median of the reference)), or the absolute tolerance; the reference's
 * median as of the first look, so that the question does not move. */
static double threshold(const struct sg_trial *trial, double tolerance, double reference)
{
    double floor = isnan(trial->gate->floor) ? 0 : trial->gate->floor;
    if (trial->metric->scale == SG_SCALE_LOG)
        return log1p(fmax(tolerance, floor / reference));
    return fmax(tolerance, floor);
}

static void set_threshold(struct sg_trial *trial)
{
    const struct sg_gate *gate = trial->gate;
    double reference = sg_family_median(trial->family, trial->index, false, 0);
    double tolerance = gate->tolerance;
    if (isnan(tolerance)) /* LOG: the default; LINEAR: only a floor is given */
        tolerance = trial->metric->scale == SG_SCALE_LOG ? 0.05 : 0;
    trial->threshold = threshold(trial, tolerance, reference);
    trial->warn_threshold = isnan(gate->warn) ? NAN : threshold(trial, gate->warn, reference);
}

static enum sg_answer look(struct sg_trial *trial, size_t look)
{
    if (trial->gate && look == 0)
        set_threshold(trial);
    sg_rank_choose(trial, look);
    const struct sg_work *work = &trial->family->work;
    sg_rank_evaluate(trial, trial->rank.adjusted ? work->adjusted : work->raw, look);
    const struct sg_rank *rank = &trial->rank;
    enum sg_answer answer = SG_OPEN;
    if (rank->bounds.high < trial->threshold * (1 - rank->bias))
        answer = SG_GOOD;
    else if (rank->bounds.low > 0 && rank->estimate >= trial->threshold * (1 + rank->bias))
        answer = SG_BAD;
    if (trial->steps && trial->gate)
        sg_rank_explain(trial, look, answer);
    return answer;
}

const struct sg_kind sg_kind_rank = {.begin = begin,
                                     .unusable = unusable,
                                     .look = look,
                                     .finish = sg_rank_finish,
                                     .limit_look = sg_signs_look,
                                     .limit_finish = sg_signs_finish};
