#!/usr/bin/env python3
"""The ways to say what is measured: a compose stack of the user's own, built variants, variants that
are only a setting, gates on another container and of the user's own PromQL; no file at all; a stored
baseline; and the testbench to look around in."""

import json
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
load: {{ script: {script}, rate: 50/s, warmup: 1s, measure: 3s }}
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
    bundle = folder / "bundle"
    process = h.start(["run", "--config", str(config), "--out", str(bundle)])
    isolation()
    out, err = process.communicate(timeout=600)
    result = h.Result(process.returncode, out, err, bundle)
    result.show()
    verdict = result.json("verdict.json")
    h.check(result.status == 1, "three times larger answers fail: exit 1")
    h.check(h.result_of(verdict, "network_tx_per_request", "setting")["verdict"] == "fail", "by network_tx_per_request")
    for metric in ("memory_max", "peak_memory"):
        row = h.result_of(verdict, metric, "setting")
        h.check(row["value"] is not None and row["value"] > 0, f"{metric} is measured: {row['value']:.3g}")
    h.check("latency_p95" in out, "the report has all metrics")


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


def run_words(folder, *words):
    bundle = pathlib.Path(folder) / "bundle"
    process = h.start(["run", *words, "--script", h.LOAD, "--port", "8080", "--ready", "/healthz", "--rate", "50/s",
                       "--warmup", "1s", "--measure", "2s", "--repetitions", "6", "--out", str(bundle)], cwd=folder)
    out, err = process.communicate(timeout=600)
    result = h.Result(process.returncode, out, err, bundle)
    result.show()
    return result


def no_file_and_baseline():
    folder = h.folder()
    result = run_words(folder, f"base={h.SERVICE}", f"candidate={h.SERVICE}", "--gate", "memory_max:tolerance=50%,floor=20MiB")
    h.check(result.status == 0, "without any file: the same image twice passes on memory, exit 0")
    baseline = pathlib.Path(folder) / "api.json"
    saved = h.start(["baseline", "save", str(baseline), str(result.bundle)])
    h.say("".join(saved.communicate(timeout=20)))
    h.check(saved.returncode == 0 and baseline.exists(), "its reference is stored as baseline")
    alone = run_words(h.folder(), f"candidate={h.SERVICE}", "--baseline", str(baseline), "--gate", "memory_max:tolerance=50%")
    h.check(alone.status == 2, "against one stored session: inconclusive, exit 2")
    h.check("four" in alone.out or "4" in alone.out, "the report says how many sessions are needed")
    h.check(len([r for r in alone.json("session.json")["repetitions"] if r["block"] > 0]) >= 6, "six repetitions were made")


def baseline_crash():
    folder = pathlib.Path(h.folder())
    config = folder / "svcgate.yaml"
    config.write_text(h.CONFIG.format(variants=h.variant("candidate", FAULT_CRASH_AFTER=100), script=h.LOAD, rate="50/s",
                                      measure="2s", repetitions="6", ready_timeout="20s",
                                      gates="  - { metric: memory_max, tolerance: 50% }")
                      .replace("reference: base", "baseline: none.json"))
    result = h.run(str(config))
    h.check(result.status == 1, "a single variant that crashes fails at once, baseline or not: exit 1")


def around():
    doctor = h.start(["doctor"])
    out, err = doctor.communicate(timeout=200)
    h.say(out + err)
    h.check(doctor.returncode == 0 and "This machine can measure" in out, "doctor: exit 0")
    h.check_nothing_left()
    try:
        look_around()
    finally:
        down = h.start(["down"])
        h.say("".join(down.communicate(timeout=60)))
    h.check(down.returncode == 0, "down: exit 0")


def look_around():
    up = h.start(["up"])
    out, err = up.communicate(timeout=200)
    h.say(out + err)
    h.check(up.returncode == 0, "up: exit 0")
    url = next(word for word in out.split() if word.startswith("http://127.0.0.1:"))
    with urllib.request.urlopen(url + "/-/ready", timeout=10) as answer:
        h.check(answer.status == 200, f"Prometheus answers at {url}")
    clean = h.start(["clean"])
    clean.communicate(timeout=60)
    h.check(h.leftovers() != [], "clean leaves `up` alone")


def main():
    wanted = h.sys.argv[1:]
    for case in (stack, no_file_and_baseline, baseline_crash, around):
        if not wanted or case.__name__ in wanted:
            h.say(f"=== {case.__name__}")
            case()
            h.check_nothing_left()


main()
