/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people read them, and as machines read them back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/units.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct row {
    double value;
    const char *unit;
    const char *text;
};

static void expect(char *text, const char *expected)
{
    assert_string_equal(text, expected);
    free(text);
}

static void values_have_three_digits_and_a_fitting_unit(void **state)
{
    (void)state;
    static const struct row rows[] = {{0.0123456, "s", "12.3 ms"},
                                      {0.000431, "s", "431 µs"},
                                      {0.0009996, "s", "1 ms"},
                                      {0.00099949, "s", "999 µs"},
                                      {12e-9, "s", "12 ns"},
                                      {1.5, "s", "1.5 s"},
                                      {90, "s", "90 s"},
                                      {12345, "s", "12345 s"},
                                      {0, "s", "0 s"},
                                      {-0.002, "s", "−2 ms"},
                                      {25270682, "bytes", "24.1 MiB"},
                                      {5242880, "bytes", "5 MiB"},
                                      {512, "bytes", "512 B"},
                                      {1023.7 * 1024, "bytes", "1 MiB"},
                                      {3e15, "bytes", "2728 TiB"},
                                      {0, "bytes", "0 B"},
                                      {0.0012, "ratio", "0.12 %"},
                                      {1, "ratio", "100 %"},
                                      {0, "ratio", "0 %"},
                                      {0.00043, "s/request", "430 µs/request"},
                                      {1234, "bytes/request", "1.21 KiB/request"},
                                      {0.1234, "cores", "0.123 cores"},
                                      {12345.6, "jobs", "12346 jobs"},
                                      {7, "", "7"},
                                      {7, NULL, "7"},
                                      {NAN, "s", "n/a"},
                                      {INFINITY, "bytes", "n/a"},
                                      {2, "sessions", "2 sessions"}};
    for (size_t i = 0; i < SG_COUNT(rows); i++)
        expect(sg_show_by_unit(rows[i].value, rows[i].unit), rows[i].text);
}

static void changes_carry_a_sign_and_one_decimal(void **state)
{
    (void)state;
    expect(sg_show_change(0.116), "+11.6 %");
    expect(sg_show_change(-0.032), "−3.2 %");
    expect(sg_show_change(0), "0.0 %");
    expect(sg_show_change(-0.0004), "0.0 %");
    expect(sg_show_change(0.0005), "+0.1 %");
    expect(sg_show_change(12), "+1200.0 %");
    expect(sg_show_change(NAN), "n/a");
}

static void an_axis_has_the_unit_of_its_largest_number(void **state)
{
    (void)state;
    static const struct row rows[] = {{1e-3, "s", "ms"},
                                      {1, "s/request", "s/request"},
                                      {1048576, "bytes", "MiB"},
                                      {1024, "bytes/s", "KiB/s"},
                                      {0.01, "ratio", "%"},
                                      {1, "jobs", "jobs"},
                                      {1, NULL, ""}};
    for (size_t i = 0; i < SG_COUNT(rows); i++) {
        double factor = 0;
        expect(sg_show_axis(5 * rows[i].value, rows[i].unit, &factor), rows[i].text);
        assert_true(factor == rows[i].value); /* exact: from a table */
        expect(sg_show_axis(-5 * rows[i].value, rows[i].unit, &factor), rows[i].text);
    }
}

static void durations_are_short(void **state)
{
    (void)state;
    expect(sg_show_duration(10), "10s");
    expect(sg_show_duration(90), "1m30s");
    expect(sg_show_duration(0.25), "250ms");
    expect(sg_show_duration(1.5), "1.5s");
    expect(sg_show_duration(59.9999), "1m");
    expect(sg_show_duration(3600), "1h");
    expect(sg_show_duration(3605), "1h5s");
    expect(sg_show_duration(0.9999), "1s");
    expect(sg_show_duration(40e-6), "40us");
    expect(sg_show_duration(0), "0s");
    expect(sg_show_duration(-1), "n/a");
}

static void shown_durations_are_read_back(void **state)
{
    (void)state;
    static const double values[] = {1e-9, 25e-6, 0.25, 0.999, 1, 12.345, 59, 60, 61, 3599, 7322};
    for (size_t i = 0; i < SG_COUNT(values); i++) {
        char *text = sg_show_duration(values[i]);
        double back = 0;
        assert_true(sg_parse_duration(text, &back));
        assert_true(fabs(back - values[i]) <= 1e-12 * values[i]);
        free(text);
    }
}

static void exact_numbers_are_the_shortest_that_read_back(void **state)
{
    (void)state;
    static const struct row rows[] = {{0.1, NULL, "0.1"},
                                      {0.3, NULL, "0.3"},
                                      {0.1 + 0.2, NULL, "0.30000000000000004"},
                                      {1.0 / 3, NULL, "0.3333333333333333"},
                                      {5, NULL, "5"},
                                      {-5, NULL, "-5"},
                                      {1e15, NULL, "1000000000000000"},
                                      {9007199254740991, NULL, "9007199254740991"},
                                      {1e300, NULL, "1e+300"},
                                      {5e-324, NULL, "4.94065645841247e-324"},
                                      {NAN, NULL, "null"},
                                      {-INFINITY, NULL, "null"}};
    char out[32];
    for (size_t i = 0; i < SG_COUNT(rows); i++) {
        sg_show_exact(rows[i].value, out);
        assert_string_equal(out, rows[i].text);
    }
}

static void every_double_reads_back_bit_by_bit(void **state)
{
    (void)state;
    uint64_t bits = 88172645463325252u; /* xorshift64, Marsaglia (2003) */
    for (int i = 0; i < 20000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (!isfinite(value))
            continue;
        char out[32];
        sg_show_exact(value, out);
        double back = strtod(out, NULL);
        assert_memory_equal(&back, &value, sizeof(value));
    }
    char out[32];
    sg_show_exact(-DBL_MAX, out);
    assert_true(strtod(out, NULL) == -DBL_MAX);
    sg_show_exact(-0.0, out);
    assert_true(signbit(strtod(out, NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_three_digits_and_a_fitting_unit),
        cmocka_unit_test(changes_carry_a_sign_and_one_decimal),
        cmocka_unit_test(an_axis_has_the_unit_of_its_largest_number),
        cmocka_unit_test(durations_are_short),
        cmocka_unit_test(shown_durations_are_read_back),
        cmocka_unit_test(exact_numbers_are_the_shortest_that_read_back),
        cmocka_unit_test(every_double_reads_back_bit_by_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
