/* SPDX-License-Identifier: Apache-2.0 */
/* Days of the calendar, against numbers of GNU date. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/date.h"

static void days_are_counted_from_1970(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int days;
    } known[] = {{"1970-01-01", 0},      {"1970-12-31", 364},    {"1972-02-29", 789},
                 {"2000-02-29", 11016},  {"2000-03-01", 11017},  {"2026-11-24", 20781},
                 {"2027-01-31", 20849},  {"2100-02-28", 47540},  {"2100-03-01", 47541},
                 {"2400-03-01", 157114}, {"9999-12-31", 2932896}};
    for (size_t i = 0; i < SG_COUNT(known); i++) {
        int days = -1;
        if (!sg_date_days(known[i].text, &days) || days != known[i].days)
            fail_msg("%s is day %d, not %d", known[i].text, known[i].days, days);
    }
}

static void each_day_is_one_after_the_day_before(void **state)
{
    (void)state;
    int last = -1;
    int found = 0;
    for (int month = 1; month <= 12; month++)
        for (int day = 1; day <= 31; day++) {
            char *text = sg_format("2028-%02d-%02d", month, day);
            int days = 0;
            if (sg_date_days(text, &days)) {
                assert_true(last < 0 || days == last + 1);
                last = days;
                found++;
            }
            free(text);
        }
    assert_int_equal(found, 366);
}

static void a_time_may_follow_where_only_the_day_matters(void **state)
{
    (void)state;
    int days = 0;
    assert_true(sg_date_days("2026-11-24T23:29:03Z", &days));
    assert_int_equal(days, 20781);
    assert_true(sg_date_is_day("2026-11-24"));
    assert_false(sg_date_is_day("2026-11-24T23:29:03Z"));
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "2027",        "2027-1-31",  "2027-01-3",
                                        "31.01.2027", "2027-02-29",  "2100-02-29", "2027-00-10",
                                        "2027-13-10", "2027-01-00",  "2027-01-32", "2027-04-31",
                                        "1969-12-31", "0000-01-01",  "2027/01/31", "2027-01-311",
                                        "-027-01-31", "2027-01-31 ", " 2027-01-31"};
    for (size_t i = 0; i < SG_COUNT(wrong); i++) {
        int days = 0;
        if (sg_date_days(wrong[i], &days) || sg_date_is_day(wrong[i]))
            fail_msg("\"%s\" was taken for a day", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(each_day_is_one_after_the_day_before),
        cmocka_unit_test(a_time_may_follow_where_only_the_day_matters),
        cmocka_unit_test(what_is_no_day_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
