#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How `run` ends: observe mode, which every report must tell, and --bisect, where only a fail is bad. An
# expired waiver fails without any measurement, so no engine is needed.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

export DOCKER_HOST=unix:///nowhere/docker.sock

config() { # FILE EXPIRES
    cat >"$1" <<END
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
load: { script: load.js, rate: 100/s }
gates: [{ metric: latency_p95, tolerance: 5% }]
waivers:
  - { metric: latency_p95, bound: 20%, owner: ada, reason: "new TLS", expires: $2 }
END
}

echo 'export default function () {}' >load.js
config failing.yaml 2020-01-31
config engineless.yaml 2999-01-31
sed 's/variants:/varaints:/' failing.yaml >wrong.yaml

claim "a fail is exit 1, and its report says nothing of a mode"
run 1 run --config failing.yaml --out plain --format text
if grep -qi observe "$WORK/.out"; then fail "it speaks of a mode"; fi

claim "in observe mode the same is exit 0, and every report says why"
run 0 run --config failing.yaml --out observed --mode observe --format text --format md:report.md --format comment:comment.md
out_has 'FAIL' 'observe mode: ' 'ends with exit status 0'
for file in report.md comment.md observed/report.md; do
    grep -qF 'observe mode' "$file" || fail "$file does not say so"
done

claim "the bundle says so when it is rendered again"
run 0 report observed --format text
out_has 'observe mode'

claim "observe mode softens a verdict, not a broken engine and not a mistake"
run 5 run --config engineless.yaml --mode observe
run 4 run --config wrong.yaml --mode observe

claim "with --bisect a fail is bad, and what could not be measured is neither"
run 1 run --config failing.yaml --out bisected --bisect
run 125 run --config engineless.yaml --bisect
err_has '/nowhere/docker.sock'
run 125 run --config wrong.yaml --bisect
err_has 'did you mean "variants"?'
run 125 run --config nothing.yaml --bisect
run 125 run --bisect --rate fast

done_testing
