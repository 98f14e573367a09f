#!/usr/bin/env bash
# The comment under the pull request. That it could not be made is a warning: the verdict stands.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cd -- "$IN_WORKING_DIRECTORY"
words=(publish --comment "$IN_COMMENT")
[[ -z $IN_BASELINE ]] || words+=("--baseline=$IN_BASELINE")
code=0
svcgate "${words[@]}" "$BUNDLE" || code=$?
((code == 0)) || annotate warning "the comment could not be made (exit $code); the log of this step says why"
