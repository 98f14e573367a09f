/* SPDX-License-Identifier: Apache-2.0 */
/* Lets sudo keep CPUs awake for a svcgate that is not root: `sudo -n svcgate awake CPUS`. It ends
 * when its standard input does, also when we are killed. */
#define _GNU_SOURCE /* pipe2 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "testbench/internal.h"

#define PATIENCE 10 /* seconds, for sudo to answer or to end */

/* In the child. A session of its own: a Ctrl-C is for svcgate, and sudo cannot ask anybody. */
static _Noreturn void become_sudo(const char *self, const char *cpus, int input, int output)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    char *const argv[] = {"sudo", "-n", (char *)self, "awake", (char *)cpus, NULL};
    if (setsid() > 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0) {
        (void)execvp(argv[0], argv);
    }
    _exit(127);
}

static bool says_awake(int output)
{
    char text[sizeof(SG_AWAKE_SAYS)] = "";
    size_t length = 0;
    struct pollfd ready = {.fd = output, .events = POLLIN};
    while (length < strlen(SG_AWAKE_SAYS) && poll(&ready, 1, PATIENCE * 1000) == 1) {
        ssize_t got = read(output, text + length, strlen(SG_AWAKE_SAYS) - length);
        if (got <= 0) {
            break;
        }
        length += (size_t)got;
    }
    return strcmp(text, SG_AWAKE_SAYS) == 0;
}

bool sg_awake_ask(struct sg_awake *awake, const char *cpus)
{
    char self[PATH_MAX] = "";
    int life[2];
    int said[2];
    if (readlink("/proc/self/exe", self, sizeof(self) - 1) <= 0 || pipe2(life, O_CLOEXEC) != 0) {
        return false;
    }
    if (pipe2(said, O_CLOEXEC) != 0) {
        (void)close(life[0]);
        (void)close(life[1]);
        return false;
    }
    awake->lifeline = life[1];
    awake->sudo = fork();
    if (awake->sudo == 0) {
        become_sudo(self, cpus, life[0], said[1]);
    }
    (void)close(life[0]);
    (void)close(said[1]);
    bool ok = awake->sudo > 0 && says_awake(said[0]);
    (void)close(said[0]);
    if (!ok) {
        sg_awake_dismiss(awake);
    }
    return ok;
}

void sg_awake_dismiss(struct sg_awake *awake)
{
    int64_t deadline = sg_clock_monotonic() + PATIENCE * SG_SECOND;
    const struct timespec moment = {.tv_nsec = 10000000};
    (void)close(awake->lifeline);
    while (awake->sudo > 0 && waitpid(awake->sudo, NULL, WNOHANG) == 0 &&
           sg_clock_monotonic() < deadline) {
        (void)nanosleep(&moment, NULL);
    }
    awake->sudo = 0;
}
