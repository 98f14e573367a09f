/* SPDX-License-Identifier: Apache-2.0 */
/* A fixed number that a metric may not pass: sequential sign test of the median of the variant's
 * repetitions, needs no reference. */
#include "judge/trial.h"

#include "stats/intervals.h"
#include "stats/ranks.h"

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

static struct sg_interval bounds(const struct sg_trial *trial, size_t look)
{
    struct sg_sequence *signs = &trial->family->signs;
    size_t count = sort_values(trial, look);
    return sg_order_interval(trial->family->work.sorted, count,
                             sg_sequence_critical(signs, look, trial->alpha),
                             sg_sequence_critical(signs, look, trial->beta));
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
    trial->limit_reason =
        sg_reason_limited(trial, trial->limit, sg_family_variants(trial->family, look));
}
