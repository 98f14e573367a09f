/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of one repetition and their limits (docs/method.md 3). */
#include "measure/validity.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "measure/ask.h"
#include "measure/container.h"
#include "measure/measure.h"
#include "measure/witness.h"

#define MIN_ACHIEVED 0.995     /* iterations done of those planned */
#define MAX_DROPPED 0.001      /* iterations dropped of those planned */
#define MAX_GENERATOR_CPU 0.85 /* of the CPUs that k6 may use */
#define MAX_LOST 0.0005        /* requests that the last push may have missed */
#define EQUAL_QUANTILE 1e-6    /* printing and dividing by 1000 */
#define MAX_QUANTILE 1e-3      /* beyond: another set of requests */
#define MAX_WAITING 0.01       /* CPUs that a container of a block uses while it waits */
#define LONG_ITERATION 0.5     /* of a slice */
#define MAX_LATE 0.1           /* seconds between the generators of a block */
#define SHORTEST_WINDOW 0.9    /* of the planned duration */
#define MIN_READINGS 4         /* of the engine in the window, for a mean of memory */
#define LONG_WINDOW 10         /* seconds in which there are more than these, also of old engines */
#define MIB (1 << 20)

bool sg_check_needs_cpu(const struct sg_measuring *m)
{
    const struct sg_session *session = m->session;
    for (size_t i = 0; i < session->gates_count; i++)
        if (sg_starts_with(session->gates[i].metric, "cpu_") && session->gates[i].of == NULL)
            return true;
    return false;
}

static void state_failed(struct sg_measuring *m, const char *check, const char *what)
{
    const struct sg_container_state *state = &m->window->state;
    m->crashed = true;
    sg_repetition_add_finding(m->repetition, SG_FINDING_FAIL, check, state->log,
                              "the service %s (exit status %d, restarted %d times)", what,
                              state->exit_code, state->restarts);
}

void sg_check_state(struct sg_measuring *m)
{
    const struct sg_container_state *state = &m->window->state;
    if (state->oom_killed)
        state_failed(m, "oom_killed", "was killed for want of memory under load");
    else if (!state->running)
        state_failed(m, "exited", "exited under load");
    else if (state->restarts > 0)
        state_failed(m, "restarted", "was restarted under load");
}

bool sg_check_window(struct sg_measuring *m)
{
    const struct sg_load_summary *load = &m->window->load;
    double planned = m->window->planned, length = load->end - load->start;
    bool ordered = load->start > 0 && length > 0 &&
                   (!(load->warmup_end > 0) || load->warmup_end <= load->start);
    if (!ordered)
        sg_repetition_add_finding(
            m->repetition, sg_blame(m), "window", load->log,
            "k6 gave no usable times of the window (exit status %d): it ended before its summary, "
            "or the clock was set",
            load->exit_code);
    else if (planned > 0 && length < SHORTEST_WINDOW * planned)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "window", load->log,
                                  "the window lasted %.1f s of %.1f s planned: the load stopped "
                                  "early, or the clock was set",
                                  length, planned);
    else if (m->window->sliced && fabs(load->start - m->window->due) > MAX_LATE)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "late", load->log,
                                  "this generator's window began %.2f s away from that of the "
                                  "block: the host was too busy to start all of them in time",
                                  load->start - m->window->due);
    return ordered;
}

/* The last iteration of a ramping rate falls on the window's end, and may be left out. */
static double planned_iterations(const struct sg_measuring *m)
{
    const struct sg_window *w = m->window;
    double planned = m->session->plan.rate * (w->sliced ? w->loaded : w->planned);
    return planned > 0 ? planned - (w->sliced ? 1 : 0) : NAN;
}

/* Too many drops explain a missed rate: one cause, one finding. */
static void check_rate(struct sg_measuring *m)
{
    const struct sg_load_summary *load = &m->window->load;
    double planned = planned_iterations(m), dropped = m->repetition->dropped;
    bool all_used = load->vus_limit > 0 && load->vus_max >= load->vus_limit;
    char needs[96] = "";
    if (all_used && load->iteration > 0)
        (void)snprintf(needs, sizeof needs, " (an iteration lasts %.3g s, so %.0f are in use)",
                       load->iteration, ceil(m->session->plan.rate * load->iteration));
    if (dropped > fmax(MAX_DROPPED * planned, 1)) /* one is a stall, however short the window */
        sg_repetition_add_finding(m->repetition, sg_blame(m), "dropped_iterations", load->log,
                                  "k6 dropped %.0f of %.0f iterations (%.2f %%)%s%s: the service "
                                  "did not keep up with the "
                                  "rate, or k6 was short of virtual users or CPU",
                                  dropped, planned, 100 * dropped / planned,
                                  all_used ? " with all its virtual users in use" : "", needs);
    else if (load->iterations < MIN_ACHIEVED * planned)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "rate", load->log,
                                  "k6 did %.0f of %.0f planned iterations: the rate was not "
                                  "reached, so the load was not the same for all variants",
                                  load->iterations, planned);
    /* All in use and something dropped: the reserve was too small; all in use alone is close. */
    else if (all_used)
        sg_repetition_add_finding(m->repetition, dropped > 0 ? sg_blame(m) : SG_FINDING_WARN, "vus",
                                  NULL,
                                  "k6 had all %.0f virtual users in use (%.0f iterations dropped): "
                                  "raise load.vus",
                                  load->vus_limit, dropped);
}

static void check_generator_cpu(struct sg_measuring *m)
{
    const struct sg_window *w = m->window;
    double available = w->generator_cpus * sg_window_loaded(w);
    const struct sg_repetition *r = m->repetition;
    double used =
        isfinite(r->generator_cpu.value) ? r->generator_cpu.value : r->witness_generator_cpu;
    if (used > MAX_GENERATOR_CPU * available)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "generator_cpu", NULL,
                                  "k6 used %.0f %% of its %.3g CPUs, more than %.0f %%: it delays "
                                  "what it measures; lower the rate or give it more CPUs",
                                  100 * used / available, w->generator_cpus,
                                  100 * MAX_GENERATOR_CPU);
}

void sg_check_generator(struct sg_measuring *m)
{
    const struct sg_load_summary *load = &m->window->load;
    if (load->exit_code != 0)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "generator_exit", load->log,
                                  "k6 ended with status %d", load->exit_code);
    else if (load->log != NULL && load->log[0] != '\0')
        sg_repetition_add_finding(m->repetition, SG_FINDING_WARN, "generator_log", load->log,
                                  "k6 complained while it ran");
    check_rate(m);
    check_generator_cpu(m);
}

static void check_count(struct sg_measuring *m, const char *what, double prometheus, double summary)
{
    double off = fabs(prometheus - summary);
    if (!(off > 0)) /* equal, or one is not known and has its own finding */
        return;
    bool lost = off > MAX_LOST * fmax(m->repetition->requests, m->repetition->summary_requests);
    sg_repetition_add_finding(m->repetition, lost ? sg_blame(m) : SG_FINDING_NOTE, "request_count",
                              lost ? m->window->load.log : NULL,
                              "Prometheus counts %.0f %s, k6's own summary %.0f%s", prometheus,
                              what, summary,
                              lost ? ": part of k6's data did not reach Prometheus"
                                   : " (requests of the very last millisecond)");
}

static void check_quantile(struct sg_measuring *m, double p95)
{
    double summary = m->repetition->summary_p95;
    double off = fabs(p95 - summary) / summary;
    if (!(off > EQUAL_QUANTILE))
        return;
    sg_repetition_add_finding(
        m->repetition, off > MAX_QUANTILE ? sg_blame(m) : SG_FINDING_WARN, "quantile", NULL,
        "p95 is %.6f ms in Prometheus and %.6f ms in k6's own summary", 1e3 * p95, 1e3 * summary);
}

/* k6's cost is a control variate only: a wrong one costs power, not truth. That of the service
 * matters to gates alone. */
static void check_witness(struct sg_measuring *m, const char *check, const char *who,
                          bool is_service, double cpu, double witness, size_t readings)
{
    if (isnan(cpu) || readings == 0)
        return;
    if (isnan(witness))
        sg_repetition_add_finding(m->repetition, is_service ? SG_FINDING_WARN : SG_FINDING_NOTE,
                                  check, NULL,
                                  "the engine's %zu readings of %s do not enclose the window: "
                                  "nothing confirms its %.3f CPU seconds",
                                  readings, who, cpu);
    else if (!sg_witness_agrees(cpu, witness))
        sg_repetition_add_finding(
            m->repetition, is_service && sg_check_needs_cpu(m) ? sg_blame(m) : SG_FINDING_WARN,
            check, NULL,
            "%s used %.3f CPU seconds by cAdvisor and %.3f by the engine's "
            "own counter; they may differ by 1 %% or 20 ms",
            who, cpu, witness);
}

void sg_check_agreement(struct sg_measuring *m, double p95)
{
    const struct sg_repetition *r = m->repetition;
    const struct sg_window *w = m->window;
    if (!m->no_http) { /* else they are k6's summary's */
        check_count(m, "requests", r->requests, w->load.requests);
        check_count(m, "failed requests", r->errors, w->load.failed);
    }
    check_quantile(m, p95);
    check_witness(m, "witness_cpu", "the service", true, r->service_cpu.value, r->witness_cpu,
                  w->readings_count);
    check_witness(m, "witness_generator_cpu", "k6", false, r->generator_cpu.value,
                  r->witness_generator_cpu, w->generator_readings_count);
}

/* In a short window nobody can tell two samplers from a change in between. */
static void warn_unseen(struct sg_measuring *m, const char *check, const char *what)
{
    if (m->window->load.end - m->window->load.start >= LONG_WINDOW)
        sg_repetition_add_finding(
            m->repetition, SG_FINDING_WARN, check, NULL,
            "the engine's %zu readings of the service do not tell its %s over "
            "the window: nothing confirms what cAdvisor says of it",
            m->window->readings_count, what);
}

/* Side by side, the engine is read before and after the rotation only: that tells no mean over it.
 */
void sg_check_memory(struct sg_measuring *m, bool working_set, double mean)
{
    const struct sg_window *w = m->window;
    const char *what = working_set ? "working set" : "anonymous memory";
    struct sg_gauge witness;
    if (isnan(mean) || w->readings_count == 0 || w->sliced ||
        sg_ask_found(m, "witness_memory", what))
        return;
    if (!sg_witness_memory(w->readings, w->readings_count, w->load.start, w->load.end, working_set,
                           &witness) ||
        witness.count < MIN_READINGS)
        warn_unseen(m, "witness_memory", what);
    else if (!sg_witness_agrees_on_memory(mean, &witness))
        sg_repetition_add_finding(
            m->repetition, sg_blame(m), "witness_memory", NULL,
            "the service's %s is %.2f MiB on average by cAdvisor and %.2f MiB by the engine's own "
            "readings; they may differ by 5 %%, 1 MiB or half of its range",
            what, mean / MIB, witness.mean / MIB);
}

void sg_check_network(struct sg_measuring *m, bool received, double bytes)
{
    const struct sg_window *w = m->window;
    const char *what = received ? "received bytes" : "transmitted bytes";
    struct sg_container service = sg_container_service(m);
    struct sg_edges edges = sg_container_network_edges(m, &service);
    if (isnan(bytes) || w->readings_count == 0)
        return;
    double witness = sg_witness_network(w->readings, w->readings_count, &edges, received);
    if (isnan(witness))
        warn_unseen(m, "witness_network", what);
    else if (!sg_witness_agrees_on_bytes(bytes, witness))
        sg_repetition_add_finding(
            m->repetition, sg_blame(m), "witness_network", NULL,
            "the service has %.0f %s by cAdvisor and %.0f by the engine's own "
            "counter; they may differ by 1 %% or 16 KiB",
            bytes, what, witness);
}

/* What an iteration does at its end would fall on containers that are measured then. */
static void check_iterations(struct sg_measuring *m)
{
    double most = LONG_ITERATION * sg_plan_slice(&m->session->plan, m->repetition->block);
    double length = m->window->load.iteration;
    if (m->window->sliced && length > most)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "long_iterations", NULL,
                                  "an iteration of the script lasts %.2f s on average, more than "
                                  "half a slice: it goes on in the slices of others",
                                  length);
}

void sg_check_waiting(struct sg_measuring *m)
{
    check_iterations(m);
    double idle = m->repetition->service_cpu.idle_rate;
    if (m->window->sliced && idle > MAX_WAITING)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "busy_waiting", NULL,
                                  "the service uses %.1f %% of a CPU while it waits for its slice, "
                                  "more than %.0f %%: that falls into the slices of others",
                                  100 * idle, 100 * MAX_WAITING);
}

void sg_check_host(struct sg_measuring *m)
{
    double steal = m->window->steal;
    if (steal > SG_MAX_STEAL)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "steal", NULL,
                                  "the host took away %.1f %% of the CPU time in the window, more "
                                  "than %.0f %%",
                                  100 * steal, 100 * SG_MAX_STEAL);
}
