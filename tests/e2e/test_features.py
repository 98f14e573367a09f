#!/usr/bin/env python3
"""The ways to say what is measured, and the testbench to look around in.

Shows: a compose stack of the user's own arrives as it is, shares a network with k6 and with nothing else of the
testbench, and publishes on loopback only; containers run on the CPUs that the report tells; with `fresh: stack` each
repetition has new volumes; built variants and variants that are only a setting are measured;
a tag that is moved meanwhile changes nothing; setup, teardown,
options and tags of the user's script count, its scenarios and thresholds do not; gates on another container, on
one kind of request and of the user's own PromQL have values; three times larger answers fail; without any file the same image twice passes on memory; a lone variant that crashes fails; doctor, up, clean, down."""

import json
import os
import pathlib
import subprocess
import time
import urllib.request

import harness as h

COMPOSE = """\
services:
  api:
    build: .
    container_name: my-api
    restart: always
    ports: ["8080:8080"]
    environment: {{ GREETING: "costs $$5" }}
    depends_on: [store]
  store:
    image: svcgate-demo/c:1
    ports: ["8080:8080"]
    volumes: ["data:/data"]
volumes:
  data: {{}}
"""

CONFIG = """\
version: 1
service: {{ compose: compose.yaml, name: api, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB, fresh: stack }}
variants:
  base: {{ build: . }}
  setting: {{ build: ., env: {{ FAULT_RESPONSE_FACTOR: "3" }} }}
reference: base
load: {{ script: load.js, rate: 60/s, warmup: 1s, measure: 1s }}
plan: {{ design: turns, repetitions: 6, alpha: 5% }}
gates:
  - {{ metric: network_tx_per_request, tolerance: 20% }}
  - {{ metric: memory_max, of: store, tolerance: 50%, floor: 5MiB }}
  - {{ metric: peak_memory, unit: bytes, better: lower, tolerance: 50%,
      query: 'max_over_time(container_memory_rss{{id=~".*$container.*"}}[$window])' }}
  - {{ metric: throughput, request: item, tolerance: 50% }}
"""

# Two of three requests are an item. The size has no series of its own, but splits those of the lists.
SCRIPT = """import http from 'k6/http';
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';

const up = new Counter('own_setup');
const down = new Counter('own_teardown');

export const options = {
  noConnectionReuse: true,
  scenarios: { own: { executor: 'shared-iterations', exec: 'none', iterations: 1 } },
  thresholds: { http_req_duration: ['max<0'] },
};

export function setup() {
  up.add(1);
  return { item: '/items/7' };
}

export default function (data) {
  const n = exec.scenario.iterationInTest;
  if (n % 3 < 2) {
    http.get(__ENV.BASE_URL + data.item, { tags: { name: 'item' } });
  } else {
    http.get(`${__ENV.BASE_URL}/items?limit=${n % 2 ? 5 : 20}`, { tags: { name: 'list', size: n % 2 ? 'few' : 'many' } });
  }
}

export function teardown(data) {
  down.add(data.item.length);
}
"""


def stack():
    folder = pathlib.Path(h.folder())
    (folder / "Dockerfile").write_text(f"FROM {h.SERVICE}\nENV BUILT=here\n")
    (folder / "compose.yaml").write_text(COMPOSE.format())
    (folder / "load.js").write_text(SCRIPT)
    config = folder / "svcgate.yaml"
    config.write_text(CONFIG.format())
    with Volumes() as volumes:
        process, bundle = h.begin(config)
        pinned = isolation()
        k6 = h.docker("inspect", "-f", "{{.Image}}", h.wait_for_container("k6")).strip()
        h.docker("tag", k6, "svcgate-variant/setting:latest")  # nothing that answers at port 8080
        result = h.finish(process, bundle, timeout=600)
    verdict, session = result.json("verdict.json"), result.json("session.json")
    facts = {fact["name"]: fact["value"] for fact in session["facts"]}
    h.check(facts["CPUs pinned"] == pinned, f"containers run on the CPUs that the report tells: {pinned}")
    gone, made = volumes.removed(), len(session["repetitions"])
    h.check(gone == made, f"fresh: stack: each repetition has a volume of its own: {gone} for {made}")
    script(result, session, verdict)
    h.check(result.status == 1, "three times larger answers fail: exit 1")
    h.check(h.result_of(verdict, "network_tx_per_request", "setting")["verdict"] == "fail", "by network_tx_per_request")
    for metric in ("memory_max", "peak_memory"):
        row = h.result_of(verdict, metric, "setting")
        h.check(row["value"] is not None and row["value"] > 0, f"{metric} is measured: {row['value']:.3g}")
    h.check("latency_p95" in result.out, "the report has all metrics")


class Volumes:
    """The volumes of a stack that the engine removes meanwhile. (Their creation may be told twice.)"""

    def __enter__(self):
        self.events = subprocess.Popen(["docker", "events", "--filter", "type=volume", "--filter", "event=destroy",
                                        "--format", "{{.Actor.ID}}"], stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        time.sleep(1)  # the last one may still be on its way
        self.events.terminate()
        self.names, _ = self.events.communicate(timeout=20)

    def removed(self):
        return sum(name.endswith("_data") for name in self.names.split())


def script(result, session, verdict):
    """What of the user's script counts."""
    for path in sorted((result.bundle / "k6").iterdir()):
        metrics = json.loads(path.read_text())["metrics"]
        own = [metrics.get(name, {"values": {"count": 0}})["values"]["count"] for name in ("own_setup", "own_teardown")]
        if own != [1, len("/items/7")]:
            h.check(False, f"{path.name}: setup and teardown are called once, with what setup has given: {own}")
    h.say("ok: setup and teardown are called once a repetition, with what setup has given")
    reps = [rep for rep in session["repetitions"] if rep["block"] > 0 and not rep.get("discarded")]
    made = [rep["values"]["connections_per_request"] for rep in reps]
    h.check(min(made) > 0.9, f"an option of the script holds: a connection a request, at least {min(made):.2f}")
    tagged = [any(finding["check"] == "tags" for finding in rep.get("findings", [])) for rep in reps]
    h.check(all(tagged), "own tags part the series, and a note says so")
    apart = max(abs(rep["values"]["latency_p95"] / rep["summary_p95"] - 1) for rep in reps)
    h.check(apart <= 1e-6, f"p95 over all of them is that of k6's summary: {apart:.1e}")
    if (os.cpu_count() or 1) > 1:  # else the service has no CPU of its own
        for name, least in (("core_contention", 0.1), ("cache_contention", 0.01)):
            seen = [rep["values"][name] for rep in reps]
            h.check(all(value and least < value < 10 for value in seen), f"the probe ran beside each: {name} {seen}")
    row = h.result_of(verdict, "throughput", "setting")
    h.check(row["request"] == "item" and 30 < row["value"] < 45, f"a gate on items counts two of three: {row['value']:.1f}/s")


def isolation():
    """The service shares a network with k6 and with its own stack, with nothing else of the bench. Who runs on which
    CPUs, as the report says it."""
    networks, cpus = {}, {}
    for role in ("prometheus", "cadvisor", "k6", "service"):
        inspected = json.loads(h.docker("inspect", h.wait_for_container(role)))[0]
        networks[role] = set(inspected["NetworkSettings"]["Networks"])
        cpus[role] = inspected["HostConfig"]["CpusetCpus"]
        ports = [binding["HostIp"] for bindings in inspected["NetworkSettings"]["Ports"].values() for binding in bindings or []]
        h.check(set(ports) <= {"127.0.0.1"}, f"{role} publishes on loopback only")
        if role == "service":
            h.check("GREETING=costs $5" in inspected["Config"]["Env"], "the stack's own environment arrives as it is")
            h.check(not any("docker.sock" in mount["Source"] for mount in inspected["Mounts"]), "no engine socket")
    h.check(not networks["service"] & (networks["prometheus"] | networks["cadvisor"]), "the service reaches no monitoring")
    h.check(networks["service"] & networks["k6"], "k6 reaches the service")
    h.check(cpus["cadvisor"] == cpus["prometheus"], "cAdvisor and Prometheus share their CPUs")
    return ", ".join(f"{who} {cpus[role] or 'any'}" for who, role in (("service", "service"), ("k6", "k6"),
                                                                    ("monitoring", "prometheus")))


def no_file():
    bundle = pathlib.Path(h.folder()) / "bundle"
    script = bundle.parent / "it's.js"
    script.write_bytes(pathlib.Path(h.LOAD).read_bytes())
    process = h.start(["run", f"base={h.SERVICE}", f"candidate={h.SERVICE}", "--script", str(script), "--port", "8080",
                       "--ready", "/healthz", "--rate", "50/s", "--warmup", "1s", "--measure", "1s", "--repetitions", "6",
                       "--gate", "memory_max:tolerance=50%,floor=20MiB", "--out", str(bundle)], cwd=bundle.parent)
    result = h.finish(process, bundle, timeout=600)
    h.check(result.status == 0, "without any file: the same image twice passes on memory, exit 0")


def baseline_crash():
    config = pathlib.Path(h.write_config(h.folder(), [h.variant("candidate", FAULT_CRASH_AFTER=75)],
                                         ["{ metric: memory_max, tolerance: 50% }"], rate="50/s"))
    config.write_text(config.read_text().replace("reference: base", "baseline: none.json"))
    result = h.run(config)
    h.check(result.status == 1, "a single variant that crashes fails at once, baseline or not: exit 1")


def around():
    doctor = h.call("doctor", timeout=200)
    h.check(doctor.status == 0 and "This machine can measure" in doctor.out, "doctor: exit 0")
    h.check_nothing_left()
    try:
        look_around()
    finally:
        down = h.call("down")
    h.check(down.status == 0, "down: exit 0")


def grafana():
    """The image that somebody names, or none: no test looks for one in a registry. Nobody listens on port 1."""
    return os.environ.get("SVCGATE_IMAGE_GRAFANA", "127.0.0.1:1/grafana:none")


def look_around():
    up = h.call("up", timeout=200, env={**os.environ, "SVCGATE_IMAGE_GRAFANA": grafana()})
    h.check(up.status == 0, "up: exit 0")
    h.check(f"{grafana()} is not here" in up.out or "/dashboards" in up.out, "with Grafana, or it says why not")
    url = next(word for word in up.out.split() if word.startswith("http://127.0.0.1:"))
    with urllib.request.urlopen(url + "/-/ready", timeout=10) as answer:
        h.check(answer.status == 200, f"Prometheus answers at {url}")
    there = h.things()
    h.check(h.call("clean").status == 0, "clean: exit 0")
    h.check(h.things() == there, "clean leaves `up` alone")


h.main(stack, no_file, baseline_crash, around)
