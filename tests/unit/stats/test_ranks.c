/* SPDX-License-Identifier: Apache-2.0 */
/* Order statistics against NumPy and SciPy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/intervals.h"
#include "stats/random.h"
#include "stats/ranks.h"
#include "unit/vectors.h"

static size_t read_values(struct vectors *v, double *out)
{
    size_t count = (size_t)vectors_int(v);
    for (size_t i = 0; i < count; i++)
        out[i] = vectors_number(v);
    return count;
}

static void order_statistics_agree_with_numpy_and_scipy(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "ranks.txt");
    double values[512];
    int rows = 0;
    char kind[16];
    while (vectors_kind(&v, kind)) {
        rows++;
        if (strcmp(kind, "sign") == 0) {
            size_t count = (size_t)vectors_int(&v);
            double level = vectors_number(&v);
            assert_int_equal(sg_sign_critical(count, level), vectors_int(&v));
            continue;
        }
        size_t count = read_values(&v, values);
        if (strcmp(kind, "med") == 0) {
            assert_close(sg_median(values, count), vectors_number(&v), 1e-15);
        } else if (strcmp(kind, "quant") == 0) {
            double p = vectors_number(&v);
            sg_sort(values, count);
            assert_near(sg_quantile_sorted(values, count, p), vectors_number(&v), 1e-13);
        } else {
            struct sg_interval got = sg_median_interval(values, count, vectors_number(&v));
            assert_close(got.low, vectors_number(&v), 0);
            assert_close(got.high, vectors_number(&v), 0);
        }
    }
    assert_true(rows > 600);
    vectors_close(&v);
}

static void nothing_has_no_median_and_no_quantile(void **state)
{
    (void)state;
    double none[1] = {1};
    assert_true(isnan(sg_median(none, 0)));
    assert_true(isnan(sg_quantile_sorted(none, 0, 0.5)));
    assert_true(isnan(sg_quantile_sorted(none, 1, 1.5)));
    assert_true(isnan(sg_quantile_sorted(none, 1, NAN)));
}

static void sorting_puts_any_order_right(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 11);
    double values[300];
    for (size_t count = 0; count < 300; count += 7) {
        double sum = 0;
        for (size_t i = 0; i < count; i++) {
            values[i] = (double)sg_random_below(&random, 50);
            sum += values[i];
        }
        sg_sort(values, count);
        for (size_t i = 0; i < count; i++)
            sum -= values[i];
        assert_close(sum, 0, 0);
        for (size_t i = 1; i < count; i++)
            assert_true(values[i - 1] <= values[i]);
    }
}

static void ties_count_for_neither_side(void **state)
{
    (void)state;
    const double sorted[] = {-1, 0, 0, 0, 2};
    assert_int_equal(sg_count_above(sorted, 5, 0), 1);
    assert_int_equal(sg_count_below(sorted, 5, 0), 1);
    assert_int_equal(sg_count_above(sorted, 5, -2), 5);
    assert_int_equal(sg_count_below(sorted, 5, 3), 5);
    assert_int_equal(sg_count_above(sorted, 0, 0), 0);
}

static void differences_are_variant_minus_reference(void **state)
{
    (void)state;
    const double reference[] = {1, 10};
    const double variant[] = {100, 1000, 10000};
    double out[6];
    assert_int_equal(sg_differences(reference, 2, variant, 3, out), 6);
    sg_sort(out, 6);
    const double wanted[] = {90, 99, 990, 999, 9990, 9999};
    for (size_t i = 0; i < 6; i++)
        assert_close(out[i], wanted[i], 0);
}

static void a_small_sample_has_no_bounds(void **state)
{
    (void)state;
    const double sorted[] = {1, 2, 3, 4};
    assert_true(isnan(sg_median_interval(sorted, 4, 0.05).low));
    assert_true(isnan(sg_order_interval(sorted, 4, 0, 5).low));
    assert_true(isnan(sg_order_interval(sorted, 4, 0, 5).high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_statistics_agree_with_numpy_and_scipy),
        cmocka_unit_test(nothing_has_no_median_and_no_quantile),
        cmocka_unit_test(sorting_puts_any_order_right),
        cmocka_unit_test(ties_count_for_neither_side),
        cmocka_unit_test(differences_are_variant_minus_reference),
        cmocka_unit_test(a_small_sample_has_no_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
