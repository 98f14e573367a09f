#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who reads what svcgate prints may stop reading, or go; a terminal may go; a child may not want to end. A
session goes on or ends with the right exit status, soon, and nothing stays."""
import fcntl
import os
import pathlib
import signal
import subprocess
import time

import fake_bench
from fake_bench import Session

SVCGATE = os.path.realpath(os.environ.get("SVCGATE", "build/debug/svcgate"))
SOON = 30  # seconds; svcgate gives a reader 2


class Pipe:
    """One that is full already, and that nobody reads."""

    def __init__(self):
        self.read, self.write = os.pipe()
        flags = fcntl.fcntl(self.write, fcntl.F_GETFL)
        fcntl.fcntl(self.write, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        self.filled = 0
        try:
            while True:
                self.filled += os.write(self.write, b"." * 512)
        except BlockingIOError:
            fcntl.fcntl(self.write, fcntl.F_SETFL, flags)

    def drain(self):
        """What was written besides the filling, until all writers are gone."""
        os.close(self.write)
        with os.fdopen(self.read, "rb") as file:
            return file.read()[self.filled:].decode()


def start(session, words=("run", "--out", "bundle"), program=fake_bench.PROGRAM, **more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SVCGATE_")}
    environment.update(SG_FAKE=str(session.folder), HOME=str(session.folder), LC_ALL="C.UTF-8", **more.pop("env", {}))
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **more}
    return subprocess.Popen([program, *words], cwd=session.folder, env=environment, **streams)


def status(session, process):
    """None: it did not end by itself."""
    session.out = session.err = ""
    try:
        return process.wait(SOON)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def check(session, got, wanted):
    session.check(got == wanted, f"exit status {got} instead of {wanted}")
    session.check(session.world() == [], f"left behind: {session.world()}")
    session.remove()


def errors_that_nobody_reads():
    session, pipe = Session("a full standard error"), Pipe()
    got = status(session, start(session, stderr=pipe.write))
    session.check(pipe.drain() == "", "it was written all the same")
    check(session, got, 0)


def errors_that_are_read_late():
    """Without a loss: the reader comes back within a second."""
    session, pipe = Session("a slow reader"), Pipe()
    process = start(session, stderr=pipe.write)
    time.sleep(1)
    text = pipe.drain()
    got = status(session, process)
    session.check("block 1 " in text and "after block " in text and "missing" not in text, f"something is missing: {text!r}")
    check(session, got, 0)


def errors_that_are_read_too_late():
    """What is lost is said. The session waits for another's lock meanwhile."""
    session, pipe = Session("a reader who comes back", "sleep real\n"), Pipe()
    with open(session.folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = start(session, ("run", "--out", "bundle", "--wait", "1m"), stderr=pipe.write)
        time.sleep(4)
        text = os.read(pipe.read, pipe.filled)
        pipe.filled -= len(text)
    text = pipe.drain()
    got = status(session, process)
    session.check(text.startswith("\nsvcgate: messages are missing here"), f"not said: {text!r}")
    session.check("after block " in text, f"what comes later is not written: {text!r}")
    check(session, got, 0)


def interrupted_while_nobody_reads():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        session, pipe = Session(f"a full standard error, {number.name}", f"signal load {number.name[3:]}\n"), Pipe()
        got = status(session, start(session, stderr=pipe.write))
        pipe.drain()
        check(session, got, 128 + number)


def errors_without_a_reader():
    session, (read, write) = Session("a closed standard error"), os.pipe()
    os.close(read)
    got = status(session, start(session, stderr=write))
    os.close(write)
    check(session, got, 0)


def report_without_a_reader():
    session, (read, write) = Session("a closed standard output"), os.pipe()
    os.close(read)
    got = status(session, start(session, stdout=write))
    os.close(write)
    check(session, got, 5)


def report_that_nobody_reads():
    """A pager: it is waited for, when all is cleaned up, and a signal ends that at once."""
    session, pipe = Session("a full standard output"), Pipe()
    process = start(session, stdout=pipe.write)
    report = session.bundle / "verdict.json"
    deadline = time.monotonic() + SOON
    while not report.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    session.out = session.err = ""
    session.check(process.poll() is None, "it did not wait for its reader")
    session.check(session.world() == [], f"it waits with containers: {session.world()}")
    process.send_signal(signal.SIGTERM)
    got = status(session, process)
    pipe.drain()
    check(session, got, -signal.SIGTERM)


def closed_terminal():
    """SIGHUP in each call of a session, by its number; the seventh in each of ten."""
    for call in [*range(1, 80, 7)]:
        session = Session(f"SIGHUP in call {call}", f"signal {call} HUP\n")
        got = session.run()
        there = len(session.calls()) >= call
        session.check(got == (129 if there and session.calls()[call - 1].split()[1] != "close" else 0), f"exit status {got}")
        session.check(session.world() == [], f"left behind: {session.world()}")
        session.remove()


def child_that_does_not_end():
    """git, asked for the commit of a base: svcgate ends soon after its own signal, and so does git."""
    config = fake_bench.CONFIG.replace('base: { image: "shop:1" }', "base: { build: { context: ., ref: main } }")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        session = Session(f"a deaf git, {number.name}", config=config)
        pid = session.folder / "pid"
        session.write("git", f"#!/bin/sh\ntrap '' TERM INT HUP\necho $$ >{pid}.new\nmv {pid}.new {pid}\n"
                             "while :; do sleep 1; done\n")
        (session.folder / "git").chmod(0o755)
        process = start(session, program=SVCGATE, env={"PATH": f"{session.folder}:{os.environ['PATH']}"})
        deadline = time.monotonic() + SOON
        while not pid.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        got = status(session, process)
        alive = pathlib.Path("/proc", pid.read_text().strip()).exists() if pid.exists() else None
        session.check(alive is False, f"git runs on: {alive}")
        check(session, got, 128 + number)


def main():
    cases = [errors_that_nobody_reads, errors_that_are_read_late, errors_that_are_read_too_late, interrupted_while_nobody_reads,
             errors_without_a_reader, report_without_a_reader, report_that_nobody_reads, closed_terminal,
             child_that_does_not_end]
    for case in cases:
        case()
    fake_bench.finish(f"{len(cases)} kinds of readers and children")


main()
