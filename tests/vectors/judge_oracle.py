# SPDX-License-Identifier: Apache-2.0
"""The decision procedure of docs/method.md 4.1 to 4.4, 4.6 and 4.7 once more, in other ways than the
C code: laws by listing orders, integers over one denominator for the boundaries, NumPy and SciPy for
the rest. Sessions are plain dicts; judge(session) gives a list of expected results."""
import math

from oracle_count import CountGate
from oracle_family import Family, blank, counting
from oracle_rank import ExactGate, RankGate, ungated

KINDS = {"log": RankGate, "linear": RankGate, "exact": ExactGate, "count": CountGate}


def stand_out(session, results):
    """Benjamini and Hochberg's discoveries at 10 %, marked where they are better."""
    tested = sorted(r["p"] for r in results.values() if not math.isnan(r["p"]))
    found = [p for i, p in enumerate(tested) if p <= .1 * (i + 1) / len(tested)]
    for k, r in results.items():
        better = r["change"] > 0 if session["metrics"][k]["better"] == "higher" else r["change"] < 0
        r["improved"] = int(bool(found) and r["p"] <= found[-1] and better)


def nothing_to_judge(session):
    """The session is over, and no repetition of the reference counts."""
    reference = session["reference"]
    return reference is not None and session["plan"]["complete"] and not counting(session, reference)


def judge_variant(session, variant, alpha, beta):
    """(verdict, results of the gates, results of the metrics without one); results None: no numbers"""
    plan, gates = session["plan"], session["gates"]
    if nothing_to_judge(session):
        return "invalid", None, None
    family = Family(session, variant)
    if not family.pairs and (plan["complete"] or not plan["planned"]):
        return "invalid", None, None
    weights = [1.0 if math.isnan(g["weight"]) else g["weight"] for g in gates]
    results, frozen = [], []
    for gate, weight in zip(gates, weights):
        share = alpha * weight / sum(weights)
        kind = KINDS[session["metrics"][gate["metric"]]["scale"]]
        res, look = kind(session, family, gate, share, beta).run()
        results.append(res)
        frozen.append((look, res["verdict"]))
    others = {k: ungated(session, family, k, alpha, beta) for k, m in enumerate(session["metrics"])
              if m["role"] == "metric" and k not in [g["metric"] for g in gates]}
    stand_out(session, others)
    bad = [(look, verdict != "invalid", verdict) for look, verdict in frozen if verdict in ("invalid", "fail")]
    if bad:
        verdict = min(bad)[2]
    else:
        verdict = "pass" if all(v == "pass" for _, v in frozen) else "inconclusive"
    return verdict, results, [others[k] for k in sorted(others)]


def judge(session):
    """Results gate by gate, then metric by metric, each variant in turn; the variants' verdicts; of all."""
    plan = session["plan"]
    alpha, beta = plan["alpha"], plan["beta"]
    if plan["attempt"] >= 2:
        alpha, beta = alpha * 2.0 ** -plan["attempt"], beta * 2.0 ** (1 - plan["attempt"])
    variants = [v for v in session["variants"] if v != session["reference"]]
    judged = [judge_variant(session, v, alpha, beta) for v in variants]
    count = len(session["gates"])
    rest = len([m for k, m in enumerate(session["metrics"])
                if m["role"] == "metric" and k not in [g["metric"] for g in session["gates"]]])
    rows = []
    for i in range(count + rest):
        for verdict, gates, others in judged:
            if gates is None:
                rows.append(dict(blank(), verdict=verdict if i < count else "pass", nothing=True))
            else:
                rows.append(gates[i] if i < count else others[i - count])
    verdicts = [verdict for verdict, _, _ in judged]
    order = ["pass", "inconclusive", "fail", "invalid"]
    alone = "invalid" if nothing_to_judge(session) else "inconclusive"
    return rows, verdicts, max(verdicts, key=order.index) if verdicts else alone
