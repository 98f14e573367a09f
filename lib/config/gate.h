/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of `gates` or `metrics` as it is written, on its way to a gate and a metric. Private to
 * the room. */
#ifndef SG_CONFIG_GATE_H
#define SG_CONFIG_GATE_H

#include "config/readers.h"

struct sg_draft {
    char *metric, *of, *request, *unit, *query, *k6, *stat;
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
/* Of an entry with `k6`: what k6 sums up. The fields of *out point into the draft. */
bool sg_draft_k6(const struct sg_reader *r, const struct sg_node *map, const struct sg_draft *draft,
                 struct sg_metric *out);
/* The gate's numbers in the metric's unit; `metric` may be NULL. */
bool sg_draft_numbers(const struct sg_reader *r, const struct sg_node *map,
                      const struct sg_draft *draft, const struct sg_metric *metric,
                      struct sg_gate *out);
/* A waiver's bound, as the gate's tolerance is written, or its limit. */
bool sg_bound_read(const struct sg_reader *r, const struct sg_node *node,
                   const struct sg_metric *metric, bool limit, double *out);
/* One gate from its mapping; of the metric `known` whatever the mapping calls it, unless NULL. */
bool sg_gate_read(struct sg_reader *r, const struct sg_node *map, const struct sg_metric *known,
                  struct sg_gate *out);
/* Readers of `metric`, `of`, `k6` and `stat`, for `struct sg_key`. */
bool sg_read_metric_name(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                         void *target);
bool sg_read_of(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                void *target);
bool sg_read_k6(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                void *target);
bool sg_read_stat(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);
/* They judge the same metric. */
bool sg_gate_same(const struct sg_gate *a, const struct sg_gate *b);

#endif
