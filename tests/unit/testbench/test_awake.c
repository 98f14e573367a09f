/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that keep the pinned CPUs awake: where they run, how they yield, and that they go. */
#define _GNU_SOURCE /* sched_getaffinity, SCHED_IDLE */
#include "unit/testbench/help.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "testbench/internal.h"

static const struct sg_config on = {.keep_awake = SG_KEEP_AWAKE_AUTO};
static const struct sg_config off = {.keep_awake = SG_KEEP_AWAKE_OFF};

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
    if (!bench.awake.on) {
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
    assert_false(bench.awake.on);
    assert_int_equal(bench.awake.count, 0);
    assert_null(bench.awake.group);
}

static void check_none(const struct sg_bench *like)
{
    struct sg_bench bench = *like;
    sg_awake_start(&bench.awake, &bench);
    assert_false(bench.awake.on);
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

/* Caller frees. */
static char *search_path(void)
{
    const char *path = sg_env("PATH");
    assert_non_null(path);
    return sg_strdup(path);
}

/* A sudo that is ours: it writes down its words, says `says`, and waits for the end of its input.
 */
static char *make_sudo(const char *says)
{
    char *folder = folder_new();
    char *script =
        sg_format("#!/bin/sh\nprintf '%%s\\n' \"$*\" >%s/words\nprintf '%s'\ncat\necho >%s/gone\n",
                  folder, says, folder);
    char *path = sg_format("%s/sudo", folder);
    struct sg_error err = {0};
    assert_true(sg_file_write(path, script, strlen(script), &err));
    assert_int_equal(chmod(path, 0755), 0);
    char *path_was = search_path();
    char *search = sg_format("%s:%s", folder, path_was);
    assert_int_equal(setenv("PATH", search, 1), 0);
    free(path_was);
    free(search);
    free(path);
    free(script);
    return folder;
}

static void sudo_keeps_it_until_it_is_dismissed(void **state)
{
    (void)state;
    char *path = search_path();
    char *folder = make_sudo(SG_AWAKE_SAYS);
    struct sg_awake awake = {0};
    assert_true(sg_awake_ask(&awake, "0,2-3"));
    char *words = folder_read(folder, "words");
    assert_memory_equal(words, "-n /", 4);
    assert_non_null(strstr(words, " awake 0,2-3\n"));
    assert_int_equal(kill(awake.sudo.pid, 0), 0);
    sg_awake_stop(&awake);
    free(folder_read(folder, "gone")); /* it ended by itself */
    (void)setenv("PATH", path, 1);
    free(words);
    free(path);
    folder_delete(folder);
}

static void a_sudo_that_refuses_is_none(void **state)
{
    (void)state;
    char *path = search_path();
    char *folder = make_sudo("a password is required");
    struct sg_awake awake = {0};
    assert_false(sg_awake_ask(&awake, "0"));
    assert_int_equal(awake.sudo.pid, 0);
    (void)setenv("PATH", "/nowhere", 1);
    assert_false(sg_awake_ask(&awake, "0"));
    (void)setenv("PATH", path, 1);
    free(path);
    folder_delete(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pinned_cpu_is_kept_awake),
        cmocka_unit_test(nothing_is_started_where_it_is_not_wanted),
        cmocka_unit_test(sudo_keeps_it_until_it_is_dismissed),
        cmocka_unit_test(a_sudo_that_refuses_is_none),
        cmocka_unit_test(one_that_cannot_run_stops_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
