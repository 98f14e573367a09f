/* SPDX-License-Identifier: Apache-2.0 */
/* Results as sentences that a stranger understands, with the numbers that carry them. */
#include "judge/enough.h"
#include "judge/trial.h"

#include "base/units.h"
#include "stats/intervals.h"

#include <math.h>
#include <stdlib.h>

static bool is_relative(const struct sg_trial *trial)
{
    return trial->metric->scale == SG_SCALE_LOG;
}

static bool is_share(const struct sg_trial *trial)
{
    return sg_streq(trial->metric->unit, "ratio");
}

/* Three digits, but no exponent. */
static char *percent(double ratio)
{
    double shown = fabs(ratio) * 100;
    return sg_format(shown < 10 ? "%.2g" : "%.0f", shown);
}

char *sg_say_value(const struct sg_trial *trial, double value)
{
    return sg_show_by_unit(value, trial->metric->unit);
}

static char *absolute(const struct sg_trial *trial, double size)
{
    if (is_share(trial))
        return sg_format("%.3g percentage points", fabs(size) * 100);
    return sg_show_by_unit(fabs(size), trial->metric->unit);
}

char *sg_say_amount(const struct sg_trial *trial, double worse)
{
    if (is_relative(trial))
        return sg_format("%.1f %%", fabs(expm1(worse)) * 100);
    return absolute(trial, worse);
}

char *sg_say_change(const struct sg_trial *trial, double change)
{
    if (is_relative(trial))
        return sg_show_change(change);
    char *size = absolute(trial, change);
    char *text = sg_format("%s%s", change < 0 ? "−" : "+", size);
    free(size);
    return text;
}

char *sg_say_level(double error)
{
    return sg_format("%.4g %%", (1 - error) * 100);
}

/* θ1 for people: "5 %", "0.1 percentage points". */
static char *tolerance(const struct sg_trial *trial)
{
    if (!is_relative(trial))
        return absolute(trial, trial->threshold);
    char *digits = percent(expm1(trial->threshold));
    char *text = sg_format("%s %%", digits);
    free(digits);
    return text;
}

/* A bound on the worse side as the metric's own change. */
static double own_change(const struct sg_trial *trial, double worse)
{
    double theta = trial->sign * worse;
    return is_relative(trial) ? expm1(theta) : theta;
}

static char *failed(const struct sg_trial *trial, double estimate, double below)
{
    char *size = sg_say_amount(trial, estimate);
    char *least = sg_say_amount(trial, below);
    char *level = sg_say_level(trial->alpha);
    char *allowed = tolerance(trial);
    bool other_way = is_relative(trial) && trial->sign < 0;
    /* "worse by" is a ratio in the direction that hurts: where more is better, the reference's */
    char *text = sg_format("%s%s%s (%s sure of at least %s), tolerance %s%s",
                           other_way ? "worse: the reference is " : "worse by ", size,
                           other_way ? " higher" : "", level, least, allowed,
                           trial->out->beyond ? ": beyond the tolerance, proven" : "");
    free(size);
    free(least);
    free(level);
    free(allowed);
    return text;
}

static char *passed(const struct sg_trial *trial, double estimate, double above)
{
    char *allowed = tolerance(trial);
    char *change = sg_say_change(trial, own_change(trial, estimate));
    char *most = sg_say_change(trial, own_change(trial, above));
    char *level = sg_say_level(trial->beta);
    const char *note = "";
    if (trial->out->improved)
        note = "; proven better";
    else if (trial->out->warn)
        note = "; a proven change, beyond the level that warns";
    char *text = sg_format("not worse by %s or more: %s, at %s %s (%s sure)%s", allowed, change,
                           trial->sign > 0 ? "most" : "least", most, level, note);
    free(allowed);
    free(change);
    free(most);
    free(level);
    return text;
}

/* "between −1.0 % and +7.9 %", as far as there are bounds. */
static char *range(const struct sg_trial *trial)
{
    const struct sg_result *out = trial->out;
    char *low = sg_say_change(trial, out->low);
    char *high = sg_say_change(trial, out->high);
    char *text;
    if (!isnan(out->low) && !isnan(out->high))
        text = sg_format(", between %s and %s", low, high);
    else if (!isnan(out->low))
        text = sg_format(", at least %s", low);
    else if (!isnan(out->high))
        text = sg_format(", at most %s", high);
    else
        text = sg_strdup("");
    free(low);
    free(high);
    return text;
}

static bool is_final(const struct sg_trial *trial)
{
    return trial->family->looks == trial->family->looks_max ||
           trial->family->data->session->complete;
}

/* No order of so few repetitions is rare enough: how many it takes. */
static char *too_few(const struct sg_trial *trial)
{
    const struct sg_result *out = trial->out;
    struct sg_family *family = trial->family;
    size_t pass = sg_enough_ranks(family, trial->beta);
    char *n = out->n_reference == out->n_variant
                  ? sg_format("%zu repetition%s a side %s", out->n_variant,
                              out->n_variant == 1 ? "" : "s", out->n_variant == 1 ? "is" : "are")
                  : sg_format("%zu and %zu repetitions are", out->n_reference, out->n_variant);
    bool could_pass =
        sg_sequence_critical(&family->ranks, trial->tolerance_look, trial->beta) != SG_NEVER;
    char *text =
        could_pass
            ? sg_format("; %s too few to prove that it is worse: %zu a side could", n, out->enough)
            : sg_format("; %s too few to prove anything: from %zu a side on it could pass, from "
                        "%zu on fail",
                        n, pass, out->enough);
    free(n);
    return text;
}

/* What this many repetitions could have shown, and what would decide. */
static char *power(const struct sg_trial *trial)
{
    if (!is_final(trial))
        return sg_format("; the next look is after the next block");
    size_t n = sg_family_variants(trial->family, trial->tolerance_look);
    if (trial->out->enough > 0)
        return too_few(trial);
    if (isnan(trial->out->detectable))
        return sg_format("; more repetitions than %zu a side or a wider tolerance would decide", n);
    char *size = is_relative(trial) ? sg_show_change(trial->out->detectable)
                                    : absolute(trial, trial->out->detectable);
    char *text = sg_format("; %zu repetitions a side could only have shown %s%s or more; more "
                           "repetitions, a longer window or a wider tolerance would decide",
                           n, is_relative(trial) ? "" : "a change of ", size);
    free(size);
    return text;
}

static char *undecided(const struct sg_trial *trial, double estimate)
{
    char *change = sg_say_change(trial, own_change(trial, estimate));
    char *between = range(trial);
    char *allowed = tolerance(trial);
    char *rest = power(trial);
    char *text = sg_format("%s: %s%s, tolerance %s%s",
                           is_final(trial) ? "not enough evidence either way" : "not decided yet",
                           change, between, allowed, rest);
    free(change);
    free(between);
    free(allowed);
    free(rest);
    return text;
}

char *sg_reason_compared(const struct sg_trial *trial, enum sg_answer answer, double estimate,
                         double below, double above)
{
    if (answer == SG_BAD)
        return failed(trial, estimate, below);
    if (answer == SG_GOOD)
        return passed(trial, estimate, above);
    return undecided(trial, estimate);
}

char *sg_reason_signs(const struct sg_trial *trial, enum sg_answer answer, size_t repetitions,
                      size_t beyond)
{
    bool alike = beyond == 0 || beyond == repetitions;
    size_t needed = sg_enough_signs(beyond > 0 ? trial->alpha : trial->beta);
    if (answer != SG_OPEN || !is_final(trial) || !alike || repetitions >= needed)
        return sg_reason_limited(trial, answer, repetitions);
    char *value = sg_say_value(trial, trial->out->value);
    char *limit = sg_say_value(trial, trial->gate->limit);
    char *all = repetitions == 1 ? sg_strdup("the one repetition is")
                                 : sg_format("all %zu repetitions are", repetitions);
    bool near = beyond > 0 && repetitions >= SG_BEYOND_FEWEST;
    char *text = sg_format(
        "not decided against its limit of %s: %s %s it (%s), %s; %zu would do", limit, all,
        beyond > 0 ? "beyond" : "within", value,
        near ? "but too near for so few to prove it" : "which is too little to prove it", needed);
    free(all);
    free(value);
    free(limit);
    return text;
}

char *sg_reason_limited(const struct sg_trial *trial, enum sg_answer answer, size_t repetitions)
{
    const struct sg_result *out = trial->out;
    bool up = trial->sign > 0;
    char *value = sg_say_value(trial, out->value);
    char *limit = sg_say_value(trial, trial->gate->limit);
    double bound = (answer == SG_BAD) == up ? out->value_low : out->value_high;
    char *edge = sg_say_value(trial, bound);
    char *level = sg_say_level(answer == SG_BAD ? trial->alpha : trial->beta);
    char *text;
    if (answer == SG_OPEN)
        text = sg_format("not decided against its limit of %s after %zu repetitions: %s", limit,
                         repetitions, value);
    else if (trial->metric->scale == SG_SCALE_EXACT)
        text = sg_format("%s its limit of %s: %s", answer == SG_BAD ? "beyond" : "within", limit,
                         value);
    else
        text = sg_format("%s its limit of %s: %s, at %s %s (%s sure)",
                         answer == SG_BAD ? "beyond" : "within", limit, value,
                         (answer == SG_BAD) == up ? "least" : "most", edge, level);
    free(value);
    free(limit);
    free(edge);
    free(level);
    return text;
}
