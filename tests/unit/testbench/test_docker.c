/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of docker that are tried again. A shell stands in for docker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "testbench/docker.h"

#define TAKEN                                                                                      \
    "Error starting userland proxy: listen tcp4 127.0.0.1:32786: bind: address already in use"

/* Fails `failures` times with `words`, then not. Returns the number of calls. */
static size_t calls_of(int failures, const char *words, bool *out_ok, struct sg_error *err)
{
    char path[] = "/tmp/svcgate-test-docker-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    char *script = sg_format("echo >>%s; [ $(wc -l <%s) -gt %d ] || { echo '%s' >&2; exit 1; }",
                             path, path, failures, words);
    const char *argv[] = {"sh", "-c", script, NULL};
    *out_ok = sg_docker_run(argv, NULL, 20, false, err);
    char *text = NULL;
    size_t calls = 0;
    struct sg_error reading = {0};
    assert_true(sg_file_read(path, 1000, &text, &calls, &reading));
    free(text);
    free(script);
    assert_int_equal(unlink(path), 0);
    return calls;
}

static void a_port_that_another_program_took_is_no_end(void **state)
{
    (void)state;
    struct sg_error err = {0};
    bool ok = false;
    assert_int_equal(calls_of(2, TAKEN, &ok, &err), 3);
    assert_true(ok);
}

static void ports_that_are_always_taken_are_an_error(void **state)
{
    (void)state;
    struct sg_error err = {0};
    bool ok = true;
    assert_int_equal(calls_of(100, TAKEN, &ok, &err), 5);
    assert_false(ok);
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "127.0.0.1:32786"));
}

static void another_failure_is_told_at_once(void **state)
{
    (void)state;
    struct sg_error err = {0};
    bool ok = true;
    assert_int_equal(calls_of(1, "no such image", &ok, &err), 1);
    assert_false(ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_that_another_program_took_is_no_end),
        cmocka_unit_test(ports_that_are_always_taken_are_an_error),
        cmocka_unit_test(another_failure_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
