/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers with units as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/units.h"

#include <math.h>

struct row {
    const char *text;
    double value; /* NAN: must be refused */
};

static void check(const struct row *rows, size_t count, bool (*parse)(const char *, double *))
{
    for (size_t i = 0; i < count; i++) {
        double value = -7;
        bool ok = parse(rows[i].text, &value);
        if (ok == (bool)isnan(rows[i].value) ||
            (ok && fabs(value - rows[i].value) > 1e-12 * fabs(rows[i].value)))
            fail_msg("\"%s\" gave %d, %.17g", rows[i].text, ok, value);
        if (!ok)
            assert_true(value == -7); /* untouched */
    }
}

static void numbers_are_plain_decimals(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"12", 12},     {"0.5", 0.5},  {".5", 0.5},  {"1e3", 1000}, {"1E-2", 0.01}, {"0", 0},
        {"1e400", NAN}, {"0x10", NAN}, {"inf", NAN}, {"nan", NAN},  {" 1", NAN},    {"1 ", NAN},
        {"-1", NAN},    {"+1", NAN},   {"", NAN},    {".", NAN},    {"1.", NAN},    {"1e", NAN},
        {"1,5", NAN},   {"1_0", NAN},  {"١", NAN},   {"0x", NAN},   {"1e+", NAN}};
    check(rows, SG_COUNT(rows), sg_parse_number);
}

static void durations_need_units_that_get_smaller(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"10s", 10},     {"1.5m", 90},     {"250ms", 0.25}, {"40us", 40e-6}, {"40µs", 40e-6},
        {"2h", 7200},    {"1d", 86400},    {"5ns", 5e-9},   {"1m30s", 90},   {"1h0m5s", 3605},
        {"1 s", 1},      {"1s500ms", 1.5}, {"0s", 0},       {"10", NAN},     {"s", NAN},
        {"1s1m", NAN},   {"1s1s", NAN},    {"10sec", NAN},  {"1m30", NAN},   {"-1s", NAN},
        {"1e999s", NAN}, {"1us1µs", NAN},  {"1m 30s", NAN}, {"1e3ms", 1},    {"10S", NAN},
        {"", NAN}};
    check(rows, SG_COUNT(rows), sg_parse_duration);
}

static void sizes_know_powers_of_ten_and_of_two(void **state)
{
    (void)state;
    static const struct row rows[] = {{"5MiB", 5242880},
                                      {"5Mi", 5242880},
                                      {"5M", 5e6},
                                      {"5MB", 5e6},
                                      {"1GiB", 1073741824},
                                      {"12B", 12},
                                      {"3kB", 3000},
                                      {"3KB", 3000},
                                      {"3KiB", 3072},
                                      {"1.5 GB", 1.5e9},
                                      {"2TiB", 2199023255552.0},
                                      {"5", NAN},
                                      {"5m", NAN},
                                      {"5mb", NAN},
                                      {"MiB", NAN},
                                      {"5MiBx", NAN},
                                      {"5  MiB", NAN}};
    check(rows, SG_COUNT(rows), sg_parse_size);
}

static void ratios_are_percent_or_plain(void **state)
{
    (void)state;
    static const struct row rows[] = {{"5%", 0.05},  {"0.05", 0.05},  {"5 %", 0.05}, {"0%", 0},
                                      {"250%", 2.5}, {"0.1%", 0.001}, {"5%%", NAN},  {"%", NAN},
                                      {"-5%", NAN},  {"5x", NAN}};
    check(rows, SG_COUNT(rows), sg_parse_ratio);
}

static void rates_are_a_second_unless_they_say_otherwise(void **state)
{
    (void)state;
    static const struct row rows[] = {{"300/s", 300}, {"18000/m", 300}, {"18000/min", 300},
                                      {"3600/h", 1},  {"300", 300},     {"300 /s", 300},
                                      {"300/", NAN},  {"300/d", NAN},   {"/s", NAN}};
    check(rows, SG_COUNT(rows), sg_parse_rate);
}

static void a_metrics_unit_decides_how_its_values_are_read(void **state)
{
    (void)state;
    double value = 0;
    assert_true(sg_parse_by_unit("1ms", "s", &value));
    assert_true(value == 1e-3);
    assert_false(sg_parse_by_unit("1", "s", &value));
    assert_true(sg_parse_by_unit("5MiB", "bytes", &value));
    assert_true(value == 5242880);
    assert_true(sg_parse_by_unit("5%", "ratio", &value));
    assert_true(value == 0.05);
    assert_true(sg_parse_by_unit("12", "jobs", &value));
    assert_true(value == 12);
    assert_true(sg_parse_by_unit("13 jobs", "jobs", &value));
    assert_true(value == 13);
    assert_false(sg_parse_by_unit("13 jobz", "jobs", &value));
    assert_true(sg_parse_by_unit("14", "", &value));
    assert_true(sg_parse_by_unit("15", NULL, &value));
    assert_true(value == 15);
    assert_false(sg_parse_by_unit("15x", NULL, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_plain_decimals),
        cmocka_unit_test(durations_need_units_that_get_smaller),
        cmocka_unit_test(sizes_know_powers_of_ten_and_of_two),
        cmocka_unit_test(ratios_are_percent_or_plain),
        cmocka_unit_test(rates_are_a_second_unless_they_say_otherwise),
        cmocka_unit_test(a_metrics_unit_decides_how_its_values_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
