/* SPDX-License-Identifier: Apache-2.0 */
/* Virtual time: the machine's clocks, plus what was slept or waited. Stands in for two functions of
 * libc, so that lib/base/clock.c is the real one. */
#define _GNU_SOURCE /* syscall */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "fake/internal.h"

static int64_t passed, stepped; /* nanoseconds */

static void add(struct timespec *time, int64_t nanoseconds)
{
    int64_t sum = (int64_t)time->tv_sec * SG_SECOND + time->tv_nsec + nanoseconds;
    time->tv_sec = (time_t)(sum / SG_SECOND);
    time->tv_nsec = (long)(sum % SG_SECOND);
}

int clock_gettime(clockid_t id, struct timespec *out)
{
    if (syscall(SYS_clock_gettime, id, out) != 0) {
        return -1;
    }
    if (id == CLOCK_REALTIME || id == CLOCK_MONOTONIC) {
        add(out, passed + (id == CLOCK_REALTIME ? stepped : 0));
    }
    return 0;
}

int nanosleep(const struct timespec *pause, struct timespec *left)
{
    if (sg_fake_find("sleep", "real", NULL) != NULL) {
        return (int)syscall(SYS_nanosleep, pause, left);
    }
    passed += (int64_t)pause->tv_sec * SG_SECOND + pause->tv_nsec;
    return 0;
}

void sg_fake_pass(double seconds)
{
    passed += (int64_t)(seconds * 1e9);
}

void sg_fake_step(double seconds)
{
    stepped += (int64_t)(seconds * 1e9);
}
