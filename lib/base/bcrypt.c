/* SPDX-License-Identifier: Apache-2.0 */
/* bcrypt (Provos, Mazieres 1999, "A Future-Adaptable Password Scheme") over Blowfish (Schneier
 * 1993), whose tables are the first 33,344 bits of the fraction of pi: they are computed here, by
 * Machin's formula (1706), instead of being listed. */
#include "base/bcrypt.h"

#include <string.h>

#define ROUNDS 16
#define SUBKEYS (ROUNDS + 2)
#define TABLE                                                                                      \
    (SUBKEYS + 4 * 256) /* words of the subkeys and the four boxes, one after the other            \
                         */
#define KEY_MAX 72
#define DIGITS (1 + TABLE + 1) /* before the point; behind it; and one that rounding may spoil */

/* --- pi, as words of 32 bits, the first before the point ---------------------------------- */

static void divide(uint32_t number[DIGITS], uint32_t by)
{
    uint64_t rest = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        rest = rest << 32 | number[i];
        number[i] = (uint32_t)(rest / by);
        rest %= by;
    }
}

static void add(uint32_t sum[DIGITS], const uint32_t number[DIGITS], bool minus)
{
    uint64_t carry = minus ? 1 : 0; /* two's complement */
    for (size_t i = DIGITS; i > 0; i--) {
        carry += (uint64_t)sum[i - 1] + (minus ? ~number[i - 1] : number[i - 1]);
        sum[i - 1] = (uint32_t)carry;
        carry >>= 32;
    }
}

static bool is_zero(const uint32_t number[DIGITS])
{
    for (size_t i = DIGITS; i > 0; i--)
        if (number[i - 1] != 0)
            return false;
    return true;
}

/* Adds `times` arctan(1/x), or takes it off: the series of Gregory and Leibniz. */
static void add_arctan(uint32_t sum[DIGITS], uint32_t times, uint32_t x, bool minus)
{
    uint32_t power[DIGITS] = {times};
    uint32_t term[DIGITS];
    divide(power, x);
    for (uint32_t k = 1; !is_zero(power); k += 2) {
        memcpy(term, power, sizeof(term));
        divide(term, k);
        add(sum, term, minus);
        divide(power, x * x);
        minus = !minus;
    }
}

/* --- Blowfish ------------------------------------------------------------------------------- */

struct state {
    uint32_t words[TABLE];
};

static void start(struct state *state)
{
    uint32_t pi[DIGITS] = {0};
    add_arctan(pi, 16, 5, false);
    add_arctan(pi, 4, 239, true);
    memcpy(state->words, pi + 1, sizeof(state->words));
}

static uint32_t mix(const struct state *state, uint32_t half)
{
    const uint32_t *box = state->words + SUBKEYS;
    return ((box[half >> 24] + box[256 + (half >> 16 & 255)]) ^ box[512 + (half >> 8 & 255)]) +
           box[768 + (half & 255)];
}

static void encipher(const struct state *state, uint32_t block[2])
{
    uint32_t left = block[0];
    uint32_t right = block[1];
    for (size_t i = 0; i < ROUNDS; i++) {
        left ^= state->words[i];
        uint32_t other = right ^ mix(state, left);
        right = left;
        left = other;
    }
    block[0] = right ^ state->words[ROUNDS + 1];
    block[1] = left ^ state->words[ROUNDS];
}

/* The next word of bytes that are read over and over. */
static uint32_t next_word(const unsigned char *bytes, size_t count, size_t *at)
{
    uint32_t word = 0;
    for (int i = 0; i < 4; i++) {
        word = word << 8 | bytes[*at];
        *at = (*at + 1) % count;
    }
    return word;
}

static void expand(struct state *state, const unsigned char salt[16], const unsigned char *key,
                   size_t size)
{
    uint32_t block[2] = {0, 0};
    size_t at = 0;
    for (size_t i = 0; i < SUBKEYS; i++)
        state->words[i] ^= next_word(key, size, &at);
    at = 0;
    for (size_t i = 0; i < TABLE; i += 2) {
        block[0] ^= next_word(salt, 16, &at);
        block[1] ^= next_word(salt, 16, &at);
        encipher(state, block);
        memcpy(state->words + i, block, sizeof(block));
    }
}

/* --- bcrypt --------------------------------------------------------------------------------- */

/* The letters of bcrypt's own base 64, whole groups first, without padding. */
static void letters(const unsigned char *bytes, size_t count, char *out)
{
    static const char alphabet[] =
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t written = 0;
    for (size_t bit = 0; bit < 8 * count; bit += 6) {
        size_t at = bit / 8;
        unsigned pair = (unsigned)bytes[at] << 8 | (at + 1 < count ? bytes[at + 1] : 0U);
        out[written++] = alphabet[pair >> (10 - bit % 8) & 63];
    }
    out[written] = '\0';
}

static void hash(const struct state *state, unsigned char out[24])
{
    static const unsigned char text[] = "OrpheanBeholderScryDoubt";
    size_t at = 0;
    for (size_t i = 0; i < 24; i += 8) {
        uint32_t block[2];
        block[0] = next_word(text, 24, &at);
        block[1] = next_word(text, 24, &at);
        for (int round = 0; round < 64; round++)
            encipher(state, block);
        for (size_t byte = 0; byte < 8; byte++)
            out[i + byte] = (unsigned char)(block[byte / 4] >> (24 - 8 * (byte % 4)));
    }
}

void sg_bcrypt(const char *password, const unsigned char salt[16], unsigned cost,
               char out[SG_BCRYPT_SIZE])
{
    static const unsigned char zeros[16];
    static const char digits[] = "0123456789";
    const unsigned char *key = (const unsigned char *)password;
    size_t size = strlen(password) + 1; /* the NUL is part of it */
    struct state state;
    unsigned char result[24];
    if (size > KEY_MAX)
        size = KEY_MAX;
    start(&state);
    expand(&state, salt, key, size);
    for (uint32_t i = 0; i < UINT32_C(1) << cost; i++) {
        expand(&state, zeros, key, size);
        expand(&state, zeros, salt, 16);
    }
    hash(&state, result);
    const char prefix[] = {'$', '2', 'b', '$', digits[cost / 10 % 10], digits[cost % 10], '$'};
    memcpy(out, prefix, sizeof(prefix));
    letters(salt, 16, out + 7);
    letters(result, 23, out + 29); /* the first program left the last byte out */
}
