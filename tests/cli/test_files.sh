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

claim "with one of the two files there, neither is written"
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
no_file load.js
cd "$WORK"

claim "the testbench's files are written out as they are in the source tree"
run 0 testbench export bench
out_has 'bench'
while IFS= read -r file; do
    same_file "bench/$file" "$SG_ROOT/testbench/bench/$file"
done < <(cd "$SG_ROOT/testbench/bench" && find . -type f | sort)
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
