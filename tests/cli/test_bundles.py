#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recorded sessions (tests/bundles) judged again, offline: the exit status and the bytes of verdict.json that were
right when they were kept. And what must not change a verdict: the names of variants, the unit of time.

    tests/cli/test_bundles.py --renew    writes what is judged now over what was kept, to be read as a diff"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SVCGATE = os.path.realpath(os.environ.get("SVCGATE", "build/release/svcgate"))
ROOT = pathlib.Path(__file__).resolve().parents[2]
BUNDLES = ROOT / "tests/bundles"
LEAST = 23  # cases
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("SVCGATE_")}
FORMATS = ("text", "md", "comment", "github", "junit", "csv", "html", "svg", "gitlab-load", "codequality", "openmetrics")
STATUS = {"pass": 0, "fail": 1, "inconclusive": 2, "invalid": 3}
QUIET_GO = ROOT / "bench/data/go-200-30s-1.csv"


def judge(words, folder, text=b""):
    return subprocess.run([SVCGATE, "judge", *words], cwd=folder, env=CLEAN, input=text, capture_output=True, timeout=60,
                          check=False)


class Case:
    """A folder: what it asks of `judge` (the input, the folder itself where none is named, and words) and what is right."""

    def __init__(self, folder):
        self.folder, self.name = folder, folder.name
        self.about = json.loads((folder / "case.json").read_text())
        self.words, self.status = [self.about.get("input", "."), *self.about["words"]], self.about["status"]

    def judge(self, *more):
        return judge([*self.words, *more], self.folder)

    def verdict(self):
        return (self.folder / "verdict.json").read_bytes()

    def session(self):
        return json.loads((self.folder / "session.json").read_text())


CASES = [Case(path.parent) for path in sorted(BUNDLES.glob("*/case.json"))]
SIDE_BY_SIDE = [case for case in CASES if (case.folder / "session.json").exists() and not case.words[1:]]


def renew():
    if os.environ.get("CI"):
        sys.exit("verdicts are renewed by a person who reads them, not by CI")
    for case in CASES:
        done = case.judge("--format", "json")
        about = json.dumps({**case.about, "status": done.returncode}, indent=2)
        (case.folder / "case.json").write_text(about + "\n")
        (case.folder / "verdict.json").write_bytes(done.stdout)
        print(f"{case.name}: {done.returncode} {done.stderr.decode()}")


class Recorded(unittest.TestCase):
    def test_all_cases_are_found(self):
        self.assertGreaterEqual(len(CASES), LEAST)
        self.assertEqual({case.status for case in CASES}, set(STATUS.values()))

    def test_the_readme_says_of_each_with_which_status_it_ends(self):
        rows_there = re.findall(r"^\| `([\w-]+)` \| .* \| (\d) \| ", (BUNDLES / "README.md").read_text(), re.MULTILINE)
        self.assertEqual(sorted(rows_there), [(case.name, str(case.status)) for case in CASES])

    def test_the_same_status_and_the_same_bytes_each_time(self):
        for case in CASES:
            with self.subTest(case.name):
                for _ in range(2):
                    done = case.judge("--format", "json")
                    self.assertEqual((done.returncode, done.stderr), (case.status, b""))
                    self.assertEqual(done.stdout, case.verdict())

    def test_the_status_is_that_of_the_verdict(self):
        for case in CASES:
            with self.subTest(case.name):
                self.assertEqual(STATUS[json.loads(case.verdict())["verdict"]], case.status)

    def test_every_format_can_be_made_of_them(self):
        for case in CASES:
            with self.subTest(case.name), tempfile.TemporaryDirectory(prefix="svcgate-bundles-") as made:
                files = {name: pathlib.Path(made, name + ".out") for name in FORMATS}
                done = case.judge(*(f"--format={name}:{path}" for name, path in files.items()))
                self.assertEqual((done.returncode, done.stderr), (case.status, b""))
                self.assertEqual([name for name, path in files.items() if path.stat().st_size == 0], [])

    def test_they_tell_nothing_of_the_machine_that_made_them(self):
        for case in CASES:
            for path in case.folder.rglob("*.json"):
                with self.subTest(str(path)):
                    self.assertIsNone(re.search(r"/(home|root|tmp|work)/", path.read_text()))


class Unmoved(unittest.TestCase):
    """What a verdict does not depend on, and how it moves with what it does."""

    def judged(self, session):
        with tempfile.TemporaryDirectory(prefix="svcgate-bundles-") as folder:
            pathlib.Path(folder, "session.json").write_text(json.dumps(session))
            done = judge([".", "--format", "json"], folder)
        self.assertEqual(done.stderr, b"")
        return done.returncode, json.loads(done.stdout)

    def test_variants_may_have_names_that_sort_the_other_way_round(self):
        for case in SIDE_BY_SIDE:
            with self.subTest(case.name):
                session = case.session()
                names = sorted(variant["name"] for variant in session["variants"])
                other = dict(zip(names, [f"v{i}" for i in range(len(names), 0, -1)]))
                status, verdict = self.judged(renamed(session, other))
                self.assertEqual(status, case.status)
                self.assertEqual(rows(verdict), rows(json.loads(case.verdict()), other))

    def test_a_variant_that_is_worse_by_more_is_never_judged_better(self):
        """Real noise and a change of known size: just that change is seen, and verdicts go one way."""
        percents = (0, 2, 5, 10, 20)
        seen = [self.shifted(1 + percent / 100) for percent in percents]
        verdicts = [row["verdict"] for row in seen]
        self.assertEqual(verdicts, sorted(verdicts, key=["pass", "inconclusive", "fail"].index))
        self.assertEqual((verdicts[0], verdicts[-2:]), ("pass", ["fail", "fail"]))
        for row, percent in zip(seen, percents):
            self.assertAlmostEqual((1 + row["change"]) / (1 + seen[0]["change"]), 1 + percent / 100, places=9)

    def shifted(self, factor):
        """The row of cpu_per_request, where the candidate's values are this much larger."""
        lines = [line.split(",") for line in QUIET_GO.read_text().splitlines()]
        for line in lines:
            if line[1:3] == ["candidate", "cpu_per_request"]:
                line[3] = repr(float(line[3]) * factor)
        done = judge(["-", "--reference", "base", "--no-adjust", "--gate", "cpu_per_request:tolerance=5%", "--format",
                      "json"], ROOT, "\n".join(map(",".join, lines)).encode())
        return rows(json.loads(done.stdout))["candidate", "cpu_per_request"]


def renamed(session, names):
    session["repetitions"] = [{**row, "variant": names[row["variant"]]} for row in session["repetitions"]]
    session["variants"] = [{**row, "name": names[row["name"]]} for row in session["variants"]]
    return {**session, "reference": names[session["reference"]]} if session.get("reference") else session


def rows(verdict, names=None):
    """What a verdict says of each variant's metrics, without the sentences, which name variants."""
    return {((names or {}).get(row["variant"], row["variant"]), row["metric"]):
            {key: value for key, value in row.items() if key not in ("variant", "reason", "adjust_reason")}
            for row in verdict["metrics"]}


if __name__ == "__main__":
    if "--renew" in sys.argv:
        renew()
    else:
        unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=1)
