/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of a result as people read them: three significant digits, real minus signs, units.
 * The caller frees what is returned. */
#ifndef SG_VIEW_SHOW_H
#define SG_VIEW_SHOW_H

#include "judge/verdict.h"

#define SG_DASH "–"

/* A value with its unit, or "–". */
char *sg_show_value(double value, const char *unit) SG_MUST_USE;

/* A change on the result's own scale: "+11.6 %", "−2.31 MiB", "+0.4 pp" (percentage points).
 * "–" for NaN. */
char *sg_show_difference(const struct sg_result *result, double value) SG_MUST_USE;

/* The same without its sign: "11.6 %". */
char *sg_show_distance(const struct sg_result *result, double value) SG_MUST_USE;

/* "[+7.1 %, +15.8 %]", "[at most +6.2 %]" where nothing bounds it below; "" without a change, or
 * without a bound. */
char *sg_show_interval(const struct sg_result *result) SG_MUST_USE;

/* "5 %" or "–". */
char *sg_show_tolerance_alone(const struct sg_result *result) SG_MUST_USE;

/* "5 %", "limit 250 ms", "5 %, limit 250 ms" or "–"; under a waiver "12 % (own 5 %)". */
char *sg_show_tolerance(const struct sg_result *result) SG_MUST_USE;

#endif
