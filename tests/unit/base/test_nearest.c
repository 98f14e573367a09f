/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

static const char *const names[] = {"latency_p50", "latency_p95", "cpu_per_request", "memory_max"};

static void a_typing_error_finds_the_name(void **state)
{
    (void)state;
    assert_string_equal(sg_nearest("latncy_p95", names, SG_COUNT(names)), "latency_p95");
    assert_string_equal(sg_nearest("cpu_per_requests", names, SG_COUNT(names)), "cpu_per_request");
    assert_string_equal(sg_nearest("memroy_max", names, SG_COUNT(names)), "memory_max");
}

static void the_name_itself_is_nearest(void **state)
{
    (void)state;
    assert_string_equal(sg_nearest("latency_p95", names, SG_COUNT(names)), "latency_p95");
}

static void of_equally_near_names_the_first_is_taken(void **state)
{
    (void)state;
    assert_string_equal(sg_nearest("latency_p9", names, SG_COUNT(names)), "latency_p95");
    assert_string_equal(sg_nearest("latency_p77", names, SG_COUNT(names)), "latency_p50");
}

static void more_than_a_third_away_is_no_neighbour(void **state)
{
    (void)state;
    static const char *const short_names[] = {"abcdef"};
    assert_string_equal(sg_nearest("abcdXX", short_names, 1), "abcdef"); /* 2 of 6 */
    assert_null(sg_nearest("abcXXX", short_names, 1));
    assert_null(sg_nearest("ab", short_names, 1));
    assert_null(sg_nearest("", short_names, 1));
    assert_null(sg_nearest("abcdef", NULL, 0));
}

static void swapped_neighbours_are_one_mistake(void **state)
{
    (void)state;
    static const char *const words[] = {"run", "port", "judge"};
    assert_string_equal(sg_nearest("rnu", words, SG_COUNT(words)), "run");
    assert_string_equal(sg_nearest("prot", words, SG_COUNT(words)), "port");
    assert_string_equal(sg_nearest("jugde", words, SG_COUNT(words)), "judge");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swapped_neighbours_are_one_mistake),
        cmocka_unit_test(a_typing_error_finds_the_name),
        cmocka_unit_test(the_name_itself_is_nearest),
        cmocka_unit_test(of_equally_near_names_the_first_is_taken),
        cmocka_unit_test(more_than_a_third_away_is_no_neighbour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
