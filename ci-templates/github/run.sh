#!/usr/bin/env bash
# Runs svcgate, then tells what came of it: job summary, outputs, annotations. Ends with 0 whatever the
# verdict, so that the bundle can be kept first; verdict.sh ends the action with svcgate's exit code.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cd -- "$IN_WORKING_DIRECTORY" || refuse "input working-directory: there is no folder $IN_WORKING_DIRECTORY"
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/svcgate.XXXXXX") # not in the work tree, which images are built from
bundle=$folder/bundle
more_formats=()

# A whole session, one block of it, or the verdict over blocks that other jobs measured.
if [[ -n $IN_JUDGE ]]; then
    words=(judge "$IN_JUDGE"/*/ --out "$bundle")
elif [[ -n $IN_BLOCK ]]; then
    words=(run --out "$bundle" --block "$IN_BLOCK" --seed "$IN_SEED")
else
    words=(run --out "$bundle" --mode "$IN_MODE")
fi
if [[ -z $IN_BLOCK ]]; then # a block by itself has no report
    words+=(--format text --format "md:$folder/summary.md" --format "github:$folder/annotations.txt"
        --format "html:$bundle/report.html")
    while read -r format; do
        [[ -z $format ]] || more_formats+=("--format=$format")
    done <<<"$IN_FORMATS"
fi
if [[ -z $IN_JUDGE ]]; then # how it is measured
    [[ -z $IN_CONFIG ]] || words+=("--config=$IN_CONFIG")
    [[ -z $IN_BASELINE ]] || words+=("--baseline=$IN_BASELINE")
    [[ -n $IN_KEEP_AWAKE || ${RUNNER_ENVIRONMENT:-} != github-hosted ]] || IN_KEEP_AWAKE=sudo
    [[ -z $IN_KEEP_AWAKE ]] || words+=("--keep-awake=$IN_KEEP_AWAKE")
fi
words+=("${more_formats[@]}")
read -r -d '' -a more <<<"$IN_ARGS" || true # split at blanks; nothing else is special
words+=("${more[@]}")

# Nothing that svcgate prints, or a service's log in it, is a command to the runner. Builds that svcgate
# starts have no business with the token.
token=$(tr -d - </proc/sys/kernel/random/uuid)
echo "::stop-commands::$token"
mkfifo "$folder/pipe"
tee "$folder/log.txt" <"$folder/pipe" &
log=$!
env -u GITHUB_TOKEN -u GH_TOKEN -u SVCGATE_TOKEN svcgate "${words[@]}" >"$folder/pipe" 2>&1 &
pid=$!
trap 'kill -TERM "$pid" 2>/dev/null || true' INT TERM
code=0
wait "$pid" || code=$?
while kill -0 "$pid" 2>/dev/null; do # a signal ends `wait` before svcgate has ended
    code=0
    wait "$pid" || code=$?
done
for ((try = 0; try < 20; try++)); do # a process that a killed svcgate left may hold the pipe open
    kill -0 "$log" 2>/dev/null || break
    sleep 0.1
done
kill "$log" 2>/dev/null || true
echo "::$token::"
if [[ -n $IN_JUDGE && $IN_MODE == observe ]] && ((code <= 2)); then code=0; fi # as `run` does by itself

# The verdict at the top of the document; strings in JSON have no line breaks.
verdict=none
if [[ -r $bundle/verdict.json ]]; then
    verdict=$(sed -n 's/^  "verdict": "\([a-z]*\)".*/\1/p' "$bundle/verdict.json")
fi
output exit-code "$code"
output verdict "$verdict"
[[ ! -r $bundle/session.json ]] || output bundle "$bundle"
if [[ -r $folder/summary.md ]]; then
    output report "$folder/summary.md"
    cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
    cat "$folder/annotations.txt"
elif [[ -n $IN_BLOCK && $code == 0 ]]; then
    printf 'svcgate: block %s is measured; the job that judges all blocks has the report.\n' "$IN_BLOCK" >>"$GITHUB_STEP_SUMMARY"
else
    last=$(grep -a '^svcgate: ' "$folder/log.txt" | grep -v 'what was measured so far is in' | tail -n 1 |
        cut -c 1-1000 || true)
    annotate error "no verdict, exit $code: ${last:-see the log of this step}"
    printf '### svcgate: no verdict\n\nExit status %s. What it said last:\n\n    %s\n' "$code" \
        "$(tr -d '\000-\037\177' <<<"$last")" >>"$GITHUB_STEP_SUMMARY"
fi
