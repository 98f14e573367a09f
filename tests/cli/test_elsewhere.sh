#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Data that other programs left: spreadsheets, PowerShell, tools with units of their own. They are read
# where the meaning is certain; else one sentence names the problem and the way out.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

samples 0 0.01 3 >plain.csv
run 0 judge plain.csv --reference base --format json
cp "$WORK/.out" plain.json

# The same numbers, however they are written, give the same verdict.
same() { # FILE
    run 0 judge "$1" --reference base --format json
    same_file "$WORK/.out" plain.json
}
refused() { # FILE TEXT...
    run 4 judge "$1" --reference base
    silent out
    err_has "${@:2}"
    [[ $(wc -l <"$WORK/.err") == 1 ]] || fail "more than one line"
}
rows() { # VALUE...: six a side in one block, base and candidate in turns
    printf 'variant,metric,value\n'
    local i
    for i in 1 2 3 4 5 6; do
        printf 'base,%s,%s\ncandidate,%s,%s\n' "$1" "$2" "$1" "$3"
    done
}

claim "as Excel leaves it: separators, marks, and rows and columns without content"
sed 's/$/,,/' plain.csv >excel.csv
printf ',,,,,\r\n,,,,,\r\n' >>excel.csv
same excel.csv
{
    printf '\xEF\xBB\xBFsep=;\r\n'
    sed 's/,/;/g; s/\./,/; s/$/\r/' plain.csv
} >german.csv
same german.csv
sed 's/,/\t/g' plain.csv >tabs.csv
same tabs.csv
sed 's/,/, /g; s/^/ /; s/$/ /' plain.csv >blanks.csv
same blanks.csv
sed '1s/.*/Block,Variant,Metric,Value/' plain.csv >capitals.csv
same capitals.csv

claim "as PowerShell leaves it: UTF-16, Export-Csv"
sed 's/$/\r/' plain.csv | python3 -c 'import sys; sys.stdout.buffer.write(sys.stdin.read().encode("utf-16"))' >le.csv
same le.csv
python3 -c 'import sys; sys.stdout.buffer.write(b"\xfe\xff" + open("plain.csv").read().encode("utf-16-be"))' >be.csv
same be.csv
code=0
"$SVCGATE" judge - --reference base --format json <le.csv >stdin.json || code=$?
((code == 0)) || fail "exit $code from standard input"
same_file stdin.json plain.json
sed '1i#TYPE System.Management.Automation.PSCustomObject
s/[^,]*/"&"/g' plain.csv >export.csv
same export.csv
python3 - <<'PYTHON'
import csv, json
rows = list(csv.DictReader(open("plain.csv")))
text = json.dumps({"schema": "svcgate.samples/1", "reference": "base", "repetitions": [
    {"block": r["block"], "variant": r["variant"], "values": {r["metric"]: float(r["value"])}} for r in rows]})
open("le.json", "wb").write(text.encode("utf-16"))
PYTHON
same le.json

claim "a number that may mean two things is refused"
sed 's/,\([0-9.e-]*\)$/,"\1"/; 2,$s/\./,/' plain.csv >quoted.csv
refused quoted.csv 'quoted.csv:2:' 'is the comma a decimal one?' 'semicolons'
sed '2,$s/\./,/' plain.csv >unquoted.csv
refused unquoted.csv 'unquoted.csv:2:1: 5 fields where the header has 4' 'decimal comma'
sed '2,$s/,[^,]*$/,"1,200.5"/' plain.csv >thousands.csv
refused thousands.csv 'thousands.csv:2:' 'separators of thousands'
sed 's/,/;/g; 4s/\./,/' plain.csv >both.csv
refused both.csv 'both.csv:4:' 'decimal comma' 'line 2' 'point'
cat plain.csv plain.csv >joined.csv
refused joined.csv 'the header once more'

claim "what is missing has many names; none of them is a zero"
for word in - N/A '#N/A' NA null NaN nan inf Inf n.a. None; do
    sed "5s|,[^,]*\$|,$word|" plain.csv >word.csv
    refused word.csv 'word.csv:5:' "\"$word\" is not a finite number" 'leave the field empty'
done
for word in '' '""' '  '; do
    sed "5s|,[^,]*\$|,$word|" plain.csv >word.csv
    run 3 judge word.csv --reference base
    out_has 'missing in block'
done

claim "units are understood, in their column and behind the number"
rows time 990ns 1.1us >units.csv
run 1 judge units.csv --reference base
out_has '| time   |' '990' 'µs'
sed '1s/$/,unit/; 2,$s/ns$/,ns/; 2,$s/us$/,us/' units.csv >column.csv
run 1 judge column.csv --reference base --format json
cp "$WORK/.out" column.json
run 1 judge units.csv --reference base --format json
same_file "$WORK/.out" column.json
sed '1s/$/,unit/; 2,$s/,\([^,]*\)$/,\1,s/' plain.csv | awk -F, -v OFS=, 'NR > 1 { $4 = sprintf("%.9f", $4 * 1000); $5 = "ms" } 1' >ms.csv
run 0 judge ms.csv --reference base --limit 20ms
out_has 'limit of 20 ms'
printf 'gates: [{ metric: latency_p95, limit: 20ms }]\nversion: 1\n' >limit.yaml
run 0 judge ms.csv --reference base --config limit.yaml
out_has 'limit of 20 ms'
json_ms='{"schema": "svcgate.samples/1", "metrics": [{"name": "latency_p95", "unit": "ms"}], "repetitions": ['
for i in 1 2 3 4 5 6; do json_ms+="{\"variant\": \"base\", \"values\": {\"latency_p95\": 10}}, {\"variant\": \"b\", \"values\": {\"latency_p95\": 10.5$i}}"; [[ $i == 6 ]] || json_ms+=', '; done
printf '%s]}' "$json_ms" >ms.json
run 0 judge ms.json --reference base --tolerance 10%
out_has '10.5'
rows throughput 100 80 | sed '1s/$/,unit/; 2,$s/$/,1\/s/' >rate.csv
run 1 judge rate.csv --reference base
out_has 'throughput'

claim "numbers that are hardly in the unit of a built-in name are asked about, in every report and the verdict"
rows latency_p95 12.3 12.4 >seconds.csv
for format in text md comment html json; do
    run 0 judge seconds.csv --reference base --format "$format"
    tr -s '\n ' ' ' <"$WORK/.out" >"$WORK/flat" # text is folded
    grep -q 'latency_p95 have no unit and were read as seconds, from 12.3 s to 12.4 s' "$WORK/flat" ||
        fail "$format does not ask"
done
run 1 judge seconds.csv --reference base --limit 20ms --format md
out_has 'every value is beyond the limit of 20 ms' 'ms, us or ns'
sed '1s/$/,unit/; 2,$s/$/,s/' seconds.csv >said.csv
run 0 judge said.csv --reference base
grep -q 'no unit' "$WORK/.out" && fail "the unit was said"
run 0 judge plain.csv --reference base
grep -q 'no unit' "$WORK/.out" && fail "10 ms is a fine latency"
rows memory_max 24.1 24.2 >mebi.csv
run 0 judge mebi.csv --reference base
out_has 'read as bytes' 'MiB'
rows error_rate 1.5 1.5 >percent.csv
run 0 judge percent.csv --reference base
out_has 'read as shares of 1' '%'
rows jobs 1200 1210 >own.csv
run 0 judge own.csv --reference base
grep -q 'no unit' "$WORK/.out" && fail "a metric of one's own has any unit"

claim "a limit that every repetition breaks fails, if they are far enough or enough"
scattered() { # COUNT FACTOR
    printf 'variant,metric,value\n'
    awk -v n="$1" -v f="$2" 'BEGIN { for (i = 1; i <= n; i++) {
        print "base,t,1"; printf "b,t,%.4f\n", f * (10 + (i * 7) % 5 / 10) } }'
}
for count in 3 4 6; do
    scattered $count 1 >far.csv
    run 1 judge far.csv --reference base --limit 5
    out_has 'beyond its limit of 5'
done
scattered 2 1 >two.csv
run 2 judge two.csv --reference base --limit 5
out_has 'all 2 repetitions are beyond it' '7 would do'
scattered 6 1 >near.csv
run 2 judge near.csv --reference base --limit 9.99
out_has 'all 6 repetitions are beyond it' 'too near' '7 would do'
scattered 7 1 >seven.csv
run 1 judge seven.csv --reference base --limit 9.99
run 2 judge near.csv --reference base --limit 10.2
scattered 4 1 >within.csv
run 2 judge within.csv --reference base --limit 20
out_has 'all 4 repetitions are within it' '5 would do'
scattered 5 1 >within.csv
run 0 judge within.csv --reference base --limit 20

claim "where rows are too few the report says how many would do"
rows latency_p95 0.010 0.020 | head -n 3 >one.csv
run 2 judge one.csv --reference base
out_has '1 repetition a side is too few to prove anything: from 3 a side on it could pass, from 5 on fail' 'At least 5 repetitions a side'
rows latency_p95 0.010 0.020 | head -n 9 >four.csv
run 2 judge four.csv --reference base
out_has '4 repetitions a side are too few to prove that it is worse: 5 a side could'
rows latency_p95 0.010 0.020 | head -n 11 >five.csv
run 1 judge five.csv --reference base
rows latency_p95 0.010 0.010 | head -n 7 >three.csv
run 0 judge three.csv --reference base
{ rows latency_p95 0.010 0.020 | grep -v candidate; echo candidate,latency_p95,0.020; } >lopsided.csv
run 2 judge lopsided.csv --reference base
out_has '6 and 1 repetitions are too few'

claim "no locale and no time zone changes a byte"
locale_has() { # NAME
    LC_ALL=$1 locale -k decimal_point 2>/dev/null | grep -q 'decimal_point=","'
}
if ! locale_has de_DE.UTF-8 && command -v localedef >/dev/null; then
    mkdir -p locales
    localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8 2>/dev/null || true
    localedef -i tr_TR -f UTF-8 locales/tr_TR.UTF-8 2>/dev/null || true
    export LOCPATH=$WORK/locales
    export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the C library keeps its list of LOCPATH
fi
locale_has de_DE.UTF-8 || echo "note: no German locale can be had here; only C was tried"
for name in C C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
    for zone in UTC Pacific/Kiritimati America/Los_Angeles; do
        LC_ALL=$name LANG=$name TZ=$zone run 0 judge plain.csv --reference base --format json
        same_file "$WORK/.out" plain.json
        LC_ALL=$name LANG=$name TZ=$zone run 0 judge german.csv --reference base --format json
        same_file "$WORK/.out" plain.json
    done
done

done_testing
