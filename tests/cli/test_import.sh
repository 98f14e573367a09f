#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# svcgate import: real files of other tools (tests/inputs/tools) become samples, with the numbers that
# another reading in Python finds. Hostile and wrong files: exit 4 and one sentence.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

TOOLS=$SG_ROOT/tests/inputs/tools
cp "$TOOLS"/*.json* "$TOOLS"/*.txt "$TOOLS"/*.csv .

# The rows of an import are (variant, metric, value) of the Python text on standard input, in any order.
agrees() {
    cp "$WORK/.out" got.csv
    python3 - got.csv 2>"$WORK/.err" <<PYTHON || fail "not what Python reads"
import csv, json, math, re, sys
def rows(): return []
$(cat)
got = [(r["variant"], r["metric"], float(r["value"]), r["unit"], r["better"]) for r in csv.DictReader(open(sys.argv[1]))]
want = rows()
assert len(got) == len(want), (len(got), len(want), got, want)
for a, b in zip(sorted(got), sorted(want)):
    assert a[:2] == b[:2] and a[3:] == b[3:] and math.isclose(a[2], b[2], rel_tol=1e-12, abs_tol=0), (a, b)
PYTHON
}

claim "k6: each of its three summaries, milliseconds to seconds"
for file in k6-export k6-handled k6-machine; do
    run 0 import k6 "base=$file.json"
    silent err
    agrees <<PYTHON
def rows():
    data = json.load(open("$file.json"))
    if "results" in data:
        m = {x["name"]: x["values"] for x in data["results"]["metrics"]}
        rate = m["http_reqs"]["count"] / data["config"]["duration"] if "rate" not in m["http_reqs"] else m["http_reqs"]["rate"]
        failed = m["http_req_failed"]["matches"]
        trend = {"p(90)": "p90", "p(95)": "p95", "p(99)": "p99"}
    else:
        m = {k: v.get("values", v) for k, v in data["metrics"].items()}
        rate, failed, trend = m["http_reqs"]["rate"], m["http_req_failed"]["passes"], {}
    d, n = m["http_req_duration"], m["http_reqs"]["count"]
    out = [("base", "throughput", rate, "1/s", "higher"), ("base", "requests", n, "", "higher"),
           ("base", "errors", failed, "", "lower"), ("base", "error_rate", failed / n, "ratio", "lower")]
    names = {"latency_avg": "avg", "latency_p50": "med", "latency_p90": "p(90)", "latency_p95": "p(95)", "latency_p99": "p(99)"}
    return out + [("base", k, d[trend.get(v, v)] / 1000, "s", "lower") for k, v in names.items() if d.get(trend.get(v, v)) is not None]
PYTHON
done
grep -q ',errors,3,' got.csv || fail "3 of 60 requests failed"

claim "go test -bench: the k-th line of a benchmark is of the k-th run"
run 0 import go base=go-bench.txt candidate=go-bench.txt
agrees <<'PYTHON'
def rows():
    out = []
    for variant in ("base", "candidate"):
        for line in open("go-bench.txt"):
            words = line.split()
            if not line.startswith("Benchmark"): continue
            for value, unit in zip(words[2::2], words[3::2]):
                base = {"ns/op": (1e-9, "s"), "B/op": (1, "bytes")}.get(unit, (1, unit))
                out.append((variant, words[0] + " " + unit, float(value) * base[0], base[1], "higher" if unit == "MB/s" else "lower"))
    return out
PYTHON
[[ $(cut -d, -f2 got.csv | grep -c base) == 15 ]] || fail "2 benchmarks, 3 runs, 3 and 2 numbers: 15 a variant"

# Written by hand in hyperfine's form, until make.sh has run where hyperfine is.
if [[ ! -e hyperfine.json ]]; then
    printf '{"results": [{"command": "old", "mean": 0.1, "times": [0.1, 0.11, 0.1, 0.1, 0.12, 0.1]}, ' >hyperfine.json
    printf '{"command": "new", "mean": 0.2, "times": [0.2, 0.21, 0.2, 0.22, 0.2, 0.2], "exit_codes": [0]}]}' >>hyperfine.json
fi
claim "hyperfine: each run of each command"
run 0 import hyperfine hyperfine.json
agrees <<'PYTHON'
def rows():
    return [(r["command"], "time", t, "s", "lower") for r in json.load(open("hyperfine.json"))["results"] for t in r["times"]]
PYTHON
run 4 import hyperfine base=hyperfine.json
err_has 'holds 2 commands' 'without "base="'
run 0 import hyperfine hyperfine.json --out times.csv
run 1 judge times.csv --reference old
out_has 'FAIL' 'time'

claim "what is imported can be judged, and the samples go where they are told"
k6=()
for _ in 1 2 3 4 5 6; do k6+=(base=k6-export.json candidate=k6-handled.json); done
run 0 import k6 "${k6[@]}" --out samples.csv
silent out
run 0 judge samples.csv --reference base --gate latency_p95:limit=10s --gate throughput:limit=1
out_has 'latency_p95' 'within its limit of 10 s' 'throughput' 'error_rate'
python3 -c 'open("wide.json", "wb").write(open("k6-export.json").read().encode("utf-16"))'
run 0 import k6 base=wide.json
out_has 'latency_p95'
code=0
"$SVCGATE" import k6 base=- <k6-export.json >stdin.csv || code=$?
((code == 0)) || fail "exit $code from standard input"

refused() { # TEXT -- WORD...
    local texts=()
    while [[ $1 != -- ]]; do
        texts+=("$1")
        shift
    done
    run 4 "${@:2}"
    silent out
    err_has "${texts[@]}"
    [[ $(wc -l <"$WORK/.err") == 1 ]] || fail "more than one line"
}

claim "words that are missing or wrong"
refused 'svcgate import TOOL FILE' -- import
refused 'svcgate import TOOL FILE' -- import k6
refused 'unknown tool "k7"' 'k6' -- import k7 base=k6-export.json
refused 'unknown tool' 'k6, hyperfine or go' -- import frobnicate base=k6-export.json
refused 'whose run is this?' 'base=k6-export.json' -- import k6 k6-export.json
refused 'whose run is this?' -- import go go-bench.txt
refused 'cannot read' -- import k6 base=nothing.json

claim "files of another tool, and hostile ones"
printf '{"results": [{"command": "x", "times": [1, 2]}]}' >h.json
refused 'no http_reqs' -- import k6 base=h.json
refused 'no "results"' -- import hyperfine k6-export.json
refused 'no run in it' -- import go base=k6-export.json
printf '{"metrics": {"http_reqs": {"count": 1}, "http_reqs": {"count": 2}}}' >bad.json
refused 'bad.json:1:' 'twice' -- import k6 base=bad.json
printf '{"metrics": {"http_reqs": {"count": NaN}}}' >bad.json
refused 'NaN is no value in JSON' -- import k6 base=bad.json
printf '{"metrics": {"http_reqs": {"count": 1e999}}}' >bad.json
refused 'too large' -- import k6 base=bad.json
printf '{"metrics": {"http_reqs": {"count": "many", "rate": 3}, "http_req_duration": 5}}' >odd.json
run 0 import k6 base=odd.json
out_has 'throughput,3'
printf '{"metrics": {"http_reqs": {"count": 0, "rate": 0}, "http_req_failed": {"passes": 0}}}' >zero.json
run 0 import k6 base=zero.json
if grep -q error_rate "$WORK/.out"; then fail "0 of 0 requests is no error rate"; fi
printf '{"results": [{"command": "x", "times": ["fast"]}]}' >bad.json
refused 'no number' -- import hyperfine bad.json
printf '{"results": [{"command": "x", "mean": 1}]}' >bad.json
refused 'without "times"' -- import hyperfine bad.json
printf '{"results": []}' >bad.json
refused 'no run in it' -- import hyperfine bad.json
printf 'BenchmarkX-8 10 fast ns/op\n' >bad.txt
refused 'bad.txt:1:' 'a number and its unit' -- import go base=bad.txt
printf 'BenchmarkX-8\nBenchmarkX-8 10 1e999 ns/op\n' >bad.txt
refused 'bad.txt:2:' -- import go base=bad.txt
{ printf 'BenchmarkX-8 10 '; head -c 100000 /dev/zero | tr '\0' 7; printf ' ns/op\n'; } >bad.txt
refused 'no run in it' -- import go base=bad.txt
printf 'BenchmarkX\0-8 10 1 ns/op\n' >bad.txt
refused 'NUL' -- import go base=bad.txt

claim "judge names the tool, and the command or the number to take"
stranger() { # FILE TEXT...
    run 4 judge "$1" --reference base
    silent out
    err_has "${@:2}"
}
stranger k6-export.json 'a summary of k6' 'svcgate import k6 VARIANT=FILE'
stranger k6-handled.json 'a summary of k6' 'svcgate import k6'
stranger k6-machine.json 'a summary of k6' 'svcgate import k6'
stranger k6-points.csv "k6's --out csv" '--summary-export' 'svcgate import k6'
stranger k6-points.jsonl "k6's --out json" '--summary-export' 'svcgate import k6'
stranger go-bench.txt 'go test -bench' 'svcgate import go VARIANT=FILE'
stranger h.json "hyperfine's --export-json" 'svcgate import hyperfine FILE'
printf 'command,mean,stddev,median,user,system,min,max\nold,0.2,0.01,0.2,0.1,0.1,0.19,0.21\n' >h.csv
stranger h.csv "hyperfine's --export-csv" 'svcgate import hyperfine FILE'
printf '[{ "name": "p95", "unit": "ms", "value": 12.3 }]' >action.json
stranger action.json 'github-action-benchmark' 'variant,metric,value'
printf '"Benchmark","Mode","Threads","Samples","Score"\n"a.B",avgt,1,5,"0,012"\n' >jmh.csv
stranger jmh.csv 'JMH' 'the score'
printf '{"benchmarks": [{"name": "x", "stats": {"mean": 0.01}}]}' >pytest.json
stranger pytest.json 'pytest-benchmark' 'stats.median'
printf '{"latencies": {"mean": 11, "95th": 16}, "requests": 1500}' >vegeta.json
stranger vegeta.json 'vegeta' 'unit ns'
printf '{"summary": {}, "latencyPercentiles": {"p95": 0.02}}' >oha.json
stranger oha.json 'oha' 'latencyPercentiles.p95'
printf 'Running 5s test\n  Thread Stats   Avg\nRequests/sec:   8000.10\n' >wrk.txt
stranger wrk.txt 'wrk' 'Requests/sec'
printf 'Type,Name,Request Count,Failure Count,95%%\nGET,/,1,0,5\n' >locust.csv
stranger locust.csv 'Locust' 'unit ms'

claim "a file of one's own with a mistake is told by the mistake"
printf 'variant,metric,value\nbase,http_reqs ns/op Benchmark,fast\n' >own.csv
stranger own.csv 'own.csv:2:' '"fast" is not a finite number'

done_testing
