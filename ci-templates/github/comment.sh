#!/usr/bin/env bash
# The comment under the pull request. That it could not be made is a warning: the verdict stands.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cd -- "$IN_WORKING_DIRECTORY"
words=(publish --comment "$IN_COMMENT")
[[ -z $IN_BASELINE ]] || words+=("--baseline=$IN_BASELINE")
code=0
token=$(tr -d - </proc/sys/kernel/random/uuid)
echo "::stop-commands::$token" # nothing that svcgate prints is a command to the runner
svcgate "${words[@]}" "$BUNDLE" || code=$?
echo "::$token::"
((code == 0)) || annotate warning "the comment could not be made (exit $code); the log of this step says why"
