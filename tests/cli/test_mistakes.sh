#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Mistakes of the user: exit 4, what is wrong, where, and what may have been meant. Nothing on
# standard output, so that no script takes it for a report.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

mistake() { # TEXTS -- WORD...
    local texts=()
    while [[ $1 != -- ]]; do
        texts+=("$1")
        shift
    done
    shift
    run 4 "$@"
    silent out
    err_has "${texts[@]}"
}

samples 0 0.01 2 >same.csv

claim "an unknown verb"
mistake 'unknown verb "rum"' 'did you mean "run"?' -- rum
mistake 'unknown verb "frobnicate"' 'svcgate --help' -- frobnicate

claim "an unknown option"
mistake 'unknown option --referense' 'did you mean --reference?' -- judge --referense base same.csv
mistake 'unknown option --frobnicate' 'svcgate judge --help' -- judge --frobnicate same.csv
mistake 'unknown option --frobnicate' 'svcgate run --help' -- run --frobnicate
mistake '--reference needs a value' -- judge same.csv --reference

claim "a value that its option does not take"
mistake '--rate: expected a rate' 'found "5x"' -- run --rate 5x
mistake '--measure: expected a duration' 'found the number "30"' -- run --measure 30
mistake '--port: expected a port' 'found "http"' -- run --port http
mistake '--memory: expected a size' '256MiB' -- run --memory 256Mb
mistake '--cpus: expected a number of CPUs' -- run --cpus one
mistake '--seed: expected a whole number' -- run --seed 1.5
mistake '--mode watch' 'gate or observe' -- run --mode watch
mistake 'repetitions' '6, 9, 12' -- run --repetitions 7
mistake '"candidate"' 'NAME=IMAGE' -- run candidate
mistake '--better up' 'lower or higher' -- judge same.csv --reference base --better up
mistake '--tolerance 5' '5%' -- judge same.csv --reference base --tolerance 5
mistake '--floor 1MiB' 'no value in s' -- judge same.csv --reference base --floor 1MiB
mistake '--floor abc' 'no value in s' -- judge same.csv --reference base --floor abc
mistake 'alpha' '50 %' -- judge same.csv --reference base --alpha 60%
mistake 'unknown format "jsn"' 'did you mean "json"?' -- judge same.csv --reference base --format jsn

claim "an environment variable is named where its value is wrong"
SVCGATE_RATE=fast mistake 'SVCGATE_RATE: expected a rate' 'found "fast"' -- run
SVCGATE_RATE=0/s mistake 'SVCGATE_RATE: expected a rate' 'found the rate "0/s"' -- run
SVCGATE_RATE=fast mistake '--rate: expected a rate' 'found "slow"' -- run --rate slow

claim "a flag has the bounds of its key in svcgate.yaml, and zero is a value"
mistake '--cpus: expected' 'from 0.01 to 1024' -- run --cpus 0
mistake '--port: expected a port from 1 to 65535' -- run --port 0
mistake '--port: expected a port from 1 to 65535' -- run --port 70000
mistake '--rate: expected' -- run --rate 0/s
mistake '--measure: expected' 'from 1s to 1h' -- run --measure 100ms
mistake '--warmup: expected' -- run --warmup 2h
mistake '--vus: expected' 'from 1 to 100000' -- run --vus 0
mistake '--memory: expected' 'from 6MiB' -- run --memory 1KiB
mistake '--budget: expected' 'from 1s to 24h' -- run --budget 9999999d
mistake '--alpha: expected' 'between 0 and 50 %' -- run --alpha 0%
mistake '--beta: expected' 'between 0 and 50 %' -- plan --beta 0%
mistake '--alpha: 5 without a % sign' -- plan --alpha 5
mistake '--seed: expected' -- run --seed -1
mistake '--seed: expected' -- run --seed=
mistake '--service: expected' -- run --service 'a b'
mistake '--ready: expected a path' -- run --ready healthz
mistake '--keep-awake: expected auto, sudo or off' -- run --keep-awake yes

claim "a gate on the command line: place and suggestion"
mistake 'latency_p59' 'did you mean "latency_p95"?' -- \
    judge same.csv --reference base --gate latency_p59:tolerance=5%
mistake '1:13' 'unknown key "tolerence"' 'did you mean "tolerance"?' -- \
    judge same.csv --reference base --gate latency_p95:tolerence=5%
mistake '1:26' 'floor' 'a duration such as 1ms' -- \
    judge same.csv --reference base --gate latency_p95:tolerance=5%,floor=1MiB
mistake 'gates have their own' -- judge same.csv --reference base --gate latency_p95 --tolerance 5%

claim "the reference"
mistake 'which variant is the reference' '--reference' -- judge same.csv
mistake '"bse"' 'did you mean "base"?' -- judge same.csv --reference bse

claim "words where there should be none, or too few"
mistake 'takes no "there"' -- init there
mistake 'takes no "all"' -- clean all
mistake 'needs a bundle' -- judge
mistake 'needs one bundle' -- report
mistake 'baseline save NAME BUNDLE' -- baseline
mistake 'baseline save NAME BUNDLE' -- baseline save api
mistake 'not "sav"' -- baseline sav api
mistake 'config check' -- config
mistake 'svcgate awake CPUS' -- awake
mistake 'svcgate awake CPUS' -- awake 0-
mistake 'svcgate awake CPUS' -- awake 0 1
mistake 'svcgate awake CPUS' -- awake 3-1
mistake 'svcgate awake CPUS' -- awake 0-1-2
mistake 'this machine has no CPU 99999' "it has $(getconf _NPROCESSORS_CONF), the first is 0" -- awake 99999
mistake 'this machine has no CPU 8191' -- awake 0,7-8191
mistake 'this machine has no CPU' -- awake 99999999999999999999
mistake 'testbench export DIR' -- testbench export
no_file svcgate.yaml load.js

claim "files that are not there"
mistake 'nothing.csv' 'No such file' -- judge nothing.csv --reference base
mistake 'nothing' -- report nothing
mistake 'no session.json' -- judge . --reference base
mistake 'nothing.yaml' -- judge same.csv --config nothing.yaml
mistake 'nothing.yaml' -- config check --config nothing.yaml
mistake 'nothing.json' -- judge same.csv --baseline nothing.json
mistake 'baselines/api.json' -- baseline list api
mistake 'no svcgate.yaml' 'svcgate init' -- config show

# svcgate.yaml: every message begins with file:line:column.
write_config() { # SED-SCRIPT
    cat >load.js <<'END'
export default function () {}
END
    sed -e "$1" >svcgate.yaml <<'END'
version: 1
service: { name: api, port: 8080, cpus: 1, memory: 256MiB }
variants:
  base: { image: "shop:main" }
  candidate: { image: "shop:pr" }
reference: base
load: { script: load.js, rate: 100/s, warmup: 10s, measure: 30s }
gates:
  - { metric: latency_p95, tolerance: 5%, floor: 1ms }
END
}

claim "the configuration without a mistake is right"
write_config ''
run 0 config check
out_has 'svcgate.yaml' '2 variants' '1 gate'

claim "an unknown key"
write_config 's/^reference:/refrence:/'
mistake 'svcgate.yaml:6:1' 'refrence' 'did you mean "reference"?' -- config check

claim "an unknown metric"
write_config 's/latency_p95/latency_p59/'
mistake 'svcgate.yaml:9:15' 'unknown metric "latency_p59"' 'did you mean "latency_p50"?' -- config check

claim "a wrong unit"
write_config 's/floor: 1ms/floor: 1MiB/'
mistake 'svcgate.yaml:9:50' 'floor' 'a duration such as 1ms' 'found the size "1MiB"' -- config check
write_config 's/port: 8080/port: 10s/'
mistake 'svcgate.yaml:2:29' 'port: expected a port from 1 to 65535' 'the duration "10s"' -- config check
write_config 's/tolerance: 5%/tolerance: 5/'
mistake 'svcgate.yaml:9:39' '5%' '0.05' -- config check

claim "a variant that nobody named"
write_config 's/^reference: base/reference: bse/'
mistake 'svcgate.yaml:6:' '"bse"' 'did you mean "base"?' -- config check

claim "a script that is not there"
write_config 's/script: load.js/script: lod.js/'
mistake 'svcgate.yaml:7:' 'load.script' 'lod.js' -- config check

claim "what is no YAML at all"
write_config 's/^variants:/variants: {/'
mistake 'svcgate.yaml:' -- config check

claim "samples: line and column of the mistake"
printf 'block,variant,metric,value\n1,base,latency_p95,fast\n' >bad.csv
mistake 'bad.csv:2:20' -- judge bad.csv --reference base
printf 'block,variant,metrc,value\n' >bad.csv
mistake 'bad.csv:1:' 'metric' -- judge bad.csv --reference base
printf '{"schema": "svcgate.samples/2", "repetitions": []}' >bad.json
mistake 'bad.json' 'svcgate.samples/2' -- judge bad.json --reference base
printf '{"schema": "svcgate.samples/1", "repetitons": []}' >bad.json
mistake 'repetitons' 'did you mean "repetitions"?' -- judge bad.json --reference base
printf '{"schema": ' >bad.json
mistake 'bad.json' -- judge bad.json --reference base

done_testing
