/* SPDX-License-Identifier: Apache-2.0 */
/* From text to values: scanned strictly, built by cJSON, checked for duplicate keys. */
#include "json/json.h"
#include "json/members.h"
#include "json/scan.h"

#include <stdlib.h>
#include <string.h>

/* The walk opens objects in the order in which the scanner does. */
struct search {
    size_t objects;
    struct sg_json_member found;
    char *key; /* the duplicate, or NULL */
};

/* Objects of few members are compared pairwise: no allocation for each of thousands. */
enum { FEW = 8 };

static bool has_few(const cJSON *object)
{
    int count = 0;
    for (const cJSON *item = object->child; item && count <= FEW; item = item->next)
        count++;
    return count <= FEW;
}

static const cJSON *find_pairwise(const cJSON *object, size_t *out_place)
{
    size_t place = 0;
    for (const cJSON *item = object->child; item; item = item->next, place++) {
        for (const cJSON *earlier = object->child; earlier != item; earlier = earlier->next) {
            if (strcmp(earlier->string, item->string) == 0) {
                *out_place = place;
                return item;
            }
        }
    }
    return NULL;
}

static const cJSON *find_sorted(const cJSON *object, size_t *out_place)
{
    size_t count = 0;
    struct sg_json_sorted *sorted = sg_json_sort_members(object, &count);
    const cJSON *found = NULL;
    for (size_t i = 1; i < count && !found; i++) {
        if (strcmp(sorted[i - 1].item->string, sorted[i].item->string) == 0) {
            found = sorted[i].item;
            *out_place = sorted[i].place;
        }
    }
    free(sorted);
    return found;
}

/* Depth is at most SG_JSON_MAX_DEPTH. */
static bool find_duplicate(const cJSON *value, struct search *search)
{
    if (cJSON_IsObject(value)) {
        search->found.object = search->objects++;
        const cJSON *twice = has_few(value) ? find_pairwise(value, &search->found.member)
                                            : find_sorted(value, &search->found.member);
        if (twice) {
            search->key = sg_strdup(twice->string);
            return true;
        }
    }
    for (const cJSON *item = value->child; item; item = item->next) {
        if (item->child && find_duplicate(item, search))
            return true;
        /* An empty object opened, too. */
        if (!item->child && cJSON_IsObject(item))
            search->objects++;
    }
    return false;
}

struct sg_json *sg_json_parse(const char *text, size_t size, const char *name, struct sg_error *err)
{
    if (!sg_json_scan(text, size, name, err))
        return NULL;
    const char *start = sg_json_start(text, size);
    cJSON *json = cJSON_ParseWithLength(start, size - (size_t)(start - text));
    if (!json && sg_json_fail_long_number(text, size, name, err))
        return NULL;
    if (!json)
        sg_out_of_memory(); /* what the scan lets pass is valid */
    struct search search = {0};
    if (find_duplicate(json, &search)) {
        sg_json_fail_duplicate(text, size, name, search.found, search.key, err);
        free(search.key);
        cJSON_Delete(json);
        return NULL;
    }
    return (struct sg_json *)json;
}
