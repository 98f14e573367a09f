#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shipped GitHub workflows, unchanged, run by act on this host. For a pull request that is worse svcgate.yml builds
the reference from the merge base and measures for real; for one that is not, a recorded session (tests/bundles) is
taken for what was measured (replay), once in three jobs by svcgate-parallel.yml. svcgate-publish.yml takes each bundle and
comments on a GitHub made from its REST description.

act serves the checkout itself. Two actions of others cannot be fetched here and are stood in for: what
is uploaded is kept in a folder, and downloaded from it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "e2e"), str(HERE.parent / "cli")]
import harness as h  # noqa: E402
from forge_fake import TOKEN, GitHub  # noqa: E402

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
TOOLS = pathlib.Path(os.environ.get("SVCGATE_CACHE") or CACHE / "svcgate") / "ci/bin"
TEMPLATES = h.ROOT / "ci-templates"
BUNDLES = HERE.parent / "bundles"

CONFIG = """\
version: 1
service: { name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB }
variants:
  base: { build: { context: ., ref: merge-base(origin/main) } }
  candidate: { build: . }
reference: base
load: { script: load.js, rate: 50/s, warmup: 1s, measure: 1s }
plan: { design: turns, repetitions: 6, alpha: 5% }
gates:
  - { metric: memory_max, tolerance: 100%, floor: 30MiB }
  - { metric: network_tx_per_request, tolerance: 20% }
"""

# As GitHub's own: a file keeps its name inside the artifact, and each of several artifacts gets a folder of its name.
UPLOAD = """\
name: upload
inputs: { name: { required: true }, path: { required: true }, overwrite: { default: "false" }, retention-days: { default: "1" } }
runs:
  using: composite
  steps:
    - { shell: bash, run: 'rm -rf "$KEPT/$NAME"; test -d "$FROM" || mkdir "$KEPT/$NAME"; cp -r "$FROM" "$KEPT/$NAME"',
        env: { NAME: "${{ inputs.name }}", FROM: "${{ inputs.path }}" } }
"""
DOWNLOAD = """\
name: download
inputs: { name: { default: "" }, pattern: { default: "" }, path: { required: true }, run-id: { default: "" }, github-token: { default: "" } }
runs:
  using: composite
  steps:
    - { shell: bash, run: 'test "$RUN" = "$WANTED_RUN" && if [ "$PATTERN" ]; then mkdir -p "$TO" && cp -r "$KEPT"/$PATTERN "$TO"; else cp -r "$KEPT/$NAME" "$TO"; fi',
        env: { NAME: "${{ inputs.name }}", TO: "${{ inputs.path }}", RUN: "${{ inputs.run-id }}", PATTERN: "${{ inputs.pattern }}",
               WANTED_RUN: "${{ github.event_name == 'workflow_run' && '42' || '' }}" } }
"""


class Repository:
    """A project with svcgate's workflows, on a branch of its own beside origin/main."""

    def __init__(self, work):
        self.path = work / "project"
        self.git("init", "-q", "--bare", "-b", "main", str(work / "origin.git"), at=work)
        self.git("clone", "-q", str(work / "origin.git"), str(self.path), at=work)
        self.git("config", "user.name", "ada")
        self.git("config", "user.email", "ada@example.org")
        shutil.copytree(TEMPLATES / "github/workflows", self.path / ".github/workflows")
        shutil.copy(h.LOAD, self.path / "load.js")
        self.write("svcgate.yaml", CONFIG)
        self.write("Dockerfile", f"FROM {h.SERVICE}\n")
        self.commit("main")
        self.git("push", "-q", "origin", "HEAD:main")
        self.main = self.git("rev-parse", "HEAD")

    def git(self, *words, at=None):
        return subprocess.run(["git", *words], cwd=at or self.path, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, name, text):
        (self.path / name).write_text(text)

    def commit(self, subject):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)

    def branch(self, name, file, text):
        self.git("switch", "-q", "-c", name, "origin/main")
        self.write(file, text)
        self.commit(name)
        return self.git("rev-parse", "HEAD")


class Runner:
    """act, with a GitHub of ours behind GITHUB_API_URL."""

    def __init__(self, work, repository):
        self.work, self.repository, self.github = work, repository, GitHub()
        self.github.me["type"] = "Bot"
        self.kept = work / "kept"
        self.kept.mkdir()
        for folder, program in (("bin", pathlib.Path(h.SVCGATE).resolve()), ("replay", HERE / "replay")):
            (work / folder).mkdir()
            (work / folder / "svcgate").symlink_to(program)
        shutil.copytree(TEMPLATES, work / "tool/ci-templates")
        for name, text in (("upload", UPLOAD), ("download", DOWNLOAD)):
            (work / name).mkdir()
            (work / name / "action.yml").write_text(text)

    def stand_ins(self):
        """What `uses:` in the templates stands for here, each with the commit that is written there."""
        folders = {"OWNER/svcgate": "tool", "actions/upload-artifact": "upload", "actions/download-artifact": "download"}
        texts = [path.read_text() for path in TEMPLATES.glob("github/**/*.yml")]
        uses = {word for text in texts for word in text.split() if "@" in word and word[-40:].isalnum()}
        for reference in sorted(uses):
            name, commit = reference.split("@")
            repository = "/".join(name.split("/")[:2])
            if repository in folders:
                yield f"--local-repository={repository}@{commit}={self.work / folders[repository]}"

    def environment(self, recorded):
        """act gives its steps nothing of ours but PATH; the engine and its images are named, and what is replayed."""
        names = ["DOCKER_HOST", "DOCKER_CONFIG", "HOME", "TMPDIR", "SVCGATE_ENGINE_HOST", "SVCGATE_WAIT"]
        names += [name for name in os.environ if name.startswith("SVCGATE_IMAGE_")]
        values = {name: os.environ[name] for name in names if name in os.environ}
        values |= {"KEPT": self.kept, "GITHUB_API_URL": self.github.api, "GITHUB_REPOSITORY": "shop/api"}
        values |= {"REPLAY": BUNDLES / recorded, "REPLAY_SVCGATE": pathlib.Path(h.SVCGATE).resolve()} if recorded else {}
        return [f"--env={name}={value}" for name, value in values.items()]

    def act(self, event, workflow, payload, recorded=""):
        """Runs a workflow. Where a recorded session is named, `svcgate run` replays it."""
        path = self.work / "event.json"
        path.write_text(json.dumps(payload))
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("SVCGATE", "GITHUB_"))}
        environment["PATH"] = os.pathsep.join([str(self.work / ("replay" if recorded else "bin")), str(TOOLS), environment["PATH"]])
        environment["XDG_CACHE_HOME"] = str(self.work / "cache")
        done = subprocess.run(
            ["act", event, "--workflows", f".github/workflows/{workflow}", "--platform", "ubuntu-latest=-self-hosted",
             "--eventpath", str(path), "--action-offline-mode", f"--secret=GITHUB_TOKEN={TOKEN}", *self.stand_ins(),
             *self.environment(recorded)],
            cwd=self.repository.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False)
        h.say(f"--- act {event} {workflow}: exit {done.returncode}\n{done.stdout}---")
        h.check(TOKEN not in done.stdout, "the token is in no log")
        return done

    def measure(self, branch, sha, recorded="", workflow="svcgate.yml"):
        return self.act("pull_request", workflow, {
            "number": 7, "pull_request": {"number": 7, "head": {"ref": branch, "sha": sha}, "base": {"ref": "main"}}},
            recorded)

    def publish(self, branch, sha, conclusion):
        """As for a fork: the event names no pull request, only the head."""
        fork = {"owner": {"login": "eve"}, "full_name": "eve/api"}
        self.github.pulls = [{"number": 7, "state": "open", "head": {"ref": branch, "sha": sha, "user": fork["owner"],
                                                                      "repo": {"full_name": "eve/api"}}}]
        done = self.act("workflow_run", "svcgate-publish.yml", {
            "action": "completed", "repository": {"id": 1, "full_name": "shop/api"},
            "workflow_run": {"id": 42, "name": "svcgate", "event": "pull_request", "conclusion": conclusion,
                             "head_branch": branch, "head_sha": sha, "head_repository": fork, "pull_requests": []}})
        h.check(done.returncode == 0, "publishing succeeds")
        h.check(self.github.violations == [], f"GitHub's description is kept to: {self.github.violations}")
        h.check(len(self.github.comments) == 1, f"there is one comment: {len(self.github.comments)}")
        return self.github.comments[0]["body"]

    def bundle(self):
        return self.kept / "svcgate"


def judged(bundle):
    return subprocess.run([h.SVCGATE, "judge", str(bundle), "--format", "text"], check=False,
                          stdout=subprocess.DEVNULL).returncode


def has(done, *texts):
    for text in texts:
        h.check(text in done.stdout, f"act shows: {text}")


def worse(runner, repository):
    sha = repository.branch("worse", "Dockerfile", f"FROM {h.SERVICE}\nENV FAULT_RESPONSE_FACTOR=3\n")
    done = runner.measure("worse", sha)
    h.check(done.returncode == 1, "a pull request that is worse: the job fails")
    has(done, "::set-output:: verdict=fail", "::set-output:: exit-code=1", "::set-output:: bundle=", "::set-output:: report=",
        "Summary - ## svcgate: ✗ FAIL", "::error file=svcgate.yaml,line=11,title=svcgate FAIL%3A network_tx_per_request of candidate::")
    session = json.loads((runner.bundle() / "session.json").read_text())
    commits = {variant["name"]: variant.get("commit") for variant in session["variants"]}
    h.check(commits["base"] == repository.main, "the reference was built from the merge base")
    h.check(judged(runner.bundle()) == 1, "the bundle that was kept is judged the same anywhere: exit 1")
    h.check(TOKEN not in (runner.bundle() / "session.json").read_text(), "the token is not in the bundle")
    body = runner.publish("worse", sha, "failure")
    h.check("FAIL" in body and "network_tx_per_request" in body, "the comment tells it")
    h.check(runner.publish("worse", sha, "failure") == body, "told again, it is the same comment")


def harmless(runner, repository):
    sha = repository.branch("harmless", "README.md", "hello\n")
    done = runner.measure("harmless", sha, recorded="unchanged-go")
    h.check(done.returncode == 0, "a pull request that changes nothing: the job passes")
    has(done, "::set-output:: verdict=pass", "::set-output:: exit-code=0", "Summary - ## svcgate: ✓ PASS", "::notice file=svcgate.yaml,")
    h.check(judged(runner.bundle()) == 0, "the bundle that was kept passes too")
    h.check("PASS" in runner.publish("harmless", sha, "success"), "the comment is updated in place")


def parallel(runner, repository):
    """Three jobs with a block each of the recorded session, and one that judges them."""
    sha = repository.branch("parallel", "README.md", "hello again\n")
    done = runner.measure("parallel", sha, recorded="unchanged-go", workflow="svcgate-parallel.yml")
    h.check(done.returncode == 0, "three blocks of an unchanged service: the workflow passes")
    has(done, "::set-output:: verdict=pass", "Summary - ## svcgate: ✓ PASS")
    session = json.loads((runner.bundle() / "session.json").read_text())
    h.check(session["plan"]["blocks"] == 3 and "block" not in session, "the bundle is one of all three blocks")
    h.check({row["block"] for row in session["repetitions"]} >= {1, 2, 3}, "and has the repetitions of each")
    h.check(judged(runner.bundle()) == 0, "it passes anywhere, as the session of one machine does")
    seeds = {json.loads((path / "session.json").read_text())["plan"]["seed"] for path in runner.kept.glob("svcgate-block-*")}
    recorded = json.loads((BUNDLES / "unchanged-go/session.json").read_text())["plan"]["seed"]
    h.check(len(seeds) == 1 and recorded not in seeds, "one seed was drawn, for all blocks")
    h.check("PASS" in runner.publish("parallel", sha, "success"), "the comment is made of the merged bundle")
    h.docker("image", "rm", "svcgate-base", "svcgate-candidate")


def main():
    work = pathlib.Path(h.folder())
    repository = Repository(work)
    runner = Runner(work, repository)
    worse(runner, repository)
    harmless(runner, repository)
    parallel(runner, repository)
    runner.github.close()
    h.check_nothing_left()
    shutil.rmtree(work)


main()
