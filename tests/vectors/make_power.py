# SPDX-License-Identifier: Apache-2.0
"""power.txt: chances of a gate before any data, from 200,000 simulated sessions a row (standard
error 0.11 percentage points at most): ranks first most alpha beta tolerance shift, in SDs of one
repetition | signs first most alpha beta within, the chance of one value to stay within the limit;
then pass, fail, mean repetitions."""
import math
from fractions import Fraction

import numpy as np

SESSIONS = 200_000
random = np.random.default_rng(20)
RANKS = [Fraction(k, 20) for k in (1, 1, 2, 3, 3, 3, 3, 2, 1, 1)]
SIGNS = [Fraction(k, 8) for k in (1, 3, 3, 1)]


def critical(law, first, last, error):
    """Smallest integers with which the error spent stays within error·look/last, exact; else None."""
    mass, spent, out = [Fraction(1)], Fraction(0), []
    for block in range(1, last + 1):
        mass = [sum(mass[i] * law[k - i] for i in range(len(mass)) if 0 <= k - i < len(law))
                for k in range(len(mass) + len(law) - 1)]
        if block < first:
            continue
        budget, tail, u = Fraction(error) * block / last - spent, Fraction(0), None
        for k in range(len(mass) - 1, -1, -1):
            if tail + mass[k] > budget:
                break
            tail += mass[k]
            if mass[k] > 0:
                u = k
        out.append(u)
        if u is not None:
            spent += tail
            mass[u:] = [Fraction(0)] * (len(mass) - u)
    return out


def reached(counts, u):
    return np.zeros(len(counts), bool) if u is None else counts >= u


def follow(first, last, look):
    """Sessions through their looks; `look(block)` adds a block and says who passes, who fails."""
    state = np.zeros(SESSIONS, int)
    n = np.full(SESSIONS, 3 * last)
    for block in range(1, last + 1):
        passes, fails = look(block)
        if block < first:
            continue
        for found, name in ((passes, 1), (fails, 2)):
            now = found & (state == 0)
            state[now], n[now] = name, 3 * block
    return (state == 1).mean(), (state == 2).mean(), n.mean()


def ranks(first, last, alpha, beta, tolerance, shift):
    good, bad = critical(RANKS, first, last, beta), critical(RANKS, first, last, alpha)
    differences = np.empty((SESSIONS, 0), np.float32)

    def look(block):
        nonlocal differences
        reference = random.normal(size=(SESSIONS, 1, 3)).astype(np.float32)
        variant = random.normal(shift, 1, size=(SESSIONS, 3, 1)).astype(np.float32)
        differences = np.concatenate([differences, (variant - reference).reshape(SESSIONS, 9)], 1)
        if block < first:
            return None, None
        passes = reached((differences < tolerance).sum(1), good[block - first])
        worse = reached((differences > 0).sum(1), bad[block - first])
        return passes, worse & (np.median(differences, 1) >= tolerance)

    return follow(first, last, look)


def signs(first, last, alpha, beta, within):
    good, bad = critical(SIGNS, first, last, beta), critical(SIGNS, first, last, alpha)
    counts = np.zeros(SESSIONS, int)

    def look(block):
        nonlocal counts
        counts = counts + random.binomial(3, within, SESSIONS)
        if block < first:
            return None, None
        return (reached(counts, good[block - first]),
                reached(3 * block - counts, bad[block - first]))

    return follow(first, last, look)


def main():
    with open("power.txt", "w") as out:
        print("# made by make_power.py", file=out)
        for first, last, alpha, cv in [(2, 7, "0.01", 0.03), (2, 7, "0.01", 0.05),
                                       (2, 7, "0.01", 0.1), (2, 7, "0.00125", 0.02),
                                       (2, 7, "0.00125", 0.03), (2, 4, "0.0025", 0.03),
                                       (2, 7, "0.0025", 0.05), (3, 10, "0.0025", 0.05),
                                       (2, 2, "0.01", 0.02)]:
            for effect in (0, 0.02, 0.05, 0.1):
                tolerance, shift = math.log1p(0.05) / cv, math.log1p(effect) / cv
                answer = ranks(first, last, Fraction(alpha), Fraction("0.05"), tolerance, shift)
                print("ranks", first, last, alpha, 0.05, tolerance, shift,
                      *(f"{x:.5f}" for x in answer), file=out)
        for first, last, alpha in [(2, 7, "0.01"), (2, 7, "0.00125"), (3, 10, "0.0025")]:
            for within in (0.05, 0.5, 0.8, 0.95, 0.999):
                answer = signs(first, last, Fraction(alpha), Fraction("0.05"), within)
                print("signs", first, last, alpha, 0.05, within, *(f"{x:.5f}" for x in answer),
                      file=out)


main()
