/* SPDX-License-Identifier: Apache-2.0 */
/* Lets sudo keep CPUs awake for a svcgate that is not root: `sudo -n svcgate awake CPUS`. It ends
 * when its standard input does, also when we are killed. Detached: a Ctrl-C is for svcgate, and
 * sudo cannot ask anybody. */
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "testbench/internal.h"

#define PATIENCE 10 /* seconds, for sudo to answer or to end */

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
    const char *const argv[] = {"sudo", "-n", self, "awake", cpus, NULL};
    const struct sg_process process = {.argv = argv, .input = "", .detached = true};
    struct sg_error ignored = {0};
    if (readlink("/proc/self/exe", self, sizeof(self) - 1) <= 0 ||
        !sg_spawn(&process, &awake->sudo, &ignored)) {
        return false;
    }
    bool ok = says_awake(awake->sudo.output[0]);
    if (!ok) {
        sg_awake_dismiss(awake);
    }
    return ok;
}

void sg_awake_dismiss(struct sg_awake *awake)
{
    const struct sg_child *sudo = &awake->sudo;
    int64_t deadline = sg_clock_monotonic() + PATIENCE * SG_SECOND;
    const struct timespec moment = {.tv_nsec = 10000000};
    (void)close(sudo->input);
    while (waitpid(sudo->pid, NULL, WNOHANG) == 0 && sg_clock_monotonic() < deadline) {
        (void)nanosleep(&moment, NULL);
    }
    (void)close(sudo->output[0]);
    (void)close(sudo->output[1]);
    awake->sudo = (struct sg_child){0};
}
