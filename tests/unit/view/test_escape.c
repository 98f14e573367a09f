/* SPDX-License-Identifier: Apache-2.0 */
/* Cleaning and escaping: what comes from outside stays text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clean.h"
#include "view/escape.h"

#define ZWSP "\xE2\x80\x8B"

static void expect_line(const char *text, const char *expected)
{
    char *line = sg_clean_line(text, 1000);

    assert_string_equal(line, expected);
    free(line);
}

static void expect(void (*escape)(struct sg_text *, const char *), const char *text,
                   const char *expected)
{
    struct sg_text out = {0};

    escape(&out, text);
    char *escaped = sg_text_take(&out);
    assert_string_equal(escaped, expected);
    free(escaped);
}

static void terminal_sequences_go(void **state)
{
    (void)state;
    expect_line("\x1b[31mred\x1b[0m", "red");
    expect_line("\x1b]0;title\x07shown", "shown");
    expect_line("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link");
    expect_line("\x1b(Bplain\x1b", "plain");
    expect_line("\x1b[", "");
    expect_line("a\x08\x7f\x00z", "a");
    expect_line("a\xC2\x9B"
                "31m",
                "a31m"); /* C1: the one-byte form of ESC [ */
}

static void an_unfinished_sequence_does_not_swallow_the_next_line(void **state)
{
    (void)state;
    char *block = sg_clean_block("\x1b]0;never ends\nsecond\n", 10, 100);

    assert_string_equal(block, "\nsecond\n");
    free(block);
}

static void broken_utf8_is_replaced_and_good_utf8_is_kept(void **state)
{
    (void)state;
    expect_line("\xff", "\xEF\xBF\xBD");
    expect_line("a\xC3", "a\xEF\xBF\xBD");
    expect_line("\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD");                 /* overlong */
    expect_line("\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); /* surrogate */
    expect_line("\xEF\xBF\xBE", "\xEF\xBF\xBD");                         /* U+FFFE: not XML */
    expect_line("\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    expect_line("größer 測 😀", "größer 測 😀");
}

static void direction_overrides_go(void **state)
{
    (void)state;
    expect_line("a\xE2\x80\xAE"
                "b\xE2\x81\xA6"
                "c",
                "abc");
}

static void a_runner_sees_no_command_of_its_own(void **state)
{
    (void)state;
    expect_line("::error::owned", ":" ZWSP ":error::owned");
    expect_line("x ::set-output name=a::b", "x :" ZWSP ":set-output name=a::b");
    expect_line("x##[group]y", "x#" ZWSP "#[group]y");
    expect_line("std::vector, ::1", "std::vector, ::1");
}

static void long_text_ends_with_an_ellipsis_at_a_character(void **state)
{
    (void)state;
    for (size_t limit = 3; limit < 12; limit++) {
        char *line = sg_clean_line("ääääääää", limit);
        assert_true(strlen(line) <= limit);
        assert_string_equal(line + strlen(line) - 3, "…");
        assert_int_equal((strlen(line) - 3) % 2, 0);
        free(line);
    }
}

static void a_block_has_its_last_lines_only(void **state)
{
    (void)state;
    char *block = sg_clean_block("one\r\ntwo\nthree\n", 2, 100);

    assert_string_equal(block, "two\nthree\n");
    free(block);
}

static void markdown_has_no_meaning_left(void **state)
{
    (void)state;
    expect(sg_markdown_text, "a|b", "a\\|b");
    expect(sg_markdown_text, "a\\|b", "a\\\\\\|b");
    expect(sg_markdown_text, "`x` *y* ~z~ $1$", "\\`x\\` \\*y\\* \\~z\\~ \\$1\\$");
    expect(sg_markdown_text, "_em_ latency_p95", "\\_em\\_ latency_p95");
    expect(sg_markdown_text, "<b>&amp; & <!--", "\\<b>\\&amp; & \\<!--");
    expect(sg_markdown_text, "![x](y)", "!\\[x](y)");
    expect(sg_markdown_text, "in [+1 %, +2 %]", "in [+1 %, +2 %]");
    expect(sg_markdown_text, "line\nnext", "line next");
}

static void markdown_blocks_do_not_start(void **state)
{
    (void)state;
    expect(sg_markdown_text, "# title", "\\# title");
    expect(sg_markdown_text, "> quote", "\\> quote");
    expect(sg_markdown_text, "- item", "\\- item");
    expect(sg_markdown_text, "---", "\\---");
    expect(sg_markdown_text, "12. item", "12\\. item");
    expect(sg_markdown_text, "  1) item", "1\\) item");
    expect(sg_markdown_text, "[ ] task", "\\[ ] task");
    expect(sg_markdown_text, "+1.5 %", "+1.5 %");
    expect(sg_markdown_text, "1.5 ms", "1.5 ms");
}

static void github_finds_nobody_to_call(void **state)
{
    (void)state;
    expect(sg_markdown_text, "@octocat", "@" ZWSP "octocat");
    expect(sg_markdown_text, "fixes #1", "fixes #" ZWSP "1");
    expect(sg_markdown_text, "org/repo#12", "org/repo#" ZWSP "12");
    expect(sg_markdown_text, "GH-7", "GH-" ZWSP "7");
    expect(sg_markdown_text, "http://x", "http:" ZWSP "//x");
    expect(sg_markdown_text, "www.x", "www" ZWSP ".x");
}

static void code_spans_hold_any_name(void **state)
{
    (void)state;
    expect(sg_markdown_code, "base", "`base`");
    expect(sg_markdown_code, "<b>@x*", "`<b>@x*`");
    expect(sg_markdown_code, "a`b", "`` a`b ``");
    expect(sg_markdown_code, "`", "`` ` ``");
    expect(sg_markdown_code, "a|b", "<code>a\\|b</code>");
    expect(sg_markdown_code, "a\nb", "`a b`");
    expect(sg_markdown_code, "", "(no name)");
    expect(sg_markdown_code, NULL, "(no name)");
}

static void a_fence_is_longer_than_any_in_its_text(void **state)
{
    (void)state;
    struct sg_text out = {0};

    sg_markdown_fence(&out, "````\n~~~\nend", "text", "  ");
    assert_string_equal(out.data, "  `````text\n  ````\n  ~~~\n  end\n  `````\n");
    sg_text_free(&out);
    sg_markdown_fence(&out, "", "text", "  ");
    assert_int_equal(out.size, 0);
}

static void xml_keeps_newlines_and_drops_what_it_forbids(void **state)
{
    (void)state;
    expect(sg_xml_text, "<a href=\"x\">'&'</a>",
           "&lt;a href=&quot;x&quot;&gt;&apos;&amp;&apos;&lt;/a&gt;");
    expect(sg_xml_text, "]]>\x01\x0b", "]]&gt;");
    expect(sg_xml_text, "a\nb", "a&#10;b");
    expect(sg_xml_text, NULL, "");
}

static void workflow_commands_keep_to_their_line(void **state)
{
    (void)state;
    struct sg_text out = {0};

    sg_command_text(&out, "a,b:c%d\r\ne", true);
    assert_string_equal(out.data, "a%2Cb%3Ac%25d  e");
    sg_text_free(&out);
    sg_command_text(&out, "50 %: a, b", false);
    assert_string_equal(out.data, "50 %25: a, b");
    sg_text_free(&out);
}

static void csv_quotes_what_would_be_taken_apart(void **state)
{
    (void)state;
    expect(sg_csv_field, "base", "base");
    expect(sg_csv_field, "a,\"b\"\n", "\"a,\"\"b\"\"\n\"");
}

static void width_counts_columns_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(sg_shown_width("−∞ µs"), 5);
    assert_int_equal(sg_shown_width("測定"), 4);
    assert_int_equal(sg_shown_width("e\xCC\x81" ZWSP), 1);
}

/* Deterministic: an xorshift (Marsaglia 2003) over what Markdown cares about. */
static void random_text(uint32_t *seed, char *out, size_t length)
{
    static const char letters[] = "|\\`*_[]()<>~$&#@!:-+.=1a \n\t\x1b\xff";

    for (size_t i = 0; i < length; i++) {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 17;
        *seed ^= *seed << 5;
        out[i] = letters[*seed % (sizeof(letters) - 1)];
    }
    out[length] = '\0';
}

/* Every pipe has a backslash right before it: escaped for every parser, however it counts. */
static bool stays_in_cell(const char *escaped)
{
    for (const char *at = escaped; *at != '\0'; at++)
        if (*at == '\n' || (*at == '|' && (at == escaped || at[-1] != '\\')))
            return false;
    return true;
}

static void no_text_leaves_its_cell(void **state)
{
    (void)state;
    uint32_t seed = 20261124;
    char text[25];

    for (size_t i = 0; i < 20000; i++) {
        struct sg_text prose = {0};
        struct sg_text code = {0};
        random_text(&seed, text, i % (sizeof(text) - 1) + 1);
        sg_markdown_text(&prose, text);
        sg_markdown_code(&code, text);
        if (!stays_in_cell(prose.size > 0 ? prose.data : "") || !stays_in_cell(code.data))
            fail_msg("breaks out: %s", text);
        sg_text_free(&prose);
        sg_text_free(&code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminal_sequences_go),
        cmocka_unit_test(an_unfinished_sequence_does_not_swallow_the_next_line),
        cmocka_unit_test(broken_utf8_is_replaced_and_good_utf8_is_kept),
        cmocka_unit_test(direction_overrides_go),
        cmocka_unit_test(a_runner_sees_no_command_of_its_own),
        cmocka_unit_test(long_text_ends_with_an_ellipsis_at_a_character),
        cmocka_unit_test(a_block_has_its_last_lines_only),
        cmocka_unit_test(markdown_has_no_meaning_left),
        cmocka_unit_test(markdown_blocks_do_not_start),
        cmocka_unit_test(github_finds_nobody_to_call),
        cmocka_unit_test(code_spans_hold_any_name),
        cmocka_unit_test(a_fence_is_longer_than_any_in_its_text),
        cmocka_unit_test(xml_keeps_newlines_and_drops_what_it_forbids),
        cmocka_unit_test(workflow_commands_keep_to_their_line),
        cmocka_unit_test(csv_quotes_what_would_be_taken_apart),
        cmocka_unit_test(no_text_leaves_its_cell),
        cmocka_unit_test(width_counts_columns_not_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
