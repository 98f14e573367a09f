/* SPDX-License-Identifier: Apache-2.0 */
/* Completion and manual from tables with awkward texts; real shells are asked in tests/cli. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/program.h"
#include "base/program_words.h"

static const struct sg_option rows[] = {
    {"mode", 0, SG_OPTION_STRING, "hard|soft", "one's [way]: \\ or other", 0, "hard"},
    {"file", 'f', SG_OPTION_LIST, "FILE", ".dot and 'quote'", 0, NULL},
    {"as", 0, SG_OPTION_STRING, "LISTED", "how", 0, NULL},
    {"hidden", 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
    {"quick", 0, SG_OPTION_FLAG, NULL, "at once", 0, NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};
static const struct sg_command commands[] = {
    {"do", "it's done", "tool do [options] this | that FILE…\n\n.first\n\n  tool do \\\n      x",
     rows},
};
static const char *const words[] = {"a", "b"};
static const struct sg_program program = {.name = "tool",
                                          .help = "a tool",
                                          .commands = commands,
                                          .count = 1,
                                          .listed = "LISTED",
                                          .words = words,
                                          .words_count = 2};
static const struct sg_manual_section no_sections[] = {{NULL, NULL, NULL}};
static const struct sg_manual manual = {
    .date = "2026-01-31", .version = "tool 1", .text = "Text.", .sections = no_sections};

static void man_page(struct sg_text *out, const struct sg_program *of)
{
    sg_program_man(out, of, &manual);
}

static void expect(void (*write)(struct sg_text *, const struct sg_program *), const char *wanted)
{
    struct sg_text text = {0};
    write(&text, &program);
    if (strstr(text.data, wanted) == NULL)
        fail_msg("no\n%s\nin\n%s", wanted, text.data);
    sg_text_free(&text);
}

static void expect_none(void (*write)(struct sg_text *, const struct sg_program *),
                        const char *unwanted)
{
    struct sg_text text = {0};
    write(&text, &program);
    assert_null(strstr(text.data, unwanted));
    sg_text_free(&text);
}

static void expect_arguments(const char *usage, const char *wanted, bool files)
{
    const struct sg_command command = {"do", "", usage, rows};
    struct sg_text found = {0};
    assert_int_equal(sg_program_arguments(&command, &found), files);
    assert_string_equal(found.data != NULL ? found.data : "", wanted);
    sg_text_free(&found);
}

static void a_synopsis_tells_sub_commands_and_files(void **state)
{
    (void)state;
    expect_arguments("tool do", "", false);
    expect_arguments("tool do [options] check | show", "check show", false);
    expect_arguments("tool do save NAME FILE |\n   list [NAME]", "save list", true);
    expect_arguments("tool do [options] [NAME=IMAGE…]\n\nWrites a FILE.", "", false);
    expect_arguments("tool do [FILE…]", "", true);
    expect_arguments("tool do export DIR", "export", true);
}

static void the_arguments_name_tells_what_completes_an_option(void **state)
{
    (void)state;
    struct sg_text found = {0};
    assert_int_equal(sg_program_value(&program, &rows[0], &found), SG_VALUE_WORDS);
    assert_string_equal(found.data, "hard soft");
    sg_text_free(&found);
    assert_int_equal(sg_program_value(&program, &rows[1], &found), SG_VALUE_FILE);
    assert_int_equal(sg_program_value(&program, &rows[2], &found), SG_VALUE_WORDS);
    assert_string_equal(found.data, "a b");
    sg_text_free(&found);
    assert_int_equal(sg_program_value(&program, &rows[4], &found), SG_VALUE_NONE);
}

static void hidden_options_stay_hidden(void **state)
{
    (void)state;
    expect_none(sg_program_bash, "hidden");
    expect_none(sg_program_zsh, "hidden");
    expect_none(sg_program_fish, "hidden");
    expect_none(man_page, "hidden");
}

static void texts_are_quoted_as_each_shell_wants_it(void **state)
{
    (void)state;
    expect(sg_program_zsh, "'do:it'\\''s done'");
    expect(sg_program_zsh, "'--mode=[one'\\''s \\[way\\]\\: \\\\ or other]:hard|soft:(hard soft)'");
    expect(sg_program_zsh, "'*'{-f,--file=}'[.dot and '\\''quote'\\'']:FILE:_files'");
    expect(sg_program_fish, "-d 'it\\'s done'\n");
    expect(sg_program_fish, "-l mode -x -a 'hard soft' -d 'one\\'s [way]: \\\\ or other'\n");
    expect(sg_program_bash, "-f | --file) files=yes ;;");
}

static void roff_reads_no_text_as_a_request(void **state)
{
    (void)state;
    expect(man_page, "\\fB\\-f\\fR, \\fB\\-\\-file\\fR \\fIFILE\\fR\n\\&.dot and 'quote'\n");
    expect(man_page,
           "\\-\\-mode\\fR \\fIhard|soft\\fR\none's [way]: \\e or other (default: hard)\n");
    expect(man_page, ".PP\n\\&.first\n.PP\n.nf\n  tool do \\e\n      x\n.fi\n");
    expect(man_page, ".PP\nIt's done.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_synopsis_tells_sub_commands_and_files),
        cmocka_unit_test(the_arguments_name_tells_what_completes_an_option),
        cmocka_unit_test(hidden_options_stay_hidden),
        cmocka_unit_test(texts_are_quoted_as_each_shell_wants_it),
        cmocka_unit_test(roff_reads_no_text_as_a_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
