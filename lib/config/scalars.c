/* SPDX-License-Identifier: Apache-2.0 */
/* Typed readers of single values: texts, numbers with units, words, and lists of texts. */
#include "config/keys.h"
#include "config/words.h"

#include "base/file.h"
#include "base/text.h"
#include "base/units.h"

#include <stdlib.h>
#include <string.h>

static void *field(void *target, size_t offset)
{
    return (char *)target + offset;
}

void sg_texts_free(char **texts)
{
    for (char **text = texts; text != NULL && *text != NULL; text++) {
        free(*text);
    }
    free(texts);
}

bool sg_read_text(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    if (!sg_node_is_text(value) || value->text[0] == '\0') {
        return sg_reader_expected(r, key, value);
    }
    char **out = field(target, key->offset);
    free(*out);
    *out = sg_strdup(value->text);
    return true;
}

bool sg_read_path(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    if (!sg_node_is_text(value) || value->text[0] == '\0') {
        return sg_reader_expected(r, key, value);
    }
    char **out = field(target, key->offset);
    free(*out);
    *out = sg_path_join(r->folder, value->text);
    return true;
}

/* A list of texts; `folder` is joined before each unless NULL. */
static bool read_list(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                      void *target, const char *folder)
{
    if (value->kind != SG_NODE_LIST || value->count == 0) {
        return sg_reader_expected(r, key, value);
    }
    for (size_t i = 0; i < value->count; i++) {
        if (!sg_node_is_text(&value->items[i]) || value->items[i].text[0] == '\0') {
            return sg_reader_expected(r, key, &value->items[i]);
        }
    }
    char ***out = field(target, key->offset);
    sg_texts_free(*out);
    *out = sg_alloc(value->count + 1, sizeof(**out));
    for (size_t i = 0; i < value->count; i++) {
        (*out)[i] = sg_path_join(folder, value->items[i].text);
    }
    return true;
}

bool sg_read_texts(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target)
{
    return read_list(r, key, value, target, NULL);
}

bool sg_read_paths(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target)
{
    return read_list(r, key, value, target, r->folder);
}

/* Names of environment variables: letters, digits and _; not a digit first. */
static bool is_variable(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    return name[0] != '\0' && strchr(letters, name[0]) != NULL &&
           name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
                             "0123456789")] == '\0';
}

/* Numbers and booleans are taken as they are written: environments hold texts. */
bool sg_read_pairs(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target)
{
    if (value->kind != SG_NODE_MAP) {
        return sg_reader_expected(r, key, value);
    }
    struct sg_pair **out = field(target, key->offset);
    size_t *count = field(target, key->count);
    for (size_t i = 0; i < value->count; i++) {
        const struct sg_node *item = &value->items[i];
        if (item->kind != SG_NODE_SCALAR || sg_node_is_null(item)) {
            return sg_reader_expected(r, key, item);
        }
        if (!is_variable(item->key)) {
            char *word = sg_quoted(item->key);
            (void)sg_reader_fail_key(r, item, "%s: %s is no name of a variable", key->name, word);
            free(word);
            return false;
        }
        *out = sg_grow(*out, *count, sizeof(**out));
        (*out)[*count].key = sg_strdup(item->key);
        (*out)[(*count)++].value = sg_strdup(item->text);
    }
    return true;
}

bool sg_read_word(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    size_t count = 0;
    for (; key->words[count] != NULL; count++) {
        if (value->kind == SG_NODE_SCALAR && strcmp(value->text, key->words[count]) == 0) {
            *(int *)field(target, key->offset) = (int)count;
            return true;
        }
    }
    if (value->kind != SG_NODE_SCALAR || sg_node_is_null(value)) {
        return sg_reader_expected(r, key, value);
    }
    char *word = sg_quoted(value->text);
    char *hint = sg_did_you_mean(value->text, key->words, count);
    char label[64];
    (void)sg_reader_fail(r, value, "%sexpected %s, found %s%s", sg_reader_label(key, value, label),
                         key->expect, word, hint);
    free(word);
    free(hint);
    return false;
}

bool sg_read_bool(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    bool plain = value->kind == SG_NODE_SCALAR && value->plain;
    bool yes = plain && strcmp(value->text, "true") == 0;
    if (!yes && !(plain && strcmp(value->text, "false") == 0)) {
        return sg_reader_expected(r, key, value);
    }
    *(bool *)field(target, key->offset) = yes;
    return true;
}

static bool in_bounds(const struct sg_key *key, double value)
{
    return key->open ? value > key->low && value < key->high
                     : value >= key->low && value <= key->high;
}

/* Any number with a unit, by its parser of base/units.h. */
static bool read_quantity(struct sg_reader *r, const struct sg_key *key,
                          const struct sg_node *value, void *target,
                          bool (*parse)(const char *text, double *out))
{
    double number = 0;
    if (value->kind != SG_NODE_SCALAR || !parse(value->text, &number) || !in_bounds(key, number)) {
        return sg_reader_expected(r, key, value);
    }
    *(double *)field(target, key->offset) = number;
    return true;
}

bool sg_read_int(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                 void *target)
{
    bool digits = value->kind == SG_NODE_SCALAR && value->plain && value->text[0] != '\0' &&
                  strlen(value->text) < 10 &&
                  value->text[strspn(value->text, "0123456789")] == '\0';
    long number = digits ? strtol(value->text, NULL, 10) : -1;
    if (!digits || !in_bounds(key, (double)number)) {
        return sg_reader_expected(r, key, value);
    }
    *(int *)field(target, key->offset) = (int)number;
    return true;
}

bool sg_read_number(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                    void *target)
{
    if (value->kind != SG_NODE_SCALAR || !value->plain) {
        return sg_reader_expected(r, key, value);
    }
    return read_quantity(r, key, value, target, sg_parse_number);
}

bool sg_read_duration(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                      void *target)
{
    return read_quantity(r, key, value, target, sg_parse_duration);
}

bool sg_read_size(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    return read_quantity(r, key, value, target, sg_parse_size);
}

bool sg_read_rate(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    return read_quantity(r, key, value, target, sg_parse_rate);
}

bool sg_reader_bare_ratio(const struct sg_reader *reader, const char *what,
                          const struct sg_node *value)
{
    double number = 0;
    if (value->kind != SG_NODE_SCALAR || !sg_parse_number(value->text, &number) || number < 1) {
        return false;
    }
    bool flag = value->line == 0;
    (void)sg_reader_fail(reader, value, "%s%s%g without a %% sign means %g %%; write %g%% or %g",
                         flag ? "" : what, flag ? "" : ": ", number, number * 100, number,
                         number / 100);
    return true;
}

bool sg_read_ratio(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target)
{
    return !sg_reader_bare_ratio(r, key->name, value) &&
           read_quantity(r, key, value, target, sg_parse_ratio);
}

bool sg_read_node(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    if (value->kind != SG_NODE_SCALAR || sg_node_is_null(value)) {
        return sg_reader_expected(r, key, value);
    }
    *(const struct sg_node **)field(target, key->offset) = value;
    return true;
}
