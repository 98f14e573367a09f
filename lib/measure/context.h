/* SPDX-License-Identifier: Apache-2.0 */
/* What all parts of one measurement share. Types only. */
#ifndef SG_MEASURE_CONTEXT_H
#define SG_MEASURE_CONTEXT_H

#include "measure/window.h"
#include "promql/promql.h"
#include "record/record.h"
#include "record/series.h"

/* A container's counters are trusted once this long after the generator's last iteration: answers
 * are out, and a reading that was under way is stamped. */
#define SG_SETTLE_BEFORE 0.2 /* after the warm-up, seconds */
#define SG_SETTLE_AFTER 0.5  /* after the window, seconds */
/* The generator idles in its teardown for this long, then writes its summary and exits. */
#define SG_IDLE_AFTER 2.5
/* All of svcgate's own queries are evaluated this long after the window, when k6 has exited and
 * the closing samples are stored. */
#define SG_TAIL 10.0

struct sg_measuring {
    const struct sg_prom *prom;
    const struct sg_session *session;
    const struct sg_window *window;
    struct sg_repetition *repetition;
    struct sg_series *series; /* for pictures: filled from what is asked for anyway */
    bool no_http; /* the script makes no HTTP request: its iterations are counted in their place */
    bool crashed; /* the variant's own fault is known: whatever else is missing follows from it */
    struct sg_error *err;
};

/* Seconds of load within the window. */
double sg_window_loaded(const struct sg_window *window);

struct sg_container {
    const char *name; /* for people: "the service", "k6", "postgres" */
    const char *id;
    bool is_generator; /* it exits soon after the window */
};

#endif
