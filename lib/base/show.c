/* SPDX-License-Identifier: Apache-2.0 */
/* Writing numbers for people (three significant digits and a unit) and for machines (exact). */
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scale {
    const char *name;
    double factor;
};

static const struct scale seconds[] = {{"ns", 1e-9}, {"µs", 1e-6}, {"ms", 1e-3}, {"s", 1}};
static const struct scale bytes[] = {
    {"B", 1}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {"TiB", 1099511627776}};
static const char *const minus = "−"; /* U+2212 */

/* Three significant digits without an exponent where that reads well, no trailing zeros. */
static char *three_digits(double value)
{
    if (value >= 999.5 && value < 1e15)
        return sg_format("%.0f", value);
    return sg_format("%.3g", value);
}

static const struct scale *pick(const struct scale *scales, size_t count, double value)
{
    size_t i = 0;
    /* 999.5 shows as 1000: the next unit's turn. */
    while (i + 1 < count && value >= 999.5 * scales[i].factor)
        i++;
    /* Zero says "0 s", not "0 ns". */
    if (value == 0)
        while (scales[i].factor < 1)
            i++;
    return &scales[i];
}

static char *join(double value, double factor, const char *unit, const char *rest)
{
    char *digits = three_digits(fabs(value) / factor);
    const char *sign = value < 0 ? minus : "";
    bool bare = !unit[0] && !rest[0];
    char *text = sg_format("%s%s%s%s%s", sign, digits, bare ? "" : " ", unit, rest);
    free(digits);
    return text;
}

static char *join_scaled(double value, const struct scale *scales, size_t count, const char *rest)
{
    const struct scale *scale = pick(scales, count, fabs(value));
    return join(value, scale->factor, scale->name, rest);
}

/* What follows the unit's first word: "s/request" is shown in seconds, with "/request" after. */
static const char *after_word(const char *unit, const char *word)
{
    size_t size = strlen(word);
    bool is_it = strncmp(unit, word, size) == 0 && (unit[size] == '\0' || unit[size] == '/');
    return is_it ? unit + size : NULL;
}

char *sg_show_by_unit(double value, const char *unit)
{
    const char *name = unit ? unit : "";
    if (!isfinite(value))
        return sg_strdup("n/a");
    const char *rest = after_word(name, "s");
    if (rest)
        return join_scaled(value, seconds, SG_COUNT(seconds), rest);
    rest = after_word(name, "bytes");
    if (rest)
        return join_scaled(value, bytes, SG_COUNT(bytes), rest);
    rest = after_word(name, "ratio");
    if (rest)
        return join(value, 0.01, "%", rest);
    return join(value, 1, name, "");
}

char *sg_show_axis(double largest, const char *unit, double *out_factor)
{
    const char *name = unit ? unit : "";
    const char *rest = after_word(name, "s");
    const struct scale percent = {"%", 0.01};
    const struct scale *scale = rest ? pick(seconds, SG_COUNT(seconds), fabs(largest)) : NULL;
    if (!rest && (rest = after_word(name, "bytes")))
        scale = pick(bytes, SG_COUNT(bytes), fabs(largest));
    if (!rest && (rest = after_word(name, "ratio")))
        scale = &percent;
    *out_factor = scale ? scale->factor : 1;
    return scale ? sg_format("%s%s", scale->name, rest) : sg_strdup(name);
}

char *sg_show_change(double ratio)
{
    if (!isfinite(ratio))
        return sg_strdup("n/a");
    char *digits = sg_format("%.1f", fabs(ratio) * 100);
    const char *sign = ratio < 0 ? minus : "+";
    if (sg_streq(digits, "0.0"))
        sign = "";
    char *text = sg_format("%s%s %%", sign, digits);
    free(digits);
    return text;
}

/* "1h2m3s" of whole seconds, parts that are zero left out. */
static char *show_clock(double rounded)
{
    struct sg_text text = {0};
    long long whole = (long long)rounded;
    long long parts[] = {whole / 3600, whole / 60 % 60, whole % 60};
    for (size_t i = 0; i < SG_COUNT(parts); i++) {
        if (parts[i])
            sg_text_printf(&text, "%lld%c", parts[i], "hms"[i]);
    }
    return sg_text_take(&text);
}

char *sg_show_duration(double value)
{
    if (!isfinite(value) || value < 0 || value > 1e15)
        return sg_strdup("n/a");
    if (value >= 59.9995)
        return show_clock(round(value));
    if (value >= 0.9995 || value == 0)
        return sg_format("%.6gs", round(value * 1e3) / 1e3);
    const struct scale *scale = pick(seconds, SG_COUNT(seconds), value);
    char *digits = three_digits(value / scale->factor);
    /* "us" rather than "µs": this form is also read back and put into command lines. */
    char *text = sg_format("%s%s", digits, sg_streq(scale->name, "µs") ? "us" : scale->name);
    free(digits);
    return text;
}

void sg_show_exact(double value, char out[32])
{
    const double exact_below = 9007199254740992.0; /* 2^53 */
    if (!isfinite(value)) {
        snprintf(out, 32, "null");
        return;
    }
    if (fabs(value) < exact_below && value == floor(value)) {
        snprintf(out, 32, "%.0f", value);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, 32, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            return;
    }
}
