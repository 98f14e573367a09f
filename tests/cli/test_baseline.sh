#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The stored baseline's life: save, list, show, promote, prune; and what judging against it says.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# What the session.json of a bundle would be: the rows of VARIANT measured alone, or of both.
bundle() { # CSV VARIANT|both ID CPU COMPLETE
    awk -F, -v variant="$2" -v id="$3" -v cpu="$4" -v complete="$5" '
        BEGIN {
            printf "{\"schema\": \"svcgate.session/1\", \"id\": \"%s\", \"complete\": %s, ", id, complete
            printf "\"created\": \"2026-11-24T23:29:03Z\", \"reference\": %s, ", variant == "both" ? "\"base\"" : "null"
            printf "\"variants\": [{\"name\": \"%s\"}], ", variant == "both" ? "base\"}, {\"name\": \"candidate" : variant
            printf "\"plan\": {\"alpha\": 0.01, \"beta\": 0.05, \"planned\": true, \"min_repetitions\": 6, "
            printf "\"max_repetitions\": 6, \"block_size\": 3, \"attempt\": 1}, "
            printf "\"gates\": [{\"metric\": \"latency_p95\", \"tolerance\": 0.05}], "
            printf "\"facts\": [{\"name\": \"CPU\", \"value\": \"%s\", \"hard\": true}], ", cpu
            printf "\"metrics\": [{\"name\": \"latency_p95\", \"unit\": \"s\"}], \"repetitions\": ["
        }
        NR > 1 && (variant == "both" || $2 == variant) {
            printf "%s{\"block\": %s, \"variant\": \"%s\", \"values\": {\"latency_p95\": %s}}", (n++ ? ", " : ""), $1, $2, $4
        }
        END { print "]}" }' "$1"
}

# Five sessions of two blocks that differ a little, as sessions do.
for i in 1 2 3 4 5; do
    samples 0 "0.01$i" 2 >"s$i.csv"
done

claim "save makes the file and its folder, list tells what is in it"
run 0 baseline save api s1.csv --variant base
out_has 'baselines/api.json' '1 session,' '3 more until it can judge'
run 0 baseline list api
out_has '6 repetitions'
[[ $(wc -l <"$WORK/.out") == 1 ]] || fail "not one line"
run 0 baseline show api
run 0 baseline list baselines/api.json
run 0 baseline list anything --file baselines/api.json

claim "the same session is not stored twice"
cp baselines/api.json before
run 4 baseline save api s1.csv --variant base
err_has 'is in the baseline already'
same_file baselines/api.json before

claim "a variant that the session does not have"
run 4 baseline save api s2.csv --variant bas
same_file baselines/api.json before

claim "with fewer than four sessions it does not judge"
for i in 2 3; do run 0 baseline save api "s$i.csv" --variant base; done
run 2 judge s5.csv --baseline baselines/api.json --variant candidate
out_has 'INCONCLUSIVE' '3 stored sessions' '4 are needed' 'svcgate baseline save'

claim "with four it passes what is the same and stops what is far worse"
run 0 baseline save api s4.csv --variant base
out_has '4 sessions'
run 0 judge s5.csv --baseline baselines/api.json --variant candidate
out_has 'PASS' '4 stored sessions'
samples 1 0.01 2 >twice.csv
run 1 judge twice.csv --baseline baselines/api.json --variant candidate
out_has 'FAIL'

claim "show tells what it is worth"
run 0 baseline show api
out_has '4 sessions' 'latency_p95' '5.0 %' 'between sessions' 'there is nothing to do' 'Default tolerances'
printf 'version: 1\ngates:\n  - {metric: latency_p95, tolerance: 0.1%%}\n  - {metric: latency_p50, tolerance: 5%%}\n' >svcgate.yaml
run 0 baseline show api
out_has '0.1 %' 'It is too uneven' 'widen the tolerance to' 'latency_p50 is gated in'
run 0 baseline show api --config svcgate.yaml --format json
python3 - "$WORK/.out" <<'END' || fail "not what show tells as text"
import json, sys
shown = json.load(open(sys.argv[1]))
assert shown["schema"] == "svcgate.outlook/1" and shown["comparable"] == 4 and shown["missing"] == ["latency_p50"]
assert shown["metrics"][0]["gated"] and 0 < shown["metrics"][0]["chance"] < 0.9
END
rm svcgate.yaml
run 4 baseline show api --format yaml
err_has 'text and json'

claim "a folder is listed with the names of its baselines"
cp baselines/api.json baselines/web.json
run 0 baseline list baselines
out_has 'api  samples-' 'web  samples-'
[[ $(wc -l <"$WORK/.out") == 8 ]] || fail "not one line a session"
cp "$WORK/.out" all
run 0 baseline list
same_file "$WORK/.out" all
mkdir api
run 0 baseline list api
[[ $(wc -l <"$WORK/.out") == 4 ]] || fail "the folder api hides the baseline api"
rmdir api
rm baselines/web.json

claim "judging against it twice gives the same bytes"
run 0 judge s5.csv --baseline baselines/api.json --variant candidate --format json:a.json
run 0 judge s5.csv --baseline baselines/api.json --variant candidate --format json:b.json
same_file a.json b.json

claim "a session that failed is no baseline, unless forced with a reason, which is kept"
samples 0.5 0.01 2 >failed.csv
bundle failed.csv both failed fast true >failed.json
cp baselines/api.json before
run 4 baseline save forced failed.json
err_has 'is a fail and no baseline' 'worse by' '--force REASON' 'svcgate baseline promote'
no_file baselines/forced.json
run 0 baseline save forced failed.json --force "the new price of encryption"
run 0 baseline list forced
out_has 'forced: the new price of encryption'
run 0 baseline show forced
out_has 'forced: the new price of encryption'
same_file baselines/api.json before

for i in 1 2 3 4 5; do bundle "s$i.csv" base "main-$i" fast true >"main-$i.json"; done

claim "the whole life: save four times, list, show, judge"
for i in 1 2 3 4; do run 0 baseline save life "main-$i.json"; done
run 0 baseline list life
out_has 'main-1  2026-11-24T23:29:03Z  base  6 repetitions' 'main-4'
run 0 baseline show life
out_has 'What all that count share: CPU fast' 'main-1' '2026-11-24' 'yes'
run 0 judge main-5.json --baseline baselines/life.json
out_has 'PASS' '4 stored sessions'

claim "one variant alone is held against the baseline that it is to join"
samples 0.5 0.01 2 >slow.csv
bundle slow.csv candidate slow fast true >slow.json
cp baselines/life.json before
run 4 baseline save life slow.json
err_has 'session slow is a fail and no baseline' '4 stored sessions'
same_file baselines/life.json before

claim "an interrupted session is refused, and no force helps"
bundle s5.csv base cut fast false >cut.json
run 4 baseline save life cut.json
err_has 'cut was interrupted'
run 4 baseline save life cut.json --force "no time"
run 4 baseline promote life cut.json --reason "no time"
same_file baselines/life.json before

claim "a session that is not to be trusted is refused, by promote too"
sed 's/"facts"/"findings": [{"severity": "invalid", "check": "steal", "text": "the host was busy"}], &/' main-5.json >invalid.json
run 4 baseline save life invalid.json
err_has 'is invalid and no baseline (base: the host was busy)'
run 4 baseline promote life invalid.json --reason "it is what it is"
err_has 'is invalid and no baseline'
same_file baselines/life.json before

claim "another environment is stored with a warning that names it"
cp baselines/life.json baselines/two.json
bundle s5.csv base other slow true >other.json
run 0 baseline save two other.json
err_has 'other will not be compared with 4 of the 4 sessions before it: CPU (slow here, fast stored)'
run 0 baseline show two
out_has 'no: apart' 'main-1 stands apart from the newest: CPU (slow here, fast stored)' 'It cannot judge yet'
run 0 judge main-5.json --baseline baselines/two.json
out_has 'PASS'

claim "a diff of one added session only adds lines"
code=0
diff before baselines/two.json >difference || code=$?
[[ $code == 1 ]] || fail "diff ended with $code, not 1 (they differ)"
if grep -q '^<' difference; then fail "lines were changed"; fi
grep -q '^> .*"block": 1' difference || fail "no repetition was added"

claim "promote needs a reason and opens a segment, in which older sessions do not count"
run 4 baseline promote life slow.json
err_has '--reason TEXT'
run 4 baseline promote life slow.json --reason x --force y
run 0 baseline promote life slow.json --reason "encryption at rest"
out_has '5 sessions, the newest slow (candidate); 1 since the accepted change count; 3 more until it can judge'
run 0 baseline list life
out_has 'slow  2026-11-24T23:29:03Z  candidate  6 repetitions  accepted change: encryption at rest' \
    'main-4  2026-11-24T23:29:03Z  base  6 repetitions  does not count: older than the accepted change'
run 0 baseline show life
out_has 'the newest counts' 'no: older' 'accepted change: encryption at rest' 'Store 3 more sessions'
run 2 judge main-5.json --baseline baselines/life.json
out_has 'INCONCLUSIVE' '1 stored session' '4 are needed' 'svcgate baseline save'
for i in 1 2 3; do
    samples 0.5 "0.01$i" 2 >slow.csv
    bundle slow.csv candidate "slow-$i" fast true >slow.json
    run 0 baseline save life slow.json
done
run 0 judge slow.json --baseline baselines/life.json
out_has 'PASS' '4 stored sessions'

claim "promote takes the variant beside the reference, and asks when there are several"
run 0 baseline promote forced2 failed.json --reason "meant"
out_has '(candidate)'
sed 's/"id": "failed"/"id": "unclear"/; s/"reference": "base"/"reference": null/' failed.json >unclear.json
run 4 baseline promote forced2 unclear.json --reason "meant"
err_has '2 variants' '--variant NAME'
run 0 baseline promote forced2 unclear.json --reason "meant" --variant candidate

claim "a reason cannot write to the terminal what it likes"
run 0 baseline save hostile main-5.json --force $'red \e[31m\xff'
run 0 baseline list hostile
out_has 'forced: red'
if grep -q $'\e' "$WORK/.out"; then fail "an escape sequence came through"; fi
run 0 baseline show hostile
if grep -q $'\e' "$WORK/.out"; then fail "an escape sequence came through"; fi

claim "prune leaves the mark of the segment"
run 0 baseline prune life --keep 3
out_has '5 sessions removed, 3 stay; fewer than 4 count'
run 0 baseline list life
out_has 'slow-1  2026-11-24T23:29:03Z  candidate  6 repetitions  accepted change: encryption at rest'
run 4 baseline prune nothing
err_has 'there is no baseline baselines/nothing.json'

claim "eight jobs that save at once lose no session"
jobs=()
for i in 1 2 3 4 5 6 7 8; do
    bundle s1.csv base "job-$i" fast true >"job-$i.json"
    "$SVCGATE" baseline save crowd "job-$i.json" >/dev/null &
    jobs+=($!)
done
for job in "${jobs[@]}"; do wait "$job" || fail "a job failed"; done
run 0 baseline list crowd
[[ $(wc -l <"$WORK/.out") == 8 ]] || fail "a session got lost"

claim "a disk that gets full leaves the old file, and nothing beside it"
cp baselines/crowd.json before
code=0
(
    trap '' XFSZ
    ulimit -f 2 # 1024 bytes each
    "$SVCGATE" baseline save crowd main-5.json >.full 2>&1
) || code=$?
[[ $code == 5 ]] || fail "exit $code instead of 5: $(<.full)"
same_file baselines/crowd.json before
[[ $(find baselines -name '*.tmp' -o -name '*lock*') == '' ]] || fail "something stays behind"

claim "prune keeps the newest, and does nothing when there is nothing to do"
run 0 baseline list api
tail -n 2 "$WORK/.out" >newest
run 0 baseline prune api --keep 2
out_has '2 sessions removed, 2 stay'
run 0 baseline list api
same_file "$WORK/.out" newest
cp baselines/api.json before
run 0 baseline prune api --keep 2
out_has '0 sessions removed'
same_file baselines/api.json before

claim "a file that is no baseline is refused and left alone"
echo '{"schema": "svcgate.baseline/2"}' >new.json
run 4 baseline save new.json s1.csv --variant base
err_has 'new.json' 'svcgate.baseline/2'
[[ $(<new.json) == '{"schema": "svcgate.baseline/2"}' ]] || fail "new.json was changed"

claim "fields of a later version stay when the file is written again"
OWN_KEYS=(later)
sed -i '0,/{/s//{"later": {"a": [1, 2]},/' baselines/api.json
run 0 baseline save api s1.csv --variant candidate
grep -q '"later"' baselines/api.json || fail "the unknown field is gone"

done_testing
