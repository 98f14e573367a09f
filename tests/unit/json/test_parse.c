/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON: what is refused, where, and what is let through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

static struct sg_json *parse(const char *text)
{
    struct sg_error err = {0};
    struct sg_json *json = sg_json_parse(text, strlen(text), "t.json", &err);
    if (!json)
        fail_msg("%s", err.text);
    return json;
}

static void expect_error(const char *text, const char *message)
{
    struct sg_error err = {0};
    assert_null(sg_json_parse(text, strlen(text), "t.json", &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_string_equal(err.text, message);
}

static void values_of_every_kind_are_read(void **state)
{
    (void)state;
    struct sg_json *json = parse("{\"s\": \"x\", \"n\": -1.5e2, \"t\": true, \"f\": false, "
                                 "\"z\": null, \"a\": [1, 2, 3], \"o\": {}}");
    assert_true(sg_json_is_object(json));
    assert_string_equal(sg_json_string(sg_json_get(json, "s"), NULL), "x");
    assert_true(sg_json_number(sg_json_get(json, "n"), 0) == -150);
    assert_true(sg_json_bool(sg_json_get(json, "t"), false));
    assert_false(sg_json_bool(sg_json_get(json, "f"), true));
    assert_true(sg_json_is_null(sg_json_get(json, "z")));
    assert_int_equal(sg_json_count(sg_json_get(json, "a")), 3);
    assert_int_equal(sg_json_count(sg_json_get(json, "o")), 0);
    assert_int_equal(sg_json_count(json), 7);
    sg_json_free(json);
}

static void members_and_elements_are_walked_in_order(void **state)
{
    (void)state;
    struct sg_json *json = parse("{\"b\": [1, 2], \"a\": 3}");
    const struct sg_json *member = sg_json_first(json);
    assert_string_equal(sg_json_key(member), "b");
    const struct sg_json *element = sg_json_first(member);
    assert_true(sg_json_number(element, 0) == 1);
    element = sg_json_next(element);
    assert_true(sg_json_number(element, 0) == 2);
    assert_null(sg_json_next(element));
    assert_null(sg_json_key(element));
    assert_string_equal(sg_json_key(sg_json_next(member)), "a");
    sg_json_free(json);
}

static void asking_nothing_or_the_wrong_kind_gives_the_fallback(void **state)
{
    (void)state;
    struct sg_json *json = parse("[1]");
    assert_null(sg_json_get(NULL, "x"));
    assert_null(sg_json_get(json, "x"));
    assert_null(sg_json_first(NULL));
    assert_null(sg_json_next(NULL));
    assert_null(sg_json_key(NULL));
    assert_int_equal(sg_json_count(NULL), 0);
    assert_string_equal(sg_json_string(json, "no"), "no");
    assert_true(sg_json_number(NULL, 4) == 4);
    assert_true(sg_json_bool(sg_json_first(json), true));
    assert_false(sg_json_is_null(NULL));
    sg_json_free(json);
    sg_json_free(NULL);
}

static void keys_are_told_apart_by_case(void **state)
{
    (void)state;
    struct sg_json *json = parse("{\"A\": 1, \"a\": 2}");
    assert_true(sg_json_number(sg_json_get(json, "a"), 0) == 2);
    assert_true(sg_json_number(sg_json_get(json, "A"), 0) == 1);
    sg_json_free(json);
}

static void escapes_and_surrogate_pairs_become_utf8(void **state)
{
    (void)state;
    struct sg_json *pairs = parse("\"\\uD800\\uDC00\\uDBFF\\uDFFF\\uD7FF\\uE000\"");
    assert_string_equal(sg_json_string(pairs, NULL),
                        "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80");
    sg_json_free(pairs);
    struct sg_json *json = parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00€\"");
    assert_string_equal(sg_json_string(json, NULL), "\"\\/\b\f\n\r\té😀€");
    sg_json_free(json);
}

static void a_syntax_error_is_told_by_line_and_column(void **state)
{
    (void)state;
    expect_error("{\n  \"a\": 1,\n  \"é\": x\n}", "t.json:3:8: a value was expected");
    expect_error("[1 2]", "t.json:1:4: \",\" or \"]\" was expected");
    expect_error("{\"a\" 1}", "t.json:1:6: \":\" was expected");
    expect_error("{a: 1}", "t.json:1:2: a key in quotes was expected");
    expect_error("{\"a\": 1,}", "t.json:1:9: a key in quotes was expected");
    expect_error("[1,]", "t.json:1:4: a value was expected: there must be no comma before \"]\"");
}

static void a_cut_off_text_is_told_as_such(void **state)
{
    (void)state;
    expect_error("", "t.json:1:1: the text ends where a value was expected");
    expect_error("[1,\n", "t.json:2:1: the text ends where a value was expected");
    expect_error("{\"a\": [1", "t.json:1:9: the text ends where \",\" or \"]\" was expected");
    expect_error("[\"abc", "t.json:1:2: this string does not end");
    expect_error("[trux]", "t.json:1:2: a value was expected");
    expect_error("[tru", "t.json:1:2: a value was expected");
    expect_error("-", "t.json:1:2: the text ends where a digit was expected");
}

static void the_size_bounds_the_reading_not_a_nul(void **state)
{
    (void)state;
    struct sg_error err = {0};
    struct sg_json *json = sg_json_parse("12345", 2, "t.json", &err);
    assert_true(sg_json_number(json, 0) == 12);
    sg_json_free(json);
    assert_null(sg_json_parse("1\0", 2, "t.json", &err));
    assert_string_equal(err.text, "t.json:1:2: nothing may follow the JSON value");
}

static void trailing_bytes_are_refused(void **state)
{
    (void)state;
    expect_error("{} {}", "t.json:1:4: nothing may follow the JSON value");
    expect_error("1\nx", "t.json:2:1: nothing may follow the JSON value");
}

static void a_byte_order_mark_before_the_text_counts_for_nothing(void **state)
{
    (void)state;
    sg_json_free(parse("\xEF\xBB\xBF{}"));
    expect_error("\xEF\xBB\xBF{x", "t.json:1:2: a key in quotes was expected");
    expect_error("\xEF\xBB\xBF", "t.json:1:1: the text ends where a value was expected");
    expect_error(" \xEF\xBB\xBF{}", "t.json:1:2: a value was expected");
}

static char *zeros(size_t count)
{
    char *text = sg_alloc(2 * count + 2, 1);
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = i == 0 ? '[' : ',';
        text[2 * i + 1] = '0';
    }
    text[2 * count] = ']';
    return text;
}

static void more_values_than_the_limit_are_refused_before_they_are_stored(void **state)
{
    (void)state;
    char *text = zeros(4 << 20); /* and the array itself */
    expect_error(text, "t.json:1:8388608: more than 4194304 values in one document");
    free(text);
}

static void numbers_that_are_no_json_are_refused(void **state)
{
    (void)state;
    expect_error("01", "t.json:1:1: a number must not start with a zero");
    expect_error("[-00.5]", "t.json:1:2: a number must not start with a zero");
    expect_error("1.", "t.json:1:3: the text ends where a digit was expected");
    expect_error("[1.e3]", "t.json:1:4: a digit was expected");
    expect_error("[1e+]", "t.json:1:5: a digit was expected");
    expect_error("+1", "t.json:1:1: a number must not begin with \"+\"");
    expect_error(".5", "t.json:1:1: a number begins with a digit: 0.5, not .5");
    expect_error("NaN",
                 "t.json:1:1: NaN is no value in JSON: write null where a number is missing");
    expect_error("[-Infinity]",
                 "t.json:1:2: -Infinity is no value in JSON: write null where a number is missing");
    expect_error("[-x]", "t.json:1:3: a digit was expected");
    expect_error("[None]", "t.json:1:2: None is Python's word: JSON's is null");
    expect_error("['a']", "t.json:1:2: JSON's strings stand in double quotes");
    expect_error("[Infinity]",
                 "t.json:1:2: Infinity is no value in JSON: write null where a number is missing");
    expect_error("0x10", "t.json:1:2: nothing may follow the JSON value");
}

static void numbers_that_overflow_are_refused(void **state)
{
    (void)state;
    expect_error("[1, 1e400]", "t.json:1:5: this number is too large");
    expect_error("-1e400", "t.json:1:1: this number is too large");
    char digits[401];
    memset(digits, '9', sizeof(digits) - 1);
    digits[sizeof(digits) - 1] = '\0';
    expect_error(digits, "t.json:1:1: this number is too large");
}

static void long_and_tiny_numbers_are_read_whole(void **state)
{
    (void)state;
    char digits[101] = "1";
    memset(digits + 1, '0', sizeof(digits) - 2);
    struct sg_json *json = parse(digits);
    assert_true(sg_json_number(json, 0) == 1e99);
    sg_json_free(json);
    json = parse("[1e-400, 9007199254740993, 0.30000000000000004, 1.7976931348623157e308]");
    const struct sg_json *element = sg_json_first(json);
    assert_true(sg_json_number(element, 1) == 0);
    element = sg_json_next(element); /* beyond 2^53: the nearest double */
    assert_true(sg_json_number(element, 0) == 9007199254740992.0);
    element = sg_json_next(element);
    assert_true(sg_json_number(element, 0) == 0.1 + 0.2);
    element = sg_json_next(element);
    assert_true(sg_json_number(element, 0) == 1.7976931348623157e308);
    sg_json_free(json);
}

static void strings_that_are_no_json_are_refused(void **state)
{
    (void)state;
    expect_error("\"a\nb\"", "t.json:1:3: a string must not hold bare control characters");
    expect_error("\"\\x\"", "t.json:1:2: unknown escape in a string");
    expect_error("\"\\u12g4\"", "t.json:1:2: \\u needs four hexadecimal digits");
    expect_error("\"\\u12", "t.json:1:2: \\u needs four hexadecimal digits");
    expect_error("\"\\uD83D\"", "t.json:1:2: half of a surrogate pair");
    expect_error("\"\\uDE00\"", "t.json:1:2: half of a surrogate pair");
    expect_error("\"\\uDE00\\uDE00\"", "t.json:1:2: half of a surrogate pair");
    expect_error("\"\\uDFFF\"", "t.json:1:2: half of a surrogate pair");
    expect_error("\"\\uD83D_uDE00\"", "t.json:1:2: half of a surrogate pair");
    expect_error("\"\\uD83D\\nDE00\"", "t.json:1:2: half of a surrogate pair");
    expect_error("\"\\uD83D\\", "t.json:1:2: half of a surrogate pair");
    expect_error("\"\\uD83D\\u0041\"", "t.json:1:2: half of a surrogate pair");
    expect_error("\"\\", "t.json:1:2: unknown escape in a string");
}

static void nul_and_invalid_utf8_in_strings_are_refused(void **state)
{
    (void)state;
    expect_error("[\"a\\u0000b\"]", "t.json:1:4: a string must not hold the character NUL");
    expect_error("\"\xC3(\"", "t.json:1:2: invalid UTF-8");
    expect_error("\"\xED\xA0\x80\"", "t.json:1:2: invalid UTF-8");
    struct sg_error err = {0};
    assert_null(sg_json_parse("\"a\0b\"", 5, "t.json", &err));
    assert_string_equal(err.text, "t.json:1:3: a string must not hold bare control characters");
}

static void control_characters_are_no_space(void **state)
{
    (void)state;
    expect_error("[\v1]", "t.json:1:2: a value was expected");
}

static char *nested(size_t levels)
{
    char *text = sg_alloc(2 * levels + 1, 1);
    memset(text, '[', levels);
    memset(text + levels, ']', levels);
    return text;
}

static void sixty_four_levels_are_read_and_one_more_is_refused(void **state)
{
    (void)state;
    char *text = nested(64);
    sg_json_free(parse(text));
    free(text);
    text = nested(65);
    expect_error(text, "t.json:1:65: more than 64 levels of arrays and objects");
    free(text);
    text = nested(1000000);
    expect_error(text, "t.json:1:65: more than 64 levels of arrays and objects");
    free(text);
}

static void a_duplicate_key_is_refused_with_its_place(void **state)
{
    (void)state;
    expect_error("{\"a\": 1,\n \"b\": 2, \"a\": 3}", "t.json:2:10: the key \"a\" is there twice");
    expect_error("{\"a\": 1, \"\\u0061\": 3}", "t.json:1:10: the key \"a\" is there twice");
    expect_error("[{}, {\"x\": {}}, {\"k\": 1, \"k\": 1}]",
                 "t.json:1:26: the key \"k\" is there twice");
    expect_error("{\"o\": {\"p\": {\"q\": 0, \"q\": 0}}, \"r\": {}}",
                 "t.json:1:22: the key \"q\" is there twice");
}

static void a_duplicate_among_many_keys_is_found(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "{\"k500\": 0");
    for (int i = 0; i < 100000; i++)
        sg_text_printf(&text, ",\n\"k%d\": 0", i);
    sg_text_add(&text, "}");
    expect_error(text.data, "t.json:502:1: the key \"k500\" is there twice");
    sg_text_free(&text);
}

static void an_object_of_many_different_keys_is_read(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "{\"first\": 0");
    for (int i = 0; i < 1000; i++)
        sg_text_printf(&text, ", \"k%d\": %d", i, i);
    sg_text_add(&text, "}");
    struct sg_json *json = parse(text.data);
    assert_int_equal(sg_json_count(json), 1001);
    assert_true(sg_json_number(sg_json_get(json, "k999"), 0) == 999);
    sg_json_free(json);
    sg_text_free(&text);
}

static void the_same_key_in_different_objects_is_fine(void **state)
{
    (void)state;
    sg_json_free(parse("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}, {\"a\": 1}]}"));
}

static void needed_members_are_given_or_named(void **state)
{
    (void)state;
    struct sg_error err = {0};
    struct sg_json *json = parse("{\"s\": \"x\", \"n\": 5, \"a\": []}");
    const char *string = NULL;
    double number = 0;
    const struct sg_json *array = NULL;
    assert_true(sg_json_need_string(json, "s", &string, &err));
    assert_string_equal(string, "x");
    assert_true(sg_json_need_number(json, "n", &number, &err));
    assert_true(number == 5);
    assert_true(sg_json_need_array(json, "a", &array, &err));
    assert_true(sg_json_is_array(array));
    assert_false(sg_json_need_string(json, "n", &string, &err));
    assert_string_equal(err.text, "\"n\" is not a string");
    assert_false(sg_json_need_number(json, "m", &number, &err));
    assert_string_equal(err.text, "\"m\" is missing: it must be a number");
    assert_false(sg_json_need_array(NULL, "a", &array, &err));
    assert_string_equal(err.text, "\"a\" is missing: it must be an array");
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    sg_json_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_kind_are_read),
        cmocka_unit_test(members_and_elements_are_walked_in_order),
        cmocka_unit_test(asking_nothing_or_the_wrong_kind_gives_the_fallback),
        cmocka_unit_test(keys_are_told_apart_by_case),
        cmocka_unit_test(escapes_and_surrogate_pairs_become_utf8),
        cmocka_unit_test(a_syntax_error_is_told_by_line_and_column),
        cmocka_unit_test(a_cut_off_text_is_told_as_such),
        cmocka_unit_test(the_size_bounds_the_reading_not_a_nul),
        cmocka_unit_test(trailing_bytes_are_refused),
        cmocka_unit_test(a_byte_order_mark_before_the_text_counts_for_nothing),
        cmocka_unit_test(more_values_than_the_limit_are_refused_before_they_are_stored),
        cmocka_unit_test(numbers_that_are_no_json_are_refused),
        cmocka_unit_test(numbers_that_overflow_are_refused),
        cmocka_unit_test(long_and_tiny_numbers_are_read_whole),
        cmocka_unit_test(strings_that_are_no_json_are_refused),
        cmocka_unit_test(nul_and_invalid_utf8_in_strings_are_refused),
        cmocka_unit_test(control_characters_are_no_space),
        cmocka_unit_test(sixty_four_levels_are_read_and_one_more_is_refused),
        cmocka_unit_test(a_duplicate_key_is_refused_with_its_place),
        cmocka_unit_test(a_duplicate_among_many_keys_is_found),
        cmocka_unit_test(an_object_of_many_different_keys_is_read),
        cmocka_unit_test(the_same_key_in_different_objects_is_fine),
        cmocka_unit_test(needed_members_are_given_or_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
