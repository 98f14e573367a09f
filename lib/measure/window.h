/* SPDX-License-Identifier: Apache-2.0 */
/* The window of one repetition: who was measured when, and what the testbench saw. Types only. */
#ifndef SG_MEASURE_WINDOW_H
#define SG_MEASURE_WINDOW_H

#include "base/base.h"
#include "record/window.h"

struct sg_window {
    const char *testid;     /* label of this repetition's k6 series */
    const char *service_id; /* 64 hex digits */
    const char *generator_id;
    const char *service; /* the compose service's name, for $service */
    const char *variant;
    double planned; /* seconds the window was to last */
    bool sliced;    /* load in slices of it only */
    double loaded;  /* then: for so many seconds */
    double due;     /* then: when the window was to begin */
    struct sg_load_summary load;
    struct sg_container_state state;
    const struct sg_reading *readings; /* of the service */
    size_t readings_count;
    const struct sg_reading *generator_readings;
    size_t generator_readings_count;
    double steal;           /* share of the generator's CPUs in the window, or NaN */
    double core_contention; /* of the service's CPU: ratios, or NaN */
    double cache_contention;
    double generator_cpus;  /* how many it may use */
    double scrape_interval; /* seconds */
    /* other containers of the stack, for gates with `of` */
    const char *const *other_names;
    const char *const *other_ids;
    size_t others_count;
};

#endif
