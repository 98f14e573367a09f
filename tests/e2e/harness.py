"""What the end-to-end tests share: running svcgate on real containers and looking at what it left.

Each test is a script that prints what it found and exits 0 or 1. SVCGATE is the binary under test;
the engine is found as svcgate finds it (DOCKER_HOST). Nothing here is a mock.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(os.environ.get("SG_ROOT", pathlib.Path(__file__).resolve().parents[2]))
SVCGATE = os.environ.get("SVCGATE", str(ROOT / "build/release/svcgate"))
LOAD = str(ROOT / "testbench/services/load.js")
SERVICE = "svcgate-demo/go:1"

CONFIG = """\
version: 1
service: {{ name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB, ready_timeout: {ready_timeout} }}
variants:
{variants}
reference: base
load: {{ script: {script}, rate: {rate}, warmup: 2s, measure: {measure} }}
plan: {{ repetitions: {repetitions}, budget: 30m, seed: 7 }}
gates:
{gates}
"""


def say(text):
    print(text, flush=True)


def check(condition, text):
    """One claim; the first that does not hold ends the test."""
    if not condition:
        say(f"FAILED: {text}")
        sys.exit(1)
    say(f"ok: {text}")


def variant(name, image=SERVICE, **env):
    pairs = ", ".join(f'{key}: "{value}"' for key, value in env.items())
    return f'  {name}: {{ image: "{image}"' + (f", env: {{ {pairs} }}" if env else "") + " }"


def write_config(folder, variants, gates, **more):
    values = {"script": LOAD, "rate": "100/s", "measure": "5s", "repetitions": "6", "ready_timeout": "20s"}
    values.update(more)
    path = pathlib.Path(folder) / "svcgate.yaml"
    gate_lines = "\n".join(f"  - {gate}" for gate in gates)
    path.write_text(CONFIG.format(variants="\n".join(variants), gates=gate_lines, **values))
    return str(path)


def folder():
    return tempfile.mkdtemp(prefix="svcgate-e2e-")


class Result:
    def __init__(self, status, out, err, bundle):
        self.status, self.out, self.err, self.bundle = status, out, err, pathlib.Path(bundle)

    def json(self, name):
        return json.loads((self.bundle / name).read_text())

    def show(self):
        say(f"exit {self.status}\n--- standard output\n{self.out}\n--- standard error\n{self.err}")


def start(arguments, before=(), **more):
    """The process, in a group of its own so that a signal to it is a signal to it alone. `before` is a command that
    runs it."""
    return subprocess.Popen([*before, SVCGATE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            start_new_session=True, **more)


def run(config, *arguments, timeout=1000, **more):
    bundle = pathlib.Path(config).parent / "bundle"
    process = start(["run", "--config", config, "--out", str(bundle), *arguments], **more)
    out, err = process.communicate(timeout=timeout)
    result = Result(process.returncode, out, err, bundle)
    result.show()
    return result


def docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout


def spinners():
    """Processes that keep CPUs awake, by their control group (in either version's hierarchy)."""
    root = pathlib.Path("/sys/fs/cgroup")
    groups = [path for path in (root / "svcgate", *root.glob("*/svcgate")) if (path / "cpu.idle").exists()]
    return [pid for group in groups for pid in (group / "cgroup.procs").read_text().split()]


def leftovers():
    """Containers, networks and volumes of any svcgate session, and its processes."""
    found = spinners()
    for kind in (["ps", "-a"], ["network", "ls"], ["volume", "ls"]):
        found += docker(*kind, "-q", "--filter", "label=svcgate.session").split()
    return found


def check_nothing_left():
    check(leftovers() == [], "no container, network, volume or process is left")


def wait_for_container(role, seconds=60):
    """The id of a running container of this role, as soon as there is one."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ids = docker("ps", "-q", "--no-trunc", "--filter", f"label=svcgate.role={role}").split()
        if ids:
            return ids[0]
        time.sleep(0.1)
    check(False, f"a container with role {role} within {seconds} s")
    return None


def send(process, signal_number=signal.SIGINT):
    os.kill(process.pid, signal_number)


def result_of(verdict, metric, variant_name):
    for row in verdict["metrics"]:
        if row["metric"] == metric and row["variant"] == variant_name:
            return row
    check(False, f"verdict.json has {metric} of {variant_name}")
    return None
