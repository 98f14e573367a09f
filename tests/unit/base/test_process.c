/* SPDX-License-Identifier: Apache-2.0 */
/* Child processes. The shells here are the tests' own; the library starts none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/process.h"
#include "base/text.h"
#include "base/units.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool shell(const char *script, const struct sg_process *with, struct sg_process_result *out,
                  struct sg_error *err)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    struct sg_process process = with ? *with : (struct sg_process){0};
    process.argv = argv;
    return sg_process_run(&process, out, err);
}

static int forget_signals(void **state)
{
    (void)state;
    sg_interrupt_reset();
    return 0;
}

static void both_outputs_and_the_status_come_back(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(shell("echo out; echo err >&2; exit 7", NULL, &result, &err));
    assert_string_equal(result.out, "out\n");
    assert_string_equal(result.err, "err\n");
    assert_int_equal(result.status, 7);
    sg_process_result_free(&result);
    sg_process_result_free(&result);
}

static void a_silent_child_gives_empty_strings(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(shell(":", NULL, &result, &err));
    assert_string_equal(result.out, "");
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    sg_process_result_free(&result);
}

static void a_killed_child_has_128_and_the_signal_as_status(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(shell("kill -KILL $$", NULL, &result, &err));
    assert_int_equal(result.status, 128 + SIGKILL);
    sg_process_result_free(&result);
}

static void arguments_are_passed_as_they_are(void **state)
{
    (void)state;
    const char *argv[] = {"printf", "%s|", "a b", "$HOME", "'\"", "", NULL};
    struct sg_process process = {.argv = argv};
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(sg_process_run(&process, &result, &err));
    assert_string_equal(result.out, "a b|$HOME|'\"||");
    sg_process_result_free(&result);
}

static void input_reaches_the_child_whole(void **state)
{
    (void)state;
    /* More than a pipe holds, so that writing and reading must take turns. */
    size_t size = 300000;
    char *input = sg_alloc(size + 1, 1);
    memset(input, 'x', size);
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(shell("cat", &(struct sg_process){.input = input}, &result, &err));
    assert_int_equal(strlen(result.out), size);
    sg_process_result_free(&result);
    free(input);
}

static void a_child_that_ignores_its_input_does_no_harm(void **state)
{
    (void)state;
    size_t size = 300000;
    char *input = sg_alloc(size + 1, 1);
    memset(input, 'x', size);
    struct sg_process_result result;
    struct sg_error err = {0};
    sg_interrupt_install(); /* ignores SIGPIPE, as the tool does */
    assert_true(shell("exit 0", &(struct sg_process){.input = input}, &result, &err));
    assert_int_equal(result.status, 0);
    sg_process_result_free(&result);
    free(input);
}

static void without_input_the_child_reads_nothing(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(shell("cat; echo end", NULL, &result, &err));
    assert_string_equal(result.out, "end\n");
    sg_process_result_free(&result);
}

static void environment_and_folder_are_set(void **state)
{
    (void)state;
    static const char *const env[] = {"SG_TEST_A=1", "SG_TEST_B=2", "HOME=/nowhere", "SG_TEST_C=3",
                                      NULL};
    struct sg_process_result result;
    struct sg_error err = {0};
    setenv("SG_TEST_KEPT", "kept", 1);
    assert_true(
        shell("echo $SG_TEST_A$SG_TEST_B$SG_TEST_C $HOME $SG_TEST_KEPT; pwd; env | grep -c ^HOME=",
              &(struct sg_process){.env = env, .folder = "/"}, &result, &err));
    assert_string_equal(result.out, "123 /nowhere kept\n/\n1\n");
    sg_process_result_free(&result);
}

static void tokens_of_forges_are_inherited_only_by_who_is_to_have_them(void **state)
{
    (void)state;
    const char *script = "echo ${SVCGATE_TOKEN-none} ${GITHUB_TOKEN-none} ${GH_TOKEN-none} "
                         "${GITLAB_TOKEN-none}";
    struct sg_process_result result;
    struct sg_error err = {0};
    setenv("SVCGATE_TOKEN", "a", 1);
    setenv("GITHUB_TOKEN", "b", 1);
    setenv("GH_TOKEN", "c", 1);
    setenv("GITLAB_TOKEN", "d", 1);
    assert_true(shell(script, NULL, &result, &err));
    assert_string_equal(result.out, "none none none none\n");
    sg_process_result_free(&result);
    assert_true(shell(script, &(struct sg_process){.tokens = true}, &result, &err));
    assert_string_equal(result.out, "a b c d\n");
    sg_process_result_free(&result);
    unsetenv("SVCGATE_TOKEN");
    unsetenv("GITHUB_TOKEN");
    unsetenv("GH_TOKEN");
    unsetenv("GITLAB_TOKEN");
}

static void what_is_left_out_is_not_inherited_but_can_be_set(void **state)
{
    (void)state;
    static const char *const env[] = {"SG_TEST_SET=new", NULL};
    static const char *const without[] = {"SG_TEST_GONE", "SG_TEST_SET", NULL};
    struct sg_process_result result;
    struct sg_error err = {0};
    setenv("SG_TEST_GONE", "old", 1);
    setenv("SG_TEST_GONE_NOT", "kept", 1);
    setenv("SG_TEST_SET", "old", 1);
    assert_true(shell("echo ${SG_TEST_GONE-unset} $SG_TEST_GONE_NOT $SG_TEST_SET",
                      &(struct sg_process){.env = env, .without = without}, &result, &err));
    assert_string_equal(result.out, "unset kept new\n");
    sg_process_result_free(&result);
}

static void a_missing_program_is_named(void **state)
{
    (void)state;
    const char *argv[] = {"svcgate-no-such-program", NULL};
    struct sg_process process = {.argv = argv};
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_false(sg_process_run(&process, &result, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "svcgate-no-such-program"));
    assert_non_null(strstr(err.text, "PATH"));
    assert_null(result.out);
    argv[0] = "/tmp/svcgate-no-such-program";
    assert_false(sg_process_run(&process, &result, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_string_equal(err.text,
                        "cannot start /tmp/svcgate-no-such-program: No such file or directory");
}

static void a_missing_folder_is_named(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_false(shell(":", &(struct sg_process){.folder = "/tmp/svcgate-none"}, &result, &err));
    assert_string_equal(err.text, "cannot start sh: there is no folder /tmp/svcgate-none");
}

/* A script that never ends is stopped after it has said something. How long a shell needs to say it
 * is the machine's affair: the deadline is doubled until it was enough. */
static void stopped_after_its_words(const char *script, struct sg_process_result *result,
                                    struct sg_error *err)
{
    for (int64_t timeout = 100 * SG_MILLISECOND; timeout < 100 * SG_SECOND; timeout *= 2) {
        char *limit = sg_show_duration((double)timeout / SG_SECOND);
        char *stopped = sg_format("sh did not end within %s and was stopped", limit);
        assert_false(shell(script, &(struct sg_process){.timeout = timeout}, result, err));
        assert_int_equal(err->kind, SG_ERROR_ENVIRONMENT);
        assert_true(sg_starts_with(err->text, stopped));
        bool spoke = !sg_ends_with(err->text, stopped);
        free(stopped);
        free(limit);
        if (spoke)
            return;
    }
    fail_msg("not a word: %s", err->text);
}

static void past_the_deadline_the_whole_group_is_stopped(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    /* The sleeping grandchild holds our pipe: if it lived on, this would last an hour. */
    stopped_after_its_words("echo why >&2; sleep 3600; :", &result, &err);
    assert_true(sg_ends_with(err.text, " and was stopped\nwhy\n"));
    assert_null(result.out);
}

static void an_error_names_the_program_and_its_first_plain_words(void **state)
{
    (void)state;
    const char *argv[] = {"sleep", "3600", NULL};
    struct sg_process process = {.argv = argv, .timeout = SG_MILLISECOND};
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_false(sg_process_run(&process, &result, &err));
    assert_string_equal(err.text, "sleep 3600 did not end within 1ms and was stopped");
}

static void a_child_that_ignores_term_is_killed(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    stopped_after_its_words("trap '' TERM; echo $$ >&2; while :; do sleep 1; done", &result, &err);
    long pid = strtol(sg_tail(err.text, 1), NULL, 10);
    assert_true(pid > 1);
    assert_int_equal(kill((pid_t)pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

/* Sends SIGTERM to this test from within the child. */
static bool interrupt_from_child(bool uninterruptible, struct sg_process_result *out,
                                 struct sg_error *err)
{
    char *script = sg_format("kill -TERM %ld; sleep %s; echo end", (long)getpid(),
                             uninterruptible ? "0.1" : "3600");
    sg_interrupt_install();
    bool ok = shell(script, &(struct sg_process){.uninterruptible = uninterruptible}, out, err);
    free(script);
    return ok;
}

static void an_interruption_stops_the_child(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_false(interrupt_from_child(false, &result, &err));
    assert_int_equal(err.kind, SG_ERROR_INTERRUPTED);
    assert_int_equal(sg_interrupt_signal(), SIGTERM);
    /* And none is started afterwards. */
    assert_false(shell(":", NULL, &result, &err));
    assert_int_equal(err.kind, SG_ERROR_INTERRUPTED);
}

static void an_uninterruptible_child_goes_on(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(interrupt_from_child(true, &result, &err));
    assert_string_equal(result.out, "end\n");
    assert_int_equal(sg_interrupt_signal(), SIGTERM);
    sg_process_result_free(&result);
}

static void a_grandchild_that_keeps_the_pipe_is_not_waited_for(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(shell("sleep 3600 & echo $!", NULL, &result, &err));
    long pid = strtol(result.out, NULL, 10);
    assert_true(pid > 1);
    assert_int_equal(kill((pid_t)pid, SIGKILL), 0); /* it was left alone */
    sg_process_result_free(&result);
}

static void of_much_output_the_end_is_kept(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(shell("head -c 50000000 /dev/zero | tr '\\0' x; echo end", NULL, &result, &err));
    size_t size = strlen(result.out);
    assert_int_equal(size, (size_t)16 << 20);
    assert_string_equal(result.out + size - 5, "xend\n");
    sg_process_result_free(&result);
}

static void nul_bytes_do_not_hide_the_rest(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    assert_true(shell("head -c 2 /dev/zero; echo end", NULL, &result, &err));
    assert_string_equal(result.out, "??end\n");
    sg_process_result_free(&result);
}

static void an_ignored_signal_is_not_inherited(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    sg_interrupt_install(); /* ignores SIGPIPE */
    assert_true(shell("sed -n 's/SigIgn:.//p' /proc/self/status", NULL, &result, &err));
    unsigned long long mask = strtoull(result.out, NULL, 16);
    assert_int_equal(mask >> (SIGPIPE - 1) & 1, 0);
    sg_process_result_free(&result);
}

static void with_sigchld_inherited_as_ignored_children_still_have_a_status(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    signal(SIGCHLD, SIG_IGN);
    sg_interrupt_install();
    assert_true(shell("exit 7", NULL, &result, &err));
    assert_int_equal(result.status, 7);
    sg_process_result_free(&result);
}

/* Where the kernel reaps, the status is lost: no success, and no wait for ever. */
static void a_child_that_nobody_can_wait_for_has_ended_without_success(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    signal(SIGCHLD, SIG_IGN);
    assert_true(shell("echo out", NULL, &result, &err));
    assert_string_equal(result.out, "out\n");
    assert_int_equal(result.status, 255);
    sg_process_result_free(&result);
    assert_false(
        shell("sleep 3600", &(struct sg_process){.timeout = SG_SECOND / 5}, &result, &err));
    signal(SIGCHLD, SIG_DFL);
}

static void children_do_not_inherit_an_ignored_sigchld(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    signal(SIGCHLD, SIG_IGN);
    assert_true(shell("sed -n 's/SigIgn:.//p' /proc/self/status", NULL, &result, &err));
    signal(SIGCHLD, SIG_DFL);
    unsigned long long mask = strtoull(result.out, NULL, 16);
    assert_int_equal(mask >> (SIGCHLD - 1) & 1, 0);
    sg_process_result_free(&result);
}

/* A process that runs a child which says `x` on descriptor 5, and keeps it open while it lives. */
static pid_t run_elsewhere(int said)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct sg_process_result result;
        struct sg_error err = {0};
        (void)dup2(said, 5);
        (void)fcntl(5, F_SETFD, 0); /* it may have been 5 already */
        _exit(shell("printf x >&5 && exec sleep 3600", NULL, &result, &err) ? 0 : 1);
    }
    return pid;
}

static void who_is_killed_takes_its_child_along(void **state)
{
    (void)state;
    int said[2];
    char byte = 0;
    assert_int_equal(pipe(said), 0);
    assert_int_equal(fcntl(said[1], F_SETFD, FD_CLOEXEC), 0);
    pid_t pid = run_elsewhere(said[1]);
    (void)close(said[1]);
    assert_int_equal(read(said[0], &byte, 1), 1);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    struct pollfd closed = {.fd = said[0], .events = POLLIN};
    assert_int_equal(poll(&closed, 1, 20000), 1); /* nobody holds the other end any more */
    assert_int_equal(read(said[0], &byte, 1), 0);
    (void)close(said[0]);
}

static void the_child_has_three_descriptors(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    for (int fd = 3; fd < 1000; fd++) /* what the test itself was started with */
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    const char *argv[] = {"ls", "/proc/self/fd", NULL};
    struct sg_process process = {.argv = argv};
    assert_true(sg_process_run(&process, &result, &err));
    assert_string_equal(result.out, "0\n1\n2\n3\n"); /* 3 is the folder that ls reads */
    sg_process_result_free(&result);
}

static int open_descriptors(void)
{
    DIR *stream = opendir("/proc/self/fd");
    int count = 0;
    while (stream && readdir(stream))
        count++;
    if (stream)
        closedir(stream);
    return count;
}

static void no_descriptor_is_left_open(void **state)
{
    (void)state;
    struct sg_process_result result;
    struct sg_error err = {0};
    int before = open_descriptors();
    assert_true(shell(":", &(struct sg_process){.input = "x"}, &result, &err));
    sg_process_result_free(&result);
    assert_false(shell("sleep 9", &(struct sg_process){.timeout = 1}, &result, &err));
    assert_false(shell(":", &(struct sg_process){.folder = "/tmp/svcgate-none"}, &result, &err));
    assert_int_equal(open_descriptors(), before);
}

static void an_empty_variable_counts_as_unset(void **state)
{
    (void)state;
    setenv("SG_TEST_EMPTY", "", 1);
    setenv("SG_TEST_FULL", "x", 1);
    assert_null(sg_env("SG_TEST_EMPTY"));
    assert_null(sg_env("SG_TEST_NONE"));
    assert_string_equal(sg_env("SG_TEST_FULL"), "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_outputs_and_the_status_come_back),
        cmocka_unit_test(a_silent_child_gives_empty_strings),
        cmocka_unit_test(a_killed_child_has_128_and_the_signal_as_status),
        cmocka_unit_test(arguments_are_passed_as_they_are),
        cmocka_unit_test(input_reaches_the_child_whole),
        cmocka_unit_test(a_child_that_ignores_its_input_does_no_harm),
        cmocka_unit_test(without_input_the_child_reads_nothing),
        cmocka_unit_test(environment_and_folder_are_set),
        cmocka_unit_test(tokens_of_forges_are_inherited_only_by_who_is_to_have_them),
        cmocka_unit_test(what_is_left_out_is_not_inherited_but_can_be_set),
        cmocka_unit_test(a_missing_program_is_named),
        cmocka_unit_test(a_missing_folder_is_named),
        cmocka_unit_test(past_the_deadline_the_whole_group_is_stopped),
        cmocka_unit_test(an_error_names_the_program_and_its_first_plain_words),
        cmocka_unit_test(a_child_that_ignores_term_is_killed),
        cmocka_unit_test_teardown(an_interruption_stops_the_child, forget_signals),
        cmocka_unit_test_teardown(an_uninterruptible_child_goes_on, forget_signals),
        cmocka_unit_test(a_grandchild_that_keeps_the_pipe_is_not_waited_for),
        cmocka_unit_test(of_much_output_the_end_is_kept),
        cmocka_unit_test(nul_bytes_do_not_hide_the_rest),
        cmocka_unit_test(an_ignored_signal_is_not_inherited),
        cmocka_unit_test(with_sigchld_inherited_as_ignored_children_still_have_a_status),
        cmocka_unit_test(a_child_that_nobody_can_wait_for_has_ended_without_success),
        cmocka_unit_test(children_do_not_inherit_an_ignored_sigchld),
        cmocka_unit_test(who_is_killed_takes_its_child_along),
        cmocka_unit_test(the_child_has_three_descriptors),
        cmocka_unit_test(no_descriptor_is_left_open),
        cmocka_unit_test(an_empty_variable_counts_as_unset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
