/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in metrics: unit, direction, scale, and whether the host's noise is taken out.
 * To add one: a row here, its measurement in lib/measure, a line in the guide. */
#include "config/config.h"

#include "base/text.h"

/* Metrics of time scatter with the host and are adjusted; memory, network, counts and slopes are
 * not (docs/method.md 4.7). */
static const struct sg_metric catalogue[] = {
    {.name = "latency_avg", .unit = "s", .scale = SG_SCALE_LOG, .adjust = true},
    {.name = "latency_p50", .unit = "s", .scale = SG_SCALE_LOG, .adjust = true},
    {.name = "latency_p90", .unit = "s", .scale = SG_SCALE_LOG, .adjust = true},
    {.name = "latency_p95", .unit = "s", .scale = SG_SCALE_LOG, .adjust = true},
    {.name = "latency_p99", .unit = "s", .scale = SG_SCALE_LOG, .adjust = true},
    {.name = "error_rate",
     .unit = "ratio",
     .scale = SG_SCALE_COUNT,
     .events = "errors",
     .trials = "requests"},
    {.name = "throughput", .unit = "1/s", .scale = SG_SCALE_LOG, .better = SG_HIGHER},
    {.name = "cpu_per_request", .unit = "s", .scale = SG_SCALE_LOG, .adjust = true},
    {.name = "cpu_cores", .unit = "cores", .scale = SG_SCALE_LOG, .adjust = true},
    {.name = "memory_max", .unit = "bytes", .scale = SG_SCALE_LOG},
    {.name = "memory_mean", .unit = "bytes", .scale = SG_SCALE_LOG},
    {.name = "memory_growth", .unit = "bytes/s", .scale = SG_SCALE_LINEAR},
    {.name = "network_rx_per_request", .unit = "bytes", .scale = SG_SCALE_LOG},
    {.name = "network_tx_per_request", .unit = "bytes", .scale = SG_SCALE_LOG},
    {.name = "throttled_time", .unit = "s", .scale = SG_SCALE_LINEAR},
    {.name = "restarts", .unit = "", .scale = SG_SCALE_EXACT},
    /* Bookkeeping of every session: counts behind error_rate, the work certificate. */
    {.name = "requests", .unit = "", .scale = SG_SCALE_LINEAR, .better = SG_HIGHER},
    {.name = "errors", .unit = "", .scale = SG_SCALE_LINEAR},
    {.name = "connections_per_request", .unit = "", .scale = SG_SCALE_LINEAR},
    {.name = "bytes_received_per_request", .unit = "bytes", .scale = SG_SCALE_LOG},
    {.name = "bytes_sent_per_request", .unit = "bytes", .scale = SG_SCALE_LOG},
    /* Control variates; the first one carries the prior slope. */
    {.name = "generator_cpu_per_request",
     .unit = "s",
     .scale = SG_SCALE_LOG,
     .role = SG_ROLE_COVARIATE},
    {.name = "generator_steal",
     .unit = "ratio",
     .scale = SG_SCALE_LINEAR,
     .role = SG_ROLE_COVARIATE},
    {.name = "core_contention", .unit = "ratio", .scale = SG_SCALE_LOG, .role = SG_ROLE_COVARIATE},
    {.name = "cache_contention", .unit = "ratio", .scale = SG_SCALE_LOG, .role = SG_ROLE_COVARIATE},
};

const struct sg_metric *sg_catalogue(size_t *count)
{
    *count = SG_COUNT(catalogue);
    return catalogue;
}

const struct sg_metric *sg_catalogue_find(const char *name)
{
    for (size_t i = 0; i < SG_COUNT(catalogue); i++) {
        if (sg_streq(catalogue[i].name, name)) {
            return &catalogue[i];
        }
    }
    return NULL;
}

double sg_catalogue_tolerance(const char *name)
{
    bool wide = sg_streq(name, "latency_p99") || sg_streq(name, "memory_max") ||
                sg_streq(name, "memory_mean");
    return wide ? 0.10 : 0.05;
}

double sg_metric_tolerance(const struct sg_metric *metric)
{
    bool tail = sg_k6_percentile(metric->stat) >= 99;
    return tail ? 0.10 : sg_catalogue_tolerance(metric->name);
}

bool sg_catalogue_per_container(const char *name)
{
    return sg_starts_with(name, "cpu_") || sg_starts_with(name, "memory_") ||
           sg_starts_with(name, "network_") || sg_streq(name, "throttled_time") ||
           sg_streq(name, "restarts");
}

bool sg_catalogue_per_request(const char *name)
{
    return sg_starts_with(name, "latency_") || sg_streq(name, "error_rate") ||
           sg_streq(name, "throughput") || sg_streq(name, "requests") || sg_streq(name, "errors");
}
