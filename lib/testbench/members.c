/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a compose project that a session leaves out. */
#include "testbench/stack.h"

#include "base/text.h"

struct sg_json *sg_stack_without(const struct sg_json *object, const char *const *keys)
{
    struct sg_json *out = sg_json_new_object();
    const struct sg_json *first = sg_json_is_object(object) ? sg_json_first(object) : NULL;
    for (const struct sg_json *m = first; m != NULL; m = sg_json_next(m)) {
        bool dropped = false;
        for (size_t i = 0; keys[i] != NULL; i++) {
            dropped = dropped || sg_streq(keys[i], sg_json_key(m));
        }
        if (!dropped && !sg_json_is_null(m)) {
            sg_json_set(out, sg_json_key(m), sg_json_copy(m));
        }
    }
    return out;
}

void sg_stack_drop(struct sg_json **object, const char *const *keys)
{
    struct sg_json *left = sg_stack_without(*object, keys);
    sg_json_free(*object);
    *object = left;
}
