#!/usr/bin/env bash
# How long `svcgate judge` takes for 10,000 metrics of 21 + 21 repetitions, and how much memory,
# beside benchstat and Apache Otava on the same numbers in one run; how all of them grow. Markdown.
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=bench/peers/tools.sh
. "$ROOT/bench/peers/tools.sh"

export SVCGATE=${SVCGATE:-$BUILD/svcgate}
[[ -x $SVCGATE ]] || die "$SVCGATE is missing" "run: ./dev bench judge"
benchstat_ready
otava_ready
PYTHONDONTWRITEBYTECODE=1 "$PYTHON" "$ROOT/bench/peers/speed.py" "$@"
