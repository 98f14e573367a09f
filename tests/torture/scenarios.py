# SPDX-License-Identifier: Apache-2.0
"""What is tortured: one command line each, with the files that it finds and those that it may change."""
import json
import math
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
from forge_fake import SHA, TOKEN, GitHub  # noqa: E402  pylint: disable=wrong-import-position

LEVELS = {"latency_p95": 0.0121, "cpu_per_request": 0.00084, "memory_max": 25.3e6}
SERIES = ["bundle/series.jsonl"]
SERVER = "what the server has" # compared as if it were a file
OLD = "what was there before\n"


class Scenario:
    """`words` are run in a folder that `prepare` has filled; only `outputs` (names of files, or of folders with all
    that is in them) may be changed. Without the files `optional` the result is lesser, but right; `lesser` are outputs
    that depend on such a file, where the program makes it itself. `env` is added to the environment, where {work} is
    that folder. `fake`: run by the program with the fake bench. `server` makes what is spoken with at {api}; `kept` is a
    file that is left when it could not be reached. `short`: also run without --all."""

    def __init__(self, name, words, prepare, outputs=(), optional=(), lesser=(), env=None, stdin=None, fake=False,
                 server=None, kept=None, short=True):
        self.name, self.words, self.prepare, self.fake = name, words, prepare, fake
        self.server, self.kept, self.short = server, kept, short
        self.outputs, self.optional, self.lesser = tuple(outputs), tuple(optional), tuple(lesser)
        self.env, self.stdin = env or {}, stdin

    def seen(self, name, content):
        """What is compared of a file's content, or of standard output: what is the same in each run."""
        return session_seen(name, content) if self.fake else content


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


# --- What is the same in each session ---------------------------------------------------------------


def is_json(text):
    try:
        json.loads(text)
        return True
    except ValueError:
        return False


def session_seen(name, content):
    """Identity, dates and times differ from session to session. Files with times must be whole JSON; of lines that are
    appended, the last one may be torn, as a reader takes it."""
    if name == "fake/world":
        return None
    if name.startswith("fake/"):
        return "a container or network is left" if name.startswith("fake/world/") else None
    if re.search(r"(session|k6/.*)\.json$", name):
        return "JSON" if is_json(content) else content
    if name.endswith(".jsonl"):
        return "JSON" if all(map(is_json, content.split(b"\n")[:-1])) else content
    content = re.sub(rb"\d{8}-\d{6}-[0-9a-f]{4}", b"SESSION", content)
    return re.sub(rb"\d{4}-\d\d-\d\dT[0-9:]{8}Z", b"DATE", content)


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
              "--comment", "always", "--check", "--commit", SHA]
    gitlab = ["publish", "bundle", "--dry-run", "--forge", "gitlab", "--repository", "12", "--request", "7",
              "--comment", "always"]
    yield Scenario("publish-github", github, with_bundle(0.5))
    yield Scenario("publish-gitlab", gitlab, with_bundle(0.5))
    send = ["publish", "bundle", "--forge", "github", "--repository", "shop/api", "--request", "7", "--comment", "always",
            "--timeout", "2s"]
    yield Scenario("publish-send", send, with_bundle(0.5), [SERVER], env={"GITHUB_API_URL": "{api}", "GITHUB_TOKEN": TOKEN},
                   server=GitHub, kept="svcgate-comment.md")


FAKE_CONFIG = """\
version: 1
service: { name: api, port: 8080 }
variants:
  base: { image: "shop/api:main" }
  candidate: { image: "shop/api:pr" }
reference: base
load: { script: load.js, rate: 100/s, warmup: 5s, measure: 10s }
plan: { repetitions: 6 }
gates:
  - { metric: latency_p95, tolerance: 20% }
"""


def with_fake_bench(script):
    def prepare(folder):
        (folder / "svcgate.yaml").write_text(FAKE_CONFIG)
        (folder / "load.js").write_text("export default function () {}\n")
        (folder / "fake").mkdir()
        (folder / "fake" / "script").write_text(script)
    return prepare


def run_scenarios():
    """Whole sessions; what the fake bench itself writes is spared."""
    env = {"SG_FAKE": "{work}/fake", "SG_TORTURE_SPARE": "{work}/fake"}
    pictured = ["bundle/report.html", "bundle/report.md", "standard output"]
    words = ["run", "--seed", "42", "--out", "bundle", "--format", "md", "--format", "junit:junit.xml"]
    yield Scenario("run-fail", words, with_fake_bench("factor candidate latency_p95 2\nat slot=6 steal 0.3\n"),
                   ["bundle", "junit.xml", "fake"], lesser=pictured, env=env, fake=True)
    yield Scenario("run-pass", words, with_fake_bench(""), ["bundle", "junit.xml", "fake"], lesser=pictured, env=env,
                   fake=True, short=False)


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
    yield from run_scenarios()
    yield Scenario("init", ["init"], lambda folder: None, ["svcgate.yaml", "load.js", "svcgate.schema.json"])


def prepared(scenario, folder):
    folder = pathlib.Path(folder)
    folder.mkdir()
    scenario.prepare(folder)
    return folder
