/* SPDX-License-Identifier: Apache-2.0 */
/* Theil-Sen slopes against SciPy and Kendall's law in integers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/ranks.h"
#include "unit/vectors.h"

static void slopes_and_their_bounds_agree_with_scipy(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "slopes.txt");
    int rows = 0;
    while (vectors_word(&v)) {
        size_t count = (size_t)vectors_int(&v);
        double level = vectors_number(&v);
        double times[64];
        double values[64];
        for (size_t i = 0; i < count; i++)
            times[i] = vectors_number(&v);
        for (size_t i = 0; i < count; i++)
            values[i] = vectors_number(&v);
        struct sg_slope got;
        assert_true(sg_theil_sen(times, values, count, level, &got));
        assert_close(got.slope, vectors_number(&v), 1e-12);
        assert_close(got.interval.low, vectors_number(&v), 1e-12);
        assert_close(got.interval.high, vectors_number(&v), 1e-12);
        assert_close(got.p, vectors_number(&v), 1e-12);
        rows++;
    }
    assert_true(rows > 30);
    vectors_close(&v);
}

/* The next order of `count` numbers, or false after the last one. */
static bool next_order(double *values, size_t count)
{
    size_t i = count - 1;
    while (i > 0 && values[i - 1] >= values[i])
        i--;
    if (i == 0)
        return false;
    size_t j = count - 1;
    while (values[j] <= values[i - 1])
        j--;
    double moved = values[i - 1];
    values[i - 1] = values[j];
    values[j] = moved;
    for (size_t low = i, high = count - 1; low < high; low++, high--) {
        moved = values[low];
        values[low] = values[high];
        values[high] = moved;
    }
    return true;
}

struct seen {
    double orders, rising, falling, small_p;
};

/* Every order of some noise around no slope at all, each equally likely. */
static struct seen try_all_orders(size_t count, double level)
{
    double times[8];
    double values[8];
    for (size_t i = 0; i < count; i++) {
        times[i] = (double)(i * i);
        values[i] = (double)i * (i % 2 ? 1.5 : 1);
    }
    sg_sort(values, count);
    struct seen seen = {0};
    do {
        struct sg_slope got;
        assert_true(sg_theil_sen(times, values, count, level, &got));
        seen.orders++;
        seen.rising += got.interval.low > 0;
        seen.falling += got.interval.high < 0;
        seen.small_p += got.p <= level * (1 + 1e-12);
        assert_int_equal(got.interval.low > 0, got.p <= level * (1 + 1e-12));
    } while (next_order(values, count));
    return seen;
}

static void bounds_miss_no_more_often_than_their_level_over_all_orders(void **state)
{
    (void)state;
    static const double levels[] = {0.005, 1.0 / 24, 0.05, 0.2};
    double orders = 1;
    for (size_t count = 2; count <= 8; count++) {
        orders *= (double)count;
        for (size_t k = 0; k < sizeof(levels) / sizeof(*levels); k++) {
            struct seen seen = try_all_orders(count, levels[k]);
            assert_close(seen.orders, orders, 0);
            assert_true(seen.rising <= levels[k] * orders * (1 + 1e-12));
            assert_close(seen.rising, seen.falling, 0);
            assert_close(seen.rising, seen.small_p, 0);
            if (levels[k] * orders >= 1) /* at least the one order that rises all the way */
                assert_true(seen.rising >= 1);
        }
    }
}

static void the_published_example_comes_out(void **state)
{
    (void)state;
    const double y[] = {5, 5.2, 5.1, 5.6, 5.4, 5.9, 6.1, 5.8, 6.4, 6.3, 6.8, 6.7};
    double t[12];
    for (int i = 0; i < 12; i++)
        t[i] = i;
    struct sg_slope got;
    assert_true(sg_theil_sen(t, y, 12, 0.05, &got));
    assert_near(got.slope, 0.171428571, 5e-10);
    assert_close(got.p, 2.206464e-5, 1e-6);
}

static void one_time_has_no_slope(void **state)
{
    (void)state;
    const double t[] = {3, 3, 3};
    const double y[] = {1, 2, 3};
    struct sg_slope got;
    assert_true(sg_theil_sen(t, y, 3, 0.05, &got));
    assert_true(isnan(got.slope));
    assert_true(isnan(got.interval.low));
    assert_close(got.p, 1, 0);
    assert_true(sg_theil_sen(t, y, 0, 0.05, &got));
    assert_true(isnan(got.slope));
}

static void more_points_than_the_limit_are_refused(void **state)
{
    (void)state;
    struct sg_slope got;
    assert_false(sg_theil_sen(NULL, NULL, 1001, 0.05, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slopes_and_their_bounds_agree_with_scipy),
        cmocka_unit_test(bounds_miss_no_more_often_than_their_level_over_all_orders),
        cmocka_unit_test(the_published_example_comes_out),
        cmocka_unit_test(one_time_has_no_slope),
        cmocka_unit_test(more_points_than_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
