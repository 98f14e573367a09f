#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Waivers from svcgate.yaml to the report: who, why, until when; and the fail when it is over.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

samples 0.08 0.01 7 >worse.csv
samples 0 0.01 7 >same.csv

# svcgate.yaml with one waiver: BOUND EXPIRES [KEY: VALUE, …]
config() {
    cat <<END
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
load: { script: load.js, rate: 100/s }
gates:
  - { metric: latency_p95, tolerance: 5% }
waivers:
  - { metric: latency_p95, bound: $1, owner: ada, reason: "new TLS library, see #123", expires: $2${3:+, $3} }
END
}

# The rows of a CSV as a session made on DAY, with the waiver in it.
session() { # CSV DAY
    awk -F, -v day="$2" '
        NR == 1 {
            print "{\"schema\": \"svcgate.session/1\", \"created\": \"" day "T12:00:00Z\","
            print "\"complete\": true, \"reference\": \"base\","
            print "\"plan\": {\"alpha\": 0.01, \"beta\": 0.05, \"seed\": \"1\", \"planned\": false},"
            print "\"metrics\": [{\"name\": \"latency_p95\", \"unit\": \"s\", \"better\": \"lower\"}],"
            print "\"gates\": [{\"metric\": \"latency_p95\", \"tolerance\": 0.05}],"
            print "\"waivers\": [{\"metric\": \"latency_p95\", \"bound\": 0.12, \"owner\": \"ada\","
            print "  \"reason\": \"new TLS library\", \"expires\": \"2027-01-31\", \"line\": 8}],"
            print "\"repetitions\": ["
            next
        }
        {
            printf "%s{\"block\": %s, \"variant\": \"%s\", \"values\": {\"%s\": %s}}\n",
                NR == 2 ? "" : ",", $1, $2, $3, $4
        }
        END { print "]}" }' "$1"
}

echo 'export default function () {}' >load.js
config 12% 2027-01-31 >svcgate.yaml
config 12% 2001-01-31 >over.yaml
config 12% 2999-12-31 >endless.yaml

claim "a change beyond the tolerance fails, and passes with the waiver, which is named"
run 1 judge worse.csv --reference base --gate latency_p95:tolerance=5%
run 0 judge worse.csv --config svcgate.yaml --format text
out_has 'WARN' 'passed only by the waiver of ada' '2027-01-31' 'new TLS library, see #123' '12 % (own 5 %)'

claim "each format tells the owner, the reason and the end"
for format in text md comment junit json github; do
    run 0 judge worse.csv --config svcgate.yaml --format "$format"
    out_has 'ada' 'new TLS library' '2027-01-31'
done

claim "more than the bound fails"
samples 0.2 0.01 7 >bad.csv
run 1 judge bad.csv --config svcgate.yaml --format text

claim "a waiver of another variant does not help"
config 12% 2027-01-31 'variant: candidate' >mine.yaml
sed 's/candidate/other/' worse.csv >other.csv
run 0 judge worse.csv --config mine.yaml
run 1 judge other.csv --config mine.yaml

claim "data without a day are taken to be in time, and the report says so"
run 0 judge worse.csv --config over.yaml --format text
out_has 'no date to compare with'

claim "the day of the session decides, not today: a bundle is judged alike for ever"
session worse.csv 2027-01-31 >last.json
session worse.csv 2027-02-01 >late.json
session same.csv 2027-02-01 >fine.json
session same.csv 2026-11-24 >unneeded.json
run 0 judge last.json --format text
out_has 'its last day' 'ends today'
run 1 judge late.json --format text
out_has 'the waiver of ada expired on 2027-01-31: remove it, or renew it with a new date'
run 1 judge fine.json
run 0 judge unneeded.json --format json
out_has 'is no longer needed?' '"days_left": 68' '"use": "unneeded"'

claim "--gate replaces gates and their waivers"
run 0 judge fine.json --gate latency_p95:tolerance=5%
run 1 judge last.json --gate latency_p95:tolerance=5%

claim "run fails at once with an expired waiver: nothing is started, no engine is asked"
export DOCKER_HOST=tcp://127.0.0.1:1
run 1 run --config over.yaml --out bundle --format text
out_has 'FAIL' 'the waiver of ada expired on 2001-01-31' '0 repetitions a side'
run 1 judge bundle
run 5 run --config endless.yaml --out another

claim "config check warns of a waiver that is over, or longer than a year"
run 0 config check --config over.yaml
err_has 'over.yaml:8: the waiver of ada for latency_p95 has expired'
run 0 config check --config endless.yaml
err_has 'endless.yaml:8: the waiver of ada for latency_p95 holds until 2999-12-31' 'longer than a year'

claim "config show prints it"
run 0 config show --config svcgate.yaml
out_has 'waivers:' 'owner: ada' 'bound: "12%"' 'expires: 2027-01-31'

claim "a waiver that is tighter, without an end, or for no gate, is a mistake with its place"
config 4% 2027-01-31 >bad.yaml
run 4 config check --config bad.yaml
err_has "bad.yaml:8:35: bound: must be wider than the gate's own tolerance of 5%"
sed 's/, expires: 2027-01-31//' svcgate.yaml >bad.yaml
run 4 config check --config bad.yaml
err_has 'bad.yaml:8:5: waiver: expires is missing'
sed '8s/latency_p95/latency_p99/' svcgate.yaml >bad.yaml
run 4 config check --config bad.yaml
err_has 'bad.yaml:8:15: waiver: there is no gate for latency_p99; did you mean "latency_p95"?'

done_testing
