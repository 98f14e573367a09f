/* SPDX-License-Identifier: Apache-2.0 */
/* Axes: places, ranges, ticks of 1, 2 and 5 with one unit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "plot/scale.h"

/* The labels of an axis in one line: "ms: 1.0 1.5 2.0". */
static void check(double from, double to, const char *unit, bool sign, bool log, const char *wanted)
{
    struct sg_axis axis = {from, to, 0, 100, log};
    struct sg_ticks ticks;
    struct sg_text text = {0};

    sg_ticks_init(&ticks, &axis, unit, 5, sign);
    sg_text_printf(&text, "%s:", ticks.unit);
    for (size_t i = 0; i < ticks.count; i++) {
        assert_true(ticks.at[i] >= from - 1e-9 * fabs(to) && ticks.at[i] <= to + 1e-9 * fabs(to));
        sg_text_printf(&text, " %s", ticks.labels[i]);
    }
    assert_string_equal(text.data, wanted);
    sg_text_free(&text);
    sg_ticks_clear(&ticks);
}

static void steps_are_one_two_and_five(void **state)
{
    (void)state;
    check(0, 1, "", false, false, ": 0 0.2 0.4 0.6 0.8 1.0");
    check(0, 10, "", false, false, ": 0 2 4 6 8 10");
    check(0, 2.3, "", false, false, ": 0 0.5 1.0 1.5 2.0");
    check(0, 4000, "", false, false, ": 0 1000 2000 3000 4000");
    check(11.93, 12.77, "", false, false, ": 12.0 12.2 12.4 12.6");
}

static void an_axis_has_one_unit_of_its_largest_number(void **state)
{
    (void)state;
    check(0.0008, 0.0021, "s", false, false, "ms: 1.0 1.5 2.0");
    check(0.0002, 0.0008, "s", false, false, "µs: 200 400 600 800");
    check(0, 30 * 1048576.0, "bytes", false, false, "MiB: 0 10 20 30");
    check(0, 0.001, "ratio", false, false, "%: 0 0.02 0.04 0.06 0.08 0.10");
    check(0, 30, "jobs", false, false, "jobs: 0 10 20 30");
}

static void changes_have_signs_and_zero_has_none(void **state)
{
    (void)state;
    check(-0.1, 0.1, "ratio", true, false, "%: −10 −5 0 +5 +10");
    check(-1, 1, "", false, false, ": −1.0 −0.5 0 0.5 1.0");
}

static void a_log_axis_has_powers_and_their_units(void **state)
{
    (void)state;
    check(0.0004, 0.03, "s", false, true, ": 500 µs 1 ms 2 ms 5 ms 10 ms 20 ms");
    check(0.0001, 100, "s", false, true, ": 100 µs 1 ms 10 ms 100 ms 1 s 10 s 100 s");
}

static void however_wide_the_ticks_are_few(void **state)
{
    (void)state;
    static const double ends[] = {1e-300, 1e-9, 1, 1e9, 1e200};

    for (size_t i = 0; i < SG_COUNT(ends); i++)
        for (int log = 0; log < 2; log++) {
            struct sg_axis axis = {1e-301, ends[i], 0, 100, log};
            struct sg_ticks ticks;
            sg_ticks_init(&ticks, &axis, "s", 5, false);
            assert_true(ticks.count <= SG_TICKS);
            sg_ticks_clear(&ticks);
        }
}

static void places_are_in_proportion_and_end_somewhere(void **state)
{
    (void)state;
    struct sg_axis axis = {10, 20, 100, 0, false};
    struct sg_axis log = {1, 100, 0, 10, true};

    assert_true(fabs(sg_axis_at(&axis, 15) - 50) < 1e-9);
    assert_true(fabs(sg_axis_at(&log, 10) - 5) < 1e-9);
    assert_true(isfinite(sg_axis_at(&axis, 1e308)));
    assert_true(isfinite(sg_axis_at(&axis, -INFINITY)));
    assert_true(isnan(sg_axis_at(&axis, NAN)));
}

static void a_range_takes_what_can_be_drawn(void **state)
{
    (void)state;
    struct sg_range range = SG_RANGE_EMPTY;

    sg_range_add(&range, NAN);
    sg_range_add(&range, INFINITY);
    sg_range_add(&range, 1e300);
    assert_true(sg_range_is_empty(&range));
    sg_range_add(&range, 2);
    sg_range_add(&range, 4);
    sg_range_pad(&range, 0.5);
    assert_true(range.from == 1 && range.to == 5); /* exact: halves of 2 */
}

static void a_range_of_one_number_gets_a_width(void **state)
{
    (void)state;
    struct sg_range zero = SG_RANGE_EMPTY;
    struct sg_range nothing = SG_RANGE_EMPTY;

    sg_range_add(&zero, 0);
    sg_range_pad(&zero, 0.05);
    sg_range_pad(&nothing, 0.05);
    assert_true(zero.from < 0 && zero.to > 0);
    assert_true(nothing.from < nothing.to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_one_two_and_five),
        cmocka_unit_test(an_axis_has_one_unit_of_its_largest_number),
        cmocka_unit_test(changes_have_signs_and_zero_has_none),
        cmocka_unit_test(a_log_axis_has_powers_and_their_units),
        cmocka_unit_test(however_wide_the_ticks_are_few),
        cmocka_unit_test(places_are_in_proportion_and_end_somewhere),
        cmocka_unit_test(a_range_takes_what_can_be_drawn),
        cmocka_unit_test(a_range_of_one_number_gets_a_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
