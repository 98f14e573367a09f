#!/usr/bin/env python3
"""How long whole sessions take, and how often they are right: sessions made of real blocks. Markdown.

    python3 bench/truth.py FILE...       CSVs of bench/data with sliced blocks, one service, rate and window

A session has a first block of twelve and five of six (without wide blocks in the files: seven of six), drawn with
replacement, and which half of the repetitions in a block are the candidate's is drawn anew, so the truth is known:
nothing has changed, or the candidate's gated numbers were multiplied. `svcgate judge` decides with the default
gates and looks from six repetitions of each variant on. A session ends at the look at which all is decided or a
gate fails; without such a look it has all its blocks.

Environment: SVCGATE, a binary; SESSIONS unchanged ones (200) and CHANGED of each change (50); SEED (1);
BLOCK_AROUND, seconds of a block that are neither warm-up nor window (15), WIDE_AROUND, of one of twelve (22);
SESSION_AROUND (5); WARMUP (3)."""

import collections
import csv
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SVCGATE = os.environ.get("SVCGATE", str(ROOT / "build/release/svcgate"))
MOST, SIDE, WIDE = 21, 3, 6  # repetitions of each variant: in all, in a block, in a wide one
GATES = [{"metric": "latency_p95", "tolerance": 0.05}, {"metric": "cpu_per_request", "tolerance": 0.05},
         {"metric": "memory_max", "tolerance": 0.05, "floor": 5 << 20}, {"metric": "error_rate", "floor": 0.001}]
CHANGES = {"unchanged": ([], 1), "CPU +5 %": (["cpu_per_request"], 1.05), "CPU +10 %": (["cpu_per_request"], 1.1),
           "CPU +20 %": (["cpu_per_request"], 1.2), "p95 +5 %": (["latency_p95"], 1.05),
           "p95 +10 %": (["latency_p95"], 1.1), "p95 +20 %": (["latency_p95"], 1.2)}


def setting(name, default):
    return type(default)(os.environ.get(name, default))


def read(paths):
    """The metrics of the files, and by its size their blocks: rows of values by metric."""
    metrics, blocks = {}, {2 * SIDE: [], 2 * WIDE: []}
    for path in paths:
        rows = collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(list)))
        for row in csv.DictReader(open(path, newline="", encoding="utf-8")):
            metrics.setdefault(row["metric"], row)
            rows[row["block"]][row["variant"]][row["metric"]].append(float(row["value"]))
        for variants in rows.values():
            made = [dict(zip(values, numbers)) for values in variants.values() for numbers in zip(*values.values())]
            if len(made) in blocks:
                blocks[len(made)].append(made)
    return metrics, blocks


def metric_of(row):
    """As session.json says it."""
    words = {key: row[key] for key in ("unit", "better", "scale", "role", "events", "trials") if row[key]}
    words = {key: word for key, word in words.items() if (key, word) not in (("scale", "log"), ("role", "metric"))}
    return {"name": row["metric"], **words, **({"adjust": True} if row["adjust"] == "true" else {})}


def sides(blocks):
    """Repetitions of each variant in the blocks of a session."""
    first = [WIDE] if blocks[2 * WIDE] else []
    return first + [SIDE] * ((MOST - sum(first)) // SIDE)


def drawn(blocks, change, dice):
    """The repetitions of one session."""
    names, factor = change
    found = []
    for number, side in enumerate(sides(blocks), 1):
        labels = dice.sample(["base", "candidate"] * side, 2 * side)
        for label, numbers in zip(labels, dice.choice(blocks[2 * side])):
            values = {name: value * factor if label == "candidate" and name in names else value for name, value in numbers.items()}
            found.append({"slot": len(found) + 1, "block": number, "rotation": number, "variant": label, "values": values})
    return found


def judged(session, folder):
    """The verdict, and the repetitions of each variant that it took."""
    (folder / "session.json").write_text(json.dumps(session))
    done = subprocess.run([SVCGATE, "judge", str(folder), "--format", "json"], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 2):
        sys.exit(f"truth: svcgate judge ended with {done.returncode}: {done.stderr}")
    answer = json.loads(done.stdout)
    gates = [gate for gate in answer["metrics"] if gate["gated"]]
    failed = [gate["decided_at"] for gate in gates if gate["verdict"] == "fail"]
    taken = {"pass": max(gate["decided_at"] for gate in gates), "fail": min(failed, default=0)}
    return answer["verdict"], taken.get(answer["verdict"], MOST)


def minutes_of(taken, blocks, seconds):
    """Of a session that ended after so many repetitions of each variant."""
    total, made = seconds["session"], 0
    for side in sides(blocks):
        if made < taken:
            total += 2 * side * seconds["repetition"] + seconds["wide" if side == WIDE else "block"]
        made += side
    return total / 60


def row(name, sessions, blocks, seconds):
    """Of the table: `sessions` are verdicts and repetitions."""
    verdicts = collections.Counter(verdict for verdict, _ in sessions)
    shares = [f"{100 * verdicts[word] / len(sessions):.1f} %" for word in ("pass", "fail", "inconclusive")]
    minutes = sorted(minutes_of(taken, blocks, seconds) for _, taken in sessions)
    times = [statistics.median(minutes), minutes[int(0.9 * (len(minutes) - 1))]]
    print("|", " | ".join([name, str(len(sessions)), *shares, *(f"{time:.1f}" for time in times)]), "|")


def main():
    paths = sys.argv[1:] or sys.exit(__doc__)
    metrics, blocks = read(paths)
    window = float(pathlib.Path(paths[0]).name.split("-")[2].removesuffix("s"))
    seconds = {"session": setting("SESSION_AROUND", 5.0), "repetition": setting("WARMUP", 3.0) + window,
               "block": setting("BLOCK_AROUND", 15.0), "wide": setting("WIDE_AROUND", 22.0)}
    plan = {"alpha": 0.01, "beta": 0.05, "block_size": SIDE, "first_block": WIDE if blocks[2 * WIDE] else 0,
            "min_repetitions": 2 * SIDE, "max_repetitions": MOST, "planned": True, "measure": window}
    session = {"schema": "svcgate.session/1", "complete": True, "reference": "base", "plan": plan, "gates": GATES,
               "variants": [{"name": "base"}, {"name": "candidate"}], "metrics": [metric_of(each) for each in metrics.values()]}
    dice = random.Random(setting("SEED", 1))
    count = ", ".join(f"{len(made)} of {size}" for size, made in blocks.items() if made)
    print(f"blocks, by their containers: {count}; {', '.join(sorted({pathlib.Path(path).name.rsplit('-', 1)[0] for path in paths}))}\n")
    print("| change | sessions | pass | fail | inconclusive | minutes, median | 90 % |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, change in CHANGES.items():
            count = setting("CHANGED", 50) if change[0] else setting("SESSIONS", 200)
            made = [{**session, "repetitions": drawn(blocks, change, dice)} for _ in range(count)]
            row(name, [judged(one, pathlib.Path(folder)) for one in made], blocks, seconds)


main()
