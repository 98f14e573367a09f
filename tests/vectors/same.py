#!/usr/bin/env python3
"""Whether vectors that were made again are the committed ones: same.py COMMITTED MADE, two folders.

Words and whole numbers are the same. Others may differ by what another version of NumPy rounds in another way."""

import math
import pathlib
import re
import sys

WHOLE = re.compile(r"[-+]?\d+")
RELATIVE, ABSOLUTE = 1e-9, 1e-12  # far below what any test of these vectors allows


def same_word(a, b):
    if a == b or (WHOLE.fullmatch(a) and WHOLE.fullmatch(b)):
        return a == b
    try:
        return math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    except ValueError:
        return False


def differences(name, a, b):
    """The places where two texts differ."""
    if len(a) != len(b):
        yield f"{name}: {len(a)} and {len(b)} lines"
    for number, (before, after) in enumerate(zip(a, b), 1):
        words = before.split(), after.split()
        if len(words[0]) != len(words[1]) or not all(map(same_word, *words)):
            yield f"{name}:{number}: {before[:120]} | {after[:120]}"


def main():
    committed, made = map(pathlib.Path, sys.argv[1:])
    names = [sorted(path.name for path in folder.glob("*.txt")) for folder in (committed, made)]
    wrong = [] if names[0] == names[1] and names[0] else [f"not the same files: {names[0]} {names[1]}"]
    for name in names[0]:
        wrong += differences(name, *((folder / name).read_text().splitlines() for folder in (committed, made)))
    print("\n".join(wrong[:20]) or f"{len(names[0])} files of vectors are the same")
    sys.exit(1 if wrong else 0)


main()
