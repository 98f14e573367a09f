#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# .pre-commit-hooks.yaml under the real pre-commit, and the guide's own pre-push hook under the real git.
# No network: the hooks are a repository in a folder, and svcgate is the one that is there. No engine
# either: that a run was tried shows in its error.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"
# shellcheck source=tests/ci/common.sh
. "$SG_ROOT/tests/ci/common.sh"
[[ -x $CI_TOOLS/pre-commit ]] || { # one of the distribution may be too old to know the stage pre-push
    echo "FAILED: pre-commit is not installed; run: ./dev tools" >&2
    exit 1
}

export HOME=$WORK PRE_COMMIT_HOME=$WORK/cache GIT_CONFIG_GLOBAL=$WORK/gitconfig GIT_CONFIG_NOSYSTEM=1
export DOCKER_HOST=unix:///nowhere/docker.sock
mkdir -p bin
ln -s "$SVCGATE" bin/svcgate
PATH=$WORK/bin:$PATH
git config --global user.name test
git config --global user.email test@example.org
git config --global init.defaultBranch main

# Runs a command; its exit code must be CODE.
ends() { # CODE COMMAND...
    local code=0
    "${@:2}" >"$WORK/.out" 2>"$WORK/.err" </dev/null || code=$?
    if ((code != $1)); then fail "exit $code instead of $1: ${*:2}"; fi
}

project() { # NAME
    git init -q "$WORK/$1"
    cd "$WORK/$1"
    echo 'export default function () {}' >load.js
    cat >svcgate.yaml <<'END'
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
load: { script: load.js, rate: 100/s }
END
}

claim "pre-commit accepts the manifest"
ends 0 pre-commit validate-manifest "$SG_ROOT/.pre-commit-hooks.yaml"

git init -q hooks
cp "$SG_ROOT/.pre-commit-hooks.yaml" hooks/
git -C hooks add .
git -C hooks commit -q -m hooks

project shop
cat >.pre-commit-config.yaml <<END
repos:
  - repo: $WORK/hooks
    rev: $(git -C "$WORK/hooks" rev-parse HEAD)
    hooks: [{ id: svcgate-config }, { id: svcgate }]
END
ends 0 pre-commit validate-config
git add .
git commit -q -m first

claim "a right svcgate.yaml passes, and a run is not for every commit"
ends 0 pre-commit run --all-files
out_has 'svcgate configuration' 'Passed'
[[ $(grep -c -F '....' "$WORK/.out") == 1 ]] || fail "something else was run"

claim "a wrong one fails, with its place"
sed 's/variants:/varaints:/' svcgate.yaml >svcgate.yml
rm svcgate.yaml
git add -A
ends 1 pre-commit run
out_has 'Failed' 'svcgate.yml:3:1' 'did you mean "variants"?'

claim "of several files each is looked at, wherever it lies"
mkdir -p services/api services/web other
git show HEAD:svcgate.yaml >services/api/svcgate.yaml
cp load.js services/api/
cp svcgate.yml services/web/svcgate.yaml
echo 'nonsense: 1' >other/my-svcgate.yaml
git add -A
ends 1 pre-commit run
out_has 'services/api/svcgate.yaml is right' 'services/web/svcgate.yaml:3:1' 'svcgate.yml:3:1'
if grep -q my-svcgate "$WORK/.out"; then fail "a file of another name was looked at"; fi

claim "the run is tried before a push, and what it cannot do stops the push"
git reset -q --hard HEAD
git init -q --bare ../remote.git
git remote add origin ../remote.git
ends 0 pre-commit install --hook-type pre-push
ends 1 git push -q origin main
grep -qF '/nowhere/docker.sock' "$WORK/.out" "$WORK/.err" || fail "svcgate run was not tried"
[[ -z $(git -C ../remote.git for-each-ref) ]] || fail "it was pushed"

claim "the run can be asked for by hand"
ends 1 pre-commit run --hook-stage manual svcgate
out_has '/nowhere/docker.sock'

claim "the guide's pre-push hook is tried before a push as well"
project plain
git remote add origin ../remote.git
git add .
git commit -q -m first
awk '/^#!\/bin\/sh/ { inside = 1 } /^```/ { inside = 0 } inside' "$SG_ROOT/docs/guide.md" >.git/hooks/pre-push
[[ -s .git/hooks/pre-push ]] || fail "docs/guide.md has no hook"
chmod +x .git/hooks/pre-push
ends 1 git push -q origin main
err_has '/nowhere/docker.sock'
[[ -z $(git -C ../remote.git for-each-ref) ]] || fail "it was pushed"
ends 0 git push -q --no-verify origin main

cd "$WORK"
done_testing
