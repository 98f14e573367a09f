/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers with units as people write them, to and from SI base units (seconds, bytes, ratios).
 * The only place where units appear. */
#ifndef SG_BASE_UNITS_H
#define SG_BASE_UNITS_H

#include "base/base.h"

/* Each returns false when `text` is not whole such a number (finite, not negative). */
bool sg_parse_number(const char *text, double *out);   /* 12, 0.5, 1e3 */
bool sg_parse_duration(const char *text, double *out); /* 10s 1.5m 250ms 40us 2h; "1m30s" */
bool sg_parse_size(const char *text, double *out);     /* 5MiB 5M 5MB 1GiB 12B: M is 10^6 */
bool sg_parse_ratio(const char *text, double *out);    /* 5% or 0.05 */
bool sg_parse_rate(const char *text, double *out);     /* 300/s 18000/m, or 300 (a second) */

/* Parses by a metric's unit: "s" duration, "bytes" size, "ratio", else a number which may be
 * followed by the unit itself. */
bool sg_parse_by_unit(const char *text, const char *unit, double *out);

/* A unit as files of other tools name it. Dividing by a power of ten keeps decimal numbers exact:
 * 990 ns and 0.99 us are the same double. */
struct sg_unit {
    const char *name;
    const char *base; /* "s", "bytes" or "ratio" */
    double times, over;
};
/* NULL: a unit that stands for itself ("jobs"). */
const struct sg_unit *sg_unit_find(const char *name);
double sg_unit_to_base(const struct sg_unit *unit, double value);
/* Two names of one unit: "us" and "µs". */
bool sg_unit_same(const struct sg_unit *a, const struct sg_unit *b);

/* "12.3 ms", "24.1 MiB", "0.12 %", "431 µs": three significant digits for people. */
char *sg_show_by_unit(double value, const char *unit) SG_MUST_USE;
/* "+11.6 %", "−3.2 %": one decimal, a real minus sign. */
char *sg_show_change(double ratio) SG_MUST_USE;
/* The unit of an axis on which `largest` is the largest number, as sg_show_by_unit would choose it:
 * "ms" and 0.001 in *out_factor. Caller frees. */
char *sg_show_axis(double largest, const char *unit, double *out_factor) SG_MUST_USE;
/* "10s", "1m30s", "250ms" */
char *sg_show_duration(double seconds) SG_MUST_USE;

/* The shortest decimal that reads back as the same double; "null" for non-finite values. */
void sg_show_exact(double value, char out[32]);

#endif
