#!/usr/bin/env python3
"""Signals at several moments, a second session beside a running one, and a killed session."""

import os
import pathlib
import signal
import time

import harness as h

GATES = ["{ metric: latency_p95, tolerance: 20%, floor: 2ms }"]


def begin():
    config = h.write_config(h.folder(), [h.variant("base"), h.variant("candidate")], GATES, measure="3s")
    bundle = pathlib.Path(config).parent / "bundle"
    return config, bundle, h.start(["run", "--config", config, "--out", str(bundle)])


def interrupt(role, delay, number, status):
    _, bundle, process = begin()
    if role:
        h.wait_for_container(role)
    time.sleep(delay)
    h.send(process, number)
    out, err = process.communicate(timeout=60)
    h.Result(process.returncode, out, err, bundle).show()
    h.check(process.returncode == status, f"{signal.Signals(number).name} {delay} s after {role or 'the start'}: exit {status}")
    h.check_nothing_left()


def readable_after_interrupt():
    _, bundle, process = begin()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if (bundle / "session.json").exists() and '"slot": 2' in (bundle / "session.json").read_text():
            break
        time.sleep(0.2)
    h.send(process)
    process.communicate(timeout=60)
    h.check(process.returncode == 130, "interrupted after two repetitions: exit 130")
    judged = h.start(["judge", str(bundle), "--format", "text"])
    out, err = judged.communicate(timeout=20)
    h.say(out + err)
    h.check(judged.returncode in (2, 3), f"the bundle so far is readable and no pass (exit {judged.returncode})")
    h.check_nothing_left()


def second_session():
    config, _, first = begin()
    h.wait_for_container("k6")
    second = h.start(["run", "--config", config, "--out", h.folder()], env={**os.environ, "SVCGATE_WAIT": "0s"})
    out, err = second.communicate(timeout=30)
    h.say(out + err)
    h.check(second.returncode == 5 and "another svcgate session" in err, "a second session is told to wait")
    h.check(first.poll() is None, "the first goes on")
    h.send(first)
    first.communicate(timeout=60)
    h.check_nothing_left()


def killed():
    _, _, process = begin()
    h.wait_for_container("k6")
    process.kill()
    process.communicate(timeout=20)
    h.check(h.leftovers() != [], "a killed session leaves containers")
    cleaned = h.start(["clean"])
    out, err = cleaned.communicate(timeout=90)
    h.say(out + err)
    h.check(cleaned.returncode == 0, "svcgate clean: exit 0")
    h.check_nothing_left()


def main():
    interrupt(None, 0.05, signal.SIGINT, 130)
    interrupt("prometheus", 0, signal.SIGTERM, 143)
    interrupt("service", 0.1, signal.SIGINT, 130)
    interrupt("k6", 1.5, signal.SIGTERM, 143)
    readable_after_interrupt()
    second_session()
    killed()


main()
