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
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "testbench/internal.h"

#define SIDE_BY_SIDE 10 /* rounds */

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

static bool start(struct sg_bench *bench)
{
    *bench = (struct sg_bench){.config = &on, .cpus = 1, .pinning = {.service = "0"}};
    sg_awake_start(&bench->awake, bench);
    return bench->awake.on;
}

/* Whether CPUs can be kept awake here, which takes rights that not everybody has. Whoever knows
 * says it: SG_EXPECT_AWAKE is "yes" or "no". */
static bool possible(void)
{
    const char *expected = sg_env("SG_EXPECT_AWAKE");
    struct sg_bench bench;
    bool can = start(&bench);
    sg_awake_stop(&bench.awake);
    if (expected != NULL) {
        assert_string_equal(can ? "yes" : "no", expected);
    } else if (!can) {
        print_message("skipped: no control group with cpu.idle can be made here, and "
                      "SG_EXPECT_AWAKE does not say whether it must be\n");
    }
    return can;
}

static void the_pinned_cpu_is_kept_awake(void **state)
{
    (void)state;
    if (!possible()) {
        skip();
        return;
    }
    struct sg_bench bench;
    assert_true(start(&bench));
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
    if (!possible()) {
        skip();
        return;
    }
    check_none(
        &(struct sg_bench){.config = &on, .cpus = CPU_SETSIZE, .pinning = {.service = "0,1023"}});
}

/* How often it could not be done. */
static int start_and_stop(int rounds)
{
    int failed = 0;
    for (int i = 0; i < rounds; i++) {
        struct sg_bench bench;
        failed += start(&bench) ? 0 : 1;
        sg_awake_stop(&bench.awake);
    }
    return failed;
}

/* Each engine of a machine may have a session; their processes are in one group. */
static void a_session_that_ends_does_not_hinder_one_that_starts(void **state)
{
    (void)state;
    if (!possible()) {
        skip();
        return;
    }
    pid_t other = fork();
    assert_true(other >= 0);
    if (other == 0) {
        _exit(start_and_stop(SIDE_BY_SIDE) == 0 ? 0 : 1);
    }
    int failed = start_and_stop(SIDE_BY_SIDE);
    int status = -1;
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_int_equal(status, 0);
    assert_int_equal(failed, 0);
}

static void a_session_that_ends_leaves_the_others_awake(void **state)
{
    (void)state;
    if (!possible()) {
        skip();
        return;
    }
    struct sg_bench bench;
    struct sg_bench other;
    assert_true(start(&bench));
    assert_true(start(&other));
    sg_awake_stop(&other.awake);
    check_spinner(bench.awake.pids[0], bench.awake.group);
    sg_awake_stop(&bench.awake);
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
        cmocka_unit_test(a_session_that_ends_does_not_hinder_one_that_starts),
        cmocka_unit_test(a_session_that_ends_leaves_the_others_awake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
