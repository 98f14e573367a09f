#!/usr/bin/env python3
"""The base from source: a commit's image is built from a git worktree that is gone afterwards, whatever
happens; and `git bisect run` finds the commit that made the service slow."""

import json
import os
import pathlib
import signal
import subprocess
import time

import harness as h

CONFIG = """\
version: 1
service: {{ port: 8080, ready: /healthz, cpus: 1, memory: 128MiB, ready_timeout: 20s }}
variants:
  base: {{ build: {{ context: repo/api, ref: {ref} }} }}
  candidate: {{ build: {{ context: repo/api }} }}
reference: base
load: {{ script: {script}, rate: 50/s, warmup: 1s, measure: 2s }}
plan: {{ repetitions: 6, alpha: 5%, seed: 7 }}
gates:
  - {{ metric: latency_p95, tolerance: 60%, floor: 25ms }}
"""
HONEST = f"FROM {h.SERVICE}\n"
SLOW_BUILD = 'FROM svcgate-demo/node:1\nRUN ["node", "-e", "setTimeout(() => {{}}, 20000); // {}"]\n'


class Work:
    """A folder with a repository, a svcgate.yaml beside it, and a place for temporary files."""

    def __init__(self):
        self.folder = pathlib.Path(h.folder()).resolve()
        self.repository = self.folder / "repo"
        self.temporary = self.folder / "tmp"
        (self.repository / "api").mkdir(parents=True)
        self.temporary.mkdir()
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

    def environment(self, **more):
        return {**os.environ, "TMPDIR": str(self.temporary), **more}

    def run(self, ref, *words, **more):
        return h.run(self.config(ref), *words, env=self.environment(**more))

    def start(self, ref):
        bundle = self.folder / "bundle"
        return h.start(["run", "--config", self.config(ref), "--out", str(bundle)], env=self.environment())

    def leftovers(self):
        trees = self.git("worktree", "list", "--porcelain").count("worktree ") - 1
        return [f"{trees} worktrees"] * (trees > 0) + [path.name for path in self.temporary.iterdir()]

    def check_nothing_left(self):
        h.check(self.leftovers() == [], f"no worktree and no temporary folder is left {self.leftovers()}")


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


def wait_for_build(work, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if any((folder / "tree" / "api").is_dir() for folder in work.temporary.glob("svcgate-source-*")):
            time.sleep(1)  # the build has begun
            return
        time.sleep(0.1)
    h.check(False, "a worktree appears")


def signals():
    work = Work()
    work.commit("slow", Dockerfile=SLOW_BUILD.format(work.folder.name))
    process = work.start("HEAD")
    wait_for_build(work, process)
    process.kill()
    process.communicate(timeout=20)
    h.check(len(work.leftovers()) >= 2, f"a killed run leaves its worktree {work.leftovers()}")
    process = work.start("HEAD")
    wait_for_build(work, process)
    h.send(process, signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    h.say(out + err)
    h.check(process.returncode == 143, "SIGTERM while the base is built: exit 143")
    left = [name for name in work.leftovers() if not name.startswith("svcgate-") or "source" in name]
    h.check(left == [], f"its worktree and that of the killed run are gone {left}")


def nothing_is_built_to_look():
    work = Work()
    work.commit("first", Dockerfile=HONEST)
    config = work.config("merge-base(nowhere)")
    for words in (["config", "check"], ["config", "show"], ["plan"], ["doctor", "--quick"]):
        process = h.start([*words, "--config", config], env=work.environment(), cwd=work.folder)
        out, err = process.communicate(timeout=60)
        h.check("no revision" not in out + err, f"svcgate {' '.join(words)} asks git nothing (exit {process.returncode})")
    work.check_nothing_left()


def bisect():
    work = Work()
    work.commit("1", Dockerfile=HONEST)
    work.git("tag", "good")
    (work.repository / "notes").write_text("2\n")
    work.commit("2")
    culprit = work.commit("3: wait for the cache", Dockerfile=HONEST + "ENV FAULT_LATENCY_MS=60\n")
    for number in (4, 5, 6):
        (work.repository / "notes").write_text(f"{number}\n")
        work.commit(str(number))
    work.git("bisect", "start", "HEAD", "good")
    command = [h.SVCGATE, "run", "--bisect", "--config", work.config("good"), "--out", str(work.folder / "bundle")]
    done = subprocess.run(["git", "bisect", "run", *command], cwd=work.repository, env=work.environment(),
                          capture_output=True, text=True, timeout=1000)
    h.say(done.stdout + done.stderr)
    h.check(done.returncode == 0, "git bisect run: exit 0")
    h.check(f"{culprit} is the first bad commit" in done.stdout, "it finds the commit that made the service slow")
    h.check("same image" in done.stdout, "commits that change no image say so, and pass")
    work.git("bisect", "reset")
    work.check_nothing_left()


def main():
    wanted = h.sys.argv[1:]
    for case in (nothing_is_built_to_look, builds_that_fail, signals, the_same_image_twice, from_the_merge_base, bisect):
        if not wanted or case.__name__ in wanted:
            h.say(f"=== {case.__name__}")
            case()
            h.check_nothing_left()


main()
