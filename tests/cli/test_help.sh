#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Help and version: every verb explains itself, and mentions every option that it takes.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

VERBS=(init doctor plan run judge import baseline report publish config up down testbench clean awake completion man)
declare -A OPTIONS=(
    [init]="ci"
    [plan]="config rate warmup measure reference gate repetitions budget alpha beta baseline no-screen no-accepted
        no-adjust from change format"
    [doctor]="config quick keep-awake"
    [run]="config script compose service port ready cpus memory rate warmup measure vus reference gate
        repetitions budget alpha beta keep-awake seed block baseline no-screen no-accepted no-adjust out wait previous format mode bisect quiet"
    [judge]="config reference gate tolerance floor limit better covariate alpha beta baseline variant no-adjust
        explain out format"
    [import]="out"
    [baseline]="file variant force reason keep config format"
    [report]="baseline format"
    [publish]="comment check name baseline forge repository request commit api token-file timeout dry-run
        body save"
    [config]="config"
    [up]="config"
    [down]=""
    [testbench]=""
    [clean]="all"
    [awake]=""
    [completion]=""
    [man]=""
)

# What the guide says below the heading of a verb: "### run", "### plan, before …", "### up and down".
guide_section() { # VERB
    awk -v heading="^### ([a-z]+ and )?$1([ ,]|\$)" '
        /^## / { verbs = $0 == "## Verbs"; here = 0 }
        /^### / { here = verbs && $0 ~ heading }
        here' "$SG_ROOT/docs/guide.md"
}

claim "the version is one line"
run 0 --version
out_has "svcgate "
[[ $(wc -l <"$WORK/.out") == 1 ]] || fail "more than one line"
cp "$WORK/.out" version
run 0 -V
same_file "$WORK/.out" version

claim "help lists every verb and every exit status"
run 0 --help
silent err
for verb in "${VERBS[@]}"; do out_has "  $verb "; done
for status in 0 1 2 3 4 5 "129, 130, 143"; do out_has "  $status  "; done
cp "$WORK/.out" help
run 0 help
same_file "$WORK/.out" help
run 0 -h
same_file "$WORK/.out" help

claim "the verbs of this test are those of the program"
listed=$(sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' help | sort | paste -sd ' ')
known=$(printf '%s\n' "${VERBS[@]}" | sort | paste -sd ' ')
[[ $listed == "$known" ]] || fail "the program has: $listed"

for verb in "${VERBS[@]}"; do
    claim "help of $verb mentions all of its options and no other"
    run 0 "$verb" --help
    silent err
    out_has "Usage: svcgate $verb"
    shown=$(sed -n '/^Options:/,$s/^ \{2,6\}\(-., \)\?--\([a-z-]*\).*/\2/p' "$WORK/.out" | sort | paste -sd ' ')
    wanted=$(tr -s ' \n' '\n' <<<"${OPTIONS[$verb]}" | grep . | sort | paste -sd ' ' || true)
    [[ $shown == "$wanted" ]] || fail "shown: $shown; wanted: $wanted"

    claim "help of $verb fits a terminal of 80 columns"
    wide=$(awk 'length($0) > 80' "$WORK/.out")
    [[ -z $wide ]] || fail "$wide"

    claim "the guide names every option of $verb in its section"
    guide_section "$verb" >"$WORK/.out"
    [[ -s $WORK/.out ]] || fail "docs/guide.md has no section of $verb"
    for option in ${OPTIONS[$verb]}; do
        grep -qE -- "--$option([^a-z-]|\$)" "$WORK/.out" || fail "it lacks --$option"
    done
done

claim "help of the verbs that write reports lists every format"
formats=$({ "$SVCGATE" judge --format nonsense - 2>&1 || true; } | sed -n 's/.*known are //p' | tr -d ',')
[[ $formats == text\ * ]] || fail "the formats are not told: $formats"
for verb in run judge report; do
    run 0 "$verb" --help
    for format in $formats; do out_has "  $format "; done
done

claim "no word at all is a usage error and shows the help"
run 4
silent out
err_has "Usage: svcgate VERB"

done_testing
