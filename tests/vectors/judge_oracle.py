# SPDX-License-Identifier: Apache-2.0
"""The decision procedure of docs/method.md 4.1 to 4.4, 4.6 and 4.7 once more, in other ways than the
C code: laws by listing orders, integers over one denominator for the boundaries, NumPy and SciPy for
the rest. Sessions are plain dicts; judge(session) gives a list of expected results."""
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
def order_law(m, n):
    out = [0] * (m * n + 1)
    for places in itertools.combinations(range(m + n), n):
        out[sum(place - i for i, place in enumerate(places))] += 1
    return out


@lru_cache(None)
def coin_law(n):
    return [comb(n, k) for k in range(n + 1)]


def convolve(a, b):
    out = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                out[i + j] += x * y
    return out


@lru_cache(None)
def boundaries(laws, looks, alpha):
    """laws: tuple of tuples of integers; looks: tuple of (blocks, share). None: no sum is critical."""
    mass, scale, spent, block, critical = [1], 1, Fraction(0), 0, []
    for blocks, share in looks:
        for law in laws[block:blocks]:
            mass, scale = convolve(mass, law), scale * sum(law)
        block = blocks
        budget = (Fraction(alpha) * Fraction(share) * SLACK - spent) * scale
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


@lru_cache(None)
def level(laws, looks, look, total, alpha):
    """Smallest error at which `total` is critical at `look`, on alpha's side, by bisection."""
    at = lambda a: boundaries(laws, looks[:look + 1], a)[look]
    crossed = at(alpha) is not None and total >= at(alpha)
    low, high = (0.0, alpha) if crossed else (alpha, 1.0)
    for _ in range(200):
        if high - low <= 1e-13 * high:
            break
        middle = low + (high - low) / 2
        u = at(middle)
        if u is not None and total >= u:
            high = middle
        else:
            low = middle
    return high


def order_bounds(values, fail, good):
    """(L, B) of ascending values; NaN where no critical integer exists."""
    n = len(values)
    low = values[n - fail] if fail is not None and 1 <= fail <= n else NAN
    high = values[good - 1] if good is not None and 1 <= good <= n else NAN
    return low, high


class Family:
    """Blocks and looks of one variant against the reference."""

    def __init__(self, session, variant):
        self.session, self.variant = session, variant
        plan = session["plan"]
        order = []
        for r in session["reps"]:
            if r["block"] not in order:
                order.append(r["block"])
        cells = {b: {} for b in order}
        for i, r in enumerate(session["reps"]):
            cells[r["block"]].setdefault(r["variant"], []).append(i)
        size = plan["size"]
        if plan["planned"]:
            def left(v, b):
                """A decided variant leaves: measured in an earlier block, and in none from b on."""
                at = order.index(b)
                return (v != session["reference"] and any(v in cells[c] for c in order[:at])
                        and not any(v in cells[c] for c in order[at:]))
            order = [b for b in order
                     if all(len(cells[b].get(v, [])) >= size or left(v, b) for v in session["variants"])]
        self.all_blocks = [cells[b] for b in order]
        pairs = [(i, c[session["reference"]], c[variant]) for i, c in enumerate(self.all_blocks)
                 if session["reference"] in c and variant in c]
        if plan["planned"]:
            first, last = -(-plan["min"] // size), plan["max"] // size
            pairs = pairs[:last]
            self.looks = tuple((b, b / last) for b in range(first, last + 1) if b <= len(pairs))
            self.looks_max = last - first + 1
        else:
            self.looks = ((len(pairs), 1.0),) if pairs else ()
            self.looks_max = 1
        self.pairs = pairs
        self.ranks = tuple(tuple(order_law(len(a), len(b))) for _, a, b in pairs)
        self.coins = tuple(tuple(coin_law(len(b))) for _, a, b in pairs)

    def rows(self, look, side):
        out = []
        for pair in self.pairs[:self.looks[look][0]]:
            out += pair[side]
        return out


def value(session, row, metric):
    return session["reps"][row]["values"][metric]


def median(x):
    return float(np.median(np.array(x, dtype=float))) if all(math.isfinite(v) for v in x) else NAN


def covariate_z(session, k, row):
    m = session["metrics"][k]
    x = value(session, row, k)
    if m["scale"] == "log":
        return math.log(x) if x > 0 and math.isfinite(x) else NAN
    return x if math.isfinite(x) else NAN


def slopes(session, family, metric, sign):
    """gamma of every block of the session: least squares with the prior as pseudo observations."""
    ks = [i for i, m in enumerate(session["metrics"]) if m["role"] == "covariate"]
    blocks = family.all_blocks
    usable = [[all(not math.isnan(covariate_z(session, k, r)) for rows in b.values() for r in rows) for k in ks]
              for b in blocks]
    squares, number = np.zeros(len(ks)), np.zeros(len(ks))
    out = []
    for b, cells in enumerate(blocks):
        active = [j for j in range(len(ks)) if usable[b][j]]
        for j in active:
            z = np.array([covariate_z(session, ks[j], r) for rows in cells.values() for r in rows])
            squares[j] += ((z - z.mean()) ** 2).sum()
            number[j] += len(z)
        gamma = np.zeros(len(ks))
        varying = [j for j in active if squares[j] > 0]
        if varying:
            design, target = [], []
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
            weight = np.sqrt(3 * squares[varying] / number[varying])
            prior = np.array([0.9 if j == 0 else 0.0 for j in varying])
            design.append(np.diag(weight))
            target.append(weight * prior)
            gamma[varying] = np.linalg.lstsq(np.vstack(design), np.concatenate(target), rcond=None)[0]
        out.append((gamma, active))
    return ks, out


CERTIFICATE = [("requests", .005, 0), ("network_rx_per_request", .02, 0), ("network_tx_per_request", .02, 0),
               ("connections_per_request", 0, .01)]


def find(session, name):
    for i, m in enumerate(session["metrics"]):
        if m["name"] == name:
            return i
    return -1


def same_work(session, family, look):
    for l in range(look + 1):
        for name, relative, absolute in CERTIFICATE:
            m = find(session, name)
            if m < 0:
                continue
            a = [value(session, r, m) for r in family.rows(l, 1)]
            b = [value(session, r, m) for r in family.rows(l, 2)]
            if any(not math.isfinite(v) for v in a + b):
                return False
            if abs(median(b) - median(a)) > absolute + relative * abs(median(a)):
                return False
    return True


def unusable(session, family, metric, look, positive, both):
    rows = family.rows(look, 2) + (family.rows(look, 1) if both else [])
    return any(not math.isfinite(value(session, r, metric)) or (positive and value(session, r, metric) <= 0)
               for r in rows)


def sd_inside(groups):
    squares, freedom = 0.0, 0
    for g in groups:
        g = np.array(g)
        squares += float(((g - g.mean()) ** 2).sum())
        freedom += len(g) - 1
    return math.sqrt(squares / freedom) if freedom else NAN


def rank_gate(session, family, gate, alpha, beta):
    metric = gate["metric"]
    m = session["metrics"][metric]
    log = m["scale"] == "log"
    sign = -1 if m["better"] == "higher" else 1
    to_y = lambda x: sign * (math.log(x) if log else x)
    compares = not (math.isnan(gate["tolerance"]) and math.isnan(gate["floor"]) and not math.isnan(gate["limit"]))
    limits = not math.isnan(gate["limit"])
    share = alpha
    if compares and limits:
        alpha = alpha / 2
    ks = [i for i, x in enumerate(session["metrics"]) if x["role"] == "covariate"]
    can_adjust = bool(m["adjust"] and log and ks)
    gammas = slopes(session, family, metric, sign)[1] if can_adjust else None
    theta1 = NAN
    answer = {"t": "open" if compares else "none", "l": "open" if limits else "none"}
    at = {"t": None, "l": None}
    res = dict(verdict="inconclusive", decided=0, alpha=share, change=NAN, low=NAN, high=NAN, tolerance=gate["tolerance"],
               reference=NAN, value=NAN, vlow=NAN, vhigh=NAN, p=NAN, noise=NAN, noise_raw=NAN, raw=NAN, adjusted=0,
               improved=0, beyond=0, warn=0)
    empty = dict(res, verdict="invalid")
    p = NAN
    last = None
    frozen = None
    for look in range(len(family.looks)):
        if unusable(session, family, metric, look, log, compares):
            return dict(empty, decided=len(family.rows(look, 2))), look
        last = look
        if answer["t"] == "open":
            if look == 0:
                reference = median([value(session, r, metric) for r in family.rows(0, 1)])
                floor = 0 if math.isnan(gate["floor"]) else gate["floor"]
                tolerance = (0.05 if log else 0) if math.isnan(gate["tolerance"]) else gate["tolerance"]
                theta = lambda r: math.log1p(max(r, floor / reference)) if log else max(r, floor)
                theta1 = theta(tolerance)
                warn1 = theta(gate["warn"]) if not math.isnan(gate["warn"]) else NAN
            adjusted = can_adjust and same_work(session, family, look) and any(
                gammas[i][1] for i, _, _ in family.pairs[:family.looks[look][0]])
            d = rank_differences(session, family, metric, to_y, look, ks, gammas if adjusted else None)
            bias = 0.0
            if adjusted:
                u = find(session, "cpu_cores")
                used = median([value(session, r, u) for r in family.rows(0, 1)]) if u >= 0 else 0
                g = np.mean([gammas[i][0][0] for i, _, _ in family.pairs[:family.looks[look][0]]])
                bias = min(1.0, abs(g) * session.get("h", 0.5) * used)
            d = sorted(d)
            total = sum(x > 0 for x in d)
            fail = boundaries(family.ranks, family.looks, alpha)[look]
            good = boundaries(family.ranks, family.looks, beta)[look]
            low, high = order_bounds(d, fail, good)
            estimate = median(d)
            if session.get("levels", True):
                here = level(family.ranks, family.looks, look, total, alpha)
                p = here if math.isnan(p) else min(p, here)
            if high < theta1 * (1 - bias):
                answer["t"] = "good"
            elif low > 0 and estimate >= theta1 * (1 + bias):
                answer["t"] = "bad"
            at["t"] = look
            back = lambda t: (math.expm1(sign * t) if log else sign * t)
            bounds = (back(low), back(high))
            raw = median(rank_differences(session, family, metric, to_y, look, ks, None))
            res.update(change=back(estimate), low=bounds[0] if sign > 0 else bounds[1],
                       high=bounds[1] if sign > 0 else bounds[0],
                       tolerance=math.expm1(theta1) if log else theta1, adjusted=int(adjusted), p=p, raw=back(raw),
                       improved=int(fail is not None and sum(x < 0 for x in d) >= fail),
                       beyond=int(answer["t"] == "bad" and low > theta1 * (1 + bias)),
                       warn=int(answer["t"] == "good" and low > 0 and estimate >= warn1))
            res["noise_raw"] = noise(session, family, metric, to_y, look, ks, None)
            res["noise"] = noise(session, family, metric, to_y, look, ks, gammas) if adjusted else res["noise_raw"]
        if answer["l"] == "open":
            x = sorted(sign * value(session, r, metric) for r in family.rows(look, 2))
            fail = boundaries(family.coins, family.looks, alpha)[look]
            good = boundaries(family.coins, family.looks, beta)[look]
            low, high = order_bounds(x, fail, good)
            if high <= sign * gate["limit"]:
                answer["l"] = "good"
            elif low > sign * gate["limit"]:
                answer["l"] = "bad"
            at["l"] = look
            res.update(vlow=low if sign > 0 else -high, vhigh=high if sign > 0 else -low)
        if "bad" in answer.values():
            res["verdict"] = "fail"
        elif "open" not in answer.values():
            res["verdict"] = "pass"
        if res["verdict"] != "inconclusive":
            frozen = look
            res["decided"] = len(family.rows(look, 2))
            break
    if last is not None:
        res["reference"] = median([value(session, r, metric) for r in family.rows(last, 1)])
        res["value"] = median([value(session, r, metric) for r in family.rows(last, 2)])
    if not compares and last is not None and not unusable(session, family, metric, last, log, True):
        adjusted = can_adjust and same_work(session, family, last) and any(
            gammas[i][1] for i, _, _ in family.pairs[:family.looks[last][0]])
        back = lambda t: (math.expm1(sign * t) if log else sign * t)
        raw = median(rank_differences(session, family, metric, to_y, last, ks, None))
        d = rank_differences(session, family, metric, to_y, last, ks, gammas if adjusted else None)
        res.update(change=back(median(d)), raw=back(raw), adjusted=int(adjusted))
        res["noise_raw"] = noise(session, family, metric, to_y, last, ks, None)
        res["noise"] = noise(session, family, metric, to_y, last, ks, gammas) if adjusted else res["noise_raw"]
    return res, frozen


def host(session, ks, gammas, block, row):
    if gammas is None:
        return 0.0
    gamma, active = gammas[block]
    return sum(gamma[j] * covariate_z(session, ks[j], row) for j in active)


def rank_differences(session, family, metric, to_y, look, ks, gammas):
    d = []
    for block, a, b in family.pairs[:family.looks[look][0]]:
        x = [to_y(value(session, r, metric)) - host(session, ks, gammas, block, r) for r in a]
        y = [to_y(value(session, r, metric)) - host(session, ks, gammas, block, r) for r in b]
        d += [v - w for v in y for w in x]
    return d


def noise(session, family, metric, to_y, look, ks, gammas):
    groups = [[to_y(value(session, r, metric)) - host(session, ks, gammas, block, r) for r in rows]
              for block, a, b in family.pairs[:family.looks[look][0]] for rows in (a, b)]
    s = sd_inside(groups)
    if math.isnan(s):
        d = np.array(rank_differences(session, family, metric, to_y, look, ks, gammas))
        s = float(np.std(d, ddof=1)) / math.sqrt(2) if len(d) > 1 else NAN
    return s


def mn_limits(xv, nv, xr, nr, level):
    """Score limits by direct maximisation of the restricted likelihood (SciPy)."""
    from scipy.optimize import brentq
    z = stats.norm.isf(level)

    def rate(delta):
        lo, hi = max(0.0, -delta), min(1.0, 1 - delta)
        eps = 1e-13

        def slope(p):
            total = 0.0
            for x, q, s in ((xr, p, 1), (nr - xr, 1 - p, -1), (xv, p + delta, 1), (nv - xv, 1 - p - delta, -1)):
                if x:
                    total += s * x / max(q, 1e-300)
            return total
        if slope(lo + eps) <= 0:
            return lo
        if slope(hi - eps) >= 0:
            return hi
        return brentq(slope, lo + eps, hi - eps, xtol=1e-15, rtol=1e-14, maxiter=300)

    def score(delta):
        p = rate(delta)
        q = p + delta
        var = (q * (1 - q) / nv + p * (1 - p) / nr) * (nv + nr) / (nv + nr - 1)
        return (xv / nv - xr / nr - delta) / math.sqrt(var)
    seen = xv / nv - xr / nr
    return (brentq(lambda d: score(d) - z, -1 + 1e-9, seen - 1e-12, xtol=1e-14),
            brentq(lambda d: score(d) + z, seen + 1e-12, 1 - 1e-9, xtol=1e-14))


def count_gate(session, family, gate, alpha, beta):
    m = session["metrics"][gate["metric"]]
    ev, tr = find(session, m["events"]), find(session, m["trials"])
    compares = not (math.isnan(gate["tolerance"]) and math.isnan(gate["floor"]) and not math.isnan(gate["limit"]))
    limits = not math.isnan(gate["limit"])
    share = alpha
    if compares and limits:
        alpha = alpha / 2
    a, b = alpha / family.looks_max, beta / family.looks_max
    floor = 0 if math.isnan(gate["floor"]) else gate["floor"]
    tolerance = gate["tolerance"]
    if math.isnan(tolerance):
        tolerance = 0 if floor > 0 else 0.001
    tau = max(tolerance, floor)
    answer = {"t": "open" if compares else "none", "l": "open" if limits else "none"}
    res = dict(verdict="inconclusive", decided=0, alpha=share, change=NAN, low=NAN, high=NAN, tolerance=gate["tolerance"],
               reference=NAN, value=NAN, vlow=NAN, vhigh=NAN, p=NAN, noise=NAN, noise_raw=NAN, raw=NAN, adjusted=0,
               improved=0, beyond=0, warn=0)
    frozen = None
    for look in range(len(family.looks)):
        x = [[(value(session, r, ev), value(session, r, tr)) for r in family.rows(look, side)] for side in (1, 2)]
        sums = [(sum(c[0] for c in side), sum(c[1] for c in side)) for side in x]
        (xr, nr), (xv, nv) = sums
        if answer["t"] == "open" or not compares:
            squares, freedom = 0.0, 0
            for side, (e, n) in zip(x, sums):
                if len(side) > 1 and e > 0:
                    squares += sum((c[0] - c[1] * e / n) ** 2 / (c[1] * e / n) for c in side)
                    freedom += len(side) - 1
            clustered = freedom > 0 and squares / freedom > 2
            if clustered:
                d = []
                for block, ra, rb in family.pairs[:family.looks[look][0]]:
                    rate = lambda r: value(session, r, ev) / value(session, r, tr)
                    d += [rate(j) - rate(i) for j in rb for i in ra]
                d.sort()
                one = ((family.looks[look][0], 1.0),)
                fail = boundaries(family.ranks, one, a)[0]
                low, high = order_bounds(d, fail, boundaries(family.ranks, one, b)[0])
                estimate = median(d)
                mass = [1]
                for law in family.ranks[:family.looks[look][0]]:
                    mass = convolve(mass, law)
                p = float(Fraction(sum(mass[sum(v > 0 for v in d):]), sum(mass)))
            else:
                estimate = xv / nv - xr / nr
                low, high = mn_limits(xv, nv, xr, nr, a)[0], mn_limits(xv, nv, xr, nr, b)[1]
                p = stats.fisher_exact([[int(xv), int(nv - xv)], [int(xr), int(nr - xr)]], alternative="greater")[1]
            proven = (fail is not None and sum(v > 0 for v in d) >= fail) if clustered else p <= a
            risen = proven and sum(c[0] > 0 for c in x[1]) >= 2
            if compares:
                if high < tau:
                    answer["t"] = "good"
                elif risen and estimate >= tau:
                    answer["t"] = "bad"
                res.update(low=low, high=high, tolerance=tau, p=min(1, p * family.looks_max),
                           beyond=int(answer["t"] == "bad" and low > tau))
            better = stats.fisher_exact([[int(xr), int(nr - xr)], [int(xv), int(nv - xv)]], alternative="greater")[1]
            res.update(change=estimate, raw=estimate, improved=int(better <= a))
        if answer["l"] == "open":
            low = 0.0 if xv == 0 else float(stats.beta.ppf(a, xv, nv - xv + 1))
            high = 1.0 if xv == nv else float(stats.beta.isf(b, xv + 1, nv - xv))
            if high <= gate["limit"]:
                answer["l"] = "good"
            elif low > gate["limit"]:
                answer["l"] = "bad"
            res.update(vlow=low, vhigh=high)
        res.update(reference=xr / nr, value=xv / nv)
        if "bad" in answer.values():
            res["verdict"] = "fail"
        elif "open" not in answer.values():
            res["verdict"] = "pass"
        if res["verdict"] != "inconclusive":
            frozen = look
            res["decided"] = len(family.rows(look, 2))
            break
    return res, frozen


def judge(session):
    """Results gate by gate, each variant in turn; the verdict of each variant; of all."""
    plan = session["plan"]
    alpha, beta = plan["alpha"], plan["beta"]
    if plan["attempt"] >= 2:
        alpha, beta = alpha * 2.0 ** -plan["attempt"], beta * 2.0 ** (1 - plan["attempt"])
    weights = [1.0 if math.isnan(g["weight"]) else g["weight"] for g in session["gates"]]
    variants = [v for v in session["variants"] if v != session["reference"]]
    table, verdicts = {}, []
    for v in variants:
        family = Family(session, v)
        if not family.pairs:
            for g in range(len(session["gates"])):
                table[g, v] = None
            verdicts.append("invalid" if plan["complete"] or not plan["planned"] else "inconclusive")
            continue
        frozen = []
        for g, gate in enumerate(session["gates"]):
            scale = session["metrics"][gate["metric"]]["scale"]
            kind = count_gate if scale == "count" else rank_gate
            res, look = kind(session, family, gate, alpha * weights[g] / sum(weights), beta)
            table[g, v] = res
            frozen.append((look, res["verdict"]))
        bad = [(look, 0 if verdict == "invalid" else 1, verdict) for look, verdict in frozen
               if verdict in ("invalid", "fail")]
        if bad:
            verdicts.append(min(bad)[2])
        else:
            verdicts.append("pass" if all(x == "pass" for _, x in frozen) else "inconclusive")
    worst = max(verdicts, key=["pass", "inconclusive", "fail", "invalid"].index)
    return table, variants, verdicts, worst
