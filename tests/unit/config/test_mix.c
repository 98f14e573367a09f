/* SPDX-License-Identifier: Apache-2.0 */
/* load.exec and load.mix: which functions of the script are called. */
#include "unit/config/helper.h"

#define LOAD "version: 1\nload: { script: a.js, rate: 1/s, "

static void without_a_word_the_default_function_is_called(void **state)
{
    (void)state;
    struct sg_config c = parse(LOAD "vus: 1 }\n", "");
    assert_int_equal(c.mix_count, 0);
    sg_config_clear(&c);
}

static void one_function_gets_all_iterations(void **state)
{
    (void)state;
    struct sg_config c = parse(LOAD "exec: $checkout_2 }\n", "");
    assert_int_equal(c.mix_count, 1);
    assert_string_equal(c.mix[0].name, "$checkout_2");
    assert_float_equal(c.mix[0].share, 1, 0);
    char *shown = sg_config_show(&c);
    assert_non_null(strstr(shown, "  exec: \"$checkout_2\""));
    free(shown);
    sg_config_clear(&c);
}

static void a_mix_keeps_its_order_and_shares(void **state)
{
    (void)state;
    struct sg_config c = parse(LOAD "mix: { browse: 70%, checkout: 0.3 } }\n", "");
    assert_int_equal(c.mix_count, 2);
    assert_string_equal(c.mix[0].name, "browse");
    assert_float_equal(c.mix[0].share, 0.7, 1e-12);
    assert_float_equal(c.mix[1].share, 0.3, 1e-12);
    char *shown = sg_config_show(&c);
    assert_non_null(strstr(shown, "  mix: { browse: 70%, checkout: 30% }"));
    free(shown);
    sg_config_clear(&c);
}

static void rounded_shares_are_made_whole(void **state)
{
    (void)state;
    struct sg_config c = parse(LOAD "mix: { a: 33.3%, b: 33.3%, c: 33.3% } }\n", "");
    assert_float_equal(c.mix[0].share, 1.0 / 3, 1e-12);
    sg_config_clear(&c);
}

static void what_is_no_mix_is_refused(void **state)
{
    (void)state;
    refuse(LOAD "mix: { a: 50%, b: 40% } }\n",
           "svcgate.yaml:2:39: mix: the shares make 90 %, not 100 %");
    refuse(LOAD "mix: { a: 50%, b-c: 50% } }\n",
           "svcgate.yaml:2:49: mix: \"b-c\" is no name of a function");
    refuse(LOAD "exec: a, mix: { a: 50%, b: 50% } }\n",
           "svcgate.yaml:2:43: exec and mix contradict each other; keep one");
    refuse(LOAD "mix: { a: 70, b: 30 } }\n",
           "svcgate.yaml:2:44: a: 70 without a % sign means 7000 %; write 70% or 0.7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_word_the_default_function_is_called),
        cmocka_unit_test(one_function_gets_all_iterations),
        cmocka_unit_test(a_mix_keeps_its_order_and_shares),
        cmocka_unit_test(rounded_shares_are_made_whole),
        cmocka_unit_test(what_is_no_mix_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
