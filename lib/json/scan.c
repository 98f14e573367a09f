/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of RFC 8259, one function a rule; all positions are told as line:column. */
#include "json/scan.h"

#include "base/clean.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    const char *start;
    const char *at;
    const char *end;
    const char *name;
    struct sg_error *err;
    int depth;
    size_t values;                       /* begun so far */
    size_t objects;                      /* opened so far */
    const struct sg_json_member *wanted; /* stop there: it is a duplicate */
    const char *wanted_key;
    size_t number_limit; /* characters of a number; 0: none */
};

const char *sg_json_start(const char *text, size_t size)
{
    return size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
}

void sg_json_position(const char *start, const char *at, size_t *out_line, size_t *out_column)
{
    *out_line = 1;
    *out_column = 1;
    for (; start < at; start++) {
        if (*start == '\n') {
            (*out_line)++;
            *out_column = 1;
        } else if (((unsigned char)*start & 0xC0) != 0x80) {
            (*out_column)++;
        }
    }
}

static bool fail_at(const struct scan *scan, const char *where, const char *what)
{
    size_t line = 0;
    size_t column = 0;
    sg_json_position(scan->start, where, &line, &column);
    return sg_fail(scan->err, SG_ERROR_CONFIG, "%s:%zu:%zu: %s", scan->name, line, column, what);
}

/* "expected X", or that the text ends here. */
static bool fail_expected(const struct scan *scan, const char *expected)
{
    char what[128] = "";
    struct sg_text text = {.limit = sizeof(what) - 1};
    if (scan->at == scan->end)
        sg_text_printf(&text, "the text ends where %s was expected", expected);
    else
        sg_text_printf(&text, "%s was expected", expected);
    memcpy(what, text.data, text.size);
    sg_text_free(&text);
    return fail_at(scan, scan->at, what);
}

static int peek(const struct scan *scan)
{
    return scan->at < scan->end ? (unsigned char)*scan->at : -1;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(int c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void skip_space(struct scan *scan)
{
    for (; scan->at < scan->end; scan->at++) {
        char c = *scan->at;
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
            return;
    }
}

static bool skip_digits(struct scan *scan)
{
    if (!is_digit(peek(scan)))
        return fail_expected(scan, "a digit");
    while (is_digit(peek(scan)))
        scan->at++;
    return true;
}

/* Whether the number from `start` is too large for a double. Only long ones are converted here. */
static bool overflows(const char *start, size_t size)
{
    bool could = size > 300 || memchr(start, 'e', size) || memchr(start, 'E', size);
    if (!could)
        return false;
    char *copy = sg_format("%.*s", (int)size, start);
    bool infinite = isinf(strtod(copy, NULL));
    free(copy);
    return infinite;
}

static bool scan_number(struct scan *scan)
{
    const char *start = scan->at;
    if (peek(scan) == '-')
        scan->at++;
    const char *first = scan->at;
    if (!skip_digits(scan))
        return false;
    if (*first == '0' && scan->at - first > 1)
        return fail_at(scan, start, "a number must not start with a zero");
    if (peek(scan) == '.') {
        scan->at++;
        if (!skip_digits(scan))
            return false;
    }
    if (peek(scan) == 'e' || peek(scan) == 'E') {
        scan->at++;
        if (peek(scan) == '+' || peek(scan) == '-')
            scan->at++;
        if (!skip_digits(scan))
            return false;
    }
    if (overflows(start, (size_t)(scan->at - start)))
        return fail_at(scan, start, "this number is too large");
    if (scan->number_limit > 0 && (size_t)(scan->at - start) > scan->number_limit)
        return fail_at(scan, start,
                       "this number has more than 63 characters, which the cJSON that is installed "
                       "cannot read");
    return true;
}

/* The code unit of \uXXXX, scan->at at the "u"; -1 when there are not four hex digits. */
static long code_unit(struct scan *scan)
{
    if (scan->end - scan->at < 5)
        return -1;
    char digits[5] = {0};
    for (int i = 0; i < 4; i++) {
        digits[i] = scan->at[1 + i];
        if (!is_hex((unsigned char)digits[i]))
            return -1;
    }
    scan->at += 5;
    return strtol(digits, NULL, 16);
}

static bool scan_unicode(struct scan *scan)
{
    const char *start = scan->at - 1;
    long unit = code_unit(scan);
    if (unit < 0)
        return fail_at(scan, start, "\\u needs four hexadecimal digits");
    if (unit == 0)
        return fail_at(scan, start, "a string must not hold the character NUL");
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    bool low_follows =
        unit < 0xDC00 && scan->end - scan->at >= 2 && scan->at[0] == '\\' && scan->at[1] == 'u';
    if (low_follows) {
        scan->at++;
        unit = code_unit(scan);
        if (unit >= 0xDC00 && unit <= 0xDFFF)
            return true;
    }
    return fail_at(scan, start, "half of a surrogate pair");
}

static bool scan_escape(struct scan *scan)
{
    scan->at++;
    int c = peek(scan);
    if (c == 'u')
        return scan_unicode(scan);
    if (c <= 0 || !strchr("\"\\/bfnrt", c))
        return fail_at(scan, scan->at - 1, "unknown escape in a string");
    scan->at++;
    return true;
}

static bool scan_string(struct scan *scan)
{
    const char *start = scan->at++;
    while (scan->at < scan->end) {
        unsigned char c = (unsigned char)*scan->at;
        if (c == '"') {
            scan->at++;
            return true;
        }
        if (c == '\\') {
            if (!scan_escape(scan))
                return false;
        } else if (c < 0x20) {
            return fail_at(scan, scan->at, "a string must not hold bare control characters");
        } else if (c < 0x80) {
            scan->at++;
        } else {
            size_t length = sg_utf8_length(scan->at, (size_t)(scan->end - scan->at));
            if (length == 0)
                return fail_at(scan, scan->at, "invalid UTF-8");
            scan->at += length;
        }
    }
    return fail_at(scan, start, "this string does not end");
}

static bool fail_word(const struct scan *scan)
{
    const char *what = sg_json_foreign(scan->at, (size_t)(scan->end - scan->at));
    return what ? fail_at(scan, scan->at, what) : fail_expected(scan, "a value");
}

static bool scan_word(struct scan *scan, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(scan->end - scan->at) < size || memcmp(scan->at, word, size) != 0)
        return fail_word(scan);
    scan->at += size;
    return true;
}

static bool scan_value(struct scan *scan);

/* After an element: true with *out_more when a comma follows, false *out_more at `close`. */
static bool scan_separator(struct scan *scan, char close, bool *out_more)
{
    skip_space(scan);
    int c = peek(scan);
    if (c != ',' && c != close)
        return fail_expected(scan, close == ']' ? "\",\" or \"]\"" : "\",\" or \"}\"");
    scan->at++;
    *out_more = c == ',';
    return true;
}

static bool scan_array(struct scan *scan)
{
    scan->at++;
    skip_space(scan);
    if (peek(scan) == ']') {
        scan->at++;
        return true;
    }
    bool more = true;
    while (more) {
        if (!scan_value(scan) || !scan_separator(scan, ']', &more))
            return false;
    }
    return true;
}

static bool fail_duplicate(const struct scan *scan)
{
    char *key = sg_clean_line(scan->wanted_key, SG_SHOWN_NAME);
    char *what = sg_format("the key \"%s\" is there twice", key);
    free(key);
    fail_at(scan, scan->at, what);
    free(what);
    return false;
}

static bool scan_member(struct scan *scan, size_t object, size_t member)
{
    skip_space(scan);
    if (peek(scan) != '"')
        return fail_expected(scan, "a key in quotes");
    if (scan->wanted && scan->wanted->object == object && scan->wanted->member == member)
        return fail_duplicate(scan);
    if (!scan_string(scan))
        return false;
    skip_space(scan);
    if (peek(scan) != ':')
        return fail_expected(scan, "\":\"");
    scan->at++;
    return scan_value(scan);
}

static bool scan_object(struct scan *scan)
{
    size_t object = scan->objects++;
    scan->at++;
    skip_space(scan);
    if (peek(scan) == '}') {
        scan->at++;
        return true;
    }
    bool more = true;
    for (size_t member = 0; more; member++) {
        if (!scan_member(scan, object, member) || !scan_separator(scan, '}', &more))
            return false;
    }
    return true;
}

static bool scan_container(struct scan *scan, bool (*contents)(struct scan *))
{
    if (scan->depth == SG_JSON_MAX_DEPTH)
        return fail_at(scan, scan->at, "more than 64 levels of arrays and objects");
    scan->depth++;
    bool ok = contents(scan);
    scan->depth--;
    return ok;
}

/* A minus before anything but a letter: "-Infinity" is none. */
static bool is_negative(const struct scan *scan)
{
    bool minus = peek(scan) == '-';
    return minus && !(scan->end - scan->at > 1 && (scan->at[1] == 'I' || scan->at[1] == 'i'));
}

static bool scan_value(struct scan *scan)
{
    skip_space(scan);
    if (++scan->values > SG_JSON_MAX_VALUES)
        return fail_at(scan, scan->at, "more than 4194304 values in one document");
    switch (peek(scan)) {
    case '{':
        return scan_container(scan, scan_object);
    case '[':
        return scan_container(scan, scan_array);
    case '"':
        return scan_string(scan);
    case 't':
        return scan_word(scan, "true");
    case 'f':
        return scan_word(scan, "false");
    case 'n':
        return scan_word(scan, "null");
    default:
        if (is_digit(peek(scan)) || is_negative(scan))
            return scan_number(scan);
        return fail_word(scan);
    }
}

static bool scan_document(struct scan *scan)
{
    if (!scan_value(scan))
        return false;
    skip_space(scan);
    if (scan->at < scan->end)
        return fail_at(scan, scan->at, "nothing may follow the JSON value");
    return true;
}

static struct scan begin(const char *text, size_t size, const char *name, struct sg_error *err)
{
    const char *start = sg_json_start(text, size);
    return (struct scan){.start = start, .at = start, .end = text + size, .name = name, .err = err};
}

bool sg_json_scan(const char *text, size_t size, const char *name, struct sg_error *err)
{
    struct scan scan = begin(text, size, name, err);
    return scan_document(&scan);
}

bool sg_json_fail_long_number(const char *text, size_t size, const char *name, struct sg_error *err)
{
    struct scan scan = begin(text, size, name, err);
    scan.number_limit = 63;
    return !scan_document(&scan);
}

bool sg_json_fail_duplicate(const char *text, size_t size, const char *name,
                            struct sg_json_member duplicate, const char *key, struct sg_error *err)
{
    struct scan scan = begin(text, size, name, err);
    scan.wanted = &duplicate;
    scan.wanted_key = key;
    if (scan_document(&scan)) {
        char *shown = sg_clean_line(key, SG_SHOWN_NAME);
        sg_fail(err, SG_ERROR_CONFIG, "%s: the key \"%s\" is there twice", name, shown);
        free(shown);
    }
    return false;
}
