/* SPDX-License-Identifier: Apache-2.0 */
/* The last door of messages: whatever a file, a program or an engine said, no control character and
 * no workflow command leaves through it; and who stops reading standard error stops no session.
 * Reports have their own escaping. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/clock.h"
#include "base/text.h"
#include "verbs.h"

#define PATIENCE 2000        /* milliseconds that a reader may take */
#define PART _POSIX_PIPE_BUF /* what a pipe takes whole when it takes anything */

/* Whether standard error takes something within the patience; after a signal at once. */
static bool is_read(int patience)
{
    struct pollfd end = {.fd = STDERR_FILENO, .events = POLLOUT};
    int got = 0;
    do {
        got = poll(&end, 1, sg_interrupt_signal() != 0 ? 0 : patience);
    } while (got < 0 && errno == EINTR);
    return got != 0;
}

void write_stderr(const char *text)
{
    static const char gap[] = "\nsvcgate: messages are missing here: nobody read them in time\n";
    static bool lost = false; /* nobody has read the last one: the next does not wait */
    size_t left = strlen(text);
    while (left > 0) {
        if (!is_read(lost ? 0 : PATIENCE)) {
            lost = true;
            return;
        }
        if (lost) {
            lost = false;
            (void)!write(STDERR_FILENO, gap, strlen(gap));
            continue;
        }
        ssize_t put = write(STDERR_FILENO, text, left < PART ? left : PART);
        if (put < 0 && errno != EINTR) {
            return;
        }
        text += put > 0 ? put : 0;
        left -= put > 0 ? (size_t)put : 0;
    }
}

static void print(FILE *to, const char *before, const char *format, va_list arguments,
                  const char *behind)
{
    char *text = sg_format_list(format, arguments);
    char *clean = sg_clean_lines(text);
    char *line = sg_format("%s%s%s", before, clean, behind);
    if (to == stderr) {
        write_stderr(line);
    } else {
        (void)fputs(line, to);
    }
    free(line);
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
