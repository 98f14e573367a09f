/* SPDX-License-Identifier: Apache-2.0 */
/* One repetition: first the counts and brackets that all metrics stand on, then the table of
 * built-in metrics, then the checks. To add a metric: a row in `builtins`, a row in the catalogue.
 */
#include "measure/measure.h"

#include <math.h>

#include "base/text.h"
#include "measure/ask.h"
#include "measure/container.h"
#include "measure/curve.h"
#include "measure/load.h"
#include "measure/no_http.h"
#include "measure/own.h"
#include "measure/user.h"
#include "measure/validity.h"
#include "measure/witness.h"

struct builtin {
    const char *name;
    bool (*measure)(struct sg_measuring *m, const struct sg_metric *metric, const char *detail,
                    double *out);
    const char *detail;
};

static double window_seconds(const struct sg_measuring *m)
{
    return sg_window_loaded(m->window);
}

/* Whether the gates ask for it. */
static bool is_gated(const struct sg_session *session, const struct sg_metric *metric)
{
    for (size_t i = 0; i < session->gates_count; i++) {
        const struct sg_gate *gate = &session->gates[i];
        if (sg_streq(gate->metric, metric->name) && sg_streq(gate->of, metric->of) &&
            sg_streq(gate->request, metric->request))
            return true;
    }
    return false;
}

static bool latency(struct sg_measuring *m, const struct sg_metric *metric, const char *stat,
                    double *out)
{
    if (m->no_http && metric->request == NULL) {
        if (is_gated(m->session, metric))
            sg_no_http_latency(m, metric);
        return true;
    }
    return sg_load_latency(m, metric->request, stat, out);
}

/* The whole window's counts are known from the start. */
static bool counts_of(struct sg_measuring *m, const char *request, struct sg_load_counts *out)
{
    *out = (struct sg_load_counts){m->repetition->requests, m->repetition->errors};
    return request == NULL || sg_load_counts(m, request, out);
}

static bool count(struct sg_measuring *m, const struct sg_metric *metric, const char *what,
                  double *out)
{
    struct sg_load_counts counts;
    if (!counts_of(m, metric->request, &counts))
        return false;
    if (sg_streq(what, "errors"))
        *out = counts.errors;
    else if (sg_streq(what, "error_rate"))
        *out = counts.errors / counts.requests;
    else if (sg_streq(what, "throughput"))
        *out = counts.requests / window_seconds(m);
    else
        *out = counts.requests;
    return true;
}

/* CPU seconds of the metric's container; of the service they are known from the start. */
static bool cpu_of(struct sg_measuring *m, const struct sg_metric *metric, double *out)
{
    struct sg_container container;
    struct sg_bracket bracket = {.value = NAN};
    if (metric->of == NULL)
        bracket = m->repetition->service_cpu;
    else if (sg_container_find(m, metric->of, &container) &&
             !sg_container_cpu(m, &container, &bracket))
        return false;
    *out = bracket.value;
    return true;
}

static bool cpu_per_request(struct sg_measuring *m, const struct sg_metric *metric,
                            const char *detail, double *out)
{
    (void)detail;
    if (!cpu_of(m, metric, out))
        return false;
    *out /= m->repetition->requests;
    return true;
}

static bool cpu_cores(struct sg_measuring *m, const struct sg_metric *metric, const char *detail,
                      double *out)
{
    (void)detail;
    if (!cpu_of(m, metric, out))
        return false;
    *out /= window_seconds(m);
    return true;
}

static bool memory(struct sg_measuring *m, const struct sg_metric *metric, const char *what,
                   double *out)
{
    struct sg_container container;
    struct sg_gauge gauge;
    bool mean = sg_streq(what, "mean");
    *out = NAN;
    if (!sg_container_find(m, metric->of, &container))
        return true;
    /* RSS holds what the service itself asked for; the working set also what the kernel keeps. */
    if (!sg_container_gauge(m, &container,
                            mean ? "container_memory_working_set_bytes" : "container_memory_rss",
                            &gauge))
        return false;
    if (sg_streq(container.id, m->window->service_id))
        sg_check_memory(m, mean, gauge.mean);
    *out = mean ? gauge.mean : sg_streq(what, "max") ? gauge.max : gauge.slope;
    return true;
}

static bool network(struct sg_measuring *m, const struct sg_metric *metric, const char *direction,
                    double *out)
{
    struct sg_container container;
    *out = NAN;
    if (!sg_container_find(m, metric->of, &container))
        return true;
    if (!sg_container_network(m, &container, direction, out))
        return false;
    if (sg_streq(container.id, m->window->service_id))
        sg_check_network(m, sg_streq(direction, "receive"), *out);
    *out /= m->repetition->requests;
    return true;
}

/* Without a CPU quota cAdvisor has no such series; the engine's reading says a true zero. */
static bool throttled(struct sg_measuring *m, const struct sg_metric *metric, const char *detail,
                      double *out)
{
    (void)detail;
    struct sg_container container;
    *out = NAN;
    if (!sg_container_find(m, metric->of, &container))
        return true;
    if (!sg_container_throttled(m, &container, out))
        return false;
    struct sg_edges edges = sg_container_edges(m, &container);
    if (isnan(*out) && sg_streq(container.id, m->window->service_id))
        *out = sg_witness_throttled(m->window->readings, m->window->readings_count, &edges);
    return true;
}

static bool restarts(struct sg_measuring *m, const struct sg_metric *metric, const char *detail,
                     double *out)
{
    (void)detail;
    struct sg_container container;
    *out = m->window->state.restarts;
    if (metric->of == NULL)
        return true;
    *out = NAN;
    return !sg_container_find(m, metric->of, &container) ||
           sg_container_restarts(m, &container, out);
}

/* New connections that the service took. */
static bool connections(struct sg_measuring *m, const struct sg_metric *metric, const char *detail,
                        double *out)
{
    (void)metric;
    (void)detail;
    struct sg_container service = sg_container_service(m);
    double opened = NAN;
    if (!sg_container_connections(m, &service, &opened))
        return false;
    *out = opened / m->repetition->requests;
    return true;
}

/* Of the host, without a look at the service. */
static bool contention(struct sg_measuring *m, const struct sg_metric *metric, const char *of,
                       double *out)
{
    (void)metric;
    *out = sg_streq(of, "core") ? m->window->core_contention : m->window->cache_contention;
    return true;
}

/* Of the generator: what its work cost it, and how much work it was. */
static bool generator(struct sg_measuring *m, const struct sg_metric *metric, const char *what,
                      double *out)
{
    (void)metric;
    const struct sg_load_summary *load = &m->window->load;
    double requests = m->repetition->requests;
    if (sg_streq(what, "cpu"))
        *out = m->repetition->generator_cpu.value / requests;
    else if (sg_streq(what, "steal"))
        *out = m->window->steal;
    else if (sg_streq(what, "received"))
        *out = load->bytes_received / requests;
    else
        *out = load->bytes_sent / requests;
    return true;
}

static const struct builtin builtins[] = {
    {"latency_avg", latency, "avg"},
    {"latency_p50", latency, "p50"},
    {"latency_p90", latency, "p90"},
    {"latency_p95", latency, "p95"},
    {"latency_p99", latency, "p99"},
    {"latency_max", latency, "max"},
    {"requests", count, "requests"},
    {"errors", count, "errors"},
    {"error_rate", count, "error_rate"},
    {"throughput", count, "throughput"},
    {"cpu_per_request", cpu_per_request, NULL},
    {"cpu_cores", cpu_cores, NULL},
    {"memory_max", memory, "max"},
    {"memory_mean", memory, "mean"},
    {"memory_growth", memory, "growth"},
    {"network_rx_per_request", network, "receive"},
    {"network_tx_per_request", network, "transmit"},
    {"throttled_time", throttled, NULL},
    {"restarts", restarts, NULL},
    {"generator_cpu_per_request", generator, "cpu"},
    {"generator_steal", generator, "steal"},
    {"core_contention", contention, "core"},
    {"cache_contention", contention, "cache"},
    {"bytes_received_per_request", generator, "received"},
    {"bytes_sent_per_request", generator, "sent"},
    {"connections_per_request", connections, NULL},
};

static bool measure_metric(struct sg_measuring *m, const struct sg_metric *metric, double *out)
{
    *out = NAN;
    if (metric->query != NULL)
        return sg_user_metric(m, metric, out);
    if (metric->k6 != NULL) {
        sg_own_metric(m, metric, out);
        return true;
    }
    for (size_t i = 0; i < SG_COUNT(builtins); i++)
        if (sg_streq(builtins[i].name, metric->name)) {
            bool ok = builtins[i].measure(m, metric, builtins[i].detail, out);
            if (!isfinite(*out))
                *out = NAN;
            return ok;
        }
    return sg_fail(m->err, SG_ERROR_INTERNAL, "no measurement for the built-in metric %s",
                   metric->name);
}

/* Data that no gate needs spoil nothing: what is missing there is a note. */
static void forgive(struct sg_repetition *repetition, size_t from)
{
    for (size_t i = from; i < repetition->findings_count; i++)
        if (repetition->findings[i].severity == SG_FINDING_INVALID)
            repetition->findings[i].severity = SG_FINDING_NOTE;
}

static bool measure_those(struct sg_measuring *m, bool gated)
{
    const struct sg_session *session = m->session;
    for (size_t i = 0; i < session->metrics_count; i++) {
        if (is_gated(session, &session->metrics[i]) != gated)
            continue;
        size_t findings = m->repetition->findings_count;
        if (!measure_metric(m, &session->metrics[i], &m->repetition->values[i]))
            return false;
        if (!gated)
            forgive(m->repetition, findings);
    }
    return true;
}

/* Those with gates first: what several metrics lack is told once, by the first of them. */
static bool measure_metrics(struct sg_measuring *m)
{
    return measure_those(m, true) && measure_those(m, false);
}

static void start_repetition(const struct sg_measuring *m)
{
    struct sg_repetition *r = m->repetition;
    const struct sg_window *w = m->window;
    size_t metrics = m->session->metrics_count;
    if (r->values == NULL)
        r->values = sg_alloc(metrics + 1, sizeof *r->values);
    for (size_t i = 0; i < metrics; i++)
        r->values[i] = NAN;
    if (r->container_id == NULL)
        r->container_id = sg_strdup(w->service_id);
    if (r->generator_id == NULL)
        r->generator_id = sg_strdup(w->generator_id);
    r->warmup_start = w->load.warmup_start;
    r->start = w->load.start;
    r->end = w->load.end;
    r->steal = w->steal;
    r->summary_requests = w->load.requests;
    r->iterations = w->load.iterations;
    r->failed_iterations = w->load.failed_iterations;
    r->summary_p95 = w->load.p95;
}

static void start_series(const struct sg_measuring *m)
{
    m->series->slot = m->repetition->slot;
    m->series->variant = sg_strdup(m->repetition->variant);
    sg_curve_latency(&m->window->load, &m->series->latency);
}

static bool count_requests(struct sg_measuring *m)
{
    struct sg_load_counts counts;
    if (m->no_http) {
        sg_no_http_count(m);
        return true;
    }
    if (!sg_load_counts(m, NULL, &counts))
        return false;
    m->repetition->requests = counts.requests;
    m->repetition->errors = counts.errors;
    return true;
}

/* CPU time of the service for its gates; that of the generator for its check alone, for which the
 * engine's own count will do. */
static bool measure_cpu(struct sg_measuring *m, const struct sg_container *service,
                        const struct sg_container *k6)
{
    struct sg_repetition *r = m->repetition;
    const struct sg_window *w = m->window;
    struct sg_edges edges = sg_container_edges(m, service), k6_edges = sg_container_edges(m, k6);
    size_t findings = r->findings_count;
    if (!sg_container_cpu(m, service, &r->service_cpu))
        return false;
    if (!sg_check_needs_cpu(m))
        forgive(r, findings);
    findings = r->findings_count;
    if (!sg_container_cpu(m, k6, &r->generator_cpu))
        return false;
    r->witness_cpu =
        sg_witness_cpu(w->readings, w->readings_count, &edges, r->service_cpu.idle_rate);
    r->witness_generator_cpu = sg_witness_cpu(w->generator_readings, w->generator_readings_count,
                                              &k6_edges, r->generator_cpu.idle_rate);
    if (isfinite(r->witness_generator_cpu))
        forgive(r, findings);
    return true;
}

/* Requests, CPU time of service and generator, and what the engine says of both. */
static bool measure_base(struct sg_measuring *m)
{
    struct sg_repetition *r = m->repetition;
    struct sg_container service = sg_container_service(m), k6 = sg_container_generator(m);
    if (!count_requests(m) || !sg_load_dropped(m, &r->dropped))
        return false;
    return measure_cpu(m, &service, &k6);
}

/* p95 for the comparison with k6's summary, from the session's metrics or asked for. */
static bool whole_p95(struct sg_measuring *m, double *out)
{
    const struct sg_session *s = m->session;
    int at = sg_session_find_metric(s, "latency_p95", NULL, NULL);
    *out = at >= 0 ? m->repetition->values[at] : NAN;
    return at >= 0 || m->no_http || sg_load_latency(m, NULL, "p95", out);
}

bool sg_measure(const struct sg_prom *prom, const struct sg_session *session,
                const struct sg_window *window, struct sg_repetition *repetition,
                struct sg_series *out_series, struct sg_error *err)
{
    struct sg_measuring m = {.prom = prom,
                             .session = session,
                             .window = window,
                             .repetition = repetition,
                             .series = out_series,
                             .no_http = sg_no_http(&window->load),
                             .err = err};
    double p95 = NAN;
    start_repetition(&m);
    start_series(&m);
    sg_check_state(&m);
    if (!sg_check_window(&m))
        return true;
    if (!measure_base(&m))
        return false;
    if (!measure_metrics(&m))
        return false;
    if (!whole_p95(&m, &p95))
        return false;
    sg_check_generator(&m);
    sg_check_agreement(&m, p95);
    sg_check_waiting(&m);
    sg_check_host(&m);
    return true;
}
