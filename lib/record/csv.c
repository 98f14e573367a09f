/* SPDX-License-Identifier: Apache-2.0 */
/* Takes CSV apart. What the fields mean is samples_csv.c's business. */
#include "record/csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sg_csv_fail(const struct sg_csv *csv, size_t line, size_t column, struct sg_error *err,
                 const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return sg_fail(err, SG_ERROR_CONFIG, "%s:%zu:%zu: %s", csv->name, line, column, text);
}

static bool fail_here(const struct sg_csv *csv, struct sg_error *err, const char *text)
{
    return sg_csv_fail(csv, csv->line, csv->column, err, "%s", text);
}

void sg_csv_open(struct sg_csv *csv, const char *text, size_t size, const char *name)
{
    *csv = (struct sg_csv){.name = name, .text = text, .size = size, .line = 1, .column = 1};
    sg_csv_dialect(csv);
    csv->buffer = sg_alloc(SG_CSV_RECORD + SG_CSV_FIELDS + 1, 1);
}

void sg_csv_close(struct sg_csv *csv)
{
    free(csv->buffer);
    *csv = (struct sg_csv){0};
}

/* The byte at the cursor, or -1 at the end. */
static int peek(const struct sg_csv *csv)
{
    return csv->at < csv->size ? (unsigned char)csv->text[csv->at] : -1;
}

static void step(struct sg_csv *csv)
{
    unsigned char byte = (unsigned char)csv->text[csv->at++];
    if (byte == '\n') {
        csv->line++;
        csv->column = 1;
    } else if ((byte & 0xC0) != 0x80) {
        csv->column++; /* further bytes of a character count no column */
    }
}

/* Bytes of the character at the cursor; 0 when it is not UTF-8 (RFC 3629, section 4). */
static size_t character_size(const struct sg_csv *csv)
{
    const unsigned char *s = (const unsigned char *)csv->text + csv->at;
    size_t left = csv->size - csv->at;
    if (s[0] < 0x80) {
        return 1;
    }
    size_t size = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || size > left) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool beyond = (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF4 && s[1] > 0x8F);
    return overlong || beyond ? 0 : size;
}

/* Takes the character at the cursor over into the field. */
static bool take(struct sg_csv *csv, struct sg_error *err)
{
    size_t size = character_size(csv);
    if (size == 0) {
        return fail_here(csv, err, "not UTF-8; save the file as UTF-8 (Excel: CSV UTF-8)");
    }
    if (csv->text[csv->at] == '\0') {
        return fail_here(csv, err, "a NUL byte; is this a text file?");
    }
    if (csv->used + size > SG_CSV_RECORD) {
        return fail_here(csv, err, "a record of more than 64 KiB; is a quote missing?");
    }
    for (size_t i = 0; i < size; i++) {
        csv->buffer[csv->used++] = csv->text[csv->at];
        step(csv);
    }
    return true;
}

static bool at_line_end(const struct sg_csv *csv)
{
    int byte = peek(csv);
    bool crlf = byte == '\r' && csv->at + 1 < csv->size && csv->text[csv->at + 1] == '\n';
    return byte == -1 || byte == '\n' || crlf;
}

static void skip_line_end(struct sg_csv *csv)
{
    if (peek(csv) == '\r') {
        step(csv);
    }
    if (peek(csv) == '\n') {
        step(csv);
    }
}

/* Bytes of the blank at the cursor, 0 when there is none: a space, a tab that does not separate, or
 * the no-break space of spreadsheets. */
static size_t blank_size(const struct sg_csv *csv)
{
    int byte = peek(csv);
    if (byte == ' ' || (byte == '\t' && csv->separator != '\t')) {
        return 1;
    }
    bool no_break = byte == 0xC2 && csv->at + 1 < csv->size && csv->text[csv->at + 1] == '\xA0';
    return no_break ? 2 : 0;
}

static void skip_blanks(struct sg_csv *csv)
{
    for (size_t size = blank_size(csv); size > 0; size = blank_size(csv)) {
        step(csv);
        if (size == 2) {
            step(csv);
        }
    }
}

static bool at_separator(const struct sg_csv *csv)
{
    return peek(csv) == (unsigned char)csv->separator;
}

static bool read_quoted(struct sg_csv *csv, struct sg_error *err)
{
    size_t line = csv->line;
    size_t column = csv->column;
    step(csv);
    for (;;) {
        if (peek(csv) == -1) {
            return sg_csv_fail(csv, line, column, err, "this quote is never closed");
        }
        if (peek(csv) == '"') {
            step(csv);
            if (peek(csv) != '"') {
                break;
            }
        }
        if (!take(csv, err)) {
            return false;
        }
    }
    skip_blanks(csv);
    if (!at_separator(csv) && !at_line_end(csv)) {
        return fail_here(csv, err,
                         "expected a separator or the line's end after the closing quote");
    }
    return true;
}

/* Blanks behind the last character are none of the field. */
static bool read_bare(struct sg_csv *csv, struct sg_error *err)
{
    size_t content = csv->used;
    while (!at_separator(csv) && !at_line_end(csv)) {
        bool blank = blank_size(csv) > 0;
        if (peek(csv) == '"') {
            return fail_here(csv, err,
                             "a quote inside a field; quote the whole field, with \"\" "
                             "for each quote in it");
        }
        if (peek(csv) == '\r') {
            return fail_here(csv, err, "a carriage return alone; end lines with LF or CRLF");
        }
        if (!take(csv, err)) {
            return false;
        }
        content = blank ? content : csv->used;
    }
    csv->used = content;
    return true;
}

static bool read_field(struct sg_csv *csv, struct sg_error *err)
{
    skip_blanks(csv);
    size_t start = csv->used;
    struct sg_csv_field field = {
        .text = csv->buffer + start, .line = csv->line, .column = csv->column};
    if (!(peek(csv) == '"' ? read_quoted(csv, err) : read_bare(csv, err))) {
        return false;
    }
    field.size = csv->used - start;
    if (csv->count == SG_CSV_FIELDS) {
        return field.size == 0 ||
               sg_csv_fail(csv, field.line, field.column, err, "more than 16 fields");
    }
    csv->fields[csv->count++] = field;
    csv->buffer[csv->used++] = '\0';
    return true;
}

static bool has_content(const struct sg_csv *csv)
{
    for (size_t i = 0; i < csv->count; i++) {
        if (csv->fields[i].size > 0) {
            return true;
        }
    }
    return false;
}

static bool read_record(struct sg_csv *csv, bool *out_end, struct sg_error *err)
{
    csv->count = 0;
    csv->used = 0;
    while (peek(csv) != -1 && at_line_end(csv)) {
        skip_line_end(csv);
    }
    *out_end = peek(csv) == -1;
    if (*out_end) {
        return true;
    }
    for (;;) {
        if (!read_field(csv, err)) {
            return false;
        }
        if (!at_separator(csv)) {
            break;
        }
        step(csv);
    }
    skip_line_end(csv);
    return true;
}

bool sg_csv_next(struct sg_csv *csv, bool *out_end, struct sg_error *err)
{
    do {
        if (!read_record(csv, out_end, err)) {
            return false;
        }
    } while (!*out_end && !has_content(csv));
    return true;
}
