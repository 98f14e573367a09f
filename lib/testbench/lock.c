/* SPDX-License-Identifier: Apache-2.0 */
/* One session an engine: two at once would measure each other. The lock is a container with a fixed
 * name, which the engine gives to one session alone, wherever its program runs: on the host, in
 * containers, with a /tmp of its own. It lives as long as the standard input that svcgate holds
 * open, however svcgate ends. The program in it is k6, because its image is there in any case: it
 * waits for a script, without using CPU, and gets none. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/http.h"
#include "testbench/internal.h"

#define NAME "svcgate-lock"
#define START_PATIENCE                                                                             \
    30 /* seconds; between making the container and its start: well below one                      \
        */
/* Seconds. The container of a killed session ends when it has seen the end of its input: a moment
 * later, or a few seconds on a host that is busy with what that session left running. */
#define LINGER 10

enum sg_lock_state sg_lock_look(const struct sg_json *list, double now, struct sg_lock_holder *out)
{
    *out = (struct sg_lock_holder){.session = "?"};
    for (const struct sg_json *item = sg_json_first(list); item; item = sg_json_next(item)) {
        const struct sg_json *names = sg_json_get(item, "Names");
        if (!sg_streq(sg_json_string(sg_json_first(names), ""), "/" NAME)) {
            continue; /* the engine's filter is a pattern */
        }
        const char *state = sg_json_string(sg_json_get(item, "State"), "");
        double age = now - sg_json_number(sg_json_get(item, "Created"), NAN);
        const struct sg_json *labels = sg_json_get(item, "Labels");
        out->id = sg_json_string(sg_json_get(item, "Id"), "");
        out->session = sg_json_string(sg_json_get(labels, "svcgate.session"), "?");
        bool ended = sg_streq(state, "exited") || sg_streq(state, "dead");
        bool never_started = sg_streq(state, "created") && age > START_PATIENCE;
        return ended || never_started ? SG_LOCK_STALE : SG_LOCK_HELD;
    }
    return SG_LOCK_FREE;
}

bool sg_lock_list(const struct sg_engine *engine, struct sg_json **out, struct sg_error *err)
{
    char *filter = sg_http_escape("{\"name\":[\"" NAME "\"]}");
    char *path = sg_format("/containers/json?all=1&filters=%s", filter);
    bool ok = sg_engine_get(engine, path, out, err);
    free(path);
    free(filter);
    return ok;
}

/* By id: the name may be another session's by now. */
static void remove_container(const char *id)
{
    const char *argv[] = {"docker", "rm", "-f", id, NULL};
    struct sg_error ignored = {0};
    (void)!sg_docker_run(argv, NULL, 60, true, &ignored);
}

/* Gives the container's id, or fails, most often because the name is taken. */
static bool create(const struct sg_bench *bench, char **out_id, struct sg_error *err)
{
    char *session = sg_format("svcgate.session=%s", bench->session);
    char *cpus = sg_format("--cpuset-cpus=%s", bench->pinning.monitor);
    const char *const argv[] = {"docker",
                                "create",
                                "--interactive",
                                "--rm",
                                "--name",
                                NAME,
                                "--label",
                                session,
                                "--label",
                                "svcgate.role=lock",
                                "--network",
                                "none",
                                "--pull",
                                "never",
                                cpus,
                                bench->k6.id,
                                "run",
                                "-",
                                NULL};
    bool ok = sg_docker_output(argv, out_id, err);
    free(cpus);
    free(session);
    return ok;
}

static bool is_running(const struct sg_bench *bench, struct sg_error *err)
{
    struct sg_container_state state = {0};
    return sg_engine_state(&bench->engine, bench->lock.id, &state, err) && state.running;
}

/* `docker start` passes on our end of its input, and ends with the container. */
static bool start(struct sg_bench *bench, struct sg_error *err)
{
    struct sg_lock *lock = &bench->lock;
    const char *argv[] = {"docker", "start", "--attach", "--interactive", lock->id, NULL};
    struct sg_process process = {.argv = argv, .input = ""};
    if (!sg_spawn(&process, &lock->holder, err)) {
        return false;
    }
    int64_t deadline = sg_clock_monotonic() + START_PATIENCE / 2 * SG_SECOND;
    struct sg_error last = {0};
    while (!is_running(bench, &last)) {
        if (sg_clock_monotonic() > deadline || !sg_sleep(SG_SECOND / 20)) {
            return sg_interrupt_signal() != 0
                       ? sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while taking the lock")
                       : sg_fail(err, SG_ERROR_ENVIRONMENT,
                                 "the container " NAME " did not start: %s", last.text);
        }
    }
    return true;
}

static bool try_take(struct sg_bench *bench, struct sg_error *err)
{
    bool ok = create(bench, &bench->lock.id, err) && start(bench, err);
    if (!ok) {
        sg_lock_drop(&bench->lock);
    }
    return ok;
}

/* Who has it. Removes what a session that was killed while it took the lock has left. */
static bool find_holder(struct sg_bench *bench, enum sg_lock_state *out_state, char **out_session,
                        struct sg_error *err)
{
    struct sg_json *list = NULL;
    struct sg_lock_holder holder;
    if (!sg_lock_list(&bench->engine, &list, err)) {
        return false;
    }
    *out_state = sg_lock_look(list, sg_engine_now(&bench->engine), &holder);
    if (*out_state == SG_LOCK_STALE) {
        remove_container(holder.id);
    }
    free(*out_session);
    *out_session = sg_strdup(holder.session);
    sg_json_free(list);
    return true;
}

static bool fail_held(const char *session, struct sg_error *err)
{
    return sg_fail(err, SG_ERROR_ENVIRONMENT,
                   "another svcgate session measures on this host (container " NAME
                   " of session %s) and two would disturb each other; wait for it, or give "
                   "`svcgate run` a --wait",
                   session);
}

static bool pause_for_other(struct sg_error *err)
{
    return sg_sleep(SG_SECOND / 2) ||
           sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while waiting for another session");
}

bool sg_lock_wait_free(const struct sg_engine *engine, struct sg_error *err)
{
    int64_t deadline = sg_clock_monotonic() + LINGER * SG_SECOND;
    enum sg_lock_state state = SG_LOCK_HELD;
    bool ok = true;
    while (ok && state == SG_LOCK_HELD) {
        struct sg_json *list = NULL;
        struct sg_lock_holder holder;
        ok = sg_lock_list(engine, &list, err);
        if (ok) {
            state = sg_lock_look(list, sg_engine_now(engine), &holder);
        }
        if (ok && state == SG_LOCK_HELD) {
            ok = sg_clock_monotonic() < deadline ? pause_for_other(err)
                                                 : fail_held(holder.session, err);
        }
        sg_json_free(list);
    }
    return ok;
}

/* Whether to try again: the lock is free (again), or there is time to wait for it. */
static bool may_retry(struct sg_bench *bench, int64_t deadline, int *tries, bool *told,
                      struct sg_error *err)
{
    enum sg_lock_state state = SG_LOCK_FREE;
    struct sg_error cause = *err;
    char *session = NULL;
    bool again = find_holder(bench, &state, &session, err);
    if (again && state == SG_LOCK_HELD) {
        again = sg_clock_monotonic() < deadline || fail_held(session, err);
        if (again && !*told) {
            sg_bench_say(bench,
                         "another svcgate session (%s) measures on this host; waiting for it",
                         session);
            *told = true;
        }
        again = again && pause_for_other(err);
    } else if (again && ++*tries > 3) {
        *err = cause; /* not the name: what docker says */
        again = false;
    }
    free(session);
    return again;
}

bool sg_lock_take(struct sg_bench *bench, struct sg_error *err)
{
    double patience = fmax(bench->config->wait, LINGER);
    int64_t deadline = sg_clock_monotonic() + (int64_t)(patience * 1e9);
    bool told = !(bench->config->wait > 0);
    int tries = 0;
    bool taken = try_take(bench, err);
    while (!taken && sg_interrupt_signal() == 0 && may_retry(bench, deadline, &tries, &told, err)) {
        taken = try_take(bench, err);
    }
    return taken;
}

/* docker ends with the container; it is not waited for longer than that takes. */
static void end_holder(struct sg_child *holder)
{
    const struct timespec moment = {.tv_nsec = 10 * SG_MILLISECOND};
    int64_t deadline = sg_clock_monotonic() + 5 * SG_SECOND;
    (void)close(holder->input);
    while (waitpid(holder->pid, NULL, WNOHANG) == 0) {
        if (sg_clock_monotonic() > deadline) {
            (void)kill(-holder->pid, SIGKILL);
        }
        (void)nanosleep(&moment, NULL);
    }
    (void)close(holder->output[0]);
    (void)close(holder->output[1]);
}

void sg_lock_drop(struct sg_lock *lock)
{
    if (lock->id != NULL) {
        remove_container(lock->id);
    }
    if (lock->holder.pid > 0) {
        end_holder(&lock->holder);
    }
    free(lock->id);
    *lock = (struct sg_lock){0};
}
