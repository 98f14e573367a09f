# SPDX-License-Identifier: Apache-2.0
"""random.txt: splitmix seed x… | xoshiro s0 s1 s2 s3 x… | below seed bound x… | shuffle seed n order…
From the published algorithms in integers; the first words agree with the published vectors of
splitmix64 (seed 1234567) and xoshiro256** (state 1 2 3 4)."""
M = (1 << 64) - 1


def splitmix(state):
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


published_mix = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
published_xo = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600]
state, words = 1234567, []
for _ in range(4):
    state, word = splitmix(state)
    words.append(word)
assert words == published_mix
s = [1, 2, 3, 4]
drawn = [xoshiro(s) for _ in range(6)]
assert drawn == published_xo
rows = ["splitmix 1234567 " + " ".join(map(str, words)), "xoshiro 1 2 3 4 " + " ".join(map(str, drawn))]
for seed, bound in [(1, 6), (2, 3), (3, 1), (4, (1 << 63) + 1), (5, 1000003)]:
    s = seeded(seed)
    rows.append(f"below {seed} {bound} " + " ".join(str(below(s, bound)) for _ in range(6)))
for seed, n in [(1, 6), (7, 9), (42, 1), (9, 21)]:
    s = seeded(seed)
    items = list(range(n))
    for left in range(n, 1, -1):
        pick = below(s, left)
        items[left - 1], items[pick] = items[pick], items[left - 1]
    rows.append(f"shuffle {seed} {n} " + " ".join(map(str, items)))
with open("random.txt", "w") as file:
    file.write("# made by make_random.py\n" + "\n".join(rows) + "\n")
