/* SPDX-License-Identifier: Apache-2.0 */
/* Reports that would be too long are cut between rows, and say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clean.h"
#include "unit/report/fixtures.h"

static size_t count(const char *text, const char *part)
{
    size_t found = 0;

    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        found++;
    return found;
}

static char *render_huge(const char *format)
{
    struct fixture fixture;

    make_huge(&fixture);
    char *text = render(&fixture, format, false, 0);
    fixture_clear(&fixture);
    return text;
}

static void a_comment_stays_below_60000_bytes(void **state)
{
    (void)state;
    char *comment = render_huge("comment");

    assert_true(strlen(comment) < 60000);
    assert_true(strlen(comment) > 55000); /* and uses the room */
    free(comment);
}

static void markdown_stays_below_900_kib(void **state)
{
    (void)state;
    char *markdown = render_huge("md");

    assert_true(strlen(markdown) < (size_t)900 * 1024);
    free(markdown);
}

static void the_failed_gates_survive_the_cut(void **state)
{
    (void)state;
    char *comment = render_huge("comment");

    assert_int_equal(count(comment, "**✗\xC2\xA0"
                                    "FAIL**"),
                     5);
    assert_non_null(strstr(comment, "| metric_4500 "));
    assert_non_null(strstr(comment, "svcgate judge "));
    free(comment);
}

static void what_is_left_out_is_counted(void **state)
{
    (void)state;
    const size_t folded = 4 + 8 + 2 + 3; /* metrics, measurement, images, facts */
    char *comment = render_huge("comment");
    size_t shown = count(comment, "\n| ") - count(comment, "\n|--"); /* a rule for each head */
    char *note = sg_format("\n_%zu rows left out", 5000 - shown + folded);

    assert_true(shown > 100);
    assert_non_null(strstr(comment, note));
    free(note);
    free(comment);
}

static void every_row_is_whole(void **state)
{
    (void)state;
    char *comment = render_huge("comment");

    for (char *line = strtok(comment, "\n"); line != NULL; line = strtok(NULL, "\n"))
        if (line[0] == '|' && strstr(line, "metric_") != NULL)
            assert_int_equal(count(line, "|"), 8);
    free(comment);
}

static void nothing_is_said_where_nothing_was_left_out(void **state)
{
    (void)state;
    struct fixture fixture;

    make_hostile(&fixture);
    char *comment = render(&fixture, "comment", false, 0);
    char *markdown = render(&fixture, "md", false, 0);
    assert_null(strstr(comment, "left out"));
    assert_string_equal(comment, markdown);
    free(comment);
    free(markdown);
    fixture_clear(&fixture);
}

/* Logs and names at their longest, at every length of the head: no cut inside a character or a
 * fence, whatever falls on the border. */
static void long_logs_are_left_out_whole(void **state)
{
    (void)state;
    struct fixture fixture;
    char line[600];

    make_hostile(&fixture);
    memset(line, '`', sizeof(line));
    line[sizeof(line) - 1] = '\0';
    for (int i = 0; i < 40; i++)
        sg_session_add_finding(&fixture.session, SG_FINDING_WARN, "log", "ä\nö\n````\nü\n", "%d%s",
                               i, line);
    char *comment = render(&fixture, "comment", false, 0);
    assert_true(strlen(comment) < 60000);
    assert_int_equal(count(comment, "`text\n"), count(comment, "  `````\n"));
    for (const char *at = comment; *at != '\0';) {
        uint32_t point = 0;
        size_t length = sg_utf8_character(at, &point);
        assert_int_not_equal(length, 0);
        at += length;
    }
    free(comment);
    fixture_clear(&fixture);
}

static void a_thousand_variants_leave_room_for_the_gates(void **state)
{
    (void)state;
    struct fixture fixture;
    const double levels[] = {1, 2, 3, 4};

    start(&fixture, SG_FAIL, "one failed");
    add_variant(&fixture, "base", "i", NULL);
    add_repetitions(&fixture, "base", 1, levels);
    for (int i = 0; i < 1000; i++) {
        char *name = sg_format("variant_%03d", i);
        add_variant(&fixture, name, "i", NULL);
        add_repetitions(&fixture, name, 1, levels);
        struct sg_result *result = add_result(&fixture, "latency_p95", "s", name);
        set_numbers(result, 1, 1, -0.01, 0.01);
        result->verdict = i == 900 ? SG_FAIL : SG_PASS;
        free(name);
    }
    char *comment = render(&fixture, "comment", false, 0);
    assert_true(strlen(comment) < 60000);
    assert_non_null(strstr(comment, "### `variant_900` against `base`"));
    assert_int_equal(count(comment, "<details>"), count(comment, "</details>"));
    free(comment);
    fixture_clear(&fixture);
}

static void github_shows_nine_and_how_many_more(void **state)
{
    (void)state;
    struct fixture fixture;

    make_huge(&fixture);
    for (size_t i = 0; i < 20; i++)
        fixture.judgement.results[i].verdict = SG_INCONCLUSIVE;
    char *text = render(&fixture, "github", false, 0);
    assert_int_equal(count(text, "\n"), 10);
    assert_int_equal(count(text, "::error "), 5);
    assert_int_equal(count(text, "::warning "), 5);
    assert_non_null(strstr(text, "::and 16 more"));
    assert_true(strncmp(text, "::error ", 8) == 0);
    free(text);
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comment_stays_below_60000_bytes),
        cmocka_unit_test(markdown_stays_below_900_kib),
        cmocka_unit_test(the_failed_gates_survive_the_cut),
        cmocka_unit_test(what_is_left_out_is_counted),
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(nothing_is_said_where_nothing_was_left_out),
        cmocka_unit_test(long_logs_are_left_out_whole),
        cmocka_unit_test(a_thousand_variants_leave_room_for_the_gates),
        cmocka_unit_test(github_shows_nine_and_how_many_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
