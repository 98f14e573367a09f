#!/usr/bin/env python3
"""Sessions that are killed (SIGKILL) at a random moment, with real containers. It runs at night: ./dev test nightly.

    kill_at_random.py [--seeds N]     N seeds that are drawn (10)
    kill_at_random.py SEED...         these

A seed gives the kind of session, the moment, and who cleans up: `svcgate clean` or the next session. The seed is
printed, and the same one does the same again, as far as a machine takes the same time twice.

Shows: whatever the moment, the one who cleans up leaves no container, volume, network, lock, temporary file or process,
with a label of ours or without; the bundle, if there is one, can be judged and is no pass, and there is no verdict."""

import argparse
import json
import pathlib
import random
import subprocess
import sys

import harness as h

GATES = ["{ metric: network_tx_per_request, tolerance: 20% }", "{ metric: memory_max, tolerance: 50%, floor: 20MiB }"]
NODE = "svcgate-demo/node:1"
# Seconds after the start: the first calls, builds and the testbench's start, repetitions.
SPANS = [(0, 1.5), (0, 15), (5, 60)]
BUILD = 'FROM {image}\nRUN ["node", "-e", "setTimeout(() => {{}}, 3000) // {unique}"]\n'
COMPOSE = f"""\
services:
  api: {{ build: ., depends_on: [store] }}
  store: {{ image: "{h.SERVICE}", volumes: ["data:/data"] }}
volumes: {{ data: {{}} }}
"""
CONFIG = """\
version: 1
service: {{ {service}, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB, ready_timeout: 20s }}
variants:
  base: {base}
  candidate: {candidate}
reference: base
load: {{ script: {script}, rate: 50/s, warmup: 1s, measure: 1s }}
plan: {{ repetitions: 6, seed: 7 }}
gates: [{gates}]
"""


def write(folder, service, base, candidate):
    path = folder / "svcgate.yaml"
    path.write_text(CONFIG.format(service=service, base=base, candidate=candidate, script=h.LOAD, gates=", ".join(GATES)))
    return path


def write_build(folder):
    """Not in the engine's cache: each folder is another."""
    (folder / "Dockerfile").write_text(BUILD.format(image=NODE, unique=folder.parent.name + folder.name))


def images(folder):
    return write(folder, "name: api", f'"{h.SERVICE}"', f'"{h.SERVICE}"')


def stack(folder):
    """A compose file with a volume, and a variant that takes three seconds to build."""
    write_build(folder)
    (folder / "compose.yaml").write_text(COMPOSE)
    return write(folder, "compose: compose.yaml, name: api", "{ build: . }", '{ build: ., env: { SIDE: "b" } }')


def source(folder):
    """The base from another commit, which has a worktree while it is built."""
    write_build(folder)
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words], cwd=folder, check=True)
    return write(folder, "name: api", "{ build: { context: ., ref: HEAD } }", "{ build: . }")


def all_things():
    """Of the engine, with whatever labels: a build's own containers have none."""
    kinds = (["container", "-a"], ["network"], ["volume"])
    return {f"{kind[0]} {name}" for kind in kinds for name in h.docker(kind[0], "ls", *kind[1:], "-q").split()}


def worktrees(folder):
    done = subprocess.run(["git", "worktree", "list", "--porcelain"], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.count("worktree ") - 1


def check_bundle(bundle):
    """Unfinished and no pass, or not there. Who is killed when only the cleaning up was left has measured all."""
    h.check(not list(bundle.glob("**/verdict*")), "there is no verdict")
    if not (bundle / "session.json").exists():
        h.say("no bundle yet")
        return
    complete = json.loads((bundle / "session.json").read_text())["complete"]
    judged = h.call("judge", bundle)
    h.check(judged.status in ((0, 1, 2, 3) if complete else (1, 2, 3)), f"complete: {complete}, judged: {judged.status}")
    h.check(h.call("report", bundle).status == 0, "its report can be written")


def clean_up_by_clean(_):
    h.check(h.call("clean", timeout=120).status == 0, "svcgate clean: exit 0")


def generators():
    return set(h.docker("ps", "-q", "--filter", "label=svcgate.role=k6").split())


def clean_up_by_the_next_session(config):
    """Which is stopped as soon as it measures."""
    old = generators()
    process, bundle = h.begin(config)
    h.wait_until(lambda: generators() - old, 120, "the next session measures", process)
    h.send(process)
    h.check(h.finish(process, bundle).status == 130, "and can be stopped: exit 130")


def killed(seed):
    """What the seed says. All is drawn before anything happens, so that nothing that happens moves the rest."""
    dice = random.Random(seed)
    kind, span = dice.choice([images, stack, source]), dice.choice(SPANS)
    moment, clean_up = dice.uniform(*span), dice.choice([clean_up_by_clean, clean_up_by_the_next_session])
    folder = pathlib.Path(h.folder())
    config, before = kind(folder), all_things()
    h.say(f"seed {seed}: {kind.__name__}, killed after {moment:.2f} s, then {clean_up.__name__}")
    process, bundle = h.begin(config)
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        process.kill()
    result = h.finish(process, bundle)
    if result.status == -9:
        check_bundle(bundle)
    else:
        h.check(result.status in (0, 1, 2, 3), f"it was over before: exit {result.status}")
    clean_up(config)
    left = sorted(all_things() - before)
    h.check(left == [], f"nothing is left, not even without a label of ours {left or ''}")
    if kind is source and clean_up is clean_up_by_the_next_session:
        h.check(worktrees(folder) == 0, "git knows of no worktree")


def cases(seeds):
    for seed in seeds:
        def case(seed=seed):
            killed(seed)
        case.__name__ = f"seed_{seed}"
        yield case


def read_seeds():
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="*", metavar="SEED", type=int)
    parser.add_argument("--seeds", dest="many", type=int, default=10, metavar="N")
    arguments = parser.parse_args()
    del sys.argv[1:]  # where the harness looks for names of cases
    return arguments.seeds or [random.SystemRandom().randrange(10**6) for _ in range(arguments.many)]


h.main(*cases(read_seeds()))
