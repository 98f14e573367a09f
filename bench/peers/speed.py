# SPDX-License-Identifier: Apache-2.0
"""How long `svcgate judge`, benchstat and Apache Otava take on the same numbers; their memory.

Run by bench/judge.sh. All three run in turn, round by round, so that what disturbs the machine
disturbs all of them; ratios are taken within a round.
"""

import contextlib
import io
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import document
import programs

SVCGATE = os.environ.get("SVCGATE", "build/release/svcgate")
METRICS, PER_SIDE = 10_000, 21
ROUNDS, OTAVA_ROUNDS = 7, 3  # Otava takes some ten seconds
GROW_METRICS = (1_000, 3_000, 10_000, 30_000)
GROW_REPETITIONS = (21, 42, 84, 168)  # a side, with this many metrics:
GROW_AT = 1_000
GROW_ROUNDS = 3


# --- The same numbers for everybody -------------------------------------------------------------


def draw(metrics, per_side):
    """(metrics, per_side) seconds of each side, lognormal with 3 % noise, no change."""
    random = np.random.default_rng(7)
    return [0.1 * np.exp(0.03 * random.standard_normal((metrics, per_side))) for _ in range(2)]


def rows_in_time(base, candidate):
    """(block, variant, values of all metrics), three and three in a block."""
    for i in range(base.shape[1]):
        yield i // 3 + 1, "base", base[:, i].tolist()
        yield i // 3 + 1, "candidate", candidate[:, i].tolist()


def write_csv(path, base, candidate):
    with open(path, "w", encoding="ascii") as out:
        out.write("block,variant,metric,value\n")
        for block, variant, values in rows_in_time(base, candidate):
            out.writelines(f"{block},{variant},m{i},{value!r}\n" for i, value in enumerate(values))


def write_json(path, base, candidate):
    document = {
        "schema": "svcgate.samples/1",
        "metrics": [{"name": f"m{i}", "unit": "s", "better": "lower"} for i in range(len(base))],
        "repetitions": [{"block": block, "variant": variant,
                         "values": {f"m{i}": value for i, value in enumerate(values)}}
                        for block, variant, values in rows_in_time(base, candidate)]}
    with open(path, "w", encoding="ascii") as out:
        json.dump(document, out, separators=(",", ":"))


def write_all(folder, metrics, per_side):
    base, candidate = draw(metrics, per_side)
    write_csv(Path(folder, "samples.csv"), base, candidate)
    write_json(Path(folder, "samples.json"), base, candidate)
    programs.write_benchstat(folder, "base", base)
    programs.write_benchstat(folder, "candidate", candidate)
    programs.write_otava(folder, np.concatenate([base, candidate], axis=1))


def commands(folder):
    judge = [str(Path(SVCGATE).resolve()), "judge", "--reference", "base", "--tolerance", "5%",
             "--format", "text"]
    return {"svcgate, CSV": [*judge, "samples.csv"],
            "svcgate, JSON": [*judge, "samples.json"],
            "benchstat": [programs.BENCHSTAT, "base.txt", "candidate.txt"],
            "Apache Otava": programs.otava_command()}


# --- Measuring ----------------------------------------------------------------------------------


class Use:
    """What one run took: seconds of the clock, seconds of CPU, bytes at the peak."""

    def __init__(self, command, folder):
        launcher = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py"))]
        text = subprocess.run([*launcher, *command], cwd=folder, check=True, text=True,
                              stderr=subprocess.PIPE, env=programs.otava_environment(folder)).stderr
        status, self.wall, self.cpu, self.peak = map(float, text.split())
        # Codes of svcgate's verdicts are 0, 1 and 2.
        if status not in ((0, 1, 2) if "judge" in command else (0,)):
            raise SystemExit(f"judge: error: {' '.join(command)} ended with status {status:.0f}")


def measure(folder, rounds_of):
    """{name: [Use of each round]}, the programs in turn."""
    uses = {name: [] for name in rounds_of}
    for turn in range(max(rounds_of.values())):
        for name, command in commands(folder).items():
            if turn < rounds_of.get(name, 0):
                uses[name].append(Use(command, folder))
    return uses


def spread(values, form):
    return f"{form(statistics.median(values))} ({form(min(values))}–{form(max(values))})"


def seconds(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def times(value):
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def mebibytes(value):
    return f"{value / 2**20:.0f}"


def print_sizes():
    ours = "svcgate, CSV"
    rounds = {ours: ROUNDS, "svcgate, JSON": ROUNDS, "benchstat": ROUNDS,
              "Apache Otava": OTAVA_ROUNDS}
    with tempfile.TemporaryDirectory() as folder:
        write_all(folder, METRICS, PER_SIDE)
        uses = measure(folder, rounds)
    print(f"{METRICS} metrics, {PER_SIDE} + {PER_SIDE} repetitions; median (least–most) of {ROUNDS} "
          f"rounds, {OTAVA_ROUNDS} of Apache Otava; {os.cpu_count()} CPUs, {platform.machine()}\n")
    print("| program | wall, s | CPU, s | peak, MiB | wall, times svcgate's | CPU, times svcgate's |")
    print("|---|---|---|---|---|---|")
    for name, rows in uses.items():
        pairs = list(zip(rows, uses[ours]))
        print(f"| {name} | {spread([u.wall for u in rows], seconds)} "
              f"| {spread([u.cpu for u in rows], seconds)} "
              f"| {mebibytes(max(u.peak for u in rows))} "
              f"| {spread([u.wall / o.wall for u, o in pairs], times)} "
              f"| {spread([u.cpu / o.cpu for u, o in pairs], times)} |")
    print()
    print_aims(uses, ours)


def print_aims(uses, ours):
    wall = statistics.median(u.wall for u in uses[ours])
    peak = max(u.peak for name in uses if name.startswith("svcgate") for u in uses[name])
    print(f"- under 1 s: {'yes' if wall < 1 else 'no'}, {seconds(wall)} s")
    print(f"- under 300 MiB: {'yes' if peak < 300 * 2**20 else 'no'}, {mebibytes(peak)} MiB")
    for name in ("benchstat", "Apache Otava"):
        ratio = statistics.median(u.wall / o.wall for u, o in zip(uses[name], uses[ours]))
        print(f"- at least 20 times faster than {name}: {'yes' if ratio >= 20 else 'no'}, "
              f"{times(ratio)} times")
    print()


# --- Growth -------------------------------------------------------------------------------------


def cpu_of(metrics, per_side):
    """{name: median CPU seconds}"""
    with tempfile.TemporaryDirectory() as folder:
        write_all(folder, metrics, per_side)
        names = list(commands(folder))
        uses = measure(folder, {name: 1 if name == "Apache Otava" else GROW_ROUNDS
                                for name in names})
    return {name: statistics.median(u.cpu for u in rows) for name, rows in uses.items()}


def print_growth(title, sizes, taken, idle):
    print(f"CPU seconds, {title}; fitted exponent of what exceeds one metric's run\n")
    print("| program | " + " | ".join(map(str, sizes)) + " | exponent |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for name in idle:
        over = [max(row[name] - idle[name], 1e-3) for row in taken]
        slope = np.polyfit(np.log(sizes), np.log(over), 1)[0]
        cells = [f"{row[name]:.3f}" for row in taken] + [f"{slope:.2f}"]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print()


def print_all():
    print_sizes()
    idle = cpu_of(1, 21)
    by_metrics = [cpu_of(metrics, PER_SIDE) for metrics in GROW_METRICS]
    print_growth(f"by metrics, {PER_SIDE} repetitions a side", GROW_METRICS, by_metrics, idle)
    by_repetitions = [cpu_of(GROW_AT, n) for n in GROW_REPETITIONS]
    print_growth(f"by repetitions a side, {GROW_AT} metrics", GROW_REPETITIONS, by_repetitions,
                 idle)
    print("benchstat's test is exact up to 50 values a side and approximate above, hence its peak "
          "at 42; Apache Otava looks through windows of 50 points.")


def main():
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print_all()
    document.publish("speed", text.getvalue())


if __name__ == "__main__":
    main()
