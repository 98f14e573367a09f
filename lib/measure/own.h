/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics of k6's own summary, by `k6` and a statistic. */
#ifndef SG_MEASURE_OWN_H
#define SG_MEASURE_OWN_H

#include "measure/context.h"

/* The number that the summary has of metric->k6: exact over all samples of the window, whatever
 * tags they carry. NaN with a finding where there is none; 0 for counts of what never happened. */
void sg_own_metric(struct sg_measuring *m, const struct sg_metric *metric, double *out);

#endif
