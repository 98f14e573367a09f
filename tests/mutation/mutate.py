#!/usr/bin/env python3
"""Mutation of one room: changes one thing in a copy of the tree, builds what depends on it, runs the
room's tests until one fails, and says which changes no test noticed."""

import argparse
import json
import math
import pathlib
import random

from operators import mutants
from rooms import ROOMS
from workshop import ROOT, Workshop

EQUIVALENT = pathlib.Path(__file__).with_name("equivalent.txt")
COUNTED = ("killed", "timeout", "survived")
LEFT_OUT = ("not compiled", "same code", "twice", "equivalent")


def read_equivalents():
    """(file, line before, line after) of mutants that mean the same; reasons stand beside them."""
    lines = (line for line in EQUIVALENT.read_text().splitlines() if line.strip() and line[0] != "#")
    return {tuple(part.strip() for part in line.split(" @@ ")[:3]) for line in lines}


class Mutant:
    def __init__(self, source, text, change):
        start, end, new, self.kind = change
        self.source = source
        self.text = text[:start] + new + text[end:]
        self.line = text.count("\n", 0, start) + 1
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        self.before = " ".join(text[first:last].split())
        self.after = " ".join((text[first:start] + new + text[end:last]).split())

    def key(self):
        return self.source, self.before, self.after

    def place(self):
        return self.source, self.line, self.before, self.after

    def row(self):
        return {"file": self.source, "line": self.line, "kind": self.kind, "before": self.before, "after": self.after}


def draw(room, seed):
    """All mutants of the room's sources, in an order that the seed gives."""
    names = sorted(str(p.relative_to(ROOT)) for pattern in ROOMS[room]["sources"] for p in ROOT.glob(pattern))
    texts = {name: (ROOT / name).read_text() for name in names}
    drawn = [Mutant(name, text, change) for name, text in texts.items() for change in mutants(text)]
    random.Random(seed).shuffle(drawn)
    return texts, drawn


class Trial:
    def __init__(self, shop, texts):
        self.shop = shop
        self.texts = texts
        self.equivalent = read_equivalents()
        self.original = {}
        self.seen = set()

    def outcome(self, mutant):
        if mutant.key() in self.equivalent:
            return {"outcome": "equivalent"}
        if mutant.source not in self.original:
            self.original[mutant.source] = self.shop.code_of(mutant.source)
        self.shop.put(mutant.source, mutant.text)
        try:
            return self.build_and_judge(mutant.source)
        finally:
            self.shop.put(mutant.source, self.texts[mutant.source])

    def build_and_judge(self, source):
        if self.shop.make().returncode != 0:
            return {"outcome": "not compiled"}
        code = self.shop.code_of(source)
        if code == self.original[source]:
            return {"outcome": "same code"}
        if (source, code) in self.seen:
            return {"outcome": "twice"}
        self.seen.add((source, code))
        return self.shop.judge(source)


def interval(hits, count):
    """Wilson (1927), 95 %."""
    z = 1.959964
    share = hits / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return tuple(100 * (middle + sign * half) / (1 + z * z / count) for sign in (-1, 1))


def report(room, rows):
    number = {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in COUNTED + LEFT_OUT}
    count = sum(number[outcome] for outcome in COUNTED)
    hits = count - number["survived"]
    for row in rows:
        if row["outcome"] == "survived":
            print(f"{row['file']}:{row['line']} {row['kind']}\n    - {row['before']}\n    + {row['after']}")
    if count > 0:
        low, high = interval(hits, count)
        print(f"{room}: {count} mutants, {hits} killed ({number['timeout']} by time), {number['survived']} survived: "
              f"{100 * hits / count:.1f} % killed, 95 % interval {low:.0f} to {high:.0f} %")
    print("left out: " + ", ".join(f"{number[outcome]} {outcome}" for outcome in LEFT_OUT))


def run(trial, drawn, most, path):
    rows = []
    count = 0
    with open(path, "w") as out:
        for mutant in drawn:
            if count == most:
                break
            rows.append({**mutant.row(), **trial.outcome(mutant)})
            count += rows[-1]["outcome"] in COUNTED
            print(json.dumps(rows[-1]), file=out, flush=True)
    return rows


def survivors(path):
    rows = map(json.loads, path.read_text().splitlines())
    return {(row["file"], row["line"], row["before"], row["after"]) for row in rows if row["outcome"] == "survived"}


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, prog="./dev mutants")
    parser.add_argument("room", choices=ROOMS, metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("most", nargs="?", type=int, default=200, metavar="N", help="mutants (default 200)")
    parser.add_argument("seed", nargs="?", default="1", metavar="SEED", help="of the choice (default 1)")
    parser.add_argument("--again", action="store_true", help="only those that survived the last time")
    parser.add_argument("--sanitize", action="store_true", help="with sanitizers, also where rooms.py has none")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    room = ROOMS[arguments.room]
    folder = ROOT / "build" / "mutants" / arguments.room
    texts, drawn = draw(arguments.room, arguments.seed)
    possible = len(drawn)
    if arguments.again:
        wanted = survivors(folder / "mutants.jsonl")
        drawn = [mutant for mutant in drawn if mutant.place() in wanted]
    shop = Workshop(arguments.room, room, arguments.sanitize or room["sanitize"])
    for test in shop.tests:
        print(f"{test.seconds:6.1f} s  {test.name}")
    print(f"{arguments.room}: {possible} possible mutants, {len(shop.tests)} tests of "
          f"{sum(test.seconds for test in shop.tests):.0f} s; seed {arguments.seed}", flush=True)
    path = folder / ("again.jsonl" if arguments.again else "mutants.jsonl")
    report(arguments.room, run(Trial(shop, texts), drawn, arguments.most, path))


main()
