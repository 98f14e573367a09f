#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What svcgate writes for people: it never overwrites, and what it writes works.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

claim "init writes a configuration that is right but for what only the user knows"
run 0 init
out_has 'svcgate.yaml' 'load.js' 'svcgate doctor'
run 0 config check
out_has 'svcgate.yaml is right'

claim "init overwrites nothing"
cp svcgate.yaml config.before
cp load.js script.before
run 4 init
err_has 'exists already'
same_file svcgate.yaml config.before
same_file load.js script.before

claim "the schema that editors read is named in the first line, lies beside it, and is the published one"
[[ $(head -n 1 svcgate.yaml) == "# yaml-language-server: \$schema=svcgate.schema.json" ]] || fail "$(head -n 1 svcgate.yaml)"
same_file svcgate.schema.json "$SG_ROOT/schema/config.schema.json"
run 0 config schema
same_file "$WORK/.out" "$SG_ROOT/schema/config.schema.json"

claim "with one of the files there, none is written"
mkdir script && cd script
echo mine >load.js
run 4 init
err_has 'load.js exists already'
no_file svcgate.yaml
[[ $(<load.js) == mine ]] || fail "load.js was overwritten"
cd "$WORK"
mkdir config && cd config
echo mine >svcgate.yaml
run 4 init
err_has 'svcgate.yaml exists already'
no_file load.js svcgate.schema.json
cd "$WORK"
mkdir schema && cd schema
echo mine >svcgate.schema.json
run 4 init
err_has 'svcgate.schema.json exists already'
no_file load.js svcgate.yaml
cd "$WORK"

claim "init --ci also writes what the forge's CI reads, and builds the base from source"
for forge in github gitlab; do
    mkdir "$forge" && cd "$forge"
    run 0 init --ci "$forge"
    grep -q 'ref: merge-base(origin/main)' svcgate.yaml || fail "the base of $forge is no source"
    run 0 config check
    cd "$WORK"
done
for name in svcgate svcgate-publish; do
    same_file "github/.github/workflows/$name.yml" "$SG_ROOT/ci-templates/github/workflows/$name.yml"
done
same_file gitlab/.gitlab-ci.svcgate.yml "$SG_ROOT/ci-templates/gitlab/svcgate.gitlab-ci.yml"
no_file github/.gitlab-ci.svcgate.yml gitlab/.github

claim "init --ci leaves a svcgate.yaml that is there alone, and its files too"
mkdir there && cd there
echo mine >svcgate.yaml
run 0 init --ci github
out_has 'stays as it is' 'wrote .github/workflows/svcgate.yml'
[[ $(<svcgate.yaml) == mine ]] || fail "svcgate.yaml was overwritten"
no_file load.js svcgate.schema.json
run 4 init --ci github
err_has '.github/workflows/svcgate.yml exists already'
rm .github/workflows/svcgate.yml
run 4 init --ci github
err_has 'svcgate-publish.yml exists already'
no_file .github/workflows/svcgate.yml
run 4 init --ci gitea
err_has '--ci gitea: write github or gitlab'
cd "$WORK"

claim "the testbench's files are written out as they are in the source tree"
run 0 testbench export bench
out_has 'bench'
count=0
while IFS= read -r file; do
    count=$((count + 1))
    same_file "bench/$file" "$SG_ROOT/testbench/bench/$file"
done < <(cd "$SG_ROOT/testbench/bench" && find . -type f | sort)
((count >= 7)) || fail "only $count files in the source tree"
grep -q '^SVCGATE_IMAGE_K6=.' bench/.env || fail ".env does not name the image of k6"

claim "export overwrites nothing"
echo mine >bench/compose.yaml
run 5 testbench export bench
err_has 'compose.yaml' 'exists already'
[[ $(<bench/compose.yaml) == mine ]] || fail "compose.yaml was overwritten"

claim "the configuration is found above, up to the repository's root and no further"
mkdir -p project/.git project/deep/down
cp svcgate.yaml load.js project/
cd project/deep/down
run 0 config check
out_has '../../svcgate.yaml'
cd "$WORK"
mkdir -p below/.git below/down
cd below/down
run 4 config check
err_has 'no svcgate.yaml'
cd "$WORK"

claim "two configurations side by side are refused"
cp svcgate.yaml svcgate.yml
run 4 config check
err_has 'svcgate.yaml' 'svcgate.yml' '--config'
rm svcgate.yml

claim "SVCGATE_CONFIG names the configuration, --config beats it"
mv svcgate.yaml elsewhere.yaml
SVCGATE_CONFIG=elsewhere.yaml run 0 config check
SVCGATE_CONFIG=nowhere.yaml run 0 config check --config elsewhere.yaml

done_testing
