/* SPDX-License-Identifier: Apache-2.0 */
/* Private to json: an object's members in the order of their keys. */
#ifndef SG_JSON_MEMBERS_H
#define SG_JSON_MEMBERS_H

#include <cjson/cJSON.h>
#include <stddef.h>

struct sg_json_sorted {
    const cJSON *item;
    size_t place; /* in the object, from 0 */
};

/* Sorted by key bytewise, equal keys in the order of the object. The caller frees. */
struct sg_json_sorted *sg_json_sort_members(const cJSON *object, size_t *out_count);

#endif
