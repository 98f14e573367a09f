# SPDX-License-Identifier: Apache-2.0
"""splitmix64 and xoshiro256** in integers, and what is drawn with them: the numbers of
lib/stats/random.c in another language. make_random.py checks them against the published ones."""
M = (1 << 64) - 1


def splitmix(state):
    """(new state, number)"""
    state = (state + 0x9E3779B97F4A7C15) & M
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
    return state, z ^ (z >> 31)


def rotl(x, k):
    return ((x << k) | (x >> (64 - k))) & M


def xoshiro(s):
    result = (rotl((s[1] * 5) & M, 7) * 9) & M
    t = (s[1] << 17) & M
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotl(s[3], 45)
    return result


def seeded(seed):
    state = []
    for _ in range(4):
        seed, word = splitmix(seed)
        state.append(word)
    return state


def below(s, bound):
    """Largest multiple of bound that fits into 64 bits; numbers past the first (2^64 mod bound) count."""
    skip = (1 << 64) % bound
    while True:
        x = xoshiro(s)
        if x >= skip:
            return x % bound


def unit(s):
    return (xoshiro(s) >> 11) * 2.0 ** -53


def shuffle(s, items):
    for left in range(len(items), 1, -1):
        pick = below(s, left)
        items[left - 1], items[pick] = items[pick], items[left - 1]
