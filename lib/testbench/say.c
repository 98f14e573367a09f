/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a waiting person what is going on. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "testbench/internal.h"

void sg_bench_say(const struct sg_bench *bench, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = sg_format_list(format, list);
    va_end(list);
    if (bench->progress.say != NULL) {
        bench->progress.say(bench->progress.context, text);
    }
    free(text);
}
