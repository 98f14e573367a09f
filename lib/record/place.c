/* SPDX-License-Identifier: Apache-2.0 */
/* Error messages that say where in a JSON file the mistake is. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/text.h"
#include "record/fields.h"
#include "json/json.h"

struct sg_shown sg_show_string(const char *string)
{
    struct sg_shown shown = {{0}};
    char *line = sg_clean_line(string, sizeof(shown.text) - 1);
    (void)snprintf(shown.text, sizeof(shown.text), "%s", line);
    free(line);
    return shown;
}

/* Appends the path below the file's name; returns the top. */
static const struct sg_place *add_path(const struct sg_place *place, struct sg_text *path)
{
    if (place->up == NULL) {
        return place;
    }
    const struct sg_place *top = add_path(place->up, path);
    if (place->key == NULL) {
        sg_text_printf(path, "[%zu]", place->index);
    } else {
        sg_text_printf(path, "%s%s", path->size == 0 ? "" : ".", sg_show_string(place->key).text);
    }
    return top;
}

/* ":7:12" of the place, or of what there is of it; empty when the text is not at hand. */
static void show_position(const struct sg_place *place, const struct sg_place *top, char out[48])
{
    enum { DEEPEST = 16 };
    struct sg_json_step steps[DEEPEST];
    size_t count = 0;
    out[0] = '\0';
    for (const struct sg_place *at = place; at->up != NULL && count < DEEPEST; at = at->up) {
        count++;
        steps[DEEPEST - count] = (struct sg_json_step){.key = at->key, .index = at->index};
    }
    if (top->text != NULL) {
        size_t line = 0;
        size_t column = 0;
        sg_json_locate(top->text, top->size, steps + DEEPEST - count, count, &line, &column);
        snprintf(out, 48, ":%zu:%zu", line, column);
    }
}

bool sg_place_fail(const struct sg_place *place, struct sg_error *err, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    struct sg_text path = {0};
    char position[48];
    const struct sg_place *top = add_path(place, &path);
    show_position(place, top, position);
    if (path.size == 0) {
        sg_fail(err, SG_ERROR_CONFIG, "%s%s: %s", top->key, position, text);
    } else {
        sg_fail(err, SG_ERROR_CONFIG, "%s%s: %s: %s", top->key, position, path.data, text);
    }
    sg_text_free(&path);
    return false;
}

const char *sg_json_kind(const struct sg_json *json)
{
    if (json == NULL) {
        return "nothing";
    }
    if (sg_json_is_null(json)) {
        return "null";
    }
    if (sg_json_is_object(json)) {
        return "an object";
    }
    if (sg_json_is_array(json)) {
        return "an array";
    }
    if (sg_json_is_string(json)) {
        return "a string";
    }
    return sg_json_is_number(json) ? "a number" : "true or false";
}
