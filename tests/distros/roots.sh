# shellcheck shell=bash
# Roots of Debian's distributions, made by mmdebstrap from the archive that this machine installs from, and kept as
# one archive each for a week. Sourced by scripts that define ROOT (of the sources), FOLDER (where roots are kept),
# LOGS, PACKAGES, OPTIONS (more words for mmdebstrap) and NAME (of the script, for what it says).

DAYS=7 # the development distribution moves on, the others get corrections
CHILD= # what runs now
HELD=  # the distribution whose root is this run's

say() { printf '%s: %s\n' "$NAME" "$*" >&2; }

die() { # WHAT WHAT-TO-DO
    printf '%s: error: %s\n         %s\n' "$NAME" "$1" "$2" >&2
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
    [[ -n $(find "$FOLDER" -name "$1.tar" -mtime "-$DAYS") ]] &&
        [[ $(cat "$FOLDER/$1.pins" 2>/dev/null) == "${PACKAGES[*]}" ]]
}

root_ready() { # NAME
    local start=$SECONDS proxy=() words PROXY=
    if root_is_recent "$1"; then return; fi
    say "$1: making a root with mmdebstrap"
    eval "$(apt-config shell PROXY Acquire::http::Proxy)"
    if [[ -n $PROXY ]]; then proxy=(--aptopt="Acquire::http::Proxy \"$PROXY\""); fi
    words=$(IFS=, && echo "${PACKAGES[*]}")
    # The lists of a mirror that stands still may be older than they allow.
    enclosed mmdebstrap --mode=root --variant=apt --components=main "${proxy[@]}" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Retries "3"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        "${OPTIONS[@]}" --include="$words" "$1" "$FOLDER/$1.new.tar" "${MIRROR[@]}" >"$LOGS/$1.root.log" 2>&1 || {
        tail -n 20 "$LOGS/$1.root.log" >&2
        die "no root of $1; the end of $LOGS/$1.root.log is above" "check the way to the package archive"
    }
    mv "$FOLDER/$1.new.tar" "$FOLDER/$1.tar"
    printf '%s' "${PACKAGES[*]}" >"$FOLDER/$1.pins"
    say "$1: made it in $((SECONDS - start)) s"
}

# The files that git tracks and those that it would, as they are in the work tree.
copy_sources() { # FOLDER
    mkdir -p "$1"
    (cd "$ROOT" && git ls-files -z -co --exclude-standard --deduplicate) |
        tar -C "$ROOT" --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -C "$1" --no-same-owner -xf -
}

# What a run that was killed has started keeps the lock as long as it lives.
hold_root() { # NAME
    exec {LOCK}>"$FOLDER/$1.lock"
    flock -n "$LOCK" || die "$1: another run has this root" "wait for it"
    HELD=$1
}

drop_root() {
    [[ -n $HELD ]] || return 0
    rm -rf --one-file-system "${FOLDER:?}/$HELD" "$FOLDER/$HELD.new.tar"
    exec {LOCK}>&-
    HELD=
}
