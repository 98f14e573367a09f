# SPDX-License-Identifier: Apache-2.0
"""Runs one command and writes `STATUS WALL CPU PEAK` (seconds, bytes) to standard error.

A process of its own, and small: Linux counts the memory of the process that starts a command into
the command's peak. `python3 -I -S launch.py COMMAND…`
"""

import os
import sys
import time

QUIET = os.open(os.devnull, os.O_WRONLY)
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, QUIET, 1), (os.POSIX_SPAWN_DUP2, QUIET, 2)])
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
print(os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime,
      usage.ru_maxrss * 1024, file=sys.stderr)
