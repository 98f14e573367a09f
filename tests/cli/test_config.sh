#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `config show` prints a configuration that means the same when it is read again.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# Shown twice, once from its own output: without the notes of origin both are the same.
round_trip() { # FILE
    run 0 config show --config "$1"
    cp "$WORK/.out" "$(dirname "$1")/shown.yaml"
    sed 's/ *# .*//' "$WORK/.out" >first
    run 0 config show --config "$(dirname "$1")/shown.yaml"
    sed 's/ *# .*//' "$WORK/.out" >second
    same_file first second
    "$SG_ROOT/tests/validate.py" "$(dirname "$1")/shown.yaml" >"$WORK/.out" || fail "what is shown does not keep to the schema"
}

echo 'export default function () {}' >load.js
echo '{}' >data.json
cat >compose.yaml <<'END'
services: { api: { image: "shop:main" }, postgres: { image: "postgres:17" } }
END
cat >small.yaml <<'END'
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
load: { script: load.js, rate: 100/s }
END
cat >all.yaml <<'END'
version: 1
service:
  compose: compose.yaml
  name: api
  port: 8080
  ready: /healthz
  ready_timeout: 1m30s
  cpus: 0.5
  memory: 300MB
  fresh: stack
  command: [serve, "--fast", "a b", "#1"]
variants:
  base: { image: "shop:main" }
  candidate: { build: { context: ., ref: origin/main, dockerfile: Dockerfile.ci } }
  tuned: { env: { POOL: "8", NAME: 'it''s: "quoted" # and $odd' } }
reference: base
load:
  script: load.js
  files: [data.json]
  env: { USERS: "10" }
  rate: 18000/m
  warmup: 250ms
  measure: 12.5s
  vus: 77
plan: { design: sliced, repetitions: 9..30, budget: 2h, alpha: 0.5%, beta: 10%, seed: 123456789012345678 }
metrics:
  - { metric: heap, unit: bytes, query: 'max_over_time(heap{id=~".*$container.*"}[$window])' }
gates:
  - { metric: latency_p95, tolerance: 5%, floor: 1ms, limit: 250ms, warn: 2% }
  - { metric: latency_p95, request: search, tolerance: 7.5% }
  - { metric: cpu_per_request, of: postgres, tolerance: 5%, weight: 2 }
  - { metric: memory_growth, tolerance: 10KiB/s }
  - { metric: heap, tolerance: 10%, floor: 1MiB }
  - { metric: queue_depth, unit: jobs, better: lower, scale: linear, tolerance: 3,
      query: 'max_over_time(app_queue_depth{service="$service"}[$window])' }
  - { metric: error_rate, limit: 0.1% }
waivers:
  - { metric: latency_p95, request: search, variant: tuned, bound: 20%, owner: ada, reason: "new TLS, see #123", expires: 2027-01-31 }
  - { metric: cpu_per_request, of: postgres, bound: 12.5%, owner: bob, reason: 'it''s: "later"', expires: "2028-02-29" }
  - { metric: error_rate, bound: 0.5%, owner: bob, reason: old clients, expires: 2027-03-31 }
baseline: baselines/api.json
policy: { inconclusive: warn, missing_baseline: fail }
adjust: off
testbench:
  images: { k6: "registry.example/k6:2", grafana: "registry.example/grafana:12" }
  cpusets: { service: "0-1,3", generator: "2", monitor: "4" }
  keep_awake: sudo
END

claim "a small configuration means the same when its output is read"
round_trip small.yaml
claim "a configuration with every key means the same when its output is read"
round_trip all.yaml

claim "every key of the file is shown"
for key in compose name port ready ready_timeout cpus memory fresh command image build ref dockerfile env \
    reference script files rate warmup measure vus design repetitions budget alpha beta seed metric query unit \
    better scale tolerance floor limit warn weight request of waivers variant bound owner reason expires \
    baseline inconclusive missing_baseline adjust images cpusets keep_awake service generator monitor; do
    grep -qE "(^|[ -])$key:" first || fail "$key is missing"
done

claim "each value says where it came from"
run 0 config show --config small.yaml
out_has 'port: 8080  # small.yaml:2:' 'budget: 30m  # default' 'repetitions: 6..21  # default'

claim "four gates without any in the file"
for metric in latency_p95 cpu_per_request memory_max error_rate; do out_has "metric: $metric"; done

claim "paths start from the file's folder, wherever it is read from"
mkdir -p deep/er
cp load.js small.yaml deep/er/
round_trip deep/er/small.yaml

claim "the configurations of this repository are right"
run 0 config check --config "$SG_ROOT/testbench/demo/svcgate.yaml"

claim "config check counts variants and gates"
run 0 config check --config all.yaml
out_has 'all.yaml is right: 3 variants, 7 gates'
cat >one.yaml <<'END'
version: 1
service: { port: 8080 }
variants: { candidate: "shop:pr" }
load: { script: load.js, rate: 100/s }
baseline: api.json
gates: [{ metric: latency_p95, tolerance: 5% }]
END
run 0 config check --config one.yaml
out_has 'one.yaml is right: 1 variant, 1 gate'
[[ $(<"$WORK/.out") == *" gate" ]] || fail "it counts one as many"

claim "the guide names every key of the schema in its section of svcgate.yaml"
sed -n '/^## svcgate.yaml/,/^## The built-in/p' "$SG_ROOT/docs/guide.md" >section
keys=$(python3 - "$SG_ROOT/schema/config.schema.json" <<'END'
import json
import sys

def keys(node):
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "properties":
                yield from value
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)

print(" ".join(sorted(set(keys(json.load(open(sys.argv[1])))))))
END
)
for key in $keys; do
    grep -qE "\`([^\`]*[^a-z_\`])?$key([^a-z_\`][^\`]*)?\`|(^|[^a-z_])$key:" section ||
        fail "docs/guide.md lacks $key"
done

done_testing
