/* SPDX-License-Identifier: Apache-2.0 */
/* Iterations in place of HTTP requests. */
#include "measure/no_http.h"

#include <string.h>

#include "base/text.h"
#include "measure/ask.h"

bool sg_no_http(const struct sg_load_summary *load)
{
    return load->iterations > 0 && load->requests <= 0; /* NaN: not known */
}

void sg_no_http_count(struct sg_measuring *m)
{
    struct sg_repetition *r = m->repetition;
    const struct sg_load_summary *load = &m->window->load;
    r->requests = r->summary_requests = load->iterations;
    r->errors = load->failed_iterations;
    sg_repetition_add_finding(r, SG_FINDING_NOTE, "no_http", NULL,
                              "the script makes no HTTP request: what is told per request is per "
                              "iteration, and errors are iterations that ended with an exception");
}

/* What k6 has in place of the latency of HTTP requests. */
static const char *other_latency(const char *names)
{
    static const char *const known[] = {"grpc_req_duration", "ws_session_duration"};
    for (size_t i = 0; names != NULL && i < SG_COUNT(known); i++)
        if (strstr(names, known[i]) != NULL)
            return known[i];
    return "iteration_duration";
}

void sg_no_http_latency(struct sg_measuring *m, const struct sg_metric *metric)
{
    const char *names = m->window->load.k6_names, *other = other_latency(names);
    if (sg_ask_found(m, "no_latency", NULL))
        return;
    sg_repetition_add_finding(m->repetition, sg_blame(m), "no_latency", NULL,
                              "the script makes no HTTP request, so there is no %s: gate another "
                              "metric of k6, such as { metric: %s_p95, k6: %s }%s%s",
                              metric->name, other, other, names != NULL ? "; there are " : "",
                              names != NULL ? names : "");
}
