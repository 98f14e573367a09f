# SPDX-License-Identifier: Apache-2.0
"""judge_FLAVOUR.txt: what judge_oracle.py says of the sessions that drawn_session.py draws. Rows:
s index inputs verdicts   (inputs: checksum of all values; verdicts: of each variant, then of all)
r verdict decided flags change low high reference value p noise noise_raw raw
  alpha tolerance vlow vhigh detectable
u flags change low high reference value p noise noise_raw raw
s is followed by an r for each gate and variant, then an u for each metric without gate and variant.
`-`: no such number; `=`: noise_raw as noise, raw as change; N for all else: judged without any number.
Flags: 8 adjusted, 4 improved, 2 beyond, 1 warn.

    make_judge.py                all files
    make_judge.py FLAVOUR        one of them: planned, blocks, adjusted, counts, wide
    make_judge.py FLAVOUR INDEX  shows one session and what is expected of it"""
import math
import multiprocessing
import sys

import drawn_session
import judge_oracle as oracle

COUNTS = {"planned": 3500, "blocks": 3500, "adjusted": 2000, "counts": 1000, "wide": 1000}
LETTERS = {"pass": "P", "fail": "F", "inconclusive": "I", "invalid": "X"}
NUMBERS = ["change", "low", "high", "reference", "value", "p", "noise", "noise_raw", "raw"]
OF_GATES = ["alpha", "tolerance", "vlow", "vhigh"]


def number(x, digits=14):
    return "-" if math.isnan(x) else f"{float(x):.{digits}g}"


def shown(r, name):
    like = {"noise_raw": "noise", "raw": "change"}.get(name)
    return "=" if like and r[name] == r[like] else number(r[name])


def result_row(r, gated):
    flags = f"{r['adjusted'] * 8 + r['improved'] * 4 + r['beyond'] * 2 + r['warn']:x}"
    numbers = [shown(r, k) for k in NUMBERS]
    if not gated:
        return " ".join(["u"] + (["N"] if r.get("nothing") else [flags] + numbers))
    if r.get("nothing"):
        return f"r {LETTERS[r['verdict']]} N"
    return " ".join(["r", LETTERS[r["verdict"]], str(r["decided"]), flags] + numbers +
                    [number(r[k]) for k in OF_GATES] + [number(r["detectable"], 6)])


def rows(flavour, index):
    s = drawn_session.draw_session(flavour, index)
    results, verdicts, worst = oracle.judge(s)
    letters = "".join(LETTERS[v] for v in verdicts + [worst])
    gated = len(s["gates"]) * len(verdicts)
    return ([f"s {index} {drawn_session.checksum(s):04x} {letters}"] +
            [result_row(r, i < gated) for i, r in enumerate(results)])


def job(arguments):
    return rows(*arguments)


def write(name):
    flavour = drawn_session.FLAVOURS.index(name)
    with multiprocessing.Pool(2) as pool:
        parts = pool.map(job, [(flavour, i) for i in range(COUNTS[name])], chunksize=25)
    with open(f"judge_{name}.txt", "w") as file:
        file.write("# made by make_judge.py\n")
        for part in parts:
            file.write("\n".join(part) + "\n")
    letters = [row.split()[1] for part in parts for row in part if row.startswith("r")]
    print(name, COUNTS[name], {v: letters.count(letter) for v, letter in LETTERS.items()})


def show(flavour, index):
    s = drawn_session.draw_session(drawn_session.FLAVOURS.index(flavour), index)
    print(s["plan"], "reference", s["reference"], "couplings", s["couplings"])
    for m in s["metrics"] + s["gates"]:
        print(m)
    for r in s["reps"]:
        print(r["block"], r["variant"], "discarded" if r["discarded"] else "", *map(repr, r["values"]))
    print(*rows(drawn_session.FLAVOURS.index(flavour), index), sep="\n")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        show(sys.argv[1], int(sys.argv[2]))
    else:
        for name in sys.argv[1:] or COUNTS:
            write(name)
