/* SPDX-License-Identifier: Apache-2.0 */
/* Single values as YAML, exact. */
#include "config/write.h"

#include "config/yaml.h"

#include "base/clean.h"
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    double factor;
};

static const struct unit durations[] = {
    {"h", 3600}, {"m", 60}, {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}};
static const struct unit sizes[] = {{"GiB", 1073741824}, {"MiB", 1048576}, {"KiB", 1024}, {"B", 1}};

static bool is_plain(const char *text)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
    struct sg_node node = {.kind = SG_NODE_SCALAR, .plain = true, .text = sg_strdup(text)};
    bool ok = text[0] != '\0' && text[0] != '-' && text[strspn(text, safe)] == '\0' &&
              sg_node_is_text(&node) && !sg_starts_with(text, "...");
    sg_node_clear(&node);
    return ok;
}

char *sg_config_write_text(const char *text)
{
    struct sg_text out = {0};
    if (text == NULL || is_plain(text)) {
        return sg_strdup(text);
    }
    sg_text_add(&out, "\"");
    while (*text != '\0') {
        uint32_t point = (unsigned char)*text;
        size_t length = sg_utf8_character(text, &point);
        if (*text == '"' || *text == '\\') {
            sg_text_printf(&out, "\\%c", *text);
        } else if (*text == '\n') {
            sg_text_add(&out, "\\n");
        } else if (sg_is_unwanted(point)) {
            sg_text_printf(&out, point < 0x100 ? "\\x%02x" : "\\u%04x", point);
        } else if (sg_starts_with(text, "##[")) {
            sg_text_add(&out, "\\x23"); /* else a CI runner would take it for a command */
        } else {
            sg_text_bytes(&out, text, length > 0 ? length : 1);
        }
        text += length > 0 ? length : 1;
    }
    sg_text_add(&out, "\"");
    return sg_text_take(&out);
}

/* In the largest unit that says it in six digits, else exactly in `base`, whose factor is 1. */
static char *in_units(double value, const struct unit *units, size_t count, const char *base,
                      bool (*parse)(const char *text, double *out))
{
    for (size_t i = 0; i < count && value > 0; i++) {
        double back = 0;
        char *text = sg_format("%.6g%s", value / units[i].factor, units[i].name);
        bool readable = value >= units[i].factor && strchr(text, 'e') == NULL;
        if (readable && parse(text, &back) && !(back < value) && !(back > value)) {
            return text;
        }
        free(text);
    }
    char digits[32];
    sg_show_exact(value, digits);
    return sg_format("%s%s", digits, base);
}

/* x/100 of the printed x must be `value` again: the neighbours of 100 times it are tried too. */
static char *in_percent(double value)
{
    double near[] = {value * 100, nextafter(value * 100, INFINITY), nextafter(value * 100, 0)};
    for (size_t i = 0; i < SG_COUNT(near); i++) {
        for (int digits = 6; digits <= 17; digits++) {
            double back = 0;
            char *text = sg_format("%.*g%%", digits, near[i]);
            if (sg_parse_ratio(text, &back) && !(back < value) && !(back > value)) {
                return text;
            }
            free(text);
        }
    }
    char digits[32];
    sg_show_exact(value, digits);
    return sg_strdup(digits);
}

char *sg_config_write_by_unit(double value, const char *unit)
{
    if (isnan(value)) {
        return NULL;
    }
    if (sg_streq(unit, "s")) {
        return in_units(value, durations, SG_COUNT(durations), "s", sg_parse_duration);
    }
    if (sg_streq(unit, "bytes")) {
        return in_units(value, sizes, SG_COUNT(sizes), "B", sg_parse_size);
    }
    if (sg_streq(unit, "ratio")) {
        return in_percent(value);
    }
    if (sg_streq(unit, "1/s") || sg_streq(unit, "bytes/s")) {
        char *amount = sg_config_write_by_unit(value, unit[0] == 'b' ? "bytes" : "");
        char *text = sg_format("%s/s", amount);
        free(amount);
        return text;
    }
    char digits[32];
    sg_show_exact(value, digits);
    return sg_strdup(digits);
}
