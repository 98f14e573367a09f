/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for a container's raw samples and takes brackets and gauges from them. */
#include "measure/container.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "measure/ask.h"
#include "measure/curve.h"
#include "measure/missing.h"
#include "measure/pick.h"
#include "measure/witness.h"

#define MAX_INTERFACES 32
/* Without a warm-up the generator's start is the only idle stretch there is. */
#define IDLE_BEFORE 2.0
/* Ranges of Prometheus 3 are left-open and our clock is not its own: asked wider, cut here. */
#define RANGE_MARGIN 5.0
/* A gauge must be looked at densely. Housekeeping may take up to a second more than a scrape; a
 * longer hole is a warning, and more than a tenth of the window spoils the repetition. Counters do
 * not mind: their brackets lie outside the window. */
#define GAP_INTERVALS 2.5
#define GAP_ALLOWANCE 1.0
#define GAP_SHARE 0.10

struct sg_container sg_container_service(const struct sg_measuring *m)
{
    return (struct sg_container){.name = "the service", .id = m->window->service_id};
}

struct sg_container sg_container_generator(const struct sg_measuring *m)
{
    return (struct sg_container){.name = "k6", .id = m->window->generator_id, .is_generator = true};
}

bool sg_container_find(struct sg_measuring *m, const char *of, struct sg_container *out)
{
    const struct sg_window *w = m->window;
    size_t found = 0;
    if (of == NULL || sg_streq(of, w->service)) {
        *out = sg_container_service(m);
        return true;
    }
    for (size_t i = 0; i < w->others_count; i++)
        if (sg_streq(w->other_names[i], of)) {
            *out = (struct sg_container){.name = of, .id = w->other_ids[i]};
            found++;
        }
    if (found != 1 && !sg_ask_found(m, "container", of))
        sg_repetition_add_finding(m->repetition, sg_blame(m), "container", NULL,
                                  "%zu containers of %s in the stack instead of one", found, of);
    return found == 1;
}

double sg_window_loaded(const struct sg_window *window)
{
    return window->sliced ? window->loaded : window->load.end - window->load.start;
}

struct sg_edges sg_container_edges(const struct sg_measuring *m,
                                   const struct sg_container *container)
{
    const struct sg_load_summary *load = &m->window->load;
    bool warmed = load->warmup_end > 0 && load->warmup_end < load->start;
    return (struct sg_edges){
        .from = warmed ? load->warmup_end + SG_SETTLE_BEFORE : load->start - IDLE_BEFORE,
        .start = load->start,
        .end = load->end,
        .settled = load->end + SG_SETTLE_AFTER,
        .until = load->end + (container->is_generator ? SG_IDLE_AFTER : SG_TAIL)};
}

struct sg_edges sg_container_network_edges(const struct sg_measuring *m,
                                           const struct sg_container *container)
{
    struct sg_edges edges = sg_container_edges(m, container);
    edges.until = edges.end + SG_IDLE_AFTER;
    return edges;
}

/* All raw samples of the container's metric around the window; `where`: further matchers. */
static bool ask_raw_where(struct sg_measuring *m, const struct sg_container *container,
                          const char *metric, const char *where, const char *label,
                          struct sg_matrix *out)
{
    double time = sg_ask_time(m);
    double range = time - sg_container_edges(m, container).from + RANGE_MARGIN;
    char *id = sg_prom_escape_regex(container->id);
    char *query = sg_format("%s{id=~\".*%s.*\"%s}[%.0fs]", metric, id, where, ceil(range));
    bool ok = sg_ask(m, label, query, time, out);
    free(query);
    free(id);
    return ok;
}

static bool ask_raw(struct sg_measuring *m, const struct sg_container *container,
                    const char *metric, const char *label, struct sg_matrix *out)
{
    return ask_raw_where(m, container, metric, "", label, out);
}

static bool take_between(struct sg_measuring *m, const struct sg_container *container,
                         const struct sg_edges *edges, const struct sg_prom_series *series,
                         const char *what, struct sg_bracket *out)
{
    enum sg_bracket_status status =
        sg_bracket_take(series->points, series->points_count, edges, NAN, out);
    if (status != SG_BRACKET_OK)
        sg_missing_bracket(m, container, what, status, series);
    return status == SG_BRACKET_OK;
}

static bool take(struct sg_measuring *m, const struct sg_container *container,
                 const struct sg_prom_series *series, const char *what, struct sg_bracket *out)
{
    struct sg_edges edges = sg_container_edges(m, container);
    return take_between(m, container, &edges, series, what, out);
}

static bool is_service(const struct sg_measuring *m, const struct sg_container *container)
{
    return sg_streq(container->id, m->window->service_id);
}

/* A picture needs one answer; the service may be asked for more than once. */
static void draw(struct sg_measuring *m, const struct sg_prom_series *series,
                 void (*curve)(const struct sg_prom_point *samples, size_t count, double start,
                               double end, struct sg_points *out),
                 struct sg_points *out)
{
    if (out->count == 0)
        curve(series->points, series->points_count, m->window->load.start, m->window->load.end,
              out);
}

static void keep_cpu(struct sg_measuring *m, const struct sg_container *container,
                     const struct sg_prom_series *series, struct sg_bracket *out)
{
    const struct sg_load_summary *load = &m->window->load;
    if (is_service(m, container))
        draw(m, series, sg_curve_rate, &m->series->cpu);
    if (!take(m, container, series, "CPU time", out))
        return;
    sg_ask_value(m, out->value);
    if (isnan(out->idle_rate))
        sg_repetition_add_finding(m->repetition, SG_FINDING_WARN, "idle_rate", NULL,
                                  "too few idle samples of %s to know its idle CPU use; nothing "
                                  "was taken off for %.1f s outside the window",
                                  container->name, (out->tb - out->ta) - (load->end - load->start));
    if (is_service(m, container))
        sg_ask_derived(
            m, "steady_state",
            sg_points_drift(series->points, series->points_count, load->start, load->end));
}

bool sg_container_cpu(struct sg_measuring *m, const struct sg_container *container,
                      struct sg_bracket *out)
{
    *out = (struct sg_bracket){NAN, NAN, NAN, NAN, NAN, NAN};
    struct sg_matrix matrix = {0};
    char *label = sg_format("CPU of %s", container->name);
    bool ok = ask_raw(m, container, "container_cpu_usage_seconds_total", label, &matrix);
    size_t count = 0;
    const struct sg_prom_series *series = ok ? sg_pick_cpu(&matrix, &count) : NULL;
    if (series != NULL)
        keep_cpu(m, container, series, out);
    else if (ok && count == 0)
        ok = sg_missing_container(m, container);
    else if (ok)
        sg_missing_one(m, container, "container_cpu_usage_seconds_total", &matrix, count);
    free(label);
    sg_matrix_clear(&matrix);
    return ok;
}

/* The engine counts the bytes of the service's interfaces, too: with some engines cAdvisor does not
 * (docs/engines.md). */
static bool network_by_engine(struct sg_measuring *m, const struct sg_container *container,
                              const char *metric, bool received, double *out)
{
    struct sg_edges edges = sg_container_network_edges(m, container);
    if (!is_service(m, container))
        return false;
    *out = sg_witness_network(m->window->readings, m->window->readings_count, &edges, received);
    if (isnan(*out))
        return false;
    if (!sg_ask_found(m, "cadvisor", container->name))
        sg_repetition_add_finding(m->repetition, SG_FINDING_NOTE, "series", NULL,
                                  "no series of %s for %s: the bytes are the engine's own count",
                                  metric, container->name);
    return true;
}

bool sg_container_network(struct sg_measuring *m, const struct sg_container *container,
                          const char *direction, double *out)
{
    *out = NAN;
    const struct sg_prom_series *own[MAX_INTERFACES];
    struct sg_edges edges = sg_container_network_edges(m, container);
    struct sg_matrix matrix = {0};
    char *metric = sg_format("container_network_%s_bytes_total", direction);
    bool ok = ask_raw(m, container, metric, metric, &matrix);
    size_t count = sg_pick_own(&matrix, own, MAX_INTERFACES);
    double sum = 0;
    for (size_t i = 0; i < count && i < MAX_INTERFACES; i++) {
        struct sg_bracket bracket = {.value = NAN};
        sum += take_between(m, container, &edges, own[i], metric, &bracket) ? bracket.value : NAN;
    }
    if (count > 0 && count <= MAX_INTERFACES) {
        *out = sum;
        sg_ask_value(m, sum);
    } else if (ok && !(count == 0 && network_by_engine(m, container, metric,
                                                       sg_streq(direction, "receive"), out))) {
        sg_missing_one(m, container, metric, &matrix, count);
    }
    free(metric);
    sg_matrix_clear(&matrix);
    return ok;
}

bool sg_container_throttled(struct sg_measuring *m, const struct sg_container *container,
                            double *out)
{
    const char *metric = "container_cpu_cfs_throttled_seconds_total";
    const struct sg_prom_series *own[1];
    struct sg_matrix matrix = {0};
    struct sg_bracket bracket;
    *out = NAN;
    bool ok = ask_raw(m, container, metric, metric, &matrix);
    size_t count = sg_pick_own(&matrix, own, 1);
    if (count == 1 && take(m, container, own[0], "throttled time", &bracket)) {
        *out = fmax(bracket.vb - bracket.va, 0); /* nothing is throttled while idle */
        sg_ask_value(m, *out);
    } else if (count > 1) {
        sg_missing_one(m, container, metric, &matrix, count);
    }
    sg_matrix_clear(&matrix);
    return ok;
}

bool sg_container_connections(struct sg_measuring *m, const struct sg_container *container,
                              double *out)
{
    const struct sg_prom_series *own[1];
    struct sg_matrix matrix = {0};
    struct sg_bracket bracket;
    *out = NAN;
    bool ok = ask_raw_where(m, container, "container_network_advance_tcp_stats_total",
                            ",tcp_state=\"passiveopens\"", "connections", &matrix);
    size_t count = sg_pick_own(&matrix, own, 1);
    struct sg_edges edges = sg_container_network_edges(m, container);
    if (count == 1 && take_between(m, container, &edges, own[0], "connections", &bracket)) {
        *out = bracket.vb - bracket.va; /* nobody connects while idle */
        sg_ask_value(m, *out);
    }
    sg_matrix_clear(&matrix);
    return ok;
}

static void check_gap(struct sg_measuring *m, const struct sg_container *container, double gap)
{
    double window = m->window->load.end - m->window->load.start;
    double limit = GAP_INTERVALS * m->window->scrape_interval + GAP_ALLOWANCE;
    if (!(gap > limit) || sg_ask_found(m, "scrape_gap", container->name))
        return;
    enum sg_severity severity =
        gap > fmax(limit, GAP_SHARE * window) ? sg_blame(m) : SG_FINDING_WARN;
    sg_repetition_add_finding(m->repetition, severity, "scrape_gap", NULL,
                              "%.1f s of the window without a sample of the memory of %s (a scrape "
                              "every %.1f s was planned)",
                              gap, container->name, m->window->scrape_interval);
}

bool sg_container_gauge(struct sg_measuring *m, const struct sg_container *container,
                        const char *metric, struct sg_gauge *out)
{
    *out = (struct sg_gauge){.max = NAN, .mean = NAN, .slope = NAN, .gap = NAN};
    const struct sg_load_summary *load = &m->window->load;
    const struct sg_prom_series *own[1];
    struct sg_matrix matrix = {0};
    bool ok = ask_raw(m, container, metric, metric, &matrix);
    size_t count = sg_pick_own(&matrix, own, 1);
    if (count == 1 && is_service(m, container) && sg_streq(metric, "container_memory_rss"))
        draw(m, own[0], sg_curve_gauge, &m->series->memory);
    if (count == 1 &&
        sg_gauge_take(own[0]->points, own[0]->points_count, load->start, load->end, out)) {
        sg_ask_value(m, out->max);
        check_gap(m, container, out->gap);
    } else if (ok) {
        sg_missing_one(m, container, metric, &matrix, count);
    }
    sg_matrix_clear(&matrix);
    return ok;
}

bool sg_container_restarts(struct sg_measuring *m, const struct sg_container *container,
                           double *out)
{
    const char *metric = "container_start_time_seconds";
    const struct sg_prom_series *own[1];
    struct sg_matrix matrix = {0};
    *out = NAN;
    bool ok = ask_raw(m, container, metric, metric, &matrix);
    size_t count = sg_pick_own(&matrix, own, 1);
    if (count == 1) {
        *out = 0;
        for (size_t i = 1; i < own[0]->points_count; i++)
            *out += own[0]->points[i].value > own[0]->points[i - 1].value ? 1 : 0;
        sg_ask_value(m, *out);
    } else if (ok) {
        sg_missing_one(m, container, metric, &matrix, count);
    }
    sg_matrix_clear(&matrix);
    return ok;
}
