#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The scripts of the GitHub action, one by one, as the runner starts them. A stand-in for `svcgate run`
# takes its data from samples instead of containers; all else is the real svcgate. No Docker here.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"

ACTION=$SG_ROOT/ci-templates/github
export REAL_SVCGATE=$SVCGATE RUNNER_TEMP=$WORK/temp GITHUB_OUTPUT=$WORK/output GITHUB_STEP_SUMMARY=$WORK/summary
export GITHUB_PATH=$WORK/path
mkdir temp bin

cat >bin/svcgate <<'STUB'
#!/usr/bin/env bash
# `run` records its words and environment, then does what SCENE says.
[[ $1 == run ]] || exec "$REAL_SVCGATE" "$@"
printf '%s\n' "$@" >"$RUNNER_TEMP/words"
env >"$RUNNER_TEMP/env"
formats=()
while (($# > 0)); do
    case $1 in
        --out) out=$2 ;;
        --format) formats+=(--format "$2") ;;
    esac
    shift
done
case $SCENE in
    broken)
        printf 'svcgate: building\nsvcgate: no engine: 100%% gone\n\nsvcgate: what was measured so far is in x\n' >&2
        exit 5
        ;;
    block)
        mkdir -p "$out"
        echo '{}' >"$out/session.json"
        ;;
    slow)
        trap 'exit 143' TERM
        touch "$RUNNER_TEMP/started"
        sleep 20 &
        wait
        ;;
    *)
        mkdir -p "$out"
        echo '{}' >"$out/session.json"
        exec "$REAL_SVCGATE" judge "$SCENE" --reference base "${formats[@]}" --format "json:$out/verdict.json"
        ;;
esac
STUB
chmod +x bin/svcgate
PATH=$WORK/bin:$PATH

# An action's step: its script with the inputs' defaults, or with those that the caller has set.
step() { # CODE SCRIPT
    local code=0
    : "${IN_WORKING_DIRECTORY=.}" "${IN_CONFIG=}" "${IN_MODE=gate}" "${IN_BASELINE=}" "${IN_FORMATS=}" "${IN_ARGS=}"
    : "${IN_KEEP_AWAKE=}" "${IN_BLOCK=}" "${IN_SEED=}" "${IN_JUDGE=}"
    : "${IN_INCONCLUSIVE=warn}" "${IN_INSTALL_MODE=auto}" "${IN_INSTALL_ONLY=false}" "${IN_COMMENT=never}"
    export "${!IN_@}"
    "$ACTION/$2" >.out 2>.err </dev/null || code=$?
    if ((code != $1)); then fail "exit $code instead of $1: $2"; fi
}

# Runs the gate on a scene and sees to its outputs.
gate() { # SCENE VERDICT CODE
    export SCENE=$1
    : >output
    echo '# what an earlier step wrote' >summary
    step 0 run.sh
    grep -qx "verdict=$2" output || fail "output verdict is not $2: $(cat output)"
    grep -qx "exit-code=$3" output || fail "output exit-code is not $3: $(cat output)"
    grep -q '^# what an earlier step wrote' summary || fail "the summary was overwritten"
}

value() { sed -n "s/^$1=//p" output; }

# The last word on the step, as the action's last script says it.
verdict() { # CODE
    EXIT_CODE=$(value exit-code) step "$1" verdict.sh
}

samples 0 0.01 6 >pass.csv
samples 0.5 0.01 6 >fail.csv
samples 0.02 0.03 3 >unsure.csv

claim "a pass: summary, outputs, bundle, and the step is green"
gate "$WORK/pass.csv" pass 0
grep -q 'PASS' summary || fail "the summary lacks the verdict"
same_file <(tail -n +2 summary) "$(value report)"
[[ -r $(value bundle)/session.json ]] || fail "no bundle"
[[ -s $(value bundle)/report.html ]] || fail "the bundle has no page"
[[ $(value bundle) == "$RUNNER_TEMP"/* ]] || fail "the bundle lies in the work tree"
verdict 0
silent out

claim "a fail: annotations, summary and outputs come all the same, and the step is red"
gate "$WORK/fail.csv" fail 1
grep -q '^::error ' .out || fail "no annotation"
grep -q 'FAIL' summary || fail "the summary lacks the verdict"
verdict 1

claim "inconclusive is green with a warning, or red"
gate "$WORK/unsure.csv" inconclusive 2
verdict 0
out_has '::warning title=svcgate::inconclusive'
IN_INCONCLUSIVE=fail verdict 2
silent out

claim "without a verdict the step tells what svcgate said, and keeps its exit code"
gate broken none 5
out_has '::error title=svcgate::no verdict, exit 5: svcgate: no engine: 100%25 gone'
grep -q 'svcgate: no engine: 100% gone' summary || fail "the summary lacks the error"
if grep -q '^bundle\|^report' output; then fail "there is no bundle, but the output names one"; fi
verdict 5

claim "a step that was never reached is no success"
EXIT_CODE='' step 5 verdict.sh

claim "what svcgate prints is no command to the runner, whatever it holds"
sed 's/^\([0-9]\),candidate/\1,::set-output name=verdict::pass/' "$WORK/fail.csv" >hostile.csv
gate "$WORK/hostile.csv" fail 1
awk '/^::stop-commands::/ {split($0, at, "::"); stop = at[3]; next}
    stop != "" && $0 == "::" stop "::" {stop = ""; next}
    stop == "" && /^[ \t]*::/ && !/^::(error|warning|notice) / {print}' .out >loose
[[ ! -s loose ]] || fail "a command got through: $(cat loose)"
[[ $(grep -c '^::stop-commands::' .out) == 1 ]] || fail "commands were not stopped"
grep -q 'set-output' .out || fail "the hostile name is not in the log: this shows nothing"

claim "the token reaches the comment and nothing else"
SVCGATE_TOKEN=s3cret GH_TOKEN=s3cret GITHUB_TOKEN=s3cret gate "$WORK/pass.csv" pass 0
if grep -q s3cret temp/env; then fail "svcgate run sees the token"; fi

claim "sudo keeps the CPUs awake on GitHub's own runners, and elsewhere where it is asked for"
awake() { sed -n 's/^--keep-awake=//p' temp/words; }
RUNNER_ENVIRONMENT=github-hosted gate "$WORK/pass.csv" pass 0
[[ $(awake) == sudo ]] || fail "hosted: $(awake)"
RUNNER_ENVIRONMENT=self-hosted gate "$WORK/pass.csv" pass 0
[[ -z $(awake) ]] || fail "self-hosted: $(awake)"
RUNNER_ENVIRONMENT=github-hosted IN_KEEP_AWAKE=off gate "$WORK/pass.csv" pass 0
[[ $(awake) == off ]] || fail "hosted, switched off: $(awake)"
unset IN_KEEP_AWAKE

claim "inputs are words, never shell"
mkdir -p 'a folder'
# shellcheck disable=SC2016
IN_WORKING_DIRECTORY='a folder' IN_CONFIG='$(touch pwned);x.yaml' IN_MODE=observe IN_BASELINE='b c.json' \
    IN_FORMATS=$'junit:gates.xml\n\ncsv:a b.csv' IN_ARGS=$'--seed  7 `touch pwned`\n--budget=5m *' \
    gate "$WORK/pass.csv" pass 0
# shellcheck disable=SC2016
printf '%s\n' run --out "$(value bundle)" --mode observe --format text --format "md:$(value report)" \
    --format "github:$(dirname "$(value report)")/annotations.txt" --format "html:$(value bundle)/report.html" \
    '--config=$(touch pwned);x.yaml' '--baseline=b c.json' \
    --format=junit:gates.xml '--format=csv:a b.csv' --seed 7 '`touch' 'pwned`' --budget=5m '*' >wanted
same_file wanted temp/words
[[ -z $(find . -name pwned) ]] || fail "an input was executed"

IN_WORKING_DIRECTORY=. IN_CONFIG='' IN_BASELINE='' IN_MODE=gate IN_FORMATS='' IN_ARGS='' # an input stays what it was

claim "a block is measured without verdict and reports, and the step is green"
SCENE=block IN_BLOCK=2/3 IN_SEED=7 IN_CONFIG=x.yaml IN_ARGS='base=a candidate=b' gate block none 0
printf '%s\n' run --out "$(value bundle)" --block 2/3 --seed 7 --config=x.yaml base=a candidate=b >wanted
same_file wanted temp/words
grep -q 'block 2/3 is measured' summary || fail "the summary does not tell it"
if grep -q '^::error' .out; then fail "an error is told"; fi
verdict 0

IN_CONFIG='' IN_ARGS=''

claim "a block that could not be measured is red"
SCENE=broken IN_BLOCK=2/3 IN_SEED=7 gate broken none 5
verdict 5
IN_BLOCK='' IN_SEED=''

claim "blocks of other jobs are judged together, and tell what a session tells"
for number in 1 2; do
    "$SG_ROOT/tests/bundles/split.py" "$SG_ROOT/tests/bundles/faults/session.json" $number/2 "blocks of jobs/svcgate-block-$number"
done
IN_JUDGE="$WORK/blocks of jobs" IN_FORMATS='junit:gates.xml' gate none fail 1
IN_FORMATS=''
grep -q '^::error ' .out || fail "no annotation"
grep -q 'FAIL' summary || fail "the summary lacks the verdict"
[[ -s $(value bundle)/session.json && -s $(value bundle)/report.html && -s gates.xml ]] || fail "no merged bundle"
verdict 1
IN_JUDGE="$WORK/blocks of jobs" IN_MODE=observe gate none fail 0
verdict 0
rm -r "blocks of jobs/svcgate-block-1"
IN_JUDGE="$WORK/blocks of jobs" IN_MODE=observe gate none invalid 3
rm -r "blocks of jobs/svcgate-block-2"
IN_JUDGE="$WORK/blocks of jobs" gate none none 4
IN_JUDGE='' IN_MODE=gate

claim "a job that is cancelled hands the signal on, and waits until svcgate has cleaned up"
export SCENE=slow
: >output
"$ACTION/run.sh" >.out 2>.err </dev/null &
pid=$!
for ((try = 0; try < 600; try++)); do # half a minute
    [[ ! -e temp/started ]] || break
    sleep 0.05
done
[[ -e temp/started ]] || fail "svcgate was never started"
kill -TERM "$pid"
wait "$pid" || fail "run.sh ended with $?"
grep -qx exit-code=143 output || fail "$(cat output)"

claim "words that mean nothing are refused before anything is measured"
for input in IN_MODE IN_INCONCLUSIVE IN_INSTALL_MODE IN_INSTALL_ONLY IN_COMMENT; do
    kept=${!input}
    declare "$input=maybe"
    step 4 install.sh
    out_has '"maybe" is not one of'
    declare "$input=$kept"
done

claim "svcgate on PATH is used as it is"
: >path
step 0 install.sh
out_has "$WORK/bin/svcgate"
[[ ! -s path ]] || fail "PATH was changed"

claim "without it, install-mode none stops"
PATH=/usr/bin:/bin IN_INSTALL_MODE=none step 4 install.sh
out_has 'install-mode is none'

claim "else it is built from the checkout that the action came with"
mkdir -p checkout/ci-templates
cp -r "$ACTION" checkout/ci-templates/github
# shellcheck disable=SC2016
printf '#!/bin/sh\nenv >"$RUNNER_TEMP/build.env"\n[ "$1" = build ] && mkdir -p "%s" && ln -s "$REAL_SVCGATE" "%s/svcgate"\n' \
    "$WORK/checkout/build/release" "$WORK/checkout/build/release" >checkout/dev
chmod +x checkout/dev
SVCGATE_TOKEN=s3cret GH_TOKEN=s3cret GITHUB_TOKEN=s3cret ACTION=$WORK/checkout/ci-templates/github IN_INSTALL_MODE=source \
    step 0 install.sh
out_has 'svcgate '
if grep s3cret "$RUNNER_TEMP/build.env" >.out; then fail "the build has the token"; fi
[[ $(<path) == "$WORK/checkout/build/release" ]] || fail "PATH gets: $(cat path)"
rm checkout/dev
ACTION=$WORK/checkout/ci-templates/github IN_INSTALL_MODE=source step 4 install.sh
out_has 'not part of a checkout'

claim "a comment that cannot be made is a warning"
BUNDLE=$WORK/temp/nothing IN_COMMENT=always step 0 comment.sh
out_has '::warning title=svcgate::the comment could not be made'

done_testing
