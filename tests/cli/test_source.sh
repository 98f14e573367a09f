#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The base from source: where the commit is not there, `run` says so first, before an engine is asked or
# another session waited for; whoever only looks at the configuration asks no repository.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

export DOCKER_HOST=unix:///nowhere/docker.sock HOME=$WORK GIT_CONFIG_GLOBAL=$WORK/gitconfig GIT_CONFIG_NOSYSTEM=1
git config --global user.name test
git config --global user.email test@example.org
git config --global init.defaultBranch main

config() { # REF
    cat >svcgate.yaml <<END
version: 1
service: { port: 8080 }
variants: { base: { build: { ref: $1 } }, candidate: { build: . } }
load: { script: load.js, rate: 100/s }
END
    echo 'export default function () {}' >load.js
}

no_engine_asked() {
    if grep -qF /nowhere/docker.sock "$WORK/.err"; then fail "the engine was asked first"; fi
}

claim "without a repository"
mkdir none
cd none
config 'merge-base(origin/main)'
run 5 run
err_has 'variant base: ' 'is in no git repository' 'name an image instead'
no_engine_asked

claim "checking, showing and planning ask no repository"
run 0 config check
run 0 config show
out_has 'ref: "merge-base(origin/main)"'
run 2 plan
cd ..

claim "a revision that is not there: what was meant, what to fetch"
git init -q up
(
    cd up
    git commit -q --allow-empty -m one
    git tag -a v1 -m one
    git commit -q --allow-empty -m two
)
git clone -q up repo
cd repo
config orign/main
run 5 run
err_has 'git knows no revision "orign/main"' 'did you mean "origin/main"?'
no_engine_asked
config origin/next
run 5 run
err_has 'git fetch origin next'
cd ..

claim "a shallow clone: how much to fetch"
git clone -q --depth=1 "file://$WORK/up" shallow
cd shallow
config 'merge-base(v1)'
run 5 run
err_has 'This clone is shallow' 'git fetch --unshallow' 'git fetch --deepen=100' 'fetch-depth: 0' 'GIT_DEPTH: 0'
git fetch -q --unshallow --tags
run 5 run
err_has /nowhere/docker.sock
cd ..

claim "inside a hook, git's variables lead nowhere else"
cd repo
config v1
GIT_DIR=$WORK/shallow/.git GIT_INDEX_FILE=/nowhere/index GIT_WORK_TREE=/nowhere run 5 run
err_has /nowhere/docker.sock

claim "what could be an option is a mistake, with its place"
config '"--exec=touch ran"'
run 4 run
err_has 'svcgate.yaml:3:35: ref: ' 'like an option' 'origin/main'
no_file ran
cd "$WORK"

done_testing
