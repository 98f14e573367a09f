#!/usr/bin/env python3
"""The ways to say what is measured, and the testbench to look around in.

Shows: a compose stack of the user's own arrives as it is, shares a network with k6 and with nothing else of the
testbench, and publishes on loopback only; built variants and variants that are only a setting are measured;
gates on another container and of the user's own PromQL have values; three times larger answers fail; without
any file the same image twice passes on memory; a lone variant that crashes fails; doctor, up, clean, down."""

import json
import os
import pathlib
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
service: {{ compose: compose.yaml, name: api, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB }}
variants:
  base: {{ build: . }}
  setting: {{ build: ., env: {{ FAULT_RESPONSE_FACTOR: "3" }} }}
reference: base
load: {{ script: {script}, rate: 50/s, warmup: 1s, measure: 1s }}
plan: {{ repetitions: 6, alpha: 5% }}
gates:
  - {{ metric: network_tx_per_request, tolerance: 20% }}
  - {{ metric: memory_max, of: store, tolerance: 50%, floor: 5MiB }}
  - {{ metric: peak_memory, unit: bytes, better: lower, tolerance: 50%,
      query: 'max_over_time(container_memory_rss{{id=~".*$container.*"}}[$window])' }}
"""


def stack():
    folder = pathlib.Path(h.folder())
    (folder / "Dockerfile").write_text(f"FROM {h.SERVICE}\nENV BUILT=here\n")
    (folder / "compose.yaml").write_text(COMPOSE.format())
    config = folder / "svcgate.yaml"
    config.write_text(CONFIG.format(script=h.LOAD))
    process, bundle = h.begin(config)
    isolation()
    result = h.finish(process, bundle, timeout=600)
    verdict = result.json("verdict.json")
    h.check(result.status == 1, "three times larger answers fail: exit 1")
    h.check(h.result_of(verdict, "network_tx_per_request", "setting")["verdict"] == "fail", "by network_tx_per_request")
    for metric in ("memory_max", "peak_memory"):
        row = h.result_of(verdict, metric, "setting")
        h.check(row["value"] is not None and row["value"] > 0, f"{metric} is measured: {row['value']:.3g}")
    h.check("latency_p95" in result.out, "the report has all metrics")


def isolation():
    """The service shares a network with k6 and with its own stack, with nothing else of the bench."""
    networks = {}
    for role in ("prometheus", "cadvisor", "k6", "service"):
        inspected = json.loads(h.docker("inspect", h.wait_for_container(role)))[0]
        networks[role] = set(inspected["NetworkSettings"]["Networks"])
        ports = [binding["HostIp"] for bindings in inspected["NetworkSettings"]["Ports"].values() for binding in bindings or []]
        h.check(set(ports) <= {"127.0.0.1"}, f"{role} publishes on loopback only")
        if role == "service":
            h.check("GREETING=costs $5" in inspected["Config"]["Env"], "the stack's own environment arrives as it is")
            h.check(not any("docker.sock" in mount["Source"] for mount in inspected["Mounts"]), "no engine socket")
    h.check(not networks["service"] & (networks["prometheus"] | networks["cadvisor"]), "the service reaches no monitoring")
    h.check(networks["service"] & networks["k6"], "k6 reaches the service")


def no_file():
    bundle = pathlib.Path(h.folder()) / "bundle"
    process = h.start(["run", f"base={h.SERVICE}", f"candidate={h.SERVICE}", "--script", h.LOAD, "--port", "8080",
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
