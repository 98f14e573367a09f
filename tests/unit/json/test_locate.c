/* SPDX-License-Identifier: Apache-2.0 */
/* Finding again where a value stands in its text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json/json.h"

#include <stdlib.h>
#include <string.h>

/* The text is handed over without a byte behind it: ASan sees a step too far. */
static void expect_at(const char *text, const struct sg_json_step *path, size_t count, size_t line,
                      size_t column)
{
    size_t size = strlen(text);
    char *exact = malloc(size);
    size_t found_line = 0;
    size_t found_column = 0;
    assert_non_null(exact);
    for (size_t i = 0; i < size; i++)
        exact[i] = text[i];
    sg_json_locate(exact, size, path, count, &found_line, &found_column);
    free(exact);
    assert_int_equal(found_line, line);
    assert_int_equal(found_column, column);
}

#define KEY(name)                                                                                  \
    {                                                                                              \
        .key = (name)                                                                              \
    }
#define AT(number)                                                                                 \
    {                                                                                              \
        .index = (number)                                                                          \
    }

static const char text[] = "\n{\"a\": [1, \"x]\\\"\", {\"b\": null}],\n"
                           " \"c d\": {\"b\": {\"b\": -1.5e3 } , \"e\":[]}, \"f\":7}";

static void a_path_without_steps_is_the_whole(void **state)
{
    (void)state;
    expect_at(text, NULL, 0, 2, 1);
    expect_at("7", NULL, 0, 1, 1);
}

static void members_and_elements_are_found_at_any_depth(void **state)
{
    (void)state;
    const struct sg_json_step first[] = {KEY("a"), AT(0)};
    const struct sg_json_step behind_text[] = {KEY("a"), AT(2), KEY("b")};
    const struct sg_json_step deep[] = {KEY("c d"), KEY("b"), KEY("b")};
    const struct sg_json_step empty[] = {KEY("c d"), KEY("e")};
    const struct sg_json_step last[] = {KEY("f")};
    expect_at(text, first, 2, 2, 8);
    expect_at(text, behind_text, 3, 2, 25);
    expect_at(text, deep, 3, 3, 21);
    expect_at(text, empty, 2, 3, 36);
    expect_at(text, last, 1, 3, 45);
}

static void what_is_missing_is_told_by_what_should_hold_it(void **state)
{
    (void)state;
    const struct sg_json_step no_member[] = {KEY("c d"), KEY("x"), KEY("y")};
    const struct sg_json_step no_element[] = {KEY("a"), AT(3)};
    const struct sg_json_step in_empty[] = {KEY("c d"), KEY("e"), AT(0)};
    const struct sg_json_step in_number[] = {KEY("f"), KEY("x")};
    expect_at(text, no_member, 3, 3, 9);
    expect_at(text, no_element, 2, 2, 7);
    expect_at(text, in_empty, 3, 3, 36);
    expect_at(text, in_number, 2, 3, 45);
}

static void columns_count_characters_behind_the_byte_order_mark(void **state)
{
    (void)state;
    const struct sg_json_step path[] = {KEY("\xC3\xA9"), AT(1)};
    expect_at("\xEF\xBB\xBF{\"\xC3\xA9\": [\"\xE2\x82\xAC\", 1]}", path, 2, 1, 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_without_steps_is_the_whole),
        cmocka_unit_test(members_and_elements_are_found_at_any_depth),
        cmocka_unit_test(what_is_missing_is_told_by_what_should_hold_it),
        cmocka_unit_test(columns_count_characters_behind_the_byte_order_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
