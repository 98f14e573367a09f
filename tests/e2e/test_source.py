#!/usr/bin/env python3
"""The base from source: a commit's image is built from a git worktree that is gone afterwards.

Shows: the base is built from a commit, a tag or the merge base, the candidate from the working tree, and the
bundle and the report say from which; one image twice is said so; builds that fail, folders and revisions that
are not there have their exit codes; verbs that only look ask git nothing; neither SIGKILL nor SIGTERM during a
build leaves a worktree or a temporary folder behind for longer than to the next run; and `git bisect run` finds
the commit that broke the service."""

import json
import os
import pathlib
import signal
import subprocess

import harness as h

CONFIG = """\
version: 1
service: {{ port: 8080, ready: /healthz, cpus: 1, memory: 128MiB, ready_timeout: 20s }}
variants:
  base: {{ build: {{ context: repo/api, ref: {ref} }} }}
  candidate: {{ build: {{ context: repo/api }} }}
reference: base
load: {{ script: {script}, rate: 50/s, warmup: 1s, measure: 1s }}
plan: {{ design: turns, repetitions: 6, alpha: 5%, seed: 7 }}
gates:
  - {{ metric: memory_max, tolerance: 50%, floor: 20MiB }}
"""
HONEST = f"FROM {h.SERVICE}\n"
SLOW_BUILD = 'FROM svcgate-demo/node:1\nRUN ["node", "-e", "setTimeout(() => {{}}, 10000); // {}"]\n'


class Work:
    """A folder with a repository, and a svcgate.yaml beside it."""

    def __init__(self):
        self.folder = pathlib.Path(h.folder()).resolve()
        self.repository = self.folder / "repo"
        (self.repository / "api").mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *words):
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        done = subprocess.run(["git", *identity, *words], cwd=self.repository, capture_output=True, text=True)
        h.check(done.returncode == 0, f"git {' '.join(words)}" + (f": {done.stderr}" if done.returncode else ""))
        return done.stdout.strip()

    def commit(self, text, **files):
        for name, content in files.items():
            (self.repository / "api" / name).write_text(content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", text)
        return self.git("rev-parse", "HEAD")

    def config(self, ref):
        path = self.folder / "svcgate.yaml"
        path.write_text(CONFIG.format(ref=ref, script=h.LOAD))
        return str(path)

    def run(self, ref, *words, **more):
        return h.run(self.config(ref), *words, env={**os.environ, **more})

    def worktrees(self):
        return self.git("worktree", "list", "--porcelain").count("worktree ") - 1

    def check_nothing_left(self):
        h.check(self.worktrees() == 0, "no worktree is left")
        h.check_nothing_left()


def tags(variant):
    """Others' tags may be among them: of folders, and of a build that an engine ended after its client."""
    return sorted(h.docker("image", "ls", "--format", "{{.Tag}}", f"svcgate-variant/{variant}").split())


def image_env(image):
    return json.loads(h.docker("image", "inspect", image))[0]["Config"]["Env"]


def from_the_merge_base():
    """A crashing candidate ends the session early; what counts here is what was built."""
    work = Work()
    first = work.commit("first", Dockerfile=HONEST + "ENV MARK=first\n")
    fork = work.commit("fork", Dockerfile=HONEST + "ENV MARK=fork\n")
    work.git("checkout", "-q", "-b", "topic")
    work.commit("change", Dockerfile=HONEST + "ENV MARK=topic FAULT_CRASH_AFTER=20\n")
    work.git("checkout", "-q", "main")
    work.commit("main goes on", Dockerfile=HONEST + "ENV MARK=ahead\n")
    work.git("checkout", "-q", "topic")
    result = work.run(first)
    h.check(result.status == 1, "the base is a commit by its name; the candidate crashes: exit 1")
    h.check(first[:12] in tags("base"), "the base's tag is its commit")
    # what a hook gets from git would lead it to another repository
    result = work.run("merge-base(main)", "--format", "md", GIT_DIR="/nowhere", GIT_INDEX_FILE="/nowhere/index")
    h.check(result.status == 1, "the base is the merge base; the candidate crashes: exit 1")
    h.check(fork[:12] in tags("base") and first[:12] not in tags("base"),
            "the base's tag is the fork, and the older one is gone")
    h.check("MARK=fork" in image_env(f"svcgate-variant/base:{fork[:12]}"), "the base was built from the fork")
    h.check("MARK=topic" in image_env("svcgate-variant/candidate:latest"), "the candidate from the working tree")
    base = result.json("session.json")["variants"][0]
    h.check(base["commit"] == fork, "the bundle has the commit")
    h.check("merge-base(main)" in base["image"], "and the ref that it came from")
    h.check(fork[:12] in result.out and "merge-base(main)" in result.out, "the report has both")
    work.check_nothing_left()


def the_same_image_twice():
    work = Work()
    work.commit("first", Dockerfile=HONEST + "ENV FAULT_CRASH_AFTER=20\n")
    work.git("tag", "v1")
    (work.repository / "README.md").write_text("words\n")
    work.commit("documentation")
    result = work.run("v1", "--format", "text")
    h.check(result.status == 3, "both crash, so nothing can be judged: exit 3")
    h.check("candidate and base are the same image" in result.out, "the report says that both are the same image")


def builds_that_fail():
    work = Work()
    work.commit("broken", Dockerfile="FROM svcgate-demo/go:1\nNONSENSE\n")
    broken = work.git("rev-parse", "HEAD")
    work.git("rm", "-q", "-r", "api")
    (work.repository / "elsewhere").write_text("")
    work.commit("no api")
    gone = work.git("rev-parse", "HEAD")
    (work.repository / "api").mkdir()
    work.commit("honest", Dockerfile=HONEST)
    result = work.run(broken)
    h.check(result.status == 5 and "NONSENSE" in result.err, "a base that does not build: exit 5, with the reason")
    work.check_nothing_left()
    result = work.run(gone)
    h.check(result.status == 4 and "there is no folder api" in result.err, "a context that was not there yet: exit 4")
    work.check_nothing_left()
    result = work.run("orgin/main")
    h.check(result.status == 5 and "knows no revision" in result.err, "an unknown revision: exit 5")
    result = work.run("orgin/main", "--bisect")
    h.check(result.status == 125, "with --bisect: 125")
    work.check_nothing_left()


def begin_build(work, number):
    """A run that is in the middle of building its base: the build's own process is there."""
    word = f"{work.folder.name}-{number}"
    work.commit(f"slow {number}", Dockerfile=SLOW_BUILD.format(word))
    process, bundle = h.begin(work.config("HEAD"))
    h.wait_until(lambda: runs(word), 60, "the build runs", process)
    return process, bundle


def runs(word):
    """Whether a process outside of this test has the word among its arguments: what a Dockerfile runs."""
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"// {word}".encode() in path.read_bytes():
                return True
        except OSError:
            pass  # it has ended
    return False


def signals():
    work = Work()
    process, bundle = begin_build(work, 1)
    process.kill()
    process.wait(h.GRACE)
    left = h.leftovers()
    h.check(work.worktrees() == 1 and any("svcgate-" in name for name in left), f"a killed run leaves its worktree {left}")
    process, bundle = begin_build(work, 2)
    h.send(process, signal.SIGTERM)
    h.check(h.finish(process, bundle).status == 143, "SIGTERM while the base is built: exit 143")
    h.wait_until(lambda: not h.processes(), 60, "the build that lost its svcgate ends")
    work.check_nothing_left()  # of both


def nothing_is_built_to_look():
    work = Work()
    work.commit("first", Dockerfile=HONEST)
    config = work.config("merge-base(nowhere)")
    # plan: there is nothing yet that would tell the noise
    for status, *words in ((0, "config", "check"), (0, "config", "show"), (2, "plan"), (0, "doctor", "--quick")):
        result = h.call(*words, "--config", config, cwd=work.folder)
        h.check("no revision" not in result.out + result.err, f"svcgate {' '.join(words)} asks git nothing")
        h.check(result.status == status, f"and ends with exit {status}")
    work.check_nothing_left()


def bisect():
    """The culprit crashes, which is soon seen; exit 1 is all that git sees of a fail."""
    work = Work()
    work.commit("1", Dockerfile=HONEST)
    work.git("tag", "good")
    (work.repository / "notes").write_text("2\n")
    work.commit("2")
    culprit = work.commit("3: no limit to the cache", Dockerfile=HONEST + "ENV FAULT_CRASH_AFTER=20\n")
    (work.repository / "notes").write_text("4\n")
    work.commit("4")
    work.git("bisect", "start", "HEAD", "good")
    command = [h.SVCGATE, "run", "--bisect", "--config", work.config("good"), "--out", str(work.folder / "bundle")]
    done = subprocess.run(["git", "bisect", "run", *command], cwd=work.repository, capture_output=True, text=True,
                          timeout=600, check=False)
    h.say(done.stdout + done.stderr)
    h.check(done.returncode == 0, "git bisect run: exit 0")
    h.check(f"{culprit} is the first bad commit" in done.stdout, "it finds the commit that broke the service")
    h.check("same image" in done.stdout, "a commit that changes no image says so, and passes")
    work.git("bisect", "reset")
    work.check_nothing_left()


h.main(nothing_is_built_to_look, builds_that_fail, signals, the_same_image_twice, from_the_merge_base, bisect)
