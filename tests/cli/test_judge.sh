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
out_has 'INVALID' 'missing'

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
for format in text md comment json junit csv github; do
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
run 1 judge jobs.csv --reference base --better higher --gate jobs

claim "options may come from the environment; the command line beats it"
SVCGATE_REFERENCE=base SVCGATE_FORMAT=json run 1 judge worse.csv
same_file "$WORK/.out" stdin.json
SVCGATE_REFERENCE=candidate run 1 judge worse.csv --reference base --format json
same_file "$WORK/.out" stdin.json

claim "gates from a svcgate.yaml"
printf 'version: 1\ngates:\n  - { metric: latency_p95, tolerance: 40%% }\n' >wide.yaml
run 0 judge worse.csv --reference base --config wide.yaml

claim "explain shows the arithmetic and the same verdict"
run 1 judge worse.csv --reference base --explain
out_has 'median(D)' 'critical u(alpha' 'Verdict: fail'

claim "no colour where nobody looks"
run 1 judge worse.csv --reference base --format text
if grep -q $'\033' "$WORK/.out"; then fail "escape sequences in a file"; fi

done_testing
