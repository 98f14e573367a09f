/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two blocks are of one plan, and where they first differ. */
#include "record/same_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/fields.h"
#include "record/session_json.h"
#include "json/json.h"

/* Facts that say what was to be measured, not on what machine (lib/testbench/facts.c). */
static const char *const planned_facts[] = {"workload", "service limits", "compose file"};

/* An image is its digest; its name stands in where there is none. */
static struct sg_json *variants_array(const struct sg_session *session)
{
    struct sg_json *out = sg_json_new_array();
    for (size_t i = 0; i < session->variants_count; i++) {
        struct sg_variant variant = session->variants[i];
        variant.image = variant.digest != NULL ? NULL : variant.image;
        sg_json_push(out, sg_fields_write(&sg_variant_table, &variant));
    }
    return out;
}

static struct sg_json *planned(const struct sg_session *session)
{
    struct sg_json *json = sg_session_plan_to_json(session);
    sg_json_set_string(json, "service", session->service);
    for (size_t i = 0; i < SG_COUNT(planned_facts); i++) {
        sg_json_set_string(json, planned_facts[i], sg_session_fact(session, planned_facts[i]));
    }
    sg_json_set(json, "variants", variants_array(session));
    return json;
}

/* The first place where two values differ: "plan.measure"; a or b is NULL where it is missing. */
struct difference {
    struct sg_text path;
    char *a, *b;
};

static char *show(const struct sg_json *json)
{
    char *text = json != NULL ? sg_json_write(json, 0) : sg_strdup("nothing");
    text[strcspn(text, "\n")] = '\0';
    char *shown = sg_strdup(sg_show_string(text).text);
    free(text);
    return shown;
}

static bool differ(const struct sg_json *a, const struct sg_json *b, struct difference *out);

static bool step(const struct sg_json *a, const struct sg_json *b, const char *key, size_t index,
                 struct difference *out)
{
    size_t before = out->path.size;
    if (key != NULL) {
        sg_text_printf(&out->path, "%s%s", before > 0 ? "." : "", key);
    } else {
        sg_text_printf(&out->path, "[%zu]", index);
    }
    if (differ(a, b, out)) {
        return true;
    }
    out->path.size = before;
    out->path.data[before] = '\0';
    return false;
}

static bool objects_differ(const struct sg_json *a, const struct sg_json *b, struct difference *out)
{
    for (const struct sg_json *at = sg_json_first(a); at != NULL; at = sg_json_next(at)) {
        if (step(at, sg_json_get(b, sg_json_key(at)), sg_json_key(at), 0, out)) {
            return true;
        }
    }
    for (const struct sg_json *at = sg_json_first(b); at != NULL; at = sg_json_next(at)) {
        if (sg_json_get(a, sg_json_key(at)) == NULL && step(NULL, at, sg_json_key(at), 0, out)) {
            return true;
        }
    }
    return false;
}

static bool arrays_differ(const struct sg_json *a, const struct sg_json *b, struct difference *out)
{
    const struct sg_json *x = sg_json_first(a);
    const struct sg_json *y = sg_json_first(b);
    for (size_t i = 0; x != NULL || y != NULL; i++) {
        if (step(x, y, NULL, i, out)) {
            return true;
        }
        x = sg_json_next(x);
        y = sg_json_next(y);
    }
    return false;
}

static bool differ(const struct sg_json *a, const struct sg_json *b, struct difference *out)
{
    if (sg_json_is_object(a) && sg_json_is_object(b)) {
        return objects_differ(a, b, out);
    }
    if (sg_json_is_array(a) && sg_json_is_array(b)) {
        return arrays_differ(a, b, out);
    }
    out->a = show(a);
    out->b = show(b);
    if (!sg_streq(out->a, out->b)) {
        return true;
    }
    free(out->a);
    free(out->b);
    out->a = out->b = NULL;
    return false;
}

/* Images that each job builds for itself differ by their times alone. */
static const char *remedy(const char *path)
{
    return sg_starts_with(path, "variants")
               ? "; all blocks need the same images: build them once and hand them on"
               : "";
}

bool sg_same_plan(const struct sg_session *a, const char *a_name, const struct sg_session *b,
                  const char *b_name, struct sg_error *err)
{
    struct sg_json *x = planned(a);
    struct sg_json *y = planned(b);
    struct difference found = {0};
    bool same = !differ(x, y, &found);
    if (!same) {
        sg_fail(err, SG_ERROR_CONFIG,
                "%s and %s are no blocks of one plan: %s is %s in the first, %s in the second%s",
                a_name, b_name, found.path.data, found.a, found.b, remedy(found.path.data));
    }
    free(found.a);
    free(found.b);
    sg_text_free(&found.path);
    sg_json_free(x);
    sg_json_free(y);
    return same;
}
