#!/usr/bin/env bash
# The demo's stored baseline, baselines/demo.json: sessions of its reference, the Go service, with the demo's own
# load and gates.
#
#   bash bench/demo_baseline.sh [SESSIONS]      how many are added, by default 6; about a minute each
#
# Environment: SVCGATE, a binary. Not executable, so that `./dev bench` leaves it alone. The demo's images are
# needed (./dev demo makes them), and an engine (./dev engine start). What tells one machine from others of its
# kind, its name and the builder's mark on its kernel, is left out.
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/.."
svcgate=${SVCGATE:-build/release/svcgate}
file=${BASELINE:-baselines/demo.json}

# The demo with its reference alone. It lies beside the demo's own, whose paths it has.
write_config() { # PATH
    sed -e '/^  c: /d' -e '/^  node: /d' -e '/^reference:/s/.*/baseline: none.json/' testbench/demo/svcgate.yaml >"$1"
}

hide_machine() { # SESSION.JSON
    python3 - "$1" <<'PYTHON'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    session = json.load(file)
session["facts"] = [fact for fact in session["facts"] if fact["name"] not in ("host", "kernel release")]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(session, file)
PYTHON
}

# Alone it is inconclusive: there is nothing to compare with.
add_session() { # CONFIG BUNDLE
    local code=0
    rm -rf "$2"
    "$svcgate" run --config "$1" --out "$2" --no-accepted --wait 1h >/dev/null || code=$?
    ((code == 2)) || { echo "demo_baseline: svcgate run ended with exit code $code; nothing was kept" >&2; exit 1; }
    hide_machine "$2/session.json"
    "$svcgate" baseline save "$file" "$2"
}

count=${1:-6}
[[ $# -le 1 && $count =~ ^[1-9][0-9]*$ ]] || { sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 4; }
config=testbench/demo/reference-alone.yaml
bundle=$(mktemp -d)
trap 'rm -rf "$bundle" "$config"' EXIT
write_config "$config"
for ((i = 0; i < count; i++)); do add_session "$config" "$bundle/session"; done
"$svcgate" baseline show "$file" --config "$config"
