#!/usr/bin/env python3
"""What goes wrong around a service: the right exit code, the right log, nothing left behind.

Shows, each with its exit code and with the words that lead to the cause: an engine, an image or a Prometheus
that is not there; a service that never gets ready, exits, is killed for its memory, or does not keep up; a
script that throws; a generator without virtual users to spare; a host that gives the
CPUs to somebody else and takes them back."""

import os
import pathlib
import subprocess
import threading
import time

import harness as h

GATES = ["{ metric: latency_p95, tolerance: 20%, floor: 2ms }"]
NOWHERE = "127.0.0.1:1/svcgate-demo/none:9"  # a registry that refuses at once, network or not
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-nE"]
CRASH = 75  # requests: in the middle of the first measured window, at 50/s


def short(variants, **more):
    return h.write_config(h.folder(), variants, GATES, **{"rate": "50/s", **more})


def exits():
    """Two variants that exit, each for its own reason; the session goes on with the other."""
    result = h.run(short([h.variant("base"), h.variant("crash", FAULT_CRASH_AFTER=CRASH),
                          h.variant("memory", FAULT_MEMORY_KB=2048)]))
    verdict = result.json("verdict.json")
    h.check(result.status == 1, "variants that exit fail: exit 1")
    h.check({v["variant"]: v["verdict"] for v in verdict["variants"]} == {"crash": "fail", "memory": "fail"}, "each of them")
    reasons = {v["variant"]: v["reason"] for v in verdict["variants"]}
    h.check("exited under load" in reasons["crash"], "the report says that one exited")
    last_words = f"crash after {CRASH} requests"
    h.check(last_words in result.err, "what it said last is in the output")
    told = [path.name for path in pathlib.Path(result.bundle).rglob("*") if path.is_file() and last_words in path.read_text()]
    h.check(not told, f"and not in the bundle: {told}")
    h.check("for want of memory" in reasons["memory"], "and that the other was killed for its memory")
    h.check(all(reason in result.out for reason in ("exited under load", "for want of memory")), "so does the text")


def never_ready():
    result = h.run(short([h.variant("base"), h.variant("candidate", FAULT_NEVER_READY=1)], ready_timeout="3s"))
    h.check(result.status == 3, "a service that never gets ready: exit 3")
    h.check("/healthz" in result.out + result.err, "the ready path is named")


def missing_image():
    result = h.run(short([h.variant("base"), h.variant("candidate", image=NOWHERE)]), timeout=h.GRACE)
    h.check(result.status == 5, "an image that is nowhere: exit 5")
    h.check(NOWHERE in result.err, "the image is named")


def throwing_script():
    folder = h.folder()
    script = pathlib.Path(folder) / "bad.js"
    script.write_text("export default function () { throw new Error('no such thing'); }\n")
    result = h.run(h.write_config(folder, [h.variant("base"), h.variant("candidate")], GATES, script=str(script), rate="20/s"))
    h.check(result.status == 3, "a script that throws: exit 3")
    h.check("no such thing" in result.out + result.err, "k6's log is shown")


def saturated():
    config = short([h.variant("base", FAULT_LATENCY_MS=500), h.variant("candidate", FAULT_LATENCY_MS=500)], rate="100/s")
    result = h.run(config, "--vus", "5")
    h.check(result.status == 3, "a generator without virtual users to spare is invalid: exit 3")
    h.check("dropped" in result.out, "dropped iterations are named")


def overrun():
    """The candidate can serve 40 requests/s of the 100, the reference all of them."""
    config = short([h.variant("base"), h.variant("candidate", FAULT_LATENCY_MS=1000)], rate="100/s")
    result = h.run(config, "--vus", "40")
    h.check(result.status == 1, "a variant that does not keep up fails: exit 1")
    h.check("candidate does not keep up" in result.out, "it is said of the candidate")
    h.check("3 times in a row, and none on base" in result.out, "with what proves it")


def no_engine():
    environment = {**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"}
    result = h.run(short([h.variant("base"), h.variant("candidate")]), env=environment, timeout=h.GRACE)
    h.check(result.status == 5, "no engine: exit 5")
    h.check("/nowhere/docker.sock" in result.err, "the socket is named")


def lost_prometheus():
    process, bundle = h.begin(short([h.variant("base"), h.variant("candidate")]))
    h.wait_for_container("k6")
    h.docker("kill", h.wait_for_container("prometheus"))
    result = h.finish(process, bundle, timeout=200)
    h.check(result.status == 5, "Prometheus lost in the middle: exit 5")
    h.check("Prometheus" in result.err, "Prometheus is named")


class Thief:
    """A /proc/stat of which every CPU loses as much time as it has while `stealing`. It is seen by what `before`
    runs, in a mount namespace of its own."""

    def __init__(self):
        self.path = h.folder() + "/stat"
        self.before = (*AS_ROOT, "unshare", "--mount", "sh", "-c",
                       f'mount --bind {self.path} /proc/stat && exec "$@"', "thief")
        self.stolen, self.last, self.stealing, self.ended = {}, {}, True, False
        self.file = open(self.path, "wb", buffering=0)
        self.write()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def line(self, line):
        name, *numbers = line.split()
        numbers = [int(number) for number in numbers]
        gone = sum(numbers) - self.last.get(name, sum(numbers))
        self.last[name] = sum(numbers)
        self.stolen[name] = self.stolen.get(name, 0) + (gone if self.stealing else 0)
        numbers[7] += self.stolen[name]
        # The same length each time: who reads while this is written sees whole numbers.
        return f"{name} " + " ".join(f"{number:12d}" for number in numbers) + "\n"

    def write(self):
        lines = [line for line in pathlib.Path("/proc/stat").read_text().splitlines() if line.startswith("cpu")]
        os.pwrite(self.file.fileno(), "".join(map(self.line, lines)).encode(), 0)

    def work(self):
        while not self.ended:
            self.write()
            time.sleep(0.1)

    def end(self):
        self.ended = True
        self.thread.join()


def may_unshare():
    return subprocess.run([*AS_ROOT, "unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


def stolen_time():
    """The host gives the CPUs to somebody else, for longer than two windows: that passes, and is waited for."""
    if not may_unshare():
        h.skip("stolen_time: a mount namespace takes root, or sudo without a password")
        return
    config = pathlib.Path(short([h.variant("candidate")]))
    config.write_text(config.read_text().replace("reference: base", "baseline: none.json"))
    thief, err, waits = Thief(), [], 0
    try:
        process, bundle = h.begin(config, before=thief.before)
        for line in process.stderr:
            err.append(line)
            if "waiting up to" in line:
                waits += 1
                thief.stealing = False
                if waits == 1:
                    h.wait_for_container("k6")
                    thief.stealing = True
        result = h.finish(process, bundle)
    finally:
        thief.end()
    h.say("".join(err))
    kept = [r.get("discarded") for r in result.json("session.json")["repetitions"] if r["block"] > 0]
    h.check(result.status == 2, "a host that becomes calm again makes no session invalid: nothing to compare with, exit 2")
    h.check(len(list(filter(None, kept))) >= 2, "what it disturbed does not count")
    h.check(kept.count(None) == 6, "and was made again: six repetitions do")
    h.check("the host took away" in result.out, "the report says so")


h.main(no_engine, missing_image, never_ready, throwing_script, exits, saturated, overrun, lost_prometheus, stolen_time)
