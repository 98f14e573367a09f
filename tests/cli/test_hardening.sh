#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The release binary has what compilers and linkers offer against a reader's mistake being used.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

if [[ ${SG_CONFIG:-Release} != Release ]]; then
    echo "skipped: not a release build"
    exit 77
fi
readelf --wide --file-header --program-headers --dynamic "$SVCGATE" >elf
readelf --wide --dyn-syms "$SVCGATE" >symbols

has() { # FILE PATTERN WHAT
    if grep -qE "$2" "$1"; then echo "$3"; else fail "it lacks: $3"; fi
}

claim "the release binary is hardened"
has elf 'Type: +DYN' 'a position of its own at each start (PIE)'
has elf 'GNU_RELRO' 'addresses that are read-only after the start (RELRO)'
has elf 'BIND_NOW|FLAGS.*NOW' 'all addresses resolved at the start'
has elf 'GNU_STACK .* RW +0x' 'a stack that cannot be executed'
has symbols '__stack_chk_fail' 'canaries on the stack'
has symbols '__[a-z]+_chk' 'copies whose sizes are checked (FORTIFY_SOURCE)'

done_testing
