/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks, and the flag that SIGINT, SIGTERM and SIGHUP raise. */
#include "base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

static volatile sig_atomic_t caught;

static int64_t read_clock(clockid_t id)
{
    struct timespec now = {0};
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * SG_SECOND + now.tv_nsec;
}

int64_t sg_clock_wall(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t sg_clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void sg_clock_iso(int64_t wall, char out[21])
{
    int64_t whole = wall / SG_SECOND - (wall % SG_SECOND < 0);
    time_t seconds = (time_t)whole;
    struct tm utc = {0};
    gmtime_r(&seconds, &utc);
    if (strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        out[0] = '\0';
}

static void catch_signal(int number)
{
    caught = number;
}

/* nohup(1) starts programs that are to outlive their terminal with SIGHUP ignored. */
static bool is_ignored(int number)
{
    struct sigaction action = {0};
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void sg_interrupt_install(void)
{
    struct sigaction action = {0};
    sigemptyset(&action.sa_mask);
    action.sa_handler = catch_signal; /* without SA_RESTART: waiting calls must return */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (!is_ignored(SIGHUP))
        sigaction(SIGHUP, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    action.sa_handler = SIG_DFL; /* a parent's SIG_IGN is inherited: no child could be waited for */
    sigaction(SIGCHLD, &action, NULL);
}

void sg_interrupt_default(void)
{
    static const int caught_ones[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < SG_COUNT(caught_ones); i++) {
        struct sigaction action = {0};
        if (sigaction(caught_ones[i], NULL, &action) != 0 || action.sa_handler != catch_signal)
            continue;
        action.sa_handler = SIG_DFL;
        sigaction(caught_ones[i], &action, NULL);
    }
}

int sg_interrupt_signal(void)
{
    return caught;
}

void sg_interrupt_reset(void)
{
    caught = 0;
}

bool sg_sleep(int64_t nanoseconds)
{
    /* Slices, because a signal between the look at the flag and the sleep would go unnoticed. */
    const int64_t slice = 100 * SG_MILLISECOND;
    int64_t end = sg_clock_monotonic() + nanoseconds;
    for (;;) {
        if (caught)
            return false;
        int64_t left = end - sg_clock_monotonic();
        if (left <= 0)
            return true;
        int64_t part = left < slice ? left : slice;
        struct timespec pause = {.tv_sec = 0, .tv_nsec = (long)part};
        nanosleep(&pause, NULL);
    }
}
