#!/usr/bin/env bash
# `sim blocks` on made repetitions whose noise is known: the host's, 6 %, which the generator shares, and
# 2 % of their own. Raw is √(6² + 2²) = 6.3 %; 2 % are left. Seeds are fixed, so the bands cannot be
# missed by chance.
set -euo pipefail
sim=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export LC_ALL=C

# 80 blocks: the first dump is what all feel, the second what only the service does. Each block has a
# level of its own, which must not count.
paste -d , <("$sim" dump gauss 0.06 0 80 1 3) <("$sim" dump gauss 0.02 0 80 2 3) <("$sim" dump gauss 0.03 0 80 3 3) |
    awk -F , 'BEGIN { print "block,variant,metric,value" }
        NR > 1 {
            level = 1 + $1 % 7 / 2
            printf "%d,%s,shared,%.9g\n", $1, $4, level * $5 * $10
            printf "%d,%s,own,%.9g\n", $1, $4, $15
            printf "%d,%s,generator_cpu_per_request,%.9g\n", $1, $4, $5
        }' >"$folder/all.csv"
# The same as two sessions whose blocks have the same numbers; and a block that is not whole.
awk -F , 'NR == 1 || $1 <= 40' "$folder/all.csv" >"$folder/one.csv"
awk -F , -v OFS=, 'NR == 1 || $1 > 40 { if (NR > 1) $1 -= 40; print }' "$folder/all.csv" >"$folder/two.csv"
printf '99,base,%s,1\n' shared own generator_cpu_per_request >>"$folder/two.csv"

fail() {
    echo "sim blocks: $*" >&2
    exit 1
}

within() { # WHAT VALUE LOW HIGH
    awk -v v="$2" -v low="$3" -v high="$4" 'BEGIN { exit !(v + 0 >= low && v + 0 <= high) }' ||
        fail "$1 is \"$2\", not in $3 … $4"
}

cell() { # FILE ROW COLUMN
    awk -F ' *[|] *' -v row="$2" -v column="$3" 'index($0, row) == 1 { print $column; exit }' "$1"
}

"$sim" blocks "$folder/all.csv" --sessions 100 >"$folder/out"
within "raw noise" "$(cell "$folder/out" '| shared |' 3)" 6.0 6.7
within "noise without the host's" "$(cell "$folder/out" '| shared |' 4)" 1.9 2.1
within "slope" "$(cell "$folder/out" '| shared |' 8)" 0.97 1.03
within "raw noise that is not shared" "$(cell "$folder/out" '| own |' 3)" 2.8 3.2
within "the same, adjusted" "$(cell "$folder/out" '| own |' 4)" 2.8 3.2
within "unchanged passes raw" "$(cell "$folder/out" '| shared | +0 %' 4)" 60 90
within "unchanged passes adjusted" "$(cell "$folder/out" '| shared | +0 %' 7)" 99 100
within "+10 % fails adjusted" "$(cell "$folder/out" '| shared | +10 %' 8)" 99 100

"$sim" blocks "$folder/one.csv" "$folder/two.csv" --sessions 100 >"$folder/out2"
grep -q '^480 repetitions of unchanged code in 80 blocks of 2 files; blocks left out: 1\.' "$folder/out2" ||
    fail "$(head -n 1 "$folder/out2")"
[[ $(tail -n +2 "$folder/out") == "$(tail -n +2 "$folder/out2")" ]] ||
    fail "two files say something else than their blocks in one"

"$sim" blocks "$folder/all.csv" --sessions 400 --quiet-data --noise 4% >"$folder/out" || fail "quiet data: $(cat "$folder/out")"
within "what a quiet host loses" "$(cell "$folder/out" '| shared | +0 %' 10)" -2 2
code=0
"$sim" blocks "$folder/all.csv" --sessions 1000 --quiet-data --noise 8% >"$folder/out" || code=$?
[[ $code == 1 ]] || fail "noise of 8 % that nothing explains: exit $code, not 1"
within "what a noisy one loses when its generator knows nothing" "$(cell "$folder/out" '| shared | +10 %' 10)" 3 9

for words in "" "$folder/none.csv" "$folder/all.csv --noise 3%" "$folder/all.csv --alpha 0.7" "$folder/all.csv --sessions"; do
    code=0
    # shellcheck disable=SC2086 # several words are meant
    "$sim" blocks $words >/dev/null 2>&1 || code=$?
    [[ $code == 4 ]] || fail "$words: exit $code, not 4"
done
