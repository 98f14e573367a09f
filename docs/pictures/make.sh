#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Renews the pictures of docs/reading-the-report.md from two real sessions that lie beside this script:
#
#   unchanged.csv   48 repetitions of one image that was measured against itself (windows of 20 s)
#   larger-answer/  the demo's Go service against itself with answers of three times the size (windows of 3 s);
#                   a bundle without what its pictures do not need
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
svcgate=${SVCGATE:-$here/../../build/release/svcgate}
limit=60000 # bytes a picture

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

judge() { # NAME WORD... : a verdict that is no pass is no mistake here
    local code=0
    "$svcgate" judge "${@:2}" --format "svg:$work/$1" || code=$?
    ((code <= 3)) || exit "$code"
}

judge unchanged "$here/unchanged.csv" --reference base --covariate generator_cpu_per_request \
    --gate cpu_per_request:tolerance=5% --gate latency_p99:tolerance=10%
judge larger "$here/larger-answer"

for picture in unchanged/gate-cpu_per_request unchanged/gate-latency_p99 larger/gate-network_tx_per_request \
    larger/latency larger/cpu larger/memory; do
    size=$(stat -c %s "$work/$picture.svg")
    ((size < limit)) || { echo "$picture.svg has $size bytes; the limit is $limit" >&2; exit 1; }
    cp "$work/$picture.svg" "$here/${picture/\//-}.svg"
done
