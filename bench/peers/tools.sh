# shellcheck shell=bash
# Other people's programs for the benchmarks: fetched once from their registries, in fixed versions,
# and kept in the cache. Sourced by bench/peers.sh and bench/judge.sh, which set ROOT.

CACHE=${SVCGATE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/svcgate}
BUILD=${BUILD:-$ROOT/build/release}
BENCHSTAT_VERSION=v0.0.0-20260908200009-22c9c6c9d4da # golang.org/x/perf
OTAVA_VERSION=0.8.0                                  # apache-otava; brings NumPy and SciPy along

say() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2; }

die() { # WHAT WHAT-TO-DO
    printf '%s: error: %s\n     %s\n' "$(basename "$0" .sh)" "$1" "$2" >&2
    exit 1
}

at_least() { # VERSION MINIMUM
    [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$2" ]]
}

packages_install() { die "missing: $*" "install these (Debian's names), or run ./dev bench as root"; }

# shellcheck source=testbench/images/go.sh
. "$ROOT/testbench/images/go.sh"

# Runs a command whose output matters only when it fails.
quietly() { # WHAT WHAT-TO-DO COMMAND...
    local log
    mkdir -p "$CACHE/log"
    log=$CACHE/log/bench-tools.log
    "${@:3}" >"$log" 2>&1 || {
        tail -n 15 "$log" >&2
        die "$1; the end of $log is above" "$2"
    }
}

# Sets BENCHSTAT.
benchstat_ready() {
    local folder=$CACHE/bench/benchstat-$BENCHSTAT_VERSION
    BENCHSTAT=$folder/benchstat
    export BENCHSTAT
    [[ ! -x $BENCHSTAT ]] || return 0
    go_ready
    say "fetching and building benchstat"
    mkdir -p "$folder"
    quietly "benchstat could not be fetched or built" "check the way to the Go module proxy (GOPROXY)" \
        env GOBIN="$folder" "$GO" install "golang.org/x/perf/cmd/benchstat@$BENCHSTAT_VERSION"
}

# Sets OTAVA and PYTHON, which has NumPy and SciPy.
otava_ready() {
    local folder=$CACHE/bench/otava-$OTAVA_VERSION
    OTAVA=$folder/bin/otava
    PYTHON=$folder/bin/python
    export OTAVA PYTHON
    [[ ! -e $folder/ready ]] || return 0
    say "fetching Apache Otava, NumPy and SciPy"
    rm -rf "$folder"
    quietly "no virtual environment for Python could be made" "install python3-venv" \
        python3 -m venv "$folder"
    quietly "Apache Otava could not be fetched" "check the way to the Python package index" \
        "$PYTHON" -m pip install --quiet --disable-pip-version-check "apache-otava==$OTAVA_VERSION"
    touch "$folder/ready"
}

# Sets VERDICTS and SIM, built from this tree.
judge_ready() {
    local library libraries=()
    SIM=$BUILD/tests/sim
    VERDICTS=$BUILD/verdicts
    export SIM VERDICTS
    [[ -x $SIM ]] || die "$SIM is missing" "run: ./dev bench peers"
    for library in judge record stats json base; do libraries+=("$BUILD/lib$library.a"); done
    quietly "bench/peers/verdicts.c does not compile" "the compiler's words are above" \
        "${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -Wall -Wextra -O2 -I"$ROOT/lib" -o "$VERDICTS" \
        "$ROOT/bench/peers/verdicts.c" "${libraries[@]}" -lcjson -lm
}
