/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions on disk: which of the formats a path holds is seen from what is in it. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "record/encoding.h"
#include "record/readers.h"
#include "record/stranger.h"
#include "json/json.h"

#define FILE_MAX ((size_t)256 << 20)

static const char file_name[] = "session.json";

/* The first byte that is no blank, behind a byte order mark; 0 when there is none. */
static char first_byte(const char *text)
{
    text += sg_starts_with(text, "\xEF\xBB\xBF") ? 3 : 0;
    return text[strspn(text, " \t\r\n")];
}

static bool read_json(const char *text, size_t size, const char *name, struct sg_session *out,
                      struct sg_error *err)
{
    struct sg_place root = {.key = name, .text = text, .size = size};
    struct sg_json *json = sg_json_parse(text, size, name, err);
    if (json == NULL) {
        return false;
    }
    const char *schema = sg_json_string(sg_json_get(json, "schema"), "");
    bool ok = false;
    if (sg_starts_with(schema, "svcgate.session/")) {
        ok = sg_schema_check_at(json, "session", &root, err) &&
             sg_session_read_at(json, &root, out, err);
    } else if (sg_starts_with(schema, "svcgate.baseline/")) {
        sg_fail(err, SG_ERROR_CONFIG,
                "%s: this is a stored baseline, not a session; give it with --baseline", name);
    } else if (sg_starts_with(schema, "svcgate.verdict/")) {
        sg_fail(err, SG_ERROR_CONFIG,
                "%s: this is a verdict (svcgate.verdict), not what it was made from; give the "
                "bundle or its session.json",
                name);
    } else {
        ok = sg_schema_check_at(json, "samples", &root, err) &&
             sg_samples_read_at(json, &root, out, err);
    }
    sg_json_free(json);
    return ok;
}

static bool read_text(const char *text, size_t size, const char *name, struct sg_session *out,
                      struct sg_error *err)
{
    char first = first_byte(text);
    bool json = first == '{' || first == '[';
    bool ok = (json ? read_json(text, size, name, out, err)
                    : sg_samples_read_csv(text, size, name, out, err)) ||
              sg_stranger_fail(text, size, name, err);
    if (ok && !sg_session_check_bounds(out, err)) {
        sg_session_clear(out);
        return sg_error_context(err, "%s", name);
    }
    return ok;
}

bool sg_session_parse(const char *text, size_t size, const char *name, struct sg_session *out,
                      struct sg_error *err)
{
    struct sg_text decoded = {0};
    bool ok = sg_encoding_read(text, size, name, &decoded, err);
    if (ok && decoded.size > 0) {
        ok = read_text(decoded.data, decoded.size, name, out, err);
    } else if (ok) {
        ok = read_text(text, size, name, out, err);
    }
    sg_text_free(&decoded);
    return ok;
}

/* What is named may be a pipe; what somebody else laid into a bundle must be a regular file. */
static bool load_file(const char *path, const char *name, bool inside, struct sg_session *out,
                      struct sg_error *err)
{
    char *text = NULL;
    size_t size = 0;
    bool ok = (inside ? sg_file_read_plain(path, FILE_MAX, &text, &size, err)
                      : sg_file_read_bytes(path, FILE_MAX, &text, &size, err)) &&
              sg_session_parse(text, size, name, out, err);
    if (!ok && err->kind == SG_ERROR_DATA) {
        err->kind = SG_ERROR_CONFIG; /* as with any other file that is no session */
    }
    free(text);
    return ok;
}

bool sg_session_load_any(const char *path, struct sg_session *out, struct sg_error *err)
{
    if (strcmp(path, "-") == 0) {
        return load_file(path, "standard input", false, out, err);
    }
    if (!sg_folder_exists(path)) {
        return load_file(path, path, false, out, err);
    }
    char *file = sg_path_join(path, file_name);
    bool ok = false;
    if (!sg_file_missing(file)) {
        ok = load_file(file, file, true, out, err);
    } else {
        sg_fail(err, SG_ERROR_CONFIG, "%s: no %s in this folder; is it the bundle of a session?",
                path, file_name);
    }
    free(file);
    return ok;
}

bool sg_session_check_whole(const struct sg_session *session, const char *name,
                            struct sg_error *err)
{
    return session->block == 0 ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "%s: this is block %d of %d alone; `svcgate judge BUNDLE… --out DIR` with the "
                   "bundles of all blocks makes one bundle of them",
                   name, session->block, session->plan.blocks);
}

bool sg_session_load(const char *path, struct sg_session *out, struct sg_error *err)
{
    if (!sg_session_load_any(path, out, err)) {
        return false;
    }
    bool ok = sg_session_check_whole(out, path, err);
    if (!ok) {
        sg_session_clear(out);
    }
    return ok;
}

bool sg_session_save(const struct sg_session *session, const char *folder, struct sg_error *err)
{
    if (!sg_folder_make(folder, err)) {
        return false;
    }
    char *file = sg_path_join(folder, file_name);
    char *text = sg_session_write(session);
    bool ok = sg_file_write(file, text, strlen(text), err);
    free(text);
    free(file);
    return ok;
}
