/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a mapping by its table of keys, and the messages that all readers share. */
#include "config/keys.h"
#include "config/words.h"

#include "base/text.h"
#include "base/units.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number in quotes is a text, and the message must show why it was not taken. */
static const char *kind_of(const struct sg_node *node)
{
    double ignored = 0;
    if (!sg_node_is_text(node)) {
        return sg_parse_number(node->text, &ignored) ? "the number " : "";
    }
    if (sg_parse_number(node->text, &ignored)) {
        return "the text ";
    }
    if (sg_ends_with(node->text, "%")) {
        return "the ratio ";
    }
    if (sg_parse_duration(node->text, &ignored)) {
        return "the duration ";
    }
    if (sg_parse_size(node->text, &ignored)) {
        return "the size ";
    }
    return sg_parse_rate(node->text, &ignored) ? "the rate " : "";
}

static char *describe(const struct sg_node *node)
{
    if (node->kind != SG_NODE_SCALAR) {
        return sg_format("%s%s", node->count > 0 ? "a " : "an empty ",
                         node->kind == SG_NODE_MAP ? "mapping" : "list");
    }
    if (sg_node_is_null(node)) {
        return sg_strdup("nothing");
    }
    char *text = sg_quoted(node->text);
    char *out = sg_format("%s%s", kind_of(node), text);
    free(text);
    return out;
}

static bool fail_at(const struct sg_reader *reader, int line, int column, const char *format,
                    va_list arguments)
{
    char text[2048];
    if (vsnprintf(text, sizeof(text), format, arguments) < 0) {
        text[0] = '\0';
    }
    if (line == 0) { /* a flag's value */
        return sg_fail(reader->err, SG_ERROR_CONFIG, "%s: %s", reader->name, text);
    }
    return sg_fail(reader->err, SG_ERROR_CONFIG, "%s:%d:%d: %s", reader->name, line, column, text);
}

bool sg_reader_fail(const struct sg_reader *reader, const struct sg_node *at, const char *format,
                    ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fail_at(reader, at->line, at->column, format, arguments);
    va_end(arguments);
    return false;
}

bool sg_reader_fail_key(const struct sg_reader *reader, const struct sg_node *at,
                        const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fail_at(reader, at->key_line, at->key_column, format, arguments);
    va_end(arguments);
    return false;
}

const char *sg_reader_label(const struct sg_key *key, const struct sg_node *value, char out[64])
{
    (void)snprintf(out, 64, "%s%s", value->line > 0 ? key->name : "", value->line > 0 ? ": " : "");
    return out;
}

bool sg_reader_expected(const struct sg_reader *reader, const struct sg_key *key,
                        const struct sg_node *found)
{
    char *what = describe(found);
    char label[64];
    (void)sg_reader_fail(reader, found, "%sexpected %s, found %s",
                         sg_reader_label(key, found, label), key->expect, what);
    free(what);
    return false;
}

const struct sg_key *sg_keys_next(const struct sg_key *key)
{
    key++;
    return key->name == NULL && key->keys != NULL ? key->keys : key;
}

static const struct sg_key *find_key(const struct sg_key *keys, const char *name)
{
    for (; keys->name != NULL; keys = sg_keys_next(keys)) {
        if (strcmp(keys->name, name) == 0) {
            return keys;
        }
    }
    return NULL;
}

/* The section of the file whose own keys include `name`, or NULL. */
static const char *section_of(const char *name)
{
    for (const struct sg_key *key = sg_config_keys; key->name != NULL; key++) {
        if (key->keys != NULL && find_key(key->keys, name) != NULL) {
            return key->name;
        }
    }
    return NULL;
}

static bool fail_unknown(const struct sg_reader *reader, const struct sg_key *keys,
                         const struct sg_node *item)
{
    const char *names[32];
    size_t count = 0;
    for (; keys->name != NULL && count < SG_COUNT(names); keys = sg_keys_next(keys)) {
        names[count++] = keys->name;
    }
    const char *section = section_of(item->key);
    char *word = sg_quoted(item->key);
    char *hint = sg_did_you_mean(item->key, names, count);
    if (hint[0] == '\0') {
        free(hint);
        hint = section != NULL ? sg_format("; it belongs under \"%s\"", section)
                               : sg_list_names(names, count);
    }
    size_t length = strlen(reader->where);
    (void)sg_reader_fail_key(reader, item, "unknown key %s%s%.*s%s", word, length > 0 ? " in " : "",
                             (int)(length > 0 ? length - 1 : 0), reader->where, hint);
    free(word);
    free(hint);
    return false;
}

void sg_reader_origin(struct sg_reader *reader, const char *key, const struct sg_node *value)
{
    char *path = sg_format("%s%s", reader->where, key);
    char *from = sg_format("%s:%d:%d", reader->name, value->line, value->column);
    sg_config_set_origin(reader->config, path, from);
    free(path);
    free(from);
}

bool sg_keys_read(struct sg_reader *reader, const struct sg_key *keys, const struct sg_node *map,
                  void *target)
{
    for (size_t i = 0; i < map->count; i++) {
        if (find_key(keys, map->items[i].key) == NULL) {
            return fail_unknown(reader, keys, &map->items[i]);
        }
    }
    for (const struct sg_key *key = keys; key->name != NULL; key = sg_keys_next(key)) {
        const struct sg_node *value = sg_node_find(map, key->name);
        if (value == NULL) {
            continue;
        }
        if (!key->read(reader, key, value, target)) {
            return false;
        }
        if (target == reader->config) {
            sg_reader_origin(reader, key->name, value);
        }
    }
    return true;
}

bool sg_read_map(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                 void *target)
{
    if (value->kind != SG_NODE_MAP) {
        return sg_reader_expected(r, key, value);
    }
    char outer[sizeof(r->where)];
    memcpy(outer, r->where, sizeof(outer));
    (void)snprintf(r->where, sizeof(r->where), "%.40s%.20s.", outer, key->name);
    bool ok = sg_keys_read(r, key->keys, value, target);
    memcpy(r->where, outer, sizeof(outer));
    return ok;
}
