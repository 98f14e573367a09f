#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The validator of the other tests (tests/validate.py) refuses what it should, for every schema of schema/."""
import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests"))
import validate  # noqa: E402

KINDS = sorted(path.name.removesuffix(".schema.json") for path in validate.SCHEMAS.glob("*.schema.json"))
SERIES = {"schema": "svcgate.series/1", "slot": 1, "variant": "base", "cpu": [[0, 1]]}
failures = 0


def expect(what, holds, told=""):
    global failures  # pylint: disable=global-statement
    if not holds:
        failures += 1
        print(f"FAILED: {what}\n    {told}")


def of_text(text, name="document.json", allowed=()):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, name)
        path.write_text(text, encoding="utf-8")
        return validate.mistakes_of_files([path], allowed)


def every_schema_can_be_asked():
    expect("there are nine schemas", len(KINDS) >= 9, KINDS)
    for kind in KINDS:
        schema = validate.validator(kind, ()).schema
        name = schema.get("$id", "urn:")
        expect(f"{kind}: its $id is whole, so that its own references are found", name.startswith("urn:"), name)
        wrong = validate.mistakes({"unheard-of": 1}, kind)
        expect(f"{kind}: an unknown key is refused", any("unheard-of" in text for text in wrong), wrong)
        expect(f"{kind}: no object is accepted that is none", validate.mistakes([], kind))


def what_is_wrong_is_told():
    right = json.dumps(SERIES)
    expect("a right document", not of_text(right), of_text(right))
    expect("two of them in a file", not of_text(f"{right}\n{right}\n", "series.jsonl"))
    wrongs = {
        "no JSON": right[:-1], "nothing": "", "no schema": '{"slot": 1}', "an unknown schema": '{"schema": "svcgate.x/1"}',
        "another version": right.replace("/1", "/2"), "a wrong type": right.replace('"slot": 1', '"slot": "1"'),
        "a missing key": '{"schema": "svcgate.series/1", "slot": 1}', "a key twice": right[:-1] + ', "slot": 1}',
        "a number that is none": right.replace("[0, 1]", "[0, NaN]"), "an unknown key": right[:-1] + ', "later": 1}',
        "a second document that is wrong": right + '{"schema": "svcgate.series/1"}'}
    for what, text in wrongs.items():
        expect(f"{what} is told", of_text(text))
    expect("a key that is allowed", not of_text(wrongs["an unknown key"], allowed=["later"]))


def main():
    every_schema_can_be_asked()
    what_is_wrong_is_told()
    print(f"{failures} claims do not hold" if failures else "all claims hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
