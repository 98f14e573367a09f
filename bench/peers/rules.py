# SPDX-License-Identifier: Apache-2.0
"""Decision rules of other tools, as formulas over many sessions at once.

Each rule is a function score(base, candidate) -> array: `base` and `candidate` are (sessions, n)
arrays in the order of time, larger is worse. A session fails when its score is above the rule's
knob. Facts about the tools come from the sources named; docs/peers.md says what each is for.
"""

import numpy as np
from scipy import stats


# --- benchstat ----------------------------------------------------------------------------------
# The program itself is run (programs.py); this formula only finds the -alpha that gives a wanted
# rate, and is compared with the program on every session. golang.org/x/perf, benchmath/anone.go
# (the version that bench/peers/tools.sh fetches):
# two-sided Mann-Whitney U test, exact up to 50 values a side without ties, p = 2 P(U <= smaller U);
# a difference is shown when p <= alpha (0.05), as the change of medians.


def u_tail(n, m):
    """P(U <= u) for u = 0 ... n m: Mann and Whitney's (1947) recursion over the sizes."""
    counts = np.zeros((m + 1, n * m + 1))  # orders of 0 candidates among j base values with U = u
    counts[:, 0] = 1
    for _ in range(n):
        counts = _one_more(counts, m)
    return np.cumsum(counts[m]) / counts[m].sum()


def _one_more(counts, m):
    """counts for one more candidate: f(i, j, u) = f(i - 1, j, u - j) + f(i, j - 1, u)."""
    out = np.zeros_like(counts)
    out[0] = counts[0]
    for j in range(1, m + 1):
        out[j] = out[j - 1]
        out[j, j:] += counts[j, : counts.shape[1] - j]
    return out


def u_statistic(base, candidate):
    """How many pairs have the candidate above the base."""
    return (candidate[:, :, None] > base[:, None, :]).sum(axis=(1, 2))


def benchstat(base, candidate):
    n, m = candidate.shape[1], base.shape[1]
    u = u_statistic(base, candidate)
    p = np.minimum(1, 2 * u_tail(n, m)[np.minimum(u, n * m - u)])
    worse = np.median(candidate, axis=1) > np.median(base, axis=1)
    return np.where(worse, -p, -2.0)


def benchstat_five(base, candidate):
    """What scripts around benchstat do: significant, and the change of medians at least 5 %."""
    change = np.median(candidate, axis=1) / np.median(base, axis=1) - 1
    return np.where(change >= 0.05, benchstat(base, candidate), -2.0)


# --- Bencher ------------------------------------------------------------------------------------
# bencherdev/bencher at 0b8f9117, lib/bencher_boundary/src (boundary.rs, limits/mod.rs, mean.rs): mean
# and standard deviation (divided by n) of the historical metrics; the upper limit is the quantile of
# Student's t with n - 1 degrees of freedom, location mean and scale SD; one new metric above it is an
# alert. The tutorials use boundary 0.99 and at most 64 historical metrics. `--iter n --fold median`
# makes one metric of n runs.


def bencher_one(base, candidate):
    """One run of the candidate against n of the base."""
    return _bencher_t(base, candidate[:, 0])


def bencher_folded(base, candidate):
    """The candidate's n runs folded to their median."""
    return _bencher_t(base, np.median(candidate, axis=1))


def _bencher_t(base, metric):
    n = base.shape[1]
    return stats.t.cdf((metric - base.mean(axis=1)) / base.std(axis=1), n - 1)


def bencher_relative(base, candidate):
    """"Relative continuous benchmarking": both sides side by side on the same machine, folded; a
    percentage test with boundary 0.25 in the tutorial."""
    return np.median(candidate, axis=1) / np.median(base, axis=1) - 1


# --- Kayenta ------------------------------------------------------------------------------------
# spinnaker/spinnaker at f8b98eba, kayenta/kayenta-judge (NetflixACAJudge, MannWhitneyClassifier)
# and kayenta-mannwhitney: 98 % confidence interval of the shift by the normal approximation with
# continuity correction, as R's wilcox.test(exact = FALSE); High when its lower end is above 0.25
# times the Hodges-Lehmann estimate and the ratio of means is at least `allowedIncrease` (1). The
# level and the 0.25 are constants in the source; outliers are kept unless configured otherwise.


def kayenta(base, candidate):
    n, m = candidate.shape[1], base.shape[1]
    shifts = np.sort((candidate[:, :, None] - base[:, None, :]).reshape(len(base), n * m), axis=1)
    sigma = np.sqrt(n * m * (n + m + 1) / 12)
    # Between the k-th and the next shift, n m - k pairs are above: the statistic falls in steps.
    steps = n * m - np.arange(n * m + 1) - n * m / 2
    statistic = (steps - 0.5 * np.sign(steps)) / sigma
    low = shifts[:, np.flatnonzero(statistic >= stats.norm.ppf(0.99)).max()]
    estimate = _crossing(shifts, statistic)
    high = low > 0.25 * np.abs(estimate)
    return np.where(high, candidate.mean(axis=1) / base.mean(axis=1), -1.0)


def _crossing(shifts, statistic):
    """Where the statistic passes zero: the median of the shifts."""
    first, last = np.flatnonzero(statistic > 0).max(), np.flatnonzero(statistic < 0).min() - 1
    return (shifts[:, first] + shifts[:, last]) / 2


# --- perfgate -----------------------------------------------------------------------------------
# EffortlessMetrics/perfgate 0.18, `perfgate paired --fail-on-regression PERCENT` (app/paired.rs,
# domain/paired.rs): pairs of a base and a candidate run one after the other; it fails when the mean
# difference divided by the base's median is above PERCENT and mean -/+ 2 SE (1.96 from n = 30; SD
# divided by n) excludes zero. There is no default; 5 % here, as for all with such a knob. (The
# program rounds to whole milliseconds; this does not.)


def perfgate(base, candidate):
    difference = candidate - base
    n = difference.shape[1]
    mean = difference.mean(axis=1)
    error = difference.std(axis=1) / np.sqrt(n)
    proven = mean - (1.96 if n >= 30 else 2.0) * error > 0
    return np.where(proven, mean / np.median(base, axis=1), -1.0)


# --- A plain threshold --------------------------------------------------------------------------


def threshold(base, candidate):
    return candidate.mean(axis=1) / base.mean(axis=1) - 1


class Rule:
    """A rule and its knob: name, default and loosest setting (as scores), how to print a setting,
    and whether a score equal to it fails."""

    def __init__(self, name, score, default, loosest, knob, show, at_knob=False, at_least=None):
        self.name, self.score, self.default, self.loosest = name, score, default, loosest
        self.knob, self.show, self.at_knob = knob, show, at_knob
        self.at_least = at_least  # benchstat itself is asked; the change of medians it must show

    def fails(self, scores, knob):
        return scores >= knob if self.at_knob else scores > knob


def percent(value):
    return f"{100 * value:.3g} %"


def level(score):
    return f"{-score:.2g}"


def boundary(value):
    return f"{value:.6g}"


def ratio(value):
    return f"{value:.3f}"


RULES = [
    Rule("benchstat", benchstat, -0.05, -1.0, "-alpha", level, True, -1.0),
    Rule("benchstat and ≥ 5 %", benchstat_five, -0.05, -1.0, "-alpha", level, True, 0.05),
    Rule("Bencher t-test, one run", bencher_one, 0.99, 0.5, "upper boundary", boundary),
    Rule("Bencher t-test, median", bencher_folded, 0.99, 0.5, "upper boundary", boundary),
    Rule("Bencher relative, median", bencher_relative, 0.25, 0.0, "upper boundary", percent),
    Rule("Kayenta", kayenta, 1.0, 0.0, "allowedIncrease", ratio, True),
    Rule("perfgate paired", perfgate, 0.05, 0.0, "--fail-on-regression", percent),
    Rule("threshold on means", threshold, 0.05, 0.0, "threshold", percent),
]
