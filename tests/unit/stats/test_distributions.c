/* SPDX-License-Identifier: Apache-2.0 */
/* Normal and t distributions against mpmath. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/distributions.h"
#include "unit/vectors.h"

static void distributions_agree_with_mpmath_in_both_tails(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "distributions.txt");
    int rows = 0;
    char kind[16];
    while (vectors_kind(&v, kind)) {
        double a = vectors_number(&v);
        if (strcmp(kind, "ncdf") == 0) {
            assert_close(sg_normal_cdf(a), vectors_number(&v), 1e-12);
        } else if (strcmp(kind, "nq") == 0) {
            assert_close(sg_normal_quantile(a), vectors_number(&v), 1e-12);
        } else {
            double b = vectors_number(&v);
            double wanted = vectors_number(&v);
            if (strcmp(kind, "tup") == 0)
                assert_close(sg_t_upper(a, b), wanted, 1e-12);
            else if (strcmp(kind, "tcdf") == 0)
                assert_close(sg_t_cdf(a, b), wanted, 1e-12);
            else
                assert_close(sg_t_quantile(a, b), wanted, 1e-12);
        }
        rows++;
    }
    assert_true(rows > 2000);
    vectors_close(&v);
}

static void t_quantiles_are_those_of_the_tables(void **state)
{
    (void)state;
    assert_near(sg_t_quantile(0.95, 5), 2.0150484, 5e-8);
    assert_near(sg_t_quantile(0.99, 9), 2.8214379, 5e-8);
    assert_near(sg_t_quantile(0.99875, 17), 3.5429488, 5e-8);
}

static void t_with_infinite_freedom_is_normal(void **state)
{
    (void)state;
    assert_close(sg_t_upper(1.7, INFINITY), sg_normal_cdf(-1.7), 1e-15);
    assert_close(sg_t_upper(1.7, 1e9), sg_normal_cdf(-1.7), 1e-8);
}

static void impossible_arguments_give_no_number(void **state)
{
    (void)state;
    assert_true(isnan(sg_t_upper(1, 0)));
    assert_true(isnan(sg_t_upper(1, -3)));
    assert_true(isnan(sg_t_upper(NAN, 3)));
    assert_true(isnan(sg_t_upper(1, NAN)));
    assert_true(isnan(sg_t_quantile(1.5, 3)));
    assert_true(isnan(sg_t_quantile(0.5, NAN)));
    assert_true(isnan(sg_normal_quantile(-0.1)));
    assert_true(isnan(sg_normal_quantile(NAN)));
}

static void quantiles_at_the_ends_are_infinite(void **state)
{
    (void)state;
    assert_true(isinf(sg_normal_quantile(1)) && sg_normal_quantile(1) > 0);
    assert_true(isinf(sg_normal_quantile(0)) && sg_normal_quantile(0) < 0);
    assert_true(isinf(sg_t_quantile(1, 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distributions_agree_with_mpmath_in_both_tails),
        cmocka_unit_test(t_quantiles_are_those_of_the_tables),
        cmocka_unit_test(t_with_infinite_freedom_is_normal),
        cmocka_unit_test(impossible_arguments_give_no_number),
        cmocka_unit_test(quantiles_at_the_ends_are_infinite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
