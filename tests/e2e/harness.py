"""What the end-to-end tests share: running svcgate on real containers and looking at what it left.

Each test is a script that prints what it found and exits 0, or 1 where a claim does not hold, or 77 where
all that could be tried here holds and something could not: each such thing has a line that begins
`skipped:`. SVCGATE is the binary under test; the engine is found as svcgate finds it (DOCKER_HOST).
Nothing here is a mock.

Several tests may run at once on one machine, each with an engine of its own. So a test looks only at its
engine, at its own temporary folder and at the processes that were started with that folder."""

import atexit
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(os.environ.get("SG_ROOT", pathlib.Path(__file__).resolve().parents[2]))
sys.path.append(str(ROOT / "tests"))
import validate  # noqa: E402
SVCGATE = os.environ.get("SVCGATE", str(ROOT / "build/release/svcgate"))
LOAD = str(ROOT / "testbench/services/load.js")
SERVICE = "svcgate-demo/go:1"
WORK = pathlib.Path(tempfile.mkdtemp(prefix=f"e2e-{pathlib.Path(sys.argv[0]).stem}-")).resolve()
TEMPORARY = WORK / "tmp"  # TMPDIR of all that is started here
GRACE = 60  # seconds in which svcgate must have cleaned up after a signal
SKIPPED = 77

CONFIG = """\
version: 1
service: {{ name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB, ready_timeout: {ready_timeout} }}
variants:
{variants}
reference: base
load: {{ script: {script}, rate: {rate}, warmup: {warmup}, measure: {measure} }}
plan: {{ design: {design}, repetitions: {repetitions}, budget: 30m, seed: 7 }}
gates:
{gates}
"""

started = []  # every svcgate, so that none outlives the test
skips = []
failed = False
repetitions = 0  # that the current case has made
there_before = set()  # in the engine; somebody else's


def say(text):
    print(text, flush=True)


def check(condition, text):
    """One claim; the first that does not hold ends the test."""
    global failed
    if not condition:
        failed = True
        say(f"FAILED: {text}")
        sys.exit(1)
    say(f"ok: {text}")


def skip(reason):
    """Something that cannot be tried on this machine. The test goes on, and ends as skipped."""
    say(f"skipped: {reason}")
    skips.append(reason)


# --- configurations -------------------------------------------------------------------------------


def variant(name, image=SERVICE, **env):
    pairs = ", ".join(f'{key}: "{value}"' for key, value in env.items())
    return f'  {name}: {{ image: "{image}"' + (f", env: {{ {pairs} }}" if env else "") + " }"


def write_config(folder, variants, gates, **more):
    values = {"script": LOAD, "rate": "100/s", "warmup": "1s", "measure": "1s", "repetitions": "6", "ready_timeout": "20s",
              "design": "turns"}
    values.update(more)
    path = pathlib.Path(folder) / "svcgate.yaml"
    gate_lines = "\n".join(f"  - {gate}" for gate in gates)
    path.write_text(CONFIG.format(variants="\n".join(variants), gates=gate_lines, **values))
    return str(path)


def folder():
    """A new one, which goes with the test unless that fails."""
    return tempfile.mkdtemp(dir=WORK)


# --- svcgate --------------------------------------------------------------------------------------


class Result:
    def __init__(self, status, out, err, bundle):
        self.status, self.out, self.err, self.bundle = status, out, err, pathlib.Path(bundle)

    def json(self, name):
        """A document of the bundle, which keeps to its schema."""
        path = self.bundle / name
        wrong = validate.mistakes_of_files([path])
        check(wrong == [], f"{name} keeps to its schema {wrong or ''}")
        return json.loads(path.read_text())

    def show(self):
        say(f"exit {self.status}\n--- standard output\n{self.out}\n--- standard error\n{self.err}")


def start(arguments, before=(), **more):
    """The process, in a group of its own so that a signal to it is a signal to it alone. `before` is a command that
    runs it."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    process = subprocess.Popen([*before, SVCGATE, *arguments], text=True, start_new_session=True, **streams)
    started.append(process)
    return process


def finish(process, bundle="/nowhere", timeout=GRACE):
    """Waits for its end. One that does not end in time is ended, and with it the test."""
    global repetitions
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        out, err = end(process)
        Result(process.returncode, out, err, bundle).show()
        check(False, f"it ends within {timeout} s")
    result = Result(process.returncode, out, err, bundle)
    result.show()
    for path in sorted(result.bundle.glob("**/session.json")):
        repetitions += len(json.loads(path.read_text())["repetitions"])
    return result


def end(process):
    """A svcgate that has to go: it may clean up first. What it wrote."""
    process.terminate()
    for seconds in (GRACE, 10):
        try:
            return process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return "", ""


def call(*arguments, timeout=GRACE, **more):
    """A verb that answers soon."""
    say(f"--- svcgate {' '.join(map(str, arguments))}")
    return finish(start(list(map(str, arguments)), **more), timeout=timeout)


def begin(config, *arguments, **more):
    """`svcgate run`, and the bundle that it will write."""
    bundle = pathlib.Path(config).parent / "bundle"
    return start(["run", "--config", str(config), "--out", str(bundle), *arguments], **more), bundle


def run(config, *arguments, timeout=1000, **more):
    process, bundle = begin(config, *arguments, **more)
    return finish(process, bundle, timeout)


def send(process, signal_number=signal.SIGINT):
    os.kill(process.pid, signal_number)


def result_of(verdict, metric, variant_name):
    for row in verdict["metrics"]:
        if row["metric"] == metric and row["variant"] == variant_name:
            return row
    check(False, f"verdict.json has {metric} of {variant_name}")
    return None


# --- what is there --------------------------------------------------------------------------------


def docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout


def wait_until(condition, seconds, text, process=None):
    """What `condition` gives, as soon as it is true. `process` must not end meanwhile."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and (process is None or process.poll() is None):
        if found := condition():
            return found
        time.sleep(0.1)
    check(False, f"{text} within {seconds} s" if time.monotonic() >= deadline else f"{text}, before svcgate ended")
    return None


def wait_for_container(role, seconds=60):
    """The id of a running container of this role, as soon as there is one."""
    return wait_until(lambda: running(role), seconds, f"a container with role {role}")[0]


def running(role, variant_name=None):
    """Ids of the running containers of this role."""
    labels = [f"svcgate.role={role}", *([f"svcgate.variant={variant_name}"] if variant_name else [])]
    return docker("ps", "-q", "--no-trunc", *(word for label in labels for word in ("--filter", f"label={label}"))).split()


def processes():
    """What runs of all that this test has started and what that has started, by the folder it was given: svcgate, and
    what keeps CPUs awake for it."""
    mark, found = f"TMPDIR={TEMPORARY}".encode(), []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if mark in (path / "environ").read_bytes().split(b"\0"):
                found.append(f"process {path.name} {(path / 'comm').read_text().strip()}")
        except OSError:
            pass  # it has ended, or is not ours
    return found


def things():
    """Containers, networks and volumes of any session in this engine."""
    return {f"{kind[0]} {name}" for kind in (["container", "-a"], ["network"], ["volume"])
            for name in docker(kind[0], "ls", *kind[1:], "-q", "--filter", "label=svcgate.session").split()}


def leftovers():
    """What sessions of this test have left: in the engine, running, and in the temporary folder."""
    return sorted(things() - there_before) + processes() + [f"file {path.name}" for path in TEMPORARY.iterdir()]


def check_nothing_left():
    left = leftovers()
    check(left == [], f"no container, network, volume, process or temporary file is left {left or ''}")


# --- the whole test -------------------------------------------------------------------------------


def main(*cases):
    """All cases, or those that the command line names."""
    global repetitions
    wanted, table = sys.argv[1:], []
    if things():
        call("clean")  # what a test that was killed has left
    there_before.update(things())
    for case in (case for case in cases if not wanted or case.__name__ in wanted):
        say(f"=== {case.__name__}")
        begun, repetitions = time.monotonic(), 0
        case()
        check_nothing_left()
        table.append(f"{time.monotonic() - begun:7.1f} s {repetitions:4} repetitions  {case.__name__}")
    check(table, "there is a case to run")
    say("\n".join(["=== time", *table]))
    sys.exit(SKIPPED if skips else 0)


def leave():
    """However the test ends, nothing that it started goes on. Its folder is kept when it has failed."""
    running = [process for process in started if process.poll() is None]
    for process in running:
        end(process)
    if running or failed:
        subprocess.run([SVCGATE, "clean"], capture_output=True, timeout=120, check=False)
    if failed:
        say(f"kept: {WORK}")
    else:
        shutil.rmtree(WORK, ignore_errors=True)


def unexpected(kind, value, trace):
    global failed
    failed = True
    sys.__excepthook__(kind, value, trace)


def terminated(*_):
    global failed
    failed = True
    sys.exit(143)


TEMPORARY.mkdir()
os.environ["TMPDIR"] = str(TEMPORARY)
sys.excepthook = unexpected
signal.signal(signal.SIGTERM, terminated)
atexit.register(leave)
