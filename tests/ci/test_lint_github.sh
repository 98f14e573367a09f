#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The action and the workflows of ci-templates/github, and what `svcgate init --ci github` writes, are
# right and safe by the linters of their kind.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"
# shellcheck source=tests/ci/common.sh
. "$SG_ROOT/tests/ci/common.sh"

GITHUB=$SG_ROOT/ci-templates/github

accepted() { # COMMAND...
    "$@" >.out 2>.err || fail "refused: $*"
}

# At least one finding is what makes a linter's silence worth something.
refused() { # TEXT COMMAND...
    if "${@:2}" >.out 2>.err; then fail "accepted: ${*:2}"; fi
    grep -qF -- "$1" .out .err || fail "no word of: $1"
}

claim "workflows and action keep to GitHub's schemas"
accepted check-jsonschema --builtin-schema vendor.github-workflows "$GITHUB"/workflows/*.yml
accepted check-jsonschema --builtin-schema vendor.github-actions "$GITHUB/action.yml"

claim "actionlint, with shellcheck, finds nothing in the workflows"
accepted actionlint -color=false "$GITHUB"/workflows/*.yml

# Two rules are silenced where they meet, each with its reason beside it; none for all files.
claim "zizmor finds nothing, also with its stricter rules"
accepted zizmor --offline --no-progress --persona pedantic "$GITHUB/action.yml" "$GITHUB"/workflows/*.yml

claim "the linters would find what they are here for"
sed 's/@[0-9a-f]\{40\}/@main/' "$GITHUB/workflows/svcgate.yml" >unpinned.yml
refused unpinned-uses zizmor --offline --no-progress unpinned.yml
# shellcheck disable=SC2016 # an expression of GitHub's
sed 's/"\$GITHUB_ACTION_PATH\/run.sh"/& ${{ inputs.args }}/' "$GITHUB/action.yml" >action.yml
refused template-injection zizmor --offline --no-progress action.yml
# shellcheck disable=SC2016
sed 's/svcgate publish .* "\(.*\)"/svcgate publish \1/' "$GITHUB/workflows/svcgate-publish.yml" >unquoted.yml
refused SC2086 actionlint -color=false unquoted.yml
sed 's/contents: read/contents: reed/' "$GITHUB/workflows/svcgate.yml" >schema.yml
refused reed check-jsonschema --builtin-schema vendor.github-workflows schema.yml

claim "every action of others is pinned by commit, with its version beside it"
grep -h 'uses:' "$GITHUB/action.yml" "$GITHUB"/workflows/*.yml >uses
(($(wc -l <uses) >= 9)) || fail "only $(wc -l <uses) actions are found"
if grep -v -E 'uses: [A-Za-z]+/[^@ ]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$' uses >.out; then
    fail "not pinned"
fi

claim "inputs reach the scripts through the environment only"
# shellcheck disable=SC2016
if grep -E '^ *run:.*\$\{\{' "$GITHUB/action.yml" >.out; then fail "an expression in run"; fi

claim "no workflow runs in a trusted context with the pull request's code"
if grep -l pull_request_target "$GITHUB"/workflows/*.yml >.out; then fail "pull_request_target"; fi
if grep -n -E 'actions/checkout' "$GITHUB/workflows/svcgate-publish.yml" >.out; then fail "publish checks something out"; fi

claim "the comment's name is said by the workflow, whatever the bundle says"
grep -qF 'svcgate publish --comment on-change --name svcgate ' "$GITHUB/workflows/svcgate-publish.yml" || fail "it is not"

claim "every input and output of the action is in its documentation"
sed -n '/^inputs:/,/^# Inputs reach/s/^  \([a-z-]*\):$/\1/p' "$GITHUB/action.yml" >names
(($(wc -l <names) >= 16)) || fail "only $(wc -l <names) names are found"
while read -r name; do
    grep -qF "| \`$name\` |" "$SG_ROOT/docs/ci-github.md" || echo "$name"
done <names >missing
[[ ! -s missing ]] || fail "docs/ci-github.md lacks: $(paste -sd ' ' missing)"

claim "what init writes is those workflows, and right as it lies there"
mkdir project && cd project
git init -q .
run 0 init --ci github
for name in svcgate svcgate-publish; do
    same_file ".github/workflows/$name.yml" "$GITHUB/workflows/$name.yml"
done
accepted actionlint -color=false
accepted zizmor --offline --no-progress .
run 0 config check
cd "$WORK"

done_testing
