/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: JSON. What is accepted is written to text that gives the same text again, and every
 * value is found at a place inside the text. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct sg_json *json)
{
    struct sg_error err = {0};
    char *text = sg_json_write(json, 3);
    struct sg_json *again = sg_json_parse(text, strlen(text), "again", &err);
    assert(again != NULL);
    char *text_again = sg_json_write(again, 3);
    assert(strcmp(text, text_again) == 0);
    sg_json_free(again);
    free(text);
    free(text_again);
}

enum { DEEPEST = 64 };

struct walk {
    const char *text;
    size_t size;
    struct sg_json_step path[DEEPEST];
    size_t left; /* values to look up: each reads the text from its start */
};

static void check_places(struct walk *walk, const struct sg_json *json, size_t depth)
{
    size_t line = 0;
    size_t column = 0;
    size_t index = 0;
    sg_json_locate(walk->text, walk->size, walk->path, depth, &line, &column);
    assert(line >= 1 && column >= 1 && line + column <= walk->size + 2);
    for (const struct sg_json *at = sg_json_first(json); at != NULL && walk->left > 0;
         at = sg_json_next(at), index++) {
        walk->left--;
        assert(depth < DEEPEST);
        walk->path[depth] = (struct sg_json_step){.key = sg_json_key(at), .index = index};
        check_places(walk, at, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_error err = {0};
    struct sg_json *json = sg_json_parse((const char *)data, size, "fuzz", &err);
    if (json != NULL) {
        struct walk walk = {.text = (const char *)data, .size = size, .left = 100};
        check_round_trip(json);
        check_places(&walk, json, 0);
    } else {
        assert(err.kind == SG_ERROR_CONFIG && strncmp(err.text, "fuzz:", 5) == 0);
    }
    sg_json_free(json);
    return 0;
}
