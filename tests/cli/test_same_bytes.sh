#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same sessions give the same bytes in every format: from one binary twice, and from GCC and
# Clang, each without optimisation and with it.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

SESSIONS=10 # of each of the four flavours of tests/vectors/drawn_session.py

if grep -qaE '__asan_init|__ubsan_handle' "$SVCGATE"; then
    echo "skipped: a build with sanitizers; the release build runs it"
    exit 77
fi

# --- what is judged -------------------------------------------------------------------------------

mkdir sessions plain
PYTHONDONTWRITEBYTECODE=1 python3 "$SG_ROOT/tests/vectors/drawn_session.py" sessions "$SESSIONS"
cp "$SG_ROOT"/tests/fuzz/corpus/judge/*.json sessions
samples 0 0.01 7 >plain/same.csv
samples 0.2 0.01 7 >plain/worse.csv
samples 0.03 0.2 4 >plain/noisy.csv
sed '20s/,[^,]*$/,/' plain/same.csv >plain/hole.csv
samples 0 0.02 7 generator | sed 1d | cat plain/worse.csv - >host.csv
for i in 1 2 3 4 5; do
    samples 0 "0.01$i" 2 >stored.csv
    run 0 baseline save stored.json stored.csv --variant base
done

# All formats that there are, by the message about one that there is not.
run 4 judge plain/same.csv --format none
IFS=' ' read -ra FORMATS < <(sed -n 's/.*known are //; T; s/,//g; p' .err)

# What a command says, and its exit status beside it.
answer() { # NAME COMMAND...
    local code=0
    "${@:2}" >"out/$1" 2>&1 || code=$?
    echo "$code" >"out/$1.status"
}

# Every answer of a binary, one file each: reports and explanation of each session. Written to the
# same place by all, because messages name it.
answers() { # BINARY FOLDER
    local binary=$1 file name format formats=()
    mkdir out
    for file in sessions/* plain/*; do
        name=$(basename "$file")
        formats=()
        for format in "${FORMATS[@]}"; do formats+=(--format "$format:out/$name.$format"); done
        answer "$name.out" "$binary" judge "$file" --reference base "${formats[@]}"
        answer "$name.explain" "$binary" judge "$file" --reference base --explain
    done
    answer stored.json "$binary" judge plain/worse.csv --baseline stored.json --variant candidate --format json
    answer show.json "$binary" baseline show stored.json --format json
    answer host.json "$binary" judge host.csv --reference base --covariate generator --format json
    mv out "$2"
}

# --- who judges -----------------------------------------------------------------------------------

# A build of its own, of the program alone.
build() { # COMPILER LEVEL
    local folder=build-$1$2 log=build-$1$2.log
    {
        cmake -S "$SG_ROOT" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE= -DCMAKE_C_COMPILER="$1" -DCMAKE_C_FLAGS="$2 -w" &&
            cmake --build "$folder" --target svcgate
    } >"$log" 2>&1 || {
        tail -n 20 "$log"
        fail "$1 $2 does not build"
        done_testing
    }
}

same_answers() { # FOLDER
    if ! diff -rq answers "$1" >differences; then
        fail "$(wc -l <differences) answers differ: $(head -n 3 differences)"
        diff -r answers "$1" | cut -c 1-300 | head -n 20 || true
    fi
}

claim "something is judged: each verdict occurs, in each format"
answers "$SVCGATE" answers
((${#FORMATS[@]} >= 7)) || fail "only ${#FORMATS[@]} formats: ${FORMATS[*]}"
for verdict in pass fail inconclusive invalid; do
    grep -qF "\"verdict\": \"$verdict\"" answers/*.json.json || fail "no session is $verdict"
done
for format in "${FORMATS[@]}"; do
    count=$(find answers -name "*.$format" -size +0 | wc -l)
    ((count >= 4 * SESSIONS)) || fail "only $count answers as $format"
done

claim "every answer as JSON keeps to its schema"
"$SG_ROOT/tests/validate.py" answers/*.json >wrong || fail "$(head -n 5 wrong)"

claim "one binary gives the same bytes twice"
answers "$SVCGATE" again
same_answers again

for compiler in gcc clang; do
    for level in -O0 -O2; do
        claim "$compiler $level gives the same bytes"
        if ! command -v "$compiler" >/dev/null; then
            fail "no $compiler here"
            continue
        fi
        build "$compiler" "$level"
        answers "build-$compiler$level/svcgate" "by-$compiler$level"
        same_answers "by-$compiler$level"
    done
done

done_testing
