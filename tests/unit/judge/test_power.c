/* SPDX-License-Identifier: Apache-2.0 */
/* Chances of a gate before any data, against simulations of the same rules (NumPy): power.txt, and
 * the constants of an earlier, independent one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "judge/power.h"
#include "stats/boundaries.h"
#include "unit/vectors.h"

static struct sg_looks looks_to(int most, double alpha)
{
    struct sg_looks looks;
    sg_looks_init(&looks, 2, (size_t)most / 3, alpha, 0.05, false);
    return looks;
}

static void critical_integers_are_those_of_the_judge(void **state)
{
    (void)state;
    static const size_t pass[] = {17, 23, 28, 34, 39, 44};
    static const size_t fail[] = {SG_NEVER, 26, 32, 39, 45, 51};
    struct sg_looks looks = looks_to(21, 0.0025);
    assert_int_equal(looks.count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(looks.pass[i], pass[i]);
        assert_int_equal(looks.fail[i], fail[i]);
        assert_int_equal(sg_looks_repetitions(&looks, i), 6 + 3 * (int)i);
    }
}

static struct sg_looks looks_of(struct vectors *v, bool signs)
{
    struct sg_looks looks;
    size_t first = (size_t)vectors_int(v);
    size_t last = (size_t)vectors_int(v);
    double alpha = vectors_number(v);
    sg_looks_init(&looks, first, last, alpha, vectors_number(v), signs);
    return looks;
}

/* 0.5 percentage points and 0.05 repetitions: four standard errors of the simulation. */
static void check_outcome(struct vectors *v, const struct sg_looks *looks,
                          const struct sg_outcome *out)
{
    assert_near(sg_power_passes(looks, out), vectors_number(v), 0.005);
    assert_near(sg_power_fails(looks, out), vectors_number(v), 0.005);
    assert_near(sg_power_repetitions(looks, out), vectors_number(v), 0.05);
}

static void chances_agree_with_simulated_sessions(void **state)
{
    (void)state;
    struct vectors v;
    char kind[16];
    int rows = 0;
    vectors_open(&v, "power.txt");
    for (; vectors_kind(&v, kind); rows++) {
        bool signs = strcmp(kind, "signs") == 0;
        struct sg_looks looks = looks_of(&v, signs);
        struct sg_outcome out;
        double first = vectors_number(&v);
        if (signs)
            sg_power_signs(&looks, first, &out);
        else
            sg_power_ranks(&looks, (struct sg_effect){vectors_number(&v), first, first}, &out);
        check_outcome(&v, &looks, &out);
    }
    vectors_close(&v);
    assert_int_equal(rows, 51);
}

/* The sums round upwards here and there. */
static void no_chance_is_above_one(void **state)
{
    (void)state;
    for (int most = 9; most <= 21; most += 6) {
        struct sg_looks looks = looks_to(most, 0.01);
        for (double shift = 0; shift < 12; shift += 0.25) {
            struct sg_outcome out;
            sg_power_ranks(&looks, (struct sg_effect){shift, 4, 4}, &out);
            assert_true(sg_power_fails(&looks, &out) <= 1);
            assert_true(sg_power_passes(&looks, &out) <= 1);
        }
    }
}

/* The tolerance at which an unchanged service passes with 95 %, of one and of eight gates. */
static void the_least_tolerance_is_a_multiple_of_the_noise(void **state)
{
    (void)state;
    struct sg_looks looks = looks_to(21, 0.01);
    double one = sg_power_tolerance(&looks, 0, 0.95);
    double eight = sg_power_tolerance(&looks, 0, pow(0.95, 1.0 / 8));
    assert_near(one, 1.25, 0.06 * 1.25);
    assert_near(eight, 1.6, 0.06 * 1.6);
}

/* With a threshold that all differences lie above, only the order of U is left. */
static double order_power(const struct sg_looks *looks, size_t look, double shift)
{
    struct sg_outcome out;
    sg_power_ranks(looks, (struct sg_effect){shift, -20, -20}, &out);
    return out.fail[look];
}

/* c(n, α, power) for 80 and 95 %, simulated normal values. */
static void shifts_that_are_seen_agree_with_simulated_constants(void **state)
{
    (void)state;
    static const struct {
        double alpha;
        size_t look;
        double c80, c95;
    } cells[] = {
        {0.05, 0, 2.46, 3.15},    {0.05, 1, 1.75, 2.25},    {0.05, 2, 1.36, 1.76},
        {0.05, 3, 1.20, 1.57},    {0.05, 4, 1.05, 1.37},    {0.05, 5, 0.94, 1.23},
        {0.01, 0, 3.02, 3.81},    {0.01, 1, 2.27, 2.81},    {0.01, 2, 1.79, 2.24},
        {0.01, 3, 1.54, 1.92},    {0.01, 4, 1.39, 1.73},    {0.01, 5, 1.22, 1.53},
        {0.00125, 1, 2.72, 3.34}, {0.00125, 2, 2.42, 2.96}, {0.00125, 3, 1.97, 2.38},
        {0.00125, 4, 1.71, 2.07}, {0.00125, 5, 1.54, 1.87},
    };
    for (size_t i = 0; i < SG_COUNT(cells); i++) {
        struct sg_looks looks = looks_to(21, cells[i].alpha);
        assert_near(order_power(&looks, cells[i].look, cells[i].c80), 0.80, 0.01);
        assert_near(order_power(&looks, cells[i].look, cells[i].c95), 0.95, 0.007);
        /* What verdicts call detectable, for 90 %, lies between the two. */
        double seen = sg_power_detectable(&looks, cells[i].look);
        assert_true(seen > cells[i].c80 && seen < cells[i].c95);
        assert_near(order_power(&looks, cells[i].look, seen), 0.90, 0.03);
    }
}

static void what_is_found_fails_with_the_wanted_chance(void **state)
{
    (void)state;
    struct sg_looks looks = looks_to(21, 0.0025);
    static const double tolerances[] = {0.5, 1, 2, 4};
    for (size_t i = 0; i < SG_COUNT(tolerances); i++) {
        struct sg_outcome out;
        double tolerance = tolerances[i];
        double shift = sg_power_found(&looks, tolerance, 0, 0.9);
        sg_power_ranks(&looks, (struct sg_effect){shift, tolerance, tolerance}, &out);
        assert_near(sg_power_fails(&looks, &out), 0.9, 0.005);
        assert_true(shift > tolerance);
    }
}

/* Coupling narrows what passes and raises what fails. */
static void a_bias_costs_chances_on_both_sides(void **state)
{
    (void)state;
    struct sg_looks looks = looks_to(21, 0.01);
    struct sg_outcome plain;
    struct sg_outcome biased;
    sg_power_ranks(&looks, (struct sg_effect){0, 1.5, 1.5}, &plain);
    sg_power_ranks(&looks, (struct sg_effect){0, 1.2, 1.8}, &biased);
    assert_true(sg_power_passes(&looks, &biased) < sg_power_passes(&looks, &plain));
    sg_power_ranks(&looks, (struct sg_effect){2, 1.5, 1.5}, &plain);
    sg_power_ranks(&looks, (struct sg_effect){2, 1.2, 1.8}, &biased);
    assert_true(sg_power_fails(&looks, &biased) < sg_power_fails(&looks, &plain));
    assert_near(sg_power_tolerance(&looks, 0.2, 0.9) * 0.8, sg_power_tolerance(&looks, 0, 0.9),
                0.005);
}

/* By hand: 8 of 9 within are rare enough (10/512 ≤ 5 % · 9/21), 6 of 6 are not (1/64). */
static void a_limit_passes_when_enough_values_stay_within(void **state)
{
    (void)state;
    struct sg_looks looks;
    struct sg_outcome out;
    sg_looks_init(&looks, 2, 7, 0.01, 0.05, true);
    sg_power_signs(&looks, 0.9, &out);
    assert_true(looks.pass[0] == SG_NEVER);
    assert_int_equal(looks.pass[1], 8);
    assert_near(out.pass[0], 0, 0);
    assert_near(out.pass[1], pow(0.9, 9) + 9 * pow(0.9, 8) * 0.1, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(critical_integers_are_those_of_the_judge),
        cmocka_unit_test(chances_agree_with_simulated_sessions),
        cmocka_unit_test(no_chance_is_above_one),
        cmocka_unit_test(the_least_tolerance_is_a_multiple_of_the_noise),
        cmocka_unit_test(shifts_that_are_seen_agree_with_simulated_constants),
        cmocka_unit_test(what_is_found_fails_with_the_wanted_chance),
        cmocka_unit_test(a_bias_costs_chances_on_both_sides),
        cmocka_unit_test(a_limit_passes_when_enough_values_stay_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
