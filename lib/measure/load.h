/* SPDX-License-Identifier: Apache-2.0 */
/* What the generator felt, from k6's series in Prometheus. All of k6's series are cumulative from
 * the start of the test for each set of tags, so the last sample of a series of the scenario
 * `measure` is the exact statistic of the whole window (docs/method.md 2.1). */
#ifndef SG_MEASURE_LOAD_H
#define SG_MEASURE_LOAD_H

#include "measure/context.h"

struct sg_load_counts {
    double requests, errors; /* NaN when not known */
};

/* Requests and failed ones of the window; `request` is k6's name tag, NULL for all of them. */
bool sg_load_counts(struct sg_measuring *m, const char *request,
                    struct sg_load_counts *out) SG_MUST_USE;

/* Iterations that k6 dropped within the window. */
bool sg_load_dropped(struct sg_measuring *m, double *out) SG_MUST_USE;

/* Latency of successful requests, seconds; `stat` as k6 names it: avg, p50, p95, max. NaN without
 * such requests, and with a NOTE for all requests together when the session has metrics of single
 * ones and there is more than one name. */
bool sg_load_latency(struct sg_measuring *m, const char *request, const char *stat,
                     double *out) SG_MUST_USE;

#endif
