#!/usr/bin/env python3
"""Screen, then confirm: with a stored baseline the variant is measured alone first, and side by side only
when that does not pass.

Shows: a session of the reference alone can be stored; an unchanged variant passes by the screen, and its bundle
judged again gives the same bytes; one that sends more is not settled by the screen and fails side by side, with
both parts in the bundle, none of whose repetitions serves both. What is judged does not depend on how busy the
machine is."""

import json
import pathlib

import harness as h

GATES = ["{ metric: network_tx_per_request, tolerance: 20% }", "{ metric: memory_max, tolerance: 50%, floor: 5MiB }"]
BASELINE = pathlib.Path(h.folder()) / "api.json"
SPREAD = (0.97, 0.98, 0.99, 1.0, 1.0, 1.01, 1.02, 1.03)


def config(variants, baseline, reference="reference: base"):
    path = pathlib.Path(h.write_config(h.folder(), variants, GATES, rate="50/s", repetitions="6..9", design="sliced"))
    path.write_text(path.read_text().replace("reference: base", f"{reference}\nbaseline: {baseline}"))
    return str(path)


def stored_baseline():
    """Eight sessions that differ by a few percent, made from one real one of the reference alone."""
    result = h.run(config([h.variant("base")], "none.json", reference=""))
    h.check(result.status == 2, "one variant and no baseline yet: nothing to compare with, exit 2")
    h.check(h.call("baseline", "save", BASELINE, result.bundle).status == 0, "it is stored")
    document = json.loads(BASELINE.read_text())
    first = document["sessions"][0]
    document["sessions"] = [scaled(first, i, factor) for i, factor in enumerate(SPREAD)]
    BASELINE.write_text(json.dumps(document))


def scaled(session, number, factor):
    copy = json.loads(json.dumps(session))
    copy["id"] = f"stored-{number}"
    for repetition in copy["repetitions"]:
        for name in ("network_tx_per_request", "memory_max"):
            repetition["values"][name] *= factor
    return copy


def measured(session):
    return sorted({repetition["variant"] for repetition in session["repetitions"] if repetition["block"] > 0})


def drawn(bundle):
    return sorted({json.loads(line)["variant"] for line in (bundle / "series.jsonl").read_text().splitlines()})


def unchanged():
    result = h.run(config([h.variant("base"), h.variant("candidate")], BASELINE))
    h.check(result.status == 0, "an unchanged service passes, exit 0")
    session = result.json("session.json")
    h.check(measured(session) == ["candidate"], "measured alone: the screen was enough")
    h.check(session["plan"]["beta"] == 0.025, "with half of beta")
    h.check(not (result.bundle / "screen").exists(), "there was no second part")
    again = h.call("judge", result.bundle, "--baseline", BASELINE, "--format", "json")
    h.check(again.out == (result.bundle / "verdict.json").read_text(), "judged again from the bundle: the same bytes")


def larger():
    result = h.run(config([h.variant("base"), h.variant("candidate", FAULT_RESPONSE_FACTOR=3)], BASELINE))
    h.check(result.status == 1, "answers three times as large are not settled by the screen and fail side by side, exit 1")
    session = result.json("session.json")
    h.check(measured(session) == ["base", "candidate"], "the session that decides has both variants")
    h.check(session["plan"]["beta"] == 0.025, "with the other half of beta")
    screen = json.loads((result.bundle / "screen" / "session.json").read_text())
    h.check(measured(screen) == ["candidate"] and screen["complete"], "the screen stands in the bundle, alone and whole")
    slots = [r["slot"] for r in screen["repetitions"]] + [r["slot"] for r in session["repetitions"]]
    h.check(len(set(slots)) == len(slots), "no repetition serves both")
    h.check(drawn(result.bundle / "screen") == ["candidate"] and drawn(result.bundle) == ["base", "candidate"],
            "the screen has taken its series along")
    h.check("did not pass" in result.out and "side by side" in result.out, "the report tells how it came to that")


h.main(stored_baseline, unchanged, larger)  # the first makes what the others stand on
