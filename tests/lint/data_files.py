#!/usr/bin/env python3
"""Checks that JSON and YAML files can be read: python3 data_files.py FILE...

Keys that are written twice are errors in both. Tags of other programs (compose's `!reset`) are
accepted without knowing what they mean.
"""

import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    """The safe loader, but strict about keys and easy about tags."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} is there twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_unknown(self, _suffix, node):
        if isinstance(node, yaml.MappingNode):
            return self.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        return self.construct_scalar(node)


Loader.add_multi_constructor("!", Loader.construct_unknown)


def pairs_once(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"key {key!r} is there twice")
    return dict(pairs)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def check(path):
    with open(path, encoding="utf-8") as file:
        if path.endswith(".json"):
            json.load(file, object_pairs_hook=pairs_once, parse_constant=no_constant)
        else:
            list(yaml.load_all(file, Loader))


def main(paths):
    failed = False
    for path in paths:
        try:
            check(path)
        except (OSError, ValueError, yaml.YAMLError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
