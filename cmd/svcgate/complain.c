/* SPDX-License-Identifier: Apache-2.0 */
/* The last door of messages: whatever a file, a program or an engine said, no control character and
 * no workflow command leaves through standard error; and who stops reading it stops no session. */
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

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = sg_format_list(format, arguments);
    va_end(arguments);
    char *clean = sg_clean_lines(text);
    char *line = sg_format("svcgate: %s\n", clean);
    write_stderr(line);
    free(line);
    free(clean);
    free(text);
}
