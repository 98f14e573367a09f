# SPDX-License-Identifier: Apache-2.0
"""The real programs, asked about many sessions in one invocation each."""

import concurrent.futures
import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

BENCHSTAT = os.environ.get("BENCHSTAT", "")
OTAVA = os.environ.get("OTAVA", "")
OTAVA_DEFAULT_P = 0.001
OTAVA_BATCH = 2000  # metrics in one file: it takes a second to start, a millisecond a metric
OTAVA_REACH = 2  # points


def run(command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


# --- benchstat ----------------------------------------------------------------------------------


def write_benchstat(folder, name, values):
    """One benchmark a session, one line a repetition, in nanoseconds."""
    path = Path(folder, name + ".txt")
    with open(path, "w", encoding="ascii") as out:
        for number, row in enumerate(values):
            out.writelines(f"BenchmarkS{number} 1 {value!r} ns/op\n"
                           for value in (row * 1e9).tolist())
    return path


def benchstat(base, candidate, alpha):
    """What benchstat shows of each session: whether it is worse, and the change of medians."""
    worse, change = np.zeros(len(base), bool), np.full(len(base), np.nan)
    with tempfile.TemporaryDirectory() as folder:
        files = [write_benchstat(folder, "base", base),
                 write_benchstat(folder, "candidate", candidate)]
        text = run([BENCHSTAT, "-format", "csv", "-alpha", repr(alpha), *map(str, files)])
    for row in csv.reader(text.splitlines()):
        if row and row[0][:1] == "S":  # name, median, CI, median, CI, change or ~, p
            number = int(row[0][1:])
            worse[number] = row[5].startswith("+")
            change[number] = float(row[3]) / float(row[1]) - 1
    if np.isnan(change).any():
        raise SystemExit("peers: error: benchstat did not answer for every session")
    return worse, change


# --- Apache Otava -------------------------------------------------------------------------------


def write_otava(folder, series):
    """One metric a session, one row a point in time, in milliseconds."""
    names = [f"s{number}" for number in range(len(series))]
    with open(Path(folder, "series.csv"), "w", encoding="ascii") as out:
        out.write(",".join(["time", *names]) + "\n")
        for minute, row in enumerate((series.T * 1e3).tolist()):
            out.write(",".join([str(1700000000 + 60 * minute), *map(repr, row)]) + "\n")
    with open(Path(folder, "otava.yaml"), "w", encoding="ascii") as out:
        out.write("tests:\n  t:\n    type: csv\n    file: series.csv\n    time_column: time\n"
                  "    metrics:\n")
        out.writelines(f"      {name}: {{column: {name}, direction: -1}}\n" for name in names)


def otava_command():
    return [OTAVA, "analyze", "t", "--since", "2001-01-01", "--output", "json"]


def otava_environment(folder):
    return {**os.environ, "OTAVA_CONFIG": str(Path(folder, "otava.yaml")),
            "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _otava_batch(series, level):
    """Increases (metric, index) that Otava reports."""
    with tempfile.TemporaryDirectory() as folder:
        write_otava(folder, series)
        text = run([*otava_command(), "-P", repr(level)], cwd=folder,
                   env=otava_environment(folder))
    groups = json.loads(text)["t"]
    return [(int(change["metric"][1:]), int(change["index"])) for group in groups
            for change in group["changes"]
            if float(change["mean_after"]) > float(change["mean_before"])]


def otava(base, candidate, level=OTAVA_DEFAULT_P):
    """Two arrays: which sessions have an increase within OTAVA_REACH points of where the candidate
    begins, and which have one anywhere. The series is the base's runs, then the candidate's."""
    series = np.concatenate([base, candidate], axis=1)
    starts = range(0, len(series), OTAVA_BATCH)
    near, anywhere = np.zeros(len(series), bool), np.zeros(len(series), bool)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        batches = pool.map(lambda at: _otava_batch(series[at:at + OTAVA_BATCH], level), starts)
        for start, changes in zip(starts, batches):
            for number, index in changes:
                anywhere[start + number] = True
                near[start + number] |= abs(index - base.shape[1]) <= OTAVA_REACH
    return near, anywhere


class OtavaQueue:
    """Collects sessions, so that all of one size are asked about in few invocations."""

    def __init__(self):
        self.waiting = {}

    def add(self, key, base, candidate, level=OTAVA_DEFAULT_P):
        self.waiting.setdefault((base.shape[1], level), []).append((key, base, candidate))

    def size(self):
        return sum(len(base) for rows in self.waiting.values() for _, base, _ in rows)

    def ask(self):
        """{(key, size): (near, anywhere)}"""
        answers = {}
        for (size, level), rows in self.waiting.items():
            near, anywhere = otava(np.concatenate([base for _, base, _ in rows]),
                                   np.concatenate([candidate for _, _, candidate in rows]), level)
            ends = np.cumsum([len(base) for _, base, _ in rows])[:-1]
            for (key, _, _), a, b in zip(rows, np.split(near, ends), np.split(anywhere, ends)):
                answers[key, size] = (a, b)
        return answers
