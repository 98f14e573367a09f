#!/usr/bin/env bash
# Can noise cancelling hide a regression? Sessions of a demo service against itself with a fault
# (testbench/services), judged raw and with the host's noise taken out. Markdown.
#
#   bash bench/faults.sh all | FAULT…     a session of each, kept in bench/data/faults; then the table
#   bash bench/faults.sh table            the table again, from what is kept
#
# FAULT: cpu-10, cpu-30, cpu-100 (percent more CPU), latency-20 (ms), answers-3 (times the size), close
# (a connection a request). Environment: SERVICE (go), RATE (200), REPETITIONS of each variant (6),
# WARMUP (5s), WINDOW (15s), DESIGN (turns, sliced), FAULTS (bench/data/faults), and SVCGATE, a binary.
# Not executable, so that `./dev bench` leaves it alone. A session takes about six minutes.
set -Eeuo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/.."
svcgate=${SVCGATE:-build/release/svcgate}
kept=${FAULTS:-bench/data/faults}
repetitions=${REPETITIONS:-6}
declare -A faults=(
    [cpu-10]='FAULT_CPU_PERCENT: "10"'
    [cpu-30]='FAULT_CPU_PERCENT: "30"'
    [cpu-100]='FAULT_CPU_PERCENT: "100"'
    [latency-20]='FAULT_LATENCY_MS: "20"'
    [answers-3]='FAULT_RESPONSE_FACTOR: "3"'
    [close]='FAULT_CLOSE: "1"'
)
order=(cpu-10 cpu-30 cpu-100 latency-20 answers-3 close)

usage() {
    sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 4
}

die() { # WHAT WHAT-TO-DO
    printf 'faults: error: %s\n        %s\n' "$1" "$2" >&2
    exit 1
}

# One look, at the end, and gates on what noise cancelling touches.
write_config() { # FOLDER FAULT
    cat >"$1/svcgate.yaml" <<YAML
version: 1
service: { name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 256MiB }
variants:
  base: { image: "svcgate-demo/${SERVICE:-go}:1" }
  faulty: { image: "svcgate-demo/${SERVICE:-go}:1", env: { ${faults[$2]} } }
reference: base
load: { script: "$PWD/testbench/services/load.js", rate: ${RATE:-200}/s, warmup: ${WARMUP:-5s}, measure: ${WINDOW:-15s} }
plan: { design: ${DESIGN:-turns}, repetitions: $repetitions..$repetitions, budget: 24h }
gates:
  - { metric: cpu_per_request, tolerance: 5% }
  - { metric: latency_p50, tolerance: 5% }
  - { metric: latency_p95, tolerance: 5% }
YAML
}

# A fault is there to be found: any verdict will do, but only of a session with all its repetitions. One
# that ended early (a stall of the host looks like a service that does not keep up) is made again.
measure() { # FOLDER FAULT
    local code tries
    write_config "$1" "$2"
    for ((tries = 0; tries < 3; tries++)); do
        rm -rf "$1/bundle"
        code=0
        "$svcgate" run --config "$1/svcgate.yaml" --out "$1/bundle" --wait 1h >&2 || code=$?
        ((code <= 3)) || die "svcgate run ended with exit code $code" "see what it says above; nothing was kept"
        "$svcgate" report "$1/bundle" --format csv >"$1/samples.csv"
        if [[ $(grep -c ,cpu_per_request, "$1/samples.csv") == $((2 * repetitions)) ]]; then
            mkdir -p "$kept"
            mv "$1/samples.csv" "$kept/$2.csv"
            return
        fi
    done
    die "$2: three sessions ended early" "this machine is too busy; nothing was kept of it"
}

judge() { # FILE [OPTION…]
    local code=0
    "$svcgate" judge "$@" --reference base --format json --gate cpu_per_request:tolerance=5% \
        --gate latency_p50:tolerance=5% --gate latency_p95:tolerance=5% || code=$?
    ((code <= 2)) || die "svcgate judge $1 ended with exit code $code" "see what it says above"
}

# Two verdicts of the same samples to rows of the table.
rows() { # FAULT ADJUSTED RAW
    python3 - "$@" <<'PYTHON'
import json, math, sys

fault, adjusted, raw = sys.argv[1], *(json.load(open(path)) for path in sys.argv[2:])


def percent(share):
    return "∞" if share is None else f"{100 * share:+.1f} %".replace("-", "−")


def change(gate):
    low = "−∞" if gate["low"] is None else percent(gate["low"])
    return f"{percent(gate['change'])} [{low}, {percent(gate['high'])}]"


for gate, bare in zip(adjusted["metrics"], raw["metrics"]):
    if not gate["gated"]:
        continue
    cells = [fault, gate["metric"], change(bare), "–", "–", gate.get("adjust_reason") or ""]
    if gate["adjusted"]:
        ratio = math.log1p(gate["change"]) / math.log1p(bare["change"])
        cells[3:5] = change(gate), f"{ratio:.2f}"
    print("|", " | ".join(cells), "|")
PYTHON
}

table() {
    local fault
    echo '| fault | gate | change, raw | change, adjusted | adjusted / raw (logarithms) | not adjusted because |'
    echo '|---|---|---|---|---|---|'
    for fault in "${order[@]}"; do
        [[ -e $kept/$fault.csv ]] || continue
        judge "$kept/$fault.csv" >"$folder/adjusted.json"
        judge "$kept/$fault.csv" --no-adjust >"$folder/raw.json"
        rows "$fault" "$folder/adjusted.json" "$folder/raw.json"
    done
}

(($# > 0)) || usage
[[ $* == all ]] && set -- "${order[@]}"
[[ $* == table ]] && set --
for fault in "$@"; do
    [[ -n ${faults[$fault]:-} ]] || usage
done
[[ -x $svcgate ]] || die "$svcgate is missing" "run: ./dev bench noise, which builds it"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if (($# > 0)); then
    exports=$(./dev engine env)
    eval "$exports"
fi
for fault in "$@"; do
    measure "$folder" "$fault"
done
table
