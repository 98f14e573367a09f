/* SPDX-License-Identifier: Apache-2.0 */
/* Building and writing JSON: sorted keys, exact numbers, lines to the level that is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "json/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void expect(const struct sg_json *json, int lines_to, const char *text)
{
    char *written = sg_json_write(json, lines_to);
    assert_string_equal(written, text);
    free(written);
}

static struct sg_json *parse(const char *text)
{
    struct sg_error err = {0};
    struct sg_json *json = sg_json_parse(text, strlen(text), "t", &err);
    if (!json)
        fail_msg("%s", err.text);
    return json;
}

static void keys_are_sorted_by_their_bytes(void **state)
{
    (void)state;
    struct sg_json *json = sg_json_new_object();
    sg_json_set_number(json, "b", 2);
    sg_json_set_string(json, "a", "x");
    sg_json_set_bool(json, "é", true);
    sg_json_set_number(json, "B", 1);
    sg_json_set_number(json, "ab", 1);
    expect(json, 0, "{\"B\": 1, \"a\": \"x\", \"ab\": 1, \"b\": 2, \"é\": true}\n");
    sg_json_free(json);
}

static void elements_keep_their_order(void **state)
{
    (void)state;
    struct sg_json *json = sg_json_new_array();
    sg_json_push(json, sg_json_new_number(2));
    sg_json_push(json, sg_json_new_number(1));
    sg_json_push(json, sg_json_new_string(NULL));
    sg_json_push(json, NULL); /* nothing to push */
    expect(json, 0, "[2, 1, null]\n");
    sg_json_free(json);
}

static void levels_up_to_the_asked_one_are_laid_out(void **state)
{
    (void)state;
    struct sg_json *json = parse("{\"b\": [{\"x\": 1}, [2, 3]], \"a\": {}, \"c\": []}");
    expect(json, 0, "{\"a\": {}, \"b\": [{\"x\": 1}, [2, 3]], \"c\": []}\n");
    expect(json, 1,
           "{\n"
           "  \"a\": {},\n"
           "  \"b\": [{\"x\": 1}, [2, 3]],\n"
           "  \"c\": []\n"
           "}\n");
    expect(json, 2,
           "{\n"
           "  \"a\": {},\n"
           "  \"b\": [\n"
           "    {\"x\": 1},\n"
           "    [2, 3]\n"
           "  ],\n"
           "  \"c\": []\n"
           "}\n");
    sg_json_free(json);
}

static void setting_again_replaces(void **state)
{
    (void)state;
    struct sg_json *json = sg_json_new_object();
    sg_json_set_number(json, "a", 1);
    sg_json_set_number(json, "A", 5);
    sg_json_set_string(json, "a", "two");
    expect(json, 0, "{\"A\": 5, \"a\": \"two\"}\n");
    sg_json_free(json);
}

static void what_is_not_a_number_becomes_null(void **state)
{
    (void)state;
    struct sg_json *json = sg_json_new_object();
    sg_json_set_number(json, "nan", NAN);
    sg_json_set_number(json, "inf", INFINITY);
    sg_json_set_string(json, "text", NULL);
    expect(json, 0, "{\"inf\": null, \"nan\": null, \"text\": null}\n");
    sg_json_free(json);
}

static void numbers_are_short_and_exact(void **state)
{
    (void)state;
    struct sg_json *json = parse("[1.0, 0.1, 1e2, 123456789012345678, 1e-7, -0.5, "
                                 "9007199254740991, 0.30000000000000004]");
    expect(json, 0,
           "[1, 0.1, 100, 1.2345678901234568e+17, 1e-07, -0.5, 9007199254740991, "
           "0.30000000000000004]\n");
    sg_json_free(json);
}

static void strings_are_escaped_and_bad_bytes_replaced(void **state)
{
    (void)state;
    struct sg_json *json = sg_json_new_string("\"\\/\b\f\n\r\t\x01\x7F é\xC3(\xFF");
    expect(json, 0, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7F é\xEF\xBF\xBD(\xEF\xBF\xBD\"\n");
    sg_json_free(json);
}

static void nothing_is_written_as_null(void **state)
{
    (void)state;
    expect(NULL, 3, "null\n");
}

static void what_was_written_is_read_and_written_the_same(void **state)
{
    (void)state;
    struct sg_json *json = parse("{\"z\": [1e-7, {\"q\": \"\\u0001\\\"\", \"p\": null}], "
                                 "\"a\": {\"t\": true, \"f\": false}}");
    for (int lines_to = 0; lines_to < 5; lines_to++) {
        char *first = sg_json_write(json, lines_to);
        struct sg_json *again = parse(first);
        expect(again, lines_to, first);
        sg_json_free(again);
        free(first);
    }
    sg_json_free(json);
}

static void a_copy_is_whole_and_independent(void **state)
{
    (void)state;
    struct sg_json *json = parse("{\"a\": [1, {\"b\": 2}]}");
    struct sg_json *copy = sg_json_copy(json);
    sg_json_set_number(json, "a", 0);
    expect(copy, 0, "{\"a\": [1, {\"b\": 2}]}\n");
    assert_null(sg_json_copy(NULL));
    sg_json_free(copy);
    sg_json_free(json);
}

static void a_copied_member_can_be_given_to_another_parent(void **state)
{
    (void)state;
    struct sg_json *from = parse("{\"a\": [1], \"b\": 2}");
    struct sg_json *to = sg_json_new_object();
    sg_json_set(to, "c", sg_json_copy(sg_json_get(from, "a")));
    sg_json_set(to, "d", sg_json_copy(sg_json_get(from, "none"))); /* nothing to set */
    sg_json_free(from);
    expect(to, 0, "{\"c\": [1]}\n");
    sg_json_free(to);
}

static void added_members_are_sorted_like_those_that_were_set(void **state)
{
    (void)state;
    struct sg_json *json = sg_json_new_object();
    sg_json_add(json, "b", sg_json_new_number(2));
    sg_json_set_number(json, "a", 1);
    sg_json_add(json, "c", NULL); /* nothing to add */
    expect(json, 0, "{\"a\": 1, \"b\": 2}\n");
    sg_json_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(added_members_are_sorted_like_those_that_were_set),
        cmocka_unit_test(keys_are_sorted_by_their_bytes),
        cmocka_unit_test(elements_keep_their_order),
        cmocka_unit_test(levels_up_to_the_asked_one_are_laid_out),
        cmocka_unit_test(setting_again_replaces),
        cmocka_unit_test(what_is_not_a_number_becomes_null),
        cmocka_unit_test(numbers_are_short_and_exact),
        cmocka_unit_test(strings_are_escaped_and_bad_bytes_replaced),
        cmocka_unit_test(nothing_is_written_as_null),
        cmocka_unit_test(what_was_written_is_read_and_written_the_same),
        cmocka_unit_test(a_copy_is_whole_and_independent),
        cmocka_unit_test(a_copied_member_can_be_given_to_another_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
