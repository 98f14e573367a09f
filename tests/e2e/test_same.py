#!/usr/bin/env python3
"""The same image three times in one session, side by side: twice unchanged, and with three faults at once. It needs a machine that does
nothing else.

Shows: the unchanged variant does not fail, and passes with a tolerance that this machine's noise can prove; the
injected faults fail, on the metrics that they hurt and on none that they do not. And the numbers are right: CPU
against the container's own cgroup, requests and p95 against k6's own summary, what is drawn over time against the
numbers; CPUs are kept awake where they can be. Faults apart from each other are judged in milliseconds, from a
session that was recorded (bundles/faults)."""

import glob
import json
import os
import pathlib
import threading
import time

import harness as h

GATES = ["{ metric: latency_p95, tolerance: 10%, floor: 2ms }", "{ metric: cpu_per_request, tolerance: 10% }",
         "{ metric: error_rate, limit: 0.5% }", "{ metric: memory_max, tolerance: 20%, floor: 5MiB }"]
VARIANTS = [h.variant("base"), h.variant("same"),
            h.variant("worse", FAULT_CPU_PERCENT=75, FAULT_LATENCY_MS=20, FAULT_ERROR_RATE=0.02)]
WIDE = "60%"  # a tolerance that six repetitions a side can prove on a noisy machine

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
    h.check("latency_p95" in names and len(counted) == 6 * len(VARIANTS), f"{len(counted)} repetitions were kept")
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
    loaded = session["plan"]["measure"]  # each container's share of the window
    areas = [area(line["cpu"]) / (rep["values"]["cpu_cores"] * loaded) - 1 for line, rep in whole]
    h.say(f"  area under the CPU curve against cpu_cores times the load's seconds: {100 * max(map(abs, areas)):.2f} %, worst case")
    h.check(max(map(abs, areas)) <= 0.05, "CPU's area within 5 % of cpu_cores times the load's seconds")
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


def kept_awake(session):
    """SG_EXPECT_AWAKE, of who knows the machine; else: the initial control group namespace, a kernel with cpu.idle,
    root and a CPU for each."""
    expected = os.environ.get("SG_EXPECT_AWAKE")
    if expected is None:
        may = (os.geteuid() == 0 and (os.cpu_count() or 1) > 1 and glob.glob("/sys/fs/cgroup/*/cpu.idle")
               and os.readlink("/proc/self/ns/cgroup") == "cgroup:[4026531835]")
        expected = "yes" if may else "no"
        h.say(f"SG_EXPECT_AWAKE is not set: by what this machine has it is {expected}")
    facts = {fact["name"]: fact["value"] for fact in session["facts"]}
    h.check(facts["CPUs kept awake"] == expected, f"CPUs kept awake: {facts['CPUs kept awake']}")


def faults(result):
    verdict = result.json("verdict.json")
    h.check(result.status == 1 and verdict["verdict"] == "fail", "what is worse fails: exit 1")
    for metric in ("cpu_per_request", "latency_p95", "error_rate"):
        row = h.result_of(verdict, metric, "worse")
        h.check(row["verdict"] == "fail", f"{metric} of worse fails: {row['reason']}")
    for metric, name in (("error_rate", "same"), ("memory_max", "same"), ("memory_max", "worse")):
        row = h.result_of(verdict, metric, name)
        h.check(row["verdict"] == "pass", f"{metric} of {name} passes: {row['reason']}")
    change = h.result_of(verdict, "cpu_per_request", "worse")["change"]
    h.check(0.5 < change < 1.5, f"+75 % CPU, and some 25 % that waiting costs, is seen as {change:+.1%}")
    for name in ("base", "same", "worse"):
        h.check(name in result.out, f"the league table names {name}")
    h.check("cpu_per_request" in result.out, "the report names cpu_per_request")


def unchanged(result):
    """As measured, among the others; and as if the session had had these two alone."""
    own = next(v for v in result.json("verdict.json")["variants"] if v["variant"] == "same")
    h.check(own["verdict"] in ("pass", "inconclusive"), f"the same image does not fail: {own['verdict']}, {own['reason']}")
    session = result.json("session.json")
    for key, name in (("variants", "name"), ("repetitions", "variant")):
        session[key] = [item for item in session[key] if item[name] in ("base", "same")]
    path = pathlib.Path(h.folder()) / "session.json"
    path.write_text(json.dumps(session))
    alone = h.call("judge", path, "--gate", f"latency_p95:tolerance={WIDE}", "--gate", f"cpu_per_request:tolerance={WIDE}")
    h.check(alone.status == 0, f"with a tolerance of {WIDE} on p95 and CPU it passes: exit 0")


def files(result, session):
    h.check((result.bundle / "report.md").read_text() == result.out, "standard output is report.md")
    summaries = [json.loads(path.read_text()) for path in sorted((result.bundle / "k6").iterdir())]
    h.check(len(summaries) == len(session["repetitions"]) and all("metrics" in s for s in summaries),
            f"the {len(summaries)} summaries of k6 are in the bundle")


def same_and_faults():
    config = h.write_config(h.folder(), VARIANTS, GATES, design="sliced", warmup="1s", measure="3s")
    cgroups = Cgroups()
    cgroups.start()
    result = h.run(config)
    cgroups.done = True
    cgroups.join()
    session = result.json("session.json")
    files(result, session)
    compare(session, cgroups)
    curves(result.bundle, session)
    kept_awake(session)
    faults(result)
    unchanged(result)


h.main(same_and_faults)
