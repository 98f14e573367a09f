/* SPDX-License-Identifier: Apache-2.0 */
/* Growing text, and small questions about strings. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t default_limit = (size_t)1 << 30;

/* How many of `wanted` bytes fit under the limit; makes room for them and a NUL. */
static size_t make_room(struct sg_text *text, size_t wanted)
{
    size_t limit = text->limit ? text->limit : default_limit;
    size_t left = limit > text->size ? limit - text->size : 0;
    if (wanted > left) {
        text->cut = true;
        wanted = left;
    }
    size_t needed = text->size + wanted + 1;
    if (wanted > 0 && needed > text->capacity) {
        size_t doubled = 2 * text->capacity;
        text->capacity = needed > doubled ? needed : doubled;
        text->data = sg_realloc(text->data, text->capacity, 1);
    }
    return wanted;
}

void sg_text_bytes(struct sg_text *text, const void *bytes, size_t count)
{
    count = make_room(text, count);
    if (count == 0)
        return;
    memcpy(text->data + text->size, bytes, count);
    text->size += count;
    text->data[text->size] = '\0';
}

void sg_text_add(struct sg_text *text, const char *string)
{
    sg_text_bytes(text, string, strlen(string));
}

void sg_text_printf(struct sg_text *text, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    if (length < 0)
        sg_out_of_memory(); /* large widths and exponents need some inside */
    if ((size_t)length < sizeof(small)) {
        sg_text_bytes(text, small, (size_t)length);
        return;
    }
    char *large = sg_alloc((size_t)length + 1, 1);
    va_start(args, format);
    vsnprintf(large, (size_t)length + 1, format, args);
    va_end(args);
    sg_text_bytes(text, large, (size_t)length);
    free(large);
}

void sg_text_shell_word(struct sg_text *text, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./-@:+=,%";
    if (*word != '\0' && word[strspn(word, plain)] == '\0') {
        sg_text_add(text, word);
        return;
    }
    sg_text_add(text, "'");
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            sg_text_add(text, "'\\'");
        }
        sg_text_bytes(text, word, 1);
    }
    sg_text_add(text, "'");
}

char *sg_text_take(struct sg_text *text)
{
    char *data = text->data ? text->data : sg_strdup("");
    *text = (struct sg_text){.limit = text->limit};
    return data;
}

void sg_text_free(struct sg_text *text)
{
    free(text->data);
    *text = (struct sg_text){.limit = text->limit};
}

bool sg_streq(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strcmp(a, b) == 0;
}

bool sg_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool sg_ends_with(const char *text, const char *suffix)
{
    size_t size = strlen(text);
    size_t tail = strlen(suffix);
    return size >= tail && strcmp(text + size - tail, suffix) == 0;
}

const char *sg_tail(const char *text, size_t lines)
{
    size_t at = strlen(text);
    if (lines == 0)
        return text + at;
    if (at > 0 && text[at - 1] == '\n')
        at--; /* the last line's own end */
    for (; at > 0; at--) {
        if (text[at - 1] == '\n' && --lines == 0)
            break;
    }
    return text + at;
}
