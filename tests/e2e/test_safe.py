#!/usr/bin/env python3
"""What belongs to somebody else is the same before and after: volumes, networks, containers and running sessions."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

import harness as h

IMAGE = "svcgate-demo/node:1"
MARK = "written by the owner"
GATES = ["{ metric: latency_p95, tolerance: 20%, floor: 2ms }"]

COMPOSE = """\
services:
  api:
    image: {image}
    depends_on: [db]
    volumes: ["../shared:/shared", "kept:/kept"]
    networks: [default, proxy]
  db:
    image: {image}
    user: "0:0"
    entrypoint:
      - node
      - -e
      - require('fs').writeFileSync('/var/data/rows', 'written by the session');require('net').createServer().listen(1)
    volumes: ["rows:/var/data"]
volumes:
  rows: {{ name: safe_rows }}
  kept: {{ name: safe_kept, external: true }}
networks:
  default: {{ name: safe-net }}
  proxy: {{ name: safe-proxy, external: true }}
"""

CONFIG = """\
version: 1
service: {{ compose: compose.yaml, name: api, port: 8080, ready: /healthz, ready_timeout: 20s }}
variants:
  base: {{ env: {{ SIDE: "a" }} }}
  candidate: {{ env: {{ SIDE: "b" }} }}
reference: base
load: {{ script: {script}, rate: 50/s, warmup: 1s, measure: 2s }}
plan: {{ design: turns, repetitions: 6 }}
gates:
  - {{ metric: memory_max, tolerance: 50%, floor: 20MiB }}
"""


def node(name, script, *words):
    h.docker("run", "--detach", "--name", name, "--user", "0:0", "--entrypoint", "node", *words, IMAGE, "-e", script)


def read_rows():
    return h.docker("run", "--rm", "--user", "0:0", "--entrypoint", "node", "--volume", "safe_rows:/d", IMAGE, "-e",
                    "process.stdout.write(require('fs').readFileSync('/d/rows'))")


class Somebody:
    """The stack of somebody else: stopped but for one container, with what svcgate could take for its own."""

    CONTAINERS = ["safe-writer", "safe-living", "safe-labelled"]
    NETWORKS = ["safe-net", "safe-proxy"]
    VOLUMES = ["safe_rows", "safe_kept", "safe_labelled"]

    def __enter__(self):
        self.remove()
        for network in self.NETWORKS:
            h.docker("network", "create", network)
        for volume in self.VOLUMES[:2]:
            h.docker("volume", "create", volume)
        h.docker("volume", "create", "--label", "svcgate.session=theirs", self.VOLUMES[2])
        node("safe-writer", f"require('fs').writeFileSync('/d/rows', '{MARK}')", "--volume", "safe_rows:/d")
        h.docker("wait", "safe-writer")
        node("safe-living", "setInterval(() => {}, 1e6)", "--network", "safe-net", "--network-alias", "db")
        node("safe-labelled", "setInterval(() => {}, 1e6)", "--label", "svcgate.session=theirs", "--volume",
             "safe_labelled:/d")
        self.before = self.inspect()
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        subprocess.run(["docker", "rm", "-f", "-v", *self.CONTAINERS], capture_output=True)
        subprocess.run(["docker", "network", "rm", *self.NETWORKS], capture_output=True)
        subprocess.run(["docker", "volume", "rm", *self.VOLUMES], capture_output=True)

    def inspect(self):
        return [json.loads(h.docker(*kind, "inspect", *names))
                for kind, names in ((["container"], self.CONTAINERS), (["network"], self.NETWORKS),
                                    (["volume"], self.VOLUMES))]

    def check_untouched(self, when):
        h.check(self.inspect() == self.before and read_rows() == MARK,
                f"{when}: what belongs to somebody else is as before, byte for byte")


def leftovers():
    """By name, without processes: another engine of this machine may have a session of its own."""
    kinds = (["ps", "-a", "--format", "{{.Names}}"], ["network", "ls", "--format", "{{.Name}}"], ["volume", "ls", "-q"])
    names = [name for kind in kinds for name in h.docker(*kind, "--filter", "label=svcgate.session").split()]
    return [name for name in names if not name.startswith("safe")]


def a_named_volume_and_network_are_not_the_sessions():
    folder = pathlib.Path(h.folder())
    (folder / "stack").mkdir()
    (folder / "shared").mkdir()
    (folder / "stack" / "compose.yaml").write_text(COMPOSE.format(image=IMAGE))
    config = folder / "stack" / "svcgate.yaml"
    config.write_text(CONFIG.format(script=h.LOAD))
    with Somebody() as somebody:
        process = h.start(["run", "--config", str(config), "--out", str(folder / "bundle")])
        h.wait_for_container("k6", 120)
        volumes = h.docker("volume", "ls", "-q", "--filter", "label=svcgate.role=stack").split()
        h.check(len(volumes) == 1 and volumes[0] != "safe_rows" and volumes[0].endswith("_rows"),
                f"the session has a volume of its own: {volumes}")
        h.send(process)
        out, err = process.communicate(timeout=60)
        h.say(out + err)
        h.check(process.returncode == 130, "interrupted under load: exit 130")
        for words in ("external volume safe_kept", "external network safe-proxy", f"host path {folder}/shared"):
            h.check(words in err and err.index(words) < err.index("starting Prometheus"),
                    f"before anything starts it says: {words}")
        somebody.check_untouched("after the session")
        for words in (["clean"], ["clean", "--all"]):
            done = h.start(words)
            h.say("".join(done.communicate(timeout=90)))
            h.check(done.returncode == 0, f"svcgate {' '.join(words)}: exit 0")
            somebody.check_untouched(f"after svcgate {' '.join(words)}")
        h.check(leftovers() == [], f"nothing of the session is left {leftovers()}")
    shutil.rmtree(folder)


def elsewhere(*words, **more):
    """The same program where the folder for temporary files and the host's name are others, as in another
    container on the same socket."""
    script = 'mount -t tmpfs tmpfs /var/tmp && hostname elsewhere && TMPDIR=/var/tmp exec "$@"'
    done = subprocess.run(["unshare", "--mount", "--uts", "sh", "-c", script, "sh", h.SVCGATE, *words],
                          capture_output=True, text=True, timeout=120, check=False, **more)
    h.say(done.stdout + done.stderr)
    return done


def locks():
    return h.docker("ps", "-aq", "--filter", "name=^/?svcgate-lock$").split()


def wait_until_unlocked():
    deadline = time.monotonic() + 20
    while locks() and time.monotonic() < deadline:
        time.sleep(0.1)
    h.check(locks() == [], "the lock goes with the session that held it")


def a_running_session_is_safe_from_everybody():
    if subprocess.run(["unshare", "--mount", "--uts", "mount", "-t", "tmpfs", "tmpfs", "/var/tmp"],
                      check=False).returncode != 0:
        h.skip("no mount namespaces here")
        return
    folder = pathlib.Path(h.folder())
    config = h.write_config(folder, [h.variant("base"), h.variant("candidate")], GATES, measure="3s")
    (folder / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    session = h.start(["run", "--config", config, "--out", str(folder / "bundle")], env=environment)
    h.wait_for_container("k6")
    h.check(len(locks()) == 1, "one container is the lock")
    before = set(h.docker("ps", "-q", "--no-trunc", "--filter", "label=svcgate.role=prometheus").split())
    for words in (["clean"], ["clean", "--all"], ["run", "--config", config, "--out", "/var/tmp/b"]):
        done = elsewhere(*words, cwd="/")
        h.check(done.returncode == 5 and "another svcgate session measures" in done.stderr,
                f"svcgate {words[0]} elsewhere is told of the running session")
    after = set(h.docker("ps", "-q", "--no-trunc", "--filter", "label=svcgate.role=prometheus").split())
    h.check(before == after and session.poll() is None, "the running session goes on")
    session.kill()
    session.communicate(timeout=20)
    wait_until_unlocked()
    h.check(h.leftovers() != [] and list((folder / "tmp").iterdir()) != [],
            "killed, it leaves containers and a temporary folder")
    done = elsewhere("clean")
    h.check(done.returncode == 0, "now svcgate clean removes them, from elsewhere as well")
    done = h.start(["clean"], env=environment)  # the temporary folder is another one there
    done.communicate(timeout=60)
    h.check(leftovers() == [], f"nothing is left {leftovers()}")
    h.check(list((folder / "tmp").iterdir()) == [], "and the temporary folder")
    shutil.rmtree(folder)


def a_session_that_waits_begins_when_the_other_one_is_over():
    folder = pathlib.Path(h.folder())
    config = h.write_config(folder, [h.variant("base"), h.variant("candidate")], GATES, measure="3s")
    first = h.start(["run", "--config", config, "--out", str(folder / "first")])
    h.wait_for_container("k6")
    second = h.start(["run", "--config", config, "--out", str(folder / "second"), "--wait", "2m"])
    time.sleep(4)
    h.check(second.poll() is None, "the second session waits")
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=60)
    h.wait_for_container("k6", 120)
    h.check(second.poll() is None, "and measures when the first is over")
    h.send(second)
    _, err = second.communicate(timeout=60)
    h.check("waiting for it" in err and second.returncode == 130, "it said that it waited")
    h.check(leftovers() == [], f"nothing is left {leftovers()}")
    shutil.rmtree(folder)


h.main(a_named_volume_and_network_are_not_the_sessions, a_running_session_is_safe_from_everybody,
       a_session_that_waits_begins_when_the_other_one_is_over)
