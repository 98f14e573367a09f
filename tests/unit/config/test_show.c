/* SPDX-License-Identifier: Apache-2.0 */
/* `config show`: where values came from, and numbers that read back to the same bit. That whole
 * files read back is shown by test_cases.c. */
#include "helper.h"

#include "base/units.h"
#include "config/write.h"

static void has_line(const char *shown, const char *line)
{
    char *wanted = sg_format("\n%s\n", line);
    if (strstr(shown, wanted) == NULL) {
        fail_msg("no line \"%s\" in\n%s", line, shown);
    }
    free(wanted);
}

static void each_line_says_where_its_value_came_from(void **state)
{
    (void)state;
    struct sg_config c = finished("version: 1\nservice:\n  port: 80\nvariants: {a: x, b: y}\n"
                                  "gates:\n  - {metric: latency_p95, tolerance: 5%}\n");
    sg_config_set_origin(&c, "load.rate", "--rate");
    c.rate = 250;
    char *shown = sg_config_show(&c);
    has_line(shown, "  port: 80  # svcgate.yaml:3:9");
    has_line(shown, "  warmup: 3s  # default");
    has_line(shown, "  rate: 250/s  # --rate");
    has_line(shown, "  a:  # svcgate.yaml:4:15");
    has_line(shown, "reference: a  # default");
    has_line(shown, "  - metric: latency_p95  # svcgate.yaml:6");
    free(shown);
    sg_config_clear(&c);
}

/* A window that the rate will decide has no length yet. */
static void a_rate_that_is_to_be_found_is_shown_as_auto(void **state)
{
    (void)state;
    struct sg_config c = finished("version: 1\nload: {rate: auto}\nplan: {design: sliced}\n");
    char *shown = sg_config_show(&c);
    has_line(shown, "  rate: auto  # svcgate.yaml:2:14");
    assert_null(strstr(shown, "measure:"));
    free(shown);
    sg_config_found_rate(&c, 240);
    shown = sg_config_show(&c);
    has_line(shown, "  rate: 240/s  # svcgate.yaml:2:14");
    has_line(shown, "  measure: 9s  # default");
    free(shown);
    sg_config_clear(&c);
}

static void default_gates_are_shown_as_such(void **state)
{
    (void)state;
    struct sg_config c = finished("version: 1\n");
    char *shown = sg_config_show(&c);
    has_line(shown, "  - metric: memory_max  # default\n    tolerance: 10%\n    floor: 5MiB");
    has_line(shown, "  - metric: error_rate  # default\n    floor: 0.1%");
    free(shown);
    sg_config_clear(&c);
}

static void paths_are_shown_relative_to_the_file(void **state)
{
    (void)state;
    struct sg_config c = parse("version: 1\nload: {script: a/b.js, files: [/c]}\n", "/repo");
    char *shown = sg_config_show(&c);
    has_line(shown, "  script: a/b.js  # svcgate.yaml:2:16");
    has_line(shown, "  files: [/c]  # svcgate.yaml:2:31");
    free(shown);
    sg_config_clear(&c);
}

static void texts_are_quoted_where_yaml_would_read_something_else(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"api", "api"},
        {"shop/api.v2", "shop/api.v2"},
        {"a:b", "\"a:b\""},
        {"12", "\"12\""},
        {"true", "\"true\""},
        {"null", "\"null\""},
        {"1e3", "\"1e3\""},
        {"", "\"\""},
        {"-x", "\"-x\""},
        {"a b", "\"a b\""},
        {"q\"\\", "\"q\\\"\\\\\""},
        {"l\nm\t", "\"l\\nm\\x09\""},
        {"\xC2\x85\xE2\x80\xAEx", "\"\\x85\\u202ex\""},
        {"a ##[group] ##", "\"a \\x23#[group] ##\""},
        {"...", "\"...\""},
        {"\xc3\xbc", "\"\xc3\xbc\""},
        {"~", "\"~\""},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        char *text = sg_config_write_text(cases[i][0]);
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
    assert_null(sg_config_write_text(NULL));
}

static void numbers_are_shown_in_a_unit_that_fits(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *unit, *text;
    } cases[] = {{30, "s", "30s"},
                 {0, "s", "0s"},
                 {1800, "s", "30m"},
                 {0.25, "s", "250ms"},
                 {0.0005, "s", "500us"},
                 {86400, "s", "24h"},
                 {5242880, "bytes", "5MiB"},
                 {5000000, "bytes", "5000000B"},
                 {0.05, "ratio", "5%"},
                 {0.001, "ratio", "0.1%"},
                 {1.5, "ratio", "150%"},
                 {300, "1/s", "300/s"},
                 {10240, "bytes/s", "10KiB/s"},
                 {7.5, "jobs", "7.5"}};
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        char *text = sg_config_write_by_unit(cases[i].value, cases[i].unit);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
    assert_null(sg_config_write_by_unit(NAN, "s"));
}

/* A fixed sequence of odd doubles between 1e-9 and 1e9 (Knuth's MMIX constants). */
static void numbers_read_back_to_the_bit(void **state)
{
    (void)state;
    static const char *const units[] = {"s", "bytes", "ratio", "jobs"};
    uint64_t x = 1;
    for (int i = 0; i < 20000; i++) {
        x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double value = (double)(x >> 11) * 0x1p-53 * pow(10, (int)(x % 19) - 9);
        char *text = sg_config_write_by_unit(value, units[i % 4]);
        double back = -1;
        assert_true(sg_parse_by_unit(text, units[i % 4], &back));
        assert_memory_equal(&back, &value, sizeof(value));
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_says_where_its_value_came_from),
        cmocka_unit_test(a_rate_that_is_to_be_found_is_shown_as_auto),
        cmocka_unit_test(default_gates_are_shown_as_such),
        cmocka_unit_test(paths_are_shown_relative_to_the_file),
        cmocka_unit_test(texts_are_quoted_where_yaml_would_read_something_else),
        cmocka_unit_test(numbers_are_shown_in_a_unit_that_fits),
        cmocka_unit_test(numbers_read_back_to_the_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
