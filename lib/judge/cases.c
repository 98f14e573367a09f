/* SPDX-License-Identifier: Apache-2.0 */
/* Can these gates be asked at all? Their metrics, numbers and shares of alpha. */
#include "judge/gate.h"

#include "base/clean.h"

#include <math.h>
#include <stdlib.h>

static bool fail_gate(const struct sg_gate *gate, struct sg_error *err, const char *why)
{
    char *whole = sg_metric_label(gate->metric, gate->of, gate->request);
    char *label = sg_clean_line(whole, SG_SHOWN_NAME);
    char *place = gate->line > 0 ? sg_format(" (line %d)", gate->line) : sg_strdup("");
    (void)sg_fail(err, SG_ERROR_CONFIG, "gate %s%s: %s", label, place, why);
    free(whole);
    free(label);
    free(place);
    return false;
}

/* Gates mostly come in the order of the metrics: the search starts behind the last find. */
static int find_metric(const struct sg_session *session, const struct sg_gate *gate, size_t from)
{
    for (size_t i = 0; i < session->metrics_count; i++) {
        size_t m = (from + i) % session->metrics_count;
        if (sg_metric_is(&session->metrics[m], gate->metric, gate->of, gate->request))
            return (int)m;
    }
    return -1;
}

static bool fail_unknown(const struct sg_session *session, const struct sg_gate *gate,
                         struct sg_error *err)
{
    const char **names = sg_alloc(session->metrics_count + 1, sizeof(const char *));
    for (size_t m = 0; m < session->metrics_count; m++)
        names[m] = session->metrics[m].name;
    const char *near = sg_nearest(gate->metric, names, session->metrics_count);
    char *why = sg_format("the data have no such metric%s%s%s", near ? "; did you mean \"" : "",
                          near ? near : "", near ? "\"?" : "");
    (void)fail_gate(gate, err, why);
    free(why);
    free(names);
    return false;
}

static bool has_part(const struct sg_session *session, const struct sg_metric *metric,
                     const char *name)
{
    return name && (sg_session_find_metric(session, name, metric->of, metric->request) >= 0 ||
                    sg_session_find_metric(session, name, NULL, NULL) >= 0);
}

/* NaN (not set) or a number from 0 on. */
static bool is_size(double value)
{
    return isnan(value) || (isfinite(value) && value >= 0);
}

static bool check_gate(const struct sg_session *session, const struct sg_gate *gate,
                       const struct sg_metric *metric, struct sg_error *err)
{
    if (metric->role == SG_ROLE_COVARIATE)
        return fail_gate(gate, err,
                         "a control variate sees the host, not the service: it cannot "
                         "be gated");
    if (!is_size(gate->tolerance) || !is_size(gate->floor) || !is_size(gate->warn))
        return fail_gate(gate, err, "tolerance, floor and warn must be finite and not negative");
    if (isinf(gate->limit))
        return fail_gate(gate, err, "limit must be finite");
    if (!isnan(gate->weight) && !(gate->weight > 0 && isfinite(gate->weight)))
        return fail_gate(gate, err, "weight must be finite and above zero");
    if (metric->scale == SG_SCALE_COUNT &&
        (!has_part(session, metric, metric->events) || !has_part(session, metric, metric->trials)))
        return fail_gate(gate, err,
                         "a rate of counts needs the metrics of its events and trials "
                         "in the data");
    if (metric->scale == SG_SCALE_LINEAR && isnan(gate->tolerance) && isnan(gate->floor) &&
        isnan(gate->limit))
        return fail_gate(gate, err,
                         "a metric that may touch zero needs a tolerance in its own "
                         "unit, or a limit");
    return true;
}

static double weight_of(const struct sg_gate *gate)
{
    return isnan(gate->weight) ? 1 : gate->weight;
}

bool sg_gate_cases(const struct sg_session *session, double alpha, double beta,
                   struct sg_gate_case **out, struct sg_error *err)
{
    struct sg_gate_case *cases = sg_alloc(session->gates_count + 1, sizeof(*cases));
    double weights = 0;
    for (size_t g = 0; g < session->gates_count; g++)
        weights += weight_of(&session->gates[g]);
    size_t from = 0;
    for (size_t g = 0; g < session->gates_count; g++) {
        const struct sg_gate *gate = &session->gates[g];
        int metric = find_metric(session, gate, from);
        bool ok = metric >= 0 ? check_gate(session, gate, &session->metrics[metric], err)
                              : fail_unknown(session, gate, err);
        if (!ok) {
            free(cases);
            return false;
        }
        from = (size_t)metric + 1;
        cases[g] = (struct sg_gate_case){gate, metric, alpha * weight_of(gate) / weights, beta};
    }
    *out = cases;
    return true;
}
