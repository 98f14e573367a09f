/* SPDX-License-Identifier: Apache-2.0 */
/* One session at a time on an engine: the real lock, with real processes. */
#include "unit/testbench/help.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "testbench/internal.h"

static char id[64];
static struct sg_engine engine = {.id = id};
static int held;
static int told;

static int set_up(void **state)
{
    (void)state;
    snprintf(id, sizeof(id), "test-of-the-lock-%d", (int)getpid());
    held = -1;
    told = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof(path), "/tmp/svcgate-%016" PRIx64 ".lock", sg_hash(id, strlen(id)));
    sg_lock_drop(held);
    sg_interrupt_reset();
    (void)unlink(path);
    return 0;
}

/* What the waiting session says is the moment at which the other one ends. */
static void other_ends(void *context, const char *text)
{
    (void)context;
    assert_non_null(strstr(text, "waiting for it"));
    told++;
    sg_lock_drop(held);
    held = -1;
}

static void user_gives_up(void *context, const char *text)
{
    (void)context;
    (void)text;
    told++;
    (void)raise(SIGINT);
}

static void take(void)
{
    struct sg_error err = {0};
    if (!sg_lock_take(&engine, 0, NULL, &held, &err)) {
        fail_msg("%s", err.text);
    }
}

static void a_second_session_is_refused_at_once_and_told_of_wait(void **state)
{
    (void)state;
    struct sg_error err = {0};
    int second = -1;
    take();
    assert_false(sg_lock_take(&engine, 0, NULL, &second, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "--wait"));
    assert_int_equal(second, -1);
}

static void a_session_that_waits_starts_when_the_other_one_ends(void **state)
{
    (void)state;
    const struct sg_bench_progress progress = {.say = other_ends};
    struct sg_error err = {0};
    int second = -1;
    take();
    assert_true(sg_lock_take(&engine, 60, &progress, &second, &err));
    assert_int_equal(told, 1);
    assert_true(second >= 0);
    sg_lock_drop(second);
}

static void a_session_that_waits_gives_up_after_its_time(void **state)
{
    (void)state;
    struct sg_error err = {0};
    int second = -1;
    take();
    int64_t start = sg_clock_monotonic();
    assert_false(sg_lock_take(&engine, 0.7, NULL, &second, &err));
    assert_true(sg_clock_monotonic() - start >= 7 * SG_SECOND / 10);
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
}

static void a_process_that_died_holds_no_lock(void **state)
{
    (void)state;
    struct sg_error err = {0};
    pid_t child = fork();
    if (child == 0) {
        int lock = -1;
        bool ok = sg_lock_take(&engine, 0, NULL, &lock, &err);
        (void)raise(ok ? SIGKILL : SIGTERM);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WTERMSIG(status), SIGKILL);
    take();
}

static void an_interruption_ends_the_waiting(void **state)
{
    (void)state;
    const struct sg_bench_progress progress = {.say = user_gives_up};
    struct sg_error err = {0};
    int second = -1;
    take();
    sg_interrupt_install();
    assert_false(sg_lock_take(&engine, 60, &progress, &second, &err));
    assert_int_equal(told, 1);
    assert_int_equal(err.kind, SG_ERROR_INTERRUPTED);
    assert_int_equal(second, -1);
}

#define LOCKED(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOCKED(a_second_session_is_refused_at_once_and_told_of_wait),
        LOCKED(a_session_that_waits_starts_when_the_other_one_ends),
        LOCKED(a_session_that_waits_gives_up_after_its_time),
        LOCKED(a_process_that_died_holds_no_lock),
        LOCKED(an_interruption_ends_the_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
