# SPDX-License-Identifier: Apache-2.0
"""laws.txt: ranks m n p0 … p_mn: Mann-Whitney counts by listing every order (small blocks), by
SciPy's exact mannwhitneyu for larger ones | hazard m n h p0 …: orders weighted by the hazard |
signs n p0 … pn.
tails.txt: rank m n u lower upper: P(U ≤ u), P(U ≥ u) from integer coefficients | sum blocks m n u
upper: the same over equal blocks | kendall n c upper: P(C ≥ c) of concordant pairs.
boundaries.txt: seq blocks (m n)… looks (blocks share)… alpha u… spent: critical integers in
rational arithmetic, -1 for "none"."""
import itertools
import random
from fractions import Fraction
from functools import lru_cache
from math import comb, factorial

from scipy.stats import mannwhitneyu

random.seed(4)


@lru_cache(None)
def law(m, n):
    """Counts of orders with U = u, by listing all of them."""
    out = [0] * (m * n + 1)
    for places in itertools.combinations(range(m + n), n):
        out[sum(place - i for i, place in enumerate(places))] += 1
    return out


def hazard_law(m, n, h):
    """The same with each order's probability under proportional hazards, as a product over draws."""
    out = [Fraction(0)] * (m * n + 1)
    h = Fraction(h)
    for places in itertools.combinations(range(m + n), n):
        p, refs, variants = Fraction(1), m, n
        chosen = set(places)
        for place in range(m + n):
            total = refs + variants * h
            if place in chosen:
                p *= variants * h / total
                variants -= 1
            else:
                p *= Fraction(refs) / total
                refs -= 1
        out[sum(place - i for i, place in enumerate(places))] += p
    return out


rows = []
for m in range(1, 7):
    for n in range(1, 7):
        total = comb(m + n, n)
        rows.append(f"ranks {m} {n} " + " ".join(repr(w / total) for w in law(m, n)))
for m, n in [(10, 12), (21, 21)]:
    mass = []
    tails = [mannwhitneyu([0], [1]).pvalue]  # warm up SciPy's cache
    # P(U ≥ u) by SciPy for integer u, from data that give this U, is indirect; its law is public:
    from scipy.stats._mannwhitneyu import _mwu_state
    try:
        _mwu_state.set_shapes(m, n)
        mass = [float(_mwu_state.pmf([u])[0]) for u in range(m * n + 1)]
    except AttributeError:
        _mwu_state.s.set_shapes(m, n)
        mass = [float(_mwu_state.s.pmf([u])[0]) for u in range(m * n + 1)]
    rows.append(f"ranks {m} {n} " + " ".join(repr(p) for p in mass))
for m, n, h in [(3, 3, .25), (3, 3, .5), (5, 4, .3), (1, 1, .1), (2, 5, .7), (5, 2, .7)]:
    rows.append(f"hazard {m} {n} {h!r} " + " ".join(repr(float(p)) for p in hazard_law(m, n, h)))
for n in (1, 3, 5, 8):
    rows.append(f"signs {n} " + " ".join(repr(comb(n, k) / 2 ** n) for k in range(n + 1)))
with open("laws.txt", "w") as file:
    file.write("# made by make_boundaries.py\n" + "\n".join(rows) + "\n")


def convolve(a, b):
    out = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                out[i + j] += x * y
    return out


def boundaries(shapes, looks, alpha):
    """looks: (blocks, share). Integers and one denominator; alpha as the exact value of its double."""
    mass, scale, spent = [1], 1, Fraction(0)
    critical, block = [], 0
    slack = 1 + Fraction(1, 10 ** 12)
    for blocks, share in looks:
        while block < blocks:
            m, n = shapes[block]
            mass = convolve(mass, law(m, n))
            scale *= comb(m + n, n)
            block += 1
        budget = Fraction(alpha) * Fraction(share) * slack - spent
        tail, u, k = 0, -1, len(mass)
        while k > 0:
            k -= 1
            if Fraction(tail + mass[k], scale) > budget:
                break
            tail += mass[k]
            if mass[k]:
                u = k
        critical.append(u)
        if u >= 0:
            spent += Fraction(sum(mass[u:]), scale)
            mass = mass[:u] + [0] * (len(mass) - u)
    return critical, spent


def divided(poly, k):
    """poly / (1 − q^k), where that leaves nothing over."""
    for u in range(k, len(poly)):
        poly[u] += poly[u - k]
    return poly


def gaussian(m, n):
    """Counts of orders with U = u as coefficients of the Gaussian binomial Π (1 − q^(n+i))/(1 − q^i)."""
    poly = [1] + [0] * (m * n)
    for i in range(1, m + 1):
        for u in range(m * n, n + i - 1, -1):
            poly[u] -= poly[u - n - i]
        divided(poly, i)
    return poly


def concordant(n):
    """Orders of n with c concordant pairs: Π (1 − q^k)/(1 − q)."""
    poly = [1] + [0] * (n * (n - 1) // 2)
    for k in range(2, n + 1):
        for u in range(len(poly) - 1, k - 1, -1):
            poly[u] -= poly[u - k]
        divided(poly, 1)
    return poly


own = random.Random(5)


def places(top, count):
    """Both ends, the middle, and some between."""
    return sorted({0, top, top // 2} | {own.randint(0, top) for _ in range(count)})


def ratio(a, b):
    return repr(float(Fraction(a, b)))


assert all(gaussian(m, n) == law(m, n) for m in range(1, 6) for n in range(1, 6))
rows = []
for m, n in [(1, 1), (3, 3), (5, 4), (2, 30), (10, 12), (21, 21), (1, 500), (50, 50), (100, 100), (400, 25)]:
    poly = gaussian(m, n)
    for u in places(m * n, 12):
        rows.append(f"rank {m} {n} {u} {ratio(sum(poly[:u + 1]), sum(poly))} {ratio(sum(poly[u:]), sum(poly))}")
for blocks, m, n in [(2, 3, 3), (7, 3, 3), (10, 3, 3), (100, 3, 3), (6, 5, 4), (24, 21, 21), (900, 1, 1)]:
    poly, total = gaussian(m, n), [1]
    for _ in range(blocks):
        total = convolve(total, poly)
    for u in places(blocks * m * n, 12):
        if (upper := Fraction(sum(total[u:]), sum(total))) > Fraction(1, 10 ** 300):
            rows.append(f"sum {blocks} {m} {n} {u} {float(upper)!r}")
for n in [1, 2, 3, 5, 8, 12, 30, 60, 165]:
    poly = concordant(n)
    for c in places(len(poly) - 1, 12):
        if (upper := Fraction(sum(poly[c:]), factorial(n))) > Fraction(1, 10 ** 300):
            rows.append(f"kendall {n} {c} {float(upper)!r}")
with open("tails.txt", "w") as file:
    file.write("# made by make_boundaries.py\n" + "\n".join(rows) + "\n")

TABLE = {.05: [17, 23, 28, 34, 39, 44], .01: [18, 25, 31, 37, 43, 48], .0025: [-1, 26, 32, 39, 45, 51],
         .00125: [-1, 26, 34, 40, 46, 52], .000625: [-1, 27, 34, 40, 47, 53]}
SPENT = {.05: .046634, .01: .009155, .0025: .002123, .00125: .001047, .000625: .000530}

cases = []
default = [(b, b / 7) for b in range(2, 8)]
for alpha, wanted in TABLE.items():
    critical, spent = boundaries([(3, 3)] * 7, default, alpha)
    assert critical == wanted and abs(float(spent) - SPENT[alpha]) < 5e-7, (alpha, critical, float(spent))
    cases.append(([(3, 3)] * 7, default, alpha))
for _ in range(250):
    blocks = random.randint(1, 7)
    same = random.random() < .4
    shape = (random.randint(1, 5), random.randint(1, 5))
    shapes = [shape if same else (random.randint(1, 5), random.randint(1, 5)) for _ in range(blocks)]
    first = random.randint(1, blocks)
    last = blocks + random.choice([0, 0, 2])
    looks = [(b, b / last) for b in range(first, blocks + 1)] if random.random() < .7 else [(blocks, 1.0)]
    alpha = random.choice([.05, .01, .0025, .00125, .05 / 2, .3, 10 ** random.uniform(-5, -.5)])
    cases.append((shapes, looks, alpha))
# exact equalities: P(U = 9) = 1/20 in one block of 3+3 is within an error of 0.05
cases += [([(3, 3)], [(1, 1.0)], .05), ([(1, 1)] * 5, [(5, 1.0)], 2.0 ** -5), ([(2, 2)], [(1, 1.0)], 1 / 6)]
rows = []
for shapes, looks, alpha in cases:
    critical, spent = boundaries(shapes, looks, alpha)
    rows.append(f"seq {len(shapes)} " + " ".join(f"{m} {n}" for m, n in shapes) + f" {len(looks)} " +
                " ".join(f"{b} {s!r}" for b, s in looks) + f" {alpha!r} " +
                " ".join(map(str, critical)) + f" {float(spent)!r}")
with open("boundaries.txt", "w") as file:
    file.write("# made by make_boundaries.py\n" + "\n".join(rows) + "\n")
