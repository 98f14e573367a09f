#!/usr/bin/env python3
"""Four variants of one image: each injected fault fails, and on the metric that it hurts."""

import harness as h

GATES = ["{ metric: latency_p95, tolerance: 10%, floor: 2ms }", "{ metric: cpu_per_request, tolerance: 10% }",
         "{ metric: error_rate, limit: 0.5% }"]


def main():
    variants = [h.variant("base"), h.variant("cpu", FAULT_CPU_PERCENT=50), h.variant("slow", FAULT_LATENCY_MS=20),
                h.variant("errors", FAULT_ERROR_RATE=0.02)]
    # Most faults are proven at the first look; on a noisy machine some need more, and only they get it.
    config = h.write_config(h.folder(), variants, GATES, repetitions="6..18")
    result = h.run(config, "--format", "md", "--format", f"json:{h.pathlib.Path(config).parent}/again.json")
    verdict = result.json("verdict.json")
    h.check(result.status == 1, "exit 1")
    h.check(verdict["verdict"] == "fail", "verdict fail")
    for metric, name in (("cpu_per_request", "cpu"), ("latency_p95", "slow"), ("error_rate", "errors")):
        row = h.result_of(verdict, metric, name)
        h.check(row["verdict"] == "fail", f"{metric} of {name} fails: {row['reason']}")
    for metric, name in (("error_rate", "cpu"), ("error_rate", "slow")):
        row = h.result_of(verdict, metric, name)
        h.check(row["verdict"] != "fail", f"{metric} of {name} does not: {row['reason']}")
    change = h.result_of(verdict, "cpu_per_request", "cpu")["change"]
    h.check(0.2 < change < 1.0, f"+50 % CPU is seen as {change:+.1%}")
    for name in ("base", "cpu", "slow", "errors"):
        h.check(name in result.out, f"the league table names {name}")
    h.check("cpu_per_request" in result.out, "the report names cpu_per_request")
    h.check_nothing_left()


main()
