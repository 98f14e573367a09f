# SPDX-License-Identifier: Apache-2.0
"""What other tools' rules say on the very sessions that svcgate judges: Markdown tables.

Run by bench/peers.sh, which sets up the programs. docs/peers.md explains the tables.
"""

import contextlib
import io
import os
import sys

import numpy as np

import document
import programs
import rules
import sessions
import tables

NOISES = [("gauss", 0.03), ("outlier", 0.03), ("two-speed", 0.03), ("rw", 0.03), ("ar1", 0.03),
          ("bimodal", 0.03), ("gauss", 0.05), ("two-speed", 0.05)]
EFFECTS = {"same": 0.0, "+3": 0.03, "+5": 0.05, "+10": 0.10, "-10": -0.10}
SIZES = (10, 21)
TOLERANCE = 0.05
ALPHAS = (0.01, 0.0025)
BENCHSTAT_ALPHA = 0.05
SEED, TUNING_SEED = 2_000_003, 3_000_017
SESSIONS = int(os.environ.get("PEERS_SESSIONS", "5000"))  # a noise and effect
REAL = min(SESSIONS, 2000)  # the same for Otava, which takes a millisecond each
TUNING = SESSIONS  # a noise
OTAVA_TUNING = max(50, SESSIONS // 10)
OTAVA_GRID = (0.00003, 0.0001, 0.0003, 0.001, 0.002, 0.004, 0.008)


def say(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)


# --- Tuning -------------------------------------------------------------------------------------


def tuned_knob(rule, scores, target):
    """The loosest setting that fails at most `target` of the unchanged sessions; (knob, reached):
    reached is false when even its loosest setting fails fewer."""
    allowed = int(target * len(scores))
    values, counts = np.unique(scores[rule.fails(scores, rule.loosest)], return_counts=True)
    fails = np.cumsum(counts[::-1])[::-1]  # how many fail when the knob lies just below each value
    if len(values) == 0 or fails[0] <= allowed:
        return rule.loosest, False
    first = np.flatnonzero(fails > allowed).max()
    after = values[first + 1] if first + 1 < len(values) else values[first] + 1e-9
    return (values[first] + after) / 2, True


def tuning_sessions():
    """Unchanged sessions of all noises, of seeds that are used for nothing else."""
    texts = [sessions.dump(shape, cv, 0.0, TUNING, TUNING_SEED) for shape, cv in NOISES]
    drawn = [sessions.read(text) for text in texts]
    return texts, {n: [sessions.sides(*d, n) for d in drawn] for n in SIZES}


def tune_otava(drawn, targets):
    """The loosest -P of the grid that meets each target; None: even the strictest does not."""
    knobs = {}
    for n in SIZES:
        rates = []
        base = np.concatenate([b[:OTAVA_TUNING] for b, _ in drawn[n]])
        candidate = np.concatenate([c[:OTAVA_TUNING] for _, c in drawn[n]])
        for level in OTAVA_GRID:
            rates.append(np.mean(programs.otava(base, candidate, level)[0]))
        say(f"Otava, n = {n}: " + ", ".join(f"-P {p:g}: {100 * r:.2f} %"
                                            for p, r in zip(OTAVA_GRID, rates)))
        for name, target in targets.items():
            fitting = [p for p, r in zip(OTAVA_GRID, rates) if r <= target]
            knobs[n, name] = (max(fitting), True) if fitting else (None, False)
    return knobs


def tune(targets_of):
    texts, drawn = tuning_sessions()
    verdicts = np.concatenate([sessions.judge(t, ALPHAS[0], TOLERANCE)[0] for t in texts])
    own = float(np.mean(verdicts == "fail"))
    targets = targets_of(own)
    say(f"svcgate fails {100 * own:.2f} % of the unchanged sessions at alpha {ALPHAS[0]:g}")
    knobs = {}
    for rule in rules.RULES:
        for n in SIZES:
            scores = np.concatenate([rule.score(b, c) for b, c in drawn[n]])
            for name, target in targets.items():
                knobs[rule.name, n, name] = tuned_knob(rule, scores, target)
    for (n, name), knob in tune_otava(drawn, targets).items():
        knobs[tables.OTAVA, n, name] = knob
    return targets, knobs


# --- Asking all of them -------------------------------------------------------------------------


def ask_svcgate(tally, noise, effect_name, effect):
    shape, cv = noise
    text = sessions.dump(shape, cv, effect, SESSIONS, SEED)
    for alpha in ALPHAS:
        verdict, repetitions = sessions.judge(text, alpha, TOLERANCE)
        row = tables.svcgate_name(alpha), tables.SEQUENTIAL
        tally.add(*row, effect_name, noise, verdict == "fail")
        tally.add(*row, effect_name + " passed", noise, verdict == "pass")
        tally.add(*row, effect_name + " open", noise, verdict == "inconclusive")
        tally.counts[(*row, effect_name + " n", noise)] = (repetitions.sum(), SESSIONS)
    return text


def ask_rules(tally, noise, question, n, base, candidate, knobs):
    """Formulas, with defaults and tuned; benchstat's own answer must be the formula's."""
    worse, change = programs.benchstat(base, candidate, BENCHSTAT_ALPHA)
    for rule in rules.RULES:
        scores = rule.score(base, candidate)
        failed = rule.fails(scores, rule.default)
        if rule.at_least is not None:
            real = worse & (change >= rule.at_least)
            tally.differences += int(np.sum(real != failed))
            tally.compared += len(real)
            failed = real
        tally.add(rule.name, n, question, noise, failed)
        for name in knobs_names(knobs):
            knob = knobs[rule.name, n, name][0]
            tally.add((rule.name, name), n, question, noise, rule.fails(scores, knob))


def knobs_names(knobs):
    return dict.fromkeys(name for _, _, name in knobs)


def queue_otava(queue, noise, question, n, base, candidate, knobs):
    queue.add((None, question, noise), base[:REAL], candidate[:REAL])
    for name in knobs_names(knobs):
        level = knobs[tables.OTAVA, n, name][0]
        if level is not None and question in ("same", "+3", "+5", "+10"):
            queue.add((name, question, noise), base[:REAL // 2], candidate[:REAL // 2], level)


def ask_otava(tally, queue):
    say(f"Apache Otava: {queue.size()} series")
    for ((name, question, noise), n), (near, anywhere) in queue.ask().items():
        if name is None:
            tally.add(tables.OTAVA, n, question, noise, near)
            tally.add(tables.ANYWHERE, n, question, noise, anywhere)
        else:
            tally.add((tables.OTAVA, name), n, question, noise, near)


def ask_after(tally, queue, noise, values, knobs):
    """Unchanged sessions, base first and candidate afterwards."""
    for n in SIZES:
        base, candidate = sessions.one_after_the_other(values, n)
        ask_rules(tally, noise, "after", n, base, candidate, knobs)
        queue_otava(queue, noise, "after", n, base, candidate, knobs)
        verdict, _ = sessions.judge_unblocked(base, candidate, ALPHAS[0], TOLERANCE)
        tally.add(tables.UNBLOCKED, n, "after", noise, verdict == "fail")


def ask(knobs):
    tally, queue = tables.Tally(NOISES), programs.OtavaQueue()
    for noise in NOISES:
        say(f"{tables.noise_name(noise)}: {SESSIONS} sessions of each effect")
        for effect_name, effect in EFFECTS.items():
            values, is_candidate = sessions.read(ask_svcgate(tally, noise, effect_name, effect))
            for n in SIZES:
                base, candidate = sessions.sides(values, is_candidate, n)
                ask_rules(tally, noise, effect_name, n, base, candidate, knobs)
                queue_otava(queue, noise, effect_name, n, base, candidate, knobs)
            if effect == 0:
                ask_after(tally, queue, noise, values, knobs)
    ask_otava(tally, queue)
    return tally


def main():
    targets, knobs = tune(lambda own: {"1 %": 0.01, "svcgate's rate": own})
    tally = ask(knobs)
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        tables.print_all(tally, SIZES, targets, knobs, SESSIONS, REAL)
    document.publish("quality", text.getvalue())


if __name__ == "__main__":
    main()
