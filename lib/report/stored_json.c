/* SPDX-License-Identifier: Apache-2.0 */
/* A stored baseline for programs: svcgate.outlook/1 (schema/outlook.schema.json). */
#include <stdlib.h>

#include "base/clean.h"
#include "report/stored.h"
#include "json/json.h"

static void set_text(struct sg_json *object, const char *key, const char *text)
{
    char *valid = sg_clean_utf8(text);
    sg_json_set_string(object, key, valid);
    free(valid);
}

static struct sg_json *session_json(const struct sg_stored_view *view, size_t at)
{
    const struct sg_session *session = &view->sessions[at];
    struct sg_json *object = sg_json_new_object();
    char *image = sg_stored_image(session);
    bool counts = at + view->current >= view->count;
    char *apart = counts ? sg_stored_apart(view, at) : NULL;
    set_text(object, "id", session->id);
    set_text(object, "created", session->created);
    set_text(object, "variant",
             session->repetitions_count > 0 ? session->repetitions[0].variant : NULL);
    set_text(object, "image", image);
    sg_json_set_number(object, "repetitions", (double)session->repetitions_count);
    set_text(object, "note", view->notes[at]);
    set_text(object, "accepted", view->accepted[at]);
    sg_json_set_bool(object, "counts", counts);
    set_text(object, "apart", apart);
    free(apart);
    free(image);
    return object;
}

static struct sg_json *facts_json(const struct sg_stored_view *view)
{
    struct sg_json *facts = sg_json_new_array();
    if (view->count == 0)
        return facts;
    const struct sg_session *newest = &view->sessions[view->count - 1];
    for (size_t i = sg_stored_shared_fact(view, 0); i < newest->facts_count;
         i = sg_stored_shared_fact(view, i + 1)) {
        struct sg_json *fact = sg_json_new_object();
        set_text(fact, "name", newest->facts[i].name);
        set_text(fact, "value", newest->facts[i].value);
        sg_json_push(facts, fact);
    }
    return facts;
}

static struct sg_json *metric_json(const struct sg_outlook_gate *gate, bool gated)
{
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        {"level", gate->level},
        {"within", gate->within},
        {"within_raw", gate->within_raw},
        {"between", gate->between},
        {"between_raw", gate->between_raw},
        {"between_own", gate->between_own},
        {"tolerance", gate->tolerance},
        {"margin", gate->margin},
        {"chance", gate->chance},
    };
    struct sg_json *object = sg_json_new_object();
    set_text(object, "metric", gate->metric);
    set_text(object, "of", gate->of);
    set_text(object, "request", gate->request);
    set_text(object, "unit", gate->unit);
    sg_json_set_bool(object, "gated", gated);
    sg_json_set_bool(object, "relative", gate->relative);
    sg_json_set_bool(object, "adjusted", gate->adjusted);
    for (size_t i = 0; i < SG_COUNT(numbers); i++)
        sg_json_set_number(object, numbers[i].key, numbers[i].value);
    set_text(object, "advice", gate->advice);
    return object;
}

void sg_stored_json(const struct sg_stored_view *view, struct sg_text *out)
{
    struct sg_json *json = sg_json_new_object();
    struct sg_json *sessions = sg_json_new_array();
    struct sg_json *metrics = sg_json_new_array();
    struct sg_json *missing = sg_json_new_array();
    for (size_t i = 0; i < view->count; i++)
        sg_json_push(sessions, session_json(view, i));
    for (size_t i = 0; i < view->outlook->count; i++)
        sg_json_push(metrics, metric_json(&view->outlook->gates[i], i < view->gated));
    for (size_t i = 0; i < view->missing_count; i++)
        sg_json_push(missing, sg_json_new_string(view->missing[i]));
    sg_json_set_string(json, "schema", "svcgate.outlook/1");
    set_text(json, "baseline", view->file);
    set_text(json, "config", view->config);
    sg_json_set_number(json, "comparable", (double)view->outlook->comparable);
    set_text(json, "reason", view->outlook->reason);
    sg_json_set(json, "facts", facts_json(view));
    sg_json_set(json, "sessions", sessions);
    sg_json_set(json, "metrics", metrics);
    sg_json_set(json, "missing", missing);
    char *text = sg_json_write(json, 2);
    sg_text_add(out, text);
    free(text);
    sg_json_free(json);
}
