/* SPDX-License-Identifier: Apache-2.0 */
/* Options: command line, environment, defaults, errors and help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/options.h"

#include <stdlib.h>
#include <string.h>

struct target {
    bool quiet;
    bool color;
    char *config;
    struct sg_strings formats;
    double weight;
    int repetitions;
    double budget;
    double tolerance;
    double rate;
    double memory;
};

static const struct sg_option rows[] = {
    {.name = "quiet",
     .short_name = 'q',
     .type = SG_OPTION_FLAG,
     .help = "say only the verdict",
     .offset = offsetof(struct target, quiet)},
    {.name = "color",
     .type = SG_OPTION_FLAG,
     .help = "use colours",
     .offset = offsetof(struct target, color),
     .default_text = "true"},
    {.name = "config",
     .short_name = 'c',
     .type = SG_OPTION_STRING,
     .argument = "FILE",
     .help = "configuration file",
     .offset = offsetof(struct target, config)},
    {.name = "format",
     .type = SG_OPTION_LIST,
     .argument = "NAME[:PATH]",
     .help = "report format, may be given several times",
     .offset = offsetof(struct target, formats),
     .default_text = "markdown"},
    {.name = "weight", .type = SG_OPTION_NUMBER, .offset = offsetof(struct target, weight)},
    {.name = "repetitions",
     .short_name = 'n',
     .type = SG_OPTION_INT,
     .offset = offsetof(struct target, repetitions)},
    {.name = "budget-max",
     .type = SG_OPTION_DURATION,
     .argument = "DURATION",
     .help = "ends the session after this time, whatever has been decided until then, and judges "
             "what is there",
     .offset = offsetof(struct target, budget),
     .default_text = "30m"},
    {.name = "tolerance", .type = SG_OPTION_RATIO, .offset = offsetof(struct target, tolerance)},
    {.name = "rate", .type = SG_OPTION_RATE, .offset = offsetof(struct target, rate)},
    {.name = "memory", .type = SG_OPTION_SIZE, .offset = offsetof(struct target, memory)},
    {.name = NULL}};

struct fixture {
    struct target target;
    struct sg_strings words;
    enum sg_option_source sources[SG_COUNT(rows)];
    struct sg_error err;
};

static int set_up(void **state)
{
    *state = sg_alloc(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    static const char *const variables[] = {"SVCGATE_CONFIG", "SVCGATE_BUDGET_MAX",
                                            "SVCGATE_FORMAT", "SVCGATE_QUIET", "SVCGATE_COLOR"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < SG_COUNT(variables); i++)
        unsetenv(variables[i]);
    sg_options_clear(rows, &fixture->target);
    sg_strings_clear(&fixture->words);
    free(fixture);
    return 0;
}

static bool parse(struct fixture *fixture, const char *const *words)
{
    int count = 0;
    while (words[count])
        count++;
    struct sg_options options = {
        .rows = rows, .command = "svcgate run", .sources = fixture->sources};
    return sg_options_parse(&options, count, (char *const *)words, &fixture->target,
                            &fixture->words, &fixture->err);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void expect_error(struct fixture *fixture, const char *const *words, const char *text)
{
    assert_false(parse(fixture, words));
    assert_int_equal(fixture->err.kind, SG_ERROR_CONFIG);
    assert_string_equal(fixture->err.text, text);
    assert_null(fixture->target.config);
    assert_int_equal(fixture->target.formats.count, 0);
    assert_int_equal(fixture->words.count, 0);
}

static void values_are_glued_with_equals_or_follow(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, WORDS("--config", "a.yaml", "--weight=0.5", "-n", "6")));
    assert_string_equal(f->target.config, "a.yaml");
    assert_true(f->target.weight == 0.5);
    assert_int_equal(f->target.repetitions, 6);
}

static void every_type_is_read_in_its_own_unit(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, WORDS("--budget-max=90s", "--tolerance=5%", "--rate=600/m",
                               "--memory=1KiB", "--quiet")));
    assert_true(f->target.budget == 90);
    assert_true(f->target.tolerance == 0.05);
    assert_true(f->target.rate == 10);
    assert_true(f->target.memory == 1024);
    assert_true(f->target.quiet);
}

static void defaults_hold_where_nothing_was_given(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, WORDS("-q")));
    assert_true(f->target.quiet);
    assert_true(f->target.color);
    assert_null(f->target.config);
    assert_true(f->target.budget == 1800);
    assert_int_equal(f->target.formats.count, 1);
    assert_string_equal(f->target.formats.items[0], "markdown");
}

static void a_flag_is_switched_off_with_no(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, WORDS("--quiet", "--no-color", "--no-quiet")));
    assert_false(f->target.color);
    assert_false(f->target.quiet);
}

static void a_list_grows_and_drops_its_default(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, WORDS("--format", "json", "--format=junit:a.xml")));
    assert_int_equal(f->target.formats.count, 2);
    assert_string_equal(f->target.formats.items[0], "json");
    assert_string_equal(f->target.formats.items[1], "junit:a.xml");
}

static void of_a_value_given_twice_the_last_holds(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, WORDS("--config=a", "-c", "b")));
    assert_string_equal(f->target.config, "b");
}

static void positionals_mix_with_options_in_order(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, WORDS("one", "-q", "two", "-", "--", "--quiet", "-x")));
    assert_int_equal(f->words.count, 5);
    assert_string_equal(f->words.items[0], "one");
    assert_string_equal(f->words.items[1], "two");
    assert_string_equal(f->words.items[2], "-");
    assert_string_equal(f->words.items[3], "--quiet");
    assert_string_equal(f->words.items[4], "-x");
}

static void environment_beats_default_and_command_line_beats_both(void **state)
{
    struct fixture *f = *state;
    setenv("SVCGATE_BUDGET_MAX", "1h", 1);
    setenv("SVCGATE_CONFIG", "env.yaml", 1);
    setenv("SVCGATE_QUIET", "yes", 1);
    setenv("SVCGATE_COLOR", "0", 1);
    assert_true(parse(f, WORDS("--config=cli.yaml")));
    assert_true(f->target.budget == 3600);
    assert_string_equal(f->target.config, "cli.yaml");
    assert_true(f->target.quiet);
    assert_false(f->target.color);
    assert_int_equal(f->sources[2], SG_FROM_COMMAND_LINE);
    assert_int_equal(f->sources[6], SG_FROM_ENVIRONMENT);
    assert_int_equal(f->sources[3], SG_FROM_DEFAULT);
}

static void a_list_in_the_environment_is_separated_by_commas(void **state)
{
    struct fixture *f = *state;
    setenv("SVCGATE_FORMAT", "json,,junit:a.xml,", 1);
    assert_true(parse(f, WORDS("x")));
    assert_int_equal(f->target.formats.count, 2);
    assert_string_equal(f->target.formats.items[1], "junit:a.xml");
}

static void a_list_of_the_command_line_replaces_that_of_the_environment(void **state)
{
    struct fixture *f = *state;
    setenv("SVCGATE_FORMAT", "json,junit", 1);
    assert_true(parse(f, WORDS("--format=html")));
    assert_int_equal(f->target.formats.count, 1);
    assert_string_equal(f->target.formats.items[0], "html");
}

static void a_bad_value_in_the_environment_names_its_variable(void **state)
{
    setenv("SVCGATE_BUDGET_MAX", "soon", 1);
    expect_error(*state, WORDS("x"),
                 "SVCGATE_BUDGET_MAX: \"soon\" is not a duration with its unit, like 30s, 250ms "
                 "or 1m30s");
}

static void a_flag_in_the_environment_is_true_or_false(void **state)
{
    setenv("SVCGATE_QUIET", "maybe", 1);
    expect_error(*state, WORDS("x"), "SVCGATE_QUIET: \"maybe\" is not true or false");
}

static void an_unknown_option_is_told_with_the_nearest_and_with_help(void **state)
{
    expect_error(*state, WORDS("x", "--confg=a"),
                 "unknown option --confg: did you mean --config? All options: svcgate run --help");
    expect_error(*state, WORDS("--zzz"),
                 "unknown option --zzz: svcgate run --help lists all options");
    expect_error(*state, WORDS("-z"), "unknown option -z: svcgate run --help lists all options");
    expect_error(*state, WORDS("-qn"), "unknown option -qn: svcgate run --help lists all options");
    expect_error(*state, WORDS("--no-config"),
                 "unknown option --no-config: did you mean --config? All options: svcgate run "
                 "--help");
}

static void a_row_is_found_by_its_whole_name(void **state)
{
    (void)state;
    static const struct sg_option few[] = {{.name = "api"}, {.name = "api-url"}, {.name = NULL}};
    assert_ptr_equal(sg_option_find(few, "api-url"), &few[1]);
    assert_ptr_equal(sg_option_find(few, "api"), &few[0]);
    assert_null(sg_option_find(few, "ap"));
    assert_null(sg_option_find(few, ""));
}

static void a_missing_value_is_an_error_and_eats_no_option(void **state)
{
    expect_error(*state, WORDS("--config"), "--config needs a value: --config=FILE");
    expect_error(*state, WORDS("--config", "--quiet"), "--config needs a value: --config=FILE");
    expect_error(*state, WORDS("-n"), "-n needs a value: --repetitions=VALUE");
}

static void a_value_may_begin_with_dashes_after_equals(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, WORDS("--config=--odd")));
    assert_string_equal(f->target.config, "--odd");
}

static void a_flag_takes_no_value(void **state)
{
    expect_error(*state, WORDS("--quiet=maybe"), "--quiet takes no value, \"maybe\" was given");
}

static void wrong_values_say_what_was_expected(void **state)
{
    expect_error(*state, WORDS("-n", "1.5"), "-n: \"1.5\" is not a whole number, like 12");
    expect_error(*state, WORDS("-n", "99999999999"),
                 "-n: \"99999999999\" is not a whole number, like 12");
    expect_error(*state, WORDS("-n", ""), "-n: \"\" is not a whole number, like 12");
    expect_error(*state, WORDS("--rate", "many"), "--rate: \"many\" is not a rate, like 300/s");
    expect_error(*state, WORDS("--memory=5"),
                 "--memory: \"5\" is not a size with its unit, like 256MiB or 5MB");
}

static void after_an_error_what_was_parsed_is_freed(void **state)
{
    expect_error(*state, WORDS("one", "--config=a", "--format=b", "--zzz"),
                 "unknown option --zzz: svcgate run --help lists all options");
}

static void a_default_that_is_no_value_is_our_own_mistake(void **state)
{
    struct fixture *f = *state;
    static const struct sg_option bad[] = {
        {.name = "rate", .type = SG_OPTION_RATE, .default_text = "many"}, {.name = NULL}};
    struct sg_options options = {.rows = bad, .command = "x"};
    double rate = 0;
    assert_false(sg_options_parse(&options, 0, NULL, &rate, &f->words, &f->err));
    assert_int_equal(f->err.kind, SG_ERROR_INTERNAL);
    assert_string_equal(f->err.text, "rate: \"many\" is not a rate, like 300/s");
}

static void help_is_aligned_wrapped_and_hides_rows_without_help(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_options_help(&text, "svcgate run [OPTIONS] [VARIANT=IMAGE…]", rows);
    assert_string_equal(
        text.data,
        "Usage: svcgate run [OPTIONS] [VARIANT=IMAGE…]\n"
        "\n"
        "Options:\n"
        "  -q, --quiet                say only the verdict\n"
        "      --color                use colours\n"
        "  -c, --config FILE          configuration file\n"
        "      --format NAME[:PATH]   report format, may be given several times (default:\n"
        "                             markdown)\n"
        "      --budget-max DURATION  ends the session after this time, whatever has been\n"
        "                             decided until then, and judges what is there\n"
        "                             (default: 30m)\n");
    sg_text_free(&text);
}

static void a_row_too_wide_for_its_column_gets_a_line_of_its_own(void **state)
{
    (void)state;
    static const struct sg_option wide[] = {
        {.name = "a", .type = SG_OPTION_FLAG, .help = "short"},
        {.name = "a-name-that-is-really-too-long", .type = SG_OPTION_FLAG, .help = "long"},
        {.name = NULL}};
    struct sg_text text = {0};
    sg_options_help(&text, "x", wide);
    assert_string_equal(text.data, "Usage: x\n"
                                   "\n"
                                   "Options:\n"
                                   "      --a  short\n"
                                   "      --a-name-that-is-really-too-long\n"
                                   "           long\n");
    sg_text_free(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_are_glued_with_equals_or_follow),
        TEST(every_type_is_read_in_its_own_unit),
        TEST(defaults_hold_where_nothing_was_given),
        TEST(a_flag_is_switched_off_with_no),
        TEST(a_list_grows_and_drops_its_default),
        TEST(of_a_value_given_twice_the_last_holds),
        TEST(positionals_mix_with_options_in_order),
        TEST(environment_beats_default_and_command_line_beats_both),
        TEST(a_list_in_the_environment_is_separated_by_commas),
        TEST(a_list_of_the_command_line_replaces_that_of_the_environment),
        TEST(a_bad_value_in_the_environment_names_its_variable),
        TEST(a_flag_in_the_environment_is_true_or_false),
        TEST(an_unknown_option_is_told_with_the_nearest_and_with_help),
        TEST(a_row_is_found_by_its_whole_name),
        TEST(a_missing_value_is_an_error_and_eats_no_option),
        TEST(a_value_may_begin_with_dashes_after_equals),
        TEST(a_flag_takes_no_value),
        TEST(wrong_values_say_what_was_expected),
        TEST(after_an_error_what_was_parsed_is_freed),
        TEST(a_default_that_is_no_value_is_our_own_mistake),
        cmocka_unit_test(help_is_aligned_wrapped_and_hides_rows_without_help),
        cmocka_unit_test(a_row_too_wide_for_its_column_gets_a_line_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
