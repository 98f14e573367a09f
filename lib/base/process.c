/* SPDX-License-Identifier: Apache-2.0 */
/* Running a child to its end: one loop over its pipes, its exit, the deadline and interruption. */
#include "base/process.h"

#include "base/clock.h"
#include "base/spawn.h"
#include "base/text.h"
#include "base/units.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const size_t keep_bytes = (size_t)16 << 20;
static const int64_t default_timeout = 300 * SG_SECOND;
/* Between TERM and KILL. */
static const int64_t patience = 2 * SG_SECOND;
/* After KILL: a process that hangs in the kernel does not end, and is left to it. */
static const int64_t last_patience = 5 * SG_SECOND;
/* How long output is still read after the child's end, when a grandchild keeps the pipe open. */
static const int64_t leftover = SG_SECOND / 2;
/* How often the child's exit and the interruption flag are looked at while nothing comes. */
enum { TICK_MS = 50 };
/* Of a child whose end nobody tells: not 0, so that it is no success. */
enum { UNKNOWN_STATUS = 255 };

struct run {
    const struct sg_process *process;
    struct sg_child child;
    struct sg_text text[2];
    size_t written; /* bytes of the input */
    bool ended;     /* reaped; `status` holds */
    int64_t ended_at;
    int status;
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool all_closed(const struct run *run)
{
    return run->child.output[0] < 0 && run->child.output[1] < 0;
}

/* Keeps the last `keep_bytes` and up to as much again, so that bytes are moved rarely. */
static void keep_tail(struct sg_text *text, size_t allowed)
{
    if (text->size <= allowed)
        return;
    size_t start = text->size - keep_bytes;
    while (start < text->size && ((unsigned char)text->data[start] & 0xC0) == 0x80)
        start++; /* a whole character first */
    text->size -= start;
    memmove(text->data, text->data + start, text->size + 1);
}

/* Reads once. Output is handed out as a C string: NUL bytes in it become '?'. */
static void read_some(int *fd, struct sg_text *text)
{
    char part[65536];
    ssize_t got = read(*fd, part, sizeof(part));
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0) {
        close_end(fd);
        return;
    }
    for (ssize_t i = 0; i < got; i++) {
        if (part[i] == '\0')
            part[i] = '?';
    }
    sg_text_bytes(text, part, (size_t)got);
    keep_tail(text, 2 * keep_bytes);
}

static void write_some(struct run *run)
{
    const char *at = run->process->input + run->written;
    size_t left = strlen(at);
    ssize_t put = left ? write(run->child.input, at, left) : 0;
    if (put > 0)
        run->written += (size_t)put;
    bool again = put < 0 && (errno == EINTR || errno == EAGAIN);
    if (!again && (put < 0 || (size_t)put == left))
        close_end(&run->child.input); /* all given, or the child does not want it */
}

/* Waits at most a tick for one of the pipes, and serves those that are ready. */
static void serve_pipes(struct run *run)
{
    struct sg_child *child = &run->child;
    struct pollfd fds[3] = {{.fd = child->output[0], .events = POLLIN},
                            {.fd = child->output[1], .events = POLLIN},
                            {.fd = child->input, .events = POLLOUT}};
    if (poll(fds, 3, TICK_MS) <= 0)
        return;
    for (int i = 0; i < 2; i++) {
        if (fds[i].revents)
            read_some(&child->output[i], &run->text[i]);
    }
    if (fds[2].revents)
        write_some(run);
}

static void look_for_exit(struct run *run)
{
    int status = 0;
    if (run->ended)
        return;
    pid_t got = waitpid(run->child.pid, &status, WNOHANG);
    bool unknown = got < 0 && errno == ECHILD; /* reaped by somebody else */
    if (got != run->child.pid && !unknown)
        return;
    if (unknown)
        status = UNKNOWN_STATUS << 8;
    run->ended = true;
    run->ended_at = sg_clock_monotonic();
    run->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static bool is_over(const struct run *run)
{
    if (!run->ended)
        return false;
    return all_closed(run) || sg_clock_monotonic() - run->ended_at > leftover;
}

static bool is_interrupted(const struct run *run)
{
    return !run->process->uninterruptible && sg_interrupt_signal() != 0;
}

/* Until the child is over, the deadline, or (when asked to look) an interruption. */
static void serve(struct run *run, int64_t until, bool stoppable)
{
    for (;;) {
        /* Looked at first: what a child wrote before its end is then in the pipes already. */
        look_for_exit(run);
        if (is_over(run) || sg_clock_monotonic() >= until)
            return;
        if (stoppable && is_interrupted(run))
            return;
        serve_pipes(run);
    }
}

/* TERM to the group, some patience, KILL. */
static void stop(struct run *run)
{
    kill(-run->child.pid, SIGTERM);
    serve(run, sg_clock_monotonic() + patience, false);
    if (!is_over(run))
        kill(-run->child.pid, SIGKILL);
    int64_t until = sg_clock_monotonic() + last_patience;
    while (!run->ended && sg_clock_monotonic() < until) {
        look_for_exit(run);
        if (!run->ended)
            serve_pipes(run);
    }
}

/* "docker compose up", for messages: the program and its first plain words. */
static char *name_of(const struct sg_process *process)
{
    struct sg_text text = {0};
    for (size_t i = 0; process->argv[i] && i < 3; i++) {
        if (i > 0 && process->argv[i][0] == '-')
            break;
        sg_text_printf(&text, "%s%s", i ? " " : "", process->argv[i]);
    }
    return sg_text_take(&text);
}

static bool fail_stopped(const struct run *run, int64_t timeout, struct sg_error *err)
{
    char *name = name_of(run->process);
    char *limit = sg_show_duration((double)timeout / (double)SG_SECOND);
    if (is_interrupted(run))
        sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while %s was running", name);
    else
        sg_fail(err, SG_ERROR_ENVIRONMENT, "%s did not end within %s and was stopped", name, limit);
    if (!is_interrupted(run) && run->text[1].size > 0)
        sg_error_append(err, "%s", sg_tail(run->text[1].data, 10));
    free(name);
    free(limit);
    return false;
}

static void hand_over(struct run *run, struct sg_process_result *out)
{
    keep_tail(&run->text[0], keep_bytes);
    keep_tail(&run->text[1], keep_bytes);
    out->status = run->status;
    out->out = sg_text_take(&run->text[0]);
    out->err = sg_text_take(&run->text[1]);
}

bool sg_process_run(const struct sg_process *process, struct sg_process_result *out,
                    struct sg_error *err)
{
    struct run run = {.process = process};
    *out = (struct sg_process_result){0};
    if (is_interrupted(&run))
        return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted before %s was started",
                       process->argv[0]);
    if (!sg_spawn(process, &run.child, err))
        return false;
    int64_t timeout = process->timeout > 0 ? process->timeout : default_timeout;
    serve(&run, sg_clock_monotonic() + timeout, true);
    bool ok = is_over(&run);
    if (ok) {
        hand_over(&run, out);
    } else {
        stop(&run);
        fail_stopped(&run, timeout, err);
    }
    close_end(&run.child.input);
    close_end(&run.child.output[0]);
    close_end(&run.child.output[1]);
    sg_text_free(&run.text[0]);
    sg_text_free(&run.text[1]);
    return ok;
}

void sg_process_result_free(struct sg_process_result *result)
{
    free(result->out);
    free(result->err);
    *result = (struct sg_process_result){0};
}

void sg_process_no_core(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0); /* for a program of core_pattern's the limit does not hold */
}

const char *sg_env(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}
