/* SPDX-License-Identifier: Apache-2.0 */
/* Which gates `svcgate judge` asks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "judge_options.h"

#define RISE 0.001 /* of a rate of errors: 0.1 percentage points (docs/method.md 4.6) */

static bool parse_value(const char *text, const struct sg_metric *metric, const char *option,
                        double *out, struct sg_error *err)
{
    if (text == NULL || sg_parse_by_unit(text, metric->unit, out)) {
        return true;
    }
    char *label = sg_metric_label(metric->name, metric->of, metric->request);
    (void)sg_fail(err, SG_ERROR_CONFIG,
                  "--%s %s is no value in %s (%s); metrics of several units need a gate each: "
                  "--gate %s:%s=…",
                  option, text, metric->unit[0] != '\0' ? metric->unit : "the metric's unit", label,
                  label, option);
    free(label);
    return false;
}

/* As in svcgate.yaml: 5 is more often meant as 5 %. */
static bool parse_tolerance(const char *text, double *out, struct sg_error *err)
{
    return text == NULL ||
           (sg_parse_ratio(text, out) && *out > 0 && (*out < 1 || sg_ends_with(text, "%"))) ||
           sg_fail(err, SG_ERROR_CONFIG, "--tolerance %s: write a share above zero, 5%% or 0.05",
                   text);
}

/* What a gate without numbers means. A limit alone asks for no comparison. */
static void complete(const struct sg_metric *metric, struct sg_gate *gate)
{
    bool limit_alone = !isnan(gate->limit) && isnan(gate->floor) && isnan(gate->warn);
    if (!isnan(gate->tolerance) || limit_alone) {
        return;
    }
    if (metric->scale == SG_SCALE_LOG) {
        gate->tolerance = sg_metric_tolerance(metric);
    } else if (isnan(gate->floor) &&
               (metric->scale == SG_SCALE_COUNT || sg_streq(metric->name, "error_rate"))) {
        gate->floor = RISE;
    }
}

/* A metric that may touch zero has no tolerance that fits all of them. */
static bool has_question(const struct sg_metric *metric, const struct sg_gate *gate)
{
    return metric->scale != SG_SCALE_LINEAR || !isnan(gate->floor) || !isnan(gate->limit);
}

/* Control variates of the testbench see the host, whether they are used here or not. */
static bool sees_host(const struct sg_metric *metric)
{
    const struct sg_metric *known = sg_catalogue_find(metric->name);
    return metric->role != SG_ROLE_METRIC || (known != NULL && known->role != SG_ROLE_METRIC);
}

/* Plain samples without gates: every metric is gated with the tolerance of the command line. */
static bool gate_all(struct sg_session *session, const struct judge_options *o,
                     struct sg_error *err)
{
    for (size_t i = 0; i < session->metrics_count; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        struct sg_gate gate = {
            .tolerance = NAN, .floor = NAN, .limit = NAN, .warn = NAN, .weight = 1};
        bool relative = metric->scale == SG_SCALE_LOG || metric->scale == SG_SCALE_EXACT;
        if (sees_host(metric)) {
            continue;
        }
        if ((relative && !parse_tolerance(o->tolerance, &gate.tolerance, err)) ||
            !parse_value(o->floor, metric, "floor", &gate.floor, err) ||
            !parse_value(o->limit, metric, "limit", &gate.limit, err)) {
            return false;
        }
        complete(metric, &gate);
        if (has_question(metric, &gate)) {
            struct sg_gate *added = sg_session_add_gate(session, metric->name);
            gate.metric = added->metric;
            gate.of = sg_strdup(metric->of);
            gate.request = sg_strdup(metric->request);
            *added = gate;
        }
    }
    return true;
}

/* A waiver goes with its gate. */
static void drop_gates(struct sg_session *session)
{
    for (size_t i = 0; i < session->gates_count; i++) {
        sg_gate_clear(&session->gates[i]);
    }
    for (size_t i = 0; i < session->waivers_count; i++) {
        sg_waiver_clear(&session->waivers[i]);
    }
    session->gates_count = 0;
    session->waivers_count = 0;
}

/* Takes the gate over. */
static bool add_gate(struct sg_session *session, struct sg_gate *gate, struct sg_error *err)
{
    for (size_t i = 0; i < session->gates_count; i++) {
        const struct sg_gate *other = &session->gates[i];
        if (sg_streq(other->metric, gate->metric) && sg_streq(other->of, gate->of) &&
            sg_streq(other->request, gate->request)) {
            char *label = sg_metric_label(gate->metric, gate->of, gate->request);
            (void)sg_fail(err, SG_ERROR_CONFIG, "gate %s is given twice; keep one", label);
            free(label);
            sg_gate_clear(gate);
            return false;
        }
    }
    struct sg_gate *added = sg_session_add_gate(session, gate->metric);
    sg_gate_clear(added);
    *added = *gate;
    int metric = sg_session_find_metric(session, gate->metric, gate->of, gate->request);
    if (metric >= 0) {
        complete(&session->metrics[metric], added);
    }
    return true;
}

/* A container or a request named by its key. */
static bool has_parts(const char *word)
{
    return strstr(word, "of=") != NULL || strstr(word, "request=") != NULL;
}

/* The metric whose label opens a --gate: names of plain samples may hold colons themselves. */
static int gate_metric(const struct sg_session *session, const char *word, size_t *out_size)
{
    for (size_t size = strlen(word); size > 0; size--) {
        int metric = word[size] == '\0' || word[size] == ':'
                         ? sg_session_find_label(session, word, size)
                         : -1;
        if (metric >= 0) {
            *out_size = size;
            return metric;
        }
    }
    return -1;
}

/* What an unknown metric was called: all before ":key=". */
static size_t name_size(const char *word)
{
    for (const char *colon = strchr(word, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        size_t key = strspn(colon + 1, "abcdefghijklmnopqrstuvwxyz");
        if (key > 0 && colon[1 + key] == '=') {
            return (size_t)(colon - word);
        }
    }
    return strlen(word);
}

static bool read_gate(const struct sg_session *session, const char *word, struct sg_gate *out,
                      struct sg_error *err)
{
    size_t size = 0;
    if (has_parts(word)) {
        return sg_config_gate(word, out, err);
    }
    int metric = gate_metric(session, word, &size);
    if (metric >= 0) {
        return sg_config_gate_of(&session->metrics[metric], word, size, out, err);
    }
    char *name = sg_format("%.*s", (int)name_size(word), word);
    (void)sg_session_fail_label(session, name, err);
    free(name);
    return false;
}

static bool gates_of_words(struct sg_session *session, const struct sg_strings *words,
                           struct sg_error *err)
{
    drop_gates(session);
    for (size_t i = 0; i < words->count; i++) {
        struct sg_gate gate = {0};
        if (!read_gate(session, words->items[i], &gate, err)) {
            return sg_error_context(err, "--gate %s", words->items[i]);
        }
        if (!add_gate(session, &gate, err)) {
            return false;
        }
    }
    return true;
}

static bool gates_of_config(struct sg_session *session, const struct sg_config *config,
                            struct sg_error *err)
{
    drop_gates(session);
    for (size_t i = 0; i < config->gates_count; i++) {
        struct sg_gate gate = sg_gate_copy(&config->gates[i]);
        if (!add_gate(session, &gate, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < config->waivers_count; i++) {
        sg_session_add_waiver(session, &config->waivers[i].waiver);
    }
    return true;
}

/* One tolerance for all metrics makes sense only where no gate has its own. */
static bool check_plain(const struct sg_session *session, const struct judge_options *o,
                        bool configured, struct sg_error *err)
{
    const char *given = o->tolerance != NULL ? "--tolerance"
                        : o->floor != NULL   ? "--floor"
                        : o->limit != NULL   ? "--limit"
                                             : NULL;
    bool gated = configured || o->gates.count > 0 || session->gates_count > 0;
    return given == NULL || !gated ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "%s is for plain samples without gates; here the gates have their own: use "
                   "--gate METRIC:tolerance=…,floor=…,limit=…",
                   given);
}

bool judge_gates(struct sg_session *session, const struct judge_options *o,
                 const struct sg_config *config, struct sg_error *err)
{
    if (!check_plain(session, o, config != NULL, err)) {
        return false;
    }
    if (o->gates.count > 0) {
        return gates_of_words(session, &o->gates, err);
    }
    if (config != NULL) {
        return gates_of_config(session, config, err);
    }
    return session->gates_count > 0 || gate_all(session, o, err);
}
