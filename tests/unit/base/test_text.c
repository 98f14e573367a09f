/* SPDX-License-Identifier: Apache-2.0 */
/* Growing text, comparisons, tails, UTF-8, and memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void text_grows_by_strings_bytes_and_formats(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "a");
    sg_text_bytes(&text, "bcd", 2);
    sg_text_printf(&text, "%d", 42);
    assert_string_equal(text.data, "abc42");
    assert_int_equal(text.size, 5);
    sg_text_free(&text);
    assert_null(text.data);
    sg_text_free(&text);
}

static void a_long_format_is_whole(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_printf(&text, "%1000d", 7);
    assert_int_equal(text.size, 1000);
    assert_int_equal(text.data[999], '7');
    sg_text_free(&text);
}

static void past_its_limit_text_is_cut_and_says_so(void **state)
{
    (void)state;
    struct sg_text text = {.limit = 5};
    sg_text_add(&text, "12345");
    assert_false(text.cut);
    sg_text_add(&text, "6");
    assert_true(text.cut);
    assert_string_equal(text.data, "12345");
    sg_text_free(&text);
}

static void taking_an_empty_text_gives_an_empty_string(void **state)
{
    (void)state;
    struct sg_text text = {0};
    char *taken = sg_text_take(&text);
    assert_string_equal(taken, "");
    free(taken);
}

static void taking_leaves_an_empty_text(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "mine");
    char *taken = sg_text_take(&text);
    assert_string_equal(taken, "mine");
    assert_null(text.data);
    assert_int_equal(text.size, 0);
    free(taken);
}

static void null_equals_only_null(void **state)
{
    (void)state;
    assert_true(sg_streq(NULL, NULL));
    assert_false(sg_streq(NULL, ""));
    assert_false(sg_streq("", NULL));
    assert_true(sg_streq("a", "a"));
    assert_false(sg_streq("a", "ab"));
}

static void beginnings_and_endings_are_found(void **state)
{
    (void)state;
    assert_true(sg_starts_with("session.json", "session"));
    assert_true(sg_starts_with("x", ""));
    assert_false(sg_starts_with("se", "session"));
    assert_true(sg_ends_with("session.json", ".json"));
    assert_true(sg_ends_with(".json", ".json"));
    assert_false(sg_ends_with("json", ".json"));
}

static void the_tail_is_the_last_lines(void **state)
{
    (void)state;
    assert_string_equal(sg_tail("a\nb\nc\n", 2), "b\nc\n");
    assert_string_equal(sg_tail("a\nb\nc", 2), "b\nc");
    assert_string_equal(sg_tail("a\nb", 9), "a\nb");
    assert_string_equal(sg_tail("a\n\n", 1), "\n");
    assert_string_equal(sg_tail("a", 0), "");
    assert_string_equal(sg_tail("", 3), "");
}

static void valid_characters_have_their_length(void **state)
{
    (void)state;
    assert_int_equal(sg_utf8_length("a", 1), 1);
    assert_int_equal(sg_utf8_length("\xC2\x80", 2), 2);
    assert_int_equal(sg_utf8_length("\xE0\xA0\x80", 3), 3);
    assert_int_equal(sg_utf8_length("\xED\x9F\xBF", 3), 3);
    assert_int_equal(sg_utf8_length("\xEF\xBF\xBF", 3), 3);
    assert_int_equal(sg_utf8_length("\xF0\x90\x80\x80", 4), 4);
    assert_int_equal(sg_utf8_length("\xF4\x8F\xBF\xBF", 4), 4);
}

static void overlong_forms_surrogates_and_halves_are_no_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFF",
                                      "\xC3(",
                                      "\xE2\x82(",
                                      "\xF0\x9F\x98("};
    for (size_t i = 0; i < SG_COUNT(bad); i++)
        assert_int_equal(sg_utf8_length(bad[i], strlen(bad[i])), 0);
    assert_int_equal(sg_utf8_length("\xE2\x82\xAC", 2), 0); /* the third byte is not ours */
    assert_int_equal(sg_utf8_length("", 0), 0);
}

static void arrays_grow_zeroed_from_any_size(void **state)
{
    (void)state;
    int *numbers = NULL;
    for (size_t i = 0; i < 1000; i++) {
        numbers = sg_grow(numbers, i, sizeof(*numbers));
        assert_int_equal(numbers[i], 0);
        numbers[i] = (int)i;
    }
    assert_int_equal(numbers[777], 777);
    free(numbers);
    int *exact = sg_alloc(5, sizeof(*exact)); /* made by other means, just large enough */
    exact = sg_grow(exact, 5, sizeof(*exact));
    assert_int_equal(exact[5], 0);
    free(exact);
}

static void copies_and_formats_are_new_strings(void **state)
{
    (void)state;
    char *copy = sg_strdup("copy");
    char *formatted = sg_format("%s-%d", copy, 5);
    assert_string_equal(formatted, "copy-5");
    assert_null(sg_strdup(NULL));
    free(copy);
    free(formatted);
}

static void without_memory_the_process_ends_with_exit_code_5(void **state)
{
    (void)state;
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        free(sg_realloc(NULL, SIZE_MAX / 2, 4));
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_by_strings_bytes_and_formats),
        cmocka_unit_test(a_long_format_is_whole),
        cmocka_unit_test(past_its_limit_text_is_cut_and_says_so),
        cmocka_unit_test(taking_an_empty_text_gives_an_empty_string),
        cmocka_unit_test(taking_leaves_an_empty_text),
        cmocka_unit_test(null_equals_only_null),
        cmocka_unit_test(beginnings_and_endings_are_found),
        cmocka_unit_test(the_tail_is_the_last_lines),
        cmocka_unit_test(valid_characters_have_their_length),
        cmocka_unit_test(overlong_forms_surrogates_and_halves_are_no_utf8),
        cmocka_unit_test(arrays_grow_zeroed_from_any_size),
        cmocka_unit_test(copies_and_formats_are_new_strings),
        cmocka_unit_test(without_memory_the_process_ends_with_exit_code_5),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
