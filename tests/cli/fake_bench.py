# SPDX-License-Identifier: Apache-2.0
"""Sessions of svcgate_fake, the program on a bench without containers (tests/fake/README.md): one folder
each, many at a time, in memory where that can be."""
import concurrent.futures
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.realpath(os.environ.get("SVCGATE_FAKE", "build/debug/tests/svcgate_fake"))
ROOT = pathlib.Path(tempfile.mkdtemp(prefix="svcgate-fake-",
                                     dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
CONFIG = """version: 1
service: { name: api, port: 8080 }
variants: { base: { image: "shop:1" }, candidate: { image: "shop:2" } }
reference: base
load: { script: load.js, rate: 100/s, measure: 10s }
plan: { design: turns, seed: 1, repetitions: 6..6 }
gates: [{ metric: latency_p95, tolerance: 5% }]
"""
SLICED = CONFIG.replace("plan: { design: turns, seed: 1, repetitions: 6..6 }", "plan: { design: sliced, seed: 1, repetitions: 9..9 }")
STORED = CONFIG + "baseline: api.json\n"
ALONE = STORED.replace('base: { image: "shop:1" }, ', "").replace("reference: base\n", "")
EVERY = int(os.environ.get("SG_EVERY", "1"))
folders = itertools.count()
failures = []


class Session:
    """A folder with a configuration, and what the last command in it came to."""

    def __init__(self, name, script="", config=CONFIG, baseline=None):
        self.name = name
        self.folder = ROOT / str(next(folders))
        self.folder.mkdir()
        self.write("svcgate.yaml", config)
        self.write("load.js", "")
        self.write("script", script)
        self.bundle = self.folder / "bundle"
        if baseline is not None:
            shutil.copy(baseline, self.folder / "api.json")

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def svcgate(self, *words):
        """The exit status; what was printed stays in .out and .err."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SVCGATE_")}
        environment.update(SG_FAKE=str(self.folder), HOME=str(self.folder), LC_ALL="C.UTF-8")
        done = subprocess.run([PROGRAM, *words], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False)
        self.out, self.err = done.stdout, done.stderr
        return done.returncode

    def run(self, *words):
        return self.svcgate("run", "--out", "bundle", *words)

    def judge(self):
        """What the bundle comes to: side by side, and against the stored baseline where there is one."""
        against = ["--baseline", "api.json", "--variant", "candidate"]
        stored = (self.folder / "api.json").exists()
        return [self.svcgate("judge", "bundle", *words) for words in ([], against)[:1 + stored]]

    def calls(self):
        path = self.folder / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def world(self):
        path = self.folder / "world"
        return sorted(os.listdir(path)) if path.exists() else []

    def stored(self):
        """session.json, or None."""
        path = self.bundle / "session.json"
        return json.loads(path.read_text()) if path.exists() else None

    def check(self, ok, what):
        if not ok:
            failures.append(f"{self.name}: {what}\n    out: {self.out[:200]!r}\n    err: {self.err[:300]!r}")
        return ok

    def remove(self):
        shutil.rmtree(self.folder)


def baseline():
    """A stored baseline of five sessions of the candidate; its path."""
    home = Session("the stored baseline")
    for i in range(5):
        one = Session("a stored session", f"seed {i + 1}\n", ALONE)
        one.check(one.run() == 2, "a single variant without a baseline is inconclusive")
        home.check(home.svcgate("baseline", "save", "api", str(one.bundle)) == 0, "not saved")
        one.remove()
    found = list(home.folder.glob("**/api.json"))
    return found[0]


def numbers(last):
    """Of the calls: all, or every so many; the last one, and the one that does not come any more."""
    return [*range(EVERY, last, EVERY), last, last + 1]


def for_all(function, cases):
    """Two at a time; the results in order."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(function, cases))


def finish(what):
    shutil.rmtree(ROOT)
    for failure in failures[:20]:
        print("FAILED:", failure)
    print(f"{len(failures)} of {what} failed" if failures else f"{what}: all hold")
    sys.exit(1 if failures else 0)
