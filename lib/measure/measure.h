/* SPDX-License-Identifier: Apache-2.0 */
/* From a window of one repetition to its numbers, with the instrument checked before any of them
 * is believed. Container facts arrive as plain structs; this room knows no Docker.
 *
 * CPU and network are differences of raw counter samples between idle brackets, never rate() or
 * increase() (docs/method.md, measurement). */
#ifndef SG_MEASURE_MEASURE_H
#define SG_MEASURE_MEASURE_H

#include "base/error.h"
#include "config/config.h"
#include "measure/window.h"
#include "promql/promql.h"
#include "record/record.h"
#include "record/series.h"
#include "record/window.h"

/* Fills values (in the order of session->metrics), brackets, evidence and findings of
 * `repetition`, and *out_series (zeroed; the caller clears it) with what there is to draw: memory
 * only where a metric asks for RSS, latency as far as k6 told it. False only when Prometheus cannot
 * be asked at all (SG_ERROR_NETWORK), when a user's query is not PromQL or gives no number
 * (SG_ERROR_CONFIG: repeating would not help), or when interrupted; missing or broken data become
 * INVALID findings, a crashed variant a FAIL finding (and then nothing else in this repetition is
 * INVALID). */
bool sg_measure(const struct sg_prom *prom, const struct sg_session *session,
                const struct sg_window *window, struct sg_repetition *repetition,
                struct sg_series *out_series, struct sg_error *err) SG_MUST_USE;

/* Checks that need all repetitions: same requests everywhere ("sample_ratio"), a service that is
 * still warming up ("steady_state"), a variant that saturates while the reference does not
 * ("saturated", three times in a row and against three windows of the reference; its
 * dropped_iterations findings become FAIL from the second on). Replaces what an earlier call found.
 * Called after each block, and after each repetition with trouble. */
void sg_measure_session(struct sg_session *session);

/* Share of the generator's CPU time that the hypervisor may take away ("steal"). */
#define SG_MAX_STEAL 0.05

/* A variant was overrun twice in a row: does it not keep up, or does the host stall? What to run
 * next to tell, if anything can. */
enum sg_control { SG_CONTROL_NONE, SG_CONTROL_REFERENCE, SG_CONTROL_VARIANT };
enum sg_control sg_measure_control(const struct sg_session *session, const char *variant);

/* Coupling through the hardware (docs/method.md, guard 2): how a burner on the service's CPUs,
 * switched in random order, changes the generator's own cost at a constant rate, or the cost of
 * other steady work. */
struct sg_coupling {
    double h;     /* relative change of the cost for each CPU burnt */
    double limit; /* |h| is below this with 95 % */
    double burnt; /* CPUs that the burner used on average */
    size_t intervals;
};
/* From readings of the steady work and the engine's of the burner within [start, end], one value
 * for each second or more; false when they are too few, or the burner did not burn. */
bool sg_measure_coupling(const struct sg_reading *steady, size_t steady_count,
                         const struct sg_reading *burner, size_t burner_count, double start,
                         double end, struct sg_coupling *out) SG_MUST_USE;

#endif
