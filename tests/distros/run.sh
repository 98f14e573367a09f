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
DAYS=7 # the development distribution moves on, the others get corrections

CHILD= # what runs now
HELD=  # the distribution whose root is this run's

say() { printf 'distros: %s\n' "$*" >&2; }

die() { # WHAT WHAT-TO-DO
    printf 'distros: error: %s\n         %s\n' "$1" "$2" >&2
    exit 1
}

# Runs a command that a signal to this script ends at once.
child() { # COMMAND...
    local code=0
    "$@" </dev/null &
    CHILD=$!
    wait "$CHILD" || code=$?
    CHILD=
    return "$code"
}

# In mount and process namespaces of its own: the kernel unmounts and ends all of it with its first process.
enclosed() { # COMMAND...
    child unshare --mount --pid --fork --kill-child --propagation private -- "$@"
}

leave() {
    trap '' INT TERM
    if [[ -n $CHILD ]]; then
        kill -KILL "$CHILD" 2>/dev/null || true
        wait "$CHILD" 2>/dev/null || true
    fi
    drop_root
}

# --- roots ----------------------------------------------------------------------------------------

# The archive in this machine's apt sources, in whatever format they are; nothing on another distribution
# than Debian, where mmdebstrap takes Debian's own.
mirror() {
    # shellcheck source=/dev/null
    . /etc/os-release
    [[ ${ID:-} == debian ]] || return 0
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --format '$(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk -v own="${VERSION_CODENAME:-none}" \
            '$1 == "main" && ($2 == own || $2 ~ /^(stable|testing|unstable|sid)$/) {print $3; exit}'
}

root_is_recent() { # NAME
    [[ -n $(find "$CACHE/distros" -name "$1.tar" -mtime "-$DAYS") ]] &&
        [[ $(cat "$CACHE/distros/$1.pins" 2>/dev/null) == "${PACKAGES[*]}" ]]
}

root_ready() { # NAME
    local folder=$CACHE/distros start=$SECONDS proxy=() words PROXY=
    if root_is_recent "$1"; then return; fi
    say "$1: making a root with mmdebstrap"
    eval "$(apt-config shell PROXY Acquire::http::Proxy)"
    if [[ -n $PROXY ]]; then proxy=(--aptopt="Acquire::http::Proxy \"$PROXY\""); fi
    words=$(IFS=, && echo "${PACKAGES[*]}")
    # The lists of a mirror that stands still may be older than they allow.
    enclosed mmdebstrap --mode=root --variant=apt --components=main "${proxy[@]}" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Retries "3"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --include="$words" "$1" "$folder/$1.new.tar" "${MIRROR[@]}" >"$LOGS/$1.root.log" 2>&1 || {
        tail -n 20 "$LOGS/$1.root.log" >&2
        die "no root of $1; the end of $LOGS/$1.root.log is above" "check the way to the package archive"
    }
    mv "$folder/$1.new.tar" "$folder/$1.tar"
    printf '%s' "${PACKAGES[*]}" >"$folder/$1.pins"
    say "$1: made it in $((SECONDS - start)) s"
}

# The files that git tracks and those that it would, as they are in the work tree.
copy_sources() { # FOLDER
    mkdir -p "$1"
    (cd "$ROOT" && git ls-files -z -co --exclude-standard --deduplicate) |
        tar -C "$ROOT" --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -C "$1" --no-same-owner -xf -
}

# --- one distribution -----------------------------------------------------------------------------

# What a run that was killed has started keeps the lock as long as it lives.
hold_root() { # NAME
    exec {LOCK}>"$CACHE/distros/$1.lock"
    flock -n "$LOCK" || die "$1: another run has this root" "wait for it"
    HELD=$1
}

drop_root() {
    [[ -n $HELD ]] || return 0
    rm -rf --one-file-system "$CACHE/distros/$HELD" "$CACHE/distros/$HELD.new.tar"
    exec {LOCK}>&-
    HELD=
}

# A root for one run: unpacked, with the sources, thrown away afterwards.
try_distro() { # NAME
    local root=$CACHE/distros/$1 code=0
    hold_root "$1"
    rm -rf --one-file-system "$root" # of a run that was killed
    root_ready "$1"
    mkdir -p "$root"
    child tar -C "$root" -xf "$CACHE/distros/$1.tar"
    copy_sources "$root/svcgate"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
    say "$1: building with GCC and with Clang, testing"
    enclosed "$HERE/enter.sh" "$root" "$CACHE/distros/ccache" >"$LOGS/$1.log" 2>&1 || code=$?
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
    mkdir -p "$LOGS" "$CACHE/distros/ccache"
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
