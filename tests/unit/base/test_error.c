/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: kind, text, context, and what happens when the text is too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"

#include <string.h>

static void failing_returns_false_and_keeps_kind_and_text(void **state)
{
    (void)state;
    struct sg_error err = {0};
    assert_false(sg_fail(&err, SG_ERROR_NETWORK, "%s: status %d", "http://h", 503));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_string_equal(err.text, "http://h: status 503");
}

static void context_goes_before_the_text_and_keeps_the_kind(void **state)
{
    (void)state;
    struct sg_error err = {0};
    sg_fail(&err, SG_ERROR_CONFIG, "no such metric");
    assert_false(sg_error_context(&err, "reading %s", "a.json"));
    assert_string_equal(err.text, "reading a.json: no such metric");
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
}

static void appending_adds_a_line(void **state)
{
    (void)state;
    struct sg_error err = {0};
    sg_fail(&err, SG_ERROR_IO, "it broke");
    sg_error_append(&err, "log: %d", 7);
    assert_string_equal(err.text, "it broke\nlog: 7");
}

static void the_own_text_may_be_an_argument(void **state)
{
    (void)state;
    struct sg_error err = {0};
    sg_fail(&err, SG_ERROR_IO, "inner");
    sg_fail(&err, err.kind, "outer (%s)", err.text);
    assert_string_equal(err.text, "outer (inner)");
}

static void a_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char text[sizeof(err.text) + 100];
    /* Two-byte characters from an odd offset on: the last byte that fits is half of one. */
    text[0] = 'x';
    for (size_t i = 1; i + 2 < sizeof(text); i += 2)
        memcpy(text + i, "é", 3);
    sg_fail(&err, SG_ERROR_DATA, "%s", text);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    sg_fail(&err, SG_ERROR_DATA, "%s", text + 1);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 2);
    assert_memory_equal(err.text + strlen(err.text) - 2, "é", 2);
}

static void a_long_context_keeps_its_own_words(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char text[sizeof(err.text) + 1];
    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    sg_fail(&err, SG_ERROR_DATA, "%s", text);
    sg_error_context(&err, "reading");
    assert_memory_equal(err.text, "reading: aaa", 12);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void without_an_error_to_fill_failing_still_returns_false(void **state)
{
    (void)state;
    assert_false(sg_fail(NULL, SG_ERROR_IO, "lost"));
    assert_false(sg_error_context(NULL, "lost"));
    sg_error_append(NULL, "lost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failing_returns_false_and_keeps_kind_and_text),
        cmocka_unit_test(context_goes_before_the_text_and_keeps_the_kind),
        cmocka_unit_test(appending_adds_a_line),
        cmocka_unit_test(the_own_text_may_be_an_argument),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(a_long_context_keeps_its_own_words),
        cmocka_unit_test(without_an_error_to_fill_failing_still_returns_false),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
