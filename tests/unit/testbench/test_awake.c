/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that keep the pinned CPUs awake: where they run, how they yield, and that they go. */
#define _GNU_SOURCE /* sched_getaffinity, SCHED_IDLE */
#include "unit/testbench/help.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "testbench/internal.h"

static const struct sg_config on = {.keep_awake = true};
static const struct sg_config off = {.keep_awake = false};

static void check_spinner(pid_t pid, const char *group)
{
    cpu_set_t set;
    assert_int_equal(sched_getscheduler(pid), SCHED_IDLE);
    assert_int_equal(sched_getaffinity(pid, sizeof(set), &set), 0);
    assert_int_equal(CPU_COUNT(&set), 1);
    assert_true(CPU_ISSET(0, &set));
    char line[64];
    char path[300];
    (void)snprintf(line, sizeof(line), "%ld\n", (long)pid);
    (void)snprintf(path, sizeof(path), "%s/cgroup.procs", group);
    char *text = NULL;
    size_t size = 0;
    struct sg_error err = {0};
    assert_true(sg_file_read(path, 1 << 20, &text, &size, &err));
    assert_non_null(strstr(text, line));
    free(text);
    (void)snprintf(path, sizeof(path), "%s/cpu.idle", group);
    assert_true(sg_file_read(path, 100, &text, &size, &err));
    assert_string_equal(text, "1\n");
    free(text);
}

/* Without the right to it nothing is started, and that is said: tests/e2e/test_same.py knows where
 * it must be. */
static void the_pinned_cpu_is_kept_awake(void **state)
{
    (void)state;
    struct sg_bench bench = {.config = &on, .cpus = 1, .pinning = {.service = "0"}};
    sg_awake_start(&bench.awake, &bench);
    if (bench.awake.count == 0) {
        assert_null(bench.awake.group);
        print_message("no control group with cpu.idle can be made here\n");
        skip();
        return;
    }
    assert_int_equal(bench.awake.count, 1);
    pid_t pid = bench.awake.pids[0];
    check_spinner(pid, bench.awake.group);
    sg_awake_stop(&bench.awake);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    assert_int_equal(bench.awake.count, 0);
    assert_null(bench.awake.group);
}

static void check_none(const struct sg_bench *like)
{
    struct sg_bench bench = *like;
    sg_awake_start(&bench.awake, &bench);
    assert_int_equal(bench.awake.count, 0);
    assert_null(bench.awake.group);
}

static void nothing_is_started_where_it_is_not_wanted(void **state)
{
    (void)state;
    check_none(&(struct sg_bench){.config = &off, .cpus = 1, .pinning = {.service = "0"}});
    check_none(&(struct sg_bench){.config = &on, .cpus = 1});
    check_none(&(struct sg_bench){
        .config = &on, .cpus = 1, .pinning = {.service = "0"}, .engine = {.remote = true}});
}

/* A CPU that this machine does not have. */
static void one_that_cannot_run_stops_all(void **state)
{
    (void)state;
    check_none(
        &(struct sg_bench){.config = &on, .cpus = CPU_SETSIZE, .pinning = {.service = "0,1023"}});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pinned_cpu_is_kept_awake),
        cmocka_unit_test(nothing_is_started_where_it_is_not_wanted),
        cmocka_unit_test(one_that_cannot_run_stops_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
