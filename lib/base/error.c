/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as text for a person; every message is built aside first, because callers may pass the
 * error's own text as an argument. */
#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Stores `text`, cut at a character's border. */
static void store(struct sg_error *err, const char *text)
{
    size_t size = strlen(text);
    if (size >= sizeof(err->text)) {
        size = sizeof(err->text) - 1;
        while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
            size--;
    }
    memmove(err->text, text, size);
    err->text[size] = '\0';
}

bool sg_fail(struct sg_error *err, enum sg_error_kind kind, const char *format, ...)
{
    if (!err)
        return false;
    /* Room for one byte more than the error holds, so that store() sees where to cut. */
    char text[sizeof(err->text) + 8];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    err->kind = kind;
    store(err, text);
    return false;
}

bool sg_error_context(struct sg_error *err, const char *format, ...)
{
    if (!err)
        return false;
    char text[2 * sizeof(err->text)];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(err->text), format, args);
    va_end(args);
    size_t at = length < 0 ? 0 : strlen(text);
    snprintf(text + at, sizeof(text) - at, ": %s", err->text);
    store(err, text);
    return false;
}

void sg_error_append(struct sg_error *err, const char *format, ...)
{
    if (!err)
        return;
    char text[2 * sizeof(err->text)];
    int head = snprintf(text, sizeof(text), "%s\n", err->text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + head, sizeof(text) - (size_t)head, format, args);
    va_end(args);
    store(err, text);
}
