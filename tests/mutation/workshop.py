"""A copy of the tree that is built and tested mutant by mutant. All of it is below build/mutants/ROOM."""

import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = "-O1 -g0 -w -Werror=int-conversion -Werror=incompatible-pointer-types"
BINARIES = ("svcgate", "svcgate_fake")
MEMORY = 4 << 30  # bytes of address space for a test
FILE_SIZE = 1 << 30
PATIENCE = 5  # times the time that a test needs on the original, and as many seconds more
FAILED = b"[  FAILED  ]"  # cmocka goes on after it; we need not


def sh(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def must(done):
    if done.returncode != 0:
        sys.exit(done.stdout.decode(errors="replace")[-3000:])
    return done.stdout.decode(errors="replace")


class Workshop:
    def __init__(self, name, room, sanitize):
        self.room = room
        self.work = ROOT / "build" / "mutants" / name
        self.tree = self.work / "tree"
        self.build = self.work / ("build-sanitized" if sanitize else "build")
        self.sanitize = sanitize
        self.original = {}
        self.work.mkdir(parents=True, exist_ok=True)
        # Outside of the work tree, so that tests may be in no git repository.
        self.outside = tempfile.TemporaryDirectory(prefix="svcgate-mutants-")
        self.copy_tree()
        self.configure()
        self.targets = self.find_targets(self.find_tests(room["tests"]))
        must(self.make())
        self.tests = [Test(self, entry) for entry in self.find_tests(room["tests"])]
        for test in self.tests:
            test.run_on_original()

    def copy_tree(self):
        """The work tree as git sees it; what is the same stays as old as it is."""
        listed = must(sh("git", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard", "--deduplicate"))
        names = {name for name in listed.split("\0") if (ROOT / name).is_file()}
        for name in names:
            here, there = ROOT / name, self.tree / name
            if not there.is_file() or there.read_bytes() != here.read_bytes():
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(here, there)
        for path in self.tree.rglob("*"):
            if path.is_file() and str(path.relative_to(self.tree)) not in names:
                path.unlink()

    def configure(self):
        # Shared libraries, and nothing linked anew when one changes: a mutant costs one object and one library.
        must(sh("cmake", "-G", "Ninja", "-S", str(self.tree), "-B", str(self.build), "-DCMAKE_BUILD_TYPE=None",
                f"-DCMAKE_C_FLAGS={FLAGS}", "-DBUILD_SHARED_LIBS=ON", "-DCMAKE_LINK_DEPENDS_NO_SHARED=ON",
                f"-DSG_SANITIZE={'ON' if self.sanitize else 'OFF'}"))

    def make(self):
        return sh("ninja", "-C", str(self.build), "-j", "1", *self.targets)

    def find_tests(self, pattern):
        listed = json.loads(must(sh("ctest", "--test-dir", str(self.build), "--show-only=json-v1")))
        return [entry for entry in listed["tests"] if re.match(pattern, entry["name"])]

    def find_targets(self, entries):
        """A unit test is the target of its name; all others drive one of the binaries."""
        known = must(sh("ninja", "-C", str(self.build), "-t", "targets", "all"))
        units = [entry["name"] for entry in entries if entry["name"].startswith("unit_")]
        binaries = [name for name in BINARIES if re.search(rf"^{name}: ", known, re.MULTILINE)]
        return units + (binaries if len(units) < len(entries) else [])

    def code_of(self, source):
        """A hash of what the compiler made of this source, in every program that has it."""
        found = sorted(self.build.rglob(f"{source}.o"))
        return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()

    def put(self, source, text):
        (self.tree / source).write_text(text)

    def is_for(self, test, source):
        return all(re.search(files, source) for tests, files in self.room.get("only", {}).items()
                   if re.match(tests, test.name))

    def judge(self, source):
        """The first test that notices; those that cost little and have noticed much come first."""
        tests = [test for test in self.tests if self.is_for(test, source)]
        for test in sorted(tests, key=lambda t: t.seconds / (1 + t.kills)):
            outcome = test.run(PATIENCE * test.seconds + PATIENCE)
            if outcome != "passed":
                test.kills += 1
                return {"outcome": "timeout" if outcome == "timeout" else "killed", "by": test.name}
        return {"outcome": "survived"}


class Test:
    def __init__(self, shop, entry):
        self.shop = shop
        self.name = entry["name"]
        self.command = entry["command"]
        self.kills = 0
        self.seconds = 0.0
        self.log = shop.work / "test.log"
        properties = {p["name"]: p["value"] for p in entry["properties"]}
        self.folder = properties["WORKING_DIRECTORY"]
        self.environment = {
            **os.environ,
            **dict(word.split("=", 1) for word in properties.get("ENVIRONMENT", [])),
            # No engine: a mutant must not start anything that stays.
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
            "HOME": shop.outside.name,
            "TMPDIR": shop.outside.name,
            "ASAN_OPTIONS": f"hard_rss_limit_mb={MEMORY >> 20}",
        }

    def limits(self):
        if not self.shop.sanitize:  # which reserves a great deal of address space
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def run_on_original(self):
        start = time.monotonic()
        outcome = self.run(600)
        self.seconds = time.monotonic() - start
        if outcome != "passed":
            end = self.log.read_text(errors="replace")[-2000:]
            sys.exit(f"{self.name} {outcome} on the original:\n{end}")

    def run(self, most):
        """"passed", "failed" or "timeout"."""
        end = time.monotonic() + most
        with open(self.log, "wb") as out:
            child = subprocess.Popen(self.command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                     stdout=out, stderr=out, start_new_session=True, preexec_fn=self.limits)
        try:
            return self.wait(child, end)
        finally:
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()

    def wait(self, child, end):
        pause = 0.002
        while time.monotonic() < end:
            code = child.poll()
            if code is not None:
                return "passed" if code == 0 else "failed"
            if pause > 0.2 and FAILED in self.log.read_bytes():
                return "failed"
            time.sleep(pause)
            pause = min(2 * pause, 0.5)
        return "timeout"
