# SPDX-License-Identifier: Apache-2.0
"""adjust.txt: rows k groups (rows z… y…)… lambda… prior… gamma…: ridge slopes by NumPy from
augmented least squares (the prior as pseudo observations), not from normal equations."""
import numpy as np

rng = np.random.default_rng(5)
rows = []
for _ in range(120):
    k = int(rng.integers(1, 5))
    groups = int(rng.integers(1, 8))
    design, target, parts = [], [], []
    for _g in range(groups):
        n = int(rng.integers(1, 6))
        z = rng.normal(size=(n, k)) * rng.choice([.01, 1, 10], size=k)
        y = z @ rng.normal(size=k) + rng.normal(size=n)
        parts.append(f"{n} " + " ".join(repr(float(v)) for v in z.ravel()) + " " + " ".join(repr(float(v)) for v in y))
        if n > 1:
            design.append(z - z.mean(axis=0))
            target.append(y - y.mean())
    weight = np.abs(rng.normal(size=k)) + .05
    prior = rng.normal(size=k)
    design.append(np.diag(np.sqrt(weight)))
    target.append(np.sqrt(weight) * prior)
    gamma = np.linalg.lstsq(np.vstack(design), np.concatenate(target), rcond=None)[0]
    rows.append(f"{k} {groups} " + " ".join(parts) + " " + " ".join(repr(float(v)) for v in weight) + " " +
                " ".join(repr(float(v)) for v in prior) + " " + " ".join(repr(float(v)) for v in gamma))
with open("adjust.txt", "w") as file:
    file.write("# made by make_adjust.py\n" + "\n".join(rows) + "\n")
