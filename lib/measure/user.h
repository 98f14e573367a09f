/* SPDX-License-Identifier: Apache-2.0 */
/* A user's own metric: PromQL with $names, one number as the answer. */
#ifndef SG_MEASURE_USER_H
#define SG_MEASURE_USER_H

#include "measure/context.h"

/* Asks metric->query, evaluated SG_SETTLE_AFTER past the window's end. NaN with a finding when the
 * answer is not one series with one finite number. */
bool sg_user_metric(struct sg_measuring *m, const struct sg_metric *metric,
                    double *out) SG_MUST_USE;

#endif
