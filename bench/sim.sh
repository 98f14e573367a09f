#!/usr/bin/env bash
# The long simulation of the judge (tests/sim): prints its tables and renews docs/operating-characteristics.md
# and the summary in docs/method.md. The numbers come from fixed seeds: they change when the judge does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sim=${SVCGATE_SIM:-build/release/tests/sim}
report=$(mktemp)
trap 'rm -f "$report" "$report.part" "$report.page"' EXIT

# Replaces what stands between the lines <!-- sim --> and <!-- /sim --> of a page.
renew() { # PAGE TEXT
    awk -v text="$2" '
        /^<!-- \/sim -->$/ { inside = 0 }
        !inside { print }
        /^<!-- sim -->$/ { while ((getline line < text) > 0) print line; inside = 1 }' "$1" >"$report.page"
    cat "$report.page" >"$1"
}

code=0
"$sim" report >"$report" || code=$?
cat "$report"
((code <= 1)) || exit "$code"
renew docs/operating-characteristics.md "$report"
awk '{ print } /^$/ { exit }' "$report" >"$report.part"
renew docs/method.md "$report.part"
exit "$code"
