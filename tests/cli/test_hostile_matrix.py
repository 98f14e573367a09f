#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each verb on each hostile input: a bundle, a baseline or a samples file of a stranger, and a stranger's
svcgate.yaml. Whatever it is, the verb ends by itself and soon, with a status that it knows, in little memory;
neither stream has what a terminal or a CI runner would obey; an input that is no session is never a pass.
A pipe inside a bundle is not waited for; one that is named by the user is, as `<(…)` needs it.

Before and after each call all is looked at that belongs to the user: the project with its .git, the home
folder, the folder for temporary files, a neighbour's folder. Only what the verb was told to write may be new.
Nobody asks an engine, and no program is started: `docker`, `sudo` and `curl` leave a trace here. What the verbs
do to a real engine is the subject of e2e/test_safe.py.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import socket
import stat
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import test_hostile as hostile  # noqa: E402: its texts, its broken files, what must hold of a stream

REAL = os.path.abspath(os.environ["SVCGATE"])
FAKE = os.path.abspath(os.environ["SVCGATE_FAKE"])
SECONDS = 30
MEMORY = 2 << 30  # bytes, with a sanitizer's shadow
TOKEN = "t0k3n-of-the-job"
WORST = "::error::a\n::add-mask::b\r\n##[group]c\x1b]52;c;eA==\x07\x9b31m\u202e\x85::warning::d"

# --- Inputs ---------------------------------------------------------------------------------------


def text_file(content, name="session.json"):
    def make(folder):
        path = folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8", newline="")
        return path
    return make


def link_to(target):
    def make(folder):
        (folder / "session.json").symlink_to(target)
        return folder
    return make


def fifo(folder):
    os.mkfifo(folder / "session.json")
    return folder


def a_socket(folder):
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(str(folder / "session.json"))
    bound.close()
    return folder


def folder_as_file(folder):
    (folder / "session.json").mkdir()
    return folder


def sparse(folder):
    with open(folder / "session.json", "wb") as file:
        file.truncate(1 << 34)
    return folder


def bundle(document, **more):
    """A bundle folder: session.json, and other files by name without its suffix."""
    def make(folder):
        (folder / "session.json").write_text(json.dumps(document), encoding="ascii")
        for name, content in more.items():
            (folder / (name + ".jsonl")).write_text(content, encoding="utf-8")
        return folder
    return make


def samples_csv(text):
    quoted = '"' + text.replace('"', '""') + '"'
    rows = [f"{block},{quoted} {variant},{quoted},{1 + block / 10}" for block in range(1, 8) for variant in "ab"]
    return "block,variant,metric,value\n" + "\n".join(rows) + "\n"


def baselines_of_odd_names(folder):
    for what in (WORST, "", "\n", "::error::x"):
        (folder / (what + ".json")).write_text(stored("a"), encoding="ascii")
    os.mkfifo(folder / "pipe.json")
    return folder


def stored(text):
    one = {"id": text, "created": "2026-11-27T12:00:00Z", "complete": True, "service": text,
           "metrics": [{"name": text, "unit": text, "better": "lower"}], "note": text, "accepted": text,
           "repetitions": [{"block": 1, "variant": text, "values": {text: 1 + i / 100}} for i in range(6)]}
    return json.dumps({"schema": "svcgate.baseline/1", "name": text, text: text,
                       "sessions": [{**one, "id": f"{text}{i}"} for i in range(5)]})


def not_sessions():
    """What no verb may take for a session: name, how it is made."""
    for what, content in hostile.broken(WORST):
        if what != "a reference":  # which can be another one
            yield what, text_file(content)
    yield "an empty file", text_file("")
    yield "a blank", text_file(" ")
    yield "a NUL", text_file(b"\0")
    yield "half a document", text_file(json.dumps(hostile.session("plain"))[:2000])
    yield "what comes behind the end", text_file(json.dumps(hostile.session("plain")) + "{}")
    yield "bytes that are no text", text_file(bytes(range(256)) * 4096)
    yield "UTF-16 that ends in half a character", text_file(json.dumps(hostile.session("plain")).encode("utf-16")[:-1])
    yield "UTF-16 with half of a pair", text_file((json.dumps(hostile.session("plain")) + "\ud800").encode("utf-16", "surrogatepass"))
    yield "arrays in arrays", text_file("[" * 1_000_000)
    yield "objects in objects", text_file('{"a":' * 100_000 + "1" + "}" * 100_000)
    yield "a key of a megabyte", text_file(json.dumps({"schema": "svcgate.session/1", WORST * 20_000: 1}))
    yield "a number without end", text_file('{"schema": "svcgate.session/1", "plan": ' + "9" * 1_000_000 + "}")
    yield "values of wrong kinds", text_file(json.dumps({key: [WORST] for key in hostile.session("")}))
    yield "only its schema", text_file('{"schema": "svcgate.session/1"}')
    yield "a verdict", text_file(json.dumps({"schema": "svcgate.verdict/1", "verdict": "pass", "reason": WORST}))
    yield "a table of something else", text_file(f"a,b\n{WORST},2\n", "samples.csv")
    yield "a line of a megabyte", text_file("block,variant,metric,value\n1,a," + "x" * 1_000_000, "samples.csv")
    yield "a folder without a session", lambda folder: folder
    yield "a folder in place of the file", folder_as_file
    yield "a link without an end", link_to("session.json")
    yield "a link to nothing", link_to("/nonexistent/svcgate")
    yield "a link to a device without end", link_to("/dev/zero")
    yield "a link to what is not the sender's", link_to("/etc/passwd")
    yield "a pipe that nobody fills", fifo
    yield "a socket", a_socket
    yield "a file larger than the memory", sparse
    for what, name in (("nothing", "nothing"), ("nothing of a long name", "x" * 5000),
                       ("nothing that is called all at once", WORST)):
        yield what, lambda folder, name=name: folder / name


def sessions():
    """What can be read, with texts that want to be something else."""
    for what, text in hostile.HOSTILE.items():
        yield f"{what} in a bundle", bundle(hostile.session(text), series=f'{{"variant": {json.dumps(text)}}}\n')
    yield "a reference", text_file(dict(hostile.broken(WORST))["a reference"])
    yield "all at once in a bundle", bundle(hostile.session(WORST))
    yield "all at once in samples", text_file(samples_csv(WORST.replace("\r", "")), "samples.csv")
    yield "all at once in a stored baseline", text_file(stored(WORST), "stored.json")
    yield "baselines that are called all at once", baselines_of_odd_names
    yield "a bundle whose series are a device", lambda folder: (
        bundle(hostile.session("plain"))(folder), (folder / "series.jsonl").symlink_to("/dev/zero"))[0]


CONFIG = """version: 1
service: {{ name: api, port: 8080, ready: {0} }}
variants:
  base: {{ image: {0}, env: {{ A: {0} }} }}
  {0}: {{ image: {0}, env: {{ A: {0} }} }}
reference: base
load: {{ script: {0}, files: [{0}], rate: 100/s, measure: 10s, env: {{ A: {0} }} }}
plan: {{ seed: 1, repetitions: 6 }}
metrics: [{{ metric: mine, unit: {0}, query: {0} }}]
gates: [{{ metric: latency_p95, tolerance: 5%, request: {0} }}]
waivers: [{{ metric: latency_p95, request: {0}, bound: 9%, owner: {0}, reason: {0}, expires: 2027-01-31 }}]
baseline: {0}
testbench: {{ images: {{ k6: {0} }} }}
"""
PLAIN = """version: 1
service: { name: api, port: 8080 }
variants: { base: { image: "shop:1" }, candidate: { image: "shop:2" } }
reference: base
load: { script: load.js, rate: 100/s, measure: 10s }
plan: { seed: 1, repetitions: 6 }
gates: [{ metric: latency_p95, tolerance: 5% }]
"""


def config(*replacements, more=""):
    content = PLAIN
    for old, new in replacements:
        assert old in content
        content = content.replace(old, new)
    return text_file(content + more, "svcgate.yaml")


def configs():
    """svcgate.yaml of a stranger."""
    for what, text in hostile.HOSTILE.items():
        yield f"{what} in svcgate.yaml", text_file(CONFIG.format(json.dumps(text)), "svcgate.yaml")
        yield f"{what} as a variant", config(("candidate:", json.dumps(text) + ":"))
    for what, key in (("key", json.dumps(WORST)), ("tag", "!<" + WORST.replace("\n", "") + "> x")):
        yield f"all at once as a {what}", text_file(f"version: 1\n{key}: 1\n", "svcgate.yaml")
    script = "script: load.js"
    for what, path in (("a device without end", "/dev/zero"), ("a folder", "."), ("nothing", WORST.replace("\n", "\\n").replace("\r", "").replace("\x1b", "\\e")
                        .replace("\x07", "").replace("\x9b", "").replace("\x85", "").replace("\u202e", "")),
                       ("a link", "link"), ("an option", "--privileged")):
        yield f"{what} as load.script", config((script, f'script: "{path}"'))
        yield f"{what} as service.compose", config(("name: api", f'name: api, compose: "{path}"'))
        yield f"{what} as the baseline", config(more=f'baseline: "{path}"\n')
        yield f"{what} as a folder to build", config(('image: "shop:1"', f'build: "{path}"'))
    for ref in ("--upload-pack=touch ../tripped", "-x", "HEAD:../..", "a..b", "@{0}", "merge-base(--all)"):
        yield f"the revision {ref}", config(('image: "shop:1"', f'build: {{ context: ., ref: "{ref}" }}'))
    yield "an image that is an option", config(('"shop:1"', '"--privileged"'))
    yield "CPUs without end", config(more='testbench: { cpusets: { service: "0-99999999999" } }\n')
    yield "an alias of aliases", text_file("version: 1\na: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)), "svcgate.yaml")
    yield "a merge", config(more="policy: &p { inconclusive: fail }\nx:\n  <<: *p\n")
    yield "several documents", config(more="---\n" + PLAIN)
    yield "a program's tag", config(more="policy: !!python/object/apply:os.system ['touch tripped']\n")
    yield "lists in lists", text_file("version: 1\ngates: " + "[" * 100_000, "svcgate.yaml")
    yield "maps in maps", text_file("".join(" " * i + "a:\n" for i in range(1000)), "svcgate.yaml")
    yield "ten thousand gates", config(more="waivers:\n" + "  - { metric: latency_p95 }\n" * 10_000)
    yield "more than a megabyte", text_file(PLAIN + "# " + "x" * (1 << 20), "svcgate.yaml")
    yield "a key of a megabyte in svcgate.yaml", text_file("x" * 1_000_000 + ": 1\n", "svcgate.yaml")
    yield "bytes that are no text in svcgate.yaml", text_file(bytes(range(256)), "svcgate.yaml")
    yield "UTF-16 in svcgate.yaml", text_file(PLAIN.encode("utf-16"), "svcgate.yaml")
    yield "an empty svcgate.yaml", text_file("", "svcgate.yaml")
    for what, make in (("a folder", lambda path: path.mkdir()),
                       ("a device without end", lambda path: path.symlink_to("/dev/zero")),
                       ("a link to itself", lambda path: path.symlink_to("svcgate.yaml"))):
        yield f"{what} as svcgate.yaml", (lambda make: lambda folder: (make(folder / "svcgate.yaml"),
                                                                      folder / "svcgate.yaml")[1])(make)


# --- Verbs ----------------------------------------------------------------------------------------

# Words with IN for the input and GOOD for a good bundle; what they may write, in the project.
ON_BUNDLES = [
    (["judge", "IN"], ()),
    (["judge", "IN", "--reference", "a", "--explain"], ()),
    (["judge", "GOOD", "--baseline", "IN", "--variant", "a"], ()),
    (["report", "IN", "--format", "text", "--format", "md"], ()),
    (["publish", "IN", "--dry-run", "--check", "--forge", "github", "--repository", "shop/api", "--request", "7",
      "--commit", "0" * 40], ()),
    (["publish", "IN", "--dry-run", "--forge", "gitlab", "--repository", "shop/api", "--request", "7"], ()),
    (["plan", "--from", "IN"], ()),
    (["plan", "--baseline", "IN"], ()),
    (["baseline", "save", "new.json", "IN"], ("new.json",)),
    (["baseline", "save", "new.json", "IN", "--force", "x"], ("new.json",)),
    (["baseline", "promote", "new.json", "IN", "--reason", "x"], ("new.json",)),
    (["baseline", "list", "IN"], ()),
    (["baseline", "show", "IN"], ()),
    (["baseline", "prune", "IN", "--keep", "9"], ()),
    (["config", "check", "IN"], ()),
    (["import", "k6", "a=IN"], ()),
    (["import", "go", "a=IN", "a=IN"], ()),
    (["import", "hyperfine", "IN", "--out", "new.csv"], ("new.csv",)),
    (["run", "--previous", "IN", "--out", "out"], ("out",)),
    (["run", "--baseline", "IN", "--out", "out"], ("out",)),
]
# In a project whose svcgate.yaml is the input, which is IN too.
ON_CONFIGS = [
    (["run", "--out", "out"], ("out",)),
    (["run", "--config", "IN", "--out", "out", "x=y"], ("out",)),
    (["plan"], ()),
    (["config", "check"], ()),
    (["config", "show"], ()),
    (["judge", "GOOD", "--config", "IN"], ()),
    (["baseline", "show", "stored.json", "--config", "IN"], ()),
    (["doctor"], ()),
    (["up"], ()),
    (["down"], ()),
    (["clean"], ()),
    (["clean", "--all"], ()),
    (["init"], ("svcgate.yaml", "load.js")),
    (["init", "--ci", "github"], ("svcgate.yaml", "load.js", ".github")),
    (["testbench", "export", "out"], ("out",)),
]
# Of no input but their words.
ON_WORDS = [["awake", "IN"], ["completion", "IN"], ["man", "IN"], ["help", "IN"], ["IN"], ["run", "IN"],
            ["run", "--IN"], ["config", "IN"], ["judge", "x", "--format", "IN"], ["judge", "x", "--gate", "IN"],
            ["run", "IN=IN"], ["testbench", "IN"], ["baseline", "IN"], ["init", "--ci", "IN"], ["import", "IN", "x"], ["import", "k6", "IN=x"],
            ["publish", "x", "--dry-run", "--forge", "IN"], ["publish", "x", "--dry-run", "--api", "IN"]]
# The fake bench stands in where the verb would start containers.
STARTS = {"run", "up", "down", "clean", "doctor"}


def check_all_verbs():
    told = subprocess.run([REAL, "help"], capture_output=True, text=True, check=True).stdout
    known = set(re.findall(r"^  ([a-z]+) +\S", told.split("Verbs:")[1].split("Exit status")[0], re.MULTILINE))
    tried = {words[0] for words, _ in ON_BUNDLES + ON_CONFIGS} | {words[0] for words in ON_WORDS}
    missing = known - tried
    if missing or len(known) < 10:
        sys.exit(f"no case for the verbs {missing} of {known}")


# --- A world, and what it looks like --------------------------------------------------------------


class World:
    """All that a user has, in one folder."""

    def __init__(self, root):
        self.root = root
        for name in ("home/.docker", "home/.ssh", "tmp", "neighbour", "project/.git/hooks", "project/baselines", "bin",
                     "bench", "input", "good"):
            (root / name).mkdir(parents=True)
        for name, content in {"home/.gitconfig": "[user]\n\tname = me\n", "home/.docker/config.json": "{}",
                              "home/.ssh/id": "secret", "tmp/svcgate-of-somebody": "x", "neighbour/data": "rows",
                              "project/.git/config": "[core]\n\trepositoryformatversion = 0\n",
                              "project/.git/HEAD": "ref: refs/heads/main\n", "project/baselines/api.json": "{}",
                              "project/svcgate.yaml": PLAIN, "project/load.js": "x",
                              "project/stored.json": stored("a")}.items():
            (root / name).write_text(content, encoding="utf-8")
        (root / "project/.git/objects").mkdir()
        (root / "project/.git/refs").mkdir()
        for name in ("docker", "sudo", "curl", "sh"):
            (root / "bin" / name).write_text(f"#!/bin/bash\necho {name} \"$@\" >>{root}/tripped\n", encoding="utf-8")
            (root / "bin" / name).chmod(0o755)
        bundle(hostile.session("plain"))(root / "good")
        self.engine = socket.socket(socket.AF_UNIX)
        self.engine.bind(str(root / "engine"))
        self.engine.listen(8)
        self.engine.setblocking(False)

    def environment(self):
        return {"PATH": f"{self.root}/bin:{os.environ['PATH']}", "HOME": str(self.root / "home"), "LC_ALL": "C.UTF-8",
                "TMPDIR": str(self.root / "tmp"), "DOCKER_HOST": f"unix://{self.root}/engine",
                "SG_FAKE": str(self.root / "bench"), "SVCGATE_TOKEN": TOKEN,
                **{key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}}

    def look(self):
        """Each thing with its kind, rights, links and bytes; not the times of folders, which writing changes."""
        seen = {}
        for top in ("home", "tmp", "neighbour", "project", "good", "input"):
            for folder, folders, files in os.walk(self.root / top):
                for name in folders + files:
                    path = os.path.join(folder, name)
                    about = os.lstat(path)
                    mark = about.st_ino, about.st_size, about.st_mtime_ns
                    if stat.S_ISLNK(about.st_mode):
                        mark += (os.readlink(path),)
                    elif stat.S_ISREG(about.st_mode) and about.st_size < 1 << 20:
                        with open(path, "rb") as file:
                            mark += (hashlib.sha256(file.read()).hexdigest(),)
                    seen[os.path.relpath(path, self.root)] = (
                        about.st_mode, about.st_uid, () if stat.S_ISDIR(about.st_mode) else mark)
        return seen

    def was_asked(self):
        try:
            self.engine.accept()[0].close()
            return True
        except BlockingIOError:
            return False

    def forget(self, names):
        for name in names:
            path = self.root / "project" / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif os.path.lexists(path):
                path.unlink()


# --- What must hold -------------------------------------------------------------------------------

failures = []
count = 0


def check_streams(done):
    for stream in (done.stdout, done.stderr):
        text = stream.decode("utf-8", errors="strict")
        hostile.printable(text)
        hostile.quiet(text)
        hostile.require(TOKEN not in text, "the token")


def check_world(world, before, may_write):
    hostile.require(not world.was_asked(), "the engine was asked")
    hostile.require(not (world.root / "tripped").exists(), "a program was started")
    after = world.look()
    # What doctor and run measured of the machine is kept for the next session.
    allowed = ("home/.cache", *(f"project/{name}" for name in may_write))
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
               and not (path.startswith(allowed) and path not in before)]
    hostile.require(not changed, f"changed: {sorted(changed)[:5]}")


def call(world, words, may_write, statuses):
    program = FAKE if words[0] in STARTS else REAL
    before = world.look()
    done = subprocess.run([program, *words], cwd=world.root / "project", env=world.environment(), check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    hostile.require(done.returncode in statuses, f"exit {done.returncode}: {done.stderr[-300:]!r}")
    hostile.require(done.returncode in (0, 1, 2, 3) or done.stderr, f"exit {done.returncode} without a word")
    check_streams(done)
    check_world(world, before, may_write)


def try_call(what, world, words, may_write, statuses):
    global count
    count += 1
    try:
        call(world, words, may_write, statuses)
    except (hostile.Broken, UnicodeDecodeError, subprocess.TimeoutExpired) as error:
        failures.append(f"{what}: {' '.join(words)[:200]!r}: {type(error).__name__}: {error!s:.500}")
    world.forget(may_write)


def filled(words, world, path):
    return [word.replace("IN", str(path)).replace("GOOD", str(world.root / "good")) for word in words]


def on_a_bundle(world, what, make, statuses):
    path = make(world.root / "input")
    for words, may_write in ON_BUNDLES:
        try_call(what, world, filled(words, world, path), may_write, statuses(words, path))


def on_a_config(world, what, make):
    project = world.root / "project"
    (project / "svcgate.yaml").unlink()
    (project / "link").symlink_to("/dev/zero")
    path = make(project)
    for words, may_write in ON_CONFIGS:
        # What was there before may not be written at all.
        kept = [name for name in may_write if os.path.lexists(project / name)]
        try_call(what, world, filled(words, world, path), [n for n in may_write if n not in kept], range(6))


def on_words(world, text):
    for words in ON_WORDS:
        plain = text.replace("\0", "")
        try_call("a word of the command line", world, [word.replace("IN", plain) for word in words], ("out", ".svcgate"),
                 range(6))


def refused(words, path):
    """A file that is no session: an error; what looks only for a mistake in YAML, or plans without it, has its own."""
    begins_one = words[:2] == ["run", "--baseline"] and not os.path.lexists(path)
    if begins_one or words[:2] in (["baseline", "list"], ["config", "check"]):
        return range(6)
    return {"plan": (2, 4, 5), "run": (2, 4, 5), "publish": (3, 4, 5)}.get(words[0], (4, 5))


def in_a_world(base, number, act):
    root = pathlib.Path(base) / str(number)
    world = World(root)
    try:
        act(world)
    finally:
        world.engine.close()
        shutil.rmtree(root)


def cases():
    for what, make in not_sessions():
        yield lambda world, what=what, make=make: on_a_bundle(world, what, make, refused)
    for what, make in sessions():
        yield lambda world, what=what, make=make: on_a_bundle(world, what, make, lambda *_: range(6))
    for what, make in configs():
        yield lambda world, what=what, make=make: on_a_config(world, what, make)
    for text in [*hostile.HOSTILE.values(), WORST]:
        yield lambda world, text=text: on_words(world, text)


def main():
    check_all_verbs()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="svcgate-matrix-", dir=memory) as base:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(in_a_world, base, number, act) for number, act in enumerate(cases())]:
                done.result()
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if most > MEMORY:
        failures.append(f"a call took {most >> 20} MiB of memory")
    for failure in failures[:40]:
        print("FAILED:", failure)
    print(f"{count} calls, {len(failures)} failed, at most {most >> 20} MiB each")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
