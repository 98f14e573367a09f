# SPDX-License-Identifier: Apache-2.0
"""Where a benchmark's Markdown goes: standard output, or between two marks of a document."""

import sys
from pathlib import Path


def publish(mark, text):
    """`--into FILE` on the command line replaces what FILE has between the marks."""
    if sys.argv[1:2] != ["--into"]:
        print(text, end="")
        return
    path = Path(sys.argv[2])
    begin, end = f"<!-- {mark}: begin -->\n", f"<!-- {mark}: end -->\n"
    head, rest = path.read_text(encoding="utf-8").split(begin)
    tail = rest.split(end)[1]
    path.write_text(f"{head}{begin}\n{text.rstrip()}\n\n{end}{tail}", encoding="utf-8")
