#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The GitLab template in a pipeline: gitlab-ci-local runs its jobs with the shell executor in a repository
made for it, and svcgate measures the demo's service for real. Green, red and yellow, with the artifacts
that GitLab would read; and which job is there when."""

import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import harness as h  # noqa: E402

TOOLS = pathlib.Path(os.environ.get("SVCGATE_CACHE") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "svcgate") / "ci/bin"
TEMPLATE = h.ROOT / "ci-templates/gitlab/svcgate.gitlab-ci.yml"
CONFIG = """\
version: 1
service: {{ name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB }}
variants:
{variants}
load: {{ script: load.js, rate: 50/s, warmup: 1s, measure: {measure} }}
plan: {{ repetitions: 6, budget: 20m }}
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


def environment():
    """That of the runner: the engine and its images, svcgate in PATH, no setting of svcgate's own."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("SVCGATE", "CI_")) or name.startswith("SVCGATE_IMAGE_")}
    kept["GCL_IGNORE_PREDEFINED_VARS"] = "CI_PIPELINE_SOURCE,CI_COMMIT_BRANCH,CI_API_V4_URL,CI_PROJECT_ID"
    kept["PATH"] = os.pathsep.join([str(pathlib.Path(h.SVCGATE).resolve().parent), str(TOOLS), kept["PATH"]])
    return kept


def command(folder, *words):
    return subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True).stdout


def repository(variants, pipeline=PIPELINE, measure="3s"):
    """A clone of a repository of its own, as a runner has it."""
    origin, folder = pathlib.Path(h.folder()), pathlib.Path(h.folder()) / "shop"
    command(origin, "git", "init", "-q", "--bare", "-b", "main")
    command(origin, "git", "clone", "-q", str(origin), str(folder))
    (folder / "ci").mkdir()
    shutil.copy(TEMPLATE, folder / "ci")
    shutil.copy(h.LOAD, folder / "load.js")
    (folder / "svcgate.yaml").write_text(CONFIG.format(variants="\n".join(variants), measure=measure))
    (folder / ".gitlab-ci.yml").write_text(pipeline)
    (folder / ".gitignore").write_text(".gitlab-ci-local/\nsvcgate-report/\n")
    command(folder, "git", "add", "-A")
    command(folder, "git", "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "shop")
    command(folder, "git", "push", "-q", "origin", "HEAD:main")
    return folder


def gitlab(folder, variables, *words):
    pairs = [word for name, value in variables.items() for word in ("--variable", f"{name}={value}")]
    process = subprocess.Popen(["gitlab-ci-local", "--force-shell-executor", *pairs, *words], cwd=folder, env=environment(),
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


def measured(variants, **variables):
    folder = repository(variants)
    return gitlab(folder, {**MERGE_REQUEST, **variables}), folder


class Notes(http.server.BaseHTTPRequestHandler):
    """A GitLab with one merge request that nobody has commented on; tests/unit/forge has the difficult ones."""

    posted = []

    def answer(self, status, document):
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer(200, {"id": 9} if self.path.endswith("/user") else [])

    def do_POST(self):
        text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        self.posted.append((self.path, self.headers["PRIVATE-TOKEN"], text))
        self.answer(201, {"id": 1, "body": text})

    def log_message(self, *_):
        pass


def green():
    done, folder = measured([BASE, h.variant("candidate")])
    found = report(folder)
    h.check(colours(done) == {"svcgate": "PASS"}, "an unchanged service passes: the job is green")
    h.check(found["verdict"]["verdict"] == "pass", "and so does the bundle")
    h.check(len(found["cases"]) == 3 and not any(found["cases"].values()), "JUnit has three gates, all passed")
    h.check(found["load"]["checks"]["fails"] == 0 and found["load"]["http_reqs"]["rate"] > 0, "the load widget has its numbers")
    h.check(found["quality"] == [], "code quality has nothing to say")


def red():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Notes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done, folder = measured([BASE, h.variant("candidate", FAULT_RESPONSE_FACTOR="3")], GITLAB_TOKEN="glpat-test",
                            CI_API_V4_URL=f"http://127.0.0.1:{server.server_port}/api/v4", CI_PROJECT_ID="5",
                            CI_MERGE_REQUEST_PROJECT_ID="5", CI_MERGE_REQUEST_IID="7")
    found = report(folder)
    h.check(colours(done) == {"svcgate": "FAIL", "svcgate-comment": "PASS"}, "three times larger answers fail: the job is red")
    failed = [name for name, tags in found["cases"].items() if "failure" in tags]
    h.check(len(failed) == 1 and "network_tx_per_request" in failed[0], "JUnit names the gate")
    h.check(found["load"]["checks"]["fails"] == 1, "the load widget counts it")
    h.check([post[:2] for post in Notes.posted] == [("/api/v4/projects/5/merge_requests/7/notes", "glpat-test")],
            "the merge request has one note")
    h.check("network_tx_per_request" in Notes.posted[0][2], "which says what is worse")
    h.check("glpat-test" not in done.out + done.err, "nobody has printed the token")
    place = found["quality"][0]["location"]
    line = (folder / "svcgate.yaml").read_text().splitlines()[place["lines"]["begin"] - 1]
    h.check(place["path"] == "svcgate.yaml" and "network_tx_per_request" in line, "code quality points at the gate's line")


def yellow():
    done, folder = measured([h.variant("candidate"), "baseline: baselines/shop.json"])
    found = report(folder)
    h.check(colours(done) == {"svcgate": "WARN"}, "nothing to compare with: the job is yellow")
    h.check(found["verdict"]["verdict"] == "inconclusive", "and the bundle says inconclusive")
    h.check(any("skipped" in tags for tags in found["cases"].values()), "JUnit says skipped")


def stored():
    pipeline = PIPELINE + "svcgate-baseline: { variables: { SVCGATE_BASELINE: baselines/shop.json } }\n"
    folder = repository([BASE, h.variant("candidate")], pipeline, measure="2s")
    h.check(jobs(folder, **SCHEDULE) == {"svcgate-baseline"}, "a schedule measures for the stored baseline")
    done = gitlab(folder, SCHEDULE)
    h.check(colours(done) == {"svcgate-baseline": "PASS"}, "the job is green")
    baseline = json.loads((folder / "svcgate-report/shop.json").read_text())
    h.check(len(baseline["sessions"]) == 1, "the new baseline is among the artifacts")


def main():
    wanted = sys.argv[1:]
    for case in (which_jobs, green, red, yellow, stored):
        if not wanted or case.__name__ in wanted:
            h.say(f"=== {case.__name__}")
            case()
            h.check_nothing_left()


main()
