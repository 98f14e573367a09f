#!/usr/bin/env bash
# Sessions of unchanged code for bench/data (see its README): two variants of the same image.
#
#   bash bench/collect.sh SERVICE RATE SESSIONS      SERVICE: c, go, node; RATE: requests/s
#
# Environment: DESIGN (turns, sliced), REPETITIONS of each variant (18: six blocks), WARMUP (10s), WINDOW
# (30s), and SVCGATE, a binary. Not executable, so that `./dev bench` leaves it alone. A session of the
# default size takes about half an hour. The engine it uses stays until `./dev engine stop`.
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/.."
svcgate=${SVCGATE:-build/release/svcgate}
repetitions=${REPETITIONS:-18}
window=${WINDOW:-30s}
design=${DESIGN:-turns}
data=bench/data
if [[ $design == sliced ]]; then data+=/sliced; fi

usage() {
    sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 4
}

die() { # WHAT WHAT-TO-DO
    printf 'collect: error: %s\n         %s\n' "$1" "$2" >&2
    exit 1
}

# One look, at the end: a session never stops early, whatever it sees.
write_config() { # FOLDER SERVICE RATE
    cat >"$1/svcgate.yaml" <<YAML
version: 1
service: { name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 256MiB }
variants:
  base: { image: "svcgate-demo/$2:1" }
  candidate: { image: "svcgate-demo/$2:1" }
reference: base
load: { script: "$PWD/testbench/services/load.js", rate: $3/s, warmup: ${WARMUP:-10s}, measure: $window }
plan: { design: $design, repetitions: $repetitions..$repetitions, budget: 24h }
YAML
}

next_file() { # SERVICE RATE
    local number=1
    while [[ -e $data/$1-$2-$window-$number.csv ]]; do number=$((number + 1)); done
    echo "$data/$1-$2-$window-$number.csv"
}

# A verdict of any kind will do, but only a session with all its repetitions.
collect() { # FOLDER FILE
    local code=0
    rm -rf "$1/bundle"
    "$svcgate" run --config "$1/svcgate.yaml" --out "$1/bundle" --wait 1h >&2 || code=$?
    ((code <= 2)) || die "svcgate run ended with exit code $code" "see what it says above; nothing was kept"
    "$svcgate" report "$1/bundle" --format csv >"$1/samples.csv"
    [[ $(grep -c ,cpu_per_request, "$1/samples.csv") == $((2 * repetitions)) ]] ||
        die "the session ended before all its repetitions" "see what it says above; nothing was kept"
    mkdir -p "$data"
    mv "$1/samples.csv" "$2"
    echo "$2"
}

[[ $design == turns || $design == sliced ]] || usage
[[ $# == 3 && $1 =~ ^(c|go|node)$ && $2 =~ ^[1-9][0-9]*$ && $3 =~ ^[1-9][0-9]*$ ]] || usage
[[ -x $svcgate ]] || die "$svcgate is missing" "run: ./dev bench noise, which builds it"
exports=$(./dev engine env)
eval "$exports"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
write_config "$folder" "$1" "$2"
for ((i = 0; i < $3; i++)); do
    collect "$folder" "$(next_file "$1" "$2")"
done
