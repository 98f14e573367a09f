#!/usr/bin/env python3
"""Sliced blocks on real containers: twelve of the service side by side at first, then six, the load going round among them.

Shows: the slices of six generators fill the time between them and overlap nowhere; an unchanged pair is
measured whole, each container on its own; one container that dies in the middle of a rotation fails its
variant, or makes the session invalid where it is the reference; an interruption in the middle removes all
of them, and clean removes what a kill leaves; where a block has no room the containers are measured in turns."""

import json
import math
import os
import pathlib
import random
import re
import signal
import time

import harness as h

GATES = ["{ metric: memory_max, tolerance: 50% }", "{ metric: cpu_per_request, tolerance: 50% }"]
NUMBERS = ("latency_p50", "latency_p95", "error_rate", "cpu_per_request", "memory_max", "network_rx_per_request",
           "generator_cpu_per_request")
SEATS = 6
FIRST = 12  # in the first block
ROUNDS = 11  # of 0.73 s: 8 s for each container; in the first block twice as many of half as much
INTO = 15  # seconds after the start of the generators, which wait seven: the warm-up, 13 seconds
UNITS = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "µs": 1e-6}


def sliced(variants=None, **more):
    variants = variants or [h.variant("base"), h.variant("candidate")]
    return h.write_config(h.folder(), variants, GATES, **{"design": "sliced", "measure": "8s", **more})


# --- the generators' plan, without any load -------------------------------------------------------


def k6_image():
    lines = (h.ROOT / "testbench/images.txt").read_text().splitlines()
    official = next(line.split()[1] for line in lines if line.startswith("k6 "))
    return os.environ.get("SVCGATE_IMAGE_K6", official)


def scenarios(turns, warm_rounds, slice_seconds):
    """What k6 makes of wrapper.js for one seat."""
    folder = pathlib.Path(h.folder())
    folder.chmod(0o755)  # the image has a user of its own
    (folder / "load.js").write_text("export default function () {}\n")
    wrapper = (h.ROOT / "testbench/bench/k6/wrapper.js").read_text().replace("@SCRIPT@", "load.js")
    (folder / "wrapper.js").write_text(wrapper)
    settings = {"TURNS": ",".join(map(str, turns)), "WARM_ROUNDS": warm_rounds, "SLICE": slice_seconds, "SEATS": SEATS,
                "RATE": 100, "WARMUP": warm_rounds * SEATS * slice_seconds, "GAP": 2, "IDLE": 2.5, "VUS": 5, "MAX_VUS": 20,
                "MEASURE": max(len(turns) - warm_rounds, 1) * SEATS * slice_seconds, "SYSTEM_TAGS": "scenario",
                "TESTID": "t", "VARIANT": "v", "BEGIN": 0}
    words = [word for key, value in settings.items() for word in ("-e", f"SVCGATE_{key}={value}")]
    made = h.docker("create", "--network", "none", k6_image(), "inspect", *words, "/svcgate/wrapper.js").strip()
    try:
        h.docker("cp", f"{folder}/.", f"{made}:/svcgate")
        return json.loads(h.docker("start", "-a", made))["scenarios"]
    finally:
        h.docker("rm", "-f", made)


def seconds(text):
    """Of a duration as Go writes it: 1m2.5s."""
    return sum(float(number) * UNITS[unit] for number, unit in re.findall(r"([\d.]+)(h|ms|m|s|µs)", text))


def slices(scenario):
    """When there is load: (start, end) from the start of the scenario."""
    now, found, rate = 0, [], scenario["startRate"]
    for stage in scenario["stages"]:
        length = seconds(stage["duration"])
        if length > 0 and stage["target"] != rate:
            h.check(False, f"the rate changes at once: {stage}")
        rate = stage["target"]
        if length > 0 and rate > 0:
            found.append((now, now + length))
        now += length
    return found


def square_waves():
    warm_rounds, rounds, length = 3, 14, 10 / 14
    drawn = [random.Random(number).sample(range(SEATS), SEATS) for number in range(warm_rounds + rounds)]
    seats = [scenarios([drawn[number][seat] for number in range(len(drawn))], warm_rounds, length) for seat in range(SEATS)]
    for name, count in (("warmup", warm_rounds), ("measure", rounds)):
        waves = [slices(seat[name]) for seat in seats]
        h.check(len({seat[name]["startTime"] for seat in seats}) == 1, f"{name}: all begin at the same time")
        h.check({target["target"] for seat in seats for target in seat[name]["stages"]} == {0, 100000}, "at the rate or not at all")
        every = sorted(one for wave in waves for one in wave)
        h.check(all(len(wave) <= count for wave in waves), "a seat has a slice in each round")
        edges = [0, *(end for _, end in every)]
        h.check(all(abs(start - before) < 1e-6 for (start, _), before in zip(every, edges)), "one slice begins where the last one ends")
        h.check(abs(edges[-1] - count * SEATS * length) < 1e-3, "and they fill the whole rotation")
        loaded = [sum(end - start for start, end in wave) for wave in waves]
        h.check(all(abs(one - count * length) <= 1e-3 * count for one in loaded), f"each has its share of it: {loaded}")


def no_warm_up():
    """k6 refuses a scenario of no seconds."""
    h.check(list(scenarios(range(SEATS), 0, 1)) == ["measure"], "without a warm-up there is no scenario of it")
    h.check(list(scenarios([], 0, 1)) == ["measure"], "in turns neither")


# --- sessions -------------------------------------------------------------------------------------


def unchanged():
    result = h.run(sliced(repetitions="9..9"))  # one look, after both kinds of block
    session = result.json("session.json")
    made = session["repetitions"]
    h.check(result.status in (0, 2), "an unchanged pair does not fail: exit 0 or 2")
    h.check(all(r.get("rotation", 0) > 0 for r in made), "all of it was measured side by side")
    kept = [r for r in made if not r.get("discarded")]
    h.check(len(kept) == FIRST + SEATS, "two blocks count, the first one of twelve")
    for row in kept:
        missing = [name for name in NUMBERS if row["values"][name] is None or not math.isfinite(row["values"][name])]
        h.check(missing == [], f"slot {row['slot']} has every number {missing or ''}")
        rounds = ROUNDS * (2 if row["block"] == 1 else 1)
        h.check(800 - rounds <= row["requests"] <= 800 and row["requests"] == row["summary_requests"],
                f"and the requests of eight seconds: {row['requests']}")
    h.check(len({row["container_id"] for row in made}) == len(made), "every repetition has a container of its own")
    for rotation in {row["rotation"] for row in kept}:
        starts = [row["start"] for row in kept if row["rotation"] == rotation]
        h.check(max(starts) - min(starts) < 0.2, "the windows of a rotation are the same")
        counts = [row["requests"] for row in kept if row["rotation"] == rotation]
        h.check(max(counts) - min(counts) <= 1, "each container of it got the same requests, but for the last one")
    h.check("side by side" in result.err, "the progress says so")


def in_rotation(config):
    """A session in the middle of its first rotation."""
    process, bundle = h.begin(config)
    h.wait_until(lambda: len(h.running("k6")) == FIRST, 120, "twelve generators run", process)
    h.check(len(h.running("service")) == FIRST, "beside twelve containers of the service")
    time.sleep(INTO)
    h.check(process.poll() is None and len(h.running("k6")) == FIRST, "the rotation is under way")
    return process, bundle


def kill_one(variant_name):
    process, bundle = in_rotation(sliced())
    h.docker("kill", h.running("service", variant_name)[1])
    return h.finish(process, bundle)


def candidate_killed():
    result = kill_one("candidate")
    h.check(result.status == 1, "one of the candidate's that dies fails it: exit 1")
    h.check("exited under load" in result.out, "the report says what happened")
    made = result.json("session.json")["repetitions"]
    h.check(len(made) == FIRST and sum(not r.get("discarded") for r in made) == 1, "nothing else of the block counts")


def reference_killed():
    result = kill_one("base")
    h.check(result.status == 3, "one of the reference's that dies makes the session invalid: exit 3")
    h.check("the reference base failed" in result.out, "the report says what happened")


def candidate_started_again():
    """Somebody starts it again: it is up when svcgate looks at it closer."""
    process, bundle = in_rotation(sliced())
    one = h.running("service", "candidate")[1]
    h.docker("kill", one)
    time.sleep(0.8)
    h.docker("start", one)
    result = h.finish(process, bundle)
    h.check(result.status == 1, "one that was up again still fails: exit 1")
    made = result.json("session.json")["repetitions"]
    h.check(sum(not r.get("discarded") for r in made) == 1, "nothing else of the block counts")


def interrupted():
    process, bundle = in_rotation(sliced())
    h.send(process, signal.SIGINT)
    result = h.finish(process, bundle)
    h.check(result.status == 130, "SIGINT in the middle of a rotation: exit 130")
    h.check(h.running("k6") == [] and h.running("service") == [], "all containers are gone")
    h.check(result.json("session.json").get("complete") is False, "the bundle says that it is not complete")


def killed():
    process, bundle = in_rotation(sliced())
    process.kill()
    h.finish(process, bundle)
    h.check(len(h.running("service")) == FIRST, "a killed session leaves its containers")
    h.check(h.call("clean", timeout=90).status == 0, "svcgate clean: exit 0")
    h.check_nothing_left()


def without_room():
    """Three containers, each of which may have a third of the memory."""
    memory = int(h.docker("info", "--format", "{{.MemTotal}}")) // 3
    config = pathlib.Path(sliced([h.variant("candidate")]))
    text = config.read_text().replace("reference: base", "baseline: none.json")
    config.write_text(text.replace("memory: 128MiB", f"memory: {memory}B"))
    process, bundle = h.begin(config)
    h.wait_until(lambda: h.running("k6"), 120, "a generator runs", process)
    h.check(len(h.running("k6")) == 1 and len(h.running("service")) == 1, "one container at a time")
    h.send(process, signal.SIGINT)
    result = h.finish(process, bundle)
    h.check(result.status == 130, "SIGINT: exit 130")
    notes = [f["text"] for f in result.json("session.json").get("findings", []) if f["check"] == "turns"]
    h.check(len(notes) == 1 and "3 containers with their generators need" in notes[0], f"the report says why: {notes}")


h.main(square_waves, no_warm_up, without_room, interrupted, killed, candidate_killed, candidate_started_again, reference_killed, unchanged)
