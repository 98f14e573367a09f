# SPDX-License-Identifier: Apache-2.0
"""Counts of answers, and the Markdown tables made of them."""

import numpy as np
from scipy import stats

import rules

SEQUENTIAL = "6–21"
OTAVA = "Apache Otava"
ANYWHERE = "Apache Otava, anywhere"
UNBLOCKED = "svcgate judge, no blocks"


class Tally:
    """How many of how many, by rule, size, question and noise. Tuned rules are (name, target)."""

    def __init__(self, noises):
        self.noises, self.counts = noises, {}
        self.compared = self.differences = 0  # benchstat's answers and its formula's

    def add(self, rule, size, question, noise, hits):
        self.counts[rule, size, question, noise] = (int(np.sum(hits)), len(hits))

    def one(self, rule, size, question, noise):
        return self.counts[rule, size, question, noise]

    def has(self, rule, size, question):
        return (rule, size, question, self.noises[0]) in self.counts

    def pooled(self, rule, size, question):
        cells = [self.one(rule, size, question, noise) for noise in self.noises]
        return sum(hits for hits, _ in cells), sum(count for _, count in cells)

    def share(self, rule, size, question):
        hits, count = self.pooled(rule, size, question)
        return hits / count

    def shares(self, rule, size, question):
        cells = [self.one(rule, size, question, noise) for noise in self.noises]
        return [hits / count for hits, count in cells]


# --- Words and numbers --------------------------------------------------------------------------


def noise_name(noise):
    return f"{noise[0]} {100 * noise[1]:g} %"


def svcgate_name(alpha):
    return f"svcgate, α {100 * alpha:g} %"


def is_svcgate(name):
    return isinstance(name, str) and name.startswith("svcgate,")


def number(share):
    """Per cent: two digits near 0 and 100, where they matter."""
    value = 100 * share
    if value in (0, 100):
        return f"{value:.0f}"
    if value < 1:
        return f"{max(value, 0.01):.2f}"
    return f"{min(value, 99.99):.2f}" if value > 99 else f"{value:.1f}"


def limits(hits, count):
    """Clopper and Pearson's two-sided 95 % limits."""
    low = stats.beta.ppf(0.025, hits, count - hits + 1) if hits > 0 else 0.0
    high = stats.beta.ppf(0.975, hits + 1, count - hits) if hits < count else 1.0
    return f"{number(low)}–{number(high)}"


def shown(cell):
    hits, count = cell
    return f"{number(hits / count)} ({limits(hits, count)})"


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


# --- Rows ---------------------------------------------------------------------------------------


def svcgate_rows(tally):
    return [(rule, SEQUENTIAL) for rule, size, question, noise in tally.counts
            if size == SEQUENTIAL and question == "same" and noise == tally.noises[0]]


def peer_names():
    names = [rule.name for rule in rules.RULES]
    return names[:2] + [OTAVA] + names[2:]


def subjects(tally, sizes):
    return svcgate_rows(tally) + [(name, n) for name in peer_names() for n in sizes]


def mean_repetitions(tally, name, size, question):
    if not is_svcgate(name):
        return str(size)
    return f"{tally.share(name, size, question + ' n'):.1f}"


def silent(tally, name, size):
    """The share of +10 % that is called fine."""
    if is_svcgate(name):
        return tally.share(name, size, "+10 passed")
    return 1 - tally.share(name, size, "+10")


def print_summary(tally, sizes):
    rows = []
    for name, size in subjects(tally, sizes):
        rows.append([
            name,
            " / ".join(mean_repetitions(tally, name, size, q) for q in ("same", "+10")),
            shown(tally.pooled(name, size, "same")),
            number(max(tally.shares(name, size, "same"))),
            number(tally.share(name, size, "+3")),
            number(tally.share(name, size, "+5")),
            shown(tally.pooled(name, size, "+10")),
            number(min(tally.shares(name, size, "+10"))),
            number(silent(tally, name, size)),
            number(tally.share(name, size, "-10"))])
    table(["rule", "n a side: no change / +10 %", "no change: fails", "at worst", "+3 %: fails",
           "+5 %: fails", "+10 %: fails", "at worst", "+10 %: passes", "−10 %: fails"], rows)


def print_by_noise(tally, title, question, names):
    print(f"#### {title}\n")
    rows = [[name, str(size), *(shown(tally.one(name, size, question, noise))
                                for noise in tally.noises)]
            for name, size in names if tally.has(name, size, question)]
    table(["rule", "n", *map(noise_name, tally.noises)], rows)


def print_defaults(tally, sizes):
    print("### With their defaults\n")
    print_summary(tally, sizes)
    rows = subjects(tally, sizes)
    extra = rows + [(ANYWHERE, n) for n in sizes]
    print_by_noise(tally, "No change: fails, %", "same", extra)
    print_by_noise(tally, "+3 %, below the tolerance: fails, %", "+3", rows)
    print_by_noise(tally, "+5 %, the tolerance itself: fails, %", "+5", rows)
    print_by_noise(tally, "+10 %: fails, %", "+10", rows)
    print_by_noise(tally, "svcgate, no change: passes, %", "same passed", svcgate_rows(tally))
    print_by_noise(tally, "svcgate, +5 %: passes, %", "+5 passed", svcgate_rows(tally))
    print_by_noise(tally, "svcgate, +10 %: inconclusive, %", "+10 open", svcgate_rows(tally))


def print_tuned(tally, targets, knobs, sizes):
    shows = {rule.name: (rule.knob, rule.show) for rule in rules.RULES}
    shows[OTAVA] = ("-P", "{:g}".format)
    for target, rate in targets.items():
        print(f"### Tuned to {target}: {100 * rate:.2f} % of unchanged sessions\n")
        rows = [tuned_cells(tally, name, size, name, "") for name, size in svcgate_rows(tally)]
        for name in peer_names():
            for n in sizes:
                setting = describe(knobs[name, n, target], *shows[name])
                rows.append(tuned_cells(tally, (name, target), n, name, setting))
        table(["rule", "n", "setting", "no change: fails", "at worst", "+3 %: fails", "+5 %: fails",
               "+10 %: fails", "at worst"], rows)


def describe(knob, name, show):
    value, reached = knob
    if value is None:
        return f"{name}: not even the strictest tried"
    return f"{name} {show(value)}" + ("" if reached else ", its loosest")


def tuned_cells(tally, key, size, name, setting):
    if not tally.has(key, size, "same"):
        return [name, str(size), setting, *["–"] * 6]
    return [name, str(size), setting, shown(tally.pooled(key, size, "same")),
            number(max(tally.shares(key, size, "same"))), number(tally.share(key, size, "+3")),
            number(tally.share(key, size, "+5")), shown(tally.pooled(key, size, "+10")),
            number(min(tally.shares(key, size, "+10")))]


def print_after(tally, sizes):
    print("### Base first, candidate afterwards\n")
    names = [(name, n) for name in [*peer_names(), ANYWHERE, UNBLOCKED] for n in sizes]
    print_by_noise(tally, "No change: fails, %", "after", names)


def print_all(tally, sizes, targets, knobs, sessions, real):
    print(f"{sessions} sessions a noise and effect ({real} for Apache Otava, {real // 2} where it is "
          "tuned). In brackets 95 % limits (Clopper and Pearson). benchstat and its formula in "
          f"`rules.py` differ in {tally.differences} of {tally.compared} answers.\n")
    print_defaults(tally, sizes)
    print_tuned(tally, targets, knobs, sizes)
    print_after(tally, sizes)
