#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""schema/config.schema.json and the program that reads svcgate.yaml give the same verdicts.

One right configuration with every key is changed in one place at a time: each value in it becomes each
of a set of others (of every kind, at every bound and word of the schema), each mapping loses a
key or gains an unknown one. For each the schema must say what `svcgate config check` says. Where a
schema cannot know better it is listed below with the reason; what is listed and agrees is a mistake, too.

Needs the distribution's python3-jsonschema.
"""
import collections
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

SVCGATE = os.path.abspath(os.environ["SVCGATE"])
ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "schema" / "config.schema.json").read_text(encoding="utf-8"))

FILES = {"load.js": "export default function () {}", "data.json": "{}", "Dockerfile": "FROM scratch", "ci.yaml": "services: {}",
         "compose.yaml": "services: {api: {image: 'shop:main'}, postgres: {image: 'postgres:17'}}"}

# Every key, each with a right value.
RIGHT = {
    "version": 1,
    "service": {"compose": "compose.yaml", "name": "api", "port": 8080, "ready": "/healthz",
                "ready_timeout": "60s", "cpus": 0.5, "memory": "300MB", "fresh": "stack",
                "command": ["serve", "--fast"]},
    "variants": {"base": "shop:main", "candidate": {"image": "shop:pr", "env": {"DEBUG": "1"}},
                 "built": {"build": {"context": ".", "ref": "v1.2", "dockerfile": "Dockerfile"}},
                 "short": {"build": "."}},
    "reference": "base",
    "load": {"script": "load.js", "files": ["data.json"], "mix": {"browse": "70%", "checkout": 0.3}, "env": {"USERS": 10}, "rate": "100/s",
             "warmup": "10s", "measure": "30s", "vus": 200},
    "plan": {"design": "sliced", "repetitions": "6..21", "budget": "30m", "alpha": "1%", "beta": "5%", "seed": 12},
    "metrics": [{"metric": "hits", "query": "hits_total", "unit": "hits", "better": "higher",
                 "scale": "linear", "adjust": False},
                {"metric": "won", "k6": "won", "stat": "rate"},
                {"metric": "cpu_per_request", "of": "postgres"},
                {"metric": "latency_avg", "request": "search"}],
    "gates": [{"metric": "latency_p99", "request": "search", "adjust": False, "tolerance": "50%",
               "warn": "20%", "floor": "1ms", "limit": "1.25s", "weight": 2.5},
              {"metric": "memory_max", "of": "postgres", "tolerance": "20%"},
              {"metric": "depth", "query": "depth", "unit": "jobs", "better": "lower",
               "scale": "linear", "tolerance": "5 jobs"},
              {"metric": "pay_time", "k6": "checkout_time{step:pay}", "stat": "p95", "unit": "ms", "limit": "250ms"}],
    "waivers": [{"metric": "latency_p99", "request": "search", "variant": "candidate",
                 "bound": "60%", "owner": "ada", "reason": "new library", "expires": "2099-01-31"},
                {"metric": "memory_max", "of": "postgres", "bound": "30%", "owner": "bob",
                 "reason": "bigger cache", "expires": "2099-01-31"}],
    "baseline": "baselines/api.json",
    "policy": {"inconclusive": "fail", "missing_baseline": "keep"},
    "adjust": "auto",
    "report": {"log": "show", "env": "hide", "host": "show"},
    "testbench": {"images": {"k6": "k", "prometheus": "p", "cadvisor": "c", "grafana": "g"},
                  "cpusets": {"service": "0", "generator": "1-2", "monitor": "3,5-6"}, "keep_awake": "off"},
}

# Put in place of every value …
KINDS = [None, True, False, 0, 1, -1, 0.25, 1.5, 1e7, "", " ", "x", "a b", "1", "on", [], ["x"], [1], [[]], {},
         {"unknown": 1}]
# … and of every value that has a notation.
NOTATIONS = [7, 1000, "/path", "5%", "0%", "-5%", "100%", "5000%", "30s", "1m30s", "0s", "0.5s", "100h", "300/s",
             "0/s", "3/fortnight", "256MiB", "1KiB", "100PiB", "9..30", "21..6", "7", "0-1,3", "3-", "2099-02-29",
             "2099-13-01", "2100-06-30", "5 jobs", "lower", "latency_p95", "v1..2", "postgres", "0.01d", "2m", "5000ms",
             "9000000us", "9000000 µs", "9e9ns", "64MB", "70000 kB", "1.5 GiB", "0.01TiB", "9000000B", "9Mb", "100/m",
             "9000/h", ".05", "1e1"]

# What a schema cannot say: place, message, reason. The program refuses there, the schema does not.
UNSAID = [
    (r"service\.compose|load\.script|load\.files(\[\])?", "there is no file", "which files there are"),
    (r"variants\.\w+\.build", "there is no folder", "which folders there are"),
    (r"reference|variants\.\w+|waivers\[\]\.variant", "no variant is called|this is the reference",
     "what the variants are called"),
    (r"(service|load|variants)(\.\w+)?", "(is|are) missing", "what the command line gives, and what compose needs"),
    (r"(gates|metrics)\[\]\.(metric|query)", "unknown metric|is built in|is not measured a",
     "which metrics are built in, and what they have"),
    (r"(gates|waivers)(\[\]\.(metric|of|request))?", "there is no gate", "which gate a waiver is for"),
    (r"gates\[\]\.(metric|unit|scale)", "(tolerance|floor|limit|bound): expected", "the notation that the unit asks for"),
    (r"(gates\[\]\.(tolerance|floor|limit|warn)|waivers\[\]\.bound)",
     "expected .* found|without a % sign|beyond every use|must be above zero", "the same"),
    (r"gates\[\]\.tolerance|waivers\[\]\.bound|gates\[\]\.warn", "must be (wider|smaller) than",
     "which of two values is larger"),
    (r"gates\[\]\.tolerance", "has no default", "what follows from scale and limit"),
    (r"(gates|metrics)\[\]\.(metric|stat)", "which statistic", "which statistic a name ends with"),
    (r"service\.(ready_timeout|memory)|load\.(rate|warmup|measure|duration|mix\.\w+)|plan\.(budget|alpha|beta)",
     "found the (duration|size|rate|ratio) ", "how much a text with a unit is"),
    (r"load\.mix(\.\w+)?", "the shares make|without a % sign", "what the shares make together"),
    (r"plan\.repetitions", "runs backwards", "which of two numbers in a text is larger"),
    (r"waivers\[\]\.expires", "the last day on which it holds", "how many days a month has"),
    (r"plan\.seed|testbench\.cpusets\.\w+", r'found the number "10000000\.0"', "a point in a whole number"),
]


def resolve(schema):
    while "$ref" in schema:
        at = SCHEMA
        for part in schema["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        schema = at
    return schema


def shapes(schema):
    """The schema itself and its alternatives, references followed."""
    schema = resolve(schema)
    yield schema
    for one in schema.get("oneOf", []):
        yield from shapes(one)


def name_of(path):
    return "".join("[]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def known_keys(schema, path=()):
    """Every key that the schema names, as a path with [] for elements and * for names of one's own."""
    for shape in shapes(schema):
        for key, value in shape.get("properties", {}).items():
            yield name_of(path + (key,))
            yield from known_keys(value, path + (key,))
        if isinstance(shape.get("additionalProperties"), dict):
            yield from known_keys(shape["additionalProperties"], path + ("*",))
        if "items" in shape:
            yield from known_keys(shape["items"], path + (0,))


def places(value, path=()):
    """The path of everything in a document."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, child in items:
        yield from places(child, path + (key,))


def get(document, path):
    for part in path:
        document = document[part]
    return document


def changed(path, value):
    document = copy.deepcopy(RIGHT)
    get(document, path[:-1])[path[-1]] = value
    return document


def with_exec(value):
    """It cannot stand beside load.mix."""
    document = without(("load", "mix"))
    document["load"]["exec"] = value
    return document


def with_duration(value):
    """A closed load has neither rate nor measure."""
    document = without(("load", "rate"))
    del document["load"]["measure"]
    document["load"]["duration"] = value
    return document


def without(path):
    document = copy.deepcopy(RIGHT)
    del get(document, path[:-1])[path[-1]]
    return document


def schema_of(path, schema=SCHEMA):
    """The shapes that the schema allows at a path."""
    found = list(shapes(schema))
    for part in path:
        below = []
        for shape in found:
            if isinstance(part, int):
                below += shapes(shape["items"]) if "items" in shape else []
            elif part in shape.get("properties", {}):
                below += shapes(shape["properties"][part])
            elif isinstance(shape.get("additionalProperties"), dict):
                below += shapes(shape["additionalProperties"])
        found = below
    return found


def at_bounds(shape):
    """Values at the bounds of a shape and just beyond, its words, and words that are nearly so."""
    step = 1 if shape.get("type") == "integer" else 1e-3
    for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if key in shape:
            yield from (shape[key], shape[key] - step, shape[key] + step)
    for word in shape.get("enum", []):
        yield word
        if isinstance(word, str):
            yield from (word.upper(), word + "x")
    yield from shape.get("examples", [])


def cases():
    """(name, document)"""
    yield "as it is", RIGHT
    for path in places(RIGHT):
        allowed = schema_of(path)
        values = KINDS + [value for shape in allowed for value in at_bounds(shape)]
        if any("pattern" in shape for shape in allowed):
            values += NOTATIONS
        for text in dict.fromkeys(json.dumps(value) for value in values):
            yield f"{name_of(path)} = {text}", changed(path, json.loads(text))
        if isinstance(path[-1], str):
            yield f"{name_of(path)} left out", without(path)
        if isinstance(get(RIGHT, path), dict):
            yield f"{name_of(path)} with an unknown key", changed(path + ("unknown key",), 1)
    for value in KINDS + ["checkout", "$x1", "1x", "a-b", "x" * 63, "x" * 64]:
        yield f"load.exec = {json.dumps(value)}", with_exec(value)
    yield "load.exec beside load.mix", changed(("load", "exec"), "checkout")
    for value in [*KINDS, *NOTATIONS]:
        yield f"load.duration = {json.dumps(value)}", with_duration(value)
    yield "load.duration beside load.rate", changed(("load", "duration"), "30s")
    lonely = with_duration("30s")
    del lonely["load"]["vus"]
    yield "load.duration without load.vus", lonely


def check(folder, documents):
    """For each document whether `svcgate config check` finds it right, and what it says."""
    paths = [os.path.join(folder, f"{number}.json") for number in range(len(documents))]
    for path, document in zip(paths, documents):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
    done = subprocess.run([SVCGATE, "config", "check", *paths], capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"]}, check=False)
    if done.returncode not in (0, 4):
        sys.exit(f"exit {done.returncode}: {done.stderr}")
    right = {line.split(" is right:")[0] for line in done.stdout.splitlines()}
    messages = collections.defaultdict(str)
    for line in done.stderr.splitlines():
        at = re.match(r"svcgate: ([^:]*\.json):[0-9:]* (.*)", line)
        if at:
            messages[at.group(1)] += at.group(2)
    return [(path in right, messages[path]) for path in paths]


def unsaid(name, message):
    """Which row of UNSAID says why the schema does not refuse this."""
    place = re.split(r" = | left out| with an", name)[0]
    for row in UNSAID:
        if re.fullmatch(row[0], place) and re.search(row[1], message):
            return row
    return None


def missing_keys():
    """Keys of the schema that RIGHT does not have; names of one's own are *."""
    own = re.compile(r"(variants|env|mix)\.\w+")
    have = {own.sub(r"\1.*", name_of(path)) for path in [*places(RIGHT), ("load", "exec"), ("load", "duration")]}
    return sorted(set(known_keys(SCHEMA)) - have)


def main():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft7Validator(SCHEMA)
    wrong = [f"RIGHT lacks {key}" for key in missing_keys()]
    used = set()
    tried = list(cases())
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            pathlib.Path(folder, name).write_text(text, encoding="utf-8")
        answers = [answer for first in range(0, len(tried), 500)
                   for answer in check(folder, [document for _, document in tried[first:first + 500]])]
        for (name, document), (right, message) in zip(tried, answers):
            row = unsaid(name, message)
            if validator.is_valid(document) == right:
                continue
            if right or row is None:
                wrong.append(f"{name}: the schema {'refuses' if right else 'accepts'} it, the program does not: {message}")
            used.add(row)
    wrong += [f"UNSAID: {row[2]} ({row[0]}) never comes up" for row in UNSAID if row not in used]
    print("\n".join(wrong[:40]))
    print(f"{len(tried)} configurations, {len(wrong)} mistakes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
