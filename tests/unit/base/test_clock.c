/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks and interruption. Nothing here depends on how long anything takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void times_are_written_as_iso_8601_in_utc(void **state)
{
    (void)state;
    char out[21];
    sg_clock_iso(0, out);
    assert_string_equal(out, "1970-01-01T00:00:00Z");
    sg_clock_iso(INT64_C(1795562943) * SG_SECOND + 999999999, out);
    assert_string_equal(out, "2026-11-24T23:29:03Z");
    sg_clock_iso(-1, out);
    assert_string_equal(out, "1969-12-31T23:59:59Z");
}

static void the_monotonic_clock_never_goes_back(void **state)
{
    (void)state;
    int64_t last = sg_clock_monotonic();
    for (int i = 0; i < 1000; i++) {
        int64_t now = sg_clock_monotonic();
        assert_true(now >= last);
        last = now;
    }
}

static void sleeping_lasts_at_least_as_long_as_asked(void **state)
{
    (void)state;
    int64_t start = sg_clock_monotonic();
    assert_true(sg_sleep(20 * SG_MILLISECOND));
    assert_true(sg_clock_monotonic() - start >= 20 * SG_MILLISECOND);
    assert_true(sg_sleep(-5));
}

static void a_caught_signal_is_remembered_and_ends_sleep(void **state)
{
    (void)state;
    sg_interrupt_install();
    assert_int_equal(sg_interrupt_signal(), 0);
    raise(SIGTERM);
    assert_int_equal(sg_interrupt_signal(), SIGTERM);
    /* An hour, if it were not interrupted: the test's own time limit would strike. */
    assert_false(sg_sleep(3600 * SG_SECOND));
    raise(SIGINT);
    assert_int_equal(sg_interrupt_signal(), SIGINT);
    sg_interrupt_reset();
    assert_int_equal(sg_interrupt_signal(), 0);
    assert_true(sg_sleep(1));
}

static void a_terminal_that_goes_away_is_an_interruption(void **state)
{
    (void)state;
    signal(SIGHUP, SIG_DFL);
    sg_interrupt_install();
    raise(SIGHUP);
    assert_int_equal(sg_interrupt_signal(), SIGHUP);
    sg_interrupt_reset();
}

static void under_nohup_a_terminal_that_goes_away_is_nothing(void **state)
{
    (void)state;
    signal(SIGHUP, SIG_IGN);
    sg_interrupt_install();
    raise(SIGHUP);
    assert_int_equal(sg_interrupt_signal(), 0);
    signal(SIGHUP, SIG_DFL);
}

static void by_default_again_a_signal_ends_the_process(void **state)
{
    (void)state;
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGHUP, SIG_IGN);
        sg_interrupt_install();
        sg_interrupt_default();
        raise(SIGHUP); /* ignored before, ignored now */
        raise(SIGTERM);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void a_broken_pipe_does_not_end_the_process(void **state)
{
    (void)state;
    sg_interrupt_install();
    raise(SIGPIPE);
    assert_int_equal(sg_interrupt_signal(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_as_iso_8601_in_utc),
        cmocka_unit_test(the_monotonic_clock_never_goes_back),
        cmocka_unit_test(sleeping_lasts_at_least_as_long_as_asked),
        cmocka_unit_test(by_default_again_a_signal_ends_the_process),
        cmocka_unit_test(a_caught_signal_is_remembered_and_ends_sleep),
        cmocka_unit_test(a_terminal_that_goes_away_is_an_interruption),
        cmocka_unit_test(under_nohup_a_terminal_that_goes_away_is_nothing),
        cmocka_unit_test(a_broken_pipe_does_not_end_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
