#!/usr/bin/env python3
"""`rate: auto` on real containers.

Shows: at the rate that is found the reference uses about half of its CPU while it is loaded, in blocks whose
containers stand side by side, and both variants get that rate; a service that waits instead of working gets half of
what it keeps up with."""

import pathlib
import re
import signal

import harness as h

SEATS = 6
GATES = ["{ metric: cpu_per_request, tolerance: 50% }"]
WORK = {"FAULT_CPU_US": "2000"}  # of CPU time a request: half of one CPU is some 200/s, which k6 does easily
WAIT = 50  # milliseconds that a request waits, without CPU
VUS = 4  # so many requests at once: 80/s at most


def config(env, **more):
    values = {"design": "sliced", "rate": "auto", "warmup": "1s", "measure": "2s", **more}
    return h.write_config(h.folder(), [h.variant("base", **env), h.variant("candidate", **env)], GATES, **values)


def windows_of_search(session):
    return [r for r in session["repetitions"] if any(f["check"] == "rate_auto" for f in r.get("findings", []))]


def half_of_its_cpu():
    result = h.run(config(WORK))
    session = result.json("session.json")
    rate = session["plan"]["rate"]
    h.check(result.status in (0, 2), "an unchanged pair does not fail: exit 0 or 2")
    h.check(80 <= rate <= 260, f"2 ms of work and what a request costs beside: {rate}/s")
    h.check(f"load: {{ rate: {rate:g}/s }}" in result.err, "the line for svcgate.yaml is printed")
    h.check(f"load: {{ rate: {rate:g}/s }}" in re.sub(r"\s+", " ", result.out), "and stands in the report")
    tried = windows_of_search(session)
    h.check(2 <= len(tried) <= 9, f"found in {len(tried)} windows")
    h.check(all(r["block"] == 0 and r["discarded"] and r["variant"] == "base" for r in tried), "of the reference, which count for nothing")
    kept = [r for r in session["repetitions"] if r["block"] > 0 and not r.get("discarded")]
    h.check(len(kept) >= 2 * SEATS, "two blocks count")
    for name in ("base", "candidate"):
        cores = [r["values"]["cpu_cores"] for r in kept if r["variant"] == name]
        mean = sum(cores) / len(cores)
        h.check(0.35 <= mean <= 0.65, f"{name} uses {mean:.2f} of its one CPU under load")
    requests = [r["requests"] for r in kept if r["block"] == 1]
    h.check(max(requests) - min(requests) <= 2, f"all containers got the same requests: {requests}")


def half_of_what_it_keeps_up_with():
    path = pathlib.Path(config({"FAULT_LATENCY_MS": str(WAIT)}))
    path.write_text(path.read_text().replace("rate: auto", f"rate: auto, vus: {VUS}"))
    process, bundle = h.begin(path)
    h.wait_until(lambda: len(h.running("service")) > 1, 240, "the first block", process)
    h.send(process, signal.SIGINT)
    result = h.finish(process, bundle)
    h.check(result.status == 130, "SIGINT: exit 130")
    session = result.json("session.json")
    rate, most = session["plan"]["rate"], 1000 * VUS / WAIT
    h.check(most / 8 <= rate <= most / 2, f"{rate}/s, where it can do {most:g}/s")
    notes = [f["text"] for f in session["findings"] if f["check"] == "rate_auto"]
    h.check(len(notes) == 1 and "kept up with" in notes[0], f"the report says why: {notes}")


h.main(half_of_its_cpu, half_of_what_it_keeps_up_with)
