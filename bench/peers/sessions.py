# SPDX-License-Identifier: Apache-2.0
"""Simulated sessions from tests/sim, and what svcgate's judge says about them."""

import os
import subprocess

import numpy as np

SIM = os.environ.get("SIM", "build/release/tests/sim")
VERDICTS = os.environ.get("VERDICTS", "")
PER_SIDE = 21


def dump(shape, cv, effect, sessions, seed):
    return subprocess.run([SIM, "dump", shape, repr(cv), repr(effect), str(sessions), str(seed),
                           str(PER_SIDE)], check=True, capture_output=True).stdout


def read(text):
    """(sessions, slots) values in the order of time, and which slots are the candidate's."""
    body = text[text.index(b"\n") + 1:]
    body = body.replace(b"base", b"0").replace(b"candidate", b"1").replace(b"\n", b",")
    table = np.fromstring(body.decode().rstrip(","), sep=",").reshape(-1, 2 * PER_SIDE, 5)
    return table[:, :, 4], table[:, :, 3] == 1


def sides(values, is_candidate, n):
    """The first n repetitions of each side, in the order of time."""
    base = values[~is_candidate].reshape(-1, PER_SIDE)
    candidate = values[is_candidate].reshape(-1, PER_SIDE)
    return base[:, :n], candidate[:, :n]


def one_after_the_other(values, n):
    """The same noise when the base is measured first and the candidate afterwards."""
    return values[:, :n], values[:, n:2 * n]


def judge(text, alpha, tolerance, plan="planned"):
    """svcgate's verdicts and the repetitions a side after which they were reached."""
    out = subprocess.run([VERDICTS, repr(alpha), repr(tolerance), plan], input=text, check=True,
                         capture_output=True).stdout.decode().split("\n")
    rows = [line.split(",") for line in out if line]
    return np.array([row[1] for row in rows]), np.array([int(row[2]) for row in rows])


def judge_unblocked(base, candidate, alpha, tolerance):
    """svcgate's verdicts on samples without blocks, at one look."""
    lines = ["session,slot,block,variant,value"]
    for number, (b, c) in enumerate(zip(base.tolist(), candidate.tolist()), 1):
        values = [("base", x) for x in b] + [("candidate", x) for x in c]
        lines += [f"{number},{slot},1,{name},{value!r}"
                  for slot, (name, value) in enumerate(values, 1)]
    return judge("\n".join(lines).encode() + b"\n", alpha, tolerance, "once")
