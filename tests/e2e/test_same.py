#!/usr/bin/env python3
"""A/A: the same image twice never fails. And the numbers are right: CPU against the container's own
cgroup, requests and p95 against k6's own summary, what is drawn over time against the numbers."""

import glob
import json
import math
import os
import threading
import time

import harness as h

GATES = ["{ metric: latency_p95, tolerance: 20%, floor: 1ms }", "{ metric: cpu_per_request, tolerance: 20% }",
         "{ metric: memory_max, tolerance: 20%, floor: 5MiB }"]


ROUNDED = 0.001  # seconds; times in series.jsonl are whole milliseconds


class Cgroups(threading.Thread):
    """Reads the cgroup counter of each service container itself, ten times a second."""

    def __init__(self):
        super().__init__(daemon=True)
        self.samples = {}
        self.done = False

    def run(self):
        while not self.done:
            for path in (glob.glob("/sys/fs/cgroup/cpuacct/**/cpuacct.usage", recursive=True)
                         or glob.glob("/sys/fs/cgroup/**/cpu.stat", recursive=True)):
                name = next((part for part in path.replace("docker-", "").replace(".scope", "").split("/")
                             if len(part) == 64), None)
                if name:
                    self.read(name, path)
            time.sleep(0.1)

    def read(self, name, path):
        try:
            with open(path, encoding="ascii") as file:
                text = file.read()
        except OSError:
            return
        seconds = (int(text) / 1e9 if path.endswith("usage") else
                   int(next(line for line in text.splitlines() if line.startswith("usage_usec")).split()[1]) / 1e6)
        self.samples.setdefault(name, []).append((time.time(), seconds))

    def at(self, name, moment):
        """The counter at a moment, between its neighbours (idle there, so nearly flat)."""
        before = [s for s in self.samples[name] if s[0] <= moment][-1]
        after = [s for s in self.samples[name] if s[0] >= moment][0]
        share = (moment - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0
        return before[1] + share * (after[1] - before[1])


def compare(session, cgroups):
    worst = {"cpu": 0.0, "requests": 0.0, "p95": 0.0}
    names = [metric["name"] for metric in session["metrics"]]
    counted = [r for r in session["repetitions"] if r["block"] > 0 and not r.get("discarded")]
    h.check("latency_p95" in names and len(counted) >= 12, f"{len(counted)} repetitions were kept")
    for rep in counted:
        bracket = rep["service_cpu"]
        own = cgroups.at(rep["container_id"], bracket["tb"]) - cgroups.at(rep["container_id"], bracket["ta"])
        worst["cpu"] = max(worst["cpu"], abs((bracket["vb"] - bracket["va"]) / own - 1))
        worst["requests"] = max(worst["requests"], abs(rep["requests"] - rep["summary_requests"]))
        worst["p95"] = max(worst["p95"], abs(rep["values"]["latency_p95"] / rep["summary_p95"] - 1))
    h.say(f"accuracy over {len(counted)} repetitions, worst case:")
    h.say(f"  CPU seconds against the container's own cgroup counter: {worst['cpu'] * 100:.3f} %")
    h.say(f"  requests against k6's summary: {worst['requests']:.0f} apart")
    h.say(f"  latency_p95 against k6's summary: {worst['p95']:.2e} relative")
    h.check(worst["cpu"] <= 0.01, "CPU within 1 % of the cgroup counter over the same brackets")
    h.check(worst["requests"] == 0, "request counts equal k6's summary")
    h.check(worst["p95"] <= 1e-6, "p95 equals k6's to 1e-6")
    if (os.cpu_count() or 1) > 1:  # else the service has no CPU of its own
        for name, least in (("core_contention", 0.1), ("cache_contention", 0.01)):
            seen = [rep["values"][name] for rep in counted]
            h.check(all(value and least < value < 10 for value in seen), f"the probe ran beside each: {name} {seen}")


def curves(bundle, session):
    """series.jsonl has each repetition, and shows what its numbers say."""
    lines = [json.loads(line) for line in (bundle / "series.jsonl").read_text().splitlines()]
    made = [rep for rep in session["repetitions"] if rep["block"] > 0]
    h.check([(line["slot"], line["variant"]) for line in lines] == [(rep["slot"], rep["variant"]) for rep in made],
            f"series.jsonl has a line for each of {len(made)} repetitions")
    whole = [(line, rep) for line, rep in zip(lines, made) if not rep.get("discarded")]
    windows = [rep["end"] - rep["start"] for _, rep in whole]
    for name in ("cpu", "memory"):
        ends = [(line[name][0][0], line[name][-1][0] - window) for (line, _), window in zip(whole, windows)]
        h.check(all(-3 < first <= ROUNDED and -ROUNDED <= last < 3 for first, last in ends),
                f"{name} reaches from the sample before the window to the one after it")
    areas = [area(line["cpu"]) / (rep["values"]["cpu_cores"] * window) - 1 for (line, rep), window in zip(whole, windows)]
    h.say(f"  area under the CPU curve against cpu_cores times the window: {100 * max(map(abs, areas)):.2f} %, worst case")
    h.check(max(map(abs, areas)) <= 0.05, "CPU's area within 5 % of cpu_cores times the window")
    h.check(all(rep["values"]["memory_max"] in highest(line["memory"], window) for (line, rep), window in zip(whole, windows)),
            "memory's maximum is memory_max")
    h.check(all(abs(dict(line["latency"])[0.95] / rep["values"]["latency_p95"] - 1) <= 1e-6 for line, rep in whole),
            "the distribution's p95 equals latency_p95 to 1e-6")
    h.check(all(rises(line["latency"]) for line, _ in whole), "the distribution rises from the quickest to the slowest request")


def area(steps):
    """CPU seconds: cores hold since the point before."""
    return sum(y * (x - before) for (before, _), (x, y) in zip(steps, steps[1:]))


def highest(curve, window):
    """In the window; where a sample lies on its very edge, rounding may have moved it."""
    return max(y for x, y in curve if 0 <= x <= window), max(y for _, y in curve)


def rises(distribution):
    shares, seconds = zip(*distribution)
    return (list(shares) == sorted(set(shares)) and (shares[0], shares[-1], len(shares)) == (0, 1, 12)
            and list(seconds) == sorted(seconds))


def outside(session):
    """Share of the session outside warm-up and measured windows, at these short durations and, by
    the same seconds around each repetition, at the default ones (10 s + 30 s)."""
    reps = sorted((r for r in session["repetitions"] if math.isfinite(r.get("end", math.nan))), key=lambda r: r["end"])
    plan = session["plan"]
    whole = (reps[-1]["end"] - reps[0]["end"]) / (len(reps) - 1)
    around = whole - plan["warmup"] - plan["measure"]
    h.say(f"a repetition takes {whole:.1f} s, {around:.1f} s of them around its {plan['warmup'] + plan['measure']:g} s "
          f"of load; at the default 40 s that is {100 * around / (40 + around):.0f} % of a session")


def kept_awake(session):
    """The initial control group namespace, a kernel with cpu.idle, root: then CPUs do not sleep."""
    may = (os.geteuid() == 0 and (os.cpu_count() or 1) > 1 and glob.glob("/sys/fs/cgroup/*/cpu.idle")
           and os.readlink("/proc/self/ns/cgroup") == "cgroup:[4026531835]")
    facts = {fact["name"]: fact["value"] for fact in session["facts"]}
    h.check(facts["CPUs kept awake"] == ("yes" if may else "no"), f"CPUs kept awake: {facts['CPUs kept awake']}")


def main():
    config = h.write_config(h.folder(), [h.variant("base"), h.variant("candidate")], GATES)
    cgroups = Cgroups()
    cgroups.start()
    result = h.run(config)
    cgroups.done = True
    cgroups.join()
    verdict, session = result.json("verdict.json"), result.json("session.json")
    h.check(result.status in (0, 2), f"the same image twice does not fail (exit {result.status})")
    h.check(verdict["verdict"] in ("pass", "inconclusive"), f"verdict {verdict['verdict']}")
    h.check((result.bundle / "report.md").read_text() == result.out, "standard output is report.md")
    summaries = [json.loads(path.read_text()) for path in sorted((result.bundle / "k6").iterdir())]
    h.check(len(summaries) == len(session["repetitions"]) and all("metrics" in s for s in summaries),
            f"the {len(summaries)} summaries of k6 are in the bundle")
    compare(session, cgroups)
    curves(result.bundle, session)
    outside(session)
    kept_awake(session)
    h.check_nothing_left()


main()
