/* SPDX-License-Identifier: Apache-2.0 */
/* What the testbench hands to measure about one repetition: container readings, container state,
 * the generator's summary. Types only. Times are seconds since 1970. */
#ifndef SG_RECORD_WINDOW_H
#define SG_RECORD_WINDOW_H

#include "base/base.h"

/* One reading of a container by the Engine API: the independent witness. */
struct sg_reading {
    double time;        /* seconds since 1970, when the engine read it */
    double cpu;         /* seconds since the container's start */
    double throttled;   /* seconds, or NaN */
    double memory;      /* bytes, anonymous memory (rss / anon), or NaN */
    double working_set; /* bytes, all but the page cache that is not in use, or NaN */
    double rx, tx;      /* bytes, or NaN */
};

/* How the container stood when the window was over. */
struct sg_container_state {
    bool running;
    bool oom_killed;
    int exit_code;
    int restarts;
    char *log; /* its last lines, or NULL */
};

/* How long the quickest `share` of the requests took at most. */
struct sg_quantile {
    double share, seconds;
};
#define SG_QUANTILES 12

/* What k6's summary has of a metric with `k6`, in the window. */
struct sg_k6_value {
    char *k6, *stat; /* as in the metric */
    char *type;      /* of it in k6: "trend", "counter", "rate", "gauge"; NULL: nothing was added */
    bool time;       /* k6 tells it in milliseconds, by its own word */
    double value;    /* as k6 tells it; NaN where there is none */
};

/* k6's end-of-test summary, by the testbench's wrapper script. */
struct sg_load_summary {
    double warmup_start, warmup_end; /* seconds since 1970, k6's clock */
    double start, end;               /* of the measured scenario: first start, last end */
    double requests, failed;         /* measured scenario */
    double warmup_requests;
    double dropped;            /* iterations, both scenarios */
    double iterations;         /* measured scenario */
    double failed_iterations;  /* the same: those that ended with an exception */
    double iteration;          /* the same: mean length of one, seconds; NaN where none ended */
    double p95;                /* seconds, successful requests of the measured scenario */
    double avg, p50, p90, p99; /* the same; one number over all tags, unlike Prometheus' series */
    struct sg_quantile latency[SG_QUANTILES]; /* the same, those that k6 told, the quickest first */
    size_t latency_count;
    double vus_max, vus_limit;
    struct sg_k6_value *k6; /* of the metrics that are asked for */
    size_t k6_count;
    char
        *k6_names; /* of all metrics that k6 or the script made, "checkout_time, orders"; or NULL */
    double bytes_received, bytes_sent;
    double early; /* in a sliced block: seconds that it had to wait for the common start, or NaN */
    int exit_code;
    char *log; /* k6's standard error, its last lines; NULL when clean */
};

#endif
