#!/usr/bin/env python3
"""Any k6 script runs as it is.

Shows: options that k6 refuses beside svcgate's load are replaced and named, the others kept; files below, beside and
above the script, binary ones, CommonJS, TypeScript; async setup, a mix, own files of handleSummary, `sleep(1)`; what
k6 refuses is said before anything is measured; a session whose requests fail on both sides, or whose iterations throw,
is invalid whatever is gated."""

import json
import os
import pathlib

import harness as h

GATES = ["{ metric: memory_max, tolerance: 50%, floor: 20MiB }"]
GET = "import http from 'k6/http';\nexport default function () { http.get(`${__ENV.BASE_URL}/items`); }\n"


def k6_image():
    lines = (h.ROOT / "testbench/images.txt").read_text().splitlines()
    official = next(line.split()[1] for line in lines if line.startswith("k6 "))
    return os.environ.get("SVCGATE_IMAGE_K6", official)


# --- what k6 makes of a script, without any load ----------------------------------------------------


def inspect(files, script="load.js", mix="", **more):
    """What k6 makes of wrapper.js beside the script: its options, or None, and its words."""
    folder = pathlib.Path(h.folder())
    folder.chmod(0o755)  # the image has a user of its own
    wrapper = (h.ROOT / "testbench/bench/k6/wrapper.js").read_text()
    beside = str(pathlib.PurePath(script).with_name("wrapper.js"))
    for name, text in {**files, beside: wrapper.replace("@SCRIPT@", pathlib.PurePath(script).name)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    settings = {"RATE": 100, "WARMUP": 1, "GAP": 2, "IDLE": 2.5, "VUS": 5, "MAX_VUS": 20, "MEASURE": 3, "CHECK": 1,
                "SYSTEM_TAGS": "scenario", "TESTID": "t", "VARIANT": "v", "MIX": mix, **more}
    words = [word for key, value in settings.items() for word in ("-e", f"SVCGATE_{key}={value}")]
    made = h.docker("create", "--network", "none", k6_image(), "inspect", "--log-format", "raw", *words,
                    f"/svcgate/{beside}").strip()
    try:
        h.docker("cp", f"{folder}/.", f"{made}:/svcgate")
        status = h.subprocess.run(["docker", "start", "-a", made], capture_output=True, text=True, check=False)
        return json.loads(status.stdout) if status.returncode == 0 else None, status.stderr
    finally:
        h.docker("rm", "-f", made)


def options():
    for own in ("vus: 10, duration: '30s'", "stages: [{ duration: '30s', target: 20 }]", "vus: 3, iterations: 100", "rps: 20",
                "scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s' } }"):
        made, said = inspect({"load.js": f"export const options = {{ {own} }};\n{GET}"})
        h.check(made is not None and sorted(made["scenarios"]) == ["measure", "warmup"], f"{own}: the load is svcgate's")
        h.check(not any(made[key] for key in ("vus", "duration", "stages", "iterations", "rps")), "and nothing else's")
        h.check(own.split(":")[0] in said, f"it is said once: {said.strip()}")
    made, said = inspect({"load.js": """export const options = {
        userAgent: 'mine', insecureSkipTLSVerify: true, hosts: { 'a.example': '127.0.0.1' }, setupTimeout: '5m', tags: { team: 'a' },
        summaryTrendStats: ['p(99.99)'], thresholds: { http_req_duration: ['p(95)<500'] }, noSetup: true };\n""" + GET})
    h.check(made["userAgent"] == "mine" and made["insecureSkipTLSVerify"] and "a.example" in made["hosts"], "other options are kept")
    h.check(made["tags"] == {"team": "a", "testid": "t", "variant": "v"}, "tags stand beside svcgate's")
    h.check(made["setupTimeout"] == "7m0s", "setup has its time, and what svcgate adds to it")
    h.check("p(99.99)" in made["summaryTrendStats"] and "p(95)" in made["summaryTrendStats"], "statistics of both are made")
    h.check(made["noSetup"] is None, "svcgate's own setup is called")
    made, said = inspect({"load.js": GET}, RATE="", CLOSED=7)
    h.check({one["executor"] for one in made["scenarios"].values()} == {"constant-vus"}, "a closed load has users")
    h.check([one["vus"] for one in made["scenarios"].values()] == [7, 7], "as many as are written")
    made, said = inspect({"load.js": GET})
    h.check(made is not None and said == "", "a plain script has nothing said of it")


def kinds():
    common = "const http = require('k6/http');\n"
    call = "function () { http.get(`${__ENV.BASE_URL}/items`); }"
    for name, files in {
            "exports.default": {"load.js": f"{common}exports.default = {call};"},
            "module.exports": {"load.js": f"{common}module.exports = {{ options: {{ vus: 3 }}, default: {call} }};"},
            "an arrow": {"load.js": "export default () => {};"},
            "an async one": {"load.js": "export default async function () {}"}}.items():
        h.check(inspect(files)[0] is not None, f"{name} runs")
    files = {"load.ts": "import { path } from './lib/paths.ts';\ninterface Data { kind: string }\n"
                        "export default function (data: Data): void { path(data.kind); }",
             "lib/paths.ts": "export const path = (kind: string): string => `/${kind}`;"}
    h.check(inspect(files, "load.ts")[0] is not None, "TypeScript with a module of its own runs")


TWO = """export const options = { scenarios: {
  browse: { executor: 'constant-vus', vus: 5, duration: '30s', exec: 'browse', env: { PAGE: '2' } }%s } };
export function browse() {}
export function checkout() {}
export function setup() {}
"""


def functions():
    both = TWO % ", checkout: { executor: 'constant-vus', vus: 5, duration: '30s', exec: 'checkout' }"
    made, said = inspect({"load.js": both})
    h.check(made is None and "load: { exec: browse }" in said, "without a default function the line to write is said")
    h.check("load: { mix: { browse: 50%, checkout: 50% } }" in said, "and the one for several")
    made, said = inspect({"load.js": TWO % ""})
    h.check(made is not None and "browse is called" in said, "the only one that its scenarios name is taken")
    h.check(inspect({"load.js": both}, mix="checkout=1")[0] is not None, "load.exec names one")
    made, said = inspect({"load.js": both}, mix="chekout=1")
    h.check(made is None and "exports no function chekout; it exports browse, checkout" in said, "a wrong name is told")
    made, said = inspect({"load.js": "export const x = 1;"})
    h.check(made is None and "the script exports no function" in said, "a script without any, too")


# --- sessions -------------------------------------------------------------------------------------


def session(files, load="", script="load.js", variants=("base", "candidate"), **more):
    folder = pathlib.Path(h.folder())
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    config = pathlib.Path(h.write_config(folder, list(map(h.variant, variants)), GATES, script=script + load,
                                         **{"design": "sliced", **more}))
    if len(variants) == 1:
        config.write_text(config.read_text().replace("reference: base", "baseline: none.json"))
    return h.run(config)


EVERYTHING = """
import http from 'k6/http';
import { sleep } from 'k6';
import { SharedArray } from 'k6/data';
import { target } from '../lib/url.js';
import { other } from './lib/url.js';
const image = open('../data/image.bin', 'b');
const words = new SharedArray('words', () => JSON.parse(open('./words.json')));
export const options = { vus: 10, duration: '30s' };
export async function setup() {
  const answer = await http.asyncRequest('GET', `${__ENV.BASE_URL}/healthz`);
  return { token: `t-${answer.status}-${new Uint8Array(image)[1]}` };
}
const path = (data, right) => (data.token === 't-200-255' ? right : '/no-token');
export function browse(data) { http.get(`${__ENV.BASE_URL}${path(data, target(words[0]))}`); sleep(1); }
export async function checkout(data) { await http.asyncRequest('GET', `${__ENV.BASE_URL}${path(data, other)}`); sleep(1); }
export async function teardown(data) { await Promise.resolve(); if (!data.token) throw new Error('no data'); }
export function handleSummary(data) { return { 'out/own.html': '<p>mine', stdout: 'hello' }; }
"""


def everything_at_once():
    """100 iterations a second of a second each: 150 virtual users, of which k6 has 50 without a word. One variant is enough,
    and such iterations are too long for slices."""
    files = {"perf/load.js": EVERYTHING, "perf/lib/url.js": "export const other = '/items';", "perf/words.json": '["oak"]',
             "lib/url.js": "export const target = (word) => `/search?q=${word}`;", "data/image.bin": b"\0\xff$"}
    result = session(files, ", mix: { browse: 70%, checkout: 30% }", "perf/load.js", ["base"], design="turns")
    made = result.json("session.json")
    h.check(result.status == 2, "it is measured, and there is nothing to compare it with: exit 2")
    h.check("replaces vus, duration" in result.err, "what is replaced is said")
    kept = [row for row in made["repetitions"] if row["block"] > 0 and not row.get("discarded")]
    h.check(len(kept) == 6, "six repetitions count")
    h.check(all(not row["errors"] and not row["dropped"] and not row["failed_iterations"] for row in kept),
            "no request failed, no iteration was dropped or threw")
    own = sorted((result.bundle / "k6").glob("*/*"))
    h.check({path.name for path in own} == {"own.html"} and own[0].read_text() == "<p>mine", "files of its own summary are in the bundle")
    h.check((result.bundle / "k6" / f"{own[0].parent.name}.json").exists(), "beside k6's own")


def refused(files, *words):
    result = session(files)
    h.check(result.status == 4, "k6 refuses the script: exit 4")
    h.check(all(word in result.err for word in words), f"and the sentence says why: {words}")
    h.check("warming up" not in result.err, "before anything is measured")


def refused_before_anything_is_measured():
    refused({"load.js": "import { a } from './not-there.js';\n" + GET}, "./not-there.js", "load.files")
    refused({"load.js": "import { a } from 'https://jslib.invalid/a.js';\n" + GET}, "https://jslib.invalid/a.js", "beside the script")
    refused({"load.js": GET + "export const z = ;"}, "load.js")


def all_requests_fail():
    result = session({"load.js": GET.replace("/items", "/api/v2/orders")})
    h.check(result.status == 3, "every request answers 404 on both sides: exit 3, whatever is gated")
    h.check("100.0 % of the requests failed on base" in result.out, "the report says so")
    h.check("expectedStatuses(404)" in result.out, "and how a script says that it wants them")
    made = result.json("session.json")["repetitions"]
    h.check(len(made) == 6, "the first block is enough")


def iterations_throw():
    script = GET.replace("http.get", "if (__VU % 4 === 0) { throw new Error('no user'); } http.get")
    result = session({"load.js": script})
    h.check(result.status == 3, "a quarter of the iterations throws on both sides: exit 3")
    h.check("of the iterations ended with an exception on base" in result.out, "the report says so")


h.main(options, kinds, functions, refused_before_anything_is_measured, all_requests_fail, iterations_throw, everything_at_once)
