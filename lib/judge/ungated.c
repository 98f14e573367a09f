/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics without a gate: shown, and marked where they stand out among all of them. */
#include "judge/gate.h"

#include "base/units.h"

#include <math.h>
#include <stdlib.h>

#define FALSE_DISCOVERIES 0.1

void sg_ungated_judge(struct sg_family *family, int metric, double alpha, double beta,
                      struct sg_result *out)
{
    const struct sg_metric *m = &family->data->session->metrics[metric];
    if (family->looks == 0)
        return;
    size_t look = family->looks - 1;
    out->n_reference = sg_family_references(family, look);
    out->n_variant = sg_family_variants(family, look);
    out->reference = family->alone ? NAN : sg_family_median(family, metric, false, look);
    out->value = sg_family_median(family, metric, true, look);
    out->alpha = alpha;
    if (family->alone)
        return;
    struct sg_trial trial = {.family = family,
                             .metric = m,
                             .index = metric,
                             .alpha = alpha,
                             .beta = beta,
                             .sign = m->better == SG_HIGHER ? -1 : 1,
                             .out = out,
                             .needs_reference = true,
                             .tolerance_look = look};
    const struct sg_kind *kind = sg_kind_of(m);
    kind->begin(&trial);
    char *unusable = kind->unusable(&trial, look);
    if (!unusable)
        kind->finish(&trial, look);
    out->reason = unusable;
    if (kind->end)
        kind->end(&trial);
}

struct ranked {
    double p;
    size_t index;
};

static int by_p(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

/* The largest p-value that is still a discovery; negative when there is none. */
static double cutoff(struct ranked *ranked, size_t count)
{
    qsort(ranked, count, sizeof(*ranked), by_p);
    double found = -1;
    for (size_t i = 0; i < count; i++)
        if (ranked[i].p <= FALSE_DISCOVERIES * (double)(i + 1) / (double)count)
            found = ranked[i].p;
    return found;
}

static char *reason(const struct sg_result *result, bool stands_out, size_t tested)
{
    if (isnan(result->change))
        return sg_strdup("for information: no comparison");
    if (!stands_out)
        return sg_strdup("for information: does not stand out");
    bool worse = (result->change > 0) != result->higher_is_better;
    return sg_format("for information: %s, stands out among %zu metrics without a gate (p = %.2g)",
                     worse ? "worse" : "better", tested, result->p);
}

void sg_ungated_mark(struct sg_result *results, size_t count, size_t stride)
{
    struct ranked *ranked = sg_alloc(count + 1, sizeof(*ranked));
    size_t tested = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(results[i * stride].p))
            ranked[tested++] = (struct ranked){results[i * stride].p, i};
    double found = cutoff(ranked, tested);
    for (size_t i = 0; i < count; i++) {
        struct sg_result *result = &results[i * stride];
        bool stands_out = !isnan(result->p) && result->p <= found;
        result->improved = stands_out && (result->change < 0) != result->higher_is_better;
        if (!result->reason)
            result->reason = reason(result, stands_out, tested);
    }
    free(ranked);
}
