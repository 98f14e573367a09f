#!/usr/bin/env bash
# Builds the tree and runs every test that needs no containers on Debian 12, 13 and the development
# distribution, each in a root of its own: their compilers and libraries are what users have or will
# have. A table says what passed; exit 1 when anything failed. Nightly and by hand: ./dev distros.
#
#   tests/distros/run.sh [NAME...]      bookworm, trixie, sid; all of them without a name
#
# Roots are made by mmdebstrap from the archive that this machine installs from, and kept as one archive
# each in SVCGATE_CACHE for a week. All mounts are made in a mount namespace, so that nothing remains
# mounted, however this ends.
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
CACHE=${SVCGATE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/svcgate}
LOGS=$ROOT/build/distros
DISTROS=(bookworm trixie sid)
PACKAGES=(
    gcc libc6-dev clang ccache cmake ninja-build pkg-config git
    libcurl4-openssl-dev libcjson-dev libfyaml-dev libcmocka-dev
    python3 python3-jsonschema openssl zsh fish mandoc
)
OPTIONS=()
FOLDER=$CACHE/distros
NAME=distros

# shellcheck source=tests/distros/roots.sh
. "$HERE/roots.sh"

leave() {
    trap '' INT TERM
    if [[ -n $CHILD ]]; then
        kill -KILL "$CHILD" 2>/dev/null || true
        wait "$CHILD" 2>/dev/null || true
    fi
    drop_root
}

# --- one distribution -----------------------------------------------------------------------------

# A root for one run: unpacked, with the sources, thrown away afterwards.
try_distro() { # NAME
    local root=$FOLDER/$1 code=0
    hold_root "$1"
    rm -rf --one-file-system "$root" # of a run that was killed
    root_ready "$1"
    mkdir -p "$root"
    child tar -C "$root" -xf "$FOLDER/$1.tar"
    copy_sources "$root/svcgate"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
    say "$1: building with GCC and with Clang, testing"
    enclosed "$HERE/enter.sh" "$root" "$FOLDER/ccache" tests/distros/inside.sh >"$LOGS/$1.log" 2>&1 || code=$?
    cp -f "$root/svcgate/build/result" "$LOGS/$1.result" 2>/dev/null || echo 'state="not run"' >"$LOGS/$1.result"
    drop_root
    if ((code != 0)); then
        FAILED+=("$1")
        grep -E -A 6 ' (error|warning): |^CMake Error|\*\*\*Failed|\*\*\*Timeout|\[  FAILED  \]|FAILED: ' "$LOGS/$1.log" |
            head -n 60 >&2 || true
        say "$1: failed; all of it is in $LOGS/$1.log"
    fi
}

# --- the table ------------------------------------------------------------------------------------

ROW='%-10s %-8s %-8s %-8s %-8s %-7s %-7s %9s %7s %7s %8s  %s\n'

row() { # NAME, with the result's values in variables
    local gcc=- clang=- curl=- fyaml=- cjson=- cmocka=- warnings=- passed=- failed=- skipped=- state=
    # shellcheck source=/dev/null
    . "$LOGS/$1.result"
    # shellcheck disable=SC2059
    printf "$ROW" "$1" "$gcc" "$clang" "$curl" "$fyaml" "$cjson" "$cmocka" "$warnings" "$passed" "$failed" "$skipped" "$state"
}

table() { # NAME...
    local name
    # shellcheck disable=SC2059
    printf "$ROW" distro gcc clang libcurl libfyaml cjson cmocka warnings passed failed skipped ""
    for name in "$@"; do row "$name"; done
    for name in "$@"; do
        sed -n -e 's/^distros: left out/left out:/p' -e '/^skipped: [1-9]/,/^ *$/{/^  /{s/^ */skipped: /;p}}' "$LOGS/$name.log"
    done | sort -u
}

main() {
    local name wanted=("$@")
    ((EUID == 0)) || exec sudo env SVCGATE_CACHE="$CACHE" "$HERE/run.sh" "$@"
    if ((${#wanted[@]} == 0)); then wanted=("${DISTROS[@]}"); fi
    for name in "${wanted[@]}"; do
        [[ " ${DISTROS[*]} " == *" $name "* ]] || die "no such distribution: $name" "known are: ${DISTROS[*]}"
    done
    command -v mmdebstrap >/dev/null || die "mmdebstrap is missing" "install it; ./dev distros does"
    mkdir -p "$LOGS" "$FOLDER/ccache"
    mapfile -t MIRROR < <(mirror)
    FAILED=()
    trap leave EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    for name in "${wanted[@]}"; do try_distro "$name"; done
    table "${wanted[@]}"
    if ((${#FAILED[@]})); then
        say "failed: ${FAILED[*]}"
        exit 1
    fi
}

main "$@"
