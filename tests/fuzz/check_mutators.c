/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a mutator does what it is for, without libFuzzer: from good seeds it makes many different
 * inputs, of which many are still of the format, none longer than allowed; the same seed gives the
 * same. Arguments: json or yaml, and a seed. Linked once with each mutator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "config/yaml.h"
#include "fuzz/mutate.h"
#include "json/json.h"

enum { ROUNDS = 2000, ROOM = 8192 };

static size_t bytes_changed; /* how often libFuzzer's own changes were asked for */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
    (void)data;
    bytes_changed++;
    return size < max_size ? size : max_size;
}

static bool is_format(const char *format, const char *text, size_t size)
{
    struct sg_error err = {0};
    if (sg_streq(format, "json")) {
        struct sg_json *json = sg_json_parse(text, size, "mutant", &err);
        sg_json_free(json);
        return json != NULL || strstr(err.text, "twice") != NULL;
    }
    struct sg_node node = {0};
    bool ok = sg_yaml_parse(text, size, "mutant", &node, &err);
    sg_node_clear(&node);
    return ok;
}

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "the mutator's outputs are not %s\n", what);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    char *seed = NULL;
    size_t size = 0;
    size_t good = 0;
    size_t changed = 0;
    struct sg_error err = {0};
    if (argc != 3 || !sg_file_read(argv[2], ROOM, &seed, &size, &err)) {
        fprintf(stderr, "usage: check_mutators json|yaml SEED; %s\n", err.text);
        return 2;
    }
    for (unsigned i = 0; i < ROUNDS; i++) {
        static uint8_t one[ROOM + 1], same[ROOM + 1];
        memcpy(one, seed, size);
        memcpy(same, seed, size);
        size_t got = LLVMFuzzerCustomMutator(one, size, ROOM, i);
        size_t again = LLVMFuzzerCustomMutator(same, size, ROOM, i);
        require(got <= ROOM, "within the room they have");
        require(got == again && memcmp(one, same, got) == 0, "the same for the same seed");
        one[got] = '\0';
        bool other = got != size || memcmp(one, seed, size) != 0;
        changed += other;
        good += other && is_format(argv[1], (const char *)one, got);
        /* hardly room: what does not fit is left out */
        size_t room = size + i % 7;
        memcpy(same, seed, size);
        require(LLVMFuzzerCustomMutator(same, size, room, i) <= room, "within little room");
        got = LLVMFuzzerCustomCrossOver((const uint8_t *)seed, size, one, got, same, ROOM, i);
        require(got <= ROOM, "within the room they have");
    }
    free(seed);
    printf("%zu of %d changed, %zu of the format, %zu left to libFuzzer\n", changed, ROUNDS, good,
           bytes_changed / 2);
    require(changed > ROUNDS * 3 / 4, "mostly changed");
    require(good > ROUNDS / 4, "often enough of the format");
    return 0;
}
