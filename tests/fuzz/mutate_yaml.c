/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: changes of svcgate.yaml by its lines: keys from the tables of lib/config with values
 * of their own kind, of wrong kinds and at their edges; blocks deleted, doubled and moved; anchors,
 * aliases, merges, tags, block texts, several documents. A whole new file now and then. */
#include "fuzz/mutate.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/keys.h"

/* The mappings below the top that a list or a mapping of names has. */
static const struct sg_key *const tables[] = {sg_config_keys, sg_variant_keys, sg_build_keys,
                                              sg_gate_keys,   sg_waiver_keys,  sg_metric_keys};

static const char *const odd_values[] = {"",
                                         "~",
                                         "null",
                                         "0",
                                         "-1",
                                         "1",
                                         "5",
                                         "5%",
                                         "0%",
                                         "100%",
                                         "1e9",
                                         "1e-300",
                                         "1e308",
                                         "-0",
                                         ".inf",
                                         ".nan",
                                         "0x10",
                                         "007",
                                         "1_000",
                                         "yes",
                                         "off",
                                         "true",
                                         "\"5%\"",
                                         "'x'",
                                         "[]",
                                         "{}",
                                         "[1, 2]",
                                         "{a: b}",
                                         "[[[]]]",
                                         "- x",
                                         "5ms",
                                         "250MiB",
                                         "10s",
                                         "1h",
                                         "86401s",
                                         "300/s",
                                         "0/s",
                                         "1/1m",
                                         "6..21",
                                         "6..6",
                                         "3..30",
                                         "21..6",
                                         "0-1,3",
                                         "3-1",
                                         "../x",
                                         "/etc",
                                         "a b",
                                         "a\tb",
                                         "*a",
                                         "*nosuch",
                                         "&a 5%",
                                         "&a {b: c}",
                                         "!!str 5",
                                         "!!int x",
                                         "!!binary aGk=",
                                         "!x y",
                                         "|\n      text\n",
                                         ">-\n      text",
                                         "\"\\x1b[31m\"",
                                         "\"\\u202e\"",
                                         "\"::error::x\"",
                                         "'${x}'",
                                         "\"a\\nb\"",
                                         "# no",
                                         "x # y",
                                         "@x",
                                         "`x",
                                         "%x",
                                         "2027-01-31",
                                         "2027-02-30",
                                         "merge-base(origin/main)",
                                         "--upload-pack=x",
                                         "18446744073709551615"};

static const char *const odd_lines[] = {"---",
                                        "...",
                                        "%YAML 1.2",
                                        "%TAG ! tag:x,2000:",
                                        "<<: *a",
                                        "<<: [*a, *b]",
                                        "? a",
                                        ": b",
                                        "- ",
                                        "- - -",
                                        "\t",
                                        "#",
                                        "&a",
                                        "a: &a",
                                        "<<: {port: 1}",
                                        "\"\": x",
                                        "[a]: b",
                                        "{a: b}: c",
                                        "*a : b",
                                        "a: *a",
                                        "}"};

/* --- Lines --------------------------------------------------------------------------------- */

static size_t line_start(const struct sg_mutant *m, size_t at)
{
    while (at > 0 && m->data[at - 1] != '\n') {
        at--;
    }
    return at;
}

static size_t line_end(const struct sg_mutant *m, size_t at)
{
    while (at < m->size && m->data[at] != '\n') {
        at++;
    }
    return at < m->size ? at + 1 : at;
}

static size_t indentation(const struct sg_mutant *m, size_t start)
{
    size_t at = start;
    while (at < m->size && m->data[at] == ' ') {
        at++;
    }
    return at - start;
}

static size_t any_line(struct sg_mutant *m)
{
    return m->size == 0 ? 0 : line_start(m, sg_mutant_below(m, m->size));
}

/* The line and what stands deeper below it. */
static size_t block_end(const struct sg_mutant *m, size_t start)
{
    size_t own = indentation(m, start);
    size_t end = line_end(m, start);
    while (end < m->size && indentation(m, end) > own) {
        end = line_end(m, end);
    }
    return end;
}

/* --- Keys and values ----------------------------------------------------------------------- */

static const struct sg_key *any_of(struct sg_mutant *m, const struct sg_key *table)
{
    size_t count = 0;
    for (const struct sg_key *k = table; k->name != NULL; k = sg_keys_next(k)) {
        count++;
    }
    const struct sg_key *key = table;
    for (size_t i = sg_mutant_below(m, count); i > 0; i--) {
        key = sg_keys_next(key);
    }
    return key;
}

static const struct sg_key *any_key(struct sg_mutant *m)
{
    const struct sg_key *key = any_of(m, SG_MUTANT_ANY(m, tables));
    return key->keys != NULL && sg_mutant_below(m, 2) == 0 ? any_of(m, key->keys) : key;
}

static const char *any_metric(struct sg_mutant *m)
{
    size_t count = 0;
    const struct sg_metric *all = sg_catalogue(&count);
    return all[sg_mutant_below(m, count)].name;
}

/* One that the key takes, as its own message says it: "a duration such as 30s, up to 1h". */
static void add_example(struct sg_mutant *m, const struct sg_key *key, struct sg_text *out)
{
    const char *such = key->expect != NULL ? strstr(key->expect, "such as ") : NULL;
    if (key->words != NULL) {
        size_t count = 0;
        while (key->words[count] != NULL) {
            count++;
        }
        sg_text_add(out, key->words[sg_mutant_below(m, count)]);
    } else if (sg_streq(key->name, "metric")) {
        sg_text_add(out, any_metric(m));
    } else if (such != NULL) {
        such += strlen("such as ");
        size_t size = *such == '[' ? strcspn(such, "]") + 1 : strcspn(such, ", ");
        sg_text_bytes(out, such, size);
    } else {
        sg_text_add(out, sg_streq(key->name, "version") ? "1" : "x");
    }
}

static void add_value(struct sg_mutant *m, const struct sg_key *key, struct sg_text *out)
{
    if (key != NULL && sg_mutant_below(m, 3) > 0) {
        add_example(m, key, out);
    } else {
        sg_text_add(out, SG_MUTANT_ANY(m, odd_values));
    }
}

static void add_spaces(struct sg_text *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sg_text_add(out, " ");
    }
}

static void add_line(struct sg_mutant *m, const struct sg_key *key, size_t deep,
                     struct sg_text *out)
{
    add_spaces(out, deep);
    sg_text_printf(out, "%s: ", key->name);
    add_value(m, key, out);
    sg_text_add(out, "\n");
}

/* --- A whole file -------------------------------------------------------------------------- */

static void add_mapping(struct sg_mutant *m, const struct sg_key *keys, size_t deep,
                        struct sg_text *out)
{
    for (const struct sg_key *k = keys; k->name != NULL; k = sg_keys_next(k)) {
        bool wanted = sg_mutant_below(m, 3) > 0;
        if (wanted && k->keys != NULL) {
            add_spaces(out, deep);
            sg_text_printf(out, "%s:\n", k->name);
            add_mapping(m, k->keys, deep + 2, out);
        } else if (wanted) {
            add_line(m, k, deep, out);
        }
    }
}

static void add_list(struct sg_mutant *m, const char *name, const struct sg_key *keys,
                     struct sg_text *out)
{
    sg_text_printf(out, "%s:\n", name);
    for (size_t i = sg_mutant_below(m, 4); i > 0; i--) {
        sg_text_printf(out, "  - metric: %s\n", any_metric(m));
        for (const struct sg_key *k = keys; k->name != NULL; k = sg_keys_next(k)) {
            if (!sg_streq(k->name, "metric") && sg_mutant_below(m, 2) == 0) {
                add_line(m, k, 4, out);
            }
        }
    }
}

static void add_variants(struct sg_mutant *m, struct sg_text *out)
{
    static const char *const names[] = {"base", "candidate", "x"};
    sg_text_add(out, "variants:\n");
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        sg_text_printf(out, "  %s:\n", names[i]);
        add_line(m, any_of(m, sg_variant_keys), 4, out);
    }
    sg_text_add(out, "reference: base\n");
}

static void make_whole(struct sg_mutant *m)
{
    struct sg_text text = {0};
    for (const struct sg_key *k = sg_config_keys; k->name != NULL; k = sg_keys_next(k)) {
        if (sg_streq(k->name, "variants")) {
            add_variants(m, &text);
        } else if (sg_streq(k->name, "gates") || sg_streq(k->name, "metrics")) {
            add_list(m, k->name, k->name[0] == 'g' ? sg_gate_keys : sg_metric_keys, &text);
        } else if (sg_streq(k->name, "waivers")) {
            add_list(m, k->name, sg_waiver_keys, &text);
        } else if (k->keys != NULL) {
            sg_text_printf(&text, "%s:\n", k->name);
            add_mapping(m, k->keys, 2, &text);
        } else if (!sg_streq(k->name, "reference")) {
            add_line(m, k, 0, &text);
        }
    }
    sg_mutant_replace(m, 0, m->size, text.data, text.size);
    sg_text_free(&text);
}

/* --- Changes ------------------------------------------------------------------------------- */

static void insert_key(struct sg_mutant *m)
{
    size_t at = any_line(m);
    struct sg_text text = {0};
    size_t deep = indentation(m, at) + (sg_mutant_below(m, 4) == 0 ? 2 : 0);
    add_line(m, any_key(m), deep, &text);
    sg_mutant_replace(m, at, at, text.data, text.size);
    sg_text_free(&text);
}

static void insert_odd_line(struct sg_mutant *m)
{
    size_t at = any_line(m);
    struct sg_text text = {0};
    add_spaces(&text, sg_mutant_below(m, 2) == 0 ? indentation(m, at) : 0);
    sg_text_printf(&text, "%s\n", SG_MUTANT_ANY(m, odd_lines));
    sg_mutant_replace(m, at, at, text.data, text.size);
    sg_text_free(&text);
}

/* What stands behind the first ": " of a line; both of line's ends where there is none. */
static size_t value_start(const struct sg_mutant *m, size_t start, size_t end)
{
    for (size_t at = start; at + 1 < end; at++) {
        if (m->data[at] == ':' && m->data[at + 1] == ' ') {
            return at + 2;
        }
    }
    return end;
}

static void change_value(struct sg_mutant *m)
{
    size_t start = any_line(m);
    size_t end = line_end(m, start);
    size_t from = value_start(m, start, end);
    size_t to = end > start && m->data[end - 1] == '\n' ? end - 1 : end;
    struct sg_text text = {0};
    add_value(m, sg_mutant_below(m, 2) == 0 ? any_key(m) : NULL, &text);
    if (from <= to) {
        sg_mutant_replace(m, from, to, text.data != NULL ? text.data : "", text.size);
    }
    sg_text_free(&text);
}

static void rename_key(struct sg_mutant *m)
{
    size_t start = any_line(m);
    size_t end = line_end(m, start);
    size_t from = start + indentation(m, start);
    size_t to = value_start(m, start, end);
    if (to < end && to >= from + 2) {
        sg_mutant_replace(m, from, to - 2, any_key(m)->name, SIZE_MAX);
    }
}

static void decorate_value(struct sg_mutant *m)
{
    static const char *const marks[] = {"&a ", "*a ", "!!str ", "!!int ", "!!null ", "!x ",
                                        "\"",  "'",   "[",      "{",      "- ",      "|\n",
                                        "? ",  ": ",  "-",      "+",      "0",       "&a *a "};
    size_t start = any_line(m);
    size_t at = value_start(m, start, line_end(m, start));
    sg_mutant_replace(m, at, at, SG_MUTANT_ANY(m, marks), SIZE_MAX);
}

static void delete_block(struct sg_mutant *m)
{
    size_t start = any_line(m);
    sg_mutant_replace(m, start, block_end(m, start), "", 0);
}

/* A copy of a block at another line, once or many times. */
static void copy_block(struct sg_mutant *m)
{
    static const size_t counts[] = {1, 1, 1, 3, 40};
    size_t start = any_line(m);
    size_t size = block_end(m, start) - start;
    size_t to = any_line(m);
    struct sg_text text = {0};
    sg_text_bytes(&text, m->data + start, size);
    for (size_t i = SG_MUTANT_ANY(m, counts); i > 0 && size > 0; i--) {
        sg_mutant_replace(m, to, to, text.data, size);
    }
    sg_text_free(&text);
}

static void shift_line(struct sg_mutant *m)
{
    size_t start = any_line(m);
    if (sg_mutant_below(m, 2) == 0) {
        sg_mutant_replace(m, start, start, sg_mutant_below(m, 8) == 0 ? "\t" : "  ", SIZE_MAX);
    } else if (indentation(m, start) >= 2) {
        sg_mutant_replace(m, start, start + 2, "", 0);
    }
}

static void change_ends(struct sg_mutant *m)
{
    if (sg_mutant_below(m, 4) == 0) {
        sg_mutant_replace(m, 0, 0, "\xEF\xBB\xBF", SIZE_MAX);
    } else {
        size_t end = line_end(m, any_line(m));
        size_t at = end > 0 ? end - 1 : 0;
        sg_mutant_replace(m, at, at, "\r", SIZE_MAX);
    }
}

static void change(struct sg_mutant *mutant)
{
    static void (*const changes[])(struct sg_mutant *) = {
        insert_key,   insert_key, insert_odd_line, change_value, change_value,
        change_value, rename_key, decorate_value,  delete_block, copy_block,
        copy_block,   shift_line, change_value,    change_ends};
    if (sg_mutant_below(mutant, 64) == 0) {
        make_whole(mutant);
    } else {
        changes[sg_mutant_below(mutant, SG_COUNT(changes))](mutant);
    }
}

/* A block of one file in the other. */
static void cross(struct sg_mutant *into, struct sg_mutant *from)
{
    size_t start = any_line(from);
    size_t at = any_line(into);
    sg_mutant_replace(into, at, at, from->data + start, block_end(from, start) - start);
}

const struct sg_mutator sg_mutator = {change, cross};
