/* SPDX-License-Identifier: Apache-2.0 */
/* How our comment is known again, and what is sent of the Markdown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forge/internal.h"

#include <stdlib.h>
#include <string.h>

static struct sg_error err;

static void expect_marker(const char *name, const char *expected)
{
    char *marker = sg_marker(name);
    assert_string_equal(marker, expected);
    free(marker);
}

static void a_name_stands_in_the_marker(void **state)
{
    (void)state;
    expect_marker("api", "<!-- svcgate:api -->");
    expect_marker("shop.api_v2-nightly", "<!-- svcgate:shop.api_v2-nightly -->");
}

static void a_name_cannot_leave_the_marker(void **state)
{
    (void)state;
    expect_marker("a --> b", "<!-- svcgate:a-b -->");
    expect_marker("a--b", "<!-- svcgate:a-b -->");
    expect_marker("--a--", "<!-- svcgate:a -->");
    expect_marker("a\n<b>\"'&\x1b[31m", "<!-- svcgate:a-b-31m -->");
    expect_marker("\xC3\xA9", "<!-- svcgate:svcgate -->");
    expect_marker("", "<!-- svcgate:svcgate -->");
    expect_marker(NULL, "<!-- svcgate:svcgate -->");
}

static void a_long_name_is_cut(void **state)
{
    (void)state;
    char name[1001];
    memset(name, 'a', 1000);
    name[1000] = '\0';
    char *marker = sg_marker(name);
    assert_int_equal(strlen(marker), strlen("<!-- svcgate: -->") + 64);
    free(marker);
}

static void only_the_first_line_is_a_marker(void **state)
{
    (void)state;
    static const char marker[] = "<!-- svcgate:api -->";
    assert_true(sg_has_marker("<!-- svcgate:api -->", marker));
    assert_true(sg_has_marker("<!-- svcgate:api -->\ntext", marker));
    assert_true(sg_has_marker("<!-- svcgate:api -->\r\ntext", marker));
    assert_false(sg_has_marker("> <!-- svcgate:api -->\ntext", marker));
    assert_false(sg_has_marker("text\n<!-- svcgate:api -->\n", marker));
    assert_false(sg_has_marker("<!-- svcgate:api -->text", marker));
    assert_false(sg_has_marker("<!-- svcgate:apis -->", marker));
    assert_false(sg_has_marker("", marker));
}

static void texts_are_the_same_whatever_their_line_ends(void **state)
{
    (void)state;
    assert_true(sg_same_text("a\nb\n", "a\r\nb"));
    assert_true(sg_same_text("a \n\n", "a"));
    assert_true(sg_same_text("", "\n"));
    assert_true(sg_same_text("\ra", "a"));
    assert_false(sg_same_text("a\nb", "a\n\nb"));
    assert_false(sg_same_text("ab", "a"));
    assert_false(sg_same_text("a", "ab"));
    assert_false(sg_same_text(" a", "a"));
}

static bool makes(const struct sg_forge *forge, const char *body, char **out)
{
    struct sg_forge_place place = {.forge = forge};
    struct sg_forge_post post = {.name = "api", .body = body};
    return sg_comment_text(&place, &post, out, &err);
}

static void a_comment_is_marker_and_markdown(void **state)
{
    (void)state;
    char *text = NULL;
    assert_true(makes(&sg_github, "## title\n/path stays\n", &text));
    assert_string_equal(text, "<!-- svcgate:api -->\n## title\n/path stays\n");
    free(text);
}

static void a_line_for_gitlab_never_begins_with_a_slash(void **state)
{
    (void)state;
    char *text = NULL;
    assert_true(makes(&sg_gitlab, "/merge\nfine / here\n \t/close\n\n\n/", &text));
    assert_string_equal(text, "<!-- svcgate:api -->\n\xE2\x80\x8B/merge\nfine / here\n"
                              " \t\xE2\x80\x8B/close\n\n\n\xE2\x80\x8B/");
    free(text);
}

static void what_is_too_long_for_the_forge_is_refused(void **state)
{
    (void)state;
    size_t room = 65536 - strlen("<!-- svcgate:api -->\n");
    char *body = sg_alloc(room + 2, 1);
    char *text = NULL;
    memset(body, 'x', room);
    assert_true(makes(&sg_github, body, &text));
    free(text);
    body[room] = 'x';
    assert_false(makes(&sg_github, body, &text));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_true(makes(&sg_gitlab, body, &text));
    free(text);
    free(body);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    char *text = NULL;
    assert_false(makes(&sg_github, "a\xFFz", &text));
    assert_null(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_stands_in_the_marker),
        cmocka_unit_test(a_name_cannot_leave_the_marker),
        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(only_the_first_line_is_a_marker),
        cmocka_unit_test(texts_are_the_same_whatever_their_line_ends),
        cmocka_unit_test(a_comment_is_marker_and_markdown),
        cmocka_unit_test(a_line_for_gitlab_never_begins_with_a_slash),
        cmocka_unit_test(what_is_too_long_for_the_forge_is_refused),
        cmocka_unit_test(what_is_no_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
