#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# svcgate run: what of the command line and the environment reaches the session, on the fake bench.
# shellcheck source=tests/cli/fake.sh
. "$(dirname "$0")/fake.sh"

# The variants in the order in which they were measured, without the warm-ups before the first block.
order() { # SESSION
    python3 -c 'import json, sys; print(*(r["variant"] for r in json.load(open(sys.argv[1]))["repetitions"] if r["block"]))' \
        "$1/session.json"
}

# Seconds from the first warm-up to the end of the last window, as the session says.
length() { # SESSION
    python3 -c 'import json, sys; r = json.load(open(sys.argv[1]))["repetitions"]; print(round(r[-1]["end"] - r[0]["warmup_start"]))' \
        "$1/session.json"
}

# What the bench was given, without where it came from.
given() { # LINE...
    local line
    sed 's/ *#.*//; s/^ *//' "$SG_FAKE/config" >given
    for line in "$@"; do
        grep -qxF -- "$line" given || fail "the bench is not given: $line"
    done
}

claim "every option that stands for a key of svcgate.yaml beats the file and reaches the bench"
passes
mkdir other && cp load.js other/load.js
cat >compose.yaml <<'END'
services: { api: { image: "shop:main" } }
END
session 0 --script other/load.js --compose compose.yaml --service api --port 81 --ready /up --cpus 0.5 --memory 64MiB \
    --rate 50/s --warmup 3s --measure 7s --vus 33 --reference candidate --gate cpu_per_request:tolerance=7% \
    --repetitions 6..9 --budget 1h --alpha 2% --beta 10% --seed 9 --keep-awake off --no-adjust candidate=shop:x new=shop:y
given 'script: other/load.js' 'compose: compose.yaml' 'name: api' 'port: 81' 'ready: /up' 'cpus: 0.5' 'memory: 64MiB' \
    'rate: 50/s' 'warmup: 3s' 'measure: 7s' 'vus: 33' 'reference: candidate' '- metric: cpu_per_request' 'tolerance: 7%' \
    'repetitions: 6..9' 'budget: 1h' 'alpha: 2%' 'beta: 10%' 'seed: 9' 'keep_awake: off' 'adjust: off' \
    'image: "shop:x"' 'new:' 'image: "shop:y"' 'image: "shop:main"'
is "0.5 CPUs, 64 MiB" "$(python3 -c 'import json; print(*(f["value"] for f in json.load(open("bundle/session.json"))["facts"] if f["name"] == "service limits"))')" "the service's limit"

claim "rate: auto finds the rate of the reference, keeps it in the plan and prints the line for svcgate.yaml"
passes
rm -rf bundle
run 0 run --rate auto --cpus 0.5 --out bundle --format text
err_has 'looking for the rate: base at 20/s' 'for svcgate.yaml: load: { rate: 5'
out_has 'note: rate: auto is 5'
rate=$(value bundle/session.json plan rate)
[[ $rate -ge 450 && $rate -le 550 ]] || fail "half of 0.5 CPUs are $rate/s at 0.5 ms a request"
given "rate: auto"

claim "what was found is measured again with the line that was printed"
session 0 --cpus 0.5 --rate "$rate/s"
is "$rate" "$(value bundle/session.json plan rate)" "the rate"
run 0 judge bundle --format json
same_file "$WORK/.out" bundle/verdict.json

claim "where no rate is found the session ends with the reason, and its bundle has the windows"
script 'at * keeps_up 0.5'
session 3 --rate auto
err_has 'no rate was found for base: k6 dropped' 'Write a rate in svcgate.yaml or with --rate' 'what was measured so far is in bundle'
is '"rate_auto"' "$(value bundle/session.json repetitions 0 findings 0 check | sed 's/.*/"&"/')" "the first window's note"

passes

claim "without a file the command line is enough"
mkdir bare && cd bare
run 0 run --quiet --out bundle --format text base=shop:main candidate=shop:pr --script ../load.js --port 8080 --rate 100/s \
    --repetitions 6 --gate latency_p95:tolerance=5%
given 'image: "shop:main"' 'image: "shop:pr"' 'reference: base'
cd "$WORK"

claim "an option may come from the environment, and the command line beats it"
SVCGATE_RATE=70/s SVCGATE_MEASURE=9s session 0 --rate 80/s
given 'rate: 80/s' 'measure: 9s'

claim "the seed gives the order of repetitions"
session 0 --seed 7
first=$(order bundle)
session 0 --seed 7
is "$first" "$(order bundle)" "the order with the same seed"
session 0 --seed 8
[[ $(order bundle) != "$first" ]] || fail "another seed gives the same order"

claim "a seed that was drawn is recorded, and gives the same order again"
sed 's/, seed: 1//' svcgate.yaml >drawn.yaml
session 0 --config drawn.yaml
first=$(order bundle)
seed=$(value bundle/session.json plan seed)
session 0 --config drawn.yaml
[[ $(value bundle/session.json plan seed) != "$seed" ]] || fail "the same seed was drawn twice"
session 0 --config drawn.yaml --seed "$seed"
is "$first" "$(order bundle)" "the order with the drawn seed"

claim "a bundle judged and rendered again gives the bytes of its verdict.json, whatever the verdict"
for pair in passes:0 fails:1 undecided:2 invalid:3; do
    "${pair%:*}"
    session "${pair#*:}"
    run "${pair#*:}" judge bundle --format json
    same_file "$WORK/.out" bundle/verdict.json
    run 0 report bundle --format md
    same_file "$WORK/.out" bundle/report.md
done

claim "bytes that move from one file of the workload to the next are another workload"
workload() {
    python3 -c 'import json; print(*(f["value"] for f in json.load(open("bundle/session.json"))["facts"] if f["name"] == "workload"))'
}
sed 's/load.js, rate/load.js, files: [a.json, b.json], rate/' svcgate.yaml >files.yaml
passes
echo -n 12 >a.json
echo -n 3 >b.json
session 0 --config files.yaml
first=$(workload)
session 0 --config files.yaml
is "$first" "$(workload)" "the workload of the same files"
echo -n 1 >a.json
echo -n 23 >b.json
session 0 --config files.yaml
[[ $(workload) != "$first" ]] || fail "it is the same workload"

claim "the command to measure again is quoted for a shell"
run 0 run --quiet --format text --out "it's a #1"
command=$(value "it's a #1/session.json" command)
eval "words=($command)"
# shellcheck disable=SC2154 # by eval
[[ " ${words[*]} " == *" it's a #1 "* ]] || fail "a shell reads $command as ${words[*]}"

claim "the budget cuts the schedule before the session, which says so and keeps within it"
undecided
session 2 --repetitions 6..21 --budget 20m
out_has 'the budget of 20m has room for'
most=$(value bundle/session.json plan max_repetitions)
((most > 6 && most < 21)) || fail "$most repetitions are planned"
is "$((2 * most))" "$(order bundle | wc -w)" "the number of repetitions"
(($(length bundle) <= 1200)) || fail "it took $(length bundle) s"
session 2 --repetitions 6..21 --budget 2h
is 42 "$(order bundle | wc -w)" "the number of repetitions with time enough"

claim "the least repetitions are made whatever the budget"
session 2 --repetitions 6..21 --budget 1s
is 12 "$(order bundle | wc -w)" "the number of repetitions"

claim "two sessions at a time are refused at once, or after --wait"
passes
mkfifo held
( flock 9; echo taken >held; read -r _ <held ) 9>"$SG_FAKE/lock" &
read -r _ <held
session 5
err_has 'another svcgate session measures on this host'
run 5 run --out bundle --format text --wait 10m
err_has 'waiting for it' 'another svcgate session measures on this host'

claim "--wait waits until the other session is over"
script 'sleep real'
: >"$WORK/.err"
{
    for _ in {1..300}; do
        if grep -q 'waiting for it' "$WORK/.err"; then break; fi
        sleep 0.1
    done
    echo over >held
} &
run 0 run --out bundle --format text --wait 10m
err_has 'waiting for it'
out_has PASS
wait

claim "a session that was killed keeps no other out, and what it left is removed"
script 'kill load:4'
code=0
{ "$SVCGATE" run --quiet --out killed || code=$?; } >"$WORK/.out" 2>&1
is 137 "$code" "the exit status"
[[ -n $(ls "$SG_FAKE/world") ]] || fail "it left nothing"
passes
run 0 run --out bundle --format text
err_has 'that a dead session left'
is "" "$(ls "$SG_FAKE/world")" "what is left"

claim "one variant whose stored baseline is not there yet: what the report proposes gives the same verdict"
sed 's/, candidate: "shop:pr"//; $a baseline: none.json' svcgate.yaml >first.yaml
for pair in passes:2 'script "at slot=3 dies 1"':1; do
    eval "${pair%:*}"
    session "${pair##*:}" --config first.yaml
    proposed=$(sed -n 's/^svcgate \(judge .*[^ ]\)  *#.*/\1/p' bundle/report.md)
    # shellcheck disable=SC2086 # words of a command line
    run "${pair##*:}" $proposed --format json
    same_file "$WORK/.out" bundle/verdict.json
    run 4 judge bundle --reference candidat
    err_has 'no variant is called "candidat"'
done

claim "SVCGATE_RUNNER_CLASS parts baselines"
sed 's/, candidate: "shop:pr"//; $a baseline: stored.json' svcgate.yaml >alone.yaml
for i in 1 2 3 4; do
    script "seed $i"
    SVCGATE_RUNNER_CLASS=big session 2 --config alone.yaml --baseline none.json
    run 0 baseline save stored.json bundle
done
script 'seed 5'
SVCGATE_RUNNER_CLASS=big session 0 --config alone.yaml --no-accepted
out_has '4 stored sessions'
SVCGATE_RUNNER_CLASS=small session 2 --config alone.yaml --no-accepted
out_has 'runner class'
session 2 --config alone.yaml --no-accepted
SVCGATE_RUNNER_CLASS=small run 0 baseline save stored.json bundle
err_has 'runner class'

claim "with a stored baseline the variant is held against it alone, and beside the reference where that does not pass"
sed '$a baseline: stored.json' svcgate.yaml >screened.yaml
script 'seed 6'
SVCGATE_RUNNER_CLASS=big session 0 --config screened.yaml
is candidate "$(order bundle | tr ' ' '\n' | sort -u | paste -sd ' ')" "what was measured"
SVCGATE_RUNNER_CLASS=big session 0 --config screened.yaml --no-screen
is "base candidate" "$(order bundle | tr ' ' '\n' | sort -u | paste -sd ' ')" "what was measured"
SVCGATE_RUNNER_CLASS=big session 0 --config screened.yaml --rate auto
is candidate "$(order bundle | tr ' ' '\n' | sort -u | paste -sd ' ')" "what was measured at the baseline's own rate"
out_has 'rate: auto is 100/s: that of the stored baseline'
SVCGATE_RUNNER_CLASS=big session 0 --config screened.yaml --rate auto --no-screen
is 100 "$(value bundle/session.json plan rate)" "the rate without a screen"
SVCGATE_RUNNER_CLASS=big session 0 --config screened.yaml --rate 90/s
out_has 'not held against the stored baseline first'
out_has 'rate (90 here, 100 stored)'
script 'factor candidate latency_p95 1.5'
SVCGATE_RUNNER_CLASS=big session 1 --config screened.yaml
is "base candidate" "$(order bundle | tr ' ' '\n' | sort -u | paste -sd ' ')" "what was measured"
is candidate "$(order bundle/screen | tr ' ' '\n' | sort -u | paste -sd ' ')" "what was measured first"
run 0 report bundle --baseline stored.json --format json
same_file "$WORK/.out" bundle/verdict.json

measured() { order "$1" | tr ' ' '\n' | sort -u | paste -sd ' '; } # BUNDLE

claim "one variant and a stored baseline: it is measured beside the image that was accepted last"
sed 's/base: "shop:main", //; /^reference/d; $a baseline: api.json' svcgate.yaml >one.yaml
passes
session 2 --config one.yaml
is candidate "$(measured bundle)" "what was measured before there is a baseline"
run 0 baseline save api.json bundle
digest=$(value api.json sessions 0 variants 0 digest)
rm -rf bundle
run 0 run --out bundle --format text --config one.yaml
err_has "measuring the accepted image $digest side by side"
out_has "baseline is the image that the stored session $(value api.json sessions 0 id) accepted"
is "baseline candidate" "$(measured bundle)" "what was measured"
is "$(value api.json sessions 0 id)" "$(value bundle/session.json variants 1 accepted_in)" "where it was accepted"

claim "its bundle is judged again side by side, as its report proposes"
proposed=$(sed -n 's/^svcgate \(judge .*[^ ]\)  *#.*/\1/p' bundle/report.md)
is "judge bundle" "$proposed" "what the report proposes"
# shellcheck disable=SC2086 # words of a command line
run 0 $proposed --format json
same_file "$WORK/.out" bundle/verdict.json

claim "report and publish tell what run came to, although they are given the baseline, as the templates do"
run 0 report bundle --baseline api.json --format json
same_file "$WORK/.out" bundle/verdict.json
run 0 publish bundle --baseline api.json --dry-run --forge github --repository shop/api --request 7 --comment always
out_has 'PASS'

claim "what is saved of it is the variant, not the image that the baseline has already"
run 0 baseline save api.json bundle
is candidate "$(value api.json sessions 1 variants 0 name)" "what was saved"
run 0 baseline save other.json bundle --variant baseline
is baseline "$(value other.json sessions 0 variants 0 name)" "what was saved when it was named"

claim "a change is found beside it, whatever the stored numbers say; a slower host is none"
script 'factor candidate latency_p95 1.5'
session 1 --config one.yaml
is "baseline candidate" "$(measured bundle)" "what was measured"
run 4 baseline save api.json bundle
err_has 'svcgate baseline promote'
script 'factor candidate latency_p95 1.5' 'factor baseline latency_p95 1.5'
session 0 --config one.yaml

claim "an image that cannot be had: the stored numbers alone, and the report says so"
script 'gone *'
rm -rf bundle
run 2 run --out bundle --format text --config one.yaml
err_has "the accepted image $digest cannot be had (the fake registry does not have it)"
out_has 'held against the stored numbers alone, not measured beside the accepted image' 'are needed'
is candidate "$(measured bundle)" "what was measured"

claim "--no-accepted, and its variable: the stored numbers alone, and nobody is asked for an image"
passes
session 2 --config one.yaml --no-accepted
is candidate "$(measured bundle)" "what was measured"
SVCGATE_NO_ACCEPTED=1 session 2 --config one.yaml
is candidate "$(measured bundle)" "what was measured"
if grep fetch "$SG_FAKE/calls"; then fail "an image was asked for"; fi

claim "what is no digest goes to no engine: a baseline with such a text, or without any, has numbers alone"
for text in '"shop:main"' '"--all@sha256:00"' "\"shop:main@$digest\"" '"sha256:0123"' null; do
    python3 - "$text" <<'END'
import json
import sys

document = json.load(open("api.json", encoding="utf-8"))
document["sessions"][-1]["variants"][0]["digest"] = json.loads(sys.argv[1])
json.dump(document, open("odd.json", "w", encoding="utf-8"))
END
    passes
    session 2 --config one.yaml --baseline odd.json
    out_has 'not measured beside the accepted image'
    is candidate "$(measured bundle)" "what was measured"
    if grep fetch "$SG_FAKE/calls"; then fail "$text was asked for"; fi
done

claim "two variants and a stored baseline: no accepted image is asked for"
sed '$a baseline: api.json' svcgate.yaml >two.yaml
session 0 --config two.yaml
is "base candidate" "$(measured bundle)" "what was measured"
if grep fetch "$SG_FAKE/calls"; then fail "an image was asked for"; fi

claim "a variant called baseline: the image beside it is called accepted"
sed 's/candidate:/baseline:/' one.yaml >named.yaml
session 0 --config named.yaml
is "accepted baseline" "$(measured bundle)" "what was measured"

done_testing
