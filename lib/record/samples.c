/* SPDX-License-Identifier: Apache-2.0 */
/* Plain samples as JSON, svcgate.samples/1. People write these by hand, so a field that is nearly
 * the name of a known one is refused; other unknown fields are ignored. Repetitions stand in the
 * order of time; blocks are counted in the order in which they first appear. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "record/plain.h"
#include "record/readers.h"
#include "record/values.h"
#include "json/json.h"

static const char *const root_keys[] = {"schema",    "tool",    "id",    "created",    "service",
                                        "reference", "metrics", "facts", "repetitions"};
static const char *const metric_keys[] = {"name",  "of",     "request", "unit",  "better",
                                          "scale", "role",   "adjust",  "query", "k6",
                                          "stat",  "events", "trials"};
static const char *const repetition_keys[] = {"block", "variant", "values"};

static bool is_known(const char *key, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(key, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool refuse_typos(const struct sg_json *object, const char *const *known, size_t count,
                         const struct sg_place *place, struct sg_error *err)
{
    for (const struct sg_json *member = sg_json_first(object); member != NULL;
         member = sg_json_next(member)) {
        const char *key = sg_json_key(member);
        /* Nothing near a known name is longer than 64 letters. */
        if (is_known(key, known, count) || strnlen(key, 65) > 64) {
            continue;
        }
        const char *nearest = sg_nearest(key, known, count);
        if (nearest != NULL) {
            struct sg_place here = {.up = place, .key = key};
            return sg_place_fail(&here, err, "no such field; did you mean \"%s\"?", nearest);
        }
    }
    return true;
}

static bool check_counted(const char *label, const char *key, const struct sg_index *labels,
                          const struct sg_place *place, struct sg_error *err)
{
    struct sg_place here = {.up = place, .key = key};
    if (label == NULL) {
        return sg_place_fail(&here, err,
                             "is missing: a metric of scale \"count\" names the metrics with its "
                             "events and trials");
    }
    if (sg_index_find(labels, label, strlen(label)) == SG_INDEX_NONE) {
        return sg_place_fail(&here, err, "\"%s\" is not among the metrics",
                             sg_show_string(label).text);
    }
    return true;
}

static bool finish_metric(const struct sg_json *json, struct sg_metric *metric,
                          const struct sg_index *labels, const struct sg_place *place,
                          struct sg_error *err)
{
    if (!refuse_typos(json, metric_keys, SG_COUNT(metric_keys), place, err)) {
        return false;
    }
    if (metric->unit == NULL) {
        metric->unit = sg_strdup("");
    }
    if (sg_json_get(json, "adjust") == NULL) {
        metric->adjust = sg_plain_adjustable(metric);
    }
    return metric->scale != SG_SCALE_COUNT ||
           (check_counted(metric->events, "events", labels, place, err) &&
            check_counted(metric->trials, "trials", labels, place, err));
}

static bool finish_metrics(const struct sg_json *json, struct sg_session *session,
                           const struct sg_index *labels, const struct sg_place *root,
                           struct sg_error *err)
{
    struct sg_place place = {.up = root, .key = "metrics"};
    const struct sg_json *element = sg_json_first(json);
    for (size_t i = 0; i < session->metrics_count; i++) {
        struct sg_place here = {.up = &place, .index = i};
        if (!finish_metric(element, &session->metrics[i], labels, &here, err)) {
            return false;
        }
        element = sg_json_next(element);
    }
    return true;
}

/* Without "metrics" they are what has values, in the order of their first appearance. */
static bool discover_metrics(const struct sg_json *repetitions, struct sg_session *session,
                             struct sg_index *labels, const struct sg_place *root,
                             struct sg_error *err)
{
    for (const struct sg_json *element = sg_json_first(repetitions); element != NULL;
         element = sg_json_next(element)) {
        const struct sg_json *value = sg_json_first(sg_json_get(element, "values"));
        for (; value != NULL && sg_json_key(value) != NULL; value = sg_json_next(value)) {
            const char *label = sg_json_key(value);
            if (sg_index_add(labels, label, strlen(label)) < session->metrics_count) {
                continue;
            }
            if (session->metrics_count == SG_ELEMENTS_MAX) {
                return sg_place_fail(root, err, "more than %d metrics", SG_ELEMENTS_MAX);
            }
            sg_plain_metric(session, label);
        }
    }
    return true;
}

static bool read_metrics(const struct sg_json *json, struct sg_session *session,
                         struct sg_index *labels, const struct sg_place *root, struct sg_error *err)
{
    const struct sg_json *metrics = sg_json_get(json, "metrics");
    if (metrics == NULL || sg_json_is_null(metrics)) {
        return discover_metrics(sg_json_get(json, "repetitions"), session, labels, root, err);
    }
    return sg_labels_index(session, root, labels, err) &&
           finish_metrics(metrics, session, labels, root, err);
}

/* A block may be called by a number or by a name; 0 and "0" are the same block. */
static bool read_block(const struct sg_json *json, struct sg_index *blocks,
                       const struct sg_place *place, int *out, struct sg_error *err)
{
    char *name = NULL;
    if (sg_json_is_number(json)) {
        name = sg_format("%.17g", sg_json_number(json, 0));
    } else if (json == NULL || sg_json_is_null(json) || sg_json_is_string(json)) {
        name = sg_strdup(sg_json_string(json, ""));
    } else {
        return sg_place_fail(place, err, "expected a number or a name, found %s",
                             sg_json_kind(json));
    }
    *out = (int)sg_index_add(blocks, name, strlen(name)) + 1;
    free(name);
    return true;
}

static bool read_repetition(const struct sg_json *json, const struct sg_index *labels,
                            struct sg_index *blocks, const struct sg_place *place,
                            struct sg_session *session, struct sg_error *err)
{
    struct sg_place variant = {.up = place, .key = "variant"};
    struct sg_place block = {.up = place, .key = "block"};
    struct sg_place values = {.up = place, .key = "values"};
    if (!sg_expect_object(json, place, err) ||
        !refuse_typos(json, repetition_keys, SG_COUNT(repetition_keys), place, err)) {
        return false;
    }
    const char *name = sg_json_string(sg_json_get(json, "variant"), NULL);
    if (name == NULL || *name == '\0') {
        return sg_place_fail(&variant, err, "expected a variant's name, found %s",
                             name != NULL ? "an empty one"
                                          : sg_json_kind(sg_json_get(json, "variant")));
    }
    struct sg_repetition *repetition = &session->repetitions[session->repetitions_count++];
    sg_repetition_init(repetition, name, session->metrics_count);
    repetition->slot = (int)session->repetitions_count;
    return read_block(sg_json_get(json, "block"), blocks, &block, &repetition->block, err) &&
           sg_expect_object(sg_json_get(json, "values"), &values, err) &&
           sg_values_read(sg_json_get(json, "values"), labels, &values, repetition->values, err);
}

static bool read_repetitions(const struct sg_json *json, const struct sg_index *labels,
                             const struct sg_place *root, struct sg_session *session,
                             struct sg_error *err)
{
    struct sg_place place = {.up = root, .key = "repetitions"};
    if (!sg_expect_array(json, SG_ELEMENTS_MAX, &place, err) ||
        !sg_values_check(labels->count, sg_json_count(json), &place, err)) {
        return false;
    }
    if (sg_json_count(json) == 0) {
        return sg_place_fail(&place, err, "is empty: there is nothing to judge");
    }
    session->repetitions = sg_alloc(sg_json_count(json), sizeof(*session->repetitions));
    struct sg_index blocks = {0};
    bool ok = true;
    size_t i = 0;
    for (const struct sg_json *element = sg_json_first(json); ok && element != NULL; i++) {
        struct sg_place here = {.up = &place, .index = i};
        ok = read_repetition(element, labels, &blocks, &here, session, err);
        element = sg_json_next(element);
    }
    sg_index_clear(&blocks);
    return ok;
}

/* Numbers in ms or MiB become seconds and bytes. */
static void take_units(struct sg_session *session)
{
    for (size_t m = 0; m < session->metrics_count; m++) {
        struct sg_metric *metric = &session->metrics[m];
        const struct sg_unit *unit = sg_unit_find(metric->unit);
        if (unit == NULL) {
            continue;
        }
        free(metric->unit);
        metric->unit = sg_strdup(unit->base);
        for (size_t i = 0; i < session->repetitions_count; i++) {
            double *value = &session->repetitions[i].values[m];
            *value = sg_unit_to_base(unit, *value);
        }
    }
}

bool sg_samples_read_at(const struct sg_json *json, const struct sg_place *root,
                        struct sg_session *out, struct sg_error *err)
{
    struct sg_session session = {0};
    struct sg_index labels = {0};
    bool ok = sg_fields_read(&sg_samples_table, json, root, &session, err) &&
              refuse_typos(json, root_keys, SG_COUNT(root_keys), root, err) &&
              read_metrics(json, &session, &labels, root, err) &&
              read_repetitions(sg_json_get(json, "repetitions"), &labels, root, &session, err) &&
              sg_session_check(&session, root, err);
    sg_index_clear(&labels);
    if (ok) {
        take_units(&session);
        sg_plain_finish(&session);
        *out = session;
    } else {
        sg_session_clear(&session);
    }
    return ok;
}

bool sg_samples_read_json(const char *text, size_t size, const char *name, struct sg_session *out,
                          struct sg_error *err)
{
    struct sg_place root = {.key = name, .text = text, .size = size};
    struct sg_json *json = sg_json_parse(text, size, name, err);
    bool ok = json != NULL && sg_schema_check_at(json, "samples", &root, err) &&
              sg_samples_read_at(json, &root, out, err);
    sg_json_free(json);
    return ok;
}
