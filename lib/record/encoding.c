/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16 to UTF-8 (RFC 2781), and names for what is no text. */
#include "record/encoding.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "record/record.h"

struct units {
    const unsigned char *bytes;
    size_t count, at;
    bool big;
};

static unsigned unit_at(const struct units *units, size_t at)
{
    const unsigned char *two = units->bytes + 2 * at;
    return units->big ? two[0] * 256U + two[1] : two[1] * 256U + two[0];
}

/* The next character; 0 when half of a surrogate pair stands alone, or for NUL itself. */
static unsigned long next_character(struct units *units)
{
    unsigned unit = unit_at(units, units->at++);
    if (unit < 0xD800 || unit > 0xDFFF) {
        return unit;
    }
    unsigned low = unit < 0xDC00 && units->at < units->count ? unit_at(units, units->at) : 0;
    if (low < 0xDC00 || low > 0xDFFF) {
        return 0;
    }
    units->at++;
    return 0x10000UL + ((unit - 0xD800UL) << 10) + (low - 0xDC00UL);
}

static size_t encode(unsigned long c, unsigned char out[4])
{
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; c >>= 6) {
        out[i] = (unsigned char)(0x80 | (c & 0x3F));
    }
    out[0] = (unsigned char)(lead[size] | c);
    return size;
}

static bool decode(const char *text, size_t size, bool big, const char *name, struct sg_text *out,
                   struct sg_error *err)
{
    struct units units = {
        .bytes = (const unsigned char *)text, .count = size / 2, .at = 1, .big = big};
    bool whole = size % 2 == 0;
    while (whole && units.at < units.count) {
        unsigned char bytes[4];
        unsigned long c = next_character(&units);
        whole = c != 0;
        sg_text_bytes(out, bytes, encode(c, bytes));
    }
    return whole ||
           sg_fail(err, SG_ERROR_CONFIG, "%s is UTF-16, but broken near byte %zu; save it as UTF-8",
                   name, 2 * units.at);
}

static bool begins(const char *text, size_t size, const char *bytes, size_t count)
{
    return size >= count && memcmp(text, bytes, count) == 0;
}

static bool refuse_binary(const char *text, size_t size, const char *name, struct sg_error *err)
{
    const char *nul = size > 0 ? memchr(text, '\0', size) : NULL;
    if (begins(text, size, "PK\3\4", 4)) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s is a workbook or a ZIP archive; of a workbook save the sheet as CSV "
                       "(UTF-8)",
                       name);
    }
    if (begins(text, size, "\x1F\x8B", 2)) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s is compressed: zcat %s | svcgate judge -", name,
                       name);
    }
    if (nul == NULL) {
        return true;
    }
    bool utf16 = size >= 4 && (nul == text || nul == text + 1) && text[(nul - text) + 2] == '\0';
    return sg_fail(err, SG_ERROR_CONFIG, "%s holds a NUL byte at offset %zu: %s", name,
                   (size_t)(nul - text),
                   utf16 ? "it may be UTF-16 without a byte order mark; save it as UTF-8"
                         : "it is not the text file that is expected");
}

bool sg_encoding_read(const char *text, size_t size, const char *name, struct sg_text *out,
                      struct sg_error *err)
{
    bool wide = begins(text, size, "\xFF\xFE\0\0", 4) || begins(text, size, "\0\0\xFE\xFF", 4);
    if (wide && size > 2) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s is UTF-32; save it as UTF-8", name);
    }
    if (begins(text, size, "\xFF\xFE", 2)) {
        return decode(text, size, false, name, out, err);
    }
    if (begins(text, size, "\xFE\xFF", 2)) {
        return decode(text, size, true, name, out, err);
    }
    return refuse_binary(text, size, name, err);
}

bool sg_samples_text(const char *path, size_t limit, char **out_text, size_t *out_size,
                     struct sg_error *err)
{
    struct sg_text decoded = {0};
    char *text = NULL;
    size_t size = 0;
    const char *name = sg_streq(path, "-") ? "standard input" : path;
    bool ok = sg_file_read_bytes(path, limit, &text, &size, err) &&
              sg_encoding_read(text, size, name, &decoded, err);
    if (ok && decoded.size > 0) {
        free(text);
        size = decoded.size;
        text = sg_text_take(&decoded);
    }
    if (ok) {
        *out_text = text;
        *out_size = size;
    } else {
        free(text);
    }
    sg_text_free(&decoded);
    return ok;
}
