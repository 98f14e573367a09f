/* SPDX-License-Identifier: Apache-2.0 */
/* A fixed number that a metric may not pass: sequential sign test of the median of the variant's
 * repetitions, needs no reference. Where the last look comes with too few of them for signs, the
 * distance from the limit counts (docs/method.md M18a). */
#include "judge/enough.h"
#include "judge/trial.h"

#include "stats/intervals.h"
#include "stats/ranks.h"

#include <math.h>

/* The variant's values, worse upwards, ascending in work.sorted. */
static size_t sort_values(const struct sg_trial *trial, size_t look)
{
    size_t count = sg_family_variants(trial->family, look);
    double *sorted = trial->family->work.sorted;
    for (size_t i = 0; i < count; i++)
        sorted[i] = trial->sign * sg_data_value(trial->family->data, trial->family->variant_rows[i],
                                                trial->index);
    sg_sort(sorted, count);
    return count;
}

/* Where signs can fail nothing at the last look they could at none before: no error is spent. */
static bool signs_are_too_few(const struct sg_trial *trial, size_t look)
{
    return look + 1 == trial->family->looks_max &&
           sg_sequence_critical(&trial->family->signs, look, trial->alpha) == SG_NEVER;
}

double sg_signs_beyond(const struct sg_trial *trial, const double *sorted, size_t count)
{
    double low = sg_beyond_bound(sorted, count, trial->alpha);
    bool positive = trial->metric->scale == SG_SCALE_LOG && trial->sign > 0;
    return positive && low <= 0 ? NAN : low; /* that it is above zero is no news */
}

static struct sg_interval bounds(const struct sg_trial *trial, size_t look)
{
    struct sg_sequence *signs = &trial->family->signs;
    const double *sorted = trial->family->work.sorted;
    size_t count = sort_values(trial, look);
    struct sg_interval out =
        sg_order_interval(sorted, count, sg_sequence_critical(signs, look, trial->alpha),
                          sg_sequence_critical(signs, look, trial->beta));
    if (signs_are_too_few(trial, look))
        out.low = sg_signs_beyond(trial, sorted, count);
    return out;
}

enum sg_answer sg_signs_look(struct sg_trial *trial, size_t look)
{
    struct sg_interval interval = bounds(trial, look);
    double limit = trial->sign * trial->gate->limit;
    enum sg_answer answer = SG_OPEN;
    if (interval.high <= limit) /* a value at the limit is within it */
        answer = SG_GOOD;
    else if (interval.low > limit)
        answer = SG_BAD;
    if (trial->steps)
        sg_text_printf(trial->steps,
                       "  look %zu: limit %.9g; bounds of the median of %zu repetitions, by order "
                       "statistics: %.9g (alpha = %.6g) and %.9g (beta = %.6g): %s\n",
                       look + 1, trial->gate->limit, sg_family_variants(trial->family, look),
                       trial->sign * interval.low, trial->alpha, trial->sign * interval.high,
                       trial->beta,
                       answer == SG_OPEN   ? "go on"
                       : answer == SG_GOOD ? "PASS"
                                           : "FAIL");
    return answer;
}

void sg_signs_finish(struct sg_trial *trial, size_t look)
{
    struct sg_interval interval = bounds(trial, look);
    bool larger_is_worse = trial->sign > 0;
    trial->out->value_low = larger_is_worse ? interval.low : -interval.high;
    trial->out->value_high = larger_is_worse ? interval.high : -interval.low;
    size_t count = sg_family_variants(trial->family, look);
    size_t beyond =
        sg_count_above(trial->family->work.sorted, count, trial->sign * trial->gate->limit);
    if (trial->limit == SG_OPEN && beyond == count && sg_enough_signs(trial->alpha) > count)
        trial->out->enough = sg_enough_signs(trial->alpha);
    trial->limit_reason = sg_reason_signs(trial, trial->limit, count, beyond);
}
