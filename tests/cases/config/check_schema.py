#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does schema/config.schema.json agree with the cases beside this file?

Needs jsonschema and ruamel.yaml (YAML 1.2, as editors read it). Every good case must be accepted;
a bad case says in its last line whether the schema `refuses` it, `accepts` it (only svcgate knows
better: it needs more than one value to see the mistake), or `skip`s it (no tree to check).
"""
import json
import pathlib
import sys

import jsonschema
import ruamel.yaml

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parents[2] / "schema" / "config.schema.json"


def load(text):
    """A date is a text, as in YAML 1.2's core schema; ruamel.yaml would make it an object."""
    yaml = ruamel.yaml.YAML(typ="safe", pure=True)
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp",
                                     lambda constructor, node: constructor.construct_scalar(node))
    return yaml.load(text)


def verdict(validator, path):
    tree = load(path.read_text(encoding="utf-8"))
    errors = sorted(validator.iter_errors(tree), key=str)
    return ("refuses", errors[0].message) if errors else ("accepts", "")


def expected(path):
    if path.parent.name == "good":
        return "accepts"
    last = path.read_text(encoding="utf-8").rstrip().splitlines()[-1]
    return last.removeprefix("# schema: ")


def main():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong = 0
    cases = sorted(HERE.glob("good/*.yaml")) + sorted(HERE.glob("bad/*.yaml"))
    for path in cases:
        want = expected(path)
        if want == "skip":
            continue
        found, why = verdict(validator, path)
        if found != want:
            wrong += 1
            print(f"{path.relative_to(HERE)}: the schema {found}, expected {want}: {why}")
    print(f"{len(cases)} cases, {wrong} wrong")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
