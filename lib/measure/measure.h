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
#include "promql/promql.h"
#include "record/record.h"
#include "record/window.h"

struct sg_window {
    const char *testid;     /* label of this repetition's k6 series */
    const char *service_id; /* 64 hex digits */
    const char *generator_id;
    const char *service;    /* the compose service's name, for $service */
    const char *variant;
    bool generator_is_reference; /* this repetition is of the reference variant */
    struct sg_load_summary load;
    struct sg_container_state state;
    const struct sg_reading *readings; /* of the service */
    size_t readings_count;
    const struct sg_reading *generator_readings;
    size_t generator_readings_count;
    double steal;           /* share of the generator's CPUs in the window, or NaN */
    double generator_cpus;  /* how many it may use */
    double scrape_interval; /* seconds */
    /* other containers of the stack, for gates with `of` */
    const char *const *other_names;
    const char *const *other_ids;
    size_t others_count;
};

/* Fills values (in the order of session->metrics), brackets, evidence and findings of
 * `repetition`. False only when Prometheus cannot be asked at all (SG_ERROR_NETWORK); missing or
 * broken data become INVALID findings, a crashed variant a FAIL finding. */
bool sg_measure(const struct sg_prom *prom, const struct sg_session *session,
                const struct sg_window *window, struct sg_repetition *repetition,
                struct sg_error *err) SG_MUST_USE;

/* Checks that need all repetitions (same requests everywhere, stationarity): adds findings to the
 * session. Called after each block. */
void sg_measure_session(struct sg_session *session);

#endif
