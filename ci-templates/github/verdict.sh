#!/usr/bin/env bash
# Ends the action with svcgate's exit code. GitHub knows no yellow: an inconclusive run is green with a
# warning, or red.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [[ $EXIT_CODE == 2 && $IN_INCONCLUSIVE == warn ]]; then
    annotate warning "inconclusive: not enough evidence to pass or fail; the job summary says what would decide"
    exit 0
fi
exit "${EXIT_CODE:-5}"
