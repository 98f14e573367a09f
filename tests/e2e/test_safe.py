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
plan: {{ repetitions: 6 }}
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
        node("safe-living", "setInterval(() => {}, 1e6)", "--network", "safe-net", "--network-alias", "db",
             "--publish", "127.0.0.1:18081:1")
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


# What a stranger's stack asks for: names and a port that are somebody else's, more rights, files from outside of the
# project, labels of another session, a restart without end.
HOSTILE = """\
include: ["../outside/more.yaml"]
services:
  api:
    image: {image}
    container_name: safe-living
    privileged: true
    restart: always
    stop_grace_period: 1h
    ports: ["127.0.0.1:18081:8080"]
    env_file: ["../outside/values.env"]
    environment: {{ PATH_OF_HOME: "$HOME", JOB: "$CI_JOB_TOKEN" }}
    labels: {{ svcgate.session: theirs, svcgate.role: lock }}
    depends_on: [more]
    volumes: ["../shared:/shared", "rows:/var/data"]
volumes:
  rows: {{ name: safe_rows, labels: {{ svcgate.session: theirs }} }}
networks:
  default: {{ name: safe-net }}
"""
MORE = """\
services:
  more:
    build: {{ context: ., dockerfile_inline: "FROM {image}", args: {{ TOKEN: "$CI_JOB_TOKEN" }} }}
    container_name: safe-writer
    restart: always
    ports: ["127.0.0.1:18081:8080"]
    labels: {{ svcgate.session: theirs }}
"""


def all_of(top):
    """Every file below a folder: what it is, and its bytes."""
    return {str(path.relative_to(top)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in sorted(top.rglob("*"))}


class Host:
    """What belongs to the user beside the engine: a project with its .git, a home folder, a folder that the stack
    mounts; and what the engine has, by name and id."""

    def __init__(self):
        self.top = pathlib.Path(h.folder())
        for name in ("home", "shared", "outside", "project"):
            (self.top / name).mkdir()
        self.project = self.top / "project"
        for name, text in {"project/compose.yaml": HOSTILE.format(image=IMAGE), "outside/more.yaml": MORE.format(image=IMAGE),
                           "outside/values.env": "OUTSIDE=value-from-outside\n", "shared/kept": MARK,
                           "home/.gitconfig": "[user]\n\tname = me\n\temail = me@example.org\n",
                           "project/svcgate.yaml": CONFIG.format(script=h.LOAD)}.items():
            (self.top / name).write_text(text)
        self.environment = {**os.environ, "HOME": str(self.top / "home"), "CI_JOB_TOKEN": "token-of-the-job",
                            "DOCKER_CONFIG": os.environ.get("DOCKER_CONFIG", os.path.expanduser("~/.docker"))}
        for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "x"]):
            subprocess.run(["git", *words], cwd=self.project, env=self.environment, check=True)
        self.before = self.look()

    def look(self):
        engine = {kind: sorted(h.docker(*words).split()) for kind, words in {
            "containers": ["ps", "-a", "--no-trunc", "--format", "{{.ID}}/{{.Names}}/{{.State}}"],
            "networks": ["network", "ls", "--no-trunc", "--format", "{{.ID}}/{{.Name}}"],
            "volumes": ["volume", "ls", "-q"],
            "images": ["image", "ls", "-a", "--no-trunc", "--format", "{{.ID}}/{{.Repository}}:{{.Tag}}"]}.items()}
        return engine, {name: all_of(self.top / name) for name in ("home", "shared", "outside", "project")}, sorted(
            path.name for path in h.TEMPORARY.iterdir())

    def check_untouched(self, when):
        now = self.look()
        for part, before, after in zip(("the engine", "the user's folders", "temporary files"), self.before, now):
            h.check(before == after, f"{when}: {part} as before")


def check_hostile_container():
    """The promise for each key of HOSTILE, while the load runs."""
    service = json.loads(h.docker("inspect", h.wait_for_container("service")))[0]
    labels = service["Config"]["Labels"]
    h.check(service["Name"].startswith("/svcgate-"), f"container_name is dropped: {service['Name']}")
    h.check(labels["svcgate.session"] != "theirs" and labels["svcgate.role"] == "service", "labels are the session's")
    h.check(service["HostConfig"]["RestartPolicy"]["Name"] == "no", "restart is off")
    ports = service["HostConfig"]["PortBindings"]["8080/tcp"]
    h.check([one["HostPort"] for one in ports] in ([""], ["0"]), f"the port of the host is the engine's choice: {ports}")
    h.check(service["HostConfig"]["Privileged"], "privileged is passed on, as SECURITY.md says")
    h.check("JOB=" in service["Config"]["Env"], "the job's token is not")
    stack = h.docker("ps", "-q", "--filter", "label=svcgate.role=stack").split()
    h.check(len(stack) == 1, "what is included belongs to the session")
    other = json.loads(h.docker("inspect", *stack))[0]
    h.check(other["Name"].startswith("/svcgate-") and not other["HostConfig"]["PortBindings"],
            "and has neither its name nor its port")


def a_hostile_stack_leaves_the_host_as_it_was():
    with Somebody() as somebody:
        host = Host()
        bundle = host.top / "bundle"
        process = h.start(["run", "--out", str(bundle)], cwd=host.project, env=host.environment)
        h.wait_for_container("k6", 180)
        check_hostile_container()
        h.send(process)
        out, err = process.communicate(timeout=90)
        h.say(out + err)
        h.check(process.returncode == 130, "interrupted under load: exit 130")
        h.check(f"host path {host.top}/shared" in err, "the folder of the host is named")
        host.check_untouched("after the session")
        somebody.check_untouched("after the session")
        told = out + err + "".join(path.read_text() for path in bundle.rglob("*") if path.is_file())
        for secret in ("value-from-outside", "token-of-the-job"):
            h.check(secret not in told, f"nothing tells {secret}")
        for words in (["clean", "--all"], ["down"], ["config", "check"], ["plan"]):
            done = h.start(words, cwd=host.project, env=host.environment)
            h.say("".join(done.communicate(timeout=90)))
            host.check_untouched(f"after svcgate {' '.join(words)}")
        somebody.check_untouched("at the end")
    shutil.rmtree(host.top)


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


h.main(a_named_volume_and_network_are_not_the_sessions, a_hostile_stack_leaves_the_host_as_it_was,
       a_running_session_is_safe_from_everybody, a_session_that_waits_begins_when_the_other_one_is_over)
