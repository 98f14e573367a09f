#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# docs/architecture.md is made from cmake/rooms.cmake and the rooms' headers; the committed page is
# the current one.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

claim "docs/architecture.md is current (renew it with: cmake -P cmake/architecture.cmake)"
cmake -DOUT="$WORK/architecture.md" -P "$SG_ROOT/cmake/architecture.cmake" >/dev/null
diff "$SG_ROOT/docs/architecture.md" architecture.md >"$WORK/.out" || fail "it is stale"

done_testing
