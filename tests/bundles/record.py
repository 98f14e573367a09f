#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records the sessions of this folder anew, on real containers: all of them, or those that are named.

    eval "$(./dev engine env)"
    SVCGATE=build/release/svcgate tests/bundles/record.py [FUNCTION…]

FUNCTION is one of those below that records something. Each session is kept with its exit status and its verdict.json.
Whoever commits one has read its report, and says in README.md why the verdict is right."""

import json
import os
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import harness as h  # noqa: E402

h.main = lambda *_: None  # test_trouble is a program; what it steals with is wanted alone
from test_trouble import Thief  # noqa: E402

WHOLE = ("unchanged-go", "crash")  # with every query as it was sent; judging does not need them
KEPT = ("session.json", "verdict.json", "screen/session.json")

CONFIG = """\
version: 1
service: {{ name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB }}
variants:
{variants}
load: {{ script: load.js, rate: {rate}/s, warmup: 1s, measure: {measure} }}
plan: {{ repetitions: {repetitions}, budget: 30m, seed: 7 }}
report: {{ log: show, env: show }}
gates:
{gates}
"""

SIZE = ["{ metric: network_tx_per_request, tolerance: 20% }", "{ metric: memory_max, tolerance: 50%, floor: 20MiB }",
        "{ metric: error_rate, limit: 1% }"]
TIME = ["{ metric: latency_p95, tolerance: 20%, floor: 2ms }", "{ metric: cpu_per_request, tolerance: 10% }",
        "{ metric: error_rate, limit: 0.5% }"]
LATENCY = ["{ metric: latency_p95, tolerance: 20%, floor: 2ms }"]
FAULTS = [h.variant("base"), h.variant("cpu-5", FAULT_CPU_PERCENT=5), h.variant("latency-20", FAULT_LATENCY_MS=20),
          h.variant("errors", FAULT_ERROR_RATE=0.02), "reference: base"]
SCREEN = ["{ metric: latency_p50, tolerance: 100% }", "{ metric: memory_max, tolerance: 50%, floor: 5MiB }"]


def pair(**faults):
    return [h.variant("base"), h.variant("candidate", **faults)]


def folder_with(variants, gates, rate=50, measure="2s", repetitions="6"):
    """A project: svcgate.yaml and its script, so that a session names both without a path."""
    folder = pathlib.Path(h.folder())
    shutil.copy(h.LOAD, folder / "load.js")
    (folder / "svcgate.yaml").write_text(CONFIG.format(
        variants="\n".join(variants), gates="\n".join(f"  - {gate}" for gate in gates), rate=rate, measure=measure,
        repetitions=repetitions))
    return folder


def finish(process, folder):
    out, err = process.communicate(timeout=1500)
    result = h.Result(process.returncode, out, err, folder / "bundle")
    result.show()
    return result


def measure(folder, *words, before=()):
    return finish(h.start(["run", "--out", "bundle", *words], before=before, cwd=folder), folder)


def neutral(text, facts):
    """Without what tells one machine from others of its kind: its name, and the builder's mark on its kernel."""
    values = {fact["name"]: fact["value"] for fact in facts}
    for name, value in (("host", "runner"), ("kernel release", values["kernel release"].split("-")[0])):
        text = text.replace(f'"{values[name]}"', f'"{value}"')
    return text


def without_queries(text):
    return re.sub(r'^ {6}"evidence": \[\n.*?^ {6}\],\n', "", text, flags=re.DOTALL | re.MULTILINE)


def keep(name, result, words=()):
    """A session, its verdict, and how `judge` comes to it."""
    at = HERE / name
    shutil.rmtree(at, ignore_errors=True)
    facts = result.json("session.json")["facts"]
    for file in KEPT:
        if (result.bundle / file).exists():
            (at / file).parent.mkdir(parents=True, exist_ok=True)
            text = neutral((result.bundle / file).read_text(), facts)
            (at / file).write_text(text if name in WHOLE else without_queries(text))
    (at / "case.json").write_text(json.dumps({"status": result.status, "words": list(words)}, indent=2) + "\n")


def record(name, variants, gates, *words, **more):
    keep(name, measure(folder_with(variants, gates, **more), *words))


def unchanged_go():
    record("unchanged-go", [*pair(), "reference: base"], SIZE, measure="3s")


def stalled_host():
    """More load than a machine that is busy with other things can offer."""
    record("stalled-host", FAULTS, TIME, rate=200, measure="3s")


def faults():
    record("faults", FAULTS, TIME, measure="3s")


def crash():
    record("crash", [*pair(FAULT_CRASH_AFTER=150), "reference: base"], LATENCY)


def crash_of_reference():
    record("crash-of-reference", [h.variant("base", FAULT_CRASH_AFTER=150), h.variant("candidate"), "reference: base"],
           LATENCY)


def out_of_memory():
    record("out-of-memory", [*pair(FAULT_MEMORY_KB=2048), "reference: base"], LATENCY)


def saturated():
    slow = {"FAULT_LATENCY_MS": 500}
    record("saturated", [h.variant("base", **slow), h.variant("candidate", **slow), "reference: base"], LATENCY,
           "--vus", "5", rate=100)


def does_not_keep_up():
    record("does-not-keep-up", [*pair(FAULT_LATENCY_MS=1000), "reference: base"], LATENCY, "--vus", "40", rate=100)


def stolen_time():
    """As e2e/test_trouble.py does it: a /proc/stat of which the host has taken time, until svcgate waits for it."""
    folder = folder_with([*pair(), "reference: base"], LATENCY)
    thief = Thief()
    process = h.start(["run", "--out", "bundle"], before=thief.before, cwd=folder)
    for line in process.stderr:
        thief.stealing = thief.stealing and "waiting up to" not in line
    result = finish(process, folder)
    thief.end()
    keep("stolen-time", result)


def stored():
    """One session of the reference alone, then a change against eight like it: one that the screen settles, one not."""
    folder = folder_with([h.variant("candidate"), "baseline: baselines/shop.json"], SIZE + SCREEN[:1])
    alone = measure(folder)
    keep("alone", alone, ["--baseline", "none.json"])
    (HERE / "alone/none.json").write_text('{"schema": "svcgate.baseline/1", "sessions": []}\n')
    baseline = eight_like(alone.bundle)
    against = ["--baseline", "../screen-unchanged/baseline.json"]
    for name, fault, words in (("screen-unchanged", {}, against), ("screen-slower", {"FAULT_LATENCY_MS": 20}, [])):
        folder = folder_with([*pair(**fault), "reference: base", "baseline: baseline.json"], SCREEN, repetitions="6..9")
        (folder / "baseline.json").write_text(baseline)
        keep(name, measure(folder), words)
    kept = neutral(baseline, alone.json("session.json")["facts"])
    (HERE / "screen-unchanged/baseline.json").write_text(kept)


def eight_like(bundle):
    """A stored baseline of eight sessions that differ by a few percent, made from a real one."""
    path = pathlib.Path(h.folder()) / "baseline.json"
    saved = h.start(["baseline", "save", str(path), str(bundle)])
    h.say("".join(saved.communicate(timeout=60)))
    document = json.loads(path.read_text())
    first = json.dumps(document["sessions"][0])
    document["sessions"] = [json.loads(first) for _ in range(8)]
    for i, (session, factor) in enumerate(zip(document["sessions"], (0.97, 0.98, 0.99, 1.0, 1.0, 1.01, 1.02, 1.03))):
        session["id"] = f"stored-{i}"
        for repetition in session["repetitions"]:
            for name in ("latency_p50", "memory_max"):
                repetition["values"][name] *= factor
    return json.dumps(document, indent=1) + "\n"


SESSIONS = (unchanged_go, stalled_host, faults, crash, crash_of_reference, out_of_memory,
            saturated, does_not_keep_up, stolen_time, stored)


def main():
    if os.environ.get("CI"):
        sys.exit("recorded sessions are renewed by a person who reads them, not by CI")
    sessions = {session.__name__: session for session in SESSIONS}
    for name in sys.argv[1:] or sessions:
        h.say(f"=== {name}")
        sessions[name]()


main()
