/* SPDX-License-Identifier: Apache-2.0 */
/* Is the instrument to be believed? Rules look at the generator, the data and the host, never at a
 * gated metric, and are the same for every variant (docs/method.md 3). */
#ifndef SG_MEASURE_VALIDITY_H
#define SG_MEASURE_VALIDITY_H

#include "measure/context.h"

/* Whether a gate asks for the service's CPU time. */
bool sg_check_needs_cpu(const struct sg_measuring *m);

/* The service's own end: FAIL when it was killed, exited or was restarted; sets m->crashed. */
void sg_check_state(struct sg_measuring *m);

/* Whether the window has edges at all; INVALID ("window") when not, and then nothing can be
 * measured. */
bool sg_check_window(struct sg_measuring *m);

/* The generator: exit status, log, offered rate, dropped iterations, virtual users, its CPU. */
void sg_check_generator(struct sg_measuring *m);

/* Prometheus against k6's own summary (counts, `p95` in seconds as Prometheus has it), cAdvisor
 * against the engine. */
void sg_check_agreement(struct sg_measuring *m, double p95);

/* What cAdvisor says of the service against the engine's own readings: the mean of its anonymous
 * memory or working set over the window, in bytes; and how much it received or transmitted. Called
 * where a metric asks for it. */
void sg_check_memory(struct sg_measuring *m, bool working_set, double mean);
void sg_check_network(struct sg_measuring *m, bool received, double bytes);

/* Side by side: what the service uses while others have the load, and whether iterations end within
 * their slice. */
void sg_check_waiting(struct sg_measuring *m);

/* The host: stolen CPU time. */
void sg_check_host(struct sg_measuring *m);

#endif
