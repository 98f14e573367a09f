# SPDX-License-Identifier: Apache-2.0
"""Which repetitions count, in which blocks and looks: one variant beside the reference, or alone."""
import math

import numpy as np

from oracle_laws import NAN, coin_law, order_law


def value(session, row, metric):
    return session["reps"][row]["values"][metric]


def median(x):
    return float(np.median(np.array(x, dtype=float))) if len(x) and all(math.isfinite(v) for v in x) else NAN


def find(session, name):
    for i, m in enumerate(session["metrics"]):
        if m["name"] == name:
            return i
    return -1


def counting(session, variant=None):
    return [i for i, r in enumerate(session["reps"])
            if r["block"] >= 1 and not r["discarded"] and variant in (None, r["variant"])]


class Family:
    def __init__(self, session, variant):
        self.session, self.variant = session, variant
        plan, reference = session["plan"], session["reference"]
        self.alone = reference is None
        cells = {}
        for i in counting(session):
            r = session["reps"][i]
            cells.setdefault(r["block"], {}).setdefault(r["variant"], []).append(i)
        order = list(cells)
        size, wide = plan["size"], max(plan["size"], plan["first_block"])
        number = {b: wide if b == 1 else size for b in order}
        if plan["planned"]:
            def left(v, b):
                """A decided variant leaves: measured in an earlier block, and in none from b on."""
                at = order.index(b)
                return (v != reference and any(v in cells[c] for c in order[:at])
                        and not any(v in cells[c] for c in order[at:]))
            order = [b for b in order
                     if all(len(cells[b].get(v, [])) >= number[b] or left(v, b) for v in session["variants"])]
        self.all_blocks = [cells[b] for b in order]
        pairs = [(i, c.get(reference, []), c[variant]) for i, c in enumerate(self.all_blocks)
                 if variant in c and (self.alone or reference in c)]
        if plan["planned"]:
            first, last = 1 + max(0, -(-(plan["min"] - wide) // size)), 1 + max(0, (plan["max"] - wide) // size)
            last = max(first, last)
            power = 2 / 3 if wide > size else 1
            pairs = pairs[:last]
            self.looks = tuple((b, ((wide + (b - 1) * size) / (wide + (last - 1) * size)) ** power)
                               for b in range(first, last + 1) if b <= len(pairs))
            self.looks_max = last - first + 1
        else:
            self.looks = ((len(pairs), 1.0),) if pairs else ()
            self.looks_max = 1
        self.pairs = pairs
        self.shapes = tuple((len(a), len(b)) for _, a, b in pairs)
        self.ranks = tuple(order_law(*shape) for shape in self.shapes)
        self.coins = tuple(coin_law(n) for _, n in self.shapes)

    def rows(self, look, side):
        out = []
        for pair in self.pairs[:self.looks[look][0]]:
            out += pair[side]
        return out

    def values(self, look, side, metric):
        return [value(self.session, r, metric) for r in self.rows(look, side)]

    def unusable(self, metric, look, positive, both):
        x = self.values(look, 2, metric) + (self.values(look, 1, metric) if both else [])
        return any(not math.isfinite(v) or (positive and v <= 0) for v in x)


class Gate:
    """One gate's two questions from look to look; `result` is what is told at the end."""

    def __init__(self, session, family, gate, alpha, beta):
        self.session, self.family, self.gate = session, family, gate
        self.metric = gate["metric"]
        self.m = session["metrics"][self.metric]
        self.sign = -1 if self.m["better"] == "higher" else 1
        self.compares = not (math.isnan(gate["tolerance"]) and math.isnan(gate["floor"])
                             and not math.isnan(gate["limit"]))
        limits = not math.isnan(gate["limit"])
        self.alpha = alpha / 2 if self.compares and limits else alpha
        self.beta = beta
        self.tolerance = "open" if self.compares else "none"
        self.limit = "open" if limits else "none"
        self.result = blank(gate["tolerance"], alpha)

    def run(self):
        """(result, look at which the verdict froze or None)"""
        res, family = self.result, self.family
        for look in range(len(family.looks)):
            if self.unusable(look):
                return dict(blank(self.gate["tolerance"], res["alpha"]), verdict="invalid",
                            decided=len(family.rows(look, 2))), look
            if self.tolerance == "open" and not family.alone:
                self.ask_tolerance(look)
            if self.limit == "open":
                self.ask_limit(look)
            if "bad" in (self.tolerance, self.limit):
                res["verdict"] = "fail"
            elif "open" not in (self.tolerance, self.limit):
                res["verdict"] = "pass"
            if res["verdict"] != "inconclusive":
                res["decided"] = len(family.rows(look, 2))
                self.tell(look)
                return res, look
        if family.looks:
            self.tell(len(family.looks) - 1)
        return res, None

    def both(self):
        """Must the reference's values be usable?"""
        return self.compares and not self.family.alone


def blank(tolerance=NAN, alpha=NAN):
    return dict(verdict="inconclusive", decided=0, alpha=alpha, change=NAN, low=NAN, high=NAN, tolerance=tolerance,
                reference=NAN, value=NAN, vlow=NAN, vhigh=NAN, p=NAN, noise=NAN, noise_raw=NAN, raw=NAN,
                detectable=NAN, adjusted=0, improved=0, beyond=0, warn=0)
