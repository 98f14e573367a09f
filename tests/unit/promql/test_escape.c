/* SPDX-License-Identifier: Apache-2.0 */
/* Quoting for PromQL and $names in templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "promql/promql.h"

static const char *const pairs[] = {"service", "api",   "container", "0a1b", "window",
                                    "30s",     "start", "1.000",     NULL};

static void assert_fills(const char *template_text, const char *expected)
{
    char *out = NULL;
    struct sg_error err = {0};
    assert_true(sg_prom_substitute(template_text, pairs, &out, &err));
    assert_string_equal(out, expected);
    free(out);
}

static void assert_refuses(const char *template_text, const char *words)
{
    char *out = NULL;
    struct sg_error err = {0};
    assert_false(sg_prom_substitute(template_text, pairs, &out, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, err.text);
    assert_null(out);
}

static void names_are_replaced(void **state)
{
    (void)state;
    assert_fills("max_over_time(app_queue_depth{service=\"$service\"}[$window])",
                 "max_over_time(app_queue_depth{service=\"api\"}[30s])");
    assert_fills("$service$container", "api0a1b");
    assert_fills("", "");
}

static void two_dollars_are_one(void **state)
{
    (void)state;
    assert_fills("a$$b", "a$b");
    assert_fills("$$service", "$service");
    assert_fills("$$$service", "$api");
}

static void a_dollar_without_a_word_stays(void **state)
{
    (void)state;
    assert_fills("x=~\"ab$\"", "x=~\"ab$\"");
    assert_fills("label_replace(m, \"a\", \"$1\", \"b\", \"(.*)\")",
                 "label_replace(m, \"a\", \"$1\", \"b\", \"(.*)\")");
    assert_fills("$", "$");
}

static void an_unknown_word_names_the_nearest(void **state)
{
    (void)state;
    assert_refuses("rate(x[$windw])", "did you mean $window?");
    assert_refuses("$windows", "$window");
    assert_refuses("$start_", "did you mean $start?");
}

static void a_word_near_nothing_lists_what_is_known(void **state)
{
    (void)state;
    assert_refuses("$zzzzzzzz", "known are $service, $container, $window, $start");
}

static void the_longest_word_counts(void **state)
{
    (void)state;
    const char *const two[] = {"end", "9", "endpoint", "e", NULL};
    char *out = NULL;
    struct sg_error err = {0};
    assert_true(sg_prom_substitute("$endpoint $end-$end", two, &out, &err));
    assert_string_equal(out, "e 9-9");
    free(out);
}

static void label_values_cannot_leave_their_quotes(void **state)
{
    (void)state;
    char *out = sg_prom_escape("a\"b\\c\nd");
    assert_string_equal(out, "a\\\"b\\\\c\\nd");
    free(out);
    out = sg_prom_escape("");
    assert_string_equal(out, "");
    free(out);
}

static void regular_expressions_match_the_value_alone(void **state)
{
    (void)state;
    char *out = sg_prom_escape_regex("a.b*(c)|$");
    assert_string_equal(out, "a\\\\.b\\\\*\\\\(c\\\\)\\\\|\\\\$");
    free(out);
    out = sg_prom_escape_regex("a\\b\"");
    assert_string_equal(out, "a\\\\\\\\b\\\"");
    free(out);
    out = sg_prom_escape_regex("0123456789abcdef");
    assert_string_equal(out, "0123456789abcdef");
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_replaced),
        cmocka_unit_test(two_dollars_are_one),
        cmocka_unit_test(a_dollar_without_a_word_stays),
        cmocka_unit_test(an_unknown_word_names_the_nearest),
        cmocka_unit_test(a_word_near_nothing_lists_what_is_known),
        cmocka_unit_test(the_longest_word_counts),
        cmocka_unit_test(label_values_cannot_leave_their_quotes),
        cmocka_unit_test(regular_expressions_match_the_value_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
