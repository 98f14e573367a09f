/* SPDX-License-Identifier: Apache-2.0 */
/* Time and interruption. Times are int64_t nanoseconds. */
#ifndef SG_BASE_CLOCK_H
#define SG_BASE_CLOCK_H

#include "base/base.h"

#define SG_SECOND INT64_C(1000000000)
#define SG_MILLISECOND INT64_C(1000000)

int64_t sg_clock_wall(void);      /* since 1970, may step */
int64_t sg_clock_monotonic(void); /* for durations and deadlines */

/* "2026-11-24T23:29:03Z" */
void sg_clock_iso(int64_t wall, char out[21]);

/* Catches SIGINT, SIGTERM and, unless it is ignored, SIGHUP from now on; ignores SIGPIPE, and lets
 * children be waited for. */
void sg_interrupt_install(void);
/* When nothing is left to be cleaned up: what was caught ends the process again, so that none of it
 * waits behind a reader of our output. */
void sg_interrupt_default(void);
/* The caught signal, or 0. */
int sg_interrupt_signal(void);
/* For tests and for a second thought: forget a caught signal. */
void sg_interrupt_reset(void);

/* Sleeps; returns false at once when interrupted. */
bool sg_sleep(int64_t nanoseconds);

#endif
