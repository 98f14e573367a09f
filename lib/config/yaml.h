/* SPDX-License-Identifier: Apache-2.0 */
/* YAML (and JSON) text to a plain tree with positions. The only file that knows libfyaml; private
 * to the room. What a configuration does not need is refused instead of guessed at: aliases,
 * anchors, tags, merge keys, several documents, duplicate keys, keys that are not words. */
#ifndef SG_CONFIG_YAML_H
#define SG_CONFIG_YAML_H

#include "base/error.h"

#define SG_YAML_BYTES ((size_t)1 << 20)
#define SG_YAML_DEPTH 12
#define SG_YAML_NODES 10000

enum sg_node_kind { SG_NODE_SCALAR, SG_NODE_MAP, SG_NODE_LIST };

struct sg_node {
    enum sg_node_kind kind;
    bool plain;               /* a scalar without quotes */
    char *text;               /* of a scalar, never NULL there */
    char *key;                /* inside a map */
    int line, column;         /* of the value, from 1 */
    int key_line, key_column; /* of the key */
    struct sg_node *items;    /* of a map or list */
    size_t count;
};

/* `name` opens every message. The tree is the caller's to clear. */
bool sg_yaml_parse(const char *text, size_t size, const char *name, struct sg_node *out,
                   struct sg_error *err) SG_MUST_USE;
void sg_node_clear(struct sg_node *node);

/* Nothing was written: "key:", ~ or null. */
bool sg_node_is_null(const struct sg_node *node);
/* A text by YAML 1.2's core schema: quoted, or not looking like a number, boolean or null. */
bool sg_node_is_text(const struct sg_node *node);
/* An item of a map, or NULL. */
const struct sg_node *sg_node_find(const struct sg_node *map, const char *key);

#endif
