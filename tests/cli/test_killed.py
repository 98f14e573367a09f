#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A session is killed (SIGKILL) in each of its calls to the bench: its bundle can be read or is not there,
is never a pass, and what it left is removed by the next session, or by clean."""
import fake_bench
from fake_bench import ALONE, CONFIG, SLICED, STORED, Session

# Both are slower than what is stored: the screen does not pass, and the confirmation does.
SLOWER = "factor candidate latency_p95 1.1\nfactor base latency_p95 1.1\n"


def kill_at(case):
    """False: the session has no such call."""
    name, script, config, baseline, number = case
    session = Session(f"{name}, killed in call {number}", script + f"kill {number}\n", config, baseline)
    got = session.run()
    if len(session.calls()) < number:
        session.check(got == 0, f"exit status {got}")
        session.remove()
        return False
    session.check(got == -9, f"exit status {got}, not killed")
    prepared = any(call.split()[1] == "prepare" for call in session.calls())
    session.check((session.world() != []) == prepared, f"what was left: {session.world()}")
    check_bundle(session)
    session.check(not list(session.bundle.glob("verdict*")), "there is a verdict")
    clean_up(session, script, number, prepared)
    session.remove()
    return True


def check_bundle(session):
    """Not there, or unfinished and no pass. Who is killed when only the cleaning up was left has measured all."""
    stored = session.stored()
    closing = session.calls()[-1].split()[1] == "close"
    if stored is not None:
        session.check(stored["complete"] is closing, f"complete: {stored['complete']}")
    wanted = (4, 5) if stored is None else (1, 2, 3)
    for got in session.judge():
        session.check(closing or got in wanted, f"judge gives {got}")


def clean_up(session, script, number, prepared):
    """By the next session into the same bundle, or by clean, in turns."""
    session.write("script", script)
    if number % 2 == 0:
        session.check(session.svcgate("clean") == 0, "clean fails")
        session.check(session.world() == [], f"left by clean: {session.world()}")
    else:
        session.check(session.run() == 0, "the next session does not pass")
        session.check(session.world() == [], f"left by the next session: {session.world()}")
        session.check(not prepared or "that a dead session left" in session.err, "nothing said of what was removed")
        session.check(session.judge()[0] in (0, 2), "the next session's bundle cannot be judged")


def kill_everywhere(name, script, config=CONFIG, baseline=None):
    whole = Session(name, script, config, baseline)
    whole.check(whole.run() == 0, "the session that is not killed does not pass")
    last = len(whole.calls())
    whole.check(last > 20, f"{last} calls only")
    whole.remove()
    numbers = fake_bench.numbers(last)
    there = fake_bench.for_all(kill_at, [(name, script, config, baseline, number) for number in numbers])
    if there != [number <= last for number in numbers]:
        fake_bench.failures.append(f"{name}: the calls are not the same each time")
    return len(there)


def main():
    stored = fake_bench.baseline()
    count = kill_everywhere("side by side", "")
    count += kill_everywhere("with trouble", "at slot=5 k6 1\nat slot=8 steal 0.2\n")
    count += kill_everywhere("sliced", "", SLICED)
    count += kill_everywhere("sliced, with trouble", "at slot=2 k6 1\nat slot=14 drops 100\n", SLICED)
    count += kill_everywhere("alone", "seed 99\ngone *\n", ALONE, stored)
    count += kill_everywhere("beside the accepted image", "", ALONE, stored)
    count += kill_everywhere("screened first", SLOWER, STORED, stored)
    fake_bench.finish(f"{count} sessions that are killed")


main()
