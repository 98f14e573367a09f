/* SPDX-License-Identifier: Apache-2.0 */
/* k6's end-of-test summary, as the wrapper script prints it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "testbench/internal.h"

static double value(const struct sg_json *metrics, const char *metric, const char *key,
                    double fallback)
{
    const struct sg_json *values = sg_json_get(sg_json_get(metrics, metric), "values");
    return sg_json_number(sg_json_get(values, key), fallback);
}

static const char latency[] = "http_req_duration{scenario:measure,expected_response:true}";

/* With summaryTrendStats of testbench/bench/k6/wrapper.js. */
static const struct {
    const char *key;
    double share;
} quantiles[SG_QUANTILES] = {
    {"min", 0},      {"p(1)", 0.01},  {"p(5)", 0.05},     {"p(10)", 0.1},
    {"p(25)", 0.25}, {"med", 0.5},    {"p(75)", 0.75},    {"p(90)", 0.9},
    {"p(95)", 0.95}, {"p(99)", 0.99}, {"p(99.9)", 0.999}, {"max", 1},
};

/* k6 tells zeros where there was no request. */
static void read_distribution(const struct sg_json *metrics, struct sg_load_summary *out)
{
    bool any = value(metrics, latency, "count", 0) > 0;
    for (size_t i = 0; any && i < SG_QUANTILES; i++) {
        double seconds = value(metrics, latency, quantiles[i].key, NAN) / 1e3;
        if (isfinite(seconds)) {
            out->latency[out->latency_count++] =
                (struct sg_quantile){.share = quantiles[i].share, .seconds = seconds};
        }
    }
}

static double iteration_length(const struct sg_json *metrics)
{
    static const char metric[] = "iteration_duration{scenario:measure}";
    return value(metrics, metric, "count", 0) > 0 ? value(metrics, metric, "avg", NAN) / 1e3 : NAN;
}

bool sg_summary_read(const char *text, size_t size, struct sg_load_summary *out,
                     struct sg_error *err)
{
    struct sg_json *json = sg_json_parse(text, size, "k6's summary", err);
    if (json == NULL) {
        return false;
    }
    const struct sg_json *m = sg_json_get(json, "metrics");
    double failed_passes = value(m, "http_req_failed{scenario:measure}", "passes", 0);
    *out = (struct sg_load_summary){
        .warmup_start = value(m, "svcgate_warmup_start", "value", NAN) / 1e3,
        .start = value(m, "svcgate_measure_start", "value", NAN) / 1e3,
        .end = value(m, "svcgate_measure_end", "value", NAN) / 1e3,
        .requests = value(m, "http_reqs{scenario:measure}", "count", 0),
        .failed = failed_passes,
        .warmup_requests = value(m, "http_reqs{scenario:warmup}", "count", 0),
        .dropped = value(m, "dropped_iterations{scenario:measure}", "count", 0) +
                   value(m, "dropped_iterations{scenario:warmup}", "count", 0),
        .iterations = value(m, "iterations{scenario:measure}", "count", 0),
        .failed_iterations = value(m, "svcgate_failed_iterations{scenario:measure}", "count", 0),
        .iteration = iteration_length(m),
        .avg = value(m, latency, "avg", NAN) / 1e3,
        .p50 = value(m, latency, "med", NAN) / 1e3,
        .p90 = value(m, latency, "p(90)", NAN) / 1e3,
        .p95 = value(m, latency, "p(95)", NAN) / 1e3,
        .p99 = value(m, latency, "p(99)", NAN) / 1e3,
        .vus_max = value(m, "vus", "max", NAN),
        .early = value(m, "svcgate_early", "value", NAN) / 1e3,
        .bytes_received = value(m, "data_received{scenario:measure}", "count", NAN),
        .bytes_sent = value(m, "data_sent{scenario:measure}", "count", NAN),
    };
    read_distribution(m, out);
    sg_json_free(json);
    return true;
}

/* The last part of a path: the bundle has a folder of its own for them. NULL where that is none. */
static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    return name[0] == '\0' || sg_streq(name, ".") || sg_streq(name, "..") ? NULL : name;
}

static void take_files(const struct sg_json *files, struct sg_pair **out_files, size_t *out_count)
{
    const struct sg_json *first = sg_json_is_object(files) ? sg_json_first(files) : NULL;
    for (const struct sg_json *one = first; one != NULL; one = sg_json_next(one)) {
        const char *name = file_name(sg_json_key(one));
        if (name != NULL && sg_json_is_string(one)) {
            *out_files = sg_grow(*out_files, *out_count, sizeof(**out_files));
            (*out_files)[(*out_count)++] = (struct sg_pair){
                .key = sg_strdup(name), .value = sg_strdup(sg_json_string(one, ""))};
        }
    }
}

void sg_summary_split(const char *text, size_t size, char **out_summary, struct sg_pair **out_files,
                      size_t *out_count)
{
    struct sg_error ignored = {0};
    struct sg_json *json = sg_json_parse(text, size, "k6's summary", &ignored);
    if (!sg_json_is_object(json)) {
        *out_summary = sg_strdup(text);
        sg_json_free(json);
        return;
    }
    const struct sg_json *files = sg_json_get(json, "files");
    struct sg_json *rest = sg_json_new_object();
    for (const struct sg_json *m = sg_json_first(json); m != NULL; m = sg_json_next(m)) {
        if (m != files) {
            sg_json_set(rest, sg_json_key(m), sg_json_copy(m));
        }
    }
    take_files(files, out_files, out_count);
    *out_summary = sg_json_write(rest, 0);
    sg_json_free(rest);
    sg_json_free(json);
}
