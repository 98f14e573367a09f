#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One call of the program fails, each in its turn: memory, files, processes. After each it must have ended by itself,
said what and where, left whole files, and never told a better verdict than it has. See README.md."""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time

from scenarios import SERVER, prepared, scenarios

SVCGATE = os.path.abspath(os.environ.get("SVCGATE", "build/debug/svcgate"))
SVCGATE_FAKE = os.path.abspath(os.environ.get("SVCGATE_FAKE", "build/debug/tests/svcgate_fake"))
FAIL_CALL = os.path.abspath(os.environ.get("SG_FAIL_CALL", "build/debug/tests/libfail_call.so"))
PATIENCE = 60  # seconds for a run that needs a fraction of one
TOOL_ERROR = 5

# The order is that of fail_call.c.
KINDS = ["malloc", "read", "write", "fsync", "rename", "open", "close", "fork", "pipe", "connect", "flock", "mkdir",
         "unlink", "thread"]
# How each fails; "+" is: from that call on, all of them.
WAYS = {"malloc": ["ENOMEM", "ENOMEM+"], "read": ["EIO", "EINTR", "short"],
        "write": ["EIO", "ENOSPC", "ENOSPC+", "EINTR", "short"], "fsync": ["EIO"], "rename": ["EIO", "ENOSPC"],
        "open": ["EMFILE", "EMFILE+", "EACCES"], "close": ["EIO"], "fork": ["EAGAIN"], "pipe": ["EMFILE"],
        "connect": ["ECONNREFUSED"], "flock": ["EINTR", "ENOLCK"], "mkdir": ["ENOSPC"], "unlink": ["EACCES"],
        "thread": ["EAGAIN"]}
TEXTS = {"EIO": "Input/output error", "ENOSPC": "No space left", "EMFILE": "Too many open files",
         "EACCES": "Permission denied", "EAGAIN": "Resource temporarily unavailable", "ENOLCK": "No locks available",
         "ECONNREFUSED": "Connection refused", "EINTR": "Interrupted system call"}
# Crashes of libraries that no caller can prevent, by a name in the stack of the failed call.
KNOWN = {"fy_parse_input_append": "libfyaml 0.7.12 uses the input that it could not allocate"}
LEFT_OUT = ("LD_PRELOAD", "SG_TORTURE", "SVCGATE_", "GITHUB_", "GITLAB_", "GH_", "CI_", "CI", "NO_COLOR")

Outcome = collections.namedtuple("Outcome", "status out err files counts failed stacks late")


class Book:
    """The counters that the preloaded library shares; a file for each thread of ours."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "book")

    def clear(self):
        with open(self.path, "wb"):
            pass

    def read(self, chosen):
        with open(self.path, "rb") as book:
            numbers = struct.unpack(f"<{1 + len(KINDS)}Q", book.read(8 + 8 * len(KINDS)) or bytes(8 + 8 * len(KINDS)))
            counts = dict(zip(KINDS, numbers[1:]))
            many = counts.get(chosen, 0)
            stacks = struct.unpack(f"<{many}Q", book.read(8 * many).ljust(8 * many, b"\0"))
        return numbers[0], counts, stacks


def tree_of(folder, seen):
    """Name to what is compared of all files and links, name to None of folders."""
    found = {}
    for at, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(at, name)
            name = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[name] = "-> " + os.readlink(path)
            elif os.path.isdir(path):
                found[name] = None
            else:
                with open(path, "rb") as file:
                    found[name] = seen(name, file.read())
    return found


class Bench:
    """One scenario, run again and again in a fresh copy of its folder."""

    def __init__(self, scenario, folder):
        self.scenario, self.folder = scenario, folder
        folder.mkdir()
        self.template = prepared(scenario, folder / "template")
        self.before = tree_of(self.template, scenario.seen)
        if scenario.server:
            self.before[SERVER] = []
        self.local = threading.local()
        self.expected = self.run("malloc:ENOMEM:0")
        self.lesser = self.run_without(scenario.optional)
        self.kept = self.run("connect:ECONNREFUSED:1+").files.get(scenario.kept) if scenario.kept else None
        self.check_scenario()

    def run_without(self, optional):
        """The same command where its optional files are missing; else what is expected anyway."""
        if not optional:
            return self.expected
        for name in optional:
            os.rename(self.template / name, self.folder / "aside")
            lesser = self.run("malloc:ENOMEM:0")
            os.rename(self.folder / "aside", self.template / name)
        return lesser

    def check_scenario(self):
        """What cannot fail shows nothing: an unknown file, or an error where a verdict was meant."""
        wrong = wrong_files(self, self.expected)
        if wrong or self.expected.status not in range(3) or self.expected.counts["malloc"] == 0:
            sys.exit(f"{self.scenario.name}, undisturbed: exit {self.expected.status} {wrong}\n{self.expected.err}")

    def place(self):
        if not hasattr(self.local, "place"):
            self.local.place = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
            self.local.book = Book(self.local.place)
        return self.local.place, self.local.book

    def environment(self, fault, book, work, api):
        env = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
        env.update({name: value.format(work=work, api=api) for name, value in self.scenario.env.items()})
        env.update(HOME=str(work), LC_ALL="C.UTF-8", LD_PRELOAD=FAIL_CALL, SG_TORTURE=fault, SG_TORTURE_BOOK=book.path)
        return env

    def clean(self, work, env):
        """What ran out of memory removes nothing, as what is killed; but all of it must be found again."""
        undisturbed = {name: value for name, value in env.items() if name not in ("LD_PRELOAD", "SG_TORTURE")}
        subprocess.run([SVCGATE_FAKE, "clean"], cwd=work, env=undisturbed, check=True, capture_output=True)

    def run(self, fault, show=False):
        place, book = self.place()
        work = place / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self.template, work, symlinks=True)
        book.clear()
        server = self.scenario.server() if self.scenario.server else None
        env = self.environment(fault, book, work, server and server.api)
        if show:
            env["SG_TORTURE_SHOW"] = "1"
        stdin = open(work / self.scenario.stdin, "rb") if self.scenario.stdin else subprocess.DEVNULL
        late = False
        with subprocess.Popen([SVCGATE_FAKE if self.scenario.fake else SVCGATE, *self.scenario.words], cwd=work, env=env, stdin=stdin, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as child:
            try:
                out, err = child.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                out, err = child.communicate()
                late = True
        if self.scenario.stdin:
            stdin.close()
        failed, counts, stacks = book.read(fault.split(":")[0])
        if self.scenario.fake and child.returncode == TOOL_ERROR and fault.startswith("malloc"):
            self.clean(work, env)
        out = self.scenario.seen("standard output", out)
        files = tree_of(work, self.scenario.seen)
        if server:
            server.close()
            files[SERVER] = [*server.violations, *(comment["body"] for comment in server.comments)]
        return Outcome(child.returncode, out, err.decode(errors="replace"), files, counts, failed, stacks, late)


# --- What must hold -------------------------------------------------------------------------------


def wrong_end(outcome, expected):
    if outcome.late:
        return [f"did not end within {PATIENCE} s"]
    if outcome.status < 0:
        return [f"died by signal {-outcome.status}"]
    if outcome.status not in (TOOL_ERROR, expected.status):
        return [f"exit {outcome.status}, neither {TOOL_ERROR} nor {expected.status}"]
    return []


def is_lesser(bench, outcome):
    """A result that lacks what is not needed for the verdict must have been told."""
    return "warning: " in outcome.err and "warning: " not in bench.expected.err


def usual_of(bench, outcome):
    return bench.lesser if is_lesser(bench, outcome) else bench.expected


def is_compared(bench, outcome, name):
    return not (name in bench.scenario.lesser and is_lesser(bench, outcome))


def wrong_files(bench, outcome):
    """Old or new, never a part, nothing besides."""
    found = []
    for name in sorted(set(outcome.files) | set(bench.before)):
        allowed = [bench.before.get(name, "absent")]
        if name == bench.scenario.kept and outcome.status == TOOL_ERROR:
            allowed.append(bench.kept)
        if any(name == output or name.startswith(output + "/") for output in bench.scenario.outputs):
            allowed.append(usual_of(bench, outcome).files.get(name, "absent"))
        if is_compared(bench, outcome, name) and outcome.files.get(name, "absent") not in allowed:
            found.append(f"{name} is neither the old nor the new one")
    return found


def wrong_result(bench, outcome):
    """The usual exit status claims the usual result."""
    usual = usual_of(bench, outcome)
    if outcome.status != bench.expected.status:
        return []
    found = []
    if is_compared(bench, outcome, "standard output") and outcome.out != usual.out:
        found.append("other bytes on standard output")
    for name in sorted(set(usual.files) - set(bench.scenario.optional)):
        if is_compared(bench, outcome, name) and outcome.files.get(name) != usual.files[name]:
            found.append(f"{name} is not the undisturbed one, yet the exit status is")
    return found


def wrong_text(bench, outcome, kind, way):
    """An error says what and where."""
    if outcome.status != TOOL_ERROR or bench.expected.status == TOOL_ERROR:
        return []
    if not outcome.err.startswith("svcgate: "):
        return ["exit 5 without a word"]
    if bench.scenario.server:
        return [] # libcurl has words of its own
    if kind == "malloc":
        return [] if "memory" in outcome.err else ["does not say that memory ran out"]
    if "standard output could not be written" in outcome.err:
        return []
    found = [] if TEXTS[way] in outcome.err else [f"does not say: {TEXTS[way]}"]
    names = ["standard input", *bench.scenario.words, *bench.before, *bench.expected.files]
    if not any(name in outcome.err for name in names):
        found.append("does not say where")
    return found


def wrongs(bench, outcome, kind, way):
    way = way.rstrip("+")
    found = wrong_end(outcome, bench.expected)
    if found:
        return found
    harmless = way == "short" or (way == "EINTR" and kind != "write") # stdio gives up at EINTR
    if harmless and outcome.status != bench.expected.status:
        found.append(f"exit {outcome.status}: what is only to be repeated ended it")
    return found + wrong_files(bench, outcome) + wrong_result(bench, outcome) + wrong_text(bench, outcome, kind, way)


# --- Which calls ----------------------------------------------------------------------------------


def one_a_stack(stacks):
    """The first call of each place in the program, told by all that called it."""
    first = {}
    for n, stack in enumerate(stacks, 1):
        first.setdefault(stack, n)
    return sorted(first.values())


def thinned(numbers, most):
    """At most `most` of them, evenly spread, the first and the last among them: two at least."""
    most = max(most, 2)
    if len(numbers) <= most:
        return numbers
    return sorted({numbers[round(i * (len(numbers) - 1) / (most - 1))] for i in range(most)})


def chosen_calls(bench, kind, way, options):
    """The numbers of the calls that fail; the last is one beyond all, to see that nothing comes there."""
    count = bench.expected.counts[kind]
    if options.all or count <= 20:
        return list(range(1, count + 2))
    stacks = one_a_stack(bench.run(f"{kind}:{way.rstrip('+')}:0").stacks)
    most = options.most // 4 if way.endswith("+") else options.most
    return thinned(stacks, most) + [count + 1]


class Tally:
    def __init__(self):
        self.runs = self.injections = self.failures = 0
        self.known = collections.Counter()
        self.by_kind = collections.Counter()
        self.began = time.monotonic()

    def add(self, bench, fault, outcome, found):
        self.runs += 1
        self.injections += outcome.failed > 0
        self.by_kind[fault.split(":")[0]] += outcome.failed > 0
        if not found:
            return
        for name, why in KNOWN.items():
            if outcome.status < 0 and name in bench.run(fault, show=True).err:
                self.known[why] += 1
                return
        self.failures += 1
        print(f"FAILED: {bench.scenario.name} {fault}: {'; '.join(found)}\n"
              f"    again: tests/torture/test_torture.py --repeat {bench.scenario.name} {fault}\n"
              + "".join(f"    err: {line}\n" for line in outcome.err.splitlines()[:4]), flush=True)

    def report(self):
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.by_kind.most_common() if count)
        print(f"{self.injections} injections in {self.runs} runs ({kinds}), {time.monotonic() - self.began:.0f} s, "
              f"{self.failures} failed")
        for why, count in self.known.items():
            print(f"{count} times known: {why}")


def torture(bench, options, pool, tally):
    faults = []
    for kind in options.kinds:
        if bench.expected.counts[kind] == 0:
            continue
        for way in WAYS[kind]:
            faults += [(kind, way, f"{kind}:{way.rstrip('+')}:{n}{'+' if way.endswith('+') else ''}")
                       for n in chosen_calls(bench, kind, way, options)]
    for (kind, way, fault), outcome in zip(faults, pool.map(lambda one: bench.run(one[2]), faults)):
        tally.add(bench, fault, outcome, wrongs(bench, outcome, kind, way))


def repeat(bench, fault):
    kind, way, n = fault.split(":")
    outcome = bench.run(fault, show=True)
    print(f"exit {outcome.status} ({bench.expected.status} undisturbed), {outcome.failed} calls failed")
    print(outcome.err)
    found = wrongs(bench, outcome, kind, way + "+" * n.endswith("+"))
    print("\n".join(found) or "all is well")
    return 1 if found else 0


def options_of(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every call; without it one for each place in the program")
    parser.add_argument("--most", type=int, default=30, help="calls of a kind and scenario without --all")
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=KINDS, help="only these, with commas")
    parser.add_argument("--only", default="", help="scenarios whose name has this in it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", nargs=2, metavar=("SCENARIO", "FAULT"), help="one run, as a failure names it")
    return parser.parse_args(words)


def is_wanted(scenario, options):
    return options.only in scenario.name and (scenario.short or options.all or options.only)


def main(words):
    options = options_of(words)
    tally = Tally()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None # fsync costs nothing there
    with tempfile.TemporaryDirectory(prefix="svcgate-torture-", dir=memory) as folder, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for scenario in scenarios(SVCGATE):
            if options.repeat and options.repeat[0] == scenario.name:
                return repeat(Bench(scenario, pathlib.Path(folder) / scenario.name), options.repeat[1])
            if options.repeat or not is_wanted(scenario, options):
                continue
            torture(Bench(scenario, pathlib.Path(folder) / scenario.name), options, pool, tally)
    if options.repeat:
        sys.exit(f"there is no scenario {options.repeat[0]}")
    tally.report()
    return 1 if tally.failures or tally.injections == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
