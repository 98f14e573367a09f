#!/usr/bin/env python3
"""A session that is stopped at several moments, a second one beside it, and one that is killed.

Shows: SIGINT and SIGTERM end a session with 130 and 143, from the first moment on that they are caught, and
nothing is left; a second session of the same engine is told to wait, and the first goes on; what a killed
session leaves, `svcgate clean` removes; one whose standard error nobody reads cleans up all the same. That the bundle of an interrupted session is readable and no pass is
shown by test_dashboards.py, which interrupts one after some repetitions."""

import os
import pathlib
import signal

import harness as h

GATES = ["{ metric: latency_p95, tolerance: 20%, floor: 2ms }"]


def begin():
    """Its configuration, the process and the bundle."""
    config = h.write_config(h.folder(), [h.variant("base"), h.variant("candidate")], GATES, measure="3s")
    return config, *h.begin(config)


def catches(process, number):
    """Whether it has a handler for the signal, by proc(5)."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("SigCgt:"):
            return int(line.split()[1], 16) >> (number - 1) & 1
    return False


def interrupt(process, bundle, number, when):
    h.send(process, number)
    result = h.finish(process, bundle)
    h.check(result.status == 128 + number, f"{signal.Signals(number).name} {when}: exit {128 + number}")
    h.check_nothing_left()


def at_the_start():
    _, process, bundle = begin()
    h.wait_until(lambda: catches(process, signal.SIGINT), 20, "svcgate catches SIGINT", process)
    interrupt(process, bundle, signal.SIGINT, "at the start")


def while_the_testbench_starts():
    _, process, bundle = begin()
    h.wait_for_container("prometheus")
    interrupt(process, bundle, signal.SIGTERM, "while the testbench starts")


def while_the_service_starts():
    _, process, bundle = begin()
    h.wait_for_container("service")
    interrupt(process, bundle, signal.SIGINT, "while the service starts")


def under_load_beside_a_second_session():
    config, first, bundle = begin()
    h.wait_for_container("k6")
    second = h.call("run", "--config", config, "--out", h.folder(), env={**os.environ, "SVCGATE_WAIT": "0s"})
    h.check(second.status == 5 and "another svcgate session" in second.err, "a second session is told to wait: exit 5")
    h.check(first.poll() is None, "the first goes on")
    interrupt(first, bundle, signal.SIGTERM, "under load")


def while_nobody_reads():
    """Standard error is a pipe that is full before the session begins."""
    config = h.write_config(h.folder(), [h.variant("base"), h.variant("candidate")], GATES, measure="3s")
    read, write = os.pipe()
    os.set_blocking(write, False)
    try:
        while True:
            os.write(write, b"." * 512)
    except BlockingIOError:
        os.set_blocking(write, True)
    process = h.start(["run", "--config", config, "--out", h.folder()], stderr=write)
    os.close(write)
    h.wait_for_container("k6")
    h.send(process, signal.SIGTERM)
    h.check(process.wait(h.GRACE) == 128 + signal.SIGTERM, "SIGTERM while nobody reads: exit 143")
    os.close(read)
    h.check_nothing_left()


def killed():
    _, process, bundle = begin()
    h.wait_for_container("k6")
    process.kill()
    h.finish(process, bundle)
    h.check(h.things() - h.there_before, "a killed session leaves containers")
    h.check(h.call("clean", timeout=90).status == 0, "svcgate clean: exit 0")
    h.check_nothing_left()


h.main(at_the_start, while_the_testbench_starts, while_the_service_starts, under_load_beside_a_second_session,
       while_nobody_reads, killed)
