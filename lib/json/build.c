/* SPDX-License-Identifier: Apache-2.0 */
/* Building values. */
#include "json/json.h"

#include <cjson/cJSON.h>
#include <math.h>

/* cJSON answers NULL only when memory ran out. */
static struct sg_json *give(cJSON *json)
{
    if (!json)
        sg_out_of_memory();
    return (struct sg_json *)json;
}

struct sg_json *sg_json_new_object(void)
{
    return give(cJSON_CreateObject());
}

struct sg_json *sg_json_new_array(void)
{
    return give(cJSON_CreateArray());
}

struct sg_json *sg_json_new_string(const char *text)
{
    return give(text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

struct sg_json *sg_json_new_number(double number)
{
    return give(isfinite(number) ? cJSON_CreateNumber(number) : cJSON_CreateNull());
}

struct sg_json *sg_json_new_bool(bool value)
{
    return give(cJSON_CreateBool(value));
}

struct sg_json *sg_json_copy(const struct sg_json *json)
{
    return json ? give(cJSON_Duplicate((const cJSON *)json, true)) : NULL;
}

void sg_json_set(struct sg_json *object, const char *key, struct sg_json *child)
{
    cJSON *parent = (cJSON *)object;
    cJSON *item = (cJSON *)child;
    if (!item)
        return;
    cJSON_bool ok = cJSON_GetObjectItemCaseSensitive(parent, key)
                        ? cJSON_ReplaceItemInObjectCaseSensitive(parent, key, item)
                        : cJSON_AddItemToObject(parent, key, item);
    if (!ok)
        sg_out_of_memory();
}

void sg_json_add(struct sg_json *object, const char *key, struct sg_json *child)
{
    if (child && !cJSON_AddItemToObject((cJSON *)object, key, (cJSON *)child))
        sg_out_of_memory();
}

void sg_json_set_string(struct sg_json *object, const char *key, const char *text)
{
    sg_json_set(object, key, sg_json_new_string(text));
}

void sg_json_set_number(struct sg_json *object, const char *key, double number)
{
    sg_json_set(object, key, sg_json_new_number(number));
}

void sg_json_set_bool(struct sg_json *object, const char *key, bool value)
{
    sg_json_set(object, key, sg_json_new_bool(value));
}

void sg_json_push(struct sg_json *array, struct sg_json *child)
{
    if (child && !cJSON_AddItemToArray((cJSON *)array, (cJSON *)child))
        sg_out_of_memory();
}
