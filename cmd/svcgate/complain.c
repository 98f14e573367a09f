/* SPDX-License-Identifier: Apache-2.0 */
/* The last door of messages: whatever a file, a program or an engine said, no control character and
 * no workflow command leaves through standard error. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clean.h"
#include "base/text.h"
#include "verbs.h"

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = sg_format_list(format, arguments);
    va_end(arguments);
    char *clean = sg_clean_lines(text);
    (void)fprintf(stderr, "svcgate: %s\n", clean);
    free(clean);
    free(text);
}
