/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to Prometheus, each kept as evidence; what is wrong with an answer becomes a finding.
 */
#ifndef SG_MEASURE_ASK_H
#define SG_MEASURE_ASK_H

#include "measure/context.h"

/* Sends `query` for what is called `label`, evaluated at `time`. Warnings and untrustworthy data
 * become INVALID findings (and an empty answer). False when asking again would not help: no
 * server, not PromQL, interrupted. Clear `out` in either case. */
bool sg_ask(struct sg_measuring *m, const char *label, const char *query, double time,
            struct sg_matrix *out) SG_MUST_USE;

/* What the last question came to, into its evidence. */
void sg_ask_value(struct sg_measuring *m, double value);

/* One more evidence from the last question's answer: what it came to under another name. */
void sg_ask_derived(struct sg_measuring *m, const char *label, double value);

/* INVALID; a mere NOTE once the variant has crashed, so that its crash is what counts. */
enum sg_severity sg_blame(const struct sg_measuring *m);

/* When all built-in queries are evaluated. */
double sg_ask_time(const struct sg_measuring *m);

/* Whether a finding of that check which names `word` is there already; NULL: any of that check. */
bool sg_ask_found(const struct sg_measuring *m, const char *check, const char *word);

/* {a="b", c="d"}, at most 300 characters. Caller frees. */
char *sg_ask_labels(const struct sg_prom_series *series) SG_MUST_USE;

#endif
