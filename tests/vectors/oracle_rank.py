# SPDX-License-Identifier: Apache-2.0
"""Metrics on the log and the linear scale (docs/method.md 4.3, 4.4, 4.7), and exact ones."""
import math

import numpy as np

from oracle_family import Gate, blank, find, median, value
from oracle_laws import NAN, boundaries, detectable, level, order_bounds, tail


def covariates(session):
    return [i for i, m in enumerate(session["metrics"]) if m["role"] == "covariate"]


def covariate_z(session, k, row):
    x = value(session, row, k)
    if session["metrics"][k]["scale"] == "log":
        return math.log(x) if x > 0 and math.isfinite(x) else NAN
    return x if math.isfinite(x) else NAN


# slope, own SD, |h| without a measurement
PROBED = {"core_contention": (3, 0.01, 0.2), "cache_contention": (0.15, 0.1, 0.8)}


def expected_slope(names, index, spread):
    """names: of the control variates that can be used."""
    if names[index] in PROBED:
        slope, own, _ = PROBED[names[index]]
        return slope * spread / (spread + own ** 2)
    wide = 0.45 if PROBED.keys() & set(names.values()) else 0.9
    return wide * spread / (spread + 0.04 ** 2) if index == 0 else 0.0


def coupled(gamma, names, couplings):
    """Sum of |gamma| |h|: what one CPU of the service moves the control variates by, in units of the metric.
    couplings: of the first control variate ("h") and of the probe's, by name."""
    def h(i):
        if names[i] in PROBED:
            return couplings.get(names[i], PROBED[names[i]][2])
        return couplings["h"] if i == 0 else 0

    return sum(abs(g) * h(i) for i, g in enumerate(gamma))


def trust(observed, predicted, freedom):
    """How much of a fit is left after doubt: what it explains against what it leaves, by residuals."""
    if freedom == 0:
        return 1.0
    left = float(((observed - predicted) ** 2).sum())
    explained = float((observed ** 2).sum()) - left
    return max(0.0, 1 - 2 * left / freedom / explained) if explained > 0 else 0.0


def slopes(session, family, metric, sign):
    """gamma of every block of the session: least squares with the prior as pseudo observations, then doubted."""
    ks = covariates(session)
    blocks = family.all_blocks
    usable = [[all(not math.isnan(covariate_z(session, k, r)) for rows in b.values() for r in rows) for k in ks]
              for b in blocks]
    squares, number = np.zeros(len(ks)), np.zeros(len(ks))
    out = []
    for b, cells in enumerate(blocks):
        active = [j for j in range(len(ks)) if usable[b][j]]
        for j in active:
            z = np.array([covariate_z(session, ks[j], r) for rows in cells.values() for r in rows])
            z = z - z[0]  # a constant has a square of exactly 0
            squares[j] += ((z - z.mean()) ** 2).sum()
            number[j] += len(z)
        gamma = np.zeros(len(ks))
        varying = [j for j in active if squares[j] > 0]
        if varying:
            design, target, freedom = [], [], 0
            for c in range(b):
                if not all(usable[c][j] for j in active):
                    continue
                for rows in blocks[c].values():
                    x = [value(session, r, metric) for r in rows]
                    if any(not (v > 0 and math.isfinite(v)) for v in x):
                        continue
                    y = sign * np.log(x)
                    z = np.array([[covariate_z(session, ks[j], r) for j in varying] for r in rows])
                    design.append(z - z.mean(axis=0))
                    target.append(y - y.mean())
                    freedom += len(rows) - 1
            spread = squares[varying] / number[varying]
            weight = np.sqrt(3 * spread)
            names = {j: session["metrics"][ks[j]]["name"] for j in active}
            prior = np.array([expected_slope(names, j, v) for j, v in zip(varying, spread)])
            ridge = np.linalg.lstsq(np.vstack(design + [np.diag(weight)]),
                                    np.concatenate(target + [weight * prior]), rcond=None)[0]
            if freedom:
                seen = np.concatenate(target)
                ridge = ridge * trust(seen, np.vstack(design) @ ridge, freedom)
            gamma[varying] = ridge
        out.append((gamma, active, bool(varying)))
    return out


CERTIFICATE = [("requests", .005, 0), ("network_rx_per_request", .02, 0), ("network_tx_per_request", .02, 0),
               ("bytes_received_per_request", .02, 0), ("bytes_sent_per_request", .02, 0),
               ("connections_per_request", 0, .01)]


def same_work(session, family, look):
    for l in range(look + 1):
        for name, relative, absolute in CERTIFICATE:
            m = find(session, name)
            if m < 0:
                continue
            a, b = median(family.values(l, 1, m)), median(family.values(l, 2, m))
            if not abs(b - a) <= absolute + relative * abs(a):
                return False
    return True


class Ranks:
    """The differences of one metric, raw and adjusted, look by look."""

    def __init__(self, session, family, metric):
        self.session, self.family, self.metric = session, family, metric
        m = session["metrics"][metric]
        self.log = m["scale"] == "log"
        self.sign = -1 if m["better"] == "higher" else 1
        self.can_adjust = bool(m["adjust"] and self.log and covariates(session) and not family.alone)
        self.gammas = slopes(session, family, metric, self.sign) if self.can_adjust else None

    def y(self, row, block, adjusted):
        x = value(self.session, row, self.metric)
        y = self.sign * (math.log(x) if self.log else x)
        if adjusted:
            gamma, active, _ = self.gammas[block]
            ks = covariates(self.session)
            y -= sum(gamma[j] * covariate_z(self.session, ks[j], row) for j in active)
        return y

    def adjusted(self, look):
        blocks = self.family.pairs[:self.family.looks[look][0]]
        return (self.can_adjust and same_work(self.session, self.family, look)
                and any(self.gammas[i][2] for i, _, _ in blocks))

    def bias(self, look):
        if not self.adjusted(look):
            return 0.0
        m = find(self.session, "cpu_cores")
        used = median(self.family.values(0, 1, m)) if m >= 0 else 0
        g = np.mean([self.gammas[i][0] for i, _, _ in self.family.pairs[:self.family.looks[look][0]]], axis=0)
        names = [self.session["metrics"][k]["name"] for k in covariates(self.session)]
        return min(1.0, coupled(g, names, self.session["couplings"]) * used)

    def differences(self, look, adjusted):
        d = []
        for block, a, b in self.family.pairs[:self.family.looks[look][0]]:
            x = [self.y(r, block, adjusted) for r in a]
            d += [v - w for v in (self.y(r, block, adjusted) for r in b) for w in x]
        return d

    def noise(self, look, adjusted):
        squares, freedom = 0.0, 0
        for block, a, b in self.family.pairs[:self.family.looks[look][0]]:
            for rows in (a, b):
                g = np.array([self.y(r, block, adjusted) for r in rows])
                squares += float(((g - g.mean()) ** 2).sum())
                freedom += len(g) - 1
        if freedom:
            return math.sqrt(squares / freedom)
        d = np.array(self.differences(look, adjusted))
        return float(np.std(d, ddof=1)) / math.sqrt(2) if len(d) > 1 else NAN

    def back(self, theta):
        return math.expm1(self.sign * theta) if self.log else self.sign * theta

    def told(self, look, estimate, low, high, adjusted):
        bounds = (self.back(low), self.back(high))
        noise_raw = self.noise(look, False)
        return dict(change=self.back(estimate), low=bounds[0] if self.sign > 0 else bounds[1],
                    high=bounds[1] if self.sign > 0 else bounds[0], adjusted=int(adjusted),
                    raw=self.back(median(self.differences(look, False))), noise_raw=noise_raw,
                    noise=self.noise(look, True) if adjusted else noise_raw)


class RankGate(Gate):
    def __init__(self, session, family, gate, alpha, beta):
        super().__init__(session, family, gate, alpha, beta)
        self.ranks = Ranks(session, family, self.metric)

    def unusable(self, look):
        return self.family.unusable(self.metric, look, self.ranks.log, self.both())

    def threshold(self, tolerance):
        reference = median(self.family.values(0, 1, self.metric))
        floor = 0 if math.isnan(self.gate["floor"]) else self.gate["floor"]
        return math.log1p(max(tolerance, floor / reference)) if self.ranks.log else max(tolerance, floor)

    def ask_tolerance(self, look):
        family, ranks, res = self.family, self.ranks, self.result
        tolerance = self.gate["tolerance"]
        theta1 = self.threshold((0.05 if ranks.log else 0) if math.isnan(tolerance) else tolerance)
        warn1 = NAN if math.isnan(self.gate["warn"]) else self.threshold(self.gate["warn"])
        adjusted, bias = ranks.adjusted(look), ranks.bias(look)
        d = sorted(ranks.differences(look, adjusted))
        fail = boundaries(family.ranks, family.looks, self.alpha)[look]
        low, high = order_bounds(d, fail, boundaries(family.ranks, family.looks, self.beta)[look])
        estimate = median(d)
        if high < theta1 * (1 - bias):
            self.tolerance = "good"
        elif low > 0 and estimate >= theta1 * (1 + bias):
            self.tolerance = "bad"
        p = level(family.ranks, family.looks, look, sum(x > 0 for x in d), self.alpha)
        res["p"] = p if math.isnan(res["p"]) else min(res["p"], p)
        res.update(ranks.told(look, estimate, low, high, adjusted))
        res.update(tolerance=math.expm1(theta1) if ranks.log else theta1,
                   improved=int(fail is not None and sum(x < 0 for x in d) >= fail),
                   beyond=int(self.tolerance == "bad" and low > theta1 * (1 + bias)),
                   warn=int(self.tolerance == "good" and low > 0 and estimate >= warn1))
        self.compared = look

    def beyond(self, x):
        """M18a: the number at which "all above it, and so far" is as rare as alpha, by bisection."""
        n, spread = len(x), x[-1] - x[0]
        if n < 3:
            return NAN
        if spread == 0:
            return x[0]

        def chance(distance):  # of the largest value from the number
            return 2.0 ** -n * (spread / distance) ** (n - 1)

        near, far = spread, spread
        while chance(far) > self.alpha:
            near, far = far, 2 * far
        for _ in range(200):
            middle = (near + far) / 2
            near, far = (middle, far) if chance(middle) > self.alpha else (near, middle)
        low = x[-1] - far
        return NAN if self.m["scale"] == "log" and self.sign > 0 and low <= 0 else low

    def ask_limit(self, look):
        family, sign = self.family, self.sign
        x = sorted(sign * v for v in family.values(look, 2, self.metric))
        fail = boundaries(family.coins, family.looks, self.alpha)[look]
        low, high = order_bounds(x, fail, boundaries(family.coins, family.looks, self.beta)[look])
        if fail is None and look + 1 == family.looks_max:
            low = self.beyond(x)
        if high <= sign * self.gate["limit"]:
            self.limit = "good"
        elif low > sign * self.gate["limit"]:
            self.limit = "bad"
        self.result.update(vlow=low if sign > 0 else -high, vhigh=high if sign > 0 else -low)

    def tell(self, look):
        res, family, ranks = self.result, self.family, self.ranks
        res["value"] = median(family.values(look, 2, self.metric))
        if family.alone:
            return
        res["reference"] = median(family.values(look, 1, self.metric))
        if self.compares:
            at = family.looks[:self.compared + 1]
            shift = detectable(family.shapes[:at[-1][0]], at,
                               tuple(boundaries(family.ranks, family.looks, self.alpha)[:self.compared + 1]))
            res["detectable"] = math.expm1(shift * res["noise"]) if ranks.log else shift * res["noise"]
        elif not family.unusable(self.metric, look, ranks.log, True):
            adjusted = ranks.adjusted(look)
            res.update(ranks.told(look, median(ranks.differences(look, adjusted)), NAN, NAN, adjusted))


class ExactGate(Gate):
    """No statistics: judged by the extremes of both sides."""

    def unusable(self, look):
        return self.family.unusable(self.metric, look, False, self.both())

    def sides(self, look):
        return [[self.sign * v for v in self.family.values(look, side, self.metric)] for side in (1, 2)]

    def allowed(self, reference):
        zero = lambda x: 0 if math.isnan(x) else x
        return max(zero(self.gate["tolerance"]) * abs(reference), zero(self.gate["floor"]))

    def ask_tolerance(self, look):
        a, b = self.sides(look)
        if max(b) - min(a) <= self.allowed(min(a)):
            self.tolerance = "good"
        elif min(b) - max(a) > self.allowed(max(a)):
            self.tolerance = "bad"
        self.compared = look

    def ask_limit(self, look):
        b, limit = self.sides(look)[1], self.sign * self.gate["limit"]
        if max(b) <= limit:
            self.limit = "good"
        elif min(b) > limit:
            self.limit = "bad"
        low, high = sorted((self.sign * min(b), self.sign * max(b)))
        self.result.update(vlow=low, vhigh=high)

    def tell(self, look):
        res, family = self.result, self.family
        res["value"] = median(family.values(look, 2, self.metric))
        if family.alone:
            return
        res["reference"] = median(family.values(look, 1, self.metric))
        if not self.compares and family.unusable(self.metric, look, False, True):
            return
        a, b = self.sides(self.compared if self.compares else look)
        varies = min(a) < max(a) or min(b) < max(b)
        scale = abs(res["reference"]) or 1.0
        change = (res["value"] - res["reference"]) / scale
        res.update(change=change, raw=change, improved=int(max(b) < min(a)), noise=NAN if varies else 0.0)
        res["noise_raw"] = res["noise"]
        if not self.compares:
            return
        res.update(low=NAN if varies else change, high=NAN if varies else change, detectable=NAN if varies else 0.0,
                   tolerance=self.allowed(res["reference"]) / scale,
                   warn=int(self.tolerance == "good" and (varies or self.sign * change > self.gate["warn"])))


def ungated(session, family, metric, alpha, beta):
    """Numbers for information: one look at all of the data, the whole error, p from both sides."""
    res = blank(alpha=alpha)
    res["verdict"] = "pass"
    if not family.looks:
        return blank() | dict(verdict="pass")
    look = len(family.looks) - 1
    res["value"] = median(family.values(look, 2, metric))
    if family.alone:
        return res
    res["reference"] = median(family.values(look, 1, metric))
    m = session["metrics"][metric]
    if family.unusable(metric, look, m["scale"] == "log", True):
        return res
    if m["scale"] == "exact":
        a, b = family.values(look, 1, metric), family.values(look, 2, metric)
        scale = abs(res["reference"]) or 1.0
        res["change"] = res["raw"] = (res["value"] - res["reference"]) / scale
        if len(set(a)) == 1 and len(set(b)) == 1:
            res["noise"] = res["noise_raw"] = 0.0
        return res
    ranks = Ranks(session, family, metric)
    adjusted = ranks.adjusted(look)
    d = sorted(ranks.differences(look, adjusted))
    one, laws = ((family.looks[look][0], 1.0),), family.ranks[:family.looks[look][0]]
    low, high = order_bounds(d, boundaries(laws, one, alpha)[0], boundaries(laws, one, beta)[0])
    res.update(ranks.told(look, median(d), low, high, adjusted))
    res["p"] = min(1.0, 2 * min(tail(laws, sum(x > 0 for x in d)), tail(laws, sum(x < 0 for x in d))))
    return res
