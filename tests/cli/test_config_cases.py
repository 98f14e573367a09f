#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""schema/config.schema.json agrees with the cases of tests/cases/config.

Every good case must be accepted; a bad case says in its last line whether the schema `refuses` it, `accepts` it (only
svcgate knows better: it needs more than one value to see the mistake), or `skip`s it (no tree to check).
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "config"
LEAST = 180  # cases, so that none is lost unseen
WORDS = ("refuses", "accepts", "skip")

sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests"))
import validate  # noqa: E402


def expected(path):
    """What a case says of itself; None if it says nothing."""
    if path.parent.name == "good":
        return "accepts"
    last = path.read_text(encoding="utf-8").rstrip().splitlines()[-1]
    word = last.removeprefix("# schema: ")
    return word if word != last and word in WORDS else None


def wrong_with(path):
    want = expected(path)
    if want is None:
        return "its last line is not `# schema: ` and one of " + ", ".join(WORDS)
    if want == "skip":
        return None
    found = validate.mistakes(validate.load_yaml(path.read_text(encoding="utf-8")), "config")
    if bool(found) == (want == "refuses"):
        return None
    return f"the schema does not do what it says ({want}): {found[:1]}"


def main():
    cases = sorted(CASES.glob("good/*.yaml")) + sorted(CASES.glob("bad/*.yaml"))
    wrong = [(path, text) for path in cases if (text := wrong_with(path)) is not None]
    for path, text in wrong:
        print(f"{path.relative_to(ROOT)}: {text}")
    print(f"{len(cases)} cases, {len(wrong)} wrong")
    return 1 if wrong or len(cases) < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
