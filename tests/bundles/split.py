#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One block of a recorded session, as `svcgate run --block K/N` would have left it on a machine of its own. Where fewer
than N were recorded, they come again.

    split.py SESSION.json K/N FOLDER [SEED]    with the session's own seed, or as if it had been SEED"""
import json
import os
import sys


def block_of(session, number, blocks, seed):
    part = json.loads(json.dumps(session))
    part["block"] = number
    part["plan"].update(blocks=blocks, max_repetitions=blocks * part["plan"]["block_size"], seed=seed)
    recorded = max(row["block"] for row in session["repetitions"])
    part["repetitions"] = [row for row in part["repetitions"] if row["block"] in (0, (number - 1) % recorded + 1)]
    for slot, row in enumerate(part["repetitions"], 1):
        row["slot"] = slot
        row["block"] = number if row["block"] else 0
    return part


def main():
    path, word, folder, *seed = sys.argv[1:]
    number, blocks = map(int, word.split("/"))
    with open(path, encoding="utf-8") as file:
        session = json.load(file)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "session.json"), "w", encoding="utf-8") as file:
        json.dump(block_of(session, number, blocks, *(seed or [session["plan"]["seed"]])), file, indent=2)


if __name__ == "__main__":
    main()
