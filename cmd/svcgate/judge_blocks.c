/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of `svcgate run --block` become one session. */
#include <stdlib.h>

#include "base/text.h"
#include "judge_options.h"
#include "record/merge.h"

static bool load_rest(struct sg_session *parts, const struct sg_strings *paths,
                      struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 1; ok && i < paths->count; i++) {
        ok = sg_session_load_any(paths->items[i], &parts[i], err);
    }
    return ok;
}

bool judge_merge(const struct judge_options *o, struct sg_session *first,
                 const struct sg_strings *paths, struct sg_session *out, struct sg_error *err)
{
    const char *const *names = (const char *const *)paths->items;
    struct sg_session *parts = sg_alloc(paths->count, sizeof(*parts));
    struct sg_provenance *before = NULL;
    parts[0] = *first;
    *first = (struct sg_session){0};
    bool ok = load_rest(parts, paths, err) &&
              sg_merge(parts, names, paths->count, out, &before, err) &&
              (o->out == NULL || sg_merge_save(out, before, names, paths->count, o->out, err));
    for (size_t i = 0; i < paths->count; i++) {
        sg_session_clear(&parts[i]);
    }
    free(before);
    free(parts);
    return ok;
}
