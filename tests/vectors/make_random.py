# SPDX-License-Identifier: Apache-2.0
"""random.txt: splitmix seed x… | xoshiro s0 s1 s2 s3 x… | below seed bound x… | shuffle seed n order…
From the published algorithms in integers (xoshiro.py); the first words agree with the published
vectors of splitmix64 (seed 1234567) and xoshiro256** (state 1 2 3 4)."""
from xoshiro import below, seeded, shuffle, splitmix, xoshiro

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
    shuffle(s, items)
    rows.append(f"shuffle {seed} {n} " + " ".join(map(str, items)))
with open("random.txt", "w") as file:
    file.write("# made by make_random.py\n" + "\n".join(rows) + "\n")
