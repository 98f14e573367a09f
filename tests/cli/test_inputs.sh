#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Files that are not what they should be: exit 4, one sentence with the place, nothing on standard
# output; never a crash, and no more memory than the file deserves.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

refused() { # FILE TEXT...
    local file=$1
    shift
    run 4 judge "$file" --reference base
    silent out
    err_has "$@"
    [[ $(wc -l <"$WORK/.err") == 1 ]] || fail "more than one line"
}

HEADER='block,variant,metric,value'
csv() { # FORMAT
    # shellcheck disable=SC2059
    { printf '%s\n' "$HEADER"; printf "$1"; } >bad.csv
}
json() { # TEXT
    printf '%s' "$1" >bad.json
}
samples() { # MEMBERS
    json "{\"schema\": \"svcgate.samples/1\", $1}"
}
session() { # MEMBERS
    json "{\"schema\": \"svcgate.session/1\", $1}"
}

claim "CSV: a line end of any kind, and a byte order mark, do not matter"
printf '\xEF\xBB\xBF%s\r\n1,base,x,1\r\n1,b,x,1' "$HEADER" >fine.csv
run 2 judge fine.csv --reference base

claim "CSV: what is wrong, and where"
: >bad.csv
refused bad.csv 'bad.csv:1:1:' 'the file is empty'
csv ''
refused bad.csv 'bad.csv:2:1:' 'no rows'
csv '1,base,x,1\n1,base,x'
refused bad.csv 'bad.csv:3:1:' '3 fields where the header has 4'
csv '1,base,"x,1\n'
refused bad.csv 'bad.csv:2:8:' 'never closed'
csv '1,base,x,nan\n'
refused bad.csv 'bad.csv:2:10:' '"nan" is not a finite number'
csv '1,base,x,1e999\n'
refused bad.csv 'bad.csv:2:10:' 'not a finite number'
csv '1,base,x,0x10\n'
refused bad.csv 'bad.csv:2:10:' 'not a finite number'
csv '1,b\xFFse,x,1\n'
refused bad.csv 'bad.csv:2:4:' 'not UTF-8'
csv '1,base,x\0,1\n'
refused bad.csv 'bad.csv' 'NUL'
printf '\xFF\xFEb\0l\0' >bad.csv
refused bad.csv 'bad.csv:1:1:' 'unknown column "bl"'
printf '\xFF\xFEb\0l' >bad.csv
refused bad.csv 'bad.csv is UTF-16, but broken' 'save it as UTF-8'
printf '\xFF\xFE\x00\xD8b\0' >bad.csv
refused bad.csv 'bad.csv is UTF-16, but broken'
printf 'b\0l\0o\0' >bad.csv
refused bad.csv 'UTF-16 without a byte order mark'
printf '\xFF\xFE\0\0b\0\0\0' >bad.csv
refused bad.csv 'bad.csv is UTF-32'
printf 'PK\3\4\0\0' >bad.csv
refused bad.csv 'workbook' 'save the sheet as CSV'
printf '%s\n1,base,x,1\n' "$HEADER" | gzip -c >bad.csv
refused bad.csv 'compressed' 'zcat bad.csv | svcgate judge -'
printf 'block,variant,value\n' >bad.csv
refused bad.csv 'bad.csv:1:1:' 'no column "metric"'
printf 'block/variant/metric/value\n' >bad.csv
refused bad.csv 'bad.csv:1:1:' 'unknown column' 'the first line names the columns'
printf '%s,unti\n' "$HEADER" >bad.csv
refused bad.csv 'bad.csv:1:28:' 'did you mean "unit"?'

claim "CSV: rows that are requests, not repetitions"
awk -v header="$HEADER" 'BEGIN { print header; for (i = 0; i <= 100000; i++) print "1,base,x,0.01" }' >bad.csv
refused bad.csv 'bad.csv:100002:1:' 'more than 100000 repetitions' 'not of one request'

claim "a file beyond all use is not even read"
rm bad.csv
truncate -s 300M bad.csv
refused bad.csv 'bad.csv is larger than the 256 MiB'

claim "JSON: what is wrong, and where"
json '{"schema": "svcgate.samples/1", "repetitions": ['
refused bad.json 'bad.json:1:49:' 'the text ends where a value was expected'
json '{"schema": "svcgate.samples/1", "schema": 1}'
refused bad.json 'bad.json:1:33:' 'the key "schema" is there twice'
json "$(printf '[%.0s' {1..100})"
refused bad.json 'bad.json:1:65:' 'more than 64 levels'
json '{"schema": "svcgate.samples/1", "repetitions": [NaN]}'
refused bad.json 'bad.json:1:49:' 'NaN is no value in JSON: write null'
json '{"schema": "svcgate.samples/1", "repetitions": [Infinity]}'
refused bad.json 'bad.json:1:49:' 'Infinity is no value in JSON'
json '{"schema": "svcgate.samples/1", "repetitions": [-Infinity]}'
refused bad.json 'bad.json:1:49:' '-Infinity is no value in JSON'
json '{"schema": "svcgate.samples/1", "repetitions": [None]}'
refused bad.json 'bad.json:1:49:' "None is Python's word"
json '{"schema": "svcgate.samples/1", "repetitions": [{}, ]}'
refused bad.json 'bad.json:1:53:' 'no comma before "]"'
json "{'schema': 'svcgate.samples/1'}"
refused bad.json 'bad.json:1:2:' 'a key in quotes'
json "{\"schema\": 'svcgate.samples/1'}"
refused bad.json 'bad.json:1:12:' 'double quotes'
json '{"schema": "svcgate.samples/1", "repetitions": [.5]}'
refused bad.json 'bad.json:1:49:' '0.5, not .5'
json '{"schema": "svcgate.samples/1", "repetitions": [1e999]}'
refused bad.json 'bad.json:1:49:' 'too large'
json '{"schema": "svcgate.samples/1", "x'
refused bad.json 'bad.json:1:33:' 'this string does not end'
printf '{"schema": "\xC3\x28"}' >bad.json
refused bad.json 'bad.json:1:13:' 'invalid UTF-8'
json '{"schema": "svcgate.samples/1"} x'
refused bad.json 'bad.json:1:33:' 'nothing may follow'
json '[]'
refused bad.json 'bad.json:1:1:' 'expected an object, found an array'
json '{}'
refused bad.json 'bad.json:1:1:' 'schema'

claim "samples: what a person may get wrong"
samples '"repetitions": []'
refused bad.json 'bad.json:1:48: repetitions' 'nothing to judge'
samples '"repetitions": [{"variant": "base", "values": {"x": "fast"}}]'
refused bad.json 'bad.json:1:85: repetitions[0].values.x' 'found a string'
samples '"repetitions": [{"variant": 5, "values": {}}]'
refused bad.json 'bad.json:1:61: repetitions[0].variant'
samples '"metrics": [{"name": "x", "better": "up"}], "repetitions": []'
refused bad.json 'bad.json:1:69: metrics[0].better' '"lower", "higher"'
samples '"metrics": [{"name": "x"}, {"name": "x"}], "repetitions": []'
refused bad.json 'metrics' 'both called "x"'

claim "sessions: wrong types, versions and sizes"
session '"metrics": 5'
refused bad.json 'bad.json:1:44: metrics' 'expected an array'
session '"metrics": [], "repetitions": [{"block": -1, "variant": "a"}]'
refused bad.json 'bad.json:1:74: repetitions[0].block' 'whole number'
session '"metrics": [], "plan": {"seed": 5}'
refused bad.json 'bad.json:1:65: plan.seed' 'decimal digits'
json '{"schema": "svcgate.session/2", "tool": "svcgate 9.9"}'
refused bad.json 'bad.json:1:12: schema' 'use svcgate 9.9 or a newer version'
json '{"schema": "svcgate.verdict/1"}'
refused bad.json 'this is a verdict'
json '{"schema": "svcgate.baseline/1"}'
refused bad.json '--baseline'

claim "values that are none are invalid, not an error"
printf '%s\n1,base,x,\n1,b,x,1\n' "$HEADER" >hole.csv
run 3 judge hole.csv --reference base
printf '%s\n1,base,x,0\n1,b,x,1\n' "$HEADER" >zero.csv
run 3 judge zero.csv --reference base
out_has 'x is 0 in block 1 of base' 'its scale linear'

claim "control variates: what is no number for them is an error, never a verdict"
covariate() { # VALUE-IN-ONE-PLACE TEXT...
    awk -v header="$HEADER" -v odd="$1" 'BEGIN {
        print header
        for (i = 1; i <= 6; i++) {
            v = i % 2 ? "base" : "b"
            printf "1,%s,x,%d\n1,%s,z,%s\n", v, 100 + i, v, i == 4 ? odd : 7 + i
        }
    }' >odd.csv
    run 4 judge odd.csv --reference base --gate x --covariate z
    silent out
    err_has "${@:2}"
}
covariate 0 'z is 0 in block 1 of b' 'z:linear'
covariate -3 'z is -3 in block 1 of b' 'z:linear'
covariate nan 'odd.csv:9:7:' 'not a finite number'
covariate inf 'odd.csv:9:7:' 'not a finite number'
sed -i 's/,inf$/,9/' odd.csv
run 4 judge odd.csv --reference base --gate z --covariate z
err_has 'z' 'it cannot be gated'

claim "a stored baseline is read as strictly"
printf '%s\n1,base,x,1\n1,b,x,1\n' "$HEADER" >fine.csv
json '{"schema": "svcgate.baseline/1", "sessions": [{"id": 5}]}'
run 4 judge fine.csv --baseline bad.json --variant b
err_has 'bad.json: sessions[0]: id: expected a string'
json '{"schema": "svcgate.baseline/1", "sessions": ['
run 4 judge fine.csv --baseline bad.json --variant b
err_has 'bad.json:1:47:'

done_testing
