/* SPDX-License-Identifier: Apache-2.0 */
/* The independent witness: the same CPU seconds, bytes and memory by the Engine's own readings. */
#ifndef SG_MEASURE_WITNESS_H
#define SG_MEASURE_WITNESS_H

#include "measure/bracket.h"
#include "measure/context.h"
#include "measure/gauge.h"

/* CPU seconds by readings, between brackets of their own; NaN when they do not bracket the window.
 * `idle_guess`: the idle rate by cAdvisor, for readings too few to have one. */
double sg_witness_cpu(const struct sg_reading *readings, size_t count, const struct sg_edges *edges,
                      double idle_guess);

/* Throttled seconds by readings, or NaN. */
double sg_witness_throttled(const struct sg_reading *readings, size_t count,
                            const struct sg_edges *edges);

/* Bytes that all interfaces received or transmitted, by readings, or NaN. */
double sg_witness_network(const struct sg_reading *readings, size_t count,
                          const struct sg_edges *edges, bool received);

/* Anonymous memory, or the working set, by readings within [start, end]; false when none is there.
 */
bool sg_witness_memory(const struct sg_reading *readings, size_t count, double start, double end,
                       bool working_set, struct sg_gauge *out) SG_MUST_USE;

/* Whether the mean of memory over time agrees with the witness's: to 5 %, 1 MiB or half of the
 * range that the witness saw, whichever is most. (The maxima of two samplers differ by more.) */
bool sg_witness_agrees_on_memory(double mean, const struct sg_gauge *witness);

/* Whether two counts of bytes agree: to 1 % or 16 KiB, whichever is more. NaN agrees with nothing.
 */
bool sg_witness_agrees_on_bytes(double bytes, double witness);

/* Whether two measurements of CPU seconds agree: to 1 % or 20 ms, whichever is more. The engine
 * and cAdvisor read the same counter of the cgroup, so what remains is the jitter of reading times
 * over idle stretches. NaN agrees with nothing. */
bool sg_witness_agrees(double seconds, double witness);

#endif
