/* SPDX-License-Identifier: Apache-2.0 */
/* Counting days of the Gregorian calendar. */
#include "base/date.h"

#include <string.h>

#define LENGTH 10 /* of "2027-01-31" */

static bool has_form(const char *text)
{
    static const char form[] = "0000-00-00";
    for (size_t i = 0; i < LENGTH; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !digit : text[i] != form[i])
            return false;
    }
    return text[LENGTH] == '\0' || text[LENGTH] == 'T';
}

static int number(const char *digits, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = 10 * value + (digits[i] - '0');
    return value;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days of all years before `year`, from year 1 on. */
static int days_before(int year)
{
    int past = year - 1;
    return 365 * past + past / 4 - past / 100 + past / 400;
}

bool sg_date_days(const char *text, int *out_days)
{
    if (!has_form(text))
        return false;
    int year = number(text, 4);
    int month = number(text + 5, 2);
    int day = number(text + 8, 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return false;
    int days = days_before(year) - days_before(1970) + day - 1;
    for (int m = 1; m < month; m++)
        days += days_in(year, m);
    *out_days = days;
    return true;
}

bool sg_date_is_day(const char *text)
{
    int days = 0;
    return sg_date_days(text, &days) && strlen(text) == LENGTH;
}
