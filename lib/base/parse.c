/* SPDX-License-Identifier: Apache-2.0 */
/* Reading numbers with units. The grammar is checked here, so that strtod sees decimal numbers
 * only: no sign, hexadecimal, infinity, NaN or leading space. */
#include "base/units.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    double factor;
};

/* Largest first: "1m30s" must name smaller and smaller units. */
static const struct unit durations[] = {{"d", 86400}, {"h", 3600},  {"m", 60},
                                        {"s", 1},     {"ms", 1e-3}, {"us", 1e-6},
                                        {"µs", 1e-6}, {"μs", 1e-6}, {"ns", 1e-9}};
static const struct unit sizes[] = {{"B", 1},
                                    {"k", 1e3},
                                    {"kB", 1e3},
                                    {"K", 1e3},
                                    {"KB", 1e3},
                                    {"Ki", 1024},
                                    {"KiB", 1024},
                                    {"M", 1e6},
                                    {"MB", 1e6},
                                    {"Mi", 1048576},
                                    {"MiB", 1048576},
                                    {"G", 1e9},
                                    {"GB", 1e9},
                                    {"Gi", 1073741824},
                                    {"GiB", 1073741824},
                                    {"T", 1e12},
                                    {"TB", 1e12},
                                    {"Ti", 1099511627776},
                                    {"TiB", 1099511627776}};
static const struct unit rates[] = {
    {"/s", 1}, {"/m", 1.0 / 60}, {"/min", 1.0 / 60}, {"/h", 1.0 / 3600}};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *at)
{
    while (is_digit(*at))
        at++;
    return at;
}

/* The end of the decimal number at `text`, or NULL. An "e" without digits belongs to a unit. */
static const char *scan_number(const char *text)
{
    const char *at = skip_digits(text);
    bool digits = at > text;
    if (*at == '.') {
        const char *fraction = at + 1;
        at = skip_digits(fraction);
        digits = at > fraction;
    }
    if (!digits)
        return NULL;
    if (*at == 'e' || *at == 'E') {
        const char *exponent = at + 1;
        if (*exponent == '+' || *exponent == '-')
            exponent++;
        if (is_digit(*exponent))
            at = skip_digits(exponent);
    }
    return at;
}

/* Reads a number; returns where it ends, or NULL when there is none or it overflows. */
static const char *read_number(const char *text, double *out)
{
    const char *end = scan_number(text);
    if (!end)
        return NULL;
    char *stop = NULL;
    double value = strtod(text, &stop);
    if (stop != end || !isfinite(value))
        return NULL; /* strtod read on: "0x1f" */
    *out = value;
    return end;
}

static const char *skip_space(const char *text)
{
    return *text == ' ' ? text + 1 : text;
}

static const struct unit *find_unit(const struct unit *units, size_t count, const char *name,
                                    size_t size)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(units[i].name) == size && memcmp(units[i].name, name, size) == 0)
            return &units[i];
    }
    return NULL;
}

/* A number and one of `units`, with or without a space between. */
static bool parse_with(const char *text, const struct unit *units, size_t count, double *out)
{
    double value = 0;
    const char *end = read_number(text, &value);
    if (!end)
        return false;
    end = skip_space(end);
    const struct unit *unit = find_unit(units, count, end, strlen(end));
    if (!unit || !isfinite(value * unit->factor))
        return false;
    *out = value * unit->factor;
    return true;
}

bool sg_parse_number(const char *text, double *out)
{
    double value = 0;
    const char *end = read_number(text, &value);
    if (!end || *end)
        return false;
    *out = value;
    return true;
}

bool sg_parse_duration(const char *text, double *out)
{
    double total = 0;
    double last = INFINITY;
    const char *at = text;
    do {
        double value = 0;
        at = read_number(at, &value);
        if (!at)
            return false;
        at = skip_space(at);
        const char *end = at;
        while (*end && !is_digit(*end) && *end != '.')
            end++;
        const struct unit *unit = find_unit(durations, SG_COUNT(durations), at, (size_t)(end - at));
        if (!unit || unit->factor >= last)
            return false;
        last = unit->factor;
        total += value * unit->factor;
        at = end;
    } while (*at);
    if (!isfinite(total))
        return false;
    *out = total;
    return true;
}

bool sg_parse_size(const char *text, double *out)
{
    return parse_with(text, sizes, SG_COUNT(sizes), out);
}

bool sg_parse_ratio(const char *text, double *out)
{
    double value = 0;
    const char *end = read_number(text, &value);
    if (!end)
        return false;
    if (sg_streq(skip_space(end), "%"))
        value /= 100;
    else if (*end)
        return false;
    *out = value;
    return true;
}

bool sg_parse_rate(const char *text, double *out)
{
    return sg_parse_number(text, out) || parse_with(text, rates, SG_COUNT(rates), out);
}

bool sg_parse_by_unit(const char *text, const char *unit, double *out)
{
    if (sg_streq(unit, "s"))
        return sg_parse_duration(text, out);
    if (sg_streq(unit, "bytes"))
        return sg_parse_size(text, out);
    if (sg_streq(unit, "ratio"))
        return sg_parse_ratio(text, out);
    double value = 0;
    const char *end = read_number(text, &value);
    if (!end || (*end && !sg_streq(skip_space(end), unit)))
        return false;
    *out = value;
    return true;
}
