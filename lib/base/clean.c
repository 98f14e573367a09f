/* SPDX-License-Identifier: Apache-2.0 */
/* Cleaning of text from outside, before any format's own escaping. */
#include "base/clean.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define ELLIPSIS "\xE2\x80\xA6"
#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"

size_t sg_utf8_character(const char *at, uint32_t *out)
{
    static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *bytes = (const unsigned char *)at;
    size_t length = sg_utf8_length(at, strnlen(at, 4));
    uint32_t point = bytes[0] & first_bits[length];

    for (size_t i = 1; i < length; i++)
        point = (point << 6) | (bytes[i] & 0x3F);
    *out = point;
    return length;
}

/* A string sequence (OSC, DCS, …) runs to BEL or ESC \; an unfinished one ends with its line. */
static const char *skip_string(const char *at)
{
    for (; *at != '\0' && *at != '\n'; at++) {
        if (*at == '\a')
            return at + 1;
        if (at[0] == 0x1B && at[1] == '\\')
            return at + 2;
    }
    return at;
}

static const char *skip_range(const char *at, char low, char high)
{
    while (*at >= low && *at <= high)
        at++;
    return at;
}

/* Behind the terminal sequence that starts with the ESC at `at` (ECMA-48, 5.4 and 5.6). */
static const char *skip_escape(const char *at)
{
    at++;
    if (*at == ']' || *at == 'P' || *at == 'X' || *at == '^' || *at == '_')
        return skip_string(at + 1);
    if (*at == '[')
        at = skip_range(at + 1, 0x30, 0x3F);
    at = skip_range(at, 0x20, 0x2F);
    return *at > 0x2F && *at < 0x7F ? at + 1 : at;
}

bool sg_is_unwanted(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || /* C0, DEL, C1 */
           (point >= 0x202A && point <= 0x202E) ||             /* bidirectional overrides */
           (point >= 0x2066 && point <= 0x2069) || point == 0x200E || point == 0x200F ||
           point == 0x2028 || point == 0x2029 || point == 0xFEFF;
}

/* Noncharacters, of which XML 1.0 forbids U+FFFE and U+FFFF. */
static bool is_noncharacter(uint32_t point)
{
    return (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* GitHub's runner obeys "::command" at the start of a printed line and "##[command]" anywhere in
 * it; reports are printed, and lines may be wrapped before any word. */
static bool is_command(const char *at, const struct sg_text *before)
{
    bool at_word = before->size == 0 || strchr(" \n", before->data[before->size - 1]) != NULL;

    return (at_word && at[0] == ':' && at[1] == ':' && is_letter(at[2])) ||
           (at[0] == '#' && at[1] == '#' && at[2] == '[');
}

/* Adds the character at `at` cleaned; returns what is behind it. */
static const char *clean_character(struct sg_text *out, const char *at)
{
    uint32_t point = 0;
    size_t length = sg_utf8_character(at, &point);

    if (point == 0x1B)
        return skip_escape(at);
    if (length == 0 || is_noncharacter(point)) {
        sg_text_add(out, REPLACEMENT);
        return at + (length == 0 ? 1 : length);
    }
    if (point == '\n' || point == '\r' || point == '\t')
        sg_text_add(out, " ");
    else if (!sg_is_unwanted(point))
        sg_text_bytes(out, at, length);
    return at + length;
}

/* Cleans [at, end) into at most `limit` bytes. */
static void clean_span(struct sg_text *out, const char *at, const char *end, size_t limit)
{
    size_t start = out->size;

    while (at < end) {
        struct sg_text one = {0};
        bool command = is_command(at, out);
        at = clean_character(&one, at);
        if (command)
            sg_text_add(&one, ZERO_WIDTH_SPACE);
        bool full = out->size - start + one.size + strlen(ELLIPSIS) > limit;
        sg_text_add(out, full ? ELLIPSIS : one.size > 0 ? one.data : "");
        sg_text_free(&one);
        if (full)
            return;
    }
}

char *sg_clean_line(const char *text, size_t limit)
{
    struct sg_text out = {0};

    if (text != NULL)
        clean_span(&out, text, text + strlen(text), limit);
    return sg_text_take(&out);
}

/* Where the line at `at` ends: at \n, \r\n, a lone \r, or the end. */
static const char *line_end(const char *at)
{
    return at + strcspn(at, "\r\n");
}

/* Cleans line by line; each ends with a newline, but for a last one that had none. */
static void clean_lines(struct sg_text *out, const char *at, size_t width)
{
    while (*at != '\0') {
        const char *end = line_end(at);
        clean_span(out, at, end, width);
        at = end[0] == '\r' && end[1] == '\n' ? end + 2 : end + (*end != '\0');
        if (at != end)
            sg_text_add(out, "\n");
    }
}

char *sg_clean_block(const char *text, size_t lines, size_t width)
{
    struct sg_text out = {0};

    if (text != NULL)
        clean_lines(&out, sg_tail(text, lines), width);
    if (out.size > 0 && out.data[out.size - 1] != '\n')
        sg_text_add(&out, "\n");
    return sg_text_take(&out);
}

char *sg_clean_lines(const char *text)
{
    struct sg_text out = {0};

    if (text != NULL)
        clean_lines(&out, text, SIZE_MAX);
    return sg_text_take(&out);
}

char *sg_clean_utf8(const char *text)
{
    struct sg_text out = {0};

    if (text == NULL)
        return NULL;
    while (*text != '\0') {
        uint32_t point = 0;
        size_t length = sg_utf8_character(text, &point);
        if (length == 0)
            sg_text_add(&out, REPLACEMENT);
        else
            sg_text_bytes(&out, text, length);
        text += length == 0 ? 1 : length;
    }
    return sg_text_take(&out);
}

/* The blocks that matter for alignment, not all of Unicode (UAX 11, W and F). */
static size_t columns_of(uint32_t point)
{
    if ((point >= 0x300 && point <= 0x36F) || (point >= 0x200B && point <= 0x200D) ||
        (point >= 0xFE00 && point <= 0xFE0F))
        return 0;
    if ((point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
        (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
        (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
        (point >= 0xFFE0 && point <= 0xFFE6) || (point >= 0x1F300 && point <= 0x1FAFF) ||
        (point >= 0x20000 && point <= 0x3FFFD))
        return 2;
    return 1;
}

size_t sg_shown_width(const char *text)
{
    size_t width = 0;

    while (*text != '\0') {
        uint32_t point = 0;
        size_t length = sg_utf8_character(text, &point);
        width += length == 0 ? 1 : columns_of(point);
        text += length == 0 ? 1 : length;
    }
    return width;
}

char *sg_clean_columns(const char *text, size_t columns)
{
    char *line = sg_clean_line(text, SIZE_MAX);
    size_t width = 0;

    for (char *at = line; *at != '\0';) {
        uint32_t point = 0;
        size_t length = sg_utf8_character(at, &point);
        width += columns_of(point);
        if (width > columns) {
            *at = '\0';
            break;
        }
        at += length;
    }
    return line;
}
