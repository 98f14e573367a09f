/* SPDX-License-Identifier: Apache-2.0 */
/* A buffer that grows, and the few ways in which bytes and JSON get into it. */
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes behind the text; returns where they go. */
static char *reserve(struct text *t, size_t more)
{
    if (more > t->cap - t->len) {
        size_t cap = t->cap < 256 ? 256 : t->cap;
        while (cap - t->len < more)
            cap *= 2;
        char *data = realloc(t->data, cap);
        if (!data) {
            fprintf(stderr, "catalogue (c): out of memory\n");
            exit(1);
        }
        t->data = data;
        t->cap = cap;
    }
    return t->data + t->len;
}

void text_bytes(struct text *t, const char *data, size_t len)
{
    if (len == 0)
        return;
    memcpy(reserve(t, len), data, len);
    t->len += len;
}

void text_string(struct text *t, const char *s)
{
    text_bytes(t, s, strlen(s));
}

void text_number(struct text *t, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_bytes(t, digits + at, sizeof digits - at);
}

void text_spaces(struct text *t, size_t count)
{
    if (count == 0)
        return;
    memset(reserve(t, count), ' ', count);
    t->len += count;
}

void text_quoted(struct text *t, const char *data, size_t len)
{
    static const char *const short_escapes[32] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
    };

    text_string(t, "\"");
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '"' || c == '\\') {
            text_string(t, "\\");
            text_bytes(t, data + i, 1);
        } else if (c < 32 && short_escapes[c]) {
            text_string(t, short_escapes[c]);
        } else if (c < 32) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
            text_string(t, escape);
        } else {
            text_bytes(t, data + i, 1);
        }
    }
    text_string(t, "\"");
}

/* The well-formed sequences of the Unicode Standard, table 3-7: no overlong forms, no surrogates,
 * nothing above U+10FFFF. */
bool text_is_utf8(const struct text *t)
{
    static const struct {
        unsigned char first, last; /* of the lead byte */
        unsigned char low, high;   /* of the second byte */
        unsigned char len;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    const size_t n_forms = sizeof forms / sizeof forms[0];

    for (size_t i = 0; i < t->len;) {
        const unsigned char *s = (const unsigned char *)t->data + i;
        if (s[0] < 0x80) {
            i++;
            continue;
        }
        size_t f = 0;
        while (f < n_forms && (s[0] < forms[f].first || s[0] > forms[f].last))
            f++;
        if (f == n_forms || t->len - i < forms[f].len)
            return false;
        if (s[1] < forms[f].low || s[1] > forms[f].high)
            return false;
        for (size_t k = 2; k < forms[f].len; k++)
            if (s[k] < 0x80 || s[k] > 0xBF)
                return false;
        i += forms[f].len;
    }
    return true;
}

void text_clear(struct text *t)
{
    t->len = 0;
}

void text_free(struct text *t)
{
    free(t->data);
    *t = (struct text){0};
}
