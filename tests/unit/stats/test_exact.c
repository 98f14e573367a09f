/* SPDX-License-Identifier: Apache-2.0 */
/* Tests and limits of counts against exact integers and mpmath. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/exact.h"
#include "unit/vectors.h"

static void tails_agree_with_exact_integers(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "exact.txt");
    int rows = 0;
    char kind[16];
    while (vectors_kind(&v, kind)) {
        double a = vectors_number(&v);
        double b = vectors_number(&v);
        double c = vectors_number(&v);
        if (strcmp(kind, "binlow") == 0)
            assert_close(sg_binomial_lower(a, b, c), vectors_number(&v), 1e-12);
        else if (strcmp(kind, "binup") == 0)
            assert_close(sg_binomial_upper(a, b, c), vectors_number(&v), 1e-12);
        else {
            struct sg_count reference = {c, vectors_number(&v)};
            assert_close(sg_fisher_greater((struct sg_count){a, b}, reference), vectors_number(&v),
                         1e-12);
        }
        rows++;
    }
    assert_true(rows > 700);
    vectors_close(&v);
}

static void read_counts(struct vectors *v, struct sg_count *out, size_t *count)
{
    *count = (size_t)vectors_int(v);
    for (size_t i = 0; i < *count; i++)
        out[i].events = vectors_number(v);
    for (size_t i = 0; i < *count; i++)
        out[i].trials = vectors_number(v);
}

static void check_dispersion(struct vectors *v)
{
    struct sg_count sides[2][16];
    size_t counts[2];
    read_counts(v, sides[0], &counts[0]);
    read_counts(v, sides[1], &counts[1]);
    assert_close(sg_dispersion(sides[0], counts[0], sides[1], counts[1]), vectors_number(v), 1e-12);
}

static void limits_agree_with_direct_maximisation(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "limits.txt");
    int rows = 0;
    char kind[16];
    while (vectors_kind(&v, kind)) {
        rows++;
        if (strcmp(kind, "disp") == 0) {
            check_dispersion(&v);
            continue;
        }
        struct sg_count first = {vectors_number(&v), 0};
        first.trials = vectors_number(&v);
        struct sg_count second = {0, 0};
        bool is_difference = strcmp(kind, "mn") == 0;
        if (is_difference) {
            second.events = vectors_number(&v);
            second.trials = vectors_number(&v);
        }
        double level = vectors_number(&v);
        struct sg_interval got = is_difference ? sg_miettinen_nurminen(first, second, level)
                                               : sg_clopper_pearson(first, level);
        double relative = 1e-12;
        assert_close(got.low, vectors_number(&v), relative);
        assert_close(got.high, vectors_number(&v), relative);
    }
    assert_true(rows > 160);
    vectors_close(&v);
}

static void published_examples_come_out(void **state)
{
    (void)state;
    struct sg_count variant = {12, 1000};
    struct sg_count reference = {4, 1000};
    struct sg_interval mn = sg_miettinen_nurminen(variant, reference, 0.05);
    assert_near(mn.low, 0.00158032, 5e-9);
    assert_near(mn.high, 0.01555775, 5e-9);
    assert_near(sg_fisher_greater(variant, reference), 0.0378233, 5e-8);
    assert_near(sg_binomial_upper(12, 16, 0.5), 0.0384064, 5e-8);
    struct sg_interval cp = sg_clopper_pearson((struct sg_count){3, 1000}, 0.05);
    assert_near(cp.low, 0.00081818, 5e-9);
    assert_near(cp.high, 0.00773524, 5e-9);
    assert_near(sg_clopper_pearson((struct sg_count){0, 1000}, 0.05).high, 0.00299125, 5e-9);
}

static void no_events_at_all_prove_no_rise(void **state)
{
    (void)state;
    assert_close(sg_fisher_greater((struct sg_count){0, 100}, (struct sg_count){0, 100}), 1, 0);
}

static void impossible_counts_give_no_number(void **state)
{
    (void)state;
    struct sg_count none = {0, 0};
    struct sg_count more = {5, 3};
    struct sg_count some = {1, 10};
    assert_true(isnan(sg_clopper_pearson(none, 0.05).high));
    assert_true(isnan(sg_clopper_pearson(more, 0.05).low));
    assert_true(isnan(sg_miettinen_nurminen(none, some, 0.05).high));
    assert_true(isnan(sg_fisher_greater(more, some)));
    assert_true(isnan(sg_fisher_greater((struct sg_count){NAN, 10}, some)));
    assert_true(isnan(sg_binomial_upper(NAN, 10, 0.5)));
}

static void swapped_sides_mirror_the_score_limits(void **state)
{
    (void)state;
    struct sg_count a = {7, 900};
    struct sg_count b = {3, 1100};
    struct sg_interval one = sg_miettinen_nurminen(a, b, 0.05);
    struct sg_interval other = sg_miettinen_nurminen(b, a, 0.05);
    assert_close(one.low, -other.high, 1e-9);
    assert_close(one.high, -other.low, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_agree_with_exact_integers),
        cmocka_unit_test(limits_agree_with_direct_maximisation),
        cmocka_unit_test(published_examples_come_out),
        cmocka_unit_test(no_events_at_all_prove_no_rise),
        cmocka_unit_test(impossible_counts_give_no_number),
        cmocka_unit_test(swapped_sides_mirror_the_score_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
