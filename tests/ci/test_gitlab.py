#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The GitLab template in a pipeline: gitlab-ci-local runs its jobs with the shell executor in a repository
made for it. Red, green and yellow, with the artifacts that GitLab would read and the note on a GitLab made from its
REST description; and which job is there when.

Red is measured for real, with the demo's service. The others take recorded sessions (tests/bundles) for what was
measured (replay): all else is svcgate's own there too."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "e2e"), str(HERE.parent / "cli")]
import harness as h  # noqa: E402
from forge_fake import TOKEN, GitLab  # noqa: E402

TOOLS = pathlib.Path(os.environ.get("SVCGATE_CACHE") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "svcgate") / "ci/bin"
TEMPLATES = h.ROOT / "ci-templates/gitlab"
CONFIG = """\
version: 1
service: {{ name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB }}
variants:
{variants}
load: {{ script: load.js, rate: 50/s, warmup: 1s, measure: 1s }}
plan: {{ design: turns, repetitions: 6, budget: 20m }}
gates:
  - {{ metric: network_tx_per_request, tolerance: 20% }}
  - {{ metric: memory_max, tolerance: 50%, floor: 20MiB }}
  - {{ metric: error_rate, limit: 1% }}
"""
LONGEST = 1000  # seconds a pipeline
PIPELINE = "include: { local: ci/svcgate.gitlab-ci.yml }\n"
MERGE_REQUEST = {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
SCHEDULE = {"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"}
BASE = h.variant("base")


def environment(recorded):
    """That of the runner: the engine and its images, svcgate in PATH, no setting of svcgate's own. Where the name of a
    recorded session is given, the svcgate in PATH replays it."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("SVCGATE", "CI_")) or name.startswith("SVCGATE_IMAGE_")}
    kept["GCL_IGNORE_PREDEFINED_VARS"] = "CI_PIPELINE_SOURCE,CI_COMMIT_BRANCH,CI_API_V4_URL,CI_PROJECT_ID"
    svcgate = pathlib.Path(h.SVCGATE).resolve()
    kept["PATH"] = os.pathsep.join([program(HERE / "replay" if recorded else svcgate), str(TOOLS), kept["PATH"]])
    kept |= {"REPLAY": str(HERE.parent / "bundles" / recorded), "REPLAY_SVCGATE": str(svcgate)} if recorded else {}
    return kept


def program(path):
    """A folder in which svcgate is that program."""
    folder = pathlib.Path(h.folder())
    (folder / "svcgate").symlink_to(path)
    return str(folder)


def command(folder, *words):
    return subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True).stdout


def repository(variants, pipeline=PIPELINE, files=()):
    """A clone of a repository of its own, as a runner has it, with further files: a text for each name."""
    origin, folder = pathlib.Path(h.folder()), pathlib.Path(h.folder()) / "shop"
    command(origin, "git", "init", "-q", "--bare", "-b", "main")
    command(origin, "git", "clone", "-q", str(origin), str(folder))
    (folder / "ci").mkdir()
    for template in TEMPLATES.glob("*.gitlab-ci.yml"):
        shutil.copy(template, folder / "ci")
    shutil.copy(h.LOAD, folder / "load.js")
    (folder / "svcgate.yaml").write_text(CONFIG.format(variants="\n".join(variants)))
    (folder / ".gitlab-ci.yml").write_text(pipeline)
    for name, text in dict(files).items():
        (folder / name).write_text(text)
    (folder / ".gitignore").write_text(".gitlab-ci-local/\nsvcgate-report/\n")
    command(folder, "git", "add", "-A")
    command(folder, "git", "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "shop")
    command(folder, "git", "push", "-q", "origin", "HEAD:main")
    return folder


def gitlab(folder, variables, *words, recorded=""):
    pairs = [word for name, value in variables.items() for word in ("--variable", f"{name}={value}")]
    process = subprocess.Popen(["gitlab-ci-local", "--force-shell-executor", *pairs, *words], cwd=folder, env=environment(recorded),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)  # so that svcgate removes what it started
        raise
    done = h.Result(process.returncode, out, err, folder / "svcgate-report/bundle")
    done.show()
    return done


def colours(done):
    """How each job ended. The exit status does not tell: with exit codes that are allowed, it is always 0."""
    return {job: word for word, job in re.findall(r"^ (PASS|WARN|FAIL)  (\S+)", done.out, re.MULTILINE)}


def jobs(folder, **variables):
    rows = [row.split(";") for row in gitlab(folder, variables, "--list-csv").out.splitlines()]
    return {row[0] for row in rows if len(row) > 3 and row[0] != "name"}


def which_jobs():
    folder = repository([BASE, h.variant("candidate")])
    h.check(jobs(folder, **MERGE_REQUEST) == {"svcgate"}, "a merge request is measured")
    h.check(jobs(folder, **MERGE_REQUEST, GITLAB_TOKEN="x") == {"svcgate", "svcgate-comment"}, "with a token it gets a note")
    h.check(jobs(folder, CI_PIPELINE_SOURCE="push", CI_COMMIT_BRANCH="topic") == set(), "a branch alone is not measured")
    h.check(jobs(folder, **SCHEDULE) == set(), "a schedule has no job where there is no stored baseline")


def report(folder):
    """What the job leaves for GitLab. Each report must be readable by itself."""
    at = folder / "svcgate-report"
    session = json.loads((at / "bundle/session.json").read_text())["id"]
    h.check(h.docker("ps", "-aq", "--filter", f"label=svcgate.session={session}") == "", "its containers are gone")
    suites = xml.etree.ElementTree.parse(at / "junit.xml").getroot()
    links = json.loads((at / "links.json").read_text())["svcgate"][0]["external_link"]
    h.check(links["url"].endswith("/artifacts/file/svcgate-report/report.html"), "the job page gets a link to the report")
    h.check("<html" in (at / "report.html").read_text()[:400], "the report is a page of HTML")
    return {
        "cases": {case.get("name"): [child.tag for child in case] for case in suites.iter("testcase")},
        "load": json.loads((at / "load-performance.json").read_text())["metrics"],
        "quality": json.loads((at / "codequality.json").read_text()),
        "verdict": json.loads((at / "bundle/verdict.json").read_text()),
    }


def measured(variants, recorded="", **variables):
    folder = repository(variants)
    return gitlab(folder, {**MERGE_REQUEST, **variables}, recorded=recorded), folder


def with_token(server):
    return {"GITLAB_TOKEN": TOKEN, "CI_API_V4_URL": server.api, "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_IID": "7"}


def note(server, done):
    """The one note of svcgate's."""
    h.check(server.violations == [], f"GitLab's description is kept to: {server.violations}")
    h.check(len(server.comments) == 1, f"there is one note: {len(server.comments)}")
    h.check(TOKEN not in done.out + done.err, "nobody has printed the token")
    return server.comments[0]["body"]


def red_then_green():
    """A merge request that is worse, measured; then mended, replayed: its note is brought up to date."""
    server = GitLab()
    done, folder = measured([BASE, h.variant("candidate", FAULT_RESPONSE_FACTOR="3")], **with_token(server))
    found = report(folder)
    h.check(colours(done) == {"svcgate": "FAIL", "svcgate-comment": "PASS"}, "three times larger answers fail: the job is red")
    failed = [name for name, tags in found["cases"].items() if "failure" in tags]
    h.check(len(failed) == 1 and "network_tx_per_request" in failed[0], "JUnit names the gate")
    h.check(found["load"]["checks"]["fails"] == 1, "the load widget counts it")
    place = found["quality"][0]["location"]
    line = (folder / "svcgate.yaml").read_text().splitlines()[place["lines"]["begin"] - 1]
    h.check(place["path"] == "svcgate.yaml" and "network_tx_per_request" in line, "code quality points at the gate's line")
    body = note(server, done)
    h.check("FAIL" in body and "network_tx_per_request" in body, "the note says what is worse")
    green(server)
    server.close()


def green(server):
    done, folder = measured([BASE, h.variant("candidate")], recorded="unchanged-go", **with_token(server))
    found = report(folder)
    h.check(colours(done) == {"svcgate": "PASS", "svcgate-comment": "PASS"}, "an unchanged service passes: the job is green")
    h.check(found["verdict"]["verdict"] == "pass", "and so does the bundle")
    h.check(len(found["cases"]) == 3 and not any(found["cases"].values()), "JUnit has three gates, all passed")
    h.check(found["load"]["checks"]["fails"] == 0 and found["load"]["http_reqs"]["rate"] > 0, "the load widget has its numbers")
    h.check(found["quality"] == [], "code quality has nothing to say")
    h.check("PASS" in note(server, done), "the note is updated in place")


def yellow():
    done, folder = measured([h.variant("candidate"), "baseline: baselines/shop.json"], recorded="alone")
    found = report(folder)
    h.check(colours(done) == {"svcgate": "WARN"}, "nothing to compare with: the job is yellow")
    h.check(found["verdict"]["verdict"] == "inconclusive", "and the bundle says inconclusive")
    h.check(any("skipped" in tags for tags in found["cases"].values()), "JUnit says skipped")


def stored():
    pipeline = PIPELINE + "svcgate-baseline: { variables: { SVCGATE_BASELINE: baselines/shop.json } }\n"
    folder = repository([BASE, h.variant("candidate")], pipeline)
    h.check(jobs(folder, **SCHEDULE) == {"svcgate-baseline"}, "a schedule measures for the stored baseline")
    done = gitlab(folder, SCHEDULE, recorded="unchanged-go")
    h.check(colours(done) == {"svcgate-baseline": "PASS"}, "the job is green")
    baseline = json.loads((folder / "svcgate-report/shop.json").read_text())
    h.check(len(baseline["sessions"]) == 1, "the new baseline is among the artifacts")


def parallel():
    """Three jobs with a block each of a recorded session, and one that judges them."""
    pipeline = "include: [{ local: ci/svcgate.gitlab-ci.yml }, { local: ci/svcgate-parallel.gitlab-ci.yml }]\n"
    folder = repository([BASE, h.variant("candidate")], pipeline, {"Dockerfile": f"FROM {h.SERVICE}\n"})
    h.check(jobs(folder, **MERGE_REQUEST) == {"svcgate-prepare", "svcgate", *(f"svcgate-block: [{i}/3]" for i in (1, 2, 3))},
            "a merge request has a job for each block")
    done = gitlab(folder, MERGE_REQUEST, recorded="unchanged-go")
    found = report(folder)
    h.check(set(colours(done).values()) == {"PASS"}, "all of them are green")
    session = json.loads((folder / "svcgate-report/bundle/session.json").read_text())
    h.check(session["plan"]["blocks"] == 3 and {row["block"] for row in session["repetitions"]} >= {1, 2, 3},
            "the bundle is one of all three blocks")
    recorded = json.loads((HERE.parent / "bundles/unchanged-go/session.json").read_text())
    h.check(session["plan"]["seed"] != recorded["plan"]["seed"], "the seed was drawn and handed on")
    h.check(found["verdict"]["verdict"] == "pass", "it passes, as the session of one machine does")
    h.docker("image", "rm", "svcgate-base", "svcgate-candidate")


def main():
    wanted = sys.argv[1:]
    for case in (which_jobs, red_then_green, yellow, stored, parallel):
        if not wanted or case.__name__ in wanted:
            h.say(f"=== {case.__name__}")
            case()
            h.check_nothing_left()


main()
