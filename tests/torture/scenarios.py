# SPDX-License-Identifier: Apache-2.0
"""What is tortured: one command line each, with the files that it finds and those that it may change."""
import json
import math
import os
import pathlib
import re
import subprocess

LEVELS = {"latency_p95": 0.0121, "cpu_per_request": 0.00084, "memory_max": 25.3e6}
SERIES = ["bundle/series.jsonl"]
OLD = "what was there before\n"


class Scenario:
    """`words` are run in a folder that `prepare` has filled; only `outputs` (names of files, or of folders with all
    that is in them) may be changed. Without the files `optional` the result is lesser, but right. `env` is added to
    the environment."""

    def __init__(self, name, words, prepare, outputs=(), optional=(), env=None, stdin=None):
        self.name, self.words, self.prepare = name, words, prepare
        self.outputs, self.optional, self.env, self.stdin = tuple(outputs), tuple(optional), env or {}, stdin


# --- What is found --------------------------------------------------------------------------------


def wobble(slot):
    return 1 + 0.01 * math.sin(7.3 * slot)


def slots():
    """Two blocks of three and three, a slot each."""
    return [(1 + i // 6, i + 1, ("base", "candidate")[i % 2]) for i in range(12)]


def samples(effect):
    lines = ["block,variant,metric,value"]
    lines += [f"{block},{variant},latency_p95,{0.01 * wobble(slot) * (1 + effect * (variant != 'base')):.9f}"
              for block, slot, variant in slots()]
    return "\n".join(lines) + "\n"


def session(effect, identity="20261127-120000-1"):
    repetitions = [{"block": block, "slot": slot, "variant": variant, "start": 1e9 + 60 * slot, "end": 1e9 + 60 * slot + 30,
                    "values": {name: level * wobble(slot) * (1 + effect * (variant != "base"))
                               for name, level in LEVELS.items()}}
                   for block, slot, variant in slots()]
    repetitions[3]["findings"] = [{"severity": "warn", "check": "steal", "text": "the host was busy", "log": "a\nb\n"}]
    return {"schema": "svcgate.session/1", "id": identity, "created": "2026-11-27T12:00:00Z", "tool": "svcgate 0.1.0",
            "service": "api", "reference": "base", "complete": True, "config": "svcgate.yaml",
            "command": "svcgate run --seed 42",
            "plan": {"min_repetitions": 6, "max_repetitions": 6, "block_size": 3, "alpha": 0.01, "beta": 0.05, "seed": "42",
                     "attempt": 1, "planned": True, "warmup": 10, "measure": 30, "rate": 100},
            "metrics": [{"name": name, "unit": "bytes" if name == "memory_max" else "s", "better": "lower"}
                        for name in LEVELS],
            "gates": [{"metric": name, "tolerance": 0.2, "line": 7 + i} for i, name in enumerate(LEVELS)],
            "variants": [{"name": "base", "image": "shop/api:main", "digest": "sha256:" + "0" * 64},
                         {"name": "candidate", "image": "shop/api:pr", "digest": "sha256:" + "1" * 64}],
            "facts": [{"name": "cpu", "value": "some CPU, 4 of them", "hard": True}],
            "repetitions": repetitions}


def write_bundle(folder, effect):
    folder.mkdir()
    (folder / "session.json").write_text(json.dumps(session(effect)))
    series = [{"schema": "svcgate.series/1", "slot": slot, "variant": variant,
               "cpu": [[i / 2, 0.3 * wobble(slot + i)] for i in range(6)]} for _, slot, variant in slots()]
    (folder / "series.jsonl").write_text("".join(json.dumps(one) + "\n" for one in series))


CONFIG = """\
version: 1
service: { name: api, port: 8080, ready: /healthz, cpus: 1, memory: 256MiB }
variants:
  base: { image: "shop/api:main" }
  candidate: { build: . }
reference: base
load: { script: load.js, rate: 100/s }
gates:
  - { metric: latency_p95, tolerance: 5%, floor: 1ms }
  - { metric: cpu_per_request, tolerance: 5% }
"""


def write_config(folder):
    (folder / "svcgate.yaml").write_text(CONFIG)
    (folder / "load.js").write_text("export default function () {}\n")
    (folder / "Dockerfile").write_text("FROM scratch\n")


def with_samples(effect):
    def prepare(folder):
        (folder / "samples.csv").write_text(samples(effect))
        (folder / "verdict.json").write_text(OLD)
    return prepare


def with_bundle(effect, *old):
    """A bundle, and files of these names that were there before; a name with @ is a symbolic link's."""
    def prepare(folder):
        write_bundle(folder / "bundle", effect)
        for name in old:
            (folder / name.strip("@")).write_text(OLD)
            if name.endswith("@"):
                os.rename(folder / name.strip("@"), folder / "behind")
                (folder / name.strip("@")).symlink_to("behind")
    return prepare


def with_baseline(svcgate):
    """A baseline that holds another session already."""
    def prepare(folder):
        write_bundle(folder / "bundle", 0)
        (folder / "other.json").write_text(json.dumps(session(0, "20261126-120000-1")))
        subprocess.run([svcgate, "baseline", "save", "api.json", "other.json", "--variant", "base"], cwd=folder,
                       check=True, capture_output=True)
    return prepare


# --- What is run ----------------------------------------------------------------------------------


def formats_of(svcgate):
    """All report formats that the program knows, as it lists them."""
    told = subprocess.run([svcgate, "report", "--help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  ([a-z-]+) ", told.split("\nFormats:\n")[1], re.M)


def report_scenarios(svcgate):
    for name in formats_of(svcgate):
        path = f"out.{'svg' if name == 'svg' else name}"
        yield Scenario(f"report-{name}", ["report", "bundle", "--format", f"{name}:{path}"], with_bundle(0.5, path), [path], SERIES)
    yield Scenario("report-pictures", ["report", "bundle", "--format", "svg:pictures"], with_bundle(0.5), ["pictures"], SERIES)
    yield Scenario("report-link", ["report", "bundle", "--format", "md:link.md"], with_bundle(0.5, "link.md@"),
                   ["link.md", "behind"])


def publish_scenarios():
    github = ["publish", "bundle", "--dry-run", "--forge", "github", "--repository", "shop/api", "--request", "7",
              "--comment", "always", "--check", "--commit", "3dca65fa3e8d4b3da3f3d056c59aee1c50f41390"]
    gitlab = ["publish", "bundle", "--dry-run", "--forge", "gitlab", "--repository", "12", "--request", "7",
              "--comment", "always"]
    yield Scenario("publish-github", github, with_bundle(0.5))
    yield Scenario("publish-gitlab", gitlab, with_bundle(0.5))


def scenarios(svcgate):
    yield Scenario("judge-csv", ["judge", "samples.csv", "--reference", "base", "--tolerance", "20%",
                                 "--format", "text", "--format", "json:verdict.json"],
                   with_samples(1.0), ["verdict.json"])
    yield Scenario("judge-stdin", ["judge", "-", "--reference", "base", "--tolerance", "20%"], with_samples(0),
                   stdin="samples.csv")
    yield Scenario("judge-bundle", ["judge", "bundle", "--format", "md", "--format", "junit:junit.xml"],
                   with_bundle(0, "junit.xml"), ["junit.xml"])
    yield from report_scenarios(svcgate)
    yield Scenario("baseline-first", ["baseline", "save", "stored/api.json", "bundle", "--variant", "base"], with_bundle(0),
                   ["stored"])
    yield Scenario("baseline-save", ["baseline", "save", "api.json", "bundle", "--variant", "base"],
                   with_baseline(svcgate), ["api.json"])
    yield from publish_scenarios()
    yield Scenario("config-check", ["config", "check"], write_config)
    yield Scenario("config-show", ["config", "show"], write_config)
    yield Scenario("init", ["init"], lambda folder: None, ["svcgate.yaml", "load.js", "svcgate.schema.json"])


def prepared(scenario, folder):
    folder = pathlib.Path(folder)
    folder.mkdir()
    scenario.prepare(folder)
    return folder
