#!/usr/bin/env python3
"""A service with a stack around it, on real containers.

Shows: in slices each copy has a stack of its own, with a new volume, names that resolve within it and a
gate on another container measured in each, and nothing is left; services come up as `docker compose up` brings
them; what copies would share is used by one at a time; images that compose builds are built once a session and
are gone after it, also after a kill and `svcgate clean`, while those of the user's stay."""

import json
import pathlib
import signal
import subprocess

import harness as h

NODE, SMALL = "svcgate-demo/node:1", "svcgate-demo/c:1"
SEATS = 6

# Answers with what the database beside it answers, or 503.
API = "require('http').createServer((q,r)=>require('http').get(process.env.DB,a=>a.pipe(r)).on('error',()=>{r.statusCode=503;r.end()}))\
.listen(8080)"
# Says how often it was started on this volume.
DB = "const f=require('fs');f.appendFileSync('/rows/starts','x');const n=f.readFileSync('/rows/starts','utf8');\
require('http').createServer((q,r)=>r.end(n)).listen(8080)"

CONFIG = """\
version: 1
service: {{ compose: {compose}, name: api, port: 8080, ready: {path}, ready_timeout: 30s{service} }}
variants:
  base: {{ env: {{ SIDE: "a" }} }}
  candidate: {{ env: {{ SIDE: "b" }} }}
reference: base
load: {{ script: load.js, rate: 100/s, warmup: 1s, measure: 3s }}
plan: {{ design: {design}, repetitions: 6, alpha: 5%, seed: 7 }}
gates:
  - {{ metric: memory_max, tolerance: 50%, floor: 20MiB }}
  - {{ metric: error_rate, limit: 1% }}
{gates}"""


def node(script, **more):
    return {"image": NODE, "user": "0:0", "entrypoint": ["node", "-e", script], **more}


def write(stack, compose="compose.yaml", path="/", service="", gates="", design="sliced"):
    """A folder with a stack, given as JSON, which is YAML."""
    folder = pathlib.Path(h.folder())
    (folder / compose).write_text(json.dumps(stack))
    (folder / "load.js").write_text(f"import http from 'k6/http';\nexport default () => {{ http.get(__ENV.BASE_URL + '{path}'); }};\n")
    (folder / "svcgate.yaml").write_text(CONFIG.format(compose=compose, path=path, service=service, gates=gates,
                                                       design=design))
    return folder


def simple(**api):
    return {"services": {"api": node(API, environment={"DB": "http://db:8080/healthz"}, **api), "db": {"image": SMALL}}}


def under_load(folder, count, **more):
    """A session whose service is ready and has `count` generators."""
    process, bundle = h.begin(folder / "svcgate.yaml", **more)
    h.wait_until(lambda: len(h.running("k6")) == count or process.poll() is not None, 180, f"{count} generators run")
    if process.poll() is not None:
        h.finish(process, bundle)  # its own words
        h.check(False, "a session is under load")
    return process, bundle


def interrupt(process, bundle):
    h.send(process)
    result = h.finish(process, bundle, 120)
    h.check(result.status == 130, "interrupted under load: exit 130")
    return result


def names():
    """Of the stack's services, without the one under test."""
    return sorted(h.docker("ps", "-a", "--filter", "label=svcgate.role=stack", "--format",
                           '{{.Label "com.docker.compose.service"}}').split())


def built():
    """By name: what is built from one of them inherits its labels."""
    return h.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "svcgate-stack").split()


def turns(result):
    return [f["text"] for f in result.json("session.json").get("findings", []) if f["check"] == "turns"]


# --- side by side ---------------------------------------------------------------------------------


def each_copy_has_its_own():
    """The service is one that uses nothing while it waits."""
    stack = {"services": {"api": {"image": h.SERVICE, "depends_on": ["db"], "networks": ["default", "back"]},
                          "db": node(DB, container_name="stack-db", volumes=["rows:/rows"],
                                     networks={"back": {"aliases": ["rows.internal"]}})},
             "networks": {"back": {"name": "stack-back"}}, "volumes": {"rows": {"name": "stack_rows"}}}
    folder = write(stack, path="/healthz", service=", fresh: stack",
                   gates="  - { metric: memory_max, of: db, tolerance: 50%, floor: 20MiB }\n")
    process, bundle = under_load(folder, SEATS)
    look_at_copies()
    result = h.finish(process, bundle, 400)
    h.check(result.status in (0, 2), "an unchanged pair does not fail: exit 0 or 2")
    session = result.json("session.json")
    rotation = [r for r in session["repetitions"] if r.get("rotation", 0) > 0]
    others = [r["values"]["memory_max of db"] for r in rotation]
    h.check(all(value and value > 0 for value in others) and len(set(others[:SEATS])) > 1,
            f"a gate with `of` has a value of each copy: {others}")
    kept = [r for r in rotation if not r.get("discarded")]
    h.check(len(kept) == 2 * SEATS or turns(result), "two blocks count, or the report says why the rest was in turns")


def networks_of(container):
    return set(json.loads(h.docker("inspect", container))[0]["NetworkSettings"]["Networks"])


def look_at_copies():
    services, databases = h.running("service"), h.running("stack")
    h.check(len(services) == len(databases) == SEATS, "each copy has a database")
    inspected = json.loads(h.docker("inspect", *databases))
    mounts = {mount["Name"] for one in inspected for mount in one["Mounts"]}
    h.check(len(mounts) == SEATS and all(name.startswith("svcgate-") for name in mounts), "with a volume of its own")
    h.check(all(one["Name"].startswith("/svcgate-") for one in inspected), "and a name of its own")
    backs = [networks_of(one) for one in databases]
    h.check(len(set.union(*backs)) == SEATS and {"stack-back"} not in backs, f"and a network of its own: {backs}")
    shared = [sum(bool(back & networks_of(one)) for back in backs) for one in services]
    h.check(shared == [1] * SEATS, f"on which each service meets one database: {shared}")
    for name in ("rows.internal", "stack-db"):
        ask = f"require('http').get('http://{name}:8080/',a=>a.on('data',d=>process.stdout.write(d)))"
        told = [h.docker("exec", one, "node", "-e", ask) for one in databases]
        h.check(told == ["x"] * SEATS, f"as {name} it is found there, and was started once, on an empty volume: {told}")


def what_copies_would_share():
    stack = simple(depends_on=["db"])
    stack["services"]["db"]["volumes"] = ["./data:/data"]
    folder = write(stack)
    process, bundle = under_load(folder, 1)
    h.check(len(h.running("service")) == 1 and len(h.running("stack")) == 1, "one copy at a time")
    told = turns(interrupt(process, bundle))
    h.check(len(told) == 1 and f"share host path {folder}/data" in told[0], f"the report says why: {told}")


# --- what comes up --------------------------------------------------------------------------------


def as_compose_would():
    """Nobody depends on `db`; a file named by nobody lays `more` over it; .env switches a profile on."""
    folder = write(simple(), design="turns")
    (folder / "compose.override.yaml").write_text(json.dumps({"services": {"more": {"image": SMALL}}}))
    stack = json.loads((folder / "compose.yaml").read_text())
    stack["services"] |= {"full": {"image": SMALL, "profiles": ["full"]}, "debug": {"image": SMALL, "profiles": ["debug"]}}
    (folder / "compose.yaml").write_text(json.dumps(stack))
    (folder / ".env").write_text("COMPOSE_PROFILES=full\n")
    process, bundle = under_load(folder, 1)
    h.check(names() == ["db", "full", "more"], f"what compose would bring up has come up: {names()}")
    interrupt(process, bundle)


def otherwise_than_the_file_says():
    """A health check, three containers, a container's name that others call, and a build with an argument."""
    stack = {"services": {"api": node(API, build={"context": ".", "args": {"WHICH": "from-compose"}}, scale=3,
                                      environment={"DB": "http://stack-db:8080/healthz"}, depends_on=["db"],
                                      healthcheck={"test": ["CMD", "true"], "interval": "1s"}),
                          "db": {"image": SMALL, "container_name": "stack-db"},
                          "proxy": node("setInterval(()=>{},1e6)", depends_on={"api": {"condition": "service_healthy"}})}}
    folder = write(stack, design="turns")
    (folder / "Dockerfile").write_text(f"FROM {NODE}\nARG WHICH=default\nENV WHICH=$WHICH\n")
    config = folder / "svcgate.yaml"
    config.write_text(config.read_text().replace("base: {", "base: { build: .,"))
    process, bundle = under_load(folder, 1)
    services = json.loads(h.docker("inspect", *h.running("service")))
    h.check(len(services) == 1, "one container of the service, which is ready: it reached the database by its container's name")
    h.check(services[0]["Config"].get("Healthcheck", {}).get("Test") == ["NONE"], "its health check is off")
    built_from = {variable for variable in services[0]["Config"]["Env"] if variable.startswith("WHICH=")}
    h.check(built_from == {"WHICH=from-compose"} and names() == ["db", "proxy"], f"it was built as the compose file says: {built_from}")
    session = interrupt(process, bundle).json("session.json")
    said = {finding["check"] for finding in session.get("findings", [])}
    h.check({"health_check", "scale"} <= said, f"the report says so: {said}")
    h.docker("image", "rm", "svcgate-variant/base:latest")


def refused():
    """Where k6 would not reach the service, and what compose itself refuses; before anything starts."""
    stack = simple(network_mode="host")
    for stack, words in ((stack, "`network_mode: host`"), (simple(labels={"a": "${STACK_TOKEN:?is not set}"}), "STACK_TOKEN")):
        folder = write(stack)
        process, bundle = h.begin(folder / "svcgate.yaml")
        result = h.finish(process, bundle)
        h.check(result.status == 4 and words in result.err, f"exit 4, and it names {words}")
        h.check("starting Prometheus" not in result.err, "before anything starts")


# --- images ---------------------------------------------------------------------------------------


class Images:
    """An image of the user's that is built from one of ours, with a container of it, and one of theirs that a service
    builds."""

    THEIRS, KEPT = "stack-theirs:1", "stack-kept:1"

    def __enter__(self):
        h.docker("tag", SMALL, self.KEPT)
        return self

    def derive(self, tag):
        source = pathlib.Path(h.folder())
        (source / "Dockerfile").write_text(f"FROM {tag}\nLABEL theirs=yes\n")
        subprocess.run(["docker", "build", "--quiet", "--tag", self.THEIRS, str(source)], check=True, capture_output=True)
        h.docker("run", "--detach", "--name", "stack-theirs", self.THEIRS)
        labels = json.loads(h.docker("inspect", "stack-theirs"))[0]["Config"]["Labels"]
        h.check("svcgate.built-for" in labels and "com.docker.compose.project" in labels, "theirs inherits the labels of ours")

    def check_untouched(self, when):
        state = h.docker("inspect", "--format", "{{.State.Running}}", "stack-theirs").strip()
        tags = h.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").split()
        h.check(state == "true" and self.THEIRS in tags and self.KEPT in tags, f"{when}: images and containers of the user's stay")

    def __exit__(self, *_):
        subprocess.run(["docker", "rm", "-f", "stack-theirs"], capture_output=True)
        subprocess.run(["docker", "image", "rm", self.THEIRS, self.KEPT], capture_output=True)


def with_builds():
    """`db` has no name of its own; `named` has one whose image is there."""
    stack = simple(depends_on=["db"])
    stack["services"] |= {"db": {"build": {"context": ".", "dockerfile_inline": f"FROM {SMALL}\nENV BUILT=here\n"}},
                          "named": {"image": Images.KEPT, "build": {"context": "./nowhere"}}}
    return write(stack)


def images_are_built_once_and_go():
    with Images() as images:
        before = set(h.docker("image", "ls", "-q", "--no-trunc").split())
        process, bundle = under_load(with_builds(), SEATS)
        h.check(len(h.running("stack")) == 2 * SEATS, "each copy has both services")
        tag = built()
        used = [one["Config"]["Image"] for one in json.loads(h.docker("inspect", *h.running("stack")))]
        h.check(len(tag) == 1 and sorted(used) == sorted([*tag, Images.KEPT] * SEATS), f"one image for all of them: {tag}")
        images.derive(tag[0])
        result = interrupt(process, bundle)
        h.check(result.err.count("building what the stack needs: db\n") == 1, "it was built once")
        h.check(built() == [], "after the session it is gone")
        images.check_untouched("after the session")
    h.check(set(h.docker("image", "ls", "-q", "--no-trunc").split()) <= before, "no image is left")


def a_killed_session_leaves_images_to_clean():
    with Images() as images:
        process, _ = under_load(with_builds(), SEATS)
        tag = built()
        images.derive(tag[0])
        h.send(process, signal.SIGKILL)
        h.finish(process)
        h.check(built() == tag, "a killed session leaves its image")
        done = h.call("clean", timeout=120)
        h.check(done.status == 0 and built() == [], "svcgate clean removes it")
        images.check_untouched("after svcgate clean")


h.main(refused, each_copy_has_its_own, what_copies_would_share, as_compose_would, otherwise_than_the_file_says, images_are_built_once_and_go,
       a_killed_session_leaves_images_to_clean)
