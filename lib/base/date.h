/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar days as people write them, "2027-01-31". No clock and no time zone here. */
#ifndef SG_BASE_DATE_H
#define SG_BASE_DATE_H

#include "base/base.h"

/* A day of the Gregorian calendar in the years 1970 to 9999 as days since 1970-01-01. `text` may go
 * on with a time ("2026-11-24T23:29:03Z"), which is not looked at; false when it is no such day. */
bool sg_date_days(const char *text, int *out_days);
/* The same, but nothing may follow the day. */
bool sg_date_is_day(const char *text);

#endif
