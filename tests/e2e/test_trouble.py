#!/usr/bin/env python3
"""What goes wrong around a service: the right exit code, the right log, nothing left behind."""

import os
import pathlib
import sys
import threading
import time

import harness as h

GATES = ["{ metric: latency_p95, tolerance: 20%, floor: 2ms }"]


def short(variants, **more):
    return h.write_config(h.folder(), variants, GATES, rate=more.pop("rate", "50/s"), measure="2s", **more)


def crash():
    result = h.run(short([h.variant("base"), h.variant("candidate", FAULT_CRASH_AFTER=150)]))
    h.check(result.status == 1, "a crashing variant fails: exit 1")
    h.check("exited" in result.out, "the report says that it exited")
    h.check("crash" in result.out.lower(), "the report shows the service's last words")
    h.check(result.json("verdict.json")["verdict"] == "fail", "verdict.json says fail")


def reference_crash():
    result = h.run(short([h.variant("base", FAULT_CRASH_AFTER=150), h.variant("candidate")]))
    h.check(result.status == 3, "a crashing reference is invalid: exit 3")


def out_of_memory():
    result = h.run(short([h.variant("base"), h.variant("candidate", FAULT_MEMORY_KB=2048)]))
    h.check(result.status == 1, "a variant that is killed for its memory fails: exit 1")
    h.check("memory" in result.out, "the report says why")


def never_ready():
    result = h.run(short([h.variant("base"), h.variant("candidate", FAULT_NEVER_READY=1)], ready_timeout="3s"))
    h.check(result.status == 3, "a service that never gets ready: exit 3")
    h.check("/healthz" in result.out + result.err, "the ready path is named")


def missing_image():
    result = h.run(short([h.variant("base"), h.variant("candidate", image="svcgate-demo/none:9")]))
    h.check(result.status == 5, "an image that is nowhere: exit 5")
    h.check("svcgate-demo/none:9" in result.err, "the image is named")


def throwing_script():
    folder = h.folder()
    script = pathlib.Path(folder) / "bad.js"
    script.write_text("export default function () { throw new Error('no such thing'); }\n")
    config = h.write_config(folder, [h.variant("base"), h.variant("candidate")], GATES, script=str(script),
                            measure="2s", rate="20/s")
    result = h.run(config)
    h.check(result.status == 3, "a script that throws: exit 3")
    h.check("no such thing" in result.out + result.err, "k6's log is shown")


def broken_script():
    folder = h.folder()
    script = pathlib.Path(folder) / "bad.js"
    script.write_text("export default function ( {\n")
    config = h.write_config(folder, [h.variant("base"), h.variant("candidate")], GATES, script=str(script))
    result = h.run(config)
    h.check(result.status == 3, "a script that does not parse: exit 3")
    h.check("bad.js" in result.out + result.err, "the script is named")


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
    environment = {**h.os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"}
    result = h.run(short([h.variant("base"), h.variant("candidate")]), env=environment)
    h.check(result.status == 5, "no engine: exit 5")
    h.check("/nowhere/docker.sock" in result.err, "the socket is named")


def lost_prometheus():
    config = short([h.variant("base"), h.variant("candidate")])
    bundle = pathlib.Path(config).parent / "bundle"
    process = h.start(["run", "--config", config, "--out", str(bundle)])
    h.wait_for_container("k6")
    h.docker("kill", h.wait_for_container("prometheus"))
    out, err = process.communicate(timeout=200)
    h.Result(process.returncode, out, err, bundle).show()
    h.check(process.returncode == 5, "Prometheus lost in the middle: exit 5")
    h.check("Prometheus" in err, "Prometheus is named")


class Thief:
    """A /proc/stat of which every CPU loses as much time as it has while `stealing`. It is seen by what `before`
    runs, in a mount namespace of its own."""

    def __init__(self):
        self.path = h.folder() + "/stat"
        self.before = (*([] if os.geteuid() == 0 else ["sudo", "-nE"]), "unshare", "--mount", "sh", "-c",
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


def stolen_time():
    """The host gives the CPUs to somebody else, for longer than two windows: that passes, and is waited for."""
    config = short([h.variant("base"), h.variant("candidate")])
    thief, err, waits = Thief(), [], 0
    bundle = pathlib.Path(config).parent / "bundle"
    process = h.start(["run", "--config", config, "--out", str(bundle)], before=thief.before)
    for line in process.stderr:
        err.append(line)
        if "waiting up to" in line:
            waits += 1
            thief.stealing = False
            if waits == 1:
                h.wait_for_container("k6")
                thief.stealing = True
    result = h.Result(process.wait(timeout=100), process.stdout.read(), "".join(err), bundle)
    thief.end()
    result.show()
    discarded = [r for r in result.json("session.json")["repetitions"] if r.get("discarded")]
    h.check(result.status in (0, 2), "a host that becomes calm again makes no session invalid")
    h.check(len(discarded) >= 2, "what it disturbed does not count")
    h.check("the host took away" in result.out, "the report says so")


CASES = (no_engine, missing_image, never_ready, broken_script, throwing_script, crash, reference_crash, out_of_memory,
         saturated, overrun, lost_prometheus, stolen_time)


def main():
    wanted = sys.argv[1:]
    for case in (case for case in CASES if not wanted or case.__name__ in wanted):
        h.say(f"=== {case.__name__}")
        case()
        h.check_nothing_left()


main()
