/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of `gates` or `metrics` as it is written, on its way to a gate and a metric. Private to
 * the room. */
#ifndef SG_CONFIG_GATE_H
#define SG_CONFIG_GATE_H

#include "config/readers.h"

struct sg_draft {
    char *metric, *of, *request, *unit, *query;
    int better, scale; /* indices of the words of keys */
    bool adjust;
    double weight;
    /* read last: their unit is that of the metric */
    const struct sg_node *tolerance, *floor, *limit, *warn;
};

/* Finds or defines the entry's metric; what the config does not hold yet is added there. *out is
 * borrowed until the next metric is added; NULL: unknown, which only the command line may have. */
bool sg_draft_metric(struct sg_reader *r, const struct sg_node *map, const struct sg_draft *draft,
                     const struct sg_metric **out);
/* The gate's numbers in the metric's unit; `metric` may be NULL. */
bool sg_draft_numbers(const struct sg_reader *r, const struct sg_node *map,
                      const struct sg_draft *draft, const struct sg_metric *metric,
                      struct sg_gate *out);
/* One gate from its mapping. */
bool sg_gate_read(struct sg_reader *r, const struct sg_node *map, struct sg_gate *out);
/* They judge the same metric. */
bool sg_gate_same(const struct sg_gate *a, const struct sg_gate *b);

#endif
