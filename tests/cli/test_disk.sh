#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A full disk, or a place where nothing can be written, is exit 5 and never a verdict.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

if [[ ! -c /dev/full ]]; then
    echo "skipped: no /dev/full here"
    exit 77
fi
samples 0 0.01 2 >same.csv

claim "a report that does not fit on its disk"
run 5 judge same.csv --reference base --tolerance 20% --format md:/dev/full
err_has '/dev/full' 'No space left'
[[ -c /dev/full ]] || fail "the device was replaced by a file"

# Standard output that is full: what was buffered comes out at the end.
full_stdout() { # WORD...
    local code=0
    "$SVCGATE" "$@" >/dev/full 2>"$WORK/.err" </dev/null || code=$?
    : >"$WORK/.out"
    if ((code != 5)); then fail "exit $code instead of 5: svcgate $*"; fi
    err_has 'standard output'
}
claim "standard output that cannot be written"
full_stdout judge same.csv --reference base --tolerance 20% --format json
full_stdout judge same.csv --reference base --tolerance 20%
full_stdout judge same.csv --reference base --explain
full_stdout --version
full_stdout --help
full_stdout judge --help

claim "a folder that is not there"
run 5 judge same.csv --reference base --tolerance 20% --format json:nowhere/verdict.json
err_has 'nowhere/verdict.json'
no_file nowhere

claim "a baseline that cannot be written leaves the old one"
run 0 baseline save api.json same.csv --variant base
cp api.json before
samples 0 0.01 3 >other.csv
run 5 baseline save /dev/full/api.json other.csv --variant base
same_file api.json before

claim "a standard output whose reader is gone ends it: by the signal, or as exit 5 where that is ignored"
mkfifo pipe
exec 7<>pipe
exec 8>pipe 7<&-
reader_gone() { # CODE default|ignore
    local code=0
    env "--$2-signal=PIPE" "$SVCGATE" judge same.csv --reference base --tolerance 20% --format json \
        >&8 2>"$WORK/.err" </dev/null || code=$?
    [[ $code == "$1" ]] || fail "exit $code instead of $1"
}
reader_gone 141 default
reader_gone 5 ignore
err_has 'standard output'
exec 8>&-

done_testing
