/* SPDX-License-Identifier: Apache-2.0 */
/* Ridge slopes against NumPy's least squares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/adjust.h"
#include "unit/vectors.h"

static void read_into(struct vectors *v, double *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = vectors_number(v);
}

static void slopes_agree_with_numpy(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "adjust.txt");
    int rows = 0;
    while (vectors_word(&v)) {
        size_t k = (size_t)strtol(v.word, NULL, 10);
        size_t groups = (size_t)vectors_int(&v);
        double zz[16] = {0};
        double zy[4] = {0};
        for (size_t g = 0; g < groups; g++) {
            size_t count = (size_t)vectors_int(&v);
            double z[32];
            double y[8];
            read_into(&v, z, count * k);
            read_into(&v, y, count);
            sg_adjust_add(k, count, z, y, zz, zy);
        }
        double lambda[4];
        double prior[4];
        double work[20];
        double got[4];
        read_into(&v, lambda, k);
        read_into(&v, prior, k);
        assert_true(sg_adjust_slopes(k, zz, zy, lambda, prior, work, got));
        for (size_t i = 0; i < k; i++)
            assert_close(got[i], vectors_number(&v), 1e-8);
        rows++;
    }
    assert_true(rows > 100);
    vectors_close(&v);
}

static void without_data_the_prior_stands(void **state)
{
    (void)state;
    const double zz[4] = {0};
    const double zy[2] = {0};
    const double lambda[2] = {0.3, 2};
    const double prior[2] = {0.9, 0};
    double work[6];
    double got[2];
    assert_true(sg_adjust_slopes(2, zz, zy, lambda, prior, work, got));
    assert_close(got[0], 0.9, 1e-15);
    assert_close(got[1], 0, 0);
}

static void a_covariate_that_never_varies_gets_no_slope(void **state)
{
    (void)state;
    const double zz[4] = {2, 0, 0, 0};
    const double zy[2] = {1, 0};
    const double lambda[2] = {2, 0};
    const double prior[2] = {0.5, 0.9};
    double work[6];
    double got[2];
    assert_true(sg_adjust_slopes(2, zz, zy, lambda, prior, work, got));
    assert_close(got[0], 0.5, 1e-15);
    assert_close(got[1], 0, 0);
}

static void two_covariates_that_say_the_same_are_singular_without_a_prior(void **state)
{
    (void)state;
    const double zz[4] = {1, 1, 1, 1};
    const double zy[2] = {1, 1};
    const double none[2] = {0, 0};
    double work[6];
    double got[2];
    assert_false(sg_adjust_slopes(2, zz, zy, none, none, work, got));
}

static void a_group_of_one_adds_nothing(void **state)
{
    (void)state;
    const double z[1] = {3};
    const double y[1] = {4};
    double zz[1] = {0};
    double zy[1] = {0};
    sg_adjust_add(1, 1, z, y, zz, zy);
    assert_close(zz[0], 0, 0);
    assert_close(zy[0], 0, 0);
}

static void slopes_are_trusted_by_what_they_explain(void **state)
{
    (void)state;
    const double zz[1] = {4};
    const double zy[1] = {4};
    const double slope[1] = {1}; /* takes 2·4 − 4 = 4 out */
    struct sg_adjust_total total = {6, 4};
    assert_close(sg_adjust_trust(1, zz, zy, slope, &total), 1 - 2 * (2. / 4) / 4, 1e-15);
    total.squares = 12; /* 8 left, a mean square of 2 */
    assert_close(sg_adjust_trust(1, zz, zy, slope, &total), 0, 0);
    total.squares = 4; /* nothing left */
    assert_close(sg_adjust_trust(1, zz, zy, slope, &total), 1, 0);
}

static void slopes_that_make_it_worse_are_not_trusted(void **state)
{
    (void)state;
    const double zz[1] = {4};
    const double zy[1] = {-1};
    const double slope[1] = {0.5};
    const struct sg_adjust_total total = {6, 4};
    assert_close(sg_adjust_trust(1, zz, zy, slope, &total), 0, 0);
}

static void without_data_slopes_are_trusted(void **state)
{
    (void)state;
    const double zero[1] = {0};
    const double slope[1] = {0.9};
    const struct sg_adjust_total total = {0, 0};
    assert_close(sg_adjust_trust(1, zero, zero, slope, &total), 1, 0);
}

static void totals_are_of_deviations_inside_groups(void **state)
{
    (void)state;
    const double y[5] = {1, 3, 10, 10, 13};
    struct sg_adjust_total total = {0, 0};
    sg_adjust_add_total(2, y, &total);
    sg_adjust_add_total(3, y + 2, &total);
    sg_adjust_add_total(1, y, &total);
    assert_close(total.squares, 2 + 6, 1e-14);
    assert_close(total.freedom, 3, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slopes_agree_with_numpy),
        cmocka_unit_test(without_data_the_prior_stands),
        cmocka_unit_test(a_covariate_that_never_varies_gets_no_slope),
        cmocka_unit_test(two_covariates_that_say_the_same_are_singular_without_a_prior),
        cmocka_unit_test(a_group_of_one_adds_nothing),
        cmocka_unit_test(slopes_are_trusted_by_what_they_explain),
        cmocka_unit_test(slopes_that_make_it_worse_are_not_trusted),
        cmocka_unit_test(without_data_slopes_are_trusted),
        cmocka_unit_test(totals_are_of_deviations_inside_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
