#!/usr/bin/env python3
"""Services that do not speak HTTP, and metrics of k6's own as gates.

Shows, with gRPC's own library and a WebSocket echo: `ready: tcp`, protocol files with what they import, a gate on each kind of
k6 metric whose number is that of k6's summary, iterations as the unit of work; what k6 does not make is said before anything is
measured, and a latency that there cannot be at the first block."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import harness as h

HERE = pathlib.Path(__file__).resolve().parent / "protocols"
IMAGE = f"svcgate-test/protocols:{os.getpid()}"
GRPC = """
import grpc from 'k6/net/grpc';
import { check } from 'k6';
import { Trend, Counter, Gauge } from 'k6/metrics';
const client = new grpc.Client();
client.load(['proto'], 'health.proto');
const took = new Trend('took', true), calls = new Counter('calls'), depth = new Gauge('depth'), never = new Counter('never');
let connected = false;
export default function () {
  if (!connected) { client.connect(__ENV.BASE_ADDRESS, { plaintext: true }); connected = true; }
  const start = Date.now();
  const answer = client.invoke('grpc.health.v1.Health/Check', {}, { tags: { step: 'check' } });
  took.add(Date.now() - start, { step: 'check' });
  calls.add(1);
  depth.add(7);
  check(answer, { 'status is OK': (r) => r.status === grpc.StatusOK && r.message.status === 1 });
}
"""
SOCKET = """
import ws from 'k6/ws';
export default function () {
  ws.connect(`ws://${__ENV.BASE_ADDRESS}/`, {}, (socket) => {
    socket.on('open', () => socket.send('ping'));
    socket.on('message', () => socket.close());
    socket.setTimeout(() => { throw new Error('no answer'); }, 2000);
  });
}
"""
GATES = ["{ metric: cpu_per_request, tolerance: 100% }", "{ metric: error_rate, limit: 1% }"]


def build():
    """With the modules and the compiler's cache that the testbench's own images are built with."""
    go = shutil.which("go") or "/usr/local/go/bin/go"
    if not os.access(go, os.X_OK):
        h.skip("gRPC and WebSocket: there is no Go")
        sys.exit(h.SKIPPED)
    cache = pathlib.Path(os.environ.get("SVCGATE_CACHE") or
                         pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "svcgate")
    folder = pathlib.Path(h.folder())
    env = {**os.environ, "GOMODCACHE": str(cache / "go"), "GOCACHE": str(cache / "go-build"), "CGO_ENABLED": "0",
           "GOFLAGS": "-buildvcs=false -modcacherw", "GOWORK": "off"}
    subprocess.run([go, "build", "-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-o", folder / "service", "."], cwd=HERE,
                   env=env, check=True)
    (folder / "Dockerfile").write_text('FROM scratch\nCOPY service /service\nENTRYPOINT ["/service"]\n')
    h.docker("build", "--quiet", "--tag", IMAGE, str(folder))


def session(mode, script, gates, metrics=(), delay="0s"):
    folder = pathlib.Path(h.folder())
    shutil.copytree(HERE / "proto", folder / "proto")
    (folder / "load.js").write_text(script)
    variants = [h.variant("base", IMAGE, MODE=mode), h.variant("candidate", IMAGE, MODE=mode, DELAY=delay)]
    path = pathlib.Path(h.write_config(folder, variants, gates, script="load.js", design="sliced", measure="2s"))
    more = "metrics:\n" + "".join(f"  - {metric}\n" for metric in metrics) if metrics else ""
    path.write_text(path.read_text().replace("ready: /healthz", "ready: tcp") + more)
    return h.run(str(path))


def summary(result, row):
    return json.loads((result.bundle / f"k6/{row['slot']:03d}-{row['variant']}.json").read_text())["metrics"]


def counted(made):
    return [row for row in made["repetitions"] if row["block"] > 0 and not row.get("discarded")]


def grpc_is_measured_by_k6s_own_metrics():
    gates = ["{ metric: error_rate, limit: 1% }", "{ metric: grpc_p95, k6: grpc_req_duration, tolerance: 50%, floor: 5ms }"]
    shown = ['{ metric: took_med, k6: "took{step:check}", unit: ms }', "{ metric: calls_count, k6: calls }",
             "{ metric: depth, k6: depth, stat: value }", "{ metric: never, k6: never, stat: count, scale: exact }",
             "{ metric: checks_rate, k6: checks, better: higher }"]
    result = session("grpc", GRPC, gates, metrics=shown, delay="20ms")
    h.check(result.status == 1, "20 ms more a call fail")
    made = result.json("session.json")
    for row in counted(made):
        told, value = summary(result, row), lambda name: row["values"][name]
        one = lambda key, stat: told[key]["values"][stat]
        h.check(value("grpc_p95") == one("grpc_req_duration{scenario:measure}", "p(95)") / 1e3, "a time of k6's own is exact, in seconds")
        h.check(value("took_med") == one("took{scenario:measure,step:check}", "med"), "so is one of the script's with its tag, in its unit")
        h.check(value("calls_count") == one("calls{scenario:measure}", "count") == row["iterations"], "a Counter is")
        h.check(value("depth") == 7 and value("never") == 0, "a Gauge is, and a Counter that nobody added to is zero")
        h.check(value("checks_rate") == 1 and value("checks_rate.total") == row["iterations"], "a Rate has its counts")
        h.check(row["requests"] == row["iterations"] and row["errors"] == 0, "an iteration is the unit of work")
    h.check("what is told per request is per iteration" in result.out, "and the report says so")


def websocket_is_measured():
    result = session("websocket", SOCKET, [*GATES, "{ metric: session_p95, k6: ws_session_duration, tolerance: 200%, floor: 50ms }"])
    made = result.json("session.json")
    h.check(result.status in (0, 2), "it is measured")
    h.check(all(row["requests"] == row["iterations"] > 0 and row["errors"] == 0 for row in counted(made)), "by iterations, none of which threw")


def a_latency_that_there_cannot_be():
    result = session("grpc", GRPC, ["{ metric: latency_p95, tolerance: 5% }"])
    h.check(result.status == 3, "a gated latency without HTTP is invalid")
    h.check("{ metric: grpc_req_duration_p95, k6: grpc_req_duration }" in result.out, "with the line to write in its place")
    h.check(len(result.json("session.json")["repetitions"]) == 6, "the first block is enough")


def refused(gate, *words):
    result = session("grpc", GRPC, [gate])
    h.check(result.status == 4 and all(word in result.err for word in words), f"exit 4, and why: {words}")
    h.check("block 1" not in result.err, "before anything is measured")


def what_k6_does_not_make_is_refused_before_anything_is_measured():
    refused("{ metric: tok_p95, k6: tok }", "makes a metric tok;", "took, calls, depth, never")
    refused("{ metric: calls_p95, k6: calls }", "calls is a counter of k6's, which has no p(95); it has count, rate")


build()
try:
    h.main(what_k6_does_not_make_is_refused_before_anything_is_measured, a_latency_that_there_cannot_be,
           grpc_is_measured_by_k6s_own_metrics, websocket_is_measured)
finally:
    h.docker("rmi", "-f", IMAGE)
