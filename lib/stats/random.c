/* SPDX-License-Identifier: Apache-2.0 */
/* xoshiro256** and what is drawn with it. */
#include "stats/random.h"

uint64_t sg_splitmix64(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void sg_random_seed(struct sg_random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        random->state[i] = sg_splitmix64(&seed);
}

static uint64_t rotate_left(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

uint64_t sg_random_next(struct sg_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t sg_random_below(struct sg_random *random, uint64_t bound)
{
    if (bound == 0)
        return 0;
    /* 2⁶⁴ mod bound: numbers below it would make small results likelier, and are drawn again */
    uint64_t excess = (0 - bound) % bound;
    uint64_t drawn;
    do
        drawn = sg_random_next(random);
    while (drawn < excess);
    return drawn % bound;
}

double sg_random_unit(struct sg_random *random)
{
    return (double)(sg_random_next(random) >> 11) * 0x1p-53;
}

void sg_random_shuffle(struct sg_random *random, int *items, size_t count)
{
    for (size_t left = count; left > 1; left--) {
        size_t pick = (size_t)sg_random_below(random, left);
        int moved = items[left - 1];
        items[left - 1] = items[pick];
        items[pick] = moved;
    }
}
