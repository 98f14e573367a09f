#!/usr/bin/env bash
# Runs within a machine that run.sh made, as a user with sudo: doctor, an unchanged pair, a crash. Lines that begin
# with `result:` are for the table; what is kept is in /tmp/vm. Exit 1 when a verdict is not the right one.
set -uo pipefail
kept=/tmp/vm
mkdir -p "$kept/answers"
cd /srv/tests/vm || exit 1
CODE=0

result() { printf 'result: %s\n' "$*"; }

wrong() {
    result "WRONG $*"
    CODE=1
}

engine() { curl -s --unix-socket /var/run/docker.sock "http://localhost$1"; } # PATH

# What the engine answers about itself and about a container; unit tests have such answers as fixtures.
record_answers() {
    local id
    docker network create vm >/dev/null
    id=$(docker run -d --rm --cpus 1 --memory 128m --network vm svcgate-demo/go:1)
    sleep 5
    engine /info >"$kept/answers/info.json"
    engine /version >"$kept/answers/version.json"
    engine "/containers/$id/json" >"$kept/answers/container.json"
    engine "/containers/$id/stats?stream=false&one-shot=true" >"$kept/answers/stats.json"
    docker kill "$id" >/dev/null
    docker network rm vm >/dev/null
}

# Its exit status is one of those that are right here.
session() { # NAME "STATUS..." OPTION...
    local code=0
    svcgate run --keep-awake sudo --out "$kept/$1" "${@:3}" >"$kept/$1.out" 2>&1 || code=$?
    cat "$kept/$1.out"
    result "$1: exit $code, $(grep -m 1 -o -E '^(PASS|FAIL|INCONCLUSIVE|INVALID).*' "$kept/$1.out")"
    [[ " $2 " == *" $code "* ]] || wrong "$1: exit $code instead of $2"
}

sudo docker load --quiet --input /srv/images.tar || exit 1
record_answers
result "$(docker info --format '{{.ServerVersion}}, {{.Driver}}, cgroup v{{.CgroupVersion}} by {{.CgroupDriver}}, kernel {{.KernelVersion}}')"
result "compose $(docker compose version --short), svcgate $(svcgate --version | head -n 1)"

export SVCGATE_IMAGE_K6=svcgate-built/k6 SVCGATE_IMAGE_PROMETHEUS=svcgate-built/prometheus
export SVCGATE_IMAGE_CADVISOR=svcgate-built/cadvisor
for name in K6 PROMETHEUS CADVISOR; do
    row=$(docker images --format '{{.Repository}}:{{.Tag}}' | grep -m 1 -i "/$name:")
    export "SVCGATE_IMAGE_$name=$row"
done

(cd /tmp && svcgate doctor --keep-awake sudo) || wrong "doctor: exit $?"
# Emulation is slow, so what an unchanged pair may get is anything but a fail or an invalid measurement.
session unchanged "0 2" --config svcgate.yaml
session crash "1" --config crash.yaml
exit "$CODE"
