/* SPDX-License-Identifier: Apache-2.0 */
/* The independent witness: the same CPU seconds by the Engine's own readings. */
#ifndef SG_MEASURE_WITNESS_H
#define SG_MEASURE_WITNESS_H

#include "measure/bracket.h"
#include "measure/context.h"

/* CPU seconds by readings, between brackets of their own; NaN when they do not bracket the window.
 * `idle_guess`: the idle rate by cAdvisor, for readings too few to have one. */
double sg_witness_cpu(const struct sg_reading *readings, size_t count, const struct sg_edges *edges,
                      double idle_guess);

/* Throttled seconds by readings, or NaN. */
double sg_witness_throttled(const struct sg_reading *readings, size_t count,
                            const struct sg_edges *edges);

/* Whether two measurements of CPU seconds agree: to 1 % or 20 ms, whichever is more. The engine
 * and cAdvisor read the same counter of the cgroup, so what remains is the jitter of reading times
 * over idle stretches. NaN agrees with nothing. */
bool sg_witness_agrees(double seconds, double witness);

#endif
