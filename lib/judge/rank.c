/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics on the log and the linear scale: sequential rank test within blocks (docs/method.md 4.3,
 * 4.4), on values from which the host's noise has been taken where that is allowed (4.7). */
#include "judge/trial.h"

#include "stats/intervals.h"
#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>
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
static double host_part(const struct sg_family *f, size_t block, size_t repetition)
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
            double x = f->work.variant[j] - host_part(f, b, f->variant_rows[j]);
            for (size_t i = f->reference_at[b]; i < f->reference_at[b + 1]; i++)
                f->work.adjusted[at++] =
                    x - (f->work.reference[i] - host_part(f, b, f->reference_rows[i]));
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

/* Is there a block up to this look in which a control variate could be used? */
static bool any_covariate(const struct sg_family *f, size_t look)
{
    for (size_t b = 0; b < f->look_blocks[look]; b++)
        for (size_t k = 0; k < f->covariates->count; k++)
            if (f->covariates->active[f->block[b] * f->covariates->count + k])
                return true;
    return false;
}

/* Decides whether this look uses adjusted values, and the bias that coupling may cause:
 * b = γ·|h|·u of the effect, γ of the first control variate, mean over the blocks. */
static void choose_values(struct sg_trial *trial, size_t look)
{
    struct sg_family *f = trial->family;
    trial->rank.adjusted =
        trial->rank.can_adjust && !sg_family_guard(f, look) && any_covariate(f, look);
    trial->rank.bias = 0;
    if (!trial->rank.adjusted)
        return;
    double gamma = 0;
    for (size_t b = 0; b < f->look_blocks[look]; b++)
        gamma += f->work.gamma[f->block[b] * f->covariates->count];
    gamma /= (double)f->look_blocks[look];
    trial->rank.bias = fmin(fabs(gamma) * f->coupling, 1);
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

static void explain_block(const struct sg_trial *trial, size_t block)
{
    const struct sg_family *f = trial->family;
    const struct sg_covariates *c = f->covariates;
    sg_text_printf(trial->steps, "  block %d: y of the reference",
                   f->data->blocks[f->block[block]].number);
    for (size_t i = f->reference_at[block]; i < f->reference_at[block + 1]; i++)
        sg_text_printf(trial->steps, " %.9g", f->work.reference[i]);
    sg_text_add(trial->steps, ", of the variant");
    for (size_t i = f->variant_at[block]; i < f->variant_at[block + 1]; i++)
        sg_text_printf(trial->steps, " %.9g", f->work.variant[i]);
    if (trial->rank.adjusted) {
        sg_text_add(trial->steps, "\n    gamma");
        for (size_t k = 0; k < c->count; k++)
            sg_text_printf(trial->steps, " %.6g", f->work.gamma[f->block[block] * c->count + k]);
        sg_text_add(trial->steps, "; x = y - gamma*z of the reference");
        for (size_t i = f->reference_at[block]; i < f->reference_at[block + 1]; i++)
            sg_text_printf(trial->steps, " %.9g",
                           f->work.reference[i] - host_part(f, block, f->reference_rows[i]));
        sg_text_add(trial->steps, ", of the variant");
        for (size_t i = f->variant_at[block]; i < f->variant_at[block + 1]; i++)
            sg_text_printf(trial->steps, " %.9g",
                           f->work.variant[i] - host_part(f, block, f->variant_rows[i]));
    }
    sg_text_add(trial->steps, "\n");
}

static void say_critical(struct sg_text *steps, size_t critical)
{
    if (critical == SG_NEVER)
        sg_text_add(steps, "none");
    else
        sg_text_printf(steps, "%zu", critical);
}

static void explain_look(const struct sg_trial *trial, size_t look, enum sg_answer answer)
{
    static const char *const answers[] = {"", "go on", "PASS", "FAIL"};
    const struct sg_family *f = trial->family;
    const struct sg_rank *rank = &trial->rank;
    size_t pairs = sg_family_pairs(f, look);
    const double *d = f->work.sorted;
    for (size_t b = look == 0 ? 0 : f->look_blocks[look - 1]; b < f->look_blocks[look]; b++)
        explain_block(trial, b);
    sg_text_printf(trial->steps,
                   "  look %zu: n = %zu + %zu, %zu differences D, sorted %.6g … %.6g … %.6g\n",
                   look + 1, sg_family_references(f, look), sg_family_variants(f, look), pairs,
                   d[0], rank->estimate, d[pairs - 1]);
    sg_text_printf(trial->steps, "    U = #{D > 0} = %zu; critical u(alpha = %.6g) = ", rank->above,
                   trial->alpha);
    say_critical(trial->steps, rank->critical_fail);
    sg_text_printf(trial->steps, ", u(beta = %.6g) = ", trial->beta);
    say_critical(trial->steps, rank->critical_pass);
    sg_text_printf(trial->steps,
                   "\n    estimate = median(D) = %.9g; L = %.9g; B = %.9g; theta1 = %.9g",
                   rank->estimate, rank->bounds.low, rank->bounds.high, trial->threshold);
    if (rank->bias > 0)
        sg_text_printf(trial->steps, "; coupling b = %.6g", rank->bias);
    sg_text_printf(trial->steps,
                   "\n    PASS if B < theta1(1 - b); FAIL if L > 0 and estimate >= theta1(1 + b): "
                   "%s\n",
                   answers[answer]);
}

static enum sg_answer look(struct sg_trial *trial, size_t look)
{
    if (trial->gate && look == 0)
        set_threshold(trial);
    choose_values(trial, look);
    const struct sg_work *work = &trial->family->work;
    sg_rank_evaluate(trial, trial->rank.adjusted ? work->adjusted : work->raw, look);
    const struct sg_rank *rank = &trial->rank;
    enum sg_answer answer = SG_OPEN;
    if (rank->bounds.high < trial->threshold * (1 - rank->bias))
        answer = SG_GOOD;
    else if (rank->bounds.low > 0 && rank->estimate >= trial->threshold * (1 + rank->bias))
        answer = SG_BAD;
    if (trial->steps && trial->gate)
        explain_look(trial, look, answer);
    return answer;
}

/* SD of one repetition inside a block: s² = Σ over blocks and sides of squares from their mean, by
 * the degrees of freedom. In blocks of one a side, from the differences: SD/√2. */
static double noise(const struct sg_trial *trial, size_t look, bool adjusted)
{
    const struct sg_family *f = trial->family;
    double squares = 0;
    double freedom = 0;
    for (size_t b = 0; b < f->look_blocks[look]; b++) {
        for (int side = 0; side < 2; side++) {
            const size_t *at = side ? f->variant_at : f->reference_at;
            const size_t *rows = side ? f->variant_rows : f->reference_rows;
            const double *y = side ? f->work.variant : f->work.reference;
            double sum = 0;
            double sum_squares = 0;
            double first = 0; /* differences from the first value keep the digits */
            size_t count = at[b + 1] - at[b];
            for (size_t i = at[b]; i < at[b + 1]; i++) {
                double x = y[i] - (adjusted ? host_part(f, b, rows[i]) : 0);
                first = i == at[b] ? x : first;
                sum += x - first;
                sum_squares += (x - first) * (x - first);
            }
            squares += fmax(0, sum_squares - sum * sum / (double)count);
            freedom += (double)count - 1;
        }
    }
    if (freedom > 0)
        return sqrt(squares / freedom);
    const double *d = adjusted ? f->work.adjusted : f->work.raw;
    size_t count = sg_family_pairs(f, look);
    double mean = 0;
    for (size_t i = 0; i < count; i++)
        mean += d[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (d[i] - mean) * (d[i] - mean);
    return count > 1 ? sqrt(squares / (double)(count - 1) / 2) : NAN;
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
        choose_values(trial, l);
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
        const char *reason = sg_family_guard(f, look);
        out->adjust_reason = sg_strdup(reason ? reason
                                              : "no control variate was measured in all "
                                                "repetitions of a block");
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

/* A gate with a limit alone: the change is shown, but nothing was asked about it. */
static void finish_shown(struct sg_trial *trial, size_t look)
{
    choose_values(trial, look);
    const struct sg_work *work = &trial->family->work;
    sg_rank_evaluate(trial, trial->rank.adjusted ? work->adjusted : work->raw, look);
    trial->rank.bounds = (struct sg_interval){NAN, NAN};
    sg_rank_report(trial);
    report_adjustment(trial, look);
    report_noise(trial, look);
    report_raw(trial, look);
    trial->out->detectable = NAN;
}

static void finish(struct sg_trial *trial, size_t look)
{
    struct sg_result *out = trial->out;
    if (trial->gate && trial->tolerance == SG_NOT_ASKED) {
        finish_shown(trial, look);
        return;
    }
    repeat_p(trial, look);
    choose_values(trial, look);
    const struct sg_work *work = &trial->family->work;
    sg_rank_evaluate(trial, trial->rank.adjusted ? work->adjusted : work->raw, look);
    const struct sg_rank *rank = &trial->rank;
    sg_rank_report(trial);
    report_p(trial, look);
    report_adjustment(trial, look);
    report_noise(trial, look);
    report_raw(trial, look);
    out->improved = rank->critical_fail != SG_NEVER && rank->below >= rank->critical_fail;
    if (!trial->gate)
        return;
    out->tolerance = out->relative ? expm1(trial->threshold) : trial->threshold;
    out->beyond =
        trial->tolerance == SG_BAD && rank->bounds.low > trial->threshold * (1 + rank->bias);
    out->warn = trial->tolerance == SG_GOOD && rank->bounds.low > 0 &&
                rank->estimate >= trial->warn_threshold;
    trial->tolerance_reason = sg_reason_compared(trial, trial->tolerance, rank->estimate,
                                                 rank->bounds.low, rank->bounds.high);
}

const struct sg_kind sg_kind_rank = {.begin = begin,
                                     .unusable = unusable,
                                     .look = look,
                                     .finish = finish,
                                     .limit_look = sg_signs_look,
                                     .limit_finish = sg_signs_finish};
