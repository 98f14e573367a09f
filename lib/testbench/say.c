/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a waiting person what is going on. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "testbench/internal.h"

void sg_bench_say(const struct sg_bench *bench, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = sg_alloc((size_t)size + 1, 1);
    (void)vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    if (bench->progress.say != NULL) {
        bench->progress.say(bench->progress.context, text);
    }
    free(text);
}
