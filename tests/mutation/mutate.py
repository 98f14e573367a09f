#!/usr/bin/env python3
"""Mutation of one room: changes one thing in a copy of the tree, builds what depends on it, runs the
room's tests until one fails, and says which changes no test noticed.

mutate.py ROOM [N] [SEED]   N mutants that compile and are no equals of the original (default 200)

Everything is below build/mutants/ROOM; mutants.jsonl there has the results."""

import hashlib
import json
import math
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

from operators import mutants
from rooms import ROOMS

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORK = ROOT / "build" / "mutants" / "".join(sys.argv[1:2])
COPY = WORK / "tree"
BUILD = WORK / "build"
FLAGS = "-O1 -g0 -w -Werror=int-conversion -Werror=incompatible-pointer-types"
MEMORY = 4 << 30  # bytes of address space for a test
FILE_SIZE = 256 << 20
PATIENCE = 5  # times the time that a test needs on the original, and as many seconds more
BINARIES = ("svcgate", "svcgate_fake")
FAILED = b"[  FAILED  ]"  # cmocka goes on after it; we need not


def sh(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def copy_tree():
    """The work tree as git sees it; what is the same stays as old as it is."""
    listed = sh("git", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard", "--deduplicate").stdout
    names = [name for name in listed.decode().split("\0") if (ROOT / name).is_file()]
    known = set(names)
    for name in names:
        here, there = ROOT / name, COPY / name
        if not there.is_file() or there.read_bytes() != here.read_bytes():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(here, there)
    for path in COPY.rglob("*"):
        if path.is_file() and str(path.relative_to(COPY)) not in known:
            path.unlink()


def configure():
    # Shared libraries, and nothing linked anew when one changes: a mutant costs one object and one library.
    done = sh("cmake", "-G", "Ninja", "-S", str(COPY), "-B", str(BUILD), "-DCMAKE_BUILD_TYPE=None",
              f"-DCMAKE_C_FLAGS={FLAGS}", "-DBUILD_SHARED_LIBS=ON", "-DCMAKE_LINK_DEPENDS_NO_SHARED=ON")
    if done.returncode != 0:
        sys.exit(done.stdout.decode()[-3000:])


def build(targets):
    return sh("ninja", "-C", str(BUILD), "-j", "1", *targets)


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Test:
    def __init__(self, entry):
        self.name = entry["name"]
        self.command = entry["command"]
        self.kills = 0
        self.seconds = 0.0
        properties = {p["name"]: p["value"] for p in entry["properties"]}
        self.folder = properties["WORKING_DIRECTORY"]
        pairs = [word.split("=", 1) for word in properties.get("ENVIRONMENT", [])]
        # No engine: a mutant of the loop must not start anything that stays.
        self.environment = {**os.environ, **dict(pairs), "DOCKER_HOST": "unix:///nonexistent/docker.sock",
                            "HOME": str(WORK / "home"), "TMPDIR": str(WORK / "tmp")}

    def run(self, most):
        """"passed", "failed" or "timeout"."""
        log = WORK / "test.log"
        end = time.monotonic() + most
        with open(log, "wb") as out:
            child = subprocess.Popen(self.command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                     stdout=out, stderr=out, start_new_session=True, preexec_fn=limits)
        try:
            return self.wait(child, log, end)
        finally:
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()

    def wait(self, child, log, end):
        pause = 0.002
        while time.monotonic() < end:
            code = child.poll()
            if code is not None:
                return "passed" if code == 0 else "failed"
            if pause > 0.2 and FAILED in log.read_bytes():
                return "failed"
            time.sleep(pause)
            pause = min(2 * pause, 0.5)
        return "timeout"


def find_entries(pattern):
    listed = json.loads(sh("ctest", "--test-dir", str(BUILD), "--show-only=json-v1").stdout)
    return [entry for entry in listed["tests"] if re.match(pattern, entry["name"])]


def find_targets(entries):
    """A unit test is the target of its name; all others drive one of the binaries."""
    known = sh("ninja", "-C", str(BUILD), "-t", "targets", "all").stdout.decode()
    units = [entry["name"] for entry in entries if entry["name"].startswith("unit_")]
    binaries = [name for name in BINARIES if re.search(rf"^{name}: ", known, re.MULTILINE)]
    return units + (binaries if len(units) < len(entries) else [])


def run_on_original(tests):
    for test in tests:
        start = time.monotonic()
        outcome = test.run(600)
        test.seconds = time.monotonic() - start
        if outcome != "passed":
            sys.exit(f"{test.name} {outcome} on the original:\n{(WORK / 'test.log').read_text(errors='replace')[-2000:]}")


def judge(tests):
    """The first test that notices; those that cost little and have noticed much come first."""
    for test in sorted(tests, key=lambda t: t.seconds / (1 + t.kills)):
        outcome = test.run(PATIENCE * test.seconds + PATIENCE)
        if outcome != "passed":
            test.kills += 1
            return ("timeout" if outcome == "timeout" else "killed"), test.name
    return "survived", None


def objects(source):
    """A hash of what the compiler made of this source, in every program that has it."""
    found = sorted(BUILD.rglob(f"{source}.o"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()


def equivalents():
    """(file, line before, line after) of mutants that mean the same; reasons stand beside them."""
    rows = set()
    for line in (HERE / "equivalent.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            rows.add(tuple(part.strip() for part in line.split(" || ")[:3]))
    return rows


def candidates(room):
    names = sorted(str(p.relative_to(ROOT)) for pattern in ROOMS[room]["sources"] for p in ROOT.glob(pattern))
    for name in names:
        text = (ROOT / name).read_text()
        for start, end, new, kind in mutants(text):
            yield name, text, start, end, new, kind


def describe(name, text, start, end, new, kind):
    """Line number, the changed line before and after (the first of several)."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    before = " ".join(text[first:last].split())
    after = " ".join((text[first:start] + new + text[end:last]).split())
    return {"file": name, "line": text.count("\n", 0, start) + 1, "kind": kind, "before": before, "after": after}


class Room:
    def __init__(self, name):
        self.targets = find_targets(find_entries(ROOMS[name]["tests"]))
        done = build(self.targets)
        if done.returncode != 0:
            sys.exit(done.stdout.decode()[-3000:])
        self.tests = [Test(entry) for entry in find_entries(ROOMS[name]["tests"])]
        run_on_original(self.tests)
        self.equivalent = equivalents()
        self.original = {}
        self.seen = set()

    def try_one(self, candidate):
        name, text, start, end, new, _ = candidate
        row = describe(*candidate)
        if (row["file"], row["before"], row["after"]) in self.equivalent:
            return {**row, "outcome": "equivalent"}
        if name not in self.original:
            self.original[name] = objects(name)
        (COPY / name).write_text(text[:start] + new + text[end:])
        try:
            return {**row, **self.outcome(name)}
        finally:
            (COPY / name).write_text(text)

    def outcome(self, name):
        if build(self.targets).returncode != 0:
            return {"outcome": "not compiled"}
        made = objects(name)
        if made == self.original[name]:
            return {"outcome": "same code"}
        if (name, made) in self.seen:
            return {"outcome": "twice"}
        self.seen.add((name, made))
        outcome, by = judge(self.tests)
        return {"outcome": outcome, "by": by}


COUNTED = ("killed", "timeout", "survived")


def interval(hits, count):
    """Wilson (1927), 95 %."""
    z = 1.959964
    share = hits / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return tuple(100 * (middle + sign * half) / (1 + z * z / count) for sign in (-1, 1))


def report(room, rows):
    number = {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in
              (*COUNTED, "not compiled", "same code", "twice", "equivalent")}
    count = sum(number[outcome] for outcome in COUNTED)
    if count == 0:
        return
    hits = count - number["survived"]
    low, high = interval(hits, count)
    print(f"\n{room}: {count} mutants, {hits} killed ({number['timeout']} by time), {number['survived']} survived: "
          f"{100 * hits / count:.1f} % killed, 95 % interval {low:.0f} to {high:.0f} %")
    print("left out: " + ", ".join(f"{number[o]} {o}" for o in ("not compiled", "same code", "twice", "equivalent")))
    for row in rows:
        if row["outcome"] == "survived":
            print(f"  {row['file']}:{row['line']} {row['kind']}\n    - {row['before']}\n    + {row['after']}")


def main():
    room = sys.argv[1]
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    if room not in ROOMS:
        sys.exit(f"no such room: {room}; there are {', '.join(ROOMS)}")
    for folder in ("home", "tmp"):
        (WORK / folder).mkdir(parents=True, exist_ok=True)
    copy_tree()
    configure()
    work = Room(room)
    drawn = list(candidates(room))
    random.Random(seed).shuffle(drawn)
    print(f"{room}: {len(drawn)} possible mutants, {len(work.tests)} tests of "
          f"{sum(test.seconds for test in work.tests):.0f} s; seed {seed}", flush=True)
    rows = []
    with open(WORK / "mutants.jsonl", "w") as out:
        for candidate in drawn:
            if sum(row["outcome"] in COUNTED for row in rows) >= most:
                break
            rows.append(work.try_one(candidate))
            print(json.dumps(rows[-1]), file=out, flush=True)
    report(room, rows)


main()
