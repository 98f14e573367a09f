#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every call of a whole session to the bench fails once, in each way that it can: the right exit status,
nothing left, a bundle that can be read and is never a pass."""
import fake_bench
from fake_bench import ALONE, CONFIG, SLICED, STORED, Session

WAYS = {"fail environment": 5, "fail network": 5, "signal INT": 130, "signal TERM": 143}
FEW = {"fail environment": 5, "signal INT": 130}
TROUBLE = "at slot=5 k6 1\nat slot=8 steal 0.2\nat slot=11 not_ready\n"
# The first block is made again, and one of the second drops iterations: the rest is measured in turns.
SLICED_TROUBLE = "at slot=2 k6 1\nat slot=14 drops 100\n"
# Both are slower than what is stored: the screen does not pass, and the confirmation does.
SLOWER = "factor candidate latency_p95 1.1\nfactor base latency_p95 1.1\n"


def line_of(way, number):
    verb, kind = way.split()
    return f"{verb} {number} {kind}\n"


def check_bundle(session):
    """Where there is one: unfinished, and no pass. Stored sessions may tell of a fail all the same."""
    stored = session.stored()
    if stored is not None:
        session.check(stored["complete"] is False, "session.json says that it is complete")
    for got, wanted in zip(session.judge(), ((2,), (1, 2))):
        session.check(got in (wanted if stored is not None else (4, 5)), f"judge gives {got}")


def break_at(case):
    """False: the session has no such call."""
    name, script, options, config, baseline, way, status, number = case
    session = Session(f"{name}, {way} at call {number}", script + line_of(way, number), config, baseline)
    got = session.run(*options)
    calls = session.calls()
    there = len(calls) >= number
    closing = there and calls[number - 1].split()[1] == "close"
    if not there or closing:
        # cleaning up comes last: what fails there must not hide the verdict
        session.check(got == 0 or "observe" in options, f"exit status {got} of a session that was measured")
    else:
        session.check(got == status, f"exit status {got} instead of {status}")
        session.check(session.out == "", "a report of what was not measured")
        session.check(session.err != "", "no word of what happened")
        session.check(calls[-1].split()[1] == "close" or number == 1, "the last call is not close")
        check_bundle(session)
    if closing and way.startswith("fail"):
        session.check(session.world() != [] and "svcgate clean" in session.err, "nothing said of what is left")
        session.check(session.svcgate("clean") == 0, "clean fails")
    session.check(session.world() == [], f"left behind: {session.world()}")
    session.remove()
    return there


def break_everywhere(name, script, ways, options=(), config=CONFIG, baseline=None):
    whole = Session(name, script, config, baseline)
    whole.check(whole.run(*options) == 0, "the session without a failure does not pass")
    last = len(whole.calls())
    whole.check(last > 20, f"{last} calls only")
    whole.remove()
    cases = [(name, script, options, config, baseline, way, status, number)
             for way, status in ways.items() for number in fake_bench.numbers(last)]
    there = fake_bench.for_all(break_at, cases)
    if there != [number <= last for *_, number in cases]:
        fake_bench.failures.append(f"{name}: the calls are not the same each time")
    return len(cases)


def main():
    stored = fake_bench.baseline()
    count = break_everywhere("side by side", "", WAYS)
    count += break_everywhere("with trouble", TROUBLE, FEW)
    count += break_everywhere("sliced", "", WAYS, config=SLICED)
    count += break_everywhere("sliced, with trouble", SLICED_TROUBLE, FEW, config=SLICED)
    count += break_everywhere("alone", "seed 99\ngone *\n", FEW, config=ALONE, baseline=stored)
    count += break_everywhere("beside the accepted image", "", FEW, config=ALONE, baseline=stored)
    count += break_everywhere("screened first", SLOWER, FEW, config=STORED, baseline=stored)
    count += break_everywhere("observing", "", {"fail environment": 5}, ("--mode", "observe"))
    fake_bench.finish(f"{count} sessions that break off")


main()
