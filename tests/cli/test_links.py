#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the documentation names is there: links and their anchors, files of the tree, tests and their cases."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEAST_LINKS, LEAST_PROMISES = 150, 40
TOP = "bench|ci-templates|cmake|cmd|docs|lib|schema|testbench|tests"
LINK = re.compile(r"(?<!\!)\[[^\[\]]*\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)
PICTURE = re.compile(r"!\[[^\]]*\]\(([^()\s]+)\)")
# A path of ours between backticks or at the start of a line of code, without wildcards and placeholders.
PATH = re.compile(rf"(?:`|^ +)((?:{TOP})/[\w./-]*\w)(?=[`\s])", re.MULTILINE)
OTHERS = {"lib/manager/container.go", "bench/grafana/dashboards"}  # of cAdvisor; of what is exported
failures = 0


def expect(what, holds):
    global failures  # pylint: disable=global-statement
    if not holds:
        failures += 1
        print(f"FAILED: {what}")


def pages():
    """All Markdown files that git knows or would add, but for the reports that tests compare with."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--deduplicate", "*.md"], cwd=ROOT,
                           capture_output=True, text=True, check=True).stdout.split()
    return [ROOT / name for name in names if "/golden/" not in name and (ROOT / name).exists()]


def without_code(text):
    """Fenced blocks and code spans are no links."""
    text = re.sub(r"^( *)(`{3,}|~{3,})[^\n]*\n.*?^\1\2[^\S\n]*$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", lambda code: "" if "](" in code.group() else code.group(), text)


def anchors(path):
    """As GitHub and GitLab make them of headings."""
    text = re.sub(r"^(`{3,}).*?^\1", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
    for heading in re.findall(r"^#{1,6} +(.*?) *#*$", text, re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = 0
        while (slug := name + (f"-{number}" if number else "")) in found:
            number += 1
        found.add(slug)
    return found


def check_links(page):
    text = without_code(page.read_text(encoding="utf-8"))
    targets = [one or other for one, other in LINK.findall(text)] + PICTURE.findall(text)
    targets = [target for target in targets if not re.match(r"[a-z]+:", target)]
    for target in targets:
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        what = f"{page.relative_to(ROOT)}: ({target})"
        expect(f"{what}: there is no such file", path.exists())
        if anchor and path.suffix == ".md" and path.exists():
            expect(f"{what}: there is no such heading", anchor in anchors(path))
    return len(targets)


def check_paths(page):
    for name in PATH.findall(page.read_text(encoding="utf-8")):
        expect(f"{page.relative_to(ROOT)}: there is no {name}", name in OTHERS or (ROOT / name).exists())


def check_tables():
    """The tables of tests/README.md below a folder's heading have a row for each of its tests, and no other."""
    text = (ROOT / "tests/README.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)/\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    expect("tests/README.md has a section of cli/", "cli" in sections)
    for folder, section in sections.items():
        rows = set(re.findall(r"^\| (test_\w+) \|", section, re.MULTILINE))
        files = {path.stem for path in (ROOT / "tests" / folder).glob("test_*")}
        expect(f"tests/README.md, {folder}/: lacks {sorted(files - rows)}", not files - rows)
        expect(f"tests/README.md, {folder}/: has {sorted(rows - files)}, which are not there", not rows - files)


def check_promises():
    """Each row of tests/PROMISES.md names files that are there, with the cases or claims that it names, or says why
    there is none."""
    page = ROOT / "tests/PROMISES.md"
    rows = re.findall(r"^\| (\d+) \| (.*?) \| (.*) \|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    expect(f"{len(rows)} promises are there, in order", [int(number) for number, _, _ in rows] ==
           list(range(1, len(rows) + 1)) and len(rows) >= LEAST_PROMISES)
    for number, _, shown in rows:
        text = ""
        expect(f"promise {number} names a test, or why there is none", "`" in shown or "none:" in shown)
        for name in re.findall(r"`([^`]+)`|\"([^\"]+)\"", shown):
            file, case = name
            if file:
                path = ROOT / "tests" / file
                expect(f"promise {number}: there is no tests/{file}", path.is_file())
                text = path.read_text(encoding="utf-8") if path.is_file() else ""
            else:
                expect(f"promise {number}: no test is called: {case}", case in text)


def main():
    links = 0
    for page in pages():
        links += check_links(page)
        check_paths(page)
    expect(f"only {links} links are found", links >= LEAST_LINKS)
    check_tables()
    check_promises()
    print(f"{links} links; " + (f"{failures} claims do not hold" if failures else "all claims hold"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
