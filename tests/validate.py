#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Do the documents that svcgate wrote keep to schema/*.json? Asked of a real validator (python3-jsonschema).

    tests/validate.py [--allow KEY]... FILE...      prints each mistake; exit 1 if there is one

A file is JSON (one document or several, one after the other), JSON lines (*.jsonl) or a svcgate.yaml (*.yaml). Which
schema it must keep to is what its field `schema` says. A document that svcgate writes has no key that its schema does
not name; --allow names one that it was told to keep.

From another test, in whatever Python it runs (this file starts the distribution's, which has the validator):

    sys.path.insert(0, str(ROOT / "tests"))
    import validate
    wrong = validate.mistakes_of_files([bundle / "session.json", bundle / "verdict.json"])    # a list of sentences

Where jsonschema can be imported, `validate.mistakes(document)` looks at a document in memory.
"""
import argparse
import copy
import functools
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve()
SCHEMAS = HERE.parents[1] / "schema"

# Where a schema has further schemas: under a keyword itself, in a list, or by name.
BELOW_ONE = ("items", "additionalProperties")
BELOW_LIST = ("oneOf", "anyOf", "allOf")
BELOW_NAMES = ("properties", "$defs", "definitions")


def close(schema, allowed):
    """Lets every object of a schema have the keys that it names, those in `allowed`, and no others."""
    if not isinstance(schema, dict):
        return
    for key in BELOW_ONE:
        close(schema.get(key), allowed)
    for key in BELOW_LIST:
        for one in schema.get(key, []):
            close(one, allowed)
    for key in BELOW_NAMES:
        for one in schema.get(key, {}).values():
            close(one, allowed)
    if "properties" in schema and "additionalProperties" not in schema:
        schema["properties"].update({key: True for key in allowed})
        schema["additionalProperties"] = False


@functools.lru_cache(maxsize=None)
def validator(kind, allowed):
    import jsonschema  # only here: mistakes_of_files needs none

    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    maker = jsonschema.validators.validator_for(schema)
    maker.check_schema(schema)
    schema = copy.deepcopy(schema)
    close(schema, allowed)
    return maker(schema)


def kind_of(document):
    """The kind that a document says it is: "verdict" of "svcgate.verdict/1"."""
    name = document.get("schema") if isinstance(document, dict) else None
    found = re.match(r"svcgate\.([a-z]+)/1$", name) if isinstance(name, str) else None
    return found.group(1) if found and (SCHEMAS / f"{found.group(1)}.schema.json").exists() else None


def mistakes(document, kind=None, allowed=()):
    """What is wrong with one document, as sentences."""
    kind = kind or kind_of(document)
    if kind is None:
        return ["no field `schema` that names one of schema/*.json"]
    found = validator(kind, tuple(allowed)).iter_errors(document)
    return [f"{kind}: {error.json_path}: {error.message[:300]}" for error in sorted(found, key=lambda e: e.json_path)]


def once(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key is there twice: {keys}")
    return dict(pairs)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def documents(text):
    """All documents of a text."""
    decoder = json.JSONDecoder(object_pairs_hook=once, parse_constant=no_constant)
    text = text.strip()
    if not text:
        raise ValueError("there is no document")
    while text:
        value, end = decoder.raw_decode(text)
        yield value
        text = text[end:].lstrip()


def load_yaml(text):
    """YAML 1.2, as editors read it. A date is a text, as in its core schema; ruamel.yaml would make it an object."""
    import ruamel.yaml

    yaml = ruamel.yaml.YAML(typ="safe", pure=True)
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp",
                                     lambda constructor, node: constructor.construct_scalar(node))
    return yaml.load(text)


def mistakes_of_file(path, allowed=()):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    if str(path).endswith(".yaml"):
        return [f"{path}: {text}" for text in mistakes(load_yaml(text), "config", allowed)]
    try:
        return [f"{path}: {wrong}" for document in documents(text) for wrong in mistakes(document, None, allowed)]
    except ValueError as error:
        return [f"{path}: {error}"]


def mistakes_of_files(paths, allowed=()):
    """The same of files, by a process of this script."""
    words = [word for key in allowed for word in ("--allow", key)] + [str(path) for path in paths]
    done = subprocess.run([str(HERE), *words], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or (done.returncode == 1) != bool(done.stdout):
        raise RuntimeError(f"{HERE} ended with {done.returncode}: {done.stderr}")
    return done.stdout.splitlines()


def main():
    parser = argparse.ArgumentParser(description="Do these documents keep to schema/*.json?")
    parser.add_argument("--allow", action="append", default=[], metavar="KEY", help="a key that no schema names")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    found = [wrong for path in options.files for wrong in mistakes_of_file(path, options.allow)]
    for wrong in found:
        print(wrong)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
