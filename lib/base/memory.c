/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is never NULL: running out ends the process (exit 5), so that callers need no
 * branch which no test could reach. */
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_OUT_OF_MEMORY = 5 };

void sg_out_of_memory(void)
{
    static const char message[] = "svcgate: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);
    (void)ignored;
    _exit(EXIT_OUT_OF_MEMORY);
}

void *sg_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        sg_out_of_memory();
    return memory;
}

void *sg_realloc(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        sg_out_of_memory();
    size_t bytes = count * size;
    void *memory = realloc(old, bytes ? bytes : 1);
    if (!memory)
        sg_out_of_memory();
    return memory;
}

char *sg_strdup(const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    return memcpy(sg_alloc(size, 1), text, size);
}

char *sg_format_list(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        sg_out_of_memory(); /* large widths and exponents need some inside */
    char *text = sg_alloc((size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *sg_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = sg_format_list(format, args);
    va_end(args);
    return text;
}

void *sg_grow(void *array, size_t count, size_t size)
{
    /* Always to a power of two: realloc has nothing to do in between, so adding one by one stays
     * linear, whatever capacity the array had before. */
    size_t capacity = 1;
    while (capacity <= count)
        capacity *= 2;
    char *grown = sg_realloc(array, capacity, size);
    memset(grown + count * size, 0, size);
    return grown;
}
