#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The stored baseline's life: save, list, prune; and what judging against it says.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# Five sessions of two blocks that differ a little, as sessions do.
for i in 1 2 3 4 5; do
    samples 0 "0.01$i" 2 >"s$i.csv"
done

claim "save makes the file and its folder, list tells what is in it"
run 0 baseline save api s1.csv --variant base
out_has 'baselines/api.json' '1 sessions'
run 0 baseline list api
out_has '6 repetitions'
[[ $(wc -l <"$WORK/.out") == 1 ]] || fail "not one line"
run 0 baseline show api
run 0 baseline list baselines/api.json
run 0 baseline list anything --file baselines/api.json

claim "the same session is not stored twice"
cp baselines/api.json before
run 4 baseline save api s1.csv --variant base
err_has 'already'
same_file baselines/api.json before

claim "a variant that the session does not have"
run 4 baseline save api s2.csv --variant bas
same_file baselines/api.json before

claim "with fewer than four sessions it does not judge"
for i in 2 3; do run 0 baseline save api "s$i.csv" --variant base; done
run 2 judge s5.csv --baseline baselines/api.json --variant candidate
out_has 'INCONCLUSIVE' '3 stored sessions' '4 are needed'

claim "with four it passes what is the same and stops what is far worse"
run 0 baseline save api s4.csv --variant base
out_has '4 sessions'
run 0 judge s5.csv --baseline baselines/api.json --variant candidate
out_has 'PASS' '4 stored sessions'
samples 1 0.01 2 >twice.csv
run 1 judge twice.csv --baseline baselines/api.json --variant candidate
out_has 'FAIL'

claim "judging against it twice gives the same bytes"
run 0 judge s5.csv --baseline baselines/api.json --variant candidate --format json:a.json
run 0 judge s5.csv --baseline baselines/api.json --variant candidate --format json:b.json
same_file a.json b.json

claim "a session that failed is no baseline, unless forced with a reason, which is kept"
printf '{"schema": "svcgate.samples/1", "reference": "base", "repetitions": [' >failed.json
samples 0.5 0.01 2 | awk -F, '
    NR > 1 {
        printf "%s{\"block\": %s, \"variant\": \"%s\", \"values\": {\"%s\": %s}}", (NR > 2 ? "," : ""), $1, $2, $3, $4
    }' >>failed.json
printf '], "metrics": [{"name": "latency_p95"}]}' >>failed.json
cp baselines/api.json before
run 0 baseline save forced failed.json --force "the new price of encryption"
run 0 baseline list forced
out_has 'forced: the new price of encryption'
same_file baselines/api.json before

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
sed -i '0,/{/s//{"later": {"a": [1, 2]},/' baselines/api.json
run 0 baseline save api s1.csv --variant candidate
grep -q '"later"' baselines/api.json || fail "the unknown field is gone"

done_testing
