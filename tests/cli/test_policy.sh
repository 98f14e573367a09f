#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How `run` answers: each verdict's exit status, what policy, observe mode and --bisect make of it, and
# how much more a second attempt must show. Whole sessions on the fake bench.
# shellcheck source=tests/cli/fake.sh
. "$(dirname "$0")/fake.sh"

# A configuration with this policy beside the usual one.
policy() { # POLICY
    { grep -v '^policy' svcgate.yaml; echo "policy: { $1 }"; } >policy.yaml
}

# One variant alone, against a baseline file.
alone() { # POLICY
    policy "$1"
    sed -i 's/^variants.*/variants: { base: "shop:main" }/; $a baseline: stored.json' policy.yaml
}

# An exit status for each of: pass, fail, inconclusive, invalid, no Prometheus, no numbers.
statuses() { # "PASS FAIL INCONCLUSIVE INVALID NETWORK DATA" WORD...
    local codes
    read -ra codes <<<"$1"
    passes; session "${codes[0]}" "${@:2}"
    fails; session "${codes[1]}" "${@:2}"
    undecided; session "${codes[2]}" "${@:2}"
    out_has INCONCLUSIVE
    invalid; session "${codes[3]}" "${@:2}"
    out_has INVALID
    script 'fail load:4 network'; session "${codes[4]}" "${@:2}"
    script 'fail load:4 data'; session "${codes[5]}" "${@:2}"
}

claim "each verdict has its exit status"
statuses "0 1 2 3 5 3"

claim "policy.inconclusive keep, warn and fail map an inconclusive run, and nothing else"
policy "inconclusive: keep"
statuses "0 1 2 3 5 3" --config policy.yaml
policy "inconclusive: warn"
statuses "0 1 0 3 5 3" --config policy.yaml
policy "inconclusive: fail"
statuses "0 1 1 3 5 3" --config policy.yaml

claim "a mistake in svcgate.yaml is exit 4 whatever the policy"
policy "inconclusive: warn, missing_baseline: warn"
sed -i 's/tolerance/tolerence/' policy.yaml
run 4 run --config policy.yaml

claim "the policy is the run's: judge answers plainly"
policy "inconclusive: warn"
undecided
session 0 --config policy.yaml
run 2 judge bundle
run 2 judge bundle --config policy.yaml

claim "policy.missing_baseline maps a lone variant without a baseline file, apart from policy.inconclusive"
passes
alone "inconclusive: fail"
session 2 --config policy.yaml
out_has INCONCLUSIVE
alone "inconclusive: fail, missing_baseline: warn"
session 0 --config policy.yaml
alone "inconclusive: warn, missing_baseline: fail"
session 1 --config policy.yaml

claim "a lone variant whose baseline has too few sessions is inconclusive"
run 0 baseline save stored.json bundle
session 0 --config policy.yaml --no-accepted
out_has INCONCLUSIVE 'are needed'
alone "inconclusive: fail, missing_baseline: warn"
session 1 --config policy.yaml --no-accepted

claim "observe mode is exit 0 for pass, fail and inconclusive, and for nothing else"
statuses "0 0 0 3 5 3" --mode observe
run 4 run --config nothing.yaml --mode observe
policy "inconclusive: fail"
undecided
session 0 --config policy.yaml --mode observe
out_has 'observe mode'

claim "with --bisect only a pass is good and only a fail is bad"
statuses "0 1 125 125 125 125" --bisect

claim "a second attempt must show more than the first, a third more than the second"
script 'factor candidate latency_p95 1.034' # within the tolerance of 5 %, and just proven so
session 0
mv bundle first
is 1 "$(value first/session.json plan attempt)" "the first attempt"
session 2 --previous first
out_has 'attempt 2 on the same images: judged at alpha 0.0025 and beta 0.025'
mv bundle second
session 2 --previous second
out_has 'attempt 3 on the same images: judged at alpha 0.00125 and beta 0.0125'

claim "a previous session that says no attempt was the first"
sed -i '/"attempt"/d' first/session.json
session 2 --previous first
is 2 "$(value bundle/session.json plan attempt)" "the attempt"

claim "after as many attempts as can be counted there is no first one again"
sed -i 's/"plan": {/"plan": {\n    "attempt": 2147483647,/' first/session.json
session 2 --previous first
is 2147483647 "$(value bundle/session.json plan attempt)" "the attempt"

claim "a previous bundle that is not there is a mistake"
session 4 --previous nothing
err_has '--previous' 'nothing'

claim "a signal is its own exit status, keeps what was measured, and leaves nothing running"
for pair in INT:130 TERM:143; do
    script "signal load:6 ${pair%:*}"
    session "${pair#*:}"
    err_has 'what was measured so far is in bundle'
    is false "$(value bundle/session.json complete)" "complete"
    is "" "$(ls "$SG_FAKE/world")" "what runs"
    no_file bundle/verdict.json
done

done_testing
