/* SPDX-License-Identifier: Apache-2.0 */
/* The baseline's file, svcgate.baseline/1. What a later minor version adds to the file or to a
 * session is kept when it is written again; what it adds deeper inside is not. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "baseline/store.h"
#include "record/session_json.h"
#include "json/json.h"

#define FILE_MAX ((size_t)64 << 20)
#define UNKNOWN_MAX 64                /* unknown fields of an object */
#define SESSIONS_MAX 1000             /* in a file; more than are kept, for files merged by hand */
#define VALUES_MAX ((size_t)16 << 20) /* numbers of all sessions together */

static const char *const file_keys[] = {"schema", "name", "sessions"};
static const char *const session_keys[] = {
    "accepted",    "command", "complete", "created",  "facts",  "findings",
    "gates",       "id",      "metrics",  "note",     "plan",   "reference",
    "repetitions", "service", "tool",     "variants", "waivers"};

static bool is_known(const char *key, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(key, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Copies the members that are not among `known`; *out stays NULL when there is none. */
static bool take_rest(const struct sg_json *object, const char *const *known, size_t count,
                      const char *place, struct sg_json **out, struct sg_error *err)
{
    for (const struct sg_json *member = sg_json_first(object); member != NULL;
         member = sg_json_next(member)) {
        if (is_known(sg_json_key(member), known, count)) {
            continue;
        }
        if (*out == NULL) {
            *out = sg_json_new_object();
        }
        if (sg_json_count(*out) == UNKNOWN_MAX) {
            return sg_fail(err, SG_ERROR_CONFIG, "%s: more than %d unknown fields", place,
                           UNKNOWN_MAX);
        }
        sg_json_set(*out, sg_json_key(member), sg_json_copy(member));
    }
    return true;
}

static void add_rest(const struct sg_json *rest, struct sg_json *object)
{
    for (const struct sg_json *member = sg_json_first(rest); member != NULL;
         member = sg_json_next(member)) {
        sg_json_set(object, sg_json_key(member), sg_json_copy(member));
    }
}

static void add_text(struct sg_json *object, const char *key, const char *text)
{
    if (text != NULL) {
        sg_json_set_string(object, key, text);
    }
}

char *sg_baseline_text(const struct sg_baseline *baseline)
{
    struct sg_json *json = sg_json_new_object();
    sg_json_set_string(json, "schema", "svcgate.baseline/1");
    sg_json_set_string(json, "name", baseline->name);
    struct sg_json *sessions = sg_json_new_array();
    for (size_t i = 0; i < baseline->count; i++) {
        struct sg_json *session = sg_session_to_json(&baseline->sessions[i]);
        add_text(session, "note", baseline->notes[i]);
        add_text(session, "accepted", baseline->accepted[i]);
        add_rest(baseline->rests[i], session);
        sg_json_push(sessions, session);
    }
    sg_json_set(json, "sessions", sessions);
    add_rest(baseline->rest, json);
    /* Levels: the file, its sessions, a session, its arrays; a repetition, a metric, a fact a line.
     */
    char *text = sg_json_write(json, 4);
    sg_json_free(json);
    return text;
}

bool sg_baseline_write(const struct sg_baseline *baseline, const char *path, struct sg_error *err)
{
    char *text = sg_baseline_text(baseline);
    bool ok = sg_file_write(path, text, strlen(text), err);
    free(text);
    return ok;
}

/* What a stored session must be, beyond the form of its fields. */
static bool check_session(const struct sg_baseline *baseline, const struct sg_session *session,
                          const char *place, struct sg_error *err)
{
    if (session->id == NULL) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s: id: is missing", place);
    }
    for (size_t i = 0; i < baseline->count; i++) {
        if (strcmp(baseline->sessions[i].id, session->id) == 0) {
            return sg_fail(err, SG_ERROR_CONFIG,
                           "%s: id: is that of sessions[%zu] too; remove one of them", place, i);
        }
    }
    for (size_t i = 1; i < session->repetitions_count; i++) {
        if (!sg_streq(session->repetitions[i].variant, session->repetitions[0].variant)) {
            return sg_fail(err, SG_ERROR_CONFIG,
                           "%s: repetitions[%zu].variant: a stored session holds one variant only",
                           place, i);
        }
    }
    return true;
}

/* A text that may be absent or null; borrowed. */
static bool read_text(const struct sg_json *object, const char *key, const char *place,
                      const char **out, struct sg_error *err)
{
    const struct sg_json *text = sg_json_get(object, key);
    *out = sg_json_string(text, NULL);
    return text == NULL || sg_json_is_string(text) || sg_json_is_null(text) ||
           sg_fail(err, SG_ERROR_CONFIG, "%s: %s: expected a string", place, key);
}

static bool read_session(const struct sg_json *json, const char *place, size_t *values,
                         struct sg_baseline *baseline, struct sg_error *err)
{
    struct sg_session session = {0};
    struct sg_json *rest = NULL;
    const char *note = NULL;
    const char *accepted = NULL;
    bool ok = false;
    if (!sg_session_from_json(json, place, &session, err) ||
        !check_session(baseline, &session, place, err) ||
        !read_text(json, "note", place, &note, err) ||
        !read_text(json, "accepted", place, &accepted, err)) {
        goto out;
    }
    *values += session.metrics_count * session.repetitions_count;
    if (*values > VALUES_MAX) {
        sg_fail(err, SG_ERROR_CONFIG, "%s: more than %zu numbers up to here", place, VALUES_MAX);
        goto out;
    }
    if (!take_rest(json, session_keys, SG_COUNT(session_keys), place, &rest, err)) {
        goto out;
    }
    sg_baseline_append(baseline, &session, note, accepted, rest);
    rest = NULL;
    ok = true;
out:
    sg_session_clear(&session);
    sg_json_free(rest);
    return ok;
}

static bool read_sessions(const struct sg_json *json, const char *name,
                          struct sg_baseline *baseline, struct sg_error *err)
{
    if (!sg_json_is_array(json)) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s: sessions: expected an array", name);
    }
    if (sg_json_count(json) > SESSIONS_MAX) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s: sessions: more than %d", name, SESSIONS_MAX);
    }
    size_t values = 0;
    size_t i = 0;
    bool ok = true;
    for (const struct sg_json *session = sg_json_first(json); ok && session != NULL; i++) {
        char *place = sg_format("%s: sessions[%zu]", name, i);
        ok = read_session(session, place, &values, baseline, err);
        free(place);
        session = sg_json_next(session);
    }
    return ok;
}

static bool read_file(const struct sg_json *json, const char *name, struct sg_baseline *baseline,
                      struct sg_error *err)
{
    const char *title = NULL;
    if (!read_text(json, "name", name, &title, err)) {
        return false;
    }
    baseline->name = sg_strdup(title);
    return take_rest(json, file_keys, SG_COUNT(file_keys), name, &baseline->rest, err) &&
           read_sessions(sg_json_get(json, "sessions"), name, baseline, err);
}

bool sg_baseline_parse(const char *text, size_t size, const char *name, struct sg_baseline *out,
                       struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    struct sg_json *json = sg_json_parse(text, size, name, err);
    bool ok = json != NULL && sg_schema_check(json, "baseline", name, err) &&
              read_file(json, name, &baseline, err);
    sg_json_free(json);
    if (ok) {
        *out = baseline;
    } else {
        sg_baseline_clear(&baseline);
    }
    return ok;
}

bool sg_baseline_read(const char *path, struct sg_baseline *out, struct sg_error *err)
{
    char *text = NULL;
    size_t size = 0;
    if (!sg_file_read(path, FILE_MAX, &text, &size, err)) {
        return false;
    }
    bool ok = sg_baseline_parse(text, size, path, out, err);
    free(text);
    return ok;
}
