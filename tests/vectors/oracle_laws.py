# SPDX-License-Identifier: Apache-2.0
"""Laws and boundaries of docs/method.md 4.3 in other ways than the C code: laws by listing orders,
integers over one denominator for the boundaries, the detectable shift by weighing every order."""
import itertools
import math
from fractions import Fraction
from functools import lru_cache
from math import comb

import numpy as np
from scipy import stats

NAN = math.nan
SLACK = 1 + Fraction(1, 10 ** 12)


@lru_cache(None)
def places(m, n):
    """Of all orders of m + n values the places of the n: one order a row; and the count U of each."""
    rows = np.array(list(itertools.combinations(range(m + n), n)), dtype=int).reshape(comb(m + n, n), n)
    return rows, (rows - np.arange(n)).sum(axis=1)


@lru_cache(None)
def order_law(m, n):
    return tuple(int(x) for x in np.bincount(places(m, n)[1], minlength=m * n + 1))


@lru_cache(None)
def coin_law(n):
    return tuple(comb(n, k) for k in range(n + 1))


def convolve(a, b):
    out = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                out[i + j] += x * y
    return out


@lru_cache(None)
def boundaries(laws, looks, alpha, slack=SLACK):
    """laws: tuple of tuples of integers; looks: tuple of (blocks, share). None: no sum is critical."""
    mass, scale, spent, block, critical = [1], 1, Fraction(0), 0, []
    for blocks, share in looks:
        for law in laws[block:blocks]:
            mass, scale = convolve(mass, law), scale * sum(law)
        block = blocks
        budget = (Fraction(alpha) * Fraction(share) * slack - spent) * scale
        tail, best = 0, None
        for u in range(len(mass) - 1, -1, -1):
            tail += mass[u]
            if tail > budget:
                break
            if mass[u]:
                best = u
        critical.append(best)
        if best is not None:
            spent += Fraction(sum(mass[best:]), scale)
            mass = mass[:best] + [0] * (len(mass) - best)
    return critical


def tail(laws, total):
    """P(U ≥ total) over all these blocks."""
    mass = [1]
    for law in laws:
        mass = convolve(mass, law)
    return float(Fraction(sum(mass[total:]), sum(mass)))


@lru_cache(None)
def level(laws, looks, look, total, alpha):
    """Smallest error at which `total` is critical at `look`, on alpha's side, by bisection."""
    def reached(a, slack):
        u = boundaries.__wrapped__(laws[:looks[look][0]], looks[:look + 1], a, slack)[look]
        return u is not None and total >= u
    low, high = (0.0, alpha) if reached(alpha, SLACK) else (alpha, 1.0)
    for _ in range(200):
        if high - low <= 1e-14 * high:
            break
        middle = low + (high - low) / 2
        if reached(middle, 1):
            high = middle
        else:
            low = middle
    return high


def weighed_law(m, n, hazard):
    """Law of U under proportional hazards: an order's probability is the product over its draws."""
    rows, u = places(m, n)
    chosen = np.zeros((len(rows), m + n), dtype=bool)
    np.put_along_axis(chosen, rows, True, axis=1)
    variants = n - np.cumsum(chosen, axis=1) + chosen  # left before each draw
    references = m - np.cumsum(~chosen, axis=1) + ~chosen
    p = np.where(chosen, variants * hazard, references) / (references + variants * hazard)
    return np.bincount(u, weights=p.prod(axis=1), minlength=m * n + 1)


@lru_cache(None)
def detectable(shapes, looks, critical):
    """The shift in SDs found with 90 % probability up to the last of these looks."""
    def power(shift):
        above = stats.norm.cdf(shift / math.sqrt(2))
        laws = {s: weighed_law(*s, (1 - above) / above) for s in set(shapes)}
        mass, block, crossed = np.ones(1), 0, 0.0
        for (blocks, _), u in zip(looks, critical):
            for shape in shapes[block:blocks]:
                mass = np.convolve(mass, laws[shape])
            block = blocks
            if u is not None:
                crossed += mass[u:].sum()
                mass[u:] = 0
        return crossed
    if power(8.0) < .9:
        return NAN
    low, high = 0.0, 8.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if power(middle) < .9 else (low, middle)
    return high


def order_bounds(values, fail, good):
    """(L, B) of ascending values; NaN where no critical integer exists."""
    n = len(values)
    low = values[n - fail] if fail is not None and 1 <= fail <= n else NAN
    high = values[good - 1] if good is not None and 1 <= good <= n else NAN
    return low, high
