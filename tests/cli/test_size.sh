#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One small file is the whole tool: stripped, it stays below 2 MiB.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

if grep -qaE '__asan_init|__ubsan_handle' "$SVCGATE"; then
    echo "skipped: a build with sanitizers"
    exit 77
fi
claim "the stripped binary is below 2 MiB"
strip -o stripped "$SVCGATE"
size=$(stat -c %s stripped)
echo "stripped: $size bytes"
((size < 2 * 1024 * 1024)) || fail "$size bytes"

done_testing
