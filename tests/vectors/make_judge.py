# SPDX-License-Identifier: Apache-2.0
"""Random sessions and their judgements by judge_oracle.py. COUNT as argument: cases a file (default
400). A case:
case planned complete min max size alpha beta attempt metrics gates variants reps h
metric name scale better role adjust        (a line each; scale log, linear or count)
gate metric tolerance floor limit warn weight
rep block variant values…
result gate variant verdict decided alpha change low high tolerance reference value vlow vhigh p
       noise noise_raw raw adjusted improved beyond warn   (one a gate and variant; "none": not judged)
verdict variant… all"""
import math
import sys

import numpy as np

import judge_oracle as oracle

NAN = math.nan
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 400
NAMES = ["base", "candidate", "other"]


def digits(x, n):
    return float(f"{x:.{n}g}")


def noise(rng, n, kind, cv):
    g = rng.normal(size=n) * cv
    if kind == "outlier":
        g += (rng.random(n) < .1) * rng.exponential(4 * cv, n)
    elif kind == "pareto":
        g = (rng.pareto(3, n)) / .866 * cv
    elif kind == "cauchy":
        g = np.clip(rng.standard_cauchy(n) * cv, -3, 3)
    elif kind == "drift":
        g = np.cumsum(rng.normal(size=n)) * cv
    elif kind == "equal":
        g = np.zeros(n)
    return g


def plan(rng, planned):
    size = int(rng.choice([3, 3, 3, 2, 1])) if planned else 3
    low = int(size * rng.integers(1, 4))
    high = int(low + size * rng.integers(0, 6))
    return dict(planned=planned, complete=bool(rng.random() < .7), min=low, max=high, size=size,
                alpha=float(rng.choice([.01, .01, .05, .0025])), beta=float(rng.choice([.05, .1])),
                attempt=int(rng.choice([1, 1, 1, 2, 3])))


def layout(rng, p, variants):
    """(block, variant) of each repetition, in time."""
    out = []
    if p["planned"]:
        for b in range(1, int(rng.integers(p["min"] // p["size"], p["max"] // p["size"] + 2)) + 1):
            row = [(b, v) for v in variants for _ in range(p["size"])]
            rng.shuffle(row)
            out += [(int(x), str(y)) for x, y in row]
        if rng.random() < .2:
            out = out[:-1]  # the last block is not whole
        if len(variants) > 2 and rng.random() < .3:
            stays = int(rng.integers(1, p["max"] // p["size"] + 1))  # a decided variant leaves
            out = [(b, v) for b, v in out if v != variants[-1] or b <= stays]
        return out
    for b in range(1, int(rng.integers(1, 7)) + 1):
        shape = {v: int(rng.choice([0, 1, 2, 3, 4, 5], p=[.04, .2, .2, .26, .15, .15])) for v in variants}
        row = [(b, v) for v in variants for _ in range(shape[v])]
        rng.shuffle(row)
        out += [(int(x), str(y)) for x, y in row]
    return out


def gate(rng, metric, scale, level):
    g = dict(metric=metric, tolerance=NAN, floor=NAN, limit=NAN, warn=NAN, weight=NAN)
    kind = rng.random()
    if kind < .8:
        g["tolerance"] = digits(rng.choice([.02, .05, .1]) * (1 if scale == "log" else level), 3)
        if rng.random() < .3:
            g["floor"] = digits(level * rng.choice([.01, .08]), 3)
        if rng.random() < .3:
            g["warn"] = digits(g["tolerance"] / 3, 3)
    if kind > .65:
        g["limit"] = digits(level * (1 + rng.normal() * .1), 3)
    if rng.random() < .2:
        g["weight"] = float(rng.choice([.5, 2, 3]))
    return g


def plain(rng, planned):
    p = plan(rng, planned)
    variants = NAMES[:int(rng.choice([2, 2, 3]))]
    reps = layout(rng, p, variants)
    metrics, gates, columns = [], [], []
    for k in range(int(rng.choice([1, 1, 2, 3]))):
        scale = str(rng.choice(["log", "log", "linear"]))
        metrics.append(dict(name=f"m{k}", scale=scale, better=str(rng.choice(["lower", "lower", "higher"])),
                            role="metric", adjust=0))
        level = float(rng.choice([1, .0123, 2.5e7]))
        effect = float(rng.choice([0, 0, .03, .08, .2, -.1]))
        cv = float(rng.choice([.01, .03, .1]))
        y = noise(rng, len(reps), str(rng.choice(["gauss", "gauss", "outlier", "pareto", "cauchy", "drift", "equal"])), cv)
        shift = {v: effect if v == "candidate" else 0 for v in variants}
        keep = int(rng.choice([2, 4, 5]))
        x = [digits(level * (math.exp(v + shift[r[1]]) if scale == "log" else v + shift[r[1]]), keep)
             for v, r in zip(y, reps)]
        if x and rng.random() < .06:
            x[int(rng.integers(len(x)))] = float(rng.choice([NAN, 0.0, -1.0, math.inf]))
        columns.append(x)
        gates.append(gate(rng, k, scale, level))
    return dict(plan=p, metrics=metrics, gates=gates, variants=variants, reference="base",
                reps=[dict(block=b, variant=v, values=[c[i] for c in columns]) for i, (b, v) in enumerate(reps)])


def adjusted(rng):
    planned = bool(rng.random() < .7)
    p = plan(rng, planned)
    variants = NAMES[:int(rng.choice([2, 2, 3]))]
    reps = layout(rng, p, variants)
    n = len(reps)
    covariates = int(rng.integers(1, 4))
    z = [rng.normal(size=n) * .1 for _ in range(covariates)]
    metrics, gates, columns = [], [], []
    for k in range(covariates):
        scale = str(rng.choice(["log", "linear"]))
        metrics.append(dict(name=f"z{k}", scale=scale, better="lower", role="covariate", adjust=0))
        x = [digits(math.exp(v) if scale == "log" else v, 4) for v in z[k]]
        if rng.random() < .1:
            x = [1.0] * n  # never varies
        if n and rng.random() < .2:
            x[int(rng.integers(n))] = float(rng.choice([NAN, -1.0, math.inf]))
        columns.append(x)
    for k in range(int(rng.choice([1, 2]))):
        metrics.append(dict(name=f"m{k}", scale=str(rng.choice(["log", "log", "log", "linear"])),
                            better=str(rng.choice(["lower", "lower", "higher"])), role="metric",
                            adjust=int(rng.random() < .9)))
        effect = float(rng.choice([0, 0, .06, .12]))
        y = sum(float(rng.choice([0, .7, 1.2])) * v for v in z) + rng.normal(size=n) * .02
        columns.append([digits(math.exp(v + (effect if r[1] == "candidate" else 0)), 5) for v, r in zip(y, reps)])
        g = gate(rng, len(metrics) - 1, metrics[-1]["scale"], 1.0)
        gates.append(g)
    if rng.random() < .4:
        metrics.append(dict(name="cpu_cores", scale="log", better="lower", role="metric", adjust=0))
        columns.append([digits(.4 * math.exp(v), 4) for v in rng.normal(size=n) * .02])
    if rng.random() < .4:
        metrics.append(dict(name="requests", scale="linear", better="lower", role="metric", adjust=0))
        columns.append([float(round(6000 * (1 + v))) for v in rng.normal(size=n) * float(rng.choice([0, .0005, .004]))])
    if rng.random() < .3:
        metrics.append(dict(name="connections_per_request", scale="linear", better="lower", role="metric", adjust=0))
        bad = rng.random() < .3
        columns.append([.001 + (.02 if bad and r[1] == "candidate" else 0) for r in reps])
    return dict(plan=p, metrics=metrics, gates=gates, variants=variants, reference="base",
                h=float(rng.choice([.5, .08, .43])),
                reps=[dict(block=b, variant=v, values=[c[i] for c in columns]) for i, (b, v) in enumerate(reps)])


def counts(rng):
    p = plan(rng, bool(rng.random() < .7))
    variants = NAMES[:2]
    reps = layout(rng, p, variants)
    metrics = [dict(name="error_rate", scale="count", better="lower", role="metric", adjust=0,
                    events="errors", trials="requests"),
               dict(name="errors", scale="linear", better="lower", role="metric", adjust=0),
               dict(name="requests", scale="linear", better="lower", role="metric", adjust=0)]
    base = float(rng.choice([0, 0, .0003, .002, .01]))
    rate = {"base": base, "candidate": base + float(rng.choice([0, 0, .001, .004, .02]))}
    clustered = rng.random() < .3
    rows = []
    for b, v in reps:
        requests = int(rng.integers(1500, 6100))
        mean = requests * rate[v]
        events = int(min(requests, rng.poisson(mean * (rng.exponential(1) if clustered else 1))))
        rows.append(dict(block=b, variant=v, values=[digits(events / requests, 6), float(events), float(requests)]))
    g = dict(metric=0, tolerance=NAN, floor=NAN, limit=NAN, warn=NAN, weight=NAN)
    kind = int(rng.integers(4))
    if kind != 1:
        g["tolerance"] = float(rng.choice([NAN, .001, .005]))
    if kind in (1, 2):
        g["limit"] = float(rng.choice([.001, .01]))
    if kind == 3:
        g["floor"] = .002
    return dict(plan=p, metrics=metrics, gates=[g], variants=variants, reference="base", reps=rows)


def number(x):
    return repr(float(x))


FIELDS = ["alpha", "change", "low", "high", "tolerance", "reference", "value", "vlow", "vhigh", "p", "noise",
          "noise_raw", "raw"]


def write(name, make, seed, count):
    rng = np.random.default_rng(seed)
    lines = [f"# made by make_judge.py, seed {seed}"]
    seen = {}
    made = 0
    while made < count:
        s = make(rng)
        if not s["reps"] or not any(r["variant"] == "base" for r in s["reps"]):
            continue
        s["levels"] = made % 4 == 0 or name == "judge_counts.txt"
        table, variants, verdicts, worst = oracle.judge(s)
        if any(v not in {r["variant"] for r in s["reps"]} for v in s["variants"]):
            continue
        made += 1
        p = s["plan"]
        lines.append(f"case {int(p['planned'])} {int(p['complete'])} {p['min']} {p['max']} {p['size']} {p['alpha']!r} "
                     f"{p['beta']!r} {p['attempt']} {len(s['metrics'])} {len(s['gates'])} {len(s['variants'])} "
                     f"{len(s['reps'])} {s.get('h', .5)!r} {int(s['levels'])}")
        for m in s["metrics"]:
            lines.append(f"metric {m['name']} {m['scale']} {m['better']} {m['role']} {m['adjust']}")
        for g in s["gates"]:
            lines.append(f"gate {g['metric']} " + " ".join(number(g[k]) for k in ("tolerance", "floor", "limit", "warn", "weight")))
        for r in s["reps"]:
            lines.append(f"rep {r['block']} {NAMES.index(r['variant'])} " + " ".join(number(v) for v in r["values"]))
        for v in variants:
            for k in range(len(s["gates"])):
                r = table[k, v]
                if r is None:
                    lines.append(f"result {k} {NAMES.index(v)} none")
                    continue
                seen[r["verdict"]] = seen.get(r["verdict"], 0) + 1
                lines.append(f"result {k} {NAMES.index(v)} {r['verdict']} {r['decided']} " +
                             " ".join(number(r[f]) for f in FIELDS) +
                             f" {r['adjusted']} {r['improved']} {r['beyond']} {r['warn']}")
        lines.append("verdict " + " ".join(verdicts) + " " + worst)
    with open(name, "w") as file:
        file.write("\n".join(lines) + "\n")
    print(name, made, seen)


HALF = COUNT // 2
write("judge_planned_1.txt", lambda rng: plain(rng, True), 11, HALF)
write("judge_planned_2.txt", lambda rng: plain(rng, True), 21, HALF)
write("judge_blocks_1.txt", lambda rng: plain(rng, False), 12, HALF)
write("judge_blocks_2.txt", lambda rng: plain(rng, False), 22, HALF)
write("judge_adjusted.txt", adjusted, 13, HALF)
write("judge_counts.txt", counts, 14, HALF)
