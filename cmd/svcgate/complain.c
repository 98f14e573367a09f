/* SPDX-License-Identifier: Apache-2.0 */
/* The last door of messages: whatever a file, a program or an engine said, no control character and
 * no workflow command leaves through it. Reports have their own escaping. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clean.h"
#include "base/text.h"
#include "verbs.h"

static void print(FILE *to, const char *before, const char *format, va_list arguments,
                  const char *behind)
{
    char *text = sg_format_list(format, arguments);
    char *clean = sg_clean_lines(text);
    (void)fprintf(to, "%s%s%s", before, clean, behind);
    free(clean);
    free(text);
}

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print(stderr, "svcgate: ", format, arguments, "\n");
    va_end(arguments);
}

void print_clean(FILE *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print(to, "", format, arguments, "");
    va_end(arguments);
}
