/* SPDX-License-Identifier: Apache-2.0 */
/* k6's counters and trend gauges of one repetition. */
#include "measure/load.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "measure/ask.h"

/* k6 stops sending a series when its last request is over; longer than any tail. */
#define LOOK_BACK "[15m]"

static char *selector(const struct sg_measuring *m, const char *metric, const char *more)
{
    char *testid = sg_prom_escape(m->window->testid);
    char *query =
        sg_format("last_over_time(%s{testid=\"%s\"%s}" LOOK_BACK ")", metric, testid, more);
    free(testid);
    return query;
}

static char *name_filter(const char *request)
{
    if (request == NULL)
        return sg_strdup("");
    char *escaped = sg_prom_escape(request);
    char *filter = sg_format(",name=\"%s\"", escaped);
    free(escaped);
    return filter;
}

static double last_value(const struct sg_prom_series *series)
{
    return series->points_count > 0 ? series->points[series->points_count - 1].value : NAN;
}

static void sum_counts(struct sg_measuring *m, const struct sg_matrix *matrix,
                       struct sg_load_counts *out)
{
    struct sg_load_counts sum = {0};
    bool told = true;
    for (size_t i = 0; i < matrix->count; i++) {
        const char *expected = sg_prom_label(&matrix->series[i], "expected_response");
        sum.requests += last_value(&matrix->series[i]);
        if (sg_streq(expected, "false"))
            sum.errors += last_value(&matrix->series[i]);
        told = told && expected != NULL;
    }
    if (!told) {
        sum.errors = NAN;
        sg_repetition_add_finding(
            m->repetition, sg_blame(m), "series", NULL,
            "k6 did not say which requests failed: the tag expected_response is missing; does the "
            "script call http.setResponseCallback(null)?");
    }
    *out = sum;
}

bool sg_load_counts(struct sg_measuring *m, const char *request, struct sg_load_counts *out)
{
    char *filter = name_filter(request);
    char *more = sg_format(",scenario=\"measure\"%s", filter);
    char *query = selector(m, "k6_http_reqs_total", more);
    struct sg_matrix matrix = {0};
    *out = (struct sg_load_counts){NAN, NAN};
    bool ok = sg_ask(m, "requests", query, sg_ask_time(m), &matrix);
    if (ok && matrix.count > 0) {
        sum_counts(m, &matrix, out);
        sg_ask_value(m, out->requests);
    } else if (ok && m->window->load.iterations > 0 && !(m->window->load.requests > 0)) {
        sg_repetition_add_finding(m->repetition, sg_blame(m), "series", m->window->load.log,
                                  "the script makes no HTTP request, so there is none with the "
                                  "name %s",
                                  request != NULL ? request : "");
    } else if (ok) {
        sg_repetition_add_finding(m->repetition, sg_blame(m), "series", m->window->load.log,
                                  "Prometheus has no request of k6 in the window%s%s: the script "
                                  "made none, or k6 could not write to Prometheus",
                                  request != NULL ? " with the name " : "",
                                  request != NULL ? request : "");
    }
    sg_matrix_clear(&matrix);
    free(query);
    free(more);
    free(filter);
    return ok;
}

bool sg_load_dropped(struct sg_measuring *m, double *out)
{
    char *query = selector(m, "k6_dropped_iterations_total", "");
    struct sg_matrix matrix = {0};
    bool ok = sg_ask(m, "dropped_iterations", query, sg_ask_time(m), &matrix);
    double window = 0, elsewhere = 0;
    for (size_t i = 0; i < matrix.count; i++) {
        const char *scenario = sg_prom_label(&matrix.series[i], "scenario");
        *(sg_streq(scenario, "measure") ? &window : &elsewhere) += last_value(&matrix.series[i]);
    }
    /* k6's summary counts both scenarios and cannot lose its last push. */
    double dropped = m->window->load.dropped;
    *out = isfinite(dropped) ? fmax(window, dropped - elsewhere) : window;
    if (ok)
        sg_ask_value(m, window);
    sg_matrix_clear(&matrix);
    free(query);
    return ok;
}

static void not_one(struct sg_measuring *m, const char *stat, const struct sg_matrix *matrix)
{
    char *first = matrix->count > 1 ? sg_ask_labels(&matrix->series[0]) : NULL;
    char *second = matrix->count > 1 ? sg_ask_labels(&matrix->series[1]) : NULL;
    if (matrix->count > 1)
        sg_repetition_add_finding(
            m->repetition, sg_blame(m), "series", NULL,
            "%zu series of latency %s instead of one, and quantiles of parts cannot be merged: "
            "tags of the script split them, such as %s and %s; remove these tags",
            matrix->count, stat, first, second);
    else
        sg_repetition_add_finding(m->repetition, sg_blame(m), "series", m->window->load.log,
                                  "Prometheus has no latency %s of this repetition although "
                                  "requests succeeded: k6 could not write it",
                                  stat);
    free(first);
    free(second);
}

/* Nothing succeeded, so there is no latency: error_rate has the say. */
static bool nothing_succeeded(const struct sg_measuring *m, const char *request)
{
    const struct sg_repetition *r = m->repetition;
    return request == NULL && !(r->requests > 0 && !(r->errors >= r->requests));
}

static double summary_value(const struct sg_load_summary *load, const char *stat)
{
    const struct {
        const char *stat;
        double value;
    } rows[] = {{"avg", load->avg},
                {"p50", load->p50},
                {"p90", load->p90},
                {"p95", load->p95},
                {"p99", load->p99}};
    for (size_t i = 0; i < SG_COUNT(rows); i++)
        if (sg_streq(rows[i].stat, stat))
            return rows[i].value;
    return NAN;
}

/* The script's tags part the series, and quantiles of parts cannot be merged. k6's summary has the
 * same exact quantile over all tags. */
static double merged_by_summary(struct sg_measuring *m, const char *stat, size_t parts)
{
    if (!sg_ask_found(m, "tags", NULL))
        sg_repetition_add_finding(m->repetition, SG_FINDING_NOTE, "tags", NULL,
                                  "the script's tags part latency into %zu series: the quantiles "
                                  "over all requests are those of k6's own summary",
                                  parts);
    return summary_value(&m->window->load, stat);
}

bool sg_load_latency(struct sg_measuring *m, const char *request, const char *stat, double *out)
{
    *out = NAN;
    char *filter = name_filter(request);
    char *more = sg_format(",scenario=\"measure\",expected_response=\"true\"%s", filter);
    char *metric = sg_format("k6_http_req_duration_%s", stat);
    char *label = sg_format("latency_%s", stat);
    char *query = selector(m, metric, more);
    struct sg_matrix matrix = {0};
    bool ok = sg_ask(m, label, query, sg_ask_time(m), &matrix);
    if (ok && matrix.count == 1)
        *out = last_value(&matrix.series[0]);
    else if (ok && matrix.count > 1 && request == NULL)
        *out = merged_by_summary(m, stat, matrix.count);
    else if (ok && !(matrix.count == 0 && nothing_succeeded(m, request)))
        not_one(m, stat, &matrix);
    if (isfinite(*out))
        sg_ask_value(m, *out);
    sg_matrix_clear(&matrix);
    free(query);
    free(label);
    free(metric);
    free(more);
    free(filter);
    return ok;
}
