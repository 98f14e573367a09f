# SPDX-License-Identifier: Apache-2.0
"""Rates of counts (docs/method.md 4.6) by SciPy: Fisher's test, Clopper-Pearson by beta quantiles,
Miettinen-Nurminen by direct maximisation of the restricted likelihood."""
import math

from scipy import stats
from scipy.optimize import brentq

from oracle_family import Gate, find, median, value
from oracle_laws import NAN, boundaries, order_bounds, tail


def mn_limits(xv, nv, xr, nr, level):
    """Score limits by direct maximisation of the restricted likelihood (SciPy's root finder)."""
    z = stats.norm.isf(level)

    def rates(delta):
        """The likeliest rates that differ by delta; searched in the smaller one, which keeps its digits."""
        up, down = max(delta, 0.0), max(-delta, 0.0)
        top = 1 - abs(delta)

        def slope(t):
            return sum(s * x / q for x, q, s in ((xr, t + down, 1), (nr - xr, 1 - down - t, -1),
                                                 (xv, t + up, 1), (nv - xv, 1 - up - t, -1)) if x)
        low, high = 1e-200, top * (1 - 1e-15)
        if slope(low) <= 0:
            return down, up
        if slope(high) >= 0:
            return top + down, top + up
        t = brentq(slope, low, high, xtol=1e-300, rtol=9e-16, maxiter=1000)
        return t + down, t + up

    def score(delta):
        pr, pv = rates(delta)
        var = (pv * (1 - pv) / nv + pr * (1 - pr) / nr) * (nv + nr) / (nv + nr - 1)
        return (xv / nv - xr / nr - delta) / math.sqrt(var)
    seen = xv / nv - xr / nr
    find_root = lambda f, a, b: brentq(f, a, b, xtol=1e-19, rtol=9e-16, maxiter=1000)
    return (find_root(lambda d: score(d) - z, -1 + 1e-9, seen - 1e-12),
            find_root(lambda d: score(d) + z, seen + 1e-12, 1 - 1e-9))


def fisher(xv, nv, xr, nr):
    return float(stats.fisher_exact([[int(xv), int(nv - xv)], [int(xr), int(nr - xr)]], alternative="greater")[1])


def whole(x):
    """Counts are whole numbers; halves go away from zero."""
    return math.copysign(math.floor(abs(x) + .5), x) if math.isfinite(x) else x


class CountGate(Gate):
    def __init__(self, session, family, gate, alpha, beta):
        super().__init__(session, family, gate, alpha, beta)
        self.parts = [find(session, self.m["events"]), find(session, self.m["trials"])]
        self.a, self.b = self.alpha / family.looks_max, self.beta / family.looks_max

    def count(self, row):
        events, trials = (whole(value(self.session, row, m)) for m in self.parts)
        return (trials - events if self.sign < 0 else events), trials

    def unusable(self, look):
        rows = self.family.rows(look, 2) + (self.family.rows(look, 1) if self.both() else [])
        if any(self.family.unusable(m, look, False, self.both()) for m in [self.metric] + self.parts):
            return True
        return any(not (n > 0 and 0 <= e <= n) for e, n in map(self.count, rows))

    def sums(self, look):
        sides = [[self.count(r) for r in self.family.rows(look, side)] for side in (1, 2)]
        return sides, [(sum(e for e, _ in side), sum(n for _, n in side)) for side in sides]

    def clustered(self, sides, sums):
        squares, freedom = 0.0, 0
        for side, (e, n) in zip(sides, sums):
            if len(side) > 1 and e > 0:
                squares += sum((c[0] - c[1] * e / n) ** 2 / (c[1] * e / n) for c in side)
                freedom += len(side) - 1
        return freedom > 0 and squares / freedom > 2

    def compare(self, look):
        """(estimate, low, high, p, risen) on the worse side"""
        family = self.family
        sides, sums = self.sums(look)
        (xr, nr), (xv, nv) = sums
        if self.clustered(sides, sums):
            d = []
            for _, a, b in family.pairs[:family.looks[look][0]]:
                rate = lambda row: self.count(row)[0] / self.count(row)[1]
                d += [rate(j) - rate(i) for j in b for i in a]
            d.sort()
            one, laws = ((family.looks[look][0], 1.0),), family.ranks[:family.looks[look][0]]
            fail = boundaries(laws, one, self.a)[0]
            low, high = order_bounds(d, fail, boundaries(laws, one, self.b)[0])
            above = sum(v > 0 for v in d)
            return median(d), low, high, tail(laws, above), fail is not None and above >= fail
        p = fisher(xv, nv, xr, nr)
        return xv / nv - xr / nr, mn_limits(xv, nv, xr, nr, self.a)[0], mn_limits(xv, nv, xr, nr, self.b)[1], p, p <= self.a

    def ask_tolerance(self, look):
        res, gate = self.result, self.gate
        floor = 0 if math.isnan(gate["floor"]) else gate["floor"]
        tolerance = (0 if floor > 0 else 0.001) if math.isnan(gate["tolerance"]) else gate["tolerance"]
        tau = max(tolerance, floor)
        sides, ((xr, nr), (xv, nv)) = self.sums(look)
        estimate, low, high, p, risen = self.compare(look)
        risen = risen and sum(e > 0 for e, _ in sides[1]) >= 2
        if high < tau:
            self.tolerance = "good"
        elif risen and estimate >= tau:
            self.tolerance = "bad"
        p_all = (xr + xv + 2) / (nr + nv + 2)
        res.update(tolerance=tau, p=min(1, p * self.family.looks_max),
                   beyond=int(self.tolerance == "bad" and low > tau),
                   detectable=(stats.norm.isf(.1) + stats.norm.isf(self.a)) * math.sqrt(p_all * (1 - p_all) * (1 / nr + 1 / nv)))
        self.show(look, estimate, low, high)

    def show(self, look, estimate, low, high):
        _, ((xr, nr), (xv, nv)) = self.sums(look)
        s = self.sign
        self.result.update(change=s * estimate, raw=s * estimate, low=low if s > 0 else -high,
                           high=high if s > 0 else -low, improved=int(fisher(xr, nr, xv, nv) <= self.a))

    def ask_limit(self, look):
        xv, nv = self.sums(look)[1][1]
        low = 0.0 if xv == 0 else float(stats.beta.ppf(self.a, xv, nv - xv + 1))
        high = 1.0 if xv == nv else float(stats.beta.isf(self.b, xv + 1, nv - xv))
        limit = self.gate["limit"] if self.sign > 0 else 1 - self.gate["limit"]
        if high <= limit:
            self.limit = "good"
        elif low > limit:
            self.limit = "bad"
        self.result.update(vlow=low if self.sign > 0 else 1 - high, vhigh=high if self.sign > 0 else 1 - low)

    def tell(self, look):
        (xr, nr), (xv, nv) = self.sums(look)[1]
        turned = lambda rate: 1 - rate if self.sign < 0 else rate
        self.result["value"] = turned(xv / nv)
        if self.compares:
            self.result["reference"] = turned(xr / nr)
            return
        self.compares = True  # the reference too must be usable before it is shown
        if not self.unusable(look):
            self.result["reference"] = turned(xr / nr)
            estimate = self.compare(look)[0]
            self.show(look, estimate, NAN, NAN)
