#!/usr/bin/env python3
"""One variant and a stored baseline: the image that was accepted last is measured beside it.

Shows: after one stored session an unchanged image passes side by side with the accepted one; one that sends more
fails, although both have the same settings; what is saved of a session is the variant; where the image cannot be
pulled, the variant is held against the stored numbers alone, and the report says so. What is judged does not depend
on how busy the machine is."""

import json
import pathlib

import harness as h

GATES = ["{ metric: network_tx_per_request, tolerance: 20% }", "{ metric: memory_max, tolerance: 50%, floor: 5MiB }"]
BASELINE = pathlib.Path(h.folder()) / "api.json"
LARGER = "svcgate-test/larger:1"


def config(image=h.SERVICE, baseline=BASELINE):
    path = pathlib.Path(h.write_config(h.folder(), [h.variant("candidate", image)], GATES, rate="50/s", repetitions="6..9", design="sliced"))
    path.write_text(path.read_text().replace("reference: base", f"baseline: {baseline}"))
    return str(path)


def stored():
    return json.loads(BASELINE.read_text())["sessions"]


def measured(session):
    return sorted({repetition["variant"] for repetition in session["repetitions"] if repetition["block"] > 0})


def one_stored_session():
    result = h.run(config())
    h.check(result.status == 2, "one variant and no baseline yet: nothing to compare with, exit 2")
    h.check(h.call("baseline", "save", BASELINE, result.bundle).status == 0, "it is stored")
    h.check("sha256:" in stored()[0]["variants"][0]["digest"], "with the image's digest")


def unchanged():
    digest = stored()[0]["variants"][0]["digest"]
    result = h.run(config())
    h.check(result.status == 0, "the same image passes, exit 0")
    session = result.json("session.json")
    h.check(measured(session) == ["baseline", "candidate"], "both were measured")
    h.check(session["reference"] == "baseline", "the accepted image is the reference")
    h.check([variant["digest"] for variant in session["variants"]] == [digest, digest], "by its digest")
    h.check(f"measuring the accepted image {digest} side by side" in result.err, "that is said on the way")
    again = h.call("judge", result.bundle, "--format", "json")
    h.check(again.out == (result.bundle / "verdict.json").read_text(), "judged again from the bundle: the same bytes")
    h.check(h.call("baseline", "save", BASELINE, result.bundle).status == 0, "it can be saved")
    h.check([len(one["repetitions"]) >= 6 and one["variants"][0]["name"] for one in stored()] == ["candidate"] * 2,
            "and what is saved is the variant")


def larger():
    """A setting would hit both sides: the fault is in the image."""
    container = h.docker("create", h.SERVICE).strip()
    try:
        h.docker("commit", "--change", "ENV FAULT_RESPONSE_FACTOR=3", container, LARGER)
    finally:
        h.docker("rm", container)
    try:
        result = h.run(config(LARGER))
    finally:
        h.docker("rmi", LARGER)
    h.check(result.status == 1, "an image whose answers are three times as large fails, exit 1")
    h.check(measured(result.json("session.json")) == ["baseline", "candidate"], "measured beside the accepted one")
    verdict = result.json("verdict.json")
    row = h.result_of(verdict, "network_tx_per_request", "candidate")
    h.check(row["verdict"] == "fail" and 1 < row["change"] < 2.5, f"for what it sends ({row['change']})")
    h.check("promote" in h.call("baseline", "save", BASELINE, result.bundle).err, "it is not saved by itself")


def gone():
    document = json.loads(BASELINE.read_text())
    document["sessions"][-1]["variants"][0]["digest"] = "localhost:1/shop/api@sha256:" + "0a" * 32
    other = BASELINE.with_name("gone.json")
    other.write_text(json.dumps(document))
    result = h.run(config(baseline=other))
    h.check(result.status == 2, "two stored sessions and no image: inconclusive, exit 2")
    h.check(measured(result.json("session.json")) == ["candidate"], "the variant was measured alone")
    h.check("cannot be had" in result.err, "why is said on the way")
    h.check("not measured beside the accepted image" in result.out, "and the report says so")


h.main(one_stored_session, unchanged, larger, gone)  # the first makes what the others stand on
