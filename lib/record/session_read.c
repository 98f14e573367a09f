/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions from JSON. Unknown fields are ignored: a later minor version may have more. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/readers.h"
#include "record/session_json.h"
#include "record/values.h"
#include "json/json.h"

/* The major version in "svcgate.<kind>/<major>" or "/<major>.<minor>"; 0 when it is not that. */
static unsigned long major_version(const char *schema, const char *kind)
{
    char *prefix = sg_format("svcgate.%s/", kind);
    const char *version = sg_starts_with(schema, prefix) ? schema + strlen(prefix) : "";
    free(prefix);
    if (*version < '1' || *version > '9') {
        return 0;
    }
    char *end = NULL;
    unsigned long major = strtoul(version, &end, 10);
    return *end == '\0' || *end == '.' ? major : 0;
}

bool sg_schema_check_at(const struct sg_json *json, const char *kind, const struct sg_place *root,
                        struct sg_error *err)
{
    struct sg_place place = {.up = root, .key = "schema"};
    if (!sg_expect_object(json, root, err)) {
        return false;
    }
    const char *schema = sg_json_string(sg_json_get(json, "schema"), NULL);
    if (schema == NULL) {
        return sg_place_fail(&place, err, "expected \"svcgate.%s/1\", found %s", kind,
                             sg_json_kind(sg_json_get(json, "schema")));
    }
    unsigned long major = major_version(schema, kind);
    if (major == 0) {
        return sg_place_fail(&place, err, "expected \"svcgate.%s/1\", found \"%s\"", kind,
                             sg_show_string(schema).text);
    }
    if (major > 1) {
        const char *tool = sg_json_string(sg_json_get(json, "tool"), NULL);
        return sg_place_fail(&place, err,
                             "this version of svcgate reads \"svcgate.%s/1\", the file is \"%s\": "
                             "use %s or a newer version",
                             kind, sg_show_string(schema).text,
                             tool == NULL ? "the svcgate that wrote it"
                                          : sg_show_string(tool).text);
    }
    return true;
}

bool sg_schema_check(const struct sg_json *json, const char *kind, const char *name,
                     struct sg_error *err)
{
    struct sg_place root = {.key = name};
    return sg_schema_check_at(json, kind, &root, err);
}

static bool read_repetition(const struct sg_json *json, const struct sg_index *labels,
                            const struct sg_place *place, struct sg_repetition *out,
                            struct sg_error *err)
{
    struct sg_place values = {.up = place, .key = "values"};
    out->values = sg_values_new(labels->count);
    return sg_fields_read(&sg_repetition_table, json, place, out, err) &&
           sg_values_read(sg_json_get(json, "values"), labels, &values, out->values, err);
}

static bool read_repetitions(const struct sg_json *json, const struct sg_index *labels,
                             const struct sg_place *root, struct sg_session *session,
                             struct sg_error *err)
{
    struct sg_place place = {.up = root, .key = "repetitions"};
    size_t count = sg_json_count(json);
    if (!sg_expect_array(json, SG_ELEMENTS_MAX, &place, err) ||
        !sg_values_check(labels->count, count, &place, err)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    session->repetitions = sg_alloc(count, sizeof(*session->repetitions));
    session->repetitions_count = count;
    const struct sg_json *element = sg_json_first(json);
    for (size_t i = 0; i < count; i++) {
        struct sg_place here = {.up = &place, .index = i};
        if (!read_repetition(element, labels, &here, &session->repetitions[i], err)) {
            return false;
        }
        element = sg_json_next(element);
    }
    return true;
}

bool sg_session_read_at(const struct sg_json *json, const struct sg_place *root,
                        struct sg_session *out, struct sg_error *err)
{
    struct sg_session session = {0};
    struct sg_index labels = {0};
    bool ok = sg_fields_read(&sg_session_table, json, root, &session, err) &&
              sg_labels_index(&session, root, &labels, err) &&
              read_repetitions(sg_json_get(json, "repetitions"), &labels, root, &session, err) &&
              sg_session_check(&session, root, err);
    sg_index_clear(&labels);
    if (ok) {
        *out = session;
    } else {
        sg_session_clear(&session);
    }
    return ok;
}

bool sg_session_from_json(const struct sg_json *json, const char *name, struct sg_session *out,
                          struct sg_error *err)
{
    struct sg_place root = {.key = name};
    return sg_session_read_at(json, &root, out, err);
}

bool sg_session_read(const char *text, size_t size, const char *name, struct sg_session *out,
                     struct sg_error *err)
{
    struct sg_place root = {.key = name, .text = text, .size = size};
    struct sg_json *json = sg_json_parse(text, size, name, err);
    bool ok = json != NULL && sg_schema_check_at(json, "session", &root, err) &&
              sg_session_read_at(json, &root, out, err);
    sg_json_free(json);
    return ok;
}
