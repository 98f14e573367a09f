/* SPDX-License-Identifier: Apache-2.0 */
/* The file of measured couplings. */
#include "record/coupling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "json/json.h"

#define KEPT 32
#define FILE_MAX ((size_t)1 << 20)

static const char schema[] = "svcgate.coupling/1";

/* SHA-256 of the hard facts, hex. */
static void fingerprint(const struct sg_session *session, char out[65])
{
    struct sg_text text = {0};
    for (size_t i = 0; i < session->facts_count; i++) {
        const struct sg_fact *fact = &session->facts[i];
        if (fact->hard) {
            sg_text_printf(&text, "%s=%s\n", fact->name, fact->value != NULL ? fact->value : "");
        }
    }
    sg_sha256_hex(text.data != NULL ? text.data : "", text.size, out);
    sg_text_free(&text);
}

static struct sg_json *read_file(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    struct sg_error ignored = {0};
    if (!sg_file_exists(path) || !sg_file_read(path, FILE_MAX, &text, &size, &ignored)) {
        return NULL;
    }
    struct sg_json *json = sg_json_parse(text, size, path, &ignored);
    free(text);
    if (json != NULL && !sg_streq(sg_json_string(sg_json_get(json, "schema"), ""), schema)) {
        sg_json_free(json);
        json = NULL;
    }
    return json;
}

static bool is_of(const struct sg_json *entry, const char *machine)
{
    return sg_streq(sg_json_string(sg_json_get(entry, "facts"), ""), machine);
}

static struct sg_coupled read_one(const struct sg_json *entry, const char *h, const char *limit)
{
    return (struct sg_coupled){sg_json_number(sg_json_get(entry, h), NAN),
                               sg_json_number(sg_json_get(entry, limit), NAN)};
}

bool sg_coupling_find(const char *path, const struct sg_session *session, struct sg_couplings *out)
{
    char machine[65];
    fingerprint(session, machine);
    struct sg_json *json = read_file(path);
    const struct sg_json *entries = sg_json_get(json, "couplings");
    *out = (struct sg_couplings){{NAN, NAN}, {NAN, NAN}, {NAN, NAN}};
    for (const struct sg_json *e = sg_json_first(entries); e != NULL; e = sg_json_next(e)) {
        if (is_of(e, machine)) {
            out->generator = read_one(e, "h", "limit");
            out->core = read_one(e, "core_h", "core_limit");
            out->cache = read_one(e, "cache_h", "cache_limit");
        }
    }
    sg_json_free(json);
    return out->generator.limit >= 0;
}

static struct sg_json *new_entry(const char *machine, const char *measured,
                                 const struct sg_couplings *found)
{
    struct sg_json *entry = sg_json_new_object();
    sg_json_set_string(entry, "facts", machine);
    sg_json_set_string(entry, "measured", measured);
    sg_json_set_number(entry, "h", found->generator.h);
    sg_json_set_number(entry, "limit", found->generator.limit);
    sg_json_set_number(entry, "core_h", found->core.h);
    sg_json_set_number(entry, "core_limit", found->core.limit);
    sg_json_set_number(entry, "cache_h", found->cache.h);
    sg_json_set_number(entry, "cache_limit", found->cache.limit);
    return entry;
}

bool sg_coupling_keep(const char *path, const struct sg_session *session,
                      const struct sg_couplings *found, struct sg_error *err)
{
    char machine[65];
    fingerprint(session, machine);
    struct sg_json *old = read_file(path);
    struct sg_json *kept = sg_json_new_array();
    const struct sg_json *entries = sg_json_get(old, "couplings");
    size_t count = sg_json_count(entries);
    for (const struct sg_json *e = sg_json_first(entries); e != NULL; e = sg_json_next(e)) {
        if (count-- < KEPT && !is_of(e, machine)) {
            sg_json_push(kept, sg_json_copy(e));
        }
    }
    sg_json_push(kept, new_entry(machine, session->created, found));
    struct sg_json *json = sg_json_new_object();
    sg_json_set_string(json, "schema", schema);
    sg_json_set(json, "couplings", kept);
    char *text = sg_json_write(json, 2);
    char *folder = sg_path_folder(path);
    bool ok = sg_folder_make(folder, err) && sg_file_write(path, text, strlen(text), err);
    free(folder);
    free(text);
    sg_json_free(json);
    sg_json_free(old);
    return ok;
}
