#!/usr/bin/env bash
# The simulation gives the same numbers however it is asked, and refuses what it does not know.
set -euo pipefail
sim=$1

same() { # WHAT ONE OTHER
    [[ $2 == "$3" ]] || { echo "not the same: $1" >&2; exit 1; }
}

same "any number of threads" "$("$sim" table S6 --sessions 210 --threads 1 --quick)" \
    "$("$sim" table S6 --sessions 210 --threads 3 --quick)"
same "session 1 alone and before others" "$("$sim" dump ar1 0.03 0.1 1 7 6)" \
    "$("$sim" dump ar1 0.03 0.1 5 7 6 | head -n 13)"

for words in "" "table S0" "dump none 0.03 0 1 1 6" "dump gauss 0.03 0 1 1 7" "report --fast"; do
    code=0
    # shellcheck disable=SC2086 # several words are meant
    "$sim" $words >/dev/null 2>&1 || code=$?
    [[ $code == 4 ]] || { echo "sim $words: exit $code, not 4" >&2; exit 1; }
done
