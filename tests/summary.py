#!/usr/bin/env python3
"""What a run of `./dev test` did: minutes of each part, the ten slowest tests, what was skipped.

    summary.py FOLDER all|quick|nightly|FILTER

FOLDER has a file NAME.part for each part (seconds and exit status) and the results of ctest as NAME.xml.
The exit status is 1 where a part or a test failed, where nothing was tested, where there are fewer tests
than tests/expected.txt demands, and where something was skipped that it does not list.
"""

import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

EXPECTED = pathlib.Path(__file__).parent / "expected.txt"
CASE_SKIPPED = re.compile(r"^\[ *SKIPPED *\] (\w+)$", re.MULTILINE)  # cmocka's
Test = collections.namedtuple("Test", "part name seconds status text")


def read_expected():
    floors, skips = {}, set()
    for line in EXPECTED.read_text().splitlines():
        words = line.split()
        if words[:1] == ["floor"]:
            floors[words[1]] = int(words[2])
        elif words[:1] == ["skip"]:
            skips.add(words[1])
    return floors, skips


def read_tests(folder):
    for path in sorted(folder.glob("*.xml")):
        for case in xml.parse(path).getroot().iter("testcase"):
            text = case.findtext("system-out") or ""
            yield Test(path.stem, case.get("name"), float(case.get("time")), case.get("status"), text)


def read_parts(folder):
    for path in sorted(folder.glob("*.part"), key=lambda path: path.stat().st_mtime):
        seconds, status = map(int, path.read_text().split())
        yield path.stem, seconds, status


def skips_of(tests):
    """Each skip as TEST or TEST:CASE, with the reason that the test printed."""
    for test in tests:
        if test.status == "notrun":
            reason = re.search(r"^skipped: (.*)$", test.text, re.MULTILINE)
            yield test.name, reason.group(1) if reason else "no reason given"
        for case in CASE_SKIPPED.findall(test.text):
            yield f"{test.name}:{case}", "skipped by the test itself"


def kinds_of(tests):
    """How many different tests there are of each kind, the first word of a name."""
    return collections.Counter(name.split("_")[0] for name in {test.name for test in tests})


def minutes(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def show(parts, tests):
    print("\nminutes by part")
    for name, seconds, status in parts:
        print(f"  {minutes(seconds):>6}  {name}" + (f"  FAILED (exit status {status})" if status else ""))
    print(f"  {minutes(sum(part[1] for part in parts)):>6}  in all")
    print("\nthe ten slowest tests")
    for test in sorted(tests, key=lambda test: -test.seconds)[:10]:
        print(f"  {minutes(test.seconds):>6}  {test.name} ({test.part})")
    print("\ntests by kind: " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds_of(tests).items())))


def show_skips(tests):
    skips = sorted(set(skips_of(tests)))
    print(f"skipped: {len(skips) or 'none'}")
    for name, reason in skips:
        print(f"  {name}: {reason}")


def complaints(parts, tests, tier):
    floors, allowed = read_expected()
    kinds = kinds_of(tests)
    found = [f"{name} failed" for name, _, status in parts if status]
    found += [f"{test.name} failed ({test.part})" for test in tests if test.status == "fail"]
    found += [f"{name} was skipped; tests/expected.txt does not list it"
              for name, _ in sorted(set(skips_of(tests))) if name not in allowed]
    if not tests:
        found.append("no test was run")
    if tier in ("all", "nightly"):
        found += [f"{kinds[kind]} tests of kind {kind}, not {least} or more" for kind, least in floors.items()
                  if kinds[kind] < least]
    return found


def main():
    folder, tier = pathlib.Path(sys.argv[1]), sys.argv[2]
    parts, tests = list(read_parts(folder)), list(read_tests(folder))
    show(parts, tests)
    show_skips(tests)
    found = complaints(parts, tests, tier)
    for line in found:
        print(f"dev: {line}")
    count = collections.Counter(test.status for test in tests)
    print(f"\n{count['run']} passed, {count['fail']} failed, {count['notrun']} skipped", flush=True)
    sys.exit(1 if found else 0)


main()
