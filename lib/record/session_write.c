/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions to JSON, and the hash of what was fixed before the data. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/fields.h"
#include "record/session_json.h"
#include "json/json.h"

static struct sg_json *values_object(const struct sg_session *session, char *const *labels,
                                     const double *values)
{
    struct sg_json *out = sg_json_new_object();
    for (size_t i = 0; i < session->metrics_count; i++) {
        sg_json_add(out, labels[i], sg_json_new_number(values[i])); /* labels differ */
    }
    return out;
}

static struct sg_json *repetitions_array(const struct sg_session *session)
{
    char **labels = sg_alloc(session->metrics_count + 1, sizeof(*labels));
    for (size_t i = 0; i < session->metrics_count; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        labels[i] = sg_metric_label(metric->name, metric->of, metric->request);
    }
    struct sg_json *out = sg_json_new_array();
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *repetition = &session->repetitions[i];
        struct sg_json *element = sg_fields_write(&sg_repetition_table, repetition);
        sg_json_set(element, "values", values_object(session, labels, repetition->values));
        sg_json_push(out, element);
    }
    for (size_t i = 0; i < session->metrics_count; i++) {
        free(labels[i]);
    }
    free(labels);
    return out;
}

struct sg_json *sg_session_to_json(const struct sg_session *session)
{
    struct sg_json *out = sg_fields_write(&sg_session_table, session);
    sg_json_set(out, "repetitions", repetitions_array(session));
    return out;
}

char *sg_session_write(const struct sg_session *session)
{
    struct sg_json *json = sg_session_to_json(session);
    sg_json_set_string(json, "schema", "svcgate.session/1");
    /* Levels: the session, its arrays, a repetition, its values; a value or a query a line. */
    char *text = sg_json_write(json, 4);
    sg_json_free(json);
    return text;
}

static struct sg_json *waivers_array(const struct sg_session *session)
{
    struct sg_json *out = sg_json_new_array();
    for (size_t i = 0; i < session->waivers_count; i++) {
        struct sg_waiver waiver = session->waivers[i];
        waiver.line = 0;
        sg_json_push(out, sg_fields_write(&sg_waiver_table, &waiver));
    }
    return out;
}

/* Lines are left out: a comment in svcgate.yaml changes no plan. */
struct sg_json *sg_session_plan_to_json(const struct sg_session *session)
{
    struct sg_json *json = sg_json_new_object();
    sg_json_set(json, "plan", sg_fields_write(&sg_plan_table, &session->plan));
    struct sg_json *metrics = sg_json_new_array();
    for (size_t i = 0; i < session->metrics_count; i++) {
        sg_json_push(metrics, sg_fields_write(&sg_metric_table, &session->metrics[i]));
    }
    sg_json_set(json, "metrics", metrics);
    struct sg_json *gates = sg_json_new_array();
    for (size_t i = 0; i < session->gates_count; i++) {
        struct sg_gate gate = session->gates[i];
        gate.line = 0;
        sg_json_push(gates, sg_fields_write(&sg_gate_table, &gate));
    }
    sg_json_set(json, "gates", gates);
    if (session->waivers_count > 0) {
        sg_json_set(json, "waivers", waivers_array(session));
    }
    sg_json_set_string(json, "reference", session->reference);
    return json;
}

/* The hashed text is JSON with sorted keys, so that others can make it too. */
void sg_session_plan_hash(const struct sg_session *session, char out[65])
{
    struct sg_json *json = sg_session_plan_to_json(session);
    char *text = sg_json_write(json, 0);
    sg_sha256_hex(text, strlen(text), out);
    free(text);
    sg_json_free(json);
}
