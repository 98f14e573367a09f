#!/usr/bin/env bash
# How noisy real repetitions of unchanged code are (bench/data), raw and with the host's noise taken out,
# and what the gate says of sessions made of them (tests/sim). Markdown; sessions of the same service,
# rate and window are taken together. NOISE_SESSIONS: drawn for every cell.
set -euo pipefail
shopt -s nullglob
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sim=${SVCGATE_SIM:-build/release/tests/sim}
sessions=${NOISE_SESSIONS:-1200}

files=(bench/data/{,asleep/,sliced/}*-*-*-*.csv)
if ((${#files[@]} == 0)); then
    echo "bench/data has no sessions yet; to make one: bash bench/collect.sh go 200 1"
    exit 0
fi
for group in $(printf '%s\n' "${files[@]%-*}" | sort -u); do
    IFS=- read -r service rate window <<<"$(basename "$group")"
    case $group in
        */asleep/*) how=', CPUs not kept awake' ;;
        */sliced/*) how=', side by side' ;;
        *) how='' ;;
    esac
    printf '## %s, %s requests/s, windows of %s%s\n\n' "$service" "$rate" "$window" "$how"
    nice "$sim" blocks "$group"-*.csv --sessions "$sessions"
    # Control variates that know nothing may cost little where noise is small. A bound that is missed
    # is marked in the table, and is no error here.
    printf '\nThe same with control variates that know nothing, on a quiet host:\n\n'
    nice "$sim" blocks "$group"-*.csv --sessions "$sessions" --quiet-data --noise 3% || (($? == 1))
    echo
done
