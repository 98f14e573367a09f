#!/usr/bin/env python3
"""clang-tidy over the project's C files; what was clean stays checked until something that it reads changes.

    tidy.py BUILD CACHE

BUILD has compile_commands.json. CACHE keeps an empty file for each check that found nothing, named by a hash
of all that it depends on: clang-tidy's version, .clang-tidy, the command, and the text of every file that the
source includes. Warnings are printed; the exit status is 1 where there are any.
"""

import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = tuple(f"{ROOT}/{name}/" for name in ("lib", "cmd", "tests", "bench"))
KEPT_SECONDS = 60 * 24 * 3600


@functools.lru_cache(maxsize=None)
def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


@functools.lru_cache(maxsize=None)
def setting():
    version = subprocess.run(["clang-tidy", "--version"], check=True, capture_output=True, text=True).stdout
    return version + (ROOT / ".clang-tidy").read_text()


def words_of(entry):
    """The compiler's words, without the launcher in front of it and without what to write."""
    words = shlex.split(entry["command"])
    first = next(i for i, word in enumerate(words) if re.fullmatch(r"(.*/)?(cc|gcc|clang)(-[0-9]+)?", word))
    words = words[first:]
    at = words.index("-o")
    return words[:at] + words[at + 2:]


def key_of(entry):
    words = [word for word in words_of(entry) if word != "-c"]
    made = subprocess.run([*words, "-M", "-MT", "x"], check=True, capture_output=True, text=True,
                          cwd=entry["directory"]).stdout
    files = set(made.replace("\\\n", " ").split()[1:])
    relative = [word.replace(str(ROOT), "") for word in words]
    texts = sorted(digest(os.path.join(entry["directory"], name)) for name in files)  # wherever the tree lies
    return hashlib.sha256("\0".join([setting(), *relative, *texts]).encode()).hexdigest()


def check(entry, build, cache):
    """What clang-tidy says of this file; empty where it says nothing."""
    stamp = cache / key_of(entry)
    if stamp.exists():
        stamp.touch()
        return None
    done = subprocess.run(["clang-tidy", "--quiet", "-p", str(build), entry["file"]], capture_output=True, text=True,
                          check=False)
    if done.returncode == 0 and "warning:" not in done.stdout:
        stamp.touch()
        return ""
    return done.stdout + done.stderr


def forget_old(cache):
    for stamp in cache.iterdir():
        if time.time() - stamp.stat().st_mtime > KEPT_SECONDS:
            stamp.unlink()


def main():
    build, cache = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    cache.mkdir(parents=True, exist_ok=True)
    forget_old(cache)
    entries = [entry for entry in json.loads((build / "compile_commands.json").read_text())
               if entry["file"].startswith(FOLDERS)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        said = list(pool.map(lambda entry: check(entry, build, cache), entries))
    print(f"clang-tidy: {len(entries)} files, {said.count(None)} of them unchanged since they were clean")
    bad = [text for text in said if text]
    print("\n".join(bad), end="")
    sys.exit(1 if bad or not entries else 0)


main()
