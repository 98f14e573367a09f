/* SPDX-License-Identifier: Apache-2.0 */
/* Well-formed UTF-8, after The Unicode Standard 15.0, table 3-7. */
#include "base/text.h"

static bool between(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

/* Whether the second byte is in the narrower range that some first bytes ask for. */
static bool second_is_fine(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0:
        return between(second, 0xA0, 0xBF);
    case 0xED:
        return between(second, 0x80, 0x9F);
    case 0xF0:
        return between(second, 0x90, 0xBF);
    case 0xF4:
        return between(second, 0x80, 0x8F);
    default:
        return between(second, 0x80, 0xBF);
    }
}

static size_t announced(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (between(first, 0xC2, 0xDF))
        return 2;
    if (between(first, 0xE0, 0xEF))
        return 3;
    return between(first, 0xF0, 0xF4) ? 4 : 0;
}

size_t sg_utf8_length(const void *bytes, size_t available)
{
    const unsigned char *at = bytes;
    if (available == 0)
        return 0;
    size_t length = announced(at[0]);
    if (length > available || length == 0)
        return 0;
    if (length > 1 && !second_is_fine(at[0], at[1]))
        return 0;
    for (size_t i = 2; i < length; i++) {
        if (!between(at[i], 0x80, 0xBF))
            return 0;
    }
    return length;
}
