#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# doctor, up, down and clean: what they answer and what they take away, on the fake bench.
# shellcheck source=tests/cli/fake.sh
. "$(dirname "$0")/fake.sh"

# What exists, one word for each owner.
there() {
    find "$SG_FAKE/world" -type f -printf '%f\n' | sed 's/\.[a-z]*$//; s/^svcgate-2.*/session/' | sort -u | paste -sd ' '
}

# A session that died in its middle.
dead_session() {
    script 'kill load:4'
    { "$SVCGATE" run --quiet --out killed || true; } >"$WORK/.out" 2>&1
    passes
}

claim "doctor is 0 where everything is fine or only measures worse"
script 'check engine ok Docker 28' 'check cgroups warn version 1: no pressure'
run 0 doctor --quick
out_has '✓ engine           Docker 28' '! cgroups          version 1: no pressure' 'This machine can measure.'

claim "doctor is 5 where one thing must be repaired, whatever else is fine"
script 'check engine ok Docker 28' 'check images bad k6 is not there: docker pull it' 'check clock ok in step'
run 5 doctor --quick
out_has '✗ images           k6 is not there: docker pull it' '✓ clock' 'This machine cannot measure yet'
run 5 doctor
if grep -q coupling "$WORK/.out"; then fail "it measured on a machine that cannot measure"; fi

claim "doctor is 4 where the configuration alone must be repaired, 5 where the machine must too"
script 'check engine ok Docker 28' 'check stack usage required variable TOKEN is missing a value'
run 4 doctor --quick
out_has '✗ stack            required variable TOKEN' 'This machine can measure, but not this stack yet'
script 'check images bad k6 is not there' 'check stack usage required variable TOKEN is missing a value'
run 5 doctor --quick

claim "doctor measures the coupling, not with --quick, and keeps it for sessions of the same load"
script 'check engine ok Docker 28' 'at * coupled 0.2'
run 0 doctor --quick
if grep -q coupling "$WORK/.out"; then fail "--quick starts something"; fi
no_file "$XDG_CACHE_HOME/svcgate/coupling.json"
run 0 doctor
out_has '✓ coupling' 'kept for sessions of this load'
[[ -s $XDG_CACHE_HOME/svcgate/coupling.json ]] || fail "it is not kept"
is "" "$(there)" "what is left"
rm "$XDG_CACHE_HOME/svcgate/coupling.json"

claim "a coupling that cannot be measured is no error: the usual is assumed"
script 'check engine ok Docker 28' 'fail load network'
run 0 doctor
out_has '! coupling' 'not measured, the usual is assumed'

claim "clean takes what a dead session left, and spares what up started"
passes
run 0 up
out_has 'svcgate down'
dead_session
is "session svcgate-up" "$(there)" "what exists"
run 0 clean
out_has 'containers, networks, volumes and images removed'
is svcgate-up "$(there)" "what is left"
run 0 clean
out_has '0 containers'

claim "clean --all takes that too"
dead_session
run 0 clean --all
is "" "$(there)" "what is left"

claim "clean beside a running session is refused, and takes nothing"
dead_session
exec 9>"$SG_FAKE/lock"
flock 9
run 5 clean
err_has 'another svcgate session measures on this host'
is session "$(there)" "what exists"
exec 9>&-
run 0 clean
is "" "$(there)" "what is left"

claim "down removes what up started, and nothing else"
dead_session
run 0 up
run 0 down
is session "$(there)" "what is left"

claim "a failure of the engine is exit 5 on each of them"
for verb in up down clean; do
    script "fail $verb environment"
    run 5 "$verb"
    silent out
done

done_testing
