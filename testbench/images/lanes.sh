# shellcheck shell=bash
# More private Docker engines beside the first, for tests with containers that run side by side: one
# session at a time is the rule of an engine, so each lane has an engine of its own. Sourced by ./dev.
#
# Only where the first engine is private too. Lanes belong to one ./dev at a time, which starts and
# stops them; their images are copies of the first engine's and stay in the cache.

LANES_ENDED=yes
declare -a LANES # the address of each lane's engine

lane_folder() { echo "$CACHE/lane-$1"; } # NUMBER

# Runs one of engine.sh's functions on another engine of ours.
on_lane() { # NUMBER COMMAND...
    local ENGINE ENGINE_SOCKET ENGINE_HELD=yes DOCKER_HOST
    # Networks of two engines must not have the same addresses.
    # shellcheck disable=SC2034 # engine_launch reads it
    local ENGINE_OPTIONS=(--default-address-pool "base=10.$((200 + $1)).0.0/16,size=24")
    ENGINE=$(lane_folder "$1")
    ENGINE_SOCKET=$ENGINE/docker.sock
    export DOCKER_HOST=unix://$ENGINE_SOCKET
    "${@:2}"
}

# Starts the lanes and gives them the images. LANES has their addresses afterwards, the first
# engine's first.
lanes_begin() { # HOW-MANY
    local lane
    LANES=("${DOCKER_HOST:-}")
    if (($1 < 2)) || [[ $ENGINE_HELD != yes ]]; then return; fi
    exec 7<>"$CACHE/lanes.lock"
    flock -n 7 || { say "waiting for another ./dev test"; flock 7; }
    LANES_ENDED=no
    say "starting $(($1 - 1)) more private Docker engines"
    for ((lane = 2; lane <= $1; lane++)); do # one after the other: they make the same chains of iptables
        install -d -m 700 "$(lane_folder "$lane")"
        on_lane "$lane" engine_answers || on_lane "$lane" engine_launch 7>&-
        on_lane "$lane" engine_ready
        lane_images "$lane"
        LANES+=("unix://$(lane_folder "$lane")/docker.sock")
    done
}

lane_images() { # NUMBER
    local names=("$NODE_BASE" svcgate-demo/{c,go,node}:1 "$STACK_IMAGE") name missing=()
    for name in $(image_names); do
        name=SVCGATE_IMAGE_${name^^}
        if [[ -n ${!name:-} ]]; then names+=("${!name}"); fi
    done
    for name in "${names[@]}"; do
        if [[ $(image_id "$name") != "$(on_lane "$1" image_id "$name")" ]]; then missing+=("$name"); fi
    done
    if ((${#missing[@]})); then
        docker save "${missing[@]}" | on_lane "$1" docker load --quiet >/dev/null
        on_lane "$1" docker image prune --force >/dev/null
    fi
}

image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null || true; } # REFERENCE

lanes_end() {
    local folder
    [[ $LANES_ENDED == no ]] || return 0
    LANES_ENDED=yes
    for folder in "$CACHE"/lane-*; do
        if [[ -d $folder ]]; then on_lane "${folder##*-}" engine_sweep; fi
    done
    flock -u 7
}

# The lanes as ctest wants them: each has room for one test.
lanes_specification() { # FILE
    local lane list=''
    for ((lane = 1; lane <= ${#LANES[@]}; lane++)); do list+="${list:+, }{\"id\": \"$lane\", \"slots\": 1}"; done
    printf '{"version": {"major": 1, "minor": 0}, "local": [{"engines": [%s]}]}\n' "$list" >"$1"
}
