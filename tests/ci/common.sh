# shellcheck shell=bash
# What the tests of this folder share, besides tests/cli/common.sh, which each sources too: the programs
# that ./dev tools installs, in front of PATH.
CI_TOOLS=${SVCGATE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/svcgate}/ci/bin
if [[ ! -x $CI_TOOLS/act || ! -x $CI_TOOLS/zizmor || ! -x $CI_TOOLS/gitlab-ci-local ]]; then
    echo "FAILED: the programs of these tests are not installed; run: ./dev tools" >&2
    exit 1
fi
PATH=$CI_TOOLS:$PATH
export PATH
