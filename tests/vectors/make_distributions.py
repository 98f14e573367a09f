# SPDX-License-Identifier: Apache-2.0
"""Normal and Student's t by mpmath with 50 digits, both tails down to 1e-300. Rows:
ncdf z p | nq p z | tup t df p | tcdf t df p | tq p df t"""
import math
import random

from mpmath import mp, mpf, betainc, erfc, sqrt
from scipy import stats

mp.dps = 50
random.seed(1)
rows = []


def normal(z):
    return erfc(-mpf(z) / sqrt(mpf(2))) / 2


def t_upper(t, df):
    t, df = mpf(t), mpf(df)
    if t < 0:
        return 1 - t_upper(-t, df)
    if t * t < df:  # the other end of the integral, which keeps its digits
        return (1 - betainc(mpf(1) / 2, df / 2, 0, t * t / (df + t * t), regularized=True)) / 2
    return betainc(df / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2


def out(*words):
    rows.append(" ".join(w if isinstance(w, str) else mp.nstr(mpf(w), 20) if not isinstance(w, float)
                         else repr(w) for w in words))


for z in [-37.0, -30.0, -20.0, -10.0, -8.0, -5.0, -3.0, -2.326, -1.645, -1.0, -0.5, -1e-3, 0.0, 1e-9,
          0.3, 1.0, 1.96, 3.0, 6.0, 8.0, 37.0] + [random.gauss(0, 4) for _ in range(60)] + \
        [random.uniform(-37, 8) for _ in range(100)]:
    out("ncdf", z, normal(z))


def solve(f, low, high):
    """Bisection of a rising function, 200 steps of 50 digits."""
    low, high = mpf(low), mpf(high)
    for _ in range(200):
        middle = (low + high) / 2
        if f(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


for p in [1e-300, 1e-100, 1e-30, 1e-12, 1e-6, 0.00125, 0.01, 0.05, 0.25, 0.4, 0.6, 0.75, 0.95, 0.99,
          0.99875, 1 - 1e-6, 1 - 1e-12, .5 - 1e-9, .5 + 1e-5, .4999, .2499999, .2500001, .7499999, .7500001] + \
        [10 ** random.uniform(-300, 0) for _ in range(40)] + [random.random() for _ in range(40)]:
    out("nq", p, solve(lambda x: normal(x) - mpf(p), -40, 40))

for df in [1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 9.0, 17.0, 29.0, 39.0, 41.0, 100.0, 1000.0, 0.5, 2.5, 7.3, 39.9]:
    for t in [-1e6, -50.0, -5.0, -1.0, -0.1, 0.0, 1e-6, 0.3, 0.9, 1.5, 2.0, 3.5, 8.0, 30.0, 1e3, 1e8]:
        p = t_upper(t, df)
        if p > mpf(10) ** -290 and 1 - p > 0:
            out("tup", t, df, p)
        if random.random() < 0.3:
            q = t_upper(-t, df)
            if q > mpf(10) ** -290:
                out("tcdf", t, df, q)

# every number of degrees of freedom, tails of every size
for df in range(1, 201):
    for size in (0, 1, 10, 100, 300):
        t = float(stats.t.isf(.5 * 10 ** random.uniform(-size, 0), df))
        if math.isfinite(t) and t_upper(t, df) > mpf(10) ** -300:
            out("tup", t, float(df), t_upper(t, df))
    t = random.uniform(0, 4)
    out("tcdf", t, float(df), t_upper(-t, df))

for p, df in [(.95, 5.0), (.99, 9.0), (.99875, 17.0)] + [
        (p, df) for df in [1.0, 2.0, 3.0, 4.0, 7.0, 12.0, 29.0, 200.0, 4.5]
        for p in [1e-12, 1e-4, 0.00125, 0.01, 0.05, 0.3, 0.7, 0.9, 0.95, 0.99, 0.9975, 0.99875]] + [
        (random.choice([random.random(), .5 + random.uniform(-1e-6, 1e-6), 10 ** random.uniform(-9, -1)]), float(df))
        for df in range(1, 201)]:
    q = mpf(p) if p < 0.5 else 1 - mpf(p)
    x = solve(lambda x: q - t_upper(x, df), 0, mpf(10) ** 14 if p < 1e-2 or p > .99 else 100)
    out("tq", p, df, -x if p < 0.5 else x)

with open("distributions.txt", "w") as file:
    file.write("# made by make_distributions.py\n" + "\n".join(rows) + "\n")
