/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting an object's members, for writing and for finding duplicates without quadratic time. */
#include "json/members.h"

#include "base/base.h"

#include <stdlib.h>
#include <string.h>

static int by_key(const void *a, const void *b)
{
    const struct sg_json_sorted *left = a;
    const struct sg_json_sorted *right = b;
    int order = strcmp(left->item->string, right->item->string);
    if (order != 0)
        return order;
    return (left->place > right->place) - (left->place < right->place);
}

struct sg_json_sorted *sg_json_sort_members(const cJSON *object, size_t *out_count)
{
    size_t count = 0;
    for (const cJSON *item = object->child; item; item = item->next)
        count++;
    struct sg_json_sorted *sorted = sg_alloc(count, sizeof(*sorted));
    size_t place = 0;
    for (const cJSON *item = object->child; item; item = item->next, place++)
        sorted[place] = (struct sg_json_sorted){.item = item, .place = place};
    qsort(sorted, count, sizeof(*sorted), by_key);
    *out_count = count;
    return sorted;
}
