/* SPDX-License-Identifier: Apache-2.0 */
/* A load that makes no HTTP request, as gRPC and WebSocket do: an iteration is the unit of work. */
#ifndef SG_MEASURE_NO_HTTP_H
#define SG_MEASURE_NO_HTTP_H

#include "measure/context.h"

/* It did something, and no HTTP. False where k6 told nothing. */
bool sg_no_http(const struct sg_load_summary *load);
/* Counts iterations in place of requests, and those that threw in place of errors; a NOTE says so.
 */
void sg_no_http_count(struct sg_measuring *m);
/* A gated latency that there cannot be: INVALID, with the line to write in its place. */
void sg_no_http_latency(struct sg_measuring *m, const struct sg_metric *metric);

#endif
