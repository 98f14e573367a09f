#!/usr/bin/env bash
# Checks the action's words before anything is measured. Sees to svcgate: the one on PATH, or one built
# from the checkout that this action is part of, put on PATH for the steps that follow.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

one_of install-mode "$IN_INSTALL_MODE" auto none source
one_of install-only "$IN_INSTALL_ONLY" true false
one_of mode "$IN_MODE" gate observe
one_of inconclusive "$IN_INCONCLUSIVE" warn fail
one_of comment "$IN_COMMENT" never always on-change on-fail

if [[ $IN_INSTALL_MODE != source ]]; then
    if command -v svcgate >/dev/null; then
        echo "$(svcgate --version), found at $(command -v svcgate)"
        exit
    fi
    [[ $IN_INSTALL_MODE == auto ]] || refuse "svcgate is not on PATH, and install-mode is none"
fi

[[ -x $root/dev ]] || refuse "svcgate cannot be built: the action is not part of a checkout of its repository"
env -u GITHUB_TOKEN -u GH_TOKEN -u SVCGATE_TOKEN "$root/dev" build # compilers and packages have no business with it
"$root/build/release/svcgate" --version
printf '%s\n' "$root/build/release" >>"$GITHUB_PATH"
