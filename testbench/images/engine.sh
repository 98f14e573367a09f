# shellcheck shell=bash
# The Docker engine of ./dev: one that answers is used as it is; otherwise a private dockerd lives in
# the cache, with its own data, socket and no default bridge. Sourced by ./dev, which defines CACHE
# and say, die, as_root.
#
# Several ./dev at once share the private engine. Each holds a shared lock on `users`; whoever leaves
# last stops the engine, unless `./dev engine start` left the file `keep`. Starting and stopping
# happen under `lock`, so nobody gets an engine that is about to go. The kernel drops the locks of a
# killed process.

ENGINE=$CACHE/engine
ENGINE_SOCKET=$ENGINE/docker.sock
ENGINE_HELD=no
ENGINE_OPTIONS=() # more of dockerd's, where it is started
COMPOSE_NEEDED=2.24.0 # `configs: content:` and `!reset`

engine_answers() {
    timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# True if the engine that docker would speak to without us can be used.
engine_given() {
    if [[ -n ${DOCKER_HOST:-} && $DOCKER_HOST != "unix://$ENGINE_SOCKET" ]]; then
        engine_answers || die "no Docker engine answers at DOCKER_HOST=$DOCKER_HOST" \
            "start it, or unset DOCKER_HOST to use a local or a private one"
        return 0
    fi
    [[ -z ${DOCKER_HOST:-} ]] && engine_answers
}

# Chooses the engine and starts the private one if need be, without waiting until it answers.
engine_begin() {
    engine_given && return
    install -d -m 700 "$ENGINE" # the socket is for our group, which others may be in
    ((${#ENGINE_SOCKET} < 100)) || die "$ENGINE_SOCKET is too long for a socket" \
        "set SVCGATE_CACHE to a shorter folder"
    export DOCKER_HOST=unix://$ENGINE_SOCKET
    exec 8<>"$ENGINE/users" 9<>"$ENGINE/lock"
    flock -w 120 9 || die "another ./dev has been starting or stopping the engine for two minutes" \
        "look at $ENGINE/dockerd.log"
    if ! engine_answers; then
        say "starting a private Docker engine"
        engine_launch
    fi
    flock -s 8
    flock -u 9
    ENGINE_HELD=yes
}

engine_launch() {
    as_root true
    engine_sweep
    # The descriptors of the locks stay with us: the daemon outlives this process.
    as_root setsid -f dockerd --data-root "$ENGINE/data" --exec-root "$ENGINE/exec" \
        --pidfile "$ENGINE/dockerd.pid" --host "$DOCKER_HOST" --group "$(id -g)" --bridge=none "${ENGINE_OPTIONS[@]}" \
        </dev/null >"$ENGINE/dockerd.log" 2>&1 8>&- 9>&-
}

# Waits until the engine answers, 60 s at most. One that was killed under load may not bear what it kept of
# its networks, and end at once; these networks are nobody's any more.
engine_ready() {
    [[ $ENGINE_HELD == yes ]] || return 0
    local try again=yes
    for ((try = 0; try < 240; try++)); do
        engine_answers && return
        if ((try > 20)) && ! engine_pid dockerd.pid dockerd >/dev/null; then
            [[ $again ]] || break
            again=
            say "the private Docker engine ended at its start: starting it again without its old networks"
            as_root rm -rf "$ENGINE/data/network"
            engine_launch
        fi
        sleep 0.25
    done
    grep -v 'level=info' "$ENGINE/dockerd.log" | tail -n 8 >&2
    die "the private Docker engine did not start; what $ENGINE/dockerd.log says is above" \
        "start an engine yourself and set DOCKER_HOST"
}

# Prints the process id in one of our pid files if that process is alive and ours.
engine_pid() { # FILE NAME
    local pid
    pid=$(cat "$ENGINE/$1" 2>/dev/null || as_root cat "$ENGINE/$1" 2>/dev/null) || return 1
    [[ $(2>/dev/null tr '\0' ' ' <"/proc/$pid/cmdline") == *"$2"*"$ENGINE/"* ]] && echo "$pid"
}

# Ends what a killed engine left: a daemon that no longer answers, its containerd, their pid files.
engine_sweep() {
    engine_end dockerd.pid dockerd
    engine_end exec/containerd/containerd.pid containerd
    as_root rm -f "$ENGINE_SOCKET" "$ENGINE/dockerd.pid" "$ENGINE/exec/containerd/containerd.pid"
}

engine_end() { # PIDFILE NAME
    local pid try
    pid=$(engine_pid "$1" "$2") || return 0
    as_root kill "$pid" 2>/dev/null || return 0
    for ((try = 0; try < 100; try++)); do
        engine_pid "$1" "$2" >/dev/null || return 0
        sleep 0.2
    done
    say "$2 (process $pid) does not stop: killing it"
    as_root kill -9 "$pid" 2>/dev/null || true
}

# At the end of every ./dev. Stops the private engine if nobody else is using it.
engine_release() {
    [[ $ENGINE_HELD == yes ]] || return 0
    ENGINE_HELD=no
    flock -w 120 9 || return 0
    flock -u 8
    if [[ ! -e $ENGINE/keep && ${SVCGATE_KEEP_ENGINE:-0} != 1 ]] && flock -n -x 8; then
        engine_sweep
        flock -u 8
    fi
    flock -u 9
}

engine_keep() {
    if [[ $ENGINE_HELD == yes ]]; then touch "$ENGINE/keep"; fi
}

# Removes the engine's data, with what a killed engine may have left mounted there.
engine_remove() {
    local target
    engine_stop
    while read -r _ target _; do
        if [[ $target == "$ENGINE"/* ]]; then echo "$target"; fi
    done </proc/mounts | sort -r | while read -r target; do as_root umount -l "$target"; done
    as_root rm -rf "$ENGINE"
}

engine_stop() {
    [[ -d $ENGINE ]] || { say "no private engine here"; return; }
    rm -f "$ENGINE/keep"
    exec 8<>"$ENGINE/users" 9<>"$ENGINE/lock"
    flock -w 120 9 || die "another ./dev is starting or stopping the engine" "try again"
    if flock -n -x 8; then
        engine_sweep
        say "the private engine is stopped"
    else
        say "another ./dev is using the engine; the last one stops it"
    fi
}

# The exports with which other commands use the same engine, compose and images.
engine_env() {
    local name
    for name in DOCKER_HOST DOCKER_CONFIG; do
        if [[ -n ${!name:-} ]]; then printf 'export %s=%q\n' "$name" "${!name}"; fi
    done
    for name in $(image_names); do
        name=SVCGATE_IMAGE_${name^^}
        if [[ -n ${!name:-} ]]; then printf 'export %s=%q\n' "$name" "${!name}"; fi
    done
}

compose_works() {
    local version
    version=$(docker compose version --short 2>/dev/null) && at_least "${version#v}" "$COMPOSE_NEEDED"
}

compose_package() {
    local name version
    for name in docker-compose-v2 docker-compose-plugin docker-compose; do
        version=$(apt-cache policy "$name" 2>/dev/null | awk '$1 == "Candidate:" {print $2}')
        version=${version#*:}
        if [[ -n $version && $version != "(none)" ]] && at_least "${version%%[+~-]*}" "$COMPOSE_NEEDED"; then
            echo "$name"
            return
        fi
    done
    return 1
}

# docker compose, new enough: what is there, the distribution's, or one built from its Go module.
# The last goes into a DOCKER_CONFIG of our own, in which everything else is a link to the user's:
# a plug-in in ~/.docker would change docker for all that the user does.
compose_ready() {
    local own=$CACHE/docker package theirs
    compose_works && return
    if [[ -x $own/cli-plugins/docker-compose ]]; then
        compose_config "$own"
        compose_works && return
    fi
    if package=$(compose_package); then
        packages_install "$package"
        compose_works && return
    fi
    binary_ready compose
    mkdir -p "$own/cli-plugins"
    ln -sfn "$BINARY" "$own/cli-plugins/docker-compose"
    compose_config "$own"
    compose_works || die "docker compose does not work after it was built" \
        "run: DOCKER_CONFIG=$own docker compose version"
}

compose_config() { # OWN
    local theirs=${DOCKER_CONFIG:-${HOME:-/root}/.docker} entry
    if [[ $theirs != "$1" && -d $theirs ]]; then
        for entry in "$theirs"/* "$theirs"/cli-plugins/*; do
            [[ -e $entry && $entry != */cli-plugins && $entry != */docker-compose ]] || continue
            ln -sfn "$entry" "$1/${entry#"$theirs/"}"
        done
    fi
    export DOCKER_CONFIG=$1
}
