# SPDX-License-Identifier: Apache-2.0
"""Counts. exact.txt: binlow x n p P | binup x n p P | fisher xv nv xr nr P (exact integers and
rationals). limits.txt: cp x n level low high | mn xv nv xr nr level low high (restricted rates by
direct maximisation of the likelihood in 40 digits) | disp m xr… nr… n xv… nv… phi"""
import math
import random
from fractions import Fraction
from math import comb

from mpmath import mp, mpf, betainc, erfinv, sqrt

mp.dps = 40
random.seed(2)
rows = []


def text(x):
    return mp.nstr(mpf(x.numerator) / mpf(x.denominator), 20) if isinstance(x, Fraction) else mp.nstr(x, 20)


def binom_sum(low, high, n, p):
    if n <= 400:
        f = Fraction(p)
        return sum((comb(n, k) * f ** k * (1 - f) ** (n - k) for k in range(low, high + 1)), Fraction(0))
    total = mpf(0)
    f = mpf(p)
    for k in range(low, high + 1):
        total += mpf(comb(n, k)) * f ** k * (1 - f) ** (n - k)
    return total


cases = [(0, 10, .3), (10, 10, .3), (3, 10, .3), (12, 16, .5), (0, 1000, 1e-3), (1, 1000, 1e-3), (40, 1000, 1e-3),
         (5, 20000, 1e-4), (60, 20000, 1e-3), (900, 1000, .5), (1, 1, .5), (7, 7, .999), (17, 18, .5)]
cases += [(random.randint(0, n), n, random.choice([random.random(), 10 ** random.uniform(-4, -1)]))
          for n in [random.randint(1, 300) for _ in range(120)]]


def far_out():
    """A binomial count somewhere between the middle and where its tail is 1e-300."""
    n = random.choice([random.randint(2, 60), random.randint(60, 3000), random.randint(3000, 20000)])
    p = random.choice([random.random(), .5, 10 ** random.uniform(-6, -1), 1 - 10 ** random.uniform(-6, -1)])
    x = int(n * p + math.sqrt(n * p * (1 - p)) * random.uniform(-34, 34))
    return min(n, max(0, x)), n, p


def falling(x, n, p, step):
    """The tail from x on, away from the mean, until nothing is added any more."""
    f = mpf(p)
    term, total = mpf(comb(n, x)) * f ** x * (1 - f) ** (n - x), mpf(0)
    while 0 <= x <= n and (total == 0 or term > total * mpf(10) ** -38):
        total += term
        term *= (n - x) * f / ((x + 1) * (1 - f)) if step > 0 else x * (1 - f) / ((n - x + 1) * f)
        x += step
    return total


for x, n, p in cases:
    low = binom_sum(0, x, n, p)
    up = binom_sum(x, n, n, p) if n <= 400 else 1 - (binom_sum(0, x - 1, n, p) if x else 0)
    if n > 400 and x > n * p:  # the upper tail directly, not as a difference
        up = binom_sum(x, min(n, x + 400), n, p)
    for name, value in (("binlow", low), ("binup", up)):
        if value == 0 or value > mpf(10) ** -290:
            rows.append(f"{name} {x} {n} {p!r} {text(value)}")
for x, n, p in [far_out() for _ in range(250)]:
    name, value = ("binup", falling(x, n, p, 1)) if x > n * p else ("binlow", falling(x, n, p, -1))
    if value > mpf(10) ** -300:
        rows.append(f"{name} {x} {n} {p!r} {text(value)}")


def fisher(xv, nv, xr, nr):
    k, total = xv + xr, nv + nr
    ways = sum(comb(nv, x) * comb(nr, k - x) for x in range(xv, min(nv, k) + 1))
    return Fraction(ways, comb(total, k))


cases = [(12, 1000, 4, 1000), (0, 1000, 0, 1000), (1, 6000, 0, 6000), (5, 6000, 0, 6000), (120, 6000, 0, 6000),
         (3, 100, 5, 100), (100, 100, 0, 100), (0, 50, 9, 70), (30, 4000, 30, 9000)]
for _ in range(150):
    nv, nr = random.randint(1, 3000), random.randint(1, 3000)
    cases.append((min(nv, random.randint(0, 30)), nv, min(nr, random.randint(0, 30)), nr))
for _ in range(100):  # far tails
    nv, nr = random.randint(1, 2000), random.randint(1, 2000)
    cases.append((int(nv * random.random() ** .3), nv, int(nr * random.random() ** 2), nr))
for xv, nv, xr, nr in cases:
    p = fisher(xv, nv, xr, nr)
    if p > Fraction(1, 10 ** 300):
        rows.append(f"fisher {xv} {nv} {xr} {nr} {text(p)}")
with open("exact.txt", "w") as file:
    file.write("# made by make_exact.py\n" + "\n".join(rows) + "\n")

rows = []


def bisect(f, low, high):
    """Root of a rising function."""
    low, high = mpf(low), mpf(high)
    for _ in range(130):
        middle = (low + high) / 2
        if f(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def clopper(x, n, level):
    a = mpf(level)
    low = mpf(0) if x == 0 else bisect(lambda p: betainc(x, n - x + 1, 0, p, regularized=True) - a, 0, 1)
    high = mpf(1) if x == n else bisect(lambda p: betainc(x + 1, n - x, 0, p, regularized=True) - (1 - a), 0, 1)
    return low, high


for x, n, level in [(3, 1000, .05), (0, 1000, .05), (0, 6000, .0025), (5, 5, .01), (1, 2, .05), (0, 1, .05),
                    (40, 30000, .0004), (7, 126000, .01), (500, 1000, .05)] + [
        (random.randint(0, 20), random.randint(20, 5000), random.choice([.05, .01, .0025])) for _ in range(20)] + [
        (random.randint(0, n), n, 10 ** random.uniform(-12, -.4)) for n in [random.randint(1, 300) for _ in range(60)]]:
    low, high = clopper(x, n, level)
    rows.append(f"cp {x} {n} {level!r} {mp.nstr(low, 20)} {mp.nstr(high, 20)}")


def slope(xv, nv, xr, nr, pr, delta):
    """Derivative of the likelihood in the reference's rate, given the difference."""
    pv = pr + delta
    terms = [(xr, pr), (-(nr - xr), 1 - pr), (xv, pv), (-(nv - xv), 1 - pv)]
    if any(x > 0 and p <= 0 for x, p in terms):
        return mpf("inf")
    if any(x < 0 and p <= 0 for x, p in terms):
        return mpf("-inf")
    return sum((x / p for x, p in terms if x != 0), mpf(0))


def restricted(xv, nv, xr, nr, delta):
    low, high = max(mpf(0), -delta), min(mpf(1), 1 - delta)
    tiny = mpf(10) ** -35
    a, b = low + tiny, high - tiny
    if a >= b:
        return (low + high) / 2
    if slope(xv, nv, xr, nr, a, delta) <= 0:
        return low
    if slope(xv, nv, xr, nr, b, delta) >= 0:
        return high
    return bisect(lambda p: -slope(xv, nv, xr, nr, p, delta), a, b)


def score(xv, nv, xr, nr, delta):
    pr = restricted(xv, nv, xr, nr, delta)
    pv = pr + delta
    total = nv + nr
    var = (pv * (1 - pv) / nv + pr * (1 - pr) / nr) * total / (total - 1)
    return (mpf(xv) / nv - mpf(xr) / nr - delta) / sqrt(var)


def newcombe_free_mn(xv, nv, xr, nr, level):
    z = sqrt(mpf(2)) * erfinv(1 - 2 * mpf(level))
    seen = mpf(xv) / nv - mpf(xr) / nr
    eps = mpf(10) ** -25
    low = bisect(lambda d: z - score(xv, nv, xr, nr, d), -1 + eps, seen - eps)
    high = mpf(1) if seen == 1 else bisect(lambda d: -z - score(xv, nv, xr, nr, d), seen + eps, 1 - eps)
    return low, high


mp.dps = 30
for xv, nv, xr, nr, level in [(12, 1000, 4, 1000, .05), (0, 6000, 0, 6000, .05), (3, 1800, 0, 1900, .0083),
                              (40, 6000, 35, 6100, .01), (0, 38499, 0, 44053, .003125), (0, 900, 7, 800, .01),
                              (7, 800, 0, 900, .01), (1, 126000, 0, 126000, .0004), (800, 800, 890, 900, .05),
                              (5, 5, 0, 7, .05), (500, 1000, 480, 1000, .0025)] + [
        (random.randint(0, 15), random.randint(50, 4000), random.randint(0, 15), random.randint(50, 4000),
         random.choice([.05, .01, .008333])) for _ in range(30)]:
    low, high = newcombe_free_mn(xv, nv, xr, nr, level)
    rows.append(f"mn {xv} {nv} {xr} {nr} {level!r} {mp.nstr(low, 18)} {mp.nstr(high, 18)}")

for _ in range(40):
    sides = []
    squares, freedom = Fraction(0), 0
    for _side in range(2):
        n = random.randint(1, 8)
        trials = [random.randint(500, 700) for _ in range(n)]
        events = [min(t, int(random.expovariate(1 / 3)) if random.random() < .8 else 0) for t in trials]
        sides.append((n, events, trials))
        if n >= 2 and sum(events) > 0:
            for x, t in zip(events, trials):
                mean = Fraction(t * sum(events), sum(trials))
                squares += (x - mean) ** 2 / mean
            freedom += n - 1
    phi = mp.nstr(mpf((squares / freedom).numerator) / (squares / freedom).denominator, 20) if freedom else "nan"
    rows.append("disp " + " ".join(f"{n} {' '.join(map(str, e))} {' '.join(map(str, t))}" for n, e, t in sides) + f" {phi}")
with open("limits.txt", "w") as file:
    file.write("# made by make_exact.py\n" + "\n".join(rows) + "\n")
