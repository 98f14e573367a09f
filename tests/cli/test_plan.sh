#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# svcgate plan: what a configuration can find, without Docker, network or load.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

cat >svcgate.yaml <<'END'
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
load: { script: load.js, rate: 200/s, measure: 30s }
gates:
  - { metric: latency_p95, tolerance: 5% }
  - { metric: error_rate }
END
samples 0 0.02 7 >quiet.csv
samples 0 0.08 7 >noisy.csv

# Prints what the plan's JSON says at a path of keys and indices.
at() { # KEY...
    python3 - "$WORK/.out" "$@" <<'END'
import json
import sys

value = json.load(open(sys.argv[1], encoding="utf-8"))
for key in sys.argv[2:]:
    value = value[int(key) if key.isdigit() else key]
print(json.dumps(value))
END
}

holds() { # PYTHON-EXPRESSION over p, the plan
    python3 - "$WORK/.out" "$1" <<'END' || fail "does not hold: $1"
import json
import sys

p = json.load(open(sys.argv[1], encoding="utf-8"))
sys.exit(0 if eval(sys.argv[2]) else 1)
END
}

claim "a quiet metric makes a good plan, a noisy one does not"
run 0 plan --from quiet.csv --format text
silent err
out_has 'this plan is good' 'latency_p95' 'error_rate'
run 2 plan --from noisy.csv --format text
out_has 'inconclusive' 'Do one of:' 'measure ' 'tolerance '

claim "what is proposed makes the plan good"
run 2 plan --from noisy.csv --format json
wider=$(python3 -c "import math; print(math.ceil($(at gates 0 needs_tolerance) * 100))")
run 0 plan --from noisy.csv --gate "latency_p95:tolerance=$wider%"
run 2 plan --from noisy.csv --gate "latency_p95:tolerance=$((wider / 2))%"

claim "nothing is known: a table for some noises, and not good"
run 2 plan --format text
out_has 'nothing was measured yet' 'if its noise is' '10 %' '--from'

claim "text fits a hundred columns"
for arguments in "--from noisy.csv --change 10% --change 2%" ""; do
    # shellcheck disable=SC2086
    run 2 plan --format text $arguments
    wide=$(python3 -c 'import sys; print(*(l for l in open(sys.argv[1], encoding="utf-8") if len(l) > 101))' "$WORK/.out")
    [[ -z $wide ]] || fail "$wide"
done

claim "a wanted change: repetitions and minutes, or what else it takes"
run 0 plan --from quiet.csv --change 10% --change 0.005 --format json
holds 'p["gates"][0]["changes"][0]["repetitions"] in range(6, 31)'
holds 'p["gates"][0]["changes"][1]["repetitions"] == 0'
holds 'p["gates"][0]["changes"][1]["both"] and p["gates"][0]["changes"][1]["noise"] < 0.02'
holds 'p["gates"][1]["changes"][0]["chance"] is None'
run 0 plan --from quiet.csv --change +10% --format text
out_has 'To find a service that is 10 % worse'

claim "options of run are laid over the file"
run 0 plan --from quiet.csv --format json --repetitions 6..9 --measure 20s --warmup 5s --alpha 2% --beta 1%
holds 'p["window"] == 20 and p["alpha"] == 0.02 and p["beta"] == 0.01'
holds '[l["repetitions"] for l in p["gates"][0]["looks"]] == [6, 9]'
run 0 plan --from quiet.csv --format json --budget 20m
holds 'p["seconds"] <= 1200 and any("budget" in n for n in p["notes"])'
run 0 plan --from quiet.csv --format json base=a candidate=b other=c
holds 'p["variants"] == 3'

claim "without a svcgate.yaml gates from the command line are enough"
mkdir bare && cd bare
run 0 plan --from ../quiet.csv --gate latency_p95:tolerance=5%
run 2 plan --gate latency_p95:tolerance=5%
cd ..

claim "the same input gives the same bytes, and Markdown is the format without a terminal"
for format in text md json; do
    run 0 plan --from quiet.csv --change 5% --format "$format"
    cp "$WORK/.out" first
    run 0 plan --from quiet.csv --change 5% --format "$format"
    same_file "$WORK/.out" first
done
run 0 plan --from quiet.csv
out_has '## svcgate plan:' '| gate '
run 0 plan --from quiet.csv --format md:plan.md --format json:plan.json
silent out
[[ -s plan.md && -s plan.json ]] || fail "plan.md or plan.json is missing"

claim "minutes are those of the design, and those of the other one stand beside them"
sed '$a plan: { design: turns }' svcgate.yaml >turns.yaml
sed '$a plan: { design: sliced }' svcgate.yaml >sliced.yaml
run 0 plan --config turns.yaml --from quiet.csv --format json --warmup 3s --measure 10s
holds 'p["design"] == "turns" and abs(p["seconds_mean"] - 20 - (p["repetitions"] + 1) * 2 * 19.5) < 1e-6'
other=$(at other_seconds_mean)
run 0 plan --config sliced.yaml --from quiet.csv --format json --warmup 3s --measure 10s
holds 'p["design"] == "sliced" and abs(p["seconds_mean"] - 20 - p["repetitions"] * 2 * (13 + 16 / 6)) < 1e-6'
is_other=$(at seconds_mean)
[[ $other == "$is_other" ]] || fail "sliced takes $is_other s and was told with $other s"

claim "a rate that is to be found is that of the session that found it"
sed 's|rate: 200/s, measure: 30s|rate: auto|' sliced.yaml >auto.yaml
run 2 plan --config auto.yaml --format json
err_has 'load.rate is auto, and no session has found a rate yet'
holds 'p["window"] == 30'
run 2 plan --config auto.yaml --from "$SG_ROOT/tests/bundles/unchanged-go" --format json
silent err
holds 'p["window"] == 40' # 2,000 requests at 50/s

claim "a stored baseline is the source, and is asked first where that pays"
cat >wide.yaml <<'END'
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
load: { script: load.js, rate: 200/s }
gates: [{ metric: latency_p95, tolerance: 8% }]
baseline: api.json
END
for i in 1 2 3 4 5 6; do
    samples 0 0.02 2 | awk -F, -v OFS=, -v i="$i" 'NR > 1 { $4 *= 1 + 0.002 * (i % 3 - 1) + i * 1e-6 } 1' >session.csv
    run 0 baseline save api session.csv --file api.json --variant base
done
run 0 plan --config wide.yaml --format json
holds 'p["source"] == "stored" and p["screen"]["worth"] and p["screen"]["chance"] > 0.5'
holds 'p["screen"]["sessions"] == 6 and p["screen"]["seconds_saved"] > 0 and p["beta"] == 0.025'
run 0 plan --config wide.yaml --no-screen --format json
holds '"screen" not in p and p["beta"] == 0.05'
run 0 plan --config svcgate.yaml --baseline api.json --format json
holds 'p["source"] == "stored"'

claim "one variant is held against the baseline alone"
sed 's/, candidate: "shop:pr"//' wide.yaml >one.yaml
run 0 plan --config one.yaml --format json
holds 'p["alone"] and p["gates"][0]["passes"] > 0.8'
sed '/^baseline/d' one.yaml >none.yaml
run 2 plan --config none.yaml
out_has 'no stored session'

claim "one variant stands beside the accepted image, where the baseline names one"
python3 - <<'END'
import json

document = json.load(open("api.json", encoding="utf-8"))
document["sessions"][-1]["variants"] = [{"name": "base", "image": "shop:main", "digest": "shop@sha256:" + "0a" * 32}]
json.dump(document, open("named.json", "w", encoding="utf-8"))
END
run 0 plan --config one.yaml --baseline named.json --format json
holds 'not p["alone"] and p["source"] == "stored" and "screen" not in p'
run 0 plan --config one.yaml --baseline named.json --no-screen
out_has 'measured beside the image that the stored session'
run 0 plan --config one.yaml --baseline named.json --no-accepted --format json
holds 'p["alone"]'

claim "each source of noise makes a document" # done_testing holds them to the schema
run 0 plan --config wide.yaml --change 5% --format json
holds 'p["source"] == "stored"'
run 2 plan --format json
holds 'p["source"] == "assumed" and p["assumed"]'
run 2 plan --from noisy.csv --change 5% --format json
holds 'p["source"] == "measured" and not p["assumed"]'

claim "mistakes are exit 4 and named"
run 4 plan --from nothing.csv
err_has 'nothing.csv'
run 4 plan --from quiet.csv --change 5
err_has '--change 5' '10%'
run 4 plan --from quiet.csv --change -3%
run 4 plan --from quiet.csv --format junit
err_has 'text, md and json'
run 4 plan --baseline nothing.json
err_has 'nothing.json'
run 4 plan --gate latency_p59
err_has 'latency_p59' 'did you mean'
run 4 plan --script load.js

done_testing
