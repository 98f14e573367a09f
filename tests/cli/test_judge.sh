#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# svcgate judge on plain samples: each verdict with its exit code, from each kind of input.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

samples 0 0.01 7 >same.csv
samples 0.2 0.01 7 >worse.csv
samples 0 0.2 3 >noisy.csv
sed '20s/,[^,]*$/,/' same.csv >hole.csv
printf 'block,variant,metric,value\n1,base,latency_p95,0.01\n' >alone.csv

claim "not worse: pass"
run 0 judge same.csv --reference base
silent err
out_has 'PASS' 'latency_p95'

claim "worse by more than the tolerance: fail, and the metric is named"
run 1 judge worse.csv --reference base
out_has 'FAIL' 'latency_p95' 'worse by'

claim "too noisy to tell: inconclusive, never pass"
run 2 judge noisy.csv --reference base
out_has 'INCONCLUSIVE'

claim "a number is missing: invalid, never pass"
run 3 judge hole.csv --reference base
out_has 'INVALID' 'missing' 'the reason tells where'

claim "nothing to compare with: inconclusive"
run 2 judge alone.csv --reference base

claim "of several files the worst one decides"
run 1 judge same.csv worse.csv --reference base
run 1 judge worse.csv noisy.csv --reference base
run 2 judge same.csv noisy.csv same.csv --reference base
run 3 judge hole.csv worse.csv --reference base

claim "standard input is a file like any other"
code=0
"$SVCGATE" judge - --reference base --format json <worse.csv >stdin.json || code=$?
[[ $code == 1 ]] || fail "exit $code instead of 1"
run 1 judge worse.csv --reference base --format json
same_file "$WORK/.out" stdin.json

claim "samples as JSON give the verdict of the same samples as CSV"
awk -F, '
    NR > 1 {
        printf "%s{\"block\": %s, \"variant\": \"%s\", \"values\": {\"%s\": %s}}",
            NR == 2 ? "{\"schema\": \"svcgate.samples/1\", \"repetitions\": [\n" : ",\n", $1, $2, $3, $4
    }
    END { print "]}" }' worse.csv >worse.json
run 1 judge worse.json --reference base --format json
same_file "$WORK/.out" stdin.json

claim "judging twice gives the same bytes, in every format"
for format in text md comment json junit csv github gitlab-load codequality openmetrics; do
    run 1 judge worse.csv --reference base --format "$format"
    cp "$WORK/.out" first
    run 1 judge worse.csv --reference base --format "$format"
    same_file "$WORK/.out" first
done

claim "the samples of a report are judged like their origin"
run 1 judge worse.csv --reference base --format csv:again.csv
run 1 judge again.csv --reference base --format json
same_file "$WORK/.out" stdin.json

claim "several formats at once, each to its place"
run 1 judge worse.csv --reference base --format json:verdict.json --format md:report.md --format github
out_has '::error'
same_file verdict.json stdin.json
grep -qF 'FAIL' report.md || fail "report.md lacks the verdict"

claim "the file is replaced whole, nothing is left beside it"
run 0 judge same.csv --reference base --format md:report.md
grep -qF 'PASS' report.md || fail "report.md is the old one"
no_file report.md.*

claim "the verdict document says what the exit code says"
run 2 judge noisy.csv --reference base --format json
out_has '"verdict": "inconclusive"' '"schema": "svcgate.verdict/1'

claim "tolerance, floor and limit have a say"
run 0 judge worse.csv --reference base --tolerance 40%
run 0 judge worse.csv --reference base --gate latency_p95:tolerance=5%,floor=5ms
run 1 judge same.csv --reference base --gate latency_p95:limit=5ms
run 0 judge worse.csv --reference base --gate latency_p95:limit=20ms

claim "where more is better, less is worse: built-in metrics know it, others are told"
samples 0.2 0.01 7 throughput >more.csv
samples -0.2 0.01 7 throughput >less.csv
run 0 judge more.csv --reference base
run 1 judge less.csv --reference base
samples -0.2 0.01 7 jobs >jobs.csv
run 0 judge jobs.csv --reference base
run 1 judge jobs.csv --reference base --better higher
run 4 judge more.csv --reference base --better higher
err_has 'built in'
run 1 judge jobs.csv --reference base --better higher --gate jobs

claim "options may come from the environment; the command line beats it"
SVCGATE_REFERENCE=base SVCGATE_FORMAT=json run 1 judge worse.csv
same_file "$WORK/.out" stdin.json
SVCGATE_REFERENCE=candidate run 1 judge worse.csv --reference base --format json
same_file "$WORK/.out" stdin.json

claim "gates from a svcgate.yaml"
printf 'version: 1\ngates:\n  - { metric: latency_p95, tolerance: 40%% }\n' >wide.yaml
run 0 judge worse.csv --reference base --config wide.yaml

claim "what the host did to both sides is taken out by a metric that saw it"
awk '
    function normal(  k, u) {
        u = 0
        for (k = 0; k < 12; k++) { state = (state * 16807) % 2147483647; u += state / 2147483647 }
        return u - 6
    }
    BEGIN {
        state = 4711
        print "block,variant,metric,value"
        for (b = 1; b <= 4; b++)
            for (i = 0; i < 6; i++) {
                host = 0.1 * normal()
                v = i % 2 ? "candidate" : "base"
                printf "%d,%s,latency_p50,%.9f\n", b, v, 0.01 * exp(0.9 * host + 0.01 * normal())
                printf "%d,%s,probe,%.9f\n%d,%s,steal,%d\n", b, v, exp(host), b, v, i % 3
                printf "%d,%s,flat,7\n", b, v
                if (i % 2) printf "%d,%s,half,%.9f\n", b, v, exp(host)
            }
    }' >host.csv
run 2 judge host.csv --reference base --gate latency_p50
run 0 judge host.csv --reference base --gate latency_p50 --covariate probe --format text --format json:host.json
out_has 'host noise taken out: latency_p50'
grep -qF '"adjusted": true' host.json || fail "host.json says it was judged raw"
run 0 judge host.csv --reference base --gate latency_p50 --covariate probe:log --covariate steal:linear --explain
out_has 'gamma'
run 2 judge host.csv --reference base --gate latency_p50 --covariate probe --no-adjust

claim "the same by the role of a metric, in CSV and in JSON"
sed '1s/$/,role,scale/; /,probe,/s/$/,covariate,/; /,steal,/s/$/,covariate,linear/; /,latency_p50,/s/$/,,/
    /,\(flat\|half\),/s/$/,,/' host.csv >role.csv
run 0 judge role.csv --reference base --gate latency_p50 --format json
cp "$WORK/.out" by_role.json
run 0 judge host.csv --reference base --gate latency_p50 --covariate probe --covariate steal:linear --format json
grep -o '"change": [^,]*' "$WORK/.out" >by_option.txt
grep -o '"change": [^,]*' by_role.json >by_role.txt
same_file by_option.txt by_role.txt

claim "a covariate that says nothing leaves the metrics raw, and the report says why"
run 2 judge host.csv --reference base --gate latency_p50 --covariate flat --format text --format json:flat.json
out_has 'flat is the same in every repetition'
grep -q '"adjust_reason": "the control variates are the same in every repetition' flat.json || fail "flat.json says no reason"
run 2 judge host.csv --reference base --gate latency_p50 --covariate half --format text --format json:half.json
out_has 'half is missing in 12 of 24 repetitions'
grep -q '"adjust_reason": "no control variate was measured in all repetitions of a block"' half.json || fail "half.json says no reason"
grep -q '"adjusted": true' flat.json half.json && fail "adjusted by nothing"

claim "a wrong covariate"
run 4 judge host.csv --reference base --covariate porbe
err_has '--covariate porbe' 'did you mean "probe"?'
run 4 judge host.csv --reference base --gate latency_p50 --covariate steal
err_has 'steal is 0 in block 1 of base' '--covariate steal:linear'
run 4 judge host.csv --reference base --gate latency_p50 --covariate latency_p50
err_has 'latency_p50' 'it cannot be gated'

claim "blocks of any shape, with a column for them and without"
shape() { # REFERENCE VARIANT BLOCKS
    samples 0.2 0.01 1 | awk -F, -v m="$1" -v n="$2" -v blocks="$3" '
        NR == 1 { print; next }
        { value[NR] = $4 }
        END {
            for (b = 1; b <= blocks; b++)
                for (i = 0; i < m + n; i++)
                    printf "%d,%s,latency_p95,%.9f\n", b, i < m ? "base" : "candidate",
                        value[2 + (b + i) % 3 + (i < m ? 0 : 3)] * (1 + i / 1000)
        }'
}
shape 1 1 12 >one.csv
shape 3 3 4 >three.csv
shape 5 4 3 >uneven.csv
shape 9 9 1 | cut -d, -f2- >noblocks.csv
for file in one three uneven noblocks; do
    run 1 judge "$file.csv" --reference base
    run 0 judge "$file.csv" --reference base --tolerance 60%
done
run 2 judge one.csv --reference base --alpha 0.0001%

claim "metrics may be called anything, and a gate knows their scale and unit"
sed 's/latency_p95/GET:200 a,b/; s/,\(GET:200 a,b\),/,"\1",/' worse.csv >odd.csv
run 1 judge odd.csv --reference base --gate 'GET:200 a,b'
run 0 judge odd.csv --reference base --gate 'GET:200 a,b:tolerance=40%'
run 4 judge odd.csv --reference base --gate 'GET:200 a,c'
err_has 'did you mean "GET:200 a,b"?'
sed '1s/$/,scale,unit/; 2,$s/$/,linear,s/' worse.csv >linear.csv
run 2 judge linear.csv --reference base
run 1 judge linear.csv --reference base --floor 1ms
run 0 judge linear.csv --reference base --gate latency_p95:tolerance=5ms
run 4 judge linear.csv --reference base --gate latency_p95:tolerance=5%
err_has 'tolerance'
run 4 judge odd.csv --reference base --gate 'GET:200 a,b' --gate 'GET:200 a,b:limit=3'
err_has 'given twice'

claim "errors that are mostly zero are judged by their counts, or as differences"
awk 'BEGIN {
    print "block,variant,metric,value"
    for (b = 1; b <= 4; b++)
        for (i = 0; i < 6; i++) {
            v = i % 2 ? "candidate" : "base"
            e = i % 2 ? 60 : 0
            printf "%d,%s,error_rate,%g\n%d,%s,errors,%d\n%d,%s,requests,6000\n", b, v, e / 6000, b, v, e, b, v
        }
}' >errors.csv
run 1 judge errors.csv --reference base
out_has 'error_rate'
grep -v ',errors,' errors.csv >rates.csv
run 1 judge rates.csv --reference base
sed 's/candidate,errors,60/candidate,errors,0/; s/0.01$/0/' errors.csv >none.csv
run 0 judge none.csv --reference base

claim "the CSV of a report says all of its metrics, and is read again to the same bytes"
run 1 judge errors.csv --reference base --format csv:all.csv
grep -qF ',error_rate,0,ratio,lower,count,metric,' all.csv || fail "all.csv lacks the scale"
run 1 judge all.csv --reference base --format csv
same_file "$WORK/.out" all.csv

claim "a variant's name may be wider than the terminal"
wide=$(printf 'wide%.0s' {1..40})
{ cat same.csv; sed -n "s/candidate/$wide/p" same.csv; } >wide.csv
run 0 judge wide.csv --reference base --format text
out_has "wide"

claim "a wrong reference is told with the names that there are"
run 4 judge same.csv --reference bse
err_has 'did you mean "base"?'
run 4 judge same.csv
err_has 'base, candidate'

claim "several files: a title each, and one that cannot be read hides no other"
run 1 judge same.csv worse.csv --reference base --format text
out_has 'same.csv' 'worse.csv' 'PASS' 'FAIL'
run 4 judge same.csv nothing.csv worse.csv --reference base --format md
out_has 'same.csv' 'worse.csv'
err_has 'nothing.csv'
for format in junit csv gitlab-load codequality openmetrics; do
    run 4 judge same.csv worse.csv --reference base --format "$format"
    err_has 'one file at a time'
done
run 4 judge same.csv worse.csv --reference base --format json:one.json
no_file one.json

claim "options that do not go together"
run 4 judge same.csv --reference base --variant candidate
err_has '--baseline'
run 4 judge same.csv --baseline base.json --explain
err_has '--explain'
for rate in 0 50% 5 -1% x; do
    run 4 judge same.csv --reference base "--alpha=$rate"
    err_has "--alpha $rate"
done

claim "explain shows the arithmetic and the same verdict"
run 1 judge worse.csv --reference base --explain
out_has 'median(D)' 'critical u(alpha' 'Verdict: fail'

claim "what a bundle has to draw decides nothing: damaged, it is a warning"
mkdir bundle
python3 - <<'END' >bundle/session.json
import json
repetitions = [{"block": 1 + i // 6, "slot": i + 1, "variant": ("base", "candidate")[i % 2], "values": {"latency_p95": 0.010 + 0.0001 * (i % 3)}}
               for i in range(12)]
print(json.dumps({"schema": "svcgate.session/1", "reference": "base", "variants": [{"name": "base"}, {"name": "candidate"}],
                  "plan": {"alpha": 0.01, "beta": 0.05, "planned": True, "min_repetitions": 6, "max_repetitions": 6,
                           "block_size": 3, "attempt": 1},
                  "complete": True, "metrics": [{"name": "latency_p95", "unit": "s"}], "repetitions": repetitions,
                  "gates": [{"metric": "latency_p95", "tolerance": 0.05}]}))
END
for verb in judge report; do
    rm -f bundle/series.jsonl
    run 0 "$verb" bundle --format json
    silent err
    cp "$WORK/.out" "$verb.json"
    echo '{"schema": "svcgate.series/1", "slot": 1, "variant": "base", "cpu": [[0, 1], [0.5, 2]]}' >bundle/series.jsonl
    run 0 "$verb" bundle --format json
    silent err
    same_file "$WORK/.out" "$verb.json"
    printf '{"schema": "svcgate.series/1", "slo' >>bundle/series.jsonl # as an interruption leaves it
    run 0 "$verb" bundle --format json
    silent err
    echo >>bundle/series.jsonl
    run 0 "$verb" bundle --format json
    err_has 'warning: bundle/series.jsonl:2:' 'nothing over time is drawn'
    same_file "$WORK/.out" "$verb.json"
    run 0 "$verb" bundle/session.json --format json
    silent err
done

claim "no colour where nobody looks"
run 1 judge worse.csv --reference base --format text
if grep -q $'\033' "$WORK/.out"; then fail "escape sequences in a file"; fi

done_testing
