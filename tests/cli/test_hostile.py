#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Names, reasons, logs and queries that try to break out, in every format that the program has.

A session and plain samples are rendered twice: with harmless texts, and with each hostile text in every
place that takes one. The two reports must be built alike: the same elements, rows, keys, lines.
What a format must never have, whatever it is, is looked for besides. The formats are asked of the program:
a new one gets the common checks by itself, and those of its kind where it is listed in CHECKS.
"""
import collections
import csv
import html.parser
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import validate  # noqa: E402

SVCGATE = os.path.abspath(os.environ["SVCGATE"])
HARMLESS = "plain"
LONG = 1_000_000

HOSTILE = {
    "Markdown": "# [x](http://evil.example) ![y](http://evil.example/i.png) **b** | ` ~~no~~ $x$ 1. a",
    "mentions": "@admin fixes #1 GH-1 org/repo#2 www.evil.example https://evil.example <mailto:a@b.c>",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)></details></svg></style><!--",
    "attributes": "\" onmouseover=\"alert(1)\" x='y' onload=alert(1) style=\"background:url(//evil)",
    "entities": "&lt;script&gt; &#60;b&#62; ]]> </system-out> <![CDATA[ %0A %3A &nosuch;",
    "terminal": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m \x08\x7f \x1b",
    "workflow command": "::set-output name=verdict::pass",
    "workflow commands behind": "ok\n::error::owned\r\n::stop-commands::x\n##[group]x\n##[command]y",
    "directions": "\u202egnp.exe\u202c \u2066x\u2069 \u200f \ufeff \u200b",
    "lines": "a\r\nb\nc\u2028d\u2029e\x85f\tg\n\n| --- |\n```\n````\n~~~\n---\n# EOF\n",
    "formula": "=cmd|' /C calc'!A0,+1+1,-2,@SUM(A1),\"x\"\ny",
    "templates": "${{ secrets.TOKEN }} {{ x }} %s %n $(id) `id` ${HOME} \\(x)",
    "quotes": "\\ \" ' \\\" \\n {} [] , \\",
    "noncharacters": "\ufffe\uffff\U0010ffff \ufdd0",
    "marks": "Z" + "\u0351\u036b" * 300,
}


# --- What is rendered -----------------------------------------------------------------------------


def session(text, long_text=None):
    """Every place that takes a text has `text`; free sentences have `long_text`."""
    sentence = long_text if long_text is not None else text
    variants = [f"{text} {word}" for word in ("base", "good", "bad")]
    metrics = [f"{text} {word}" for word in ("one", "two")]
    labels = [f"{metrics[0]} of {text} {{{text}}}", metrics[1]]
    repetitions = []
    for block in (1, 2, 3):
        for slot in range(3):
            for number, variant in enumerate(variants):
                value = (10 + 0.01 * (slot + block)) * (2 if number == 2 else 1)
                repetitions.append({
                    "block": block, "slot": len(repetitions) + 1, "variant": variant, "image": text,
                    "image_digest": text, "container_id": text, "start": 1e9, "end": 1e9 + 30,
                    "values": dict(zip(labels, (value, value / 7))),
                    "evidence": [{"metric": text, "query": sentence, "series": 1, "warnings": sentence}]})
    log = sentence + "\n" + text
    repetitions[4]["findings"] = [{"severity": "warn", "check": text, "text": sentence, "log": log}]
    repetitions.append({"block": 3, "slot": 99, "variant": variants[1], "discarded": True, "values": {},
                        "findings": [{"severity": "invalid", "check": text, "text": sentence, "log": log}]})
    gates = [{"metric": metrics[0], "of": text, "request": text, "tolerance": 0.05, "line": 7},
             {"metric": metrics[1], "tolerance": 0.05, "line": 8}]
    waiver = {"metric": metrics[1], "variant": variants[1], "bound": 0.5, "owner": text,
              "reason": sentence, "expires": "2027-01-31", "line": 9}
    return {
        "schema": "svcgate.session/1", "id": text, "created": "2026-11-27T12:00:00Z", "tool": text,
        "service": text, "reference": variants[0], "command": sentence, "config": "svcgate.yaml",
        "complete": True,
        "plan": {"min_repetitions": 6, "max_repetitions": 9, "block_size": 3, "alpha": 0.01, "beta": 0.05,
                 "seed": "1", "attempt": 1, "planned": True, "blocks": 3},
        "metrics": [{"name": metrics[0], "of": text, "request": text, "unit": text, "better": "lower",
                     "query": sentence},
                    {"name": metrics[1], "unit": "s", "better": "lower"}],
        "gates": gates, "waivers": [waiver], "repetitions": repetitions,
        "variants": [{"name": name, "image": text, "digest": text, "env": sentence} for name in variants],
        "facts": [{"name": text, "value": sentence, "hard": False},
                  {"name": "CPU", "value": sentence, "hard": True, "block": 2}],
        "findings": [{"severity": "warn", "check": text, "text": sentence, "log": log},
                     {"severity": "note", "check": text, "text": sentence}],
    }


def samples(text):
    whole = session(text)
    return {"schema": "svcgate.samples/1", "reference": whole["reference"], "service": text,
            "metrics": [{key: metric[key] for key in ("name", "of", "request", "unit", "better") if key in metric}
                        for metric in whole["metrics"]],
            "repetitions": [{key: one[key] for key in ("block", "variant", "values")}
                            for one in whole["repetitions"] if one["values"]]}


def run(*words):
    return subprocess.run([SVCGATE, *words], capture_output=True, check=False,
                          env={"PATH": os.environ["PATH"]})


def formats():
    """The last is the longest list: all that it knows."""
    told = run("judge", "--format", "no such format", os.devnull).stderr.decode()
    return re.search(r"known are (.*)", told).group(1).split(", ")


# --- What must hold -------------------------------------------------------------------------------


class Broken(Exception):
    pass


def require(holds, what):
    if not holds:
        raise Broken(what)


def printable(text):
    """Nothing that moves a cursor or turns text around, nothing that a CI runner obeys."""
    bad = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text)
    require(not bad, f"{bad and ascii(bad.group())} at {bad and bad.start()}")


def quiet(text):
    bad = re.search(r"^\s*::[a-zA-Z]|##\[", text, re.MULTILINE)
    require(not bad, f"a workflow command: {bad and text[bad.start():bad.start() + 60]!r}")


def lines_of(text):
    longest = max((len(line) for line in text.splitlines()), default=0)
    require(longest < 20_000, f"a line of {longest} characters")
    return None


def without_code(text):
    """Markdown without fenced blocks, code spans and escaped characters."""
    text = re.sub(r"^( *)(`{3,})[^`\n]*\n.*?^\1\2`*$", "(fence)", text, flags=re.MULTILINE | re.DOTALL)
    code = r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)"
    text = re.sub(r"\\[!-/:-@\[-`{-~]|" + code, lambda it: "(code)" if it.group(1) else "(escaped)", text)
    return re.sub(r"<code>[^<]*</code>", "(code)", text)


def check_markdown(text):
    quiet(text)
    plain = without_code(text)
    for what, pattern in {"a mention": r"@\w", "a reference": r"(^|[^&\w])#\d|GH-\d", "a link": r"\[[^\]]*\][(\[:]|://|www\.\w",
                          "an entity": r"&#?\w+;"}.items():
        found = re.search(pattern, plain)
        require(not found, f"{what}: {found and plain[max(0, found.start() - 40):found.end() + 40]!r}")
    kinds = []
    for line in plain.splitlines():
        start = re.match(r"\||#+ |>|- |\d+\. |\(fence\)|<[^>]*>|(---|===|\*\*\*)|", line).group()
        kinds.append((start, line.count("|")))
    return kinds, collections.Counter(re.findall(r"</?\w+[^>]*>|<!", plain))


def outline(root):
    return [(one.tag, sorted(one.attrib)) for one in root.iter()]


def check_xml(text):
    return outline(xml.etree.ElementTree.fromstring(text))


def check_svg(text):
    root = xml.etree.ElementTree.fromstring(text)
    for one in root.iter():
        require(not one.tag.endswith(("script", "image", "foreignObject")), one.tag)
        for name, value in one.attrib.items():
            require(not name.startswith("on") and not name.endswith("href"), f"<{one.tag} {name}=…>")
            require("url(" not in value.replace("url(#", ""), f"<{one.tag} {name}={value}>")
        require(not one.tag.endswith("style") or not re.search(r"url\(|@import", one.text), "a style from elsewhere")
    return outline(root)


def no_twins(pairs):
    require(len(dict(pairs)) == len(pairs), "two members with one name")
    return dict(pairs)


def shape(value):
    if isinstance(value, dict):
        return {key: shape(child) for key, child in value.items()}
    return [shape(child) for child in value] if isinstance(value, list) else type(value).__name__


def check_json(text):
    def refuse(word):
        raise Broken(f"{word} is no JSON")
    return shape(json.loads(text, object_pairs_hook=no_twins, parse_constant=refuse))


def check_verdict(text):
    wrong = validate.mistakes(json.loads(text))
    require(not wrong, f"not what its schema says: {wrong[:3]}")
    return check_json(text)


def check_csv(text):
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    require({len(row) for row in rows} == {11}, "rows of different lengths")
    return len(rows)


def check_github(text):
    kinds = []
    for line in text.splitlines():
        command = re.fullmatch(r"::(error|warning|notice) (file=svcgate\.yaml,line=\d+,)?title=[^:,]*::.*", line)
        require(command, f"not a command of ours: {line[:100]!r}")
        require(not re.search("%(?!25|3A|2C)", line), f"the runner would decode {line!r:.200}")
        kinds.append(command.group(1))
    return kinds


SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (-?[0-9.]+(?:e[+-][0-9]+)?)')


def check_openmetrics(text):
    """The part of OpenMetrics 1.0 that gauges need, and what GitLab makes of it."""
    require(text.endswith("\n# EOF\n") and text.count("# EOF") == 1, "the end is not where it should be")
    families, seen, kinds = [], set(), []
    for line in text.splitlines()[:-1]:
        meta = re.fullmatch(r"# (TYPE|UNIT|HELP) ([a-z_]+) (.+)", line)
        if meta:
            kinds.append(meta.group(1, 2))
            if meta.group(1) == "TYPE":
                require(meta.group(3) == "gauge" and meta.group(2) not in families, line)
                families.append(meta.group(2))
            require(meta.group(2) == families[-1], f"{line}: of another family")
            require(meta.group(1) != "UNIT" or meta.group(2).endswith("_" + meta.group(3)), line)
            continue
        sample = SAMPLE.fullmatch(line)
        require(sample, f"no sample: {line[:200]!r}")
        require(sample.group(1) == families[-1], f"{line}: of another family")
        series = sample.group(1, 2)
        require(series not in seen, f"{line}: twice")
        seen.add(series)
        kinds.append((sample.group(1), tuple(re.findall(r'(?:^|,)([a-z]+)="', sample.group(2) or ""))))
        require(len(shlex.split(re.sub("#.*$", "", line))) == 2, f"GitLab cannot read {line[:200]!r}")
    return kinds


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements, self.scripts, self.inside = [], [], None

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            require(not name.startswith("on"), f"<{tag} {name}=…>")
            if name in ("src", "href", "action", "xlink:href", "data", "srcset", "formaction"):
                require(value.startswith(("#", "data:")), f"<{tag} {name}={value[:60]!r}>")

    def handle_endtag(self, tag):
        self.inside = None
        self.elements.append(("/" + tag, ()))

    def handle_comment(self, data):
        self.elements.append(("comment", ()))

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts.append(data)
        if self.inside == "style":
            require("url(" not in data and "@import" not in data, "a style from elsewhere")


def check_html(text):
    page = Page()
    page.feed(text)
    page.close()
    return page.elements, page.scripts


def check_text(text):
    quiet(text)
    lines_of(text)


CHECKS = {"text": check_text, "md": check_markdown, "comment": check_markdown, "json": check_verdict,
          "junit": check_xml, "csv": check_csv, "github": check_github, "gitlab-load": check_json,
          "codequality": check_json, "openmetrics": check_openmetrics, "html": check_html, "svg": check_svg}
EXACT = {"json", "csv"}  # they keep a text as it is, escaped by their own rules


def render(path, name, status):
    done = run("judge", "--format", name, path)
    require(done.returncode == status, f"exit {done.returncode}, not {status}: {done.stderr.decode()[-300:]}")
    require(not done.stderr, f"said {done.stderr[:200]!r}")
    text = done.stdout.decode("utf-8", errors="strict")
    if name not in EXACT:
        printable(text)
    return text


def built(path, name, status):
    return CHECKS.get(name, quiet)(render(path, name, status))


# --- The tests ------------------------------------------------------------------------------------

failures = 0


def expect(claim, test, *arguments):
    global failures
    try:
        test(*arguments)
    except (Broken, UnicodeDecodeError, ValueError, xml.etree.ElementTree.ParseError, csv.Error) as error:
        failures += 1
        print(f"FAILED: {claim}\n    {type(error).__name__}: {error}")


def write(path, document):
    with open(path, "w", encoding="ascii") as file:
        json.dump(document, file)


def first_difference(one, other):
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        for left, right in zip(one, other):
            if left != right:
                return first_difference(left, right)
        return f"{len(one)} and {len(other)} of them"
    return f"{one!r:.200} and {other!r:.200}"


def same_build(path, name, harmless):
    found = built(path, name, 1)
    require(found == harmless, f"built otherwise: {first_difference(harmless, found)}")


def long_is_cut(path, name):
    """What is meant for people shows the beginning; machines get all of it, or nothing."""
    text = render(path, name, 1)
    CHECKS.get(name, quiet)(text)
    if name not in EXACT:
        require(len(text) < LONG / 2, f"{len(text)} characters")


def reads_back(path, folder):
    again = os.path.join(folder, "again.csv")
    with open(again, "w", encoding="utf-8", newline="") as file:
        file.write(render(path, "csv", 1))
    with open(path, encoding="utf-8") as file:
        reference = json.load(file)["reference"]
    done = run("judge", again, "--reference", reference, "--format", "csv")
    require(done.returncode == 1, f"exit {done.returncode}: {done.stderr.decode()[-300:]}")
    with open(again, "rb") as file:
        require(done.stdout == file.read(), "other bytes")


def is_refused(path, words):
    done = run("judge", path)
    told = done.stderr.decode()
    require(done.returncode == 4 and not done.stdout, f"exit {done.returncode}: {told}")
    printable(told)
    require(words in told, told)


def mistake_is_quiet(path):
    """Messages name what a file has."""
    for words in (("--reference", "nobody"), ("--gate", "nothing:tolerance=5%"), ("--covariate", "nothing")):
        done = run("judge", path, *words)
        require(done.returncode == 4, f"exit {done.returncode}")
        told = done.stderr.decode()
        printable(told)
        quiet(told)


def broken(text):
    """Files with a mistake beside the text, so that a message shows it: name of the case, file's text."""
    named = json.dumps(text)
    rows = '"repetitions": [{"block": 1, "variant": "a", "values": {}}]'
    yield "a key that is there twice", f'{{"schema": "svcgate.session/1", {named}: 1, {named}: 2}}'
    yield "a schema", f'{{"schema": {named}}}'
    yield "a schema of a newer tool", f'{{"schema": "svcgate.session/9", "tool": {named}, {rows}}}'
    yield "a reference", f'{{"schema": "svcgate.samples/1", "reference": {named}, "metrics": [], {rows}}}'
    yield "a metric that nobody named", ('{"schema": "svcgate.samples/1", "metrics": [], "repetitions": '
                                         f'[{{"block": 1, "variant": "a", "values": {{{named}: 1}}}}]}}')
    yield "a unit's word", f'{{"schema": "svcgate.samples/1", "metrics": [{{"name": "m", "better": {named}}}], {rows}}}'
    yield "a gate", f'{{"schema": "svcgate.session/1", "gates": [{{"metric": {named}, "tolerance": -1}}], {rows}}}'


def mistake_of_a_file_is_quiet(folder, text):
    """Whatever verb reads the file, both streams stay harmless."""
    path = os.path.join(folder, "session.json")
    for what, content in broken(text):
        with open(path, "w", encoding="ascii") as file:
            file.write(content)
        for words in (("judge", path), ("report", folder, "--format", "md"), ("publish", folder, "--dry-run"),
                      ("baseline", "save", os.path.join(folder, "b.json"), folder), ("plan", "--from", path)):
            done = run(*words)
            told = (done.stderr + done.stdout).decode()
            require(done.returncode in (2, 4, 5), f"{what}, {words[0]}: exit {done.returncode}: {told}")
            printable(told)
            quiet(told)


def too_many_are_refused(folder):
    """A small file that would take all memory, or hours."""
    path = os.path.join(folder, "many.json")
    metrics = [{"name": f"z{i}", "role": "covariate"} for i in range(20000)]
    one = {"block": 1, "variant": "a", "values": {}}
    finding = {"severity": "note", "check": "c", "text": "t"}
    for what, session_ in (
            ("control variates", {"metrics": metrics, "repetitions": [one]}),
            ("gates", {"metrics": [{"name": "m"}], "repetitions": [one], "gates": [{"metric": "m"}] * 20000}),
            ("findings", {"metrics": [], "repetitions": [{**one, "findings": [{**finding, "check": f"c{i}"}
                                                                              for i in range(20000)]}]})):
        write(path, {"schema": "svcgate.session/1", **session_})
        done = run("judge", path)
        told = done.stderr.decode()
        require(done.returncode == 4 and f"{what} or more; at most" in told, f"exit {done.returncode}: {told}")


def config_is_named(folder, config, named):
    """A configuration's path from a bundle goes into annotations only when it stays below."""
    path = os.path.join(folder, "config.json")
    write(path, session(HARMLESS) | {"config": config})
    line = render(path, "github", 1).splitlines()[0]
    require(("file=" + named if named else "title=") in line.split("::")[1], line)
    entries = json.loads(render(path, "codequality", 1))
    paths = {entry["location"]["path"] for entry in entries}
    require(paths == ({config} if named else set()), f"{paths}")


def try_all(folder, kind, make):
    names = formats()
    path = os.path.join(folder, kind + ".json")
    write(path, make(HARMLESS))
    harmless = {name: built(path, name, 1) for name in names}
    for what, text in HOSTILE.items():
        write(path, make(text))
        for name in names:
            expect(f"{what} in {kind}, as {name}", same_build, path, name, harmless[name])
        expect(f"{what} in {kind}: the CSV is read again", reads_back, path, folder)
        expect(f"{what} in {kind}: a mistake is told harmlessly", mistake_is_quiet, path)


def try_mistakes(folder):
    for what, text in HOSTILE.items():
        with tempfile.TemporaryDirectory(dir=folder) as bundle:
            expect(f"{what} in a file that cannot be judged", mistake_of_a_file_is_quiet, bundle, text)
    expect("more than can be judged", too_many_are_refused, folder)


def main():
    with tempfile.TemporaryDirectory() as folder:
        missing = set(CHECKS) - set(formats())
        if missing:
            sys.exit(f"the program has no {missing}: this test looks at formats that are not there")
        try_all(folder, "a session", session)
        try_all(folder, "samples", samples)
        try_mistakes(folder)
        path = os.path.join(folder, "long.json")
        write(path, session(HARMLESS, "A" * LONG))
        for name in formats():
            expect(f"a line of a million letters, as {name}", long_is_cut, path, name)
        write(path, session("\x00"))
        expect("a null byte is refused", is_refused, path, "long.json:1:")
        write(path, session("\ud800"))
        expect("half a surrogate pair is refused", is_refused, path, "long.json:1:")
        for config, named in {"svcgate.yaml": "svcgate.yaml", "a,b:c/x.yaml": "a%2Cb%3Ac/x.yaml",
                              "/etc/passwd": "", "../../x": "", "a\n::error::x": "", "": ""}.items():
            expect(f"the configuration {config!r}", config_is_named, folder, config, named)
    print(f"{failures} claims do not hold" if failures else "all claims hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
