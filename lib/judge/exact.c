/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics without noise: compared as values. One that does vary is judged by its extremes, so that
 * no verdict rests on chance, and carries a warning. */
#include "judge/trial.h"

#include <math.h>
#include <stdlib.h>

struct range {
    double low, high;
};

/* Smallest and greatest value of one side up to a look, worse upwards. */
static struct range range_of(const struct sg_trial *trial, bool variant, size_t look)
{
    const struct sg_family *f = trial->family;
    const size_t *rows = variant ? f->variant_rows : f->reference_rows;
    size_t count = variant ? sg_family_variants(f, look) : sg_family_references(f, look);
    struct range out = {INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) {
        double value = trial->sign * sg_data_value(f->data, rows[i], trial->index);
        out.low = fmin(out.low, value);
        out.high = fmax(out.high, value);
    }
    return out;
}

static void begin(struct sg_trial *trial)
{
    (void)trial;
}

static char *unusable(const struct sg_trial *trial, size_t look)
{
    return sg_trial_unusable(trial, trial->index, false, look);
}

/* The difference that is allowed, in the metric's unit. */
static double allowance(const struct sg_gate *gate, double reference)
{
    double tolerance = isnan(gate->tolerance) ? 0 : gate->tolerance;
    double floor = isnan(gate->floor) ? 0 : gate->floor;
    return fmax(tolerance * fabs(reference), floor);
}

static enum sg_answer look(struct sg_trial *trial, size_t look)
{
    struct range reference = range_of(trial, false, look);
    struct range variant = range_of(trial, true, look);
    enum sg_answer answer = SG_OPEN;
    if (variant.high - reference.low <= allowance(trial->gate, reference.low))
        answer = SG_GOOD;
    else if (variant.low - reference.high > allowance(trial->gate, reference.high))
        answer = SG_BAD;
    if (trial->steps)
        sg_text_printf(trial->steps,
                       "  look %zu: exact values %.17g to %.17g against %.17g to %.17g of the "
                       "reference: %s\n",
                       look + 1, trial->sign * variant.low, trial->sign * variant.high,
                       trial->sign * reference.low, trial->sign * reference.high,
                       answer == SG_OPEN   ? "go on"
                       : answer == SG_GOOD ? "PASS"
                                           : "FAIL");
    return answer;
}

static char *reason(const struct sg_trial *trial, bool varies)
{
    char *value = sg_say_value(trial, trial->out->value);
    char *reference = sg_say_value(trial, trial->out->reference);
    static const char *const verdicts[] = {"compared as a value", "not decided",
                                           "no worse than allowed", "worse than allowed"};
    char *text = sg_format("%s: %s, reference %s%s", verdicts[trial->tolerance], value, reference,
                           varies ? " (a metric said to be exact, but its values vary)" : "");
    free(value);
    free(reference);
    return text;
}

static void finish(struct sg_trial *trial, size_t look)
{
    struct sg_result *out = trial->out;
    struct range reference = range_of(trial, false, look);
    struct range variant = range_of(trial, true, look);
    bool varies = reference.low < reference.high || variant.low < variant.high;
    double difference = out->value - out->reference;
    out->relative = out->reference > 0 || out->reference < 0;
    out->change = out->relative ? difference / fabs(out->reference) : difference;
    out->change_raw = out->change;
    out->noise = out->noise_raw = varies ? NAN : 0;
    out->improved = variant.high < reference.low;
    if (!trial->gate || trial->tolerance == SG_NOT_ASKED)
        return;
    out->low = out->high = varies ? NAN : out->change;
    out->detectable = varies ? NAN : 0;
    out->warn = varies && trial->tolerance == SG_GOOD;
    double allowed = allowance(trial->gate, trial->sign * out->reference);
    out->tolerance = out->relative ? allowed / fabs(out->reference) : allowed;
    if (!isnan(trial->gate->warn) && trial->tolerance == SG_GOOD &&
        trial->sign * (out->relative ? out->change : difference) > trial->gate->warn)
        out->warn = true;
    trial->tolerance_reason = reason(trial, varies);
}

static enum sg_answer limit_look(struct sg_trial *trial, size_t look)
{
    struct range variant = range_of(trial, true, look);
    double limit = trial->sign * trial->gate->limit;
    if (variant.high <= limit)
        return SG_GOOD;
    return variant.low > limit ? SG_BAD : SG_OPEN;
}

static void limit_finish(struct sg_trial *trial, size_t look)
{
    struct range variant = range_of(trial, true, look);
    trial->out->value_low = trial->sign > 0 ? variant.low : -variant.high;
    trial->out->value_high = trial->sign > 0 ? variant.high : -variant.low;
    trial->limit_reason =
        sg_reason_limited(trial, trial->limit, sg_family_variants(trial->family, look));
}

const struct sg_kind sg_kind_exact = {.begin = begin,
                                      .unusable = unusable,
                                      .look = look,
                                      .finish = finish,
                                      .limit_look = limit_look,
                                      .limit_finish = limit_finish};
