/* SPDX-License-Identifier: Apache-2.0 */
/* One container's counters and gauges, from cAdvisor's series in Prometheus, found by the
 * container's full id: names are used again, ids never are. */
#ifndef SG_MEASURE_CONTAINER_H
#define SG_MEASURE_CONTAINER_H

#include "measure/bracket.h"
#include "measure/context.h"
#include "measure/gauge.h"

struct sg_container sg_container_service(const struct sg_measuring *m);
struct sg_container sg_container_generator(const struct sg_measuring *m);
/* The stack's service of that name; NULL is the service under test. False and an INVALID finding
 * when there is none. */
bool sg_container_find(struct sg_measuring *m, const char *of, struct sg_container *out);

/* Idle and loaded stretches of the repetition as the container has them. */
struct sg_edges sg_container_edges(const struct sg_measuring *m,
                                   const struct sg_container *container);

/* The same for bytes: when the generator ends it closes its connections, so the idle stretch after
 * the window ends with it. */
struct sg_edges sg_container_network_edges(const struct sg_measuring *m,
                                           const struct sg_container *container);

/* CPU seconds in the window. `out->value` is NaN when not measured, with a finding. */
bool sg_container_cpu(struct sg_measuring *m, const struct sg_container *container,
                      struct sg_bracket *out) SG_MUST_USE;

/* Bytes in the window over all interfaces; `direction`: "receive" or "transmit". Of the service by
 * the engine's count, with a note, where cAdvisor has no such series. */
bool sg_container_network(struct sg_measuring *m, const struct sg_container *container,
                          const char *direction, double *out) SG_MUST_USE;

/* Seconds that the CPU quota kept the container waiting. NaN without a finding where the series
 * is absent: it exists only with a quota. */
bool sg_container_throttled(struct sg_measuring *m, const struct sg_container *container,
                            double *out) SG_MUST_USE;

/* Connections that the container accepted in the window. NaN without a finding where the series is
 * absent: not every cAdvisor has it. */
bool sg_container_connections(struct sg_measuring *m, const struct sg_container *container,
                              double *out) SG_MUST_USE;

/* A memory gauge over the window; `metric`: "container_memory_rss". All NaN with a finding when
 * not measured. */
bool sg_container_gauge(struct sg_measuring *m, const struct sg_container *container,
                        const char *metric, struct sg_gauge *out) SG_MUST_USE;

/* How often the container was started again within the repetition. */
bool sg_container_restarts(struct sg_measuring *m, const struct sg_container *container,
                           double *out) SG_MUST_USE;

#endif
