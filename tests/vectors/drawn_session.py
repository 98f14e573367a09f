# SPDX-License-Identifier: Apache-2.0
"""Random sessions that unit/judge/drawn_session.h draws too: the same numbers to the bit, so that only
the answers need to be kept. Both follow this order of draws; values come from integers by exactly
rounded operations alone (+ − × ÷, floor, powers of two), which are the same in both languages.

Five flavours: planned sessions, blocks of any shape judged at one look, sessions with control
variates, rates of counts, planned sessions whose first block is wider than the others. Tolerances and effects have no common values: no verdict hangs on the
last bit of a logarithm.

    drawn_session.py FOLDER COUNT    writes COUNT sessions of each flavour as FOLDER/FLAVOUR-INDEX.json"""
import json
import math
import struct
import sys

from xoshiro import M, below, seeded, shuffle, unit, xoshiro

PLANNED, BLOCKS, ADJUSTED, COUNTS, WIDE = range(5)
FLAVOURS = ["planned", "blocks", "adjusted", "counts", "wide"]
NAMES = ["base", "candidate", "other"]
NAN = math.nan
LEVELS = {"log": [1.0, .0123, 2.5e7, 1.0, .0123, 2.5e7, 2.0 ** -1000, 2.0 ** 1000],
          "linear": [1.0, .0123, 2.5e7, 1.0, .0123, 2.5e7, 2.0 ** -200, 2.0 ** 200],
          "exact": [1.0, 3.0, 1024.0, 1.0, 3.0, 1024.0, 1e6, .25]}


class Draw:
    def __init__(self, flavour, index):
        self.state = seeded((flavour << 32) + index)

    def below(self, n):
        return below(self.state, n)

    def unit(self):
        return unit(self.state)

    def pick(self, *choices):
        return choices[self.below(len(choices))]


class Noise:
    """One number a repetition, centred near 0, of one of seven kinds."""

    def __init__(self, d, kind):
        self.d, self.kind, self.state = d, kind, 0.0

    def bell(self):
        d = self.d
        return (d.unit() + d.unit() + d.unit() + d.unit() - 2.0) * 1.7320508075688772

    def next(self):
        d = self.d
        if self.kind == 0:  # heavy tails: 1/u
            u = ((xoshiro(d.state) >> 11) + 1) * 2.0 ** -53
            return (1.0 / u - 1.0) * (1.0 if d.below(2) else -1.0)
        if self.kind == 1:  # outliers
            g = self.bell()
            return g + 20.0 * d.unit() if d.below(10) == 0 else g
        if self.kind == 2:  # drift
            self.state += self.bell()
            return self.state
        if self.kind == 3:  # two modes
            g = self.bell() * 0.2
            return g + 2.0 if d.below(10) < 3 else g
        return 0.0 if self.kind == 4 else self.bell()


def plan(d, planned):
    size = d.pick(3, 3, 3, 2, 1) if planned else 3
    first = 1 + d.below(3)
    last = first + d.below(6)
    return dict(planned=planned, size=size, first_block=0, last=last, min=size * first - d.below(size), max=size * last + d.below(size),
                complete=d.below(10) < 7, alpha=d.pick(.01, .01, .05, .0025), beta=d.pick(.05, .1),
                attempt=d.pick(1, 1, 1, 2, 3))


def planned_rows(d, p, variants):
    rows = [(0, v) for v in range(variants)] if d.below(4) == 0 else []  # the warm-up block
    blocks = 1 + d.below(p["last"] + 1)
    stays = 1 + d.below(p["last"]) if variants == 3 and d.below(3) == 0 else blocks  # a decided variant leaves
    for b in range(1, blocks + 1):
        each = max(p["size"], p["first_block"]) if b == 1 else p["size"]
        order = [v for v in range(variants) if v != 2 or b <= stays for _ in range(each)]
        shuffle(d.state, order)
        rows += [(b, v) for v in order]
    cut = 1 + d.below(2) if d.below(5) == 0 else 0  # the last block is not whole
    return rows[:len(rows) - cut]


def free_rows(d, variants):
    rows = []
    blocks = 1 + d.below(6)
    numbering = d.below(3)
    for b in range(1, blocks + 1):
        number = [b, 1000 - b, 7 * b % 13][numbering]
        order = []
        for v in range(variants):
            order += [v] * d.pick(0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5)
        shuffle(d.state, order)
        rows += [(number, v) for v in order]
    return rows


def add_rows(d, s, variants):
    rows = planned_rows(d, s["plan"], variants) if s["plan"]["planned"] else free_rows(d, variants)
    s["reps"] = [dict(block=b, variant=NAMES[v], discarded=False, values=[]) for b, v in rows]
    if rows and d.below(8) == 0:  # one does not count; half of the time it is made again at the end
        r = s["reps"][d.below(len(rows))]
        r["discarded"] = True
        if d.below(2):
            s["reps"].append(dict(block=r["block"], variant=r["variant"], discarded=False, values=[]))


def add_metric(s, name, scale, better="lower", role="metric", adjust=0):
    s["metrics"].append(dict(name=name, scale=scale, better=better, role=role, adjust=adjust))
    for r in s["reps"]:
        r["values"].append(NAN)
    return len(s["metrics"]) - 1


def spoil(d, s, metric, one_of):
    if d.below(one_of) == 0 and s["reps"]:
        row = d.below(len(s["reps"]))
        s["reps"][row]["values"][metric] = d.pick(NAN, 0.0, -1.0, math.inf, -math.inf)


def on_grid(x, grid):
    return math.floor(x * grid + 0.5) / grid if grid else x


def draw_values(d, s, metric, level, centre, host):
    scale = s["metrics"][metric]["scale"]
    cv = d.pick(.01, .03, .1, .3)
    noise = Noise(d, d.below(7))
    grid = d.pick(4.0, 64.0, 1024.0, 32768.0) if d.below(2) else 0.0  # half of all metrics have ties
    effect = {"base": 0.0, "candidate": d.pick(0.0, 0.0, .03, .08, .2, -.1), "other": d.pick(0.0, 0.0, .08, -.1)}
    steps = d.pick(1, 1, 3)
    for i, r in enumerate(s["reps"]):
        shift = effect[r["variant"]]
        g = noise.next()
        if scale == "log":
            x = abs((1.0 + host[i]) * (1.0 + cv * g)) * (1.0 + shift)
        elif scale == "linear":
            x = centre + cv * g + shift
        else:
            x = 100.0 + d.below(steps) + math.floor(shift * 100.0)
        r["values"][metric] = level * (x if scale == "exact" else on_grid(x, grid))
    spoil(d, s, metric, 16)


def draw_gate(d, s, metric, level, centre):
    scale = s["metrics"][metric]["scale"]
    g = dict(metric=metric, tolerance=NAN, floor=NAN, limit=NAN, warn=NAN, weight=NAN)
    kind = d.below(8)
    unit_ = level if scale == "linear" else 1.0
    if kind < 6:
        g["tolerance"] = unit_ * d.pick(.021, .052, .103)
        if scale != "linear" and d.below(6) == 0:
            g["tolerance"] = NAN  # log: the default; exact: nothing is allowed
        if d.below(3) == 0:
            g["floor"] = level * d.pick(.011, .083)
        if d.below(3) == 0:
            g["warn"] = g["tolerance"] * 0.25
    if kind >= 5:
        step = level * (100.0 if scale == "exact" else 1.0)
        g["limit"] = step * centre + step * d.pick(-.1, 0.0, .05, .2)
    if d.below(5) == 0:
        g["weight"] = d.pick(.5, 2.0, 3.0)
    s["gates"].append(g)


def add_gated(d, s, name, scale, host, adjust=0):
    metric = add_metric(s, name, scale, d.pick("lower", "lower", "higher"), adjust=adjust)
    level = d.pick(*LEVELS[scale])
    centre = d.pick(1.0, 1.0, 0.0) if scale == "linear" else 1.0
    draw_values(d, s, metric, level, centre, host)
    if len(s["gates"]) == 0 or d.below(4) > 0:
        draw_gate(d, s, metric, level, centre)


def plain_metrics(d, s):
    for k in range(d.pick(1, 1, 1, 2, 2, 3)):
        add_gated(d, s, f"m{k}", d.pick("log", "log", "log", "linear", "linear", "exact"), [0.0] * len(s["reps"]))


def certificate(d, s):
    """What the generator's work and the service's CPU tell."""
    bell = Noise(d, 6)
    if d.below(5) < 2:
        m = add_metric(s, "cpu_cores", "log")
        for r in s["reps"]:
            r["values"][m] = .4 * abs(1.0 + .02 * bell.next())
    if d.below(5) < 2:
        m = add_metric(s, "requests", "linear")
        spread = d.pick(0, 3, 40, 80)
        for r in s["reps"]:
            r["values"][m] = 6000.0 + d.below(spread + 1)
    if d.below(5) < 2:
        m = add_metric(s, "connections_per_request", "linear")
        more = d.pick(0.0, .004, .02)
        for r in s["reps"]:
            r["values"][m] = .001 + (more if r["variant"] == "candidate" else 0.0)
    if d.below(5) < 2:
        m = add_metric(s, d.pick("bytes_received_per_request", "network_tx_per_request"), "log")
        more = d.pick(0.0, 10.0, 30.0)
        for r in s["reps"]:
            r["values"][m] = 1000.0 + (more if r["variant"] == "candidate" else 0.0)


def adjusted_metrics(d, s):
    count = len(s["reps"])
    bell = Noise(d, 6)
    hosts = []
    number, contention = 1 + d.below(3), d.below(4)
    names = {0: "core_contention", 1: "cache_contention"}
    measured = d.pick(None, .1, .6)
    if measured is not None:
        s["couplings"]["core_contention"] = measured
    for k in range(number):
        scale = d.pick("log", "linear")
        m = add_metric(s, names.get(k - contention, f"z{k}"), scale, role="covariate")
        hosts.append([.1 * bell.next() for _ in range(count)])
        never = d.below(10) == 0
        for r, z in zip(s["reps"], hosts[k]):
            r["values"][m] = 1.0 if never else (abs(1.0 + z) if scale == "log" else z)
        spoil(d, s, m, 5)
    for k in range(d.pick(1, 1, 2)):
        host = [0.0] * count
        for z in hosts:
            slope = d.pick(0.0, .7, 1.2)
            host = [h + slope * x for h, x in zip(host, z)]
        scale = d.pick("log", "log", "log", "log", "log", "linear")
        add_gated(d, s, f"m{k}", scale, host, adjust=int(d.below(10) > 0))
    certificate(d, s)


def count_values(d, s, better):
    rate = d.pick(0.0, 0.0, .0003, .002, .01)
    more = d.pick(0.0, 0.0, .001, .004, .02)
    clustered = d.below(10) < 3
    for r in s["reps"]:
        trials = 1500.0 + d.below(4600)
        mean = math.floor(trials * (rate + (more if r["variant"] == "candidate" else 0.0)))
        events = float(d.below(2 * int(mean) + 1))
        if clustered:
            events = events * 4.0 if d.below(4) == 0 else 0.0
        if better == "higher":
            events = trials - events
        r["values"][:3] = [events / trials, events, trials]
    if d.below(16) == 0 and s["reps"]:
        row, metric = d.below(len(s["reps"])), d.below(3)
        s["reps"][row]["values"][metric] = d.pick(NAN, -1.0, 1e6, 0.0, math.inf)


def count_metrics(d, s):
    better = d.pick("lower", "lower", "lower", "higher")
    add_metric(s, "error_rate", "count", better)
    s["metrics"][0].update(events="errors", trials="requests")
    add_metric(s, "errors", "linear")
    add_metric(s, "requests", "linear")
    count_values(d, s, better)
    g = dict(metric=0, tolerance=NAN, floor=NAN, limit=NAN, warn=NAN, weight=NAN)
    kind = d.below(4)
    if kind != 1:
        g["tolerance"] = d.pick(NAN, .0011, .0053)
    if kind in (1, 2):
        g["limit"] = d.pick(.0012, .011)
        if better == "higher":
            g["limit"] = 1.0 - g["limit"]
    if kind == 3:
        g["floor"] = .0021
    s["gates"].append(g)
    if d.below(3) == 0:
        add_gated(d, s, "m0", "log", [0.0] * len(s["reps"]))


def hide_unused(s):
    """Repetitions that do not count have numbers that would be noticed."""
    for r in s["reps"]:
        if r["discarded"] or r["block"] == 0:
            r["values"] = [-1e9] * len(r["values"])


def draw_session(flavour, index):
    d = Draw(flavour, index)
    planned = flavour in (PLANNED, WIDE) or (flavour in (ADJUSTED, COUNTS) and d.below(4) > 0)
    s = dict(plan=plan(d, planned), metrics=[], gates=[], couplings=dict(h=d.pick(.5, .08, .43)), reference="base")
    if flavour == WIDE:
        s["plan"]["first_block"] = s["plan"]["size"] + 1 + d.below(3)
    sides = d.below(16)
    variants = 1 if sides == 0 else (2 if sides < 12 else 3)
    if flavour < ADJUSTED and d.below(16) == 0:
        s["reference"] = None  # limits alone can be judged
    s["variants"] = NAMES[:variants]
    add_rows(d, s, variants)
    [plain_metrics, plain_metrics, adjusted_metrics, count_metrics, plain_metrics][flavour](d, s)
    hide_unused(s)
    return s


def checksum(s):
    """Of all values, to tell inputs that differ from answers that differ."""
    h = 0
    for r in s["reps"]:
        for x in r["values"]:
            bits = struct.unpack("<Q", struct.pack("<d", x))[0] if x == x else 1
            h = (h * 31 + bits) & M
    return (h ^ (h >> 32)) & 0xFFFF


def finite(d):
    """Numbers that JSON has; the others are left out, which means the same."""
    return {k: v for k, v in d.items() if not isinstance(v, float) or math.isfinite(v)}


def document(s, name):
    """As svcgate.session/1."""
    p = s["plan"]
    metrics = [dict(m, adjust=bool(m["adjust"]), unit="ratio" if m["scale"] == "count" else "s") for m in s["metrics"]]
    return dict(
        schema="svcgate.session/1", id=name, reference=s["reference"], complete=p["complete"],
        plan=dict(planned=p["planned"], min_repetitions=p["min"], max_repetitions=p["max"], block_size=p["size"],
                  first_block=p["first_block"],
                  alpha=p["alpha"], beta=p["beta"], attempt=p["attempt"]),
        facts=[dict(name={"h": "coupling_h", "core_contention": "coupling_core_h"}[name], value=str(h))
               for name, h in s["couplings"].items()],
        variants=[dict(name=v) for v in s["variants"]],
        metrics=metrics, gates=[finite(dict(g, metric=metrics[g["metric"]]["name"])) for g in s["gates"]],
        repetitions=[dict(block=r["block"], variant=r["variant"], discarded=r["discarded"],
                          values=finite({m["name"]: x for m, x in zip(metrics, r["values"])})) for r in s["reps"]])


if __name__ == "__main__":
    for flavour, name in enumerate(FLAVOURS):
        for index in range(int(sys.argv[2])):
            with open(f"{sys.argv[1]}/{name}-{index}.json", "w") as file:
                json.dump(document(draw_session(flavour, index), f"{name}-{index}"), file)
