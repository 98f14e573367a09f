/* SPDX-License-Identifier: Apache-2.0 */
/* Looking into values. A struct sg_json is a cJSON that nobody else sees. */
#include "json/json.h"

#include <cjson/cJSON.h>

static const cJSON *look(const struct sg_json *json)
{
    return (const cJSON *)json;
}

static const struct sg_json *show(const cJSON *json)
{
    return (const struct sg_json *)json;
}

void sg_json_free(struct sg_json *json)
{
    cJSON_Delete((cJSON *)json);
}

const struct sg_json *sg_json_get(const struct sg_json *object, const char *key)
{
    if (!sg_json_is_object(object))
        return NULL;
    return show(cJSON_GetObjectItemCaseSensitive(look(object), key));
}

const struct sg_json *sg_json_first(const struct sg_json *container)
{
    return container ? show(look(container)->child) : NULL;
}

const struct sg_json *sg_json_next(const struct sg_json *element)
{
    return element ? show(look(element)->next) : NULL;
}

size_t sg_json_count(const struct sg_json *container)
{
    size_t count = 0;
    for (const struct sg_json *at = sg_json_first(container); at; at = sg_json_next(at))
        count++;
    return count;
}

const char *sg_json_key(const struct sg_json *member)
{
    return member ? look(member)->string : NULL;
}

bool sg_json_is_object(const struct sg_json *json)
{
    return cJSON_IsObject(look(json));
}

bool sg_json_is_array(const struct sg_json *json)
{
    return cJSON_IsArray(look(json));
}

bool sg_json_is_string(const struct sg_json *json)
{
    return cJSON_IsString(look(json));
}

bool sg_json_is_number(const struct sg_json *json)
{
    return cJSON_IsNumber(look(json));
}

bool sg_json_is_null(const struct sg_json *json)
{
    return cJSON_IsNull(look(json));
}

const char *sg_json_string(const struct sg_json *json, const char *fallback)
{
    return sg_json_is_string(json) ? look(json)->valuestring : fallback;
}

double sg_json_number(const struct sg_json *json, double fallback)
{
    return sg_json_is_number(json) ? look(json)->valuedouble : fallback;
}

bool sg_json_bool(const struct sg_json *json, bool fallback)
{
    return cJSON_IsBool(look(json)) ? cJSON_IsTrue(look(json)) : fallback;
}

static bool fail_member(const struct sg_json *object, const char *key, const char *expected,
                        struct sg_error *err)
{
    const char *problem = sg_json_get(object, key) ? "is not" : "is missing: it must be";
    return sg_fail(err, SG_ERROR_CONFIG, "\"%s\" %s %s", key, problem, expected);
}

bool sg_json_need_string(const struct sg_json *object, const char *key, const char **out,
                         struct sg_error *err)
{
    const struct sg_json *member = sg_json_get(object, key);
    if (!sg_json_is_string(member))
        return fail_member(object, key, "a string", err);
    *out = look(member)->valuestring;
    return true;
}

bool sg_json_need_number(const struct sg_json *object, const char *key, double *out,
                         struct sg_error *err)
{
    const struct sg_json *member = sg_json_get(object, key);
    if (!sg_json_is_number(member))
        return fail_member(object, key, "a number", err);
    *out = look(member)->valuedouble;
    return true;
}

bool sg_json_need_array(const struct sg_json *object, const char *key, const struct sg_json **out,
                        struct sg_error *err)
{
    const struct sg_json *member = sg_json_get(object, key);
    if (!sg_json_is_array(member))
        return fail_member(object, key, "an array", err);
    *out = member;
    return true;
}
