/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring without Prometheus: the script's numbers, and the real checks of lib/measure over what
 * the fake bench saw. */
#include "measure/measure.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "fake/internal.h"
#include "measure/curve.h"
#include "measure/validity.h"

static void start(const struct sg_measuring *m)
{
    struct sg_repetition *r = m->repetition;
    const struct sg_window *w = m->window;
    r->values =
        r->values != NULL ? r->values : sg_alloc(m->session->metrics_count + 1, sizeof(double));
    for (size_t i = 0; i < m->session->metrics_count; i++) {
        r->values[i] = NAN;
    }
    r->container_id = sg_strdup(w->service_id);
    r->generator_id = sg_strdup(w->generator_id);
    r->warmup_start = w->load.warmup_start;
    r->start = w->load.start;
    r->end = w->load.end;
    r->steal = w->steal;
    r->summary_requests = w->load.requests;
    r->summary_p95 = w->load.p95;
    m->series->slot = r->slot;
    m->series->variant = sg_strdup(r->variant);
    sg_curve_latency(&w->load, &m->series->latency);
}

/* "at WHERE queues RATE" */
static double longer(const struct sg_session *session, const char *name)
{
    bool queues = session->plan.rate > sg_fake_at_number(&sg_fake_now, "queues", INFINITY);
    return queues && sg_starts_with(name, "latency_") ? 10 : 1;
}

static double value_of(const struct sg_measuring *m, const char *name)
{
    const struct sg_window *window = m->window;
    const struct sg_load_summary *load = &window->load;
    if (sg_streq(name, "requests")) {
        return load->requests;
    }
    if (sg_streq(name, "errors")) {
        return load->failed;
    }
    if (sg_streq(name, "error_rate")) {
        return load->failed / load->requests;
    }
    if (sg_streq(name, "throughput")) {
        return load->requests / sg_window_loaded(window);
    }
    return sg_streq(name, "generator_steal")
               ? window->steal
               : longer(m->session, name) * sg_fake_value(&sg_fake_now, name);
}

static bool is_missing(const char *name)
{
    size_t at = 0;
    const struct sg_fake_row *row = NULL;
    while ((row = sg_fake_at(&sg_fake_now, "missing", &at)) != NULL) {
        if (sg_streq(row->word[3], name)) {
            return true;
        }
    }
    return false;
}

static void measure(const struct sg_measuring *m)
{
    struct sg_repetition *r = m->repetition;
    const struct sg_load_summary *load = &m->window->load;
    r->requests = load->requests;
    r->errors = load->failed;
    r->dropped = load->dropped;
    double used = sg_fake_value(&sg_fake_now, "cpu_per_request") * r->requests;
    r->service_cpu.value = is_missing("cpu_per_request") ? NAN : used;
    r->witness_cpu = is_missing("witness_cpu") ? NAN : used;
    r->service_cpu.idle_rate = sg_fake_at_number(&sg_fake_now, "waits", 0);
    r->generator_cpu.value = sg_fake_value(&sg_fake_now, "generator_cpu_per_request") * r->requests;
    for (size_t i = 0; i < m->session->metrics_count; i++) {
        const char *name = m->session->metrics[i].name;
        r->values[i] = is_missing(name) ? NAN : value_of(m, name);
    }
}

static enum sg_severity severity_of(const char *word)
{
    static const char *const words[] = {"note", "warn", "invalid", "fail"};
    for (size_t i = 0; i < SG_COUNT(words); i++) {
        if (sg_streq(words[i], word)) {
            return (enum sg_severity)i;
        }
    }
    sg_fake_script_wrong(word != NULL ? word : "finding");
}

/* "at WHERE finding SEVERITY CHECK" */
static void add_findings(struct sg_repetition *repetition)
{
    size_t at = 0;
    const struct sg_fake_row *row = NULL;
    while ((row = sg_fake_at(&sg_fake_now, "finding", &at)) != NULL) {
        sg_repetition_add_finding(repetition, severity_of(row->word[3]),
                                  row->word[4] != NULL ? row->word[4] : "finding", NULL,
                                  "the script says so");
    }
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
                             .err = err};
    if (repetition->rotation > 0) {
        sg_fake_moment_at(repetition->slot);
    }
    start(&m);
    if (!sg_fake_call("measure", err, "slot=%d variant=%s", repetition->slot,
                      repetition->variant)) {
        return false;
    }
    sg_check_state(&m);
    if (!sg_check_window(&m)) {
        return true;
    }
    measure(&m);
    sg_check_generator(&m);
    sg_check_agreement(&m, window->load.p95);
    sg_check_waiting(&m);
    sg_check_host(&m);
    add_findings(repetition);
    return true;
}
