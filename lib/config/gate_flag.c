/* SPDX-License-Identifier: Apache-2.0 */
/* A gate as on the command line, "latency_p95:tolerance=5%,floor=1ms": split into the tree that the
 * file would give, then read like one. */
#include "config/gate.h"

#include <stdlib.h>
#include <string.h>

static void add_item(struct sg_node *map, const char *key, const char *text, size_t size,
                     int column)
{
    map->items = sg_grow(map->items, map->count, sizeof(*map->items));
    map->items[map->count++] = (struct sg_node){.kind = SG_NODE_SCALAR,
                                                .plain = true,
                                                .key = sg_strdup(key),
                                                .text = sg_format("%.*s", (int)size, text),
                                                .line = 1,
                                                .column = column,
                                                .key_line = 1,
                                                .key_column = column};
}

/* ":key=value,key=value" from `at` on as the same tree that the file gives. */
static bool split_keys(const char *text, const char *at, struct sg_node *map, struct sg_error *err)
{
    while (*at != '\0') {
        at++;
        size_t size = strcspn(at, ",");
        size_t name = strcspn(at, "=,");
        if (name == 0 || name == size || at[name] != '=') {
            return sg_fail(err, SG_ERROR_CONFIG,
                           "gate \"%.80s\": expected key=value in column %d; write "
                           "latency_p95:tolerance=5%%,floor=1ms",
                           text, (int)(at - text) + 1);
        }
        char *key = sg_format("%.*s", (int)name, at);
        bool twice = sg_node_find(map, key) != NULL;
        add_item(map, key, at + name + 1, size - name - 1, (int)(at - text) + 1);
        free(key);
        if (twice) {
            return sg_fail(err, SG_ERROR_CONFIG, "gate \"%.80s\": a key is given twice", text);
        }
        at += size;
    }
    return true;
}

static bool read_gate(const char *text, size_t name_size, const struct sg_metric *known,
                      struct sg_gate *out, struct sg_error *err)
{
    char *name = sg_format("gate \"%.80s\"", text);
    struct sg_reader reader = {.name = name, .err = err};
    struct sg_node map = {.kind = SG_NODE_MAP, .line = 1, .column = 1};
    struct sg_gate gate;
    /* a known metric may be called what no svcgate.yaml could say */
    add_item(&map, "metric", known != NULL ? "known" : text, known != NULL ? 5 : name_size, 1);
    bool ok =
        split_keys(text, text + name_size, &map, err) && sg_gate_read(&reader, &map, known, &gate);
    if (ok) {
        *out = gate;
        out->line = 0;
    }
    sg_node_clear(&map);
    free(name);
    return ok;
}

bool sg_config_gate(const char *text, struct sg_gate *out, struct sg_error *err)
{
    return read_gate(text, strcspn(text, ":"), NULL, out, err);
}

bool sg_config_gate_of(const struct sg_metric *metric, const char *text, size_t name_size,
                       struct sg_gate *out, struct sg_error *err)
{
    return read_gate(text, name_size, metric, out, err);
}
