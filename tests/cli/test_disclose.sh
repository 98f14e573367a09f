#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a session tells to whoever gets its bundle, its reports or the comment: not the values of variables,
# the host's name, absolute paths, or what a container said before it broke, unless svcgate.yaml asks for it.
# shellcheck source=tests/cli/fake.sh
. "$(dirname "$0")/fake.sh"

formats=(text md comment json junit csv github gitlab-load codequality openmetrics html svg)
mkdir -p elsewhere/private
echo 'export default function () {}' >elsewhere/private/load.js
mkdir -p project/.git project/src
cd project

# Variables with values, and paths outside of the project.
configured() { # REPORT-SECTION
    cat >svcgate.yaml <<END
version: 1
service: { port: 8080 }
variants:
  base: { image: "shop:main", env: { CACHE: hunter2-variant } }
  candidate: { build: $WORK/project/src, env: { CACHE: hunter3-variant } }
load: { script: $WORK/elsewhere/private/load.js, rate: 100/s, env: { USER_KEY: hunter2-load } }
plan: { repetitions: 6, seed: 1 }
gates: [{ metric: latency_p95, tolerance: 5% }]
$1
END
}

measured() { # CODE
    local words=() name
    for name in "${formats[@]}"; do words+=(--format "$name:$WORK/reports/$name"); done
    rm -rf "$WORK/bundle" "$WORK/reports"
    mkdir "$WORK/reports"
    run "$1" run --out "$WORK/bundle" --config "$WORK/project/svcgate.yaml" "${words[@]}"
}

published() {
    run 0 publish "$WORK/bundle" --comment always --check --forge github --repository shop/api --request 7 \
        --commit 3dca65fa3e8d4b3da3f3d056c59aee1c50f41390 --dry-run
    cp "$WORK/.out" "$WORK/reports/published"
}

told() { # TEXT
    grep -rqF -- "$1" "$WORK/bundle" "$WORK/reports" || fail "nobody is told: $1"
}

not_told() { # TEXT
    local found
    found=$(grep -rlF -- "$1" "$WORK/bundle" "$WORK/reports" | tr '\n' ' ' || true)
    [[ -z $found ]] || fail "\"$1\" is told in $found"
}

# Each of these files tells it.
told_in() { # TEXT FILE...
    local place
    for place in "${@:2}"; do
        grep -qF -- "$1" "$WORK/$place" || fail "$place lacks \"$1\""
    done
}

claim "what a service said before it crashed is in the output of run, and in no bundle, report or comment"
configured ""
script 'at variant=candidate exits 3'
measured 1
err_has 'exited with status 3 before it was ready' 'the last words of the service'
published
not_told 'the last words'
told 'exited with status 3'

claim "that is so with --quiet as well"
run 1 run --quiet --out "$WORK/bundle" --format json
err_has 'the last words of the service'

claim "it is told once for each variant and check, as reports do"
script 'at variant=candidate dies 3' # in its warm-up, and again
measured 1
is 1 "$(grep -c 'the last words of the service' "$WORK/.err")" "how often the log is told"

claim "report.log: show puts it into bundle, reports and comment"
configured "report: { log: show }"
script 'at variant=candidate exits 3'
measured 1
published
told_in 'the last words of the service' bundle/{session.json,report.md,report.html,verdict.json} \
    reports/{text,comment,junit,published}

claim "of variables only the names are told"
configured ""
passes
measured 0
published
not_told hunter2
not_told hunter3
told_in 'CACHE=…' bundle/{session.json,report.md,report.html} reports/published

claim "report.env: show tells the values of variants, and never those of the load"
configured "report: { env: show }"
measured 0
published
told_in 'CACHE=hunter2-variant' bundle/{session.json,report.md,report.html} reports/published
not_told hunter2-load

claim "the host's name and absolute paths are told nowhere"
configured ""
measured 0
published
not_told build-7.example
not_told "$WORK"
told load.js

# The fact of that name.
fact() { # NAME
    python3 -c 'import json, sys; print(*(f["value"] for f in json.load(open(sys.argv[1]))["facts"] if f["name"] == sys.argv[2]))' \
        "$WORK/bundle/session.json" "$1"
}

claim "hosts can be told apart all the same"
[[ $(fact host) =~ ^[0-9a-f]{4}$ ]] || fail "the host is told as $(fact host)"

claim "report.host: show tells them"
configured "report: { host: show }"
measured 0
is build-7.example.internal "$(fact host)" "the host"
is "$WORK/elsewhere/private/load.js" "$(fact 'load script')" "the script"
told_in "$WORK" bundle/{session.json,report.md,report.html} reports/comment

claim "the output of run itself has the path of the bundle, to go on with"
configured ""
run 0 run --out "$WORK/bundle" --format text
out_has "$WORK/bundle"

claim "the command to measure again is as it was typed but for absolute paths"
run 0 run --out here --config svcgate.yaml --ready /healthz --quiet --seed 4 --format=md:"$WORK/x.md" --format json
is "svcgate run --out here --config svcgate.yaml --ready /healthz --quiet --seed 4 '--format=md:…/x.md' --format json" \
    "$(value here/session.json command)" "the command"

claim "two variants that differ in a value alone are not called the same image"
configured ""
sed -i 's/candidate:.*/candidate: { image: "shop:main", env: { CACHE: hunter3-variant } }/' svcgate.yaml
measured 0
not_told 'same image'
sed -i 's/hunter3/hunter2/' svcgate.yaml
measured 0
told 'same image'

done_testing
