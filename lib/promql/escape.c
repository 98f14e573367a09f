/* SPDX-License-Identifier: Apache-2.0 */
/* Values into PromQL text: quoting for strings and regular expressions, $names in templates. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "promql/promql.h"

#define MAX_NAMES 32

/* PromQL strings follow Go's: backslash escapes, no raw newline. */
static void add_quoted(struct sg_text *out, char c)
{
    if (c == '\n')
        sg_text_add(out, "\\n");
    else {
        if (c == '"' || c == '\\')
            sg_text_add(out, "\\");
        sg_text_bytes(out, &c, 1);
    }
}

char *sg_prom_escape(const char *value)
{
    struct sg_text out = {0};
    for (const char *c = value; *c != '\0'; c++)
        add_quoted(&out, *c);
    return sg_text_take(&out);
}

char *sg_prom_escape_regex(const char *value)
{
    struct sg_text out = {0};
    for (const char *c = value; *c != '\0'; c++) {
        if (strchr("\\.+*?()|[]{}^$", *c) != NULL)
            sg_text_add(&out, "\\\\"); /* the expression's own backslash, inside a string */
        add_quoted(&out, *c);
    }
    return sg_text_take(&out);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (is_letter(text[length]) || (length > 0 && text[length] >= '0' && text[length] <= '9'))
        length++;
    return length;
}

static bool unknown(const char *word, const char *const *pairs, struct sg_error *err)
{
    const char *names[MAX_NAMES];
    struct sg_text list = {0};
    size_t count = 0;
    for (; pairs[0] != NULL && count < MAX_NAMES; pairs += 2) {
        sg_text_printf(&list, "%s$%s", count > 0 ? ", " : "", pairs[0]);
        names[count++] = pairs[0];
    }
    const char *nearest = sg_nearest(word, names, count);
    char *known = sg_text_take(&list);
    if (nearest != NULL)
        sg_fail(err, SG_ERROR_CONFIG,
                "unknown $%s in the query: did you mean $%s? (a dollar itself is $$)", word,
                nearest);
    else
        sg_fail(err, SG_ERROR_CONFIG, "unknown $%s in the query: known are %s (a dollar is $$)",
                word, known);
    free(known);
    return false;
}

static bool add_word(const char *start, size_t length, const char *const *pairs,
                     struct sg_text *out, struct sg_error *err)
{
    for (const char *const *pair = pairs; pair[0] != NULL; pair += 2)
        if (strlen(pair[0]) == length && strncmp(pair[0], start, length) == 0) {
            sg_text_add(out, pair[1]);
            return true;
        }
    struct sg_text word = {.limit = 100};
    sg_text_bytes(&word, start, length);
    char *name = sg_text_take(&word);
    unknown(name, pairs, err);
    free(name);
    return false;
}

bool sg_prom_substitute(const char *template_text, const char *const *pairs, char **out,
                        struct sg_error *err)
{
    struct sg_text text = {0};
    const char *c = template_text;
    while (*c != '\0') {
        size_t length = *c == '$' ? word_length(c + 1) : 0;
        if (length == 0) {
            sg_text_bytes(&text, c, 1);
            c += c[0] == '$' && c[1] == '$' ? 2 : 1;
        } else if (add_word(c + 1, length, pairs, &text, err)) {
            c += 1 + length;
        } else {
            sg_text_free(&text);
            return false;
        }
    }
    *out = sg_text_take(&text);
    return true;
}
