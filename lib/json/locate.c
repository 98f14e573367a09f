/* SPDX-License-Identifier: Apache-2.0 */
/* Where a value stands, found again in the text: values carry no positions. The text has been
 * parsed, so nothing here can be wrong with it. */
#include "json/json.h"
#include "json/scan.h"

#include <string.h>

/* Blanks, commas and colons all stand between the parts of a container. */
static const char *skip_gap(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n,:", *at))
        at++;
    return at;
}

static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    return at < end ? at + 1 : end;
}

static const char *skip_value(const char *at, const char *end)
{
    size_t depth = 0;
    do {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= depth > 0 && (*at == '}' || *at == ']');
        at++;
    } while (at < end && (depth > 0 || !strchr(" \t\r\n,:]}", *at)));
    return at;
}

/* A key that is written with escapes is not found. */
static bool is_key(const char *at, const char *end, const char *key)
{
    size_t size = strlen(key);
    return (size_t)(end - at) >= size + 2 && memcmp(at + 1, key, size) == 0 && at[size + 1] == '"';
}

/* The value one step below the container at `at`, or NULL. */
static const char *step_down(const char *at, const char *end, const struct sg_json_step *step)
{
    char open = step->key ? '{' : '[';
    if (*at != open)
        return NULL;
    at = skip_gap(at + 1, end);
    for (size_t index = 0; at < end && *at != '}' && *at != ']'; index++) {
        bool found = step->key ? is_key(at, end, step->key) : index == step->index;
        if (step->key)
            at = skip_gap(skip_value(at, end), end);
        if (found || at == end)
            return found && at < end ? at : NULL;
        at = skip_gap(skip_value(at, end), end);
    }
    return NULL;
}

void sg_json_locate(const char *text, size_t size, const struct sg_json_step *path, size_t count,
                    size_t *out_line, size_t *out_column)
{
    const char *end = text + size;
    const char *start = sg_json_start(text, size);
    const char *at = skip_gap(start, end);
    for (size_t i = 0; i < count && at < end; i++) {
        const char *below = step_down(at, end, &path[i]);
        if (!below)
            break;
        at = below;
    }
    sg_json_position(start, at, out_line, out_column);
}
