# shellcheck shell=bash
# What the tests of the command line share. Each test_*.sh sources this, works in a folder of its own
# and ends with `done_testing`. SVCGATE is the binary under test, SG_ROOT the source tree; ctest sets
# both. No Docker here.
set -euo pipefail
export LC_ALL=C.UTF-8

SVCGATE=$(realpath "${SVCGATE:?names the binary under test}")
SG_ROOT=${SG_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
export SG_ROOT
for name in $(compgen -e SVCGATE_); do unset "$name"; done # options are read from the environment too

WORK=$(mktemp -d "${TMPDIR:-/tmp}/svcgate-cli-XXXXXX")
WRITTEN=$(mktemp -d "${TMPDIR:-/tmp}/svcgate-written-XXXXXX") # copies of the JSON documents that svcgate wrote
trap 'rm -rf "$WORK" "$WRITTEN"' EXIT
cd "$WORK"

FAILED=0
CLAIM=
RUNS=0
OWN_KEYS=() # that a test put into documents which svcgate writes again

# Says what the next commands are to show; named in failures.
claim() { CLAIM=$1; }

fail() { # WHAT
    FAILED=$((FAILED + 1))
    printf 'FAILED: %s\n    %s\n' "$CLAIM" "$1"
    if [[ -s $WORK/.out ]]; then sed 's/^/    out: /' "$WORK/.out" | head -n 20; fi
    if [[ -s $WORK/.err ]]; then sed 's/^/    err: /' "$WORK/.err" | head -n 20; fi
}

# Runs svcgate; its exit code must be CODE. Standard output and error are kept for the checks below.
run() { # CODE WORD...
    local wanted=$1 code=0
    shift
    : >"$WORK/.before"
    "$SVCGATE" "$@" >"$WORK/.out" 2>"$WORK/.err" </dev/null || code=$?
    if ((code != wanted)); then fail "exit $code instead of $wanted: svcgate $*"; fi
    keep_written "$*"
}

# The JSON objects on standard output and in files, for documents_are_right. What others define is left out:
# arrays (GitLab's codequality), gitlab-load, k6's summaries, Grafana's dashboards, the schema of svcgate.yaml.
keep_written() { # WORDS
    local path name first
    RUNS=$((RUNS + 1))
    if [[ $1 == *gitlab-load* || $1 == "config schema" || $1 == "testbench export "* ]]; then return; fi
    while IFS= read -r path; do
        name=${path##*/}
        IFS= read -r -n 1 first <"$path" || continue
        if [[ $first == "{" && $name != *.schema.json ]]; then cp "$path" "$WRITTEN/$RUNS-${name/#.out/stdout.json}"; fi
    done < <(find "$WORK" -newer "$WORK/.before" -type f ! -path '*/k6/*' \( -name .out -o -name '*.json' -o -name '*.jsonl' \))
    echo "$RUNS svcgate $1" >>"$WRITTEN/runs"
}

# They keep to schema/*.json, by a validator that is not ours.
documents_are_right() {
    local files=("$WRITTEN"/*.json*) number
    [[ -e ${files[0]} ]] || return 0
    claim "every JSON document that svcgate wrote keeps to its schema"
    "$SG_ROOT/tests/validate.py" "${OWN_KEYS[@]/#/--allow=}" "${files[@]}" >"$WORK/.out" 2>"$WORK/.err" && return
    fail "the number before a document's name is that of the run that wrote it:"
    sed -n "s|^$WRITTEN/\([0-9]*\)-.*|\1|p" "$WORK/.out" | sort -un | while IFS= read -r number; do
        sed -n "s/^$number /    $number: /p" "$WRITTEN/runs"
    done
}

out_has() { # TEXT...
    local text
    for text in "$@"; do
        if ! grep -qF -- "$text" "$WORK/.out"; then fail "standard output lacks: $text"; fi
    done
}

err_has() { # TEXT...
    local text
    for text in "$@"; do
        if ! grep -qF -- "$text" "$WORK/.err"; then fail "standard error lacks: $text"; fi
    done
}

silent() { # out | err
    if [[ -s $WORK/.$1 ]]; then fail "standard $1 is not empty"; fi
}

same_file() { # A B
    if ! cmp -s -- "$1" "$2"; then fail "$1 and $2 differ"; fi
}

no_file() { # PATH...
    local path
    for path in "$@"; do
        if [[ -e $path ]]; then fail "$path exists"; fi
    done
}

# Long CSV of two variants, blocks of 3 and 3, with the same noise each time: the variant is EFFECT
# worse (0.2 is 20 %), the SD of one repetition is NOISE.
samples() { # EFFECT NOISE BLOCKS [METRIC]
    awk -v effect="$1" -v noise="$2" -v blocks="$3" -v metric="${4:-latency_p95}" '
        function normal(  k, u) {
            u = 0
            for (k = 0; k < 12; k++) { state = (state * 16807) % 2147483647; u += state / 2147483647 }
            return u - 6
        }
        BEGIN {
            state = 12345
            print "block,variant,metric,value"
            for (b = 1; b <= blocks; b++)
                for (v = 0; v < 2; v++)
                    for (i = 0; i < 3; i++)
                        printf "%d,%s,%s,%.9f\n", b, v ? "candidate" : "base", metric,
                            0.010 * (1 + noise * normal()) * (v ? 1 + effect : 1)
        }'
}

done_testing() {
    documents_are_right
    if ((FAILED > 0)); then
        printf '%d claims do not hold\n' "$FAILED"
        exit 1
    fi
    echo "all claims hold"
}
