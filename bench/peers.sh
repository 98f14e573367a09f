#!/usr/bin/env bash
# What other tools' rules say on the very sessions that svcgate judges (docs/peers.md): tables in
# Markdown on standard output. With --into FILE they replace what is between the marks of FILE.
# PEERS_SESSIONS=5000 sessions a noise and effect take about five minutes on two cores.
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=bench/peers/tools.sh
. "$ROOT/bench/peers/tools.sh"

benchstat_ready
otava_ready
judge_ready
PYTHONDONTWRITEBYTECODE=1 nice -n 19 "$PYTHON" "$ROOT/bench/peers/compare.py" "$@"
