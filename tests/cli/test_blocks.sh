#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One plan in several jobs: `run --block` and what `judge` makes of the bundles, on the fake bench.
# shellcheck source=tests/cli/fake.sh
. "$(dirname "$0")/fake.sh"

cat >svcgate.yaml <<'YAML'
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
reference: base
load: { script: load.js, rate: 100/s, measure: 10s }
plan: { design: sliced, repetitions: 6..21 }
gates: [{ metric: latency_p95, tolerance: 5% }, { metric: error_rate, tolerance: 1% }]
YAML

# A block of three on a machine of its own.
block() { # NUMBER [WORD...]
    local lines=()
    if [[ -f "$SG_FAKE/script" ]]; then mapfile -t lines <"$SG_FAKE/script"; fi
    printf '%s\n' "${lines[@]}" "seed $1" "info KernelVersion 6.$1.0" >"$SG_FAKE/script"
    rm -rf "b$1"
    run "${CODE:-0}" run --quiet --block "$1/3" --seed 7 --out "b$1" "${@:2}"
    printf '%s\n' "${lines[@]}" >"$SG_FAKE/script"
}

blocks() {
    local number
    for number in 1 2 3; do block "$number"; done
}

# What one machine would have written, had it measured these blocks at one look: made here, not by svcgate.
one_machine() { # BUNDLE...
    python3 - "$@" <<'PYTHON'
import json
import os
import sys

parts = [json.load(open(f"{bundle}/session.json", encoding="utf-8")) for bundle in sys.argv[1:]]
whole = dict(parts[0], repetitions=[], complete=True)
del whole["block"], whole["plan"]["blocks"]
whole["plan"]["min_repetitions"] = whole["plan"]["max_repetitions"] = 3 * len(parts)
for number, part in enumerate(parts):
    for repetition in part["repetitions"]:
        row = dict(repetition, slot=len(whole["repetitions"]) + 1)
        if "rotation" in row:
            row["rotation"] += 100 * number
        whole["repetitions"].append(row)
os.makedirs("one", exist_ok=True)
json.dump(whole, open("one/session.json", "w", encoding="utf-8"))
PYTHON
}

# Verdict and numbers, without the names of session and plan.
numbers() { # FILE
    python3 - "$1" <<'PYTHON'
import json
import sys

verdict = json.load(open(sys.argv[1], encoding="utf-8"))
for key in ("plan_hash", "session", "created", "notes"):
    verdict.pop(key, None)
for metric in verdict["metrics"]:
    metric.pop("blocks", None)
print(json.dumps(verdict, sort_keys=True, indent=1))
PYTHON
}

claim "three blocks give the verdict and the numbers of one machine's session, whatever the verdict and the design"
for design in sliced turns; do
    sed -i "s/design: [a-z]*/design: $design/" svcgate.yaml
    for pair in passes:0 fails:1 undecided:2; do
        "${pair%:*}"
        blocks
        one_machine b1 b2 b3
        run "${pair#*:}" judge one --format json
        numbers "$WORK/.out" >wanted
        run "${pair#*:}" judge b2 b3 b1 --format json
        numbers "$WORK/.out" >found
        same_file wanted found
        is 9 "$(value "$WORK/.out" repetitions)" "the number of repetitions a side"
        is 1 "$(value "$WORK/.out" looks_max)" "the number of looks"
    done
done

claim "recorded blocks, each as if from a job of its own, have the verdict of the session that measured them"
for name in unchanged-go faults screen-slower stolen-time; do
    recorded=$SG_ROOT/tests/bundles/$name
    rm -rf split
    "$SG_ROOT/tests/bundles/split.py" "$recorded/session.json" 1/2 split/1
    "$SG_ROOT/tests/bundles/split.py" "$recorded/session.json" 2/2 split/2
    status=$(value "$recorded/case.json" status)
    run "$status" judge "$recorded" --format json
    verdicts() { python3 -c 'import json, sys; print(*((m["metric"], m["variant"], m["verdict"]) for m in json.load(sys.stdin)["metrics"]))'; }
    wanted=$(verdicts <"$WORK/.out")
    run "$status" judge split/2 split/1 --format json
    is "$wanted" "$(verdicts <"$WORK/.out")" "the verdict of each metric of $name"
done

claim "a block has an order of its own, and exits 0 with words about what comes next"
sed -i "s/design: [a-z]*/design: sliced/" svcgate.yaml
passes
blocks
out_has "block 3 of 3 is measured: b3" "svcgate judge\` over the bundles of all 3 blocks"
order() { python3 -c 'import json, sys; print(*(r["variant"] for r in json.load(open(sys.argv[1]))["repetitions"]))' "$1/session.json"; }
is 3 "$(for b in b1 b2 b3; do order $b; done | sort -u | wc -l)" "the number of different orders"
no_file b1/verdict.json b1/report.md b1/report.html
is true "$(value b2/session.json complete)" "whether it is complete"

claim "a merged bundle is one like any other"
run 0 judge b1 b2 b3 --out merged --format json
cp "$WORK/.out" first.json
same_file first.json merged/verdict.json
run 0 judge merged --format json
same_file "$WORK/.out" merged/verdict.json
run 0 report merged --format md
same_file "$WORK/.out" merged/report.md
is 18 "$(find merged/k6 -name '*.json' | wc -l)" "the number of k6 summaries"
is 18 "$(wc -l <merged/series.jsonl)" "the number of series"
python3 - <<'PYTHON' || fail "a series has the slot of another repetition"
import json
names = {r["slot"]: r["variant"] for r in json.load(open("merged/session.json"))["repetitions"]}
series = [json.loads(line) for line in open("merged/series.jsonl")]
assert {s["slot"]: s["variant"] for s in series} == names, (names, series)
for slot, variant in names.items():
    open(f"merged/k6/{slot:03d}-{variant}.json")
PYTHON
run 0 baseline save stored.json merged
run 0 publish merged --dry-run --forge github --repository shop/api --request 7 --commit "$(printf '%040d' 1)"
run 0 plan --from merged --format text

claim "the report names each block's machine and its estimate"
run 0 judge b1 b2 b3 --format text
out_has "block 1 (4 CPUs, host" "block 3 (4 CPUs, host"
run 0 judge b1 b2 b3 --format md:merged.md --format html:merged.html
for file in merged.md merged.html; do
    grep -q "change, each block by itself" $file || fail "$file lacks the blocks"
    grep -q "kernel (block 2)" $file || fail "$file lacks the kernel of block 2"
done
is 3 "$(value first.json metrics 0 blocks | grep -o '"block"' | wc -l)" "the number of blocks in verdict.json"

claim "a part is no session: alone it does not pass, and no other verb takes it"
run 3 judge b2 --format text
out_has "only 1 of 3 blocks can be judged" "blocks 1 and 3 of 3 are missing" "Measure the blocks that are missing"
for words in "report b2" "baseline save s.json b2" "baseline promote s.json b2 --reason faster" "plan --from b2" \
    "run --quiet --previous b2 --out again"; do
    # shellcheck disable=SC2086 # words
    run 4 $words
    err_has "block 2 of 3 alone"
done
run 3 publish b2 --dry-run --forge github --repository shop/api --request 7 --commit "$(printf '%040d' 1)"
err_has "block 2 of 3 alone"

claim "a block that is missing is left out, and told"
run 0 judge b3 b1 --format text
out_has "warning: block 2 of 3 is missing" "6 repetitions a side"

claim "what is not of one plan is refused, with the first difference and both names"
block 2 --measure 12s
run 4 judge b1 b2 b3
err_has "b1 and b2 are no blocks of one plan: plan.measure is 10 in the first, 12 in the second"
block 2 candidate=shop:other
run 4 judge b1 b2 b3
err_has "b1 and b2" "variants[1].digest" "build them once"
run 0 run --quiet --block 2/3 --seed 8 --out b2
run 4 judge b1 b2 b3
err_has 'plan.seed is "7" in the first, "8" in the second'
run 0 run --quiet --block 2/4 --seed 7 --out b2
run 4 judge b1 b2 b3
err_has "plan.blocks is 3 in the first, 4 in the second"
echo '// heavier' >>load.js
block 2
run 4 judge b1 b2 b3
err_has "workload is"
echo 'export default function () {}' >load.js
block 2
run 4 judge b1 b2 b1
err_has "b1 and b1 are both block 1"
run 4 judge b1 merged
err_has "merged: this is no block"
run 4 judge merged b1 --format text
err_has "b1: this is block 1 of 3 alone"
run 4 judge merged --out other
err_has "--out keeps blocks"
SVCGATE_OUT=other run 0 judge merged # a job has it for its `run`
run 4 judge b1 b2 b3 --out ./b1/
err_has "is one of the blocks"

claim "broken input is an error, never a verdict"
run 4 judge b1 nothing b3
err_has nothing
mkdir empty
run 4 judge b1 empty b3
err_has "no session.json"
cp -r b2 cut
head -c 3000 b2/session.json >cut/session.json
run 4 judge b1 cut b3
cp -r b2 lies
sed 's/^  "block": 2/  "block": 3/' b2/session.json >lies/session.json
run 4 judge b1 lies
err_has "this is block 3"
cp -r b2 away
sed 's/"candidate"/"..\/..\/out"/' b2/session.json >away/session.json
run 4 judge b1 away --out leads
sed 's/"variant": "candidate"/"variant": "..\/..\/..\/out"/' b2/session.json >away/session.json
mkdir -p deep/er
run 3 judge b1 away b3 --out deep/er/merged # nobody of that name is in the plan
no_file out out.json deep/out deep/er/out

claim "a variant that dies is a finding of its block, and a fail of all"
script "at variant=candidate dies 1"
block 2
out_has "the service exited under load" "block 2 of 3 is measured"
run 1 judge b1 b2 b3 --format text
out_has "FAIL" "the service exited under load"
run 1 judge b2 --format text

claim "a block whose instrument broke may be tried again; judged as it is, all is invalid"
script "at * finding invalid broken"
CODE=3 block 2
out_has "could not be measured"
run 3 judge b1 b2 b3 --format text

claim "a block that was broken off counts as far as it is whole"
script "signal measure:4 TERM"
CODE=143 block 2
is false "$(value b2/session.json complete)" "whether it is complete"
run 0 judge b1 b2 b3 --format text
out_has "block 2 was broken off before its end" "6 repetitions a side"
run 3 judge b1 b2 --format text
out_has "only 1 of 3 blocks can be judged"

claim "what belongs to a verdict is refused with --block, and so is a block without a seed"
passes
run 4 run --block 2/3 --out x
err_has "--block needs --seed"
echo "plan: { seed: 5 }" >seed.txt
sed 's/6..21/6..21, seed: 5/' svcgate.yaml >seeded.yaml
run 4 run --config seeded.yaml --block 2/3 --out x
err_has "--block needs --seed"
SVCGATE_SEED=9 run 0 run --quiet --block 2/3 --out x
for words in "--mode observe" "--bisect" "--format json"; do
    code=4
    [[ $words != --bisect ]] || code=125
    # shellcheck disable=SC2086 # words
    run "$code" run --block 2/3 --seed 7 --out x $words
    err_has "${words%% *} is about a verdict"
done
for wrong in 0/3 4/3 2 2/ /3 2/3/4 a/3 -1/3 " 2/3" 99999/99999; do
    run 4 run --block "$wrong" --seed 7 --out x
    err_has "write 2/3 for the second of three blocks"
done
run 4 run --block 1/1 --seed 7 --out x
err_has "allows 2 to 7 blocks of 3"
run 4 run --block 1/8 --seed 7 --out x
err_has "allows 2 to 7 blocks of 3"
sed 's/variants: .*/variants: { candidate: "shop:pr" }/; s/reference: base/baseline: stored.json/' svcgate.yaml >alone.yaml
run 4 run --config alone.yaml --block 1/3 --seed 7 --out x
err_has "--block needs a variant beside the reference"
run 4 run --quiet --rate auto --block 1/3 --seed 7
err_has "--block needs a rate"

claim "what fails whatever the data needs no block, and fails when they are judged"
cat >expired.yaml <<YAML
$(cat svcgate.yaml)
waivers: [{ metric: latency_p95, bound: 9%, owner: ada, reason: "an old one", expires: 2020-01-31 }]
YAML
for number in 1 2; do
    run 0 run --quiet --config expired.yaml --block $number/3 --seed 7 --out "w$number"
    out_has "block $number of 3 did not have to be measured" "expired"
done
run 1 judge w1 w2 --format text
out_has "expired"

claim "a stored baseline decides nothing before the blocks"
sed 's/reference: base/&\nbaseline: stored.json/' svcgate.yaml >screened.yaml
run 0 run --quiet --config screened.yaml --block 1/3 --seed 7 --out x
is 6 "$(order x | wc -w)" "the number of repetitions"

done_testing
