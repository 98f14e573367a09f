/* SPDX-License-Identifier: Apache-2.0 */
/* One gate of one variant: looks, freezing, the verdict. */
#ifndef SG_JUDGE_GATE_H
#define SG_JUDGE_GATE_H

#include "judge/trial.h"

#define SG_NO_LOOK SIZE_MAX

/* A gate with what belongs to it, checked once for all variants. */
struct sg_gate_case {
    const struct sg_gate *gate;
    int metric;
    double alpha, beta; /* its share */
};

/* Checks every gate (SG_ERROR_CONFIG: unknown metric, a control variate, numbers out of range) and
 * gives each its share of alpha by weight. Caller frees *out. */
bool sg_gate_cases(const struct sg_session *session, double alpha, double beta,
                   struct sg_gate_case **out, struct sg_error *err) SG_MUST_USE;

/* Names, units and NaN where there is no number. `gate` may be NULL. */
void sg_result_init(struct sg_result *result, const struct sg_session *session, int metric,
                    const struct sg_gate *gate, const char *variant);

void sg_result_clear(struct sg_result *result);

/* Judges; `out` has been initialised. Returns the look at which the verdict was frozen (from 0),
 * or SG_NO_LOOK. `steps` may be NULL. */
size_t sg_gate_judge(struct sg_family *family, const struct sg_gate_case *gate,
                     struct sg_text *steps, struct sg_result *out);

/* A metric without a gate: numbers and p-value over all whole blocks. */
void sg_ungated_judge(struct sg_family *family, int metric, double alpha, double beta,
                      struct sg_result *out);
/* Marks what stands out among `count` ungated results of one variant (every `stride`-th), by
 * Benjamini and Hochberg (1995) at 10 %; sets their reasons. */
void sg_ungated_mark(struct sg_result *results, size_t count, size_t stride);

#endif
