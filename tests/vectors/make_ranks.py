# SPDX-License-Identifier: Apache-2.0
"""ranks.txt: med n x… m | quant n x… p q (NumPy, type 7) | sign n level u (SciPy binom) |
minterval n x… level low high.
slopes.txt: slope n level t… y… slope low high p: SciPy's theilslopes for the slope, Kendall's law
by counting inversions of all permutations through their generating function in integers."""
import itertools
import math
import random
from fractions import Fraction

import numpy as np
from scipy import stats

random.seed(3)
rng = np.random.default_rng(3)


def line(values):
    return " ".join(repr(float(v)) for v in values)


rows = []
for _ in range(150):
    n = int(rng.integers(1, 120))
    x = rng.choice([rng.normal(size=n), np.round(rng.normal(size=n), 1), rng.standard_cauchy(size=n)])
    rows.append(f"med {n} {line(x)} {float(np.median(x))!r}")
    p = float(rng.choice([0, 1, .5, .95, rng.random()]))
    rows.append(f"quant {n} {line(x)} {p!r} {float(np.quantile(x, p))!r}")
for n in list(range(0, 40)) + [60, 100, 200]:
    for level in (.05, .01, .0025, .00125, 2.0 ** -6):
        u = n + 1
        while u > 0 and Fraction(sum(math.comb(n, k) for k in range(u - 1, n + 1)), 2 ** n) <= Fraction(level) * (1 + Fraction(1, 10 ** 12)):
            u -= 1
        rows.append(f"sign {n} {level!r} {u}")
        if 0 < n < 40:
            x = np.sort(np.round(rng.normal(size=n), 2))
            low = float(x[n - u]) if 1 <= u <= n else math.nan
            high = float(x[u - 1]) if 1 <= u <= n else math.nan
            rows.append(f"minterval {n} {line(x)} {level!r} {low!r} {high!r}")
with open("ranks.txt", "w") as file:
    file.write("# made by make_ranks.py\n" + "\n".join(rows) + "\n")

rows = []


def concordant_law(n):
    law = [1]
    for k in range(2, n + 1):
        new = [0] * (len(law) + k - 1)
        for i, w in enumerate(law):
            for j in range(k):
                new[i + j] += w
        law = new
    return law


# Kendall's law once more: by listing every order, and by SciPy's exact test
for n in range(2, 9):
    counts = [0] * (n * (n - 1) // 2 + 1)
    for order in itertools.permutations(range(n)):
        counts[sum(order[i] < order[j] for i in range(n) for j in range(i + 1, n))] += 1
    assert counts == concordant_law(n)
for n in range(2, 13):
    order, own = list(range(n)), random.Random(n)
    for _ in range(30):
        own.shuffle(order)
        c = sum(order[i] < order[j] for i in range(n) for j in range(i + 1, n))
        p = stats.kendalltau(range(n), order, method="exact", alternative="greater").pvalue
        exact = sum(concordant_law(n)[c:]) / math.factorial(n)
        assert abs(p - exact) <= 1e-12 * exact, (n, c, p, exact)

golden = [5, 5.2, 5.1, 5.6, 5.4, 5.9, 6.1, 5.8, 6.4, 6.3, 6.8, 6.7]
cases = [(list(range(12)), golden, .025)]
for _ in range(40):
    n = random.randint(2, 30)
    t = [float(i) for i in range(n)] if random.random() < .7 else [random.randint(0, 10) * 1.0 for _ in range(n)]
    y = [round(random.gauss(0, 1) + .1 * i, random.choice([1, 4])) for i in range(n)]
    cases.append((t, y, random.choice([.05, .025, .005])))
for t, y, level in cases:
    n = len(t)
    slopes = sorted((y[j] - y[i]) / (t[j] - t[i]) for i in range(n) for j in range(i + 1, n) if t[i] != t[j])
    above = sum(s > 0 for s in slopes)
    law = concordant_law(n)
    total = math.factorial(n)
    p = Fraction(sum(law[above:]), total)
    u = len(law)
    while u > 0 and Fraction(sum(law[u - 1:]), total) <= Fraction(level) * (1 + Fraction(1, 10 ** 12)):
        u -= 1
    ok = 1 <= u <= len(slopes)
    if slopes and len(set(t)) == n:
        assert abs(stats.theilslopes(y, t)[0] - np.median(slopes)) < 1e-12
        if len(set(y)) == n and above * 2 > len(slopes):
            k = stats.kendalltau(t, y, method="exact", alternative="greater")
            assert abs(k.pvalue - float(p)) < 1e-9 * float(p), (k.pvalue, float(p))
    med = float(np.median(slopes)) if slopes else math.nan
    low = slopes[len(slopes) - u] if ok else math.nan
    high = slopes[u - 1] if ok else math.nan
    rows.append(f"slope {n} {level!r} {line(t)} {line(y)} {med!r} {low!r} {high!r} {float(p)!r}")
with open("slopes.txt", "w") as file:
    file.write("# made by make_ranks.py\n" + "\n".join(rows) + "\n")
