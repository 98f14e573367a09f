#!/usr/bin/env bash
# How long `svcgate --version` takes beside /bin/true, in one run, and how big the binary is.
set -euo pipefail
binary=${SVCGATE:-build/release/svcgate}
python3 - "$binary" <<'PY'
import statistics, subprocess, sys, time

def once(argv):
    start = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start

pairs = [(once([sys.argv[1], "--version"]), once(["/bin/true"])) for _ in range(100)]
ours, theirs = (statistics.median(column) for column in zip(*pairs))
print(f"svcgate --version {ours * 1e3:.2f} ms, /bin/true {theirs * 1e3:.2f} ms, ratio {ours / theirs:.2f} (medians of 100)")
PY
printf 'binary %d bytes\n' "$(stat -c %s "$binary")"
