# SPDX-License-Identifier: Apache-2.0
"""Judgements against stored sessions, by SciPy's t and NumPy's least squares. Rows:
case alpha beta covariates stored scale better adjust tolerance h cpu contention
session reps (z… y [cpu])…       (the new session first, then the stored ones)
result verdict change low high p noise noise_raw raw tolerance reference adjusted
The values of covariates are already on their scale (linear); `cpu` 1: cpu_cores is measured too;
`contention`: which covariate is core_contention, or -1."""
import math

import numpy as np
from scipy import stats

from oracle_rank import coupled, expected_slope, trust

rng = np.random.default_rng(31)
NAN = math.nan


def digits(x, n=6):
    return float(f"{x:.{n}g}")


def judge(case):
    log, sign = case["scale"] == "log", -1 if case["better"] == "higher" else 1
    now, then = case["sessions"][0], case["sessions"][1:]
    out = dict(verdict="inconclusive", change=NAN, low=NAN, high=NAN, p=NAN, noise=NAN, noise_raw=NAN, raw=NAN,
               tolerance=case["tolerance"], reference=NAN, adjusted=0)
    usable = [s for s in then if len(s["y"]) >= 5]
    if len(usable) < 4 or len(now["y"]) < 5:
        return out
    to_y = lambda x: sign * (np.log(x) if log else np.array(x))
    y0, ys = to_y(now["y"]), [to_y(s["y"]) for s in usable]
    j, k = len(usable), case["covariates"]
    back = lambda t: math.expm1(sign * t) if log else sign * t

    def predict(medians, m):
        mean, s = np.mean(medians), np.std(medians, ddof=1)
        err = s * math.sqrt(1 + 1 / j)
        est = m - mean
        return (est, est - stats.t.isf(case["alpha"], j - 1) * err, est + stats.t.isf(case["beta"], j - 1) * err,
                stats.t.sf(est / err, j - 1), s, stats.t.isf(case["beta"], j - 1) * err)

    raw = predict([np.median(y) for y in ys], np.median(y0))
    best, bias = raw, 0.0
    if case["adjust"] and log and k:
        z = np.vstack([np.array(s["z"]) for s in usable])
        y = np.concatenate(ys)
        z0 = z.mean(axis=0)
        dz, dy = z - z0, y - y.mean()
        varying = [i for i in range(k) if (dz[:, i] ** 2).sum() > 0]
        spread = (dz[:, varying] ** 2).mean(axis=0)
        weight = np.sqrt(3 * spread)
        names = {i: "core_contention" if i == case["contention"] else f"z{i}" for i in range(k)}
        prior = np.array([expected_slope(names, i, v) for i, v in zip(varying, spread)])
        gamma = np.zeros(k)
        gamma[varying] = np.linalg.lstsq(np.vstack([dz[:, varying], np.diag(weight)]),
                                         np.concatenate([dy, weight * prior]), rcond=None)[0]
        gamma *= trust(dy, dz @ gamma, len(dy) - 1)
        best = predict([np.median(yy - (np.array(s["z"]) - z0) @ gamma) for yy, s in zip(ys, usable)],
                       np.median(y0 - (np.array(now["z"]) - z0) @ gamma))
        medians = np.array([np.median(np.array(s["z"]), axis=0) for s in usable])
        here, reach = np.median(np.array(now["z"]), axis=0), medians.std(axis=0, ddof=1)
        beyond = (here < medians.min(axis=0) - reach) | (here > medians.max(axis=0) + reach)
        if (beyond & (gamma != 0)).any():  # both have to say so, and the raw estimate is shown
            best = (raw[0], min(raw[1], best[1]), max(raw[2], best[2]), max(raw[3], best[3]), raw[4],
                    max(raw[5], best[5]))
        else:
            out["adjusted"] = 1
        if case["cpu"]:
            used = float(np.median(np.concatenate([s["cpu"] for s in usable])))
            bias = min(1., coupled(gamma, names, dict(h=case["h"])) * used)
    theta1 = math.log1p(case["tolerance"]) if log else case["tolerance"]
    est, low, high, p, s, reach = best
    if high < theta1 * (1 - bias):
        out["verdict"] = "pass"
    elif p <= case["alpha"] and est >= theta1 * (1 + bias) and reach <= theta1:
        out["verdict"] = "fail"
    a, b = back(low), back(high)
    medians = [float(np.exp(sign * np.median(y))) if log else sign * float(np.median(y)) for y in ys]
    out.update(change=back(est), low=min(a, b), high=max(a, b), p=p, noise=s, noise_raw=raw[4], raw=back(raw[0]),
               reference=float(np.median(medians)))
    return out


lines = ["# made by make_stored.py"]
seen = {}
for _ in range(200):
    k = int(rng.choice([0, 0, 1, 2]))
    j = int(rng.choice([2, 3, 4, 5, 8, 12, 20]))
    scale = str(rng.choice(["log", "log", "linear"]))
    between, within = float(rng.choice([.002, .01, .03])), float(rng.choice([.01, .03]))
    cpu = int(rng.random() < .3)
    effect = float(rng.choice([0, 0, .05, .15, .4]))
    better = str(rng.choice(["lower", "lower", "higher"]))
    sessions = []
    for i in range(j + 1):
        n = int(rng.choice([4, 5, 6, 9, 12], p=[.1, .2, .4, .2, .1]))
        host = rng.normal() * between * 3 + (.2 if i == 0 and rng.random() < .25 else 0)
        z = np.array([[digits(host + rng.normal() * .05) for _ in range(k)] for _ in range(n)]).reshape(n, k)
        y = rng.normal() * between + within * rng.normal(size=n) + (z.sum(axis=1) * .8 if k else 0)
        if i == 0:
            y = y + (effect if better == "lower" else -effect)
        x = [digits(.02 * math.exp(v)) if scale == "log" else digits(v) for v in y]
        sessions.append(dict(z=z.tolist(), y=x, cpu=[digits(.3 + .01 * rng.normal(), 4) for _ in range(n)]))
    case = dict(alpha=float(rng.choice([.01, .05])), beta=.05, covariates=k, scale=scale, better=better,
                adjust=int(rng.random() < .8), tolerance=float(rng.choice([.05, .1])), h=float(rng.choice([.5, .1])),
                cpu=cpu, sessions=sessions, contention=int(rng.integers(-1, k)))
    r = judge(case)
    seen[r["verdict"]] = seen.get(r["verdict"], 0) + 1
    lines.append(f"case {case['alpha']!r} {case['beta']!r} {k} {j} {scale} {better} {case['adjust']} "
                 f"{case['tolerance']!r} {case['h']!r} {cpu} {case['contention']}")
    for s in sessions:
        lines.append(f"session {len(s['y'])} " + " ".join(
            " ".join(repr(float(v)) for v in list(z) + [y] + ([c] if cpu else []))
            for z, y, c in zip(s["z"], s["y"], s["cpu"])))
    lines.append(f"result {r['verdict']} " + " ".join(repr(float(r[f])) for f in (
        "change", "low", "high", "p", "noise", "noise_raw", "raw", "tolerance", "reference")) + f" {r['adjusted']}")
with open("judge_stored.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
print("judge_stored.txt", seen)
