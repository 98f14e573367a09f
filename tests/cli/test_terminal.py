#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What svcgate writes on a terminal (a pseudo-terminal of its own) and elsewhere: the format, colour, the live line.

Whole sessions on the fake bench, see tests/fake/README.md."""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios

PROGRAM = os.path.realpath(os.environ["SVCGATE_FAKE"])
CONFIG = """\
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
load: { script: load.js, rate: 100/s }
plan: { design: turns, repetitions: 6, seed: 1 }
gates: [{ metric: latency_p95, tolerance: 5% }, { metric: cpu_per_request, tolerance: 5% }]
"""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WIPE = "\r\x1b[K"
failures = 0


def expect(what, holds, told=""):
    global failures  # pylint: disable=global-statement
    if not holds:
        failures += 1
        print(f"FAILED: {what}\n    {told!r:.1500}")


class Terminal:
    """A pseudo-terminal; `text` is what was written to it."""

    def __init__(self, columns):
        self.ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.data = b""

    def read(self):
        try:
            piece = os.read(self.ours, 65536)
        except OSError:  # the other end is closed
            piece = b""
        self.data += piece
        return bool(piece)

    @property
    def text(self):
        return self.data.decode("utf-8", errors="strict").replace("\r\n", "\n")


def run(*words, folder, out="pipe", err="pipe", columns=100, **environment):
    """Standard output and standard error, each on a terminal of its own or not, as texts."""
    terminals = {name: Terminal(columns) for name, kind in (("out", out), ("err", err)) if kind == "terminal"}
    given = {"PATH": os.environ["PATH"], "SG_FAKE": os.path.join(folder, "fake"), "TERM": "xterm-256color",
             "XDG_CACHE_HOME": folder, **environment}
    with tempfile.TemporaryFile() as out_file, tempfile.TemporaryFile() as err_file:
        files = {"out": out_file, "err": err_file}
        ends = {name: terminals[name].theirs if name in terminals else files[name] for name in files}
        process = subprocess.Popen([PROGRAM, *words], cwd=folder, stdin=subprocess.DEVNULL, stdout=ends["out"],
                                   stderr=ends["err"], env={k: v for k, v in given.items() if v is not None})
        for terminal in terminals.values():
            os.close(terminal.theirs)
        open_ones = {terminal.ours: terminal for terminal in terminals.values()}
        while open_ones:
            for ready in select.select(list(open_ones), [], [], 60)[0]:
                if not open_ones[ready].read():
                    del open_ones[ready]
        expect(f"svcgate {' '.join(words)} ends", process.wait(60) in (0, 1, 2), process.returncode)
        texts = {}
        for name, file in files.items():
            file.seek(0)
            texts[name] = terminals[name].text if name in terminals else file.read().decode("utf-8")
    for terminal in terminals.values():
        os.close(terminal.ours)
    return texts["out"], texts["err"]


def session(folder, **more):
    return run("run", "--out", "bundle", folder=folder, **more)


def live_lines(err):
    """What stood in the live line, one after the other."""
    return [part.split("\n")[0] for part in err.split(WIPE)[1:] if part and not part.startswith("\n")]


# --- What must hold -------------------------------------------------------------------------------


def the_format_is_text_on_a_terminal_and_markdown_elsewhere(folder):
    out, _ = session(folder, out="terminal")
    expect("text on a terminal", COLOUR.sub("", out).startswith("✗ FAIL  "), out)
    out, _ = session(folder)
    expect("Markdown elsewhere", out.startswith("## svcgate: ✗ FAIL"), out)
    out, _ = session(folder, err="terminal")
    expect("standard error's terminal does not count", out.startswith("## svcgate: ✗ FAIL"), out)
    for words in (("judge", "bundle"), ("report", "bundle")):
        out, _ = run(*words, folder=folder, out="terminal")
        expect(f"text on a terminal: {words}", COLOUR.sub("", out).startswith("✗ FAIL  "), out)
        out, _ = run(*words, folder=folder)
        expect(f"Markdown elsewhere: {words}", out.startswith("## svcgate: ✗ FAIL"), out)
    out, _ = run("judge", "bundle", "--format", "md", folder=folder, out="terminal")
    expect("what is asked for comes on a terminal too", out.startswith("## svcgate: ✗ FAIL"), out)


def colour_is_for_terminals_that_want_it(folder):
    words = ("judge", "bundle", "--format", "text")
    out, _ = run(*words, folder=folder, out="terminal")
    plain = COLOUR.sub("", out)
    expect("colour on a terminal", out != plain, out)
    for what, more in {"NO_COLOR": {"NO_COLOR": "1"}, "a dumb terminal": {"TERM": "dumb"}}.items():
        out, _ = run(*words, folder=folder, out="terminal", **more)
        expect(f"no colour with {what}, and else the same", out == plain, out)
    out, _ = run(*words, folder=folder, out="terminal", NO_COLOR="")
    expect("an empty NO_COLOR says nothing", out != COLOUR.sub("", out), out)
    out, _ = run(*words, folder=folder)
    expect("no escape sequence in a file", "\x1b" not in out, out)
    run(*words[:2], "--format", "text:report.txt", folder=folder, out="terminal")
    with open(os.path.join(folder, "report.txt"), encoding="utf-8") as file:
        expect("nor in a file that is asked for on a terminal", "\x1b" not in file.read())


def undecided_session(folder, **more):
    """One gate passes at its first look, the other one is never decided."""
    with open(os.path.join(folder, "fake", "script"), "w", encoding="utf-8") as file:
        file.write("noise cpu_per_request 0.3\n")
    return run("run", "--out", "bundle", "--repetitions", "9", folder=folder, err="terminal", **more)


def a_live_line_on_a_terminal(folder):
    _, err = undecided_session(folder)
    lines = live_lines(err)
    expect("the warm-up stands in it", any(re.fullmatch("warm-up  (base|candidate)", line) for line in lines), lines)
    wanted = r"block \d+  repetition \d+/18  (base|candidate)  at most [0-9hms ]+ left  .*"
    expect("repetition, variant and the time that is left", any(re.fullmatch(wanted, line) for line in lines), lines)
    expect("the gates after a look", any(re.search("latency_p95 ✓ [+−]", line) for line in lines), lines[-9:])
    expect("it is wiped at the end", err.rstrip("\n").endswith(WIPE) or WIPE not in err.split("\n")[-1], err[-200:])
    expect("a line a repetition stays", len(re.findall(r"^.*block \d+ +\d+/18 .*$", err, re.M)) == 18, err)


def the_live_line_fits_the_terminal(folder):
    for columns in range(65, 95):  # where its signs are
        _, err = undecided_session(folder, columns=columns)  # decoded strictly: no character is cut in two
        wide = [line for line in live_lines(err) if re.match("block.*left", line) and len(line) >= columns]
        expect(f"{columns} columns", not wide, wide)


def no_live_line_elsewhere(folder):
    for what, more in {"a file": {}, "CI": {"err": "terminal", "CI": "true"},
                       "a dumb terminal": {"err": "terminal", "TERM": "dumb"},
                       "a terminal without a name": {"err": "terminal", "TERM": None}}.items():
        _, err = session(folder, **more)
        expect(f"no live line: {what}", "\x1b" not in err and "\r" not in err, err)
        expect(f"a line a repetition: {what}", len(re.findall(r"^block \d+ +\d+/12 ", err, re.M)) == 12, err)


def quiet_is_quiet(folder):
    _, err = run("run", "--out", "bundle", "--quiet", folder=folder, err="terminal")
    expect("--quiet writes nothing", err == "", err)


def main():
    memory = "/dev/shm" if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) else None
    for test in (the_format_is_text_on_a_terminal_and_markdown_elsewhere, colour_is_for_terminals_that_want_it,
                 a_live_line_on_a_terminal, the_live_line_fits_the_terminal, no_live_line_elsewhere, quiet_is_quiet):
        with tempfile.TemporaryDirectory(prefix="svcgate-terminal-", dir=memory) as folder:
            os.mkdir(os.path.join(folder, "fake"))
            for name, text in {"svcgate.yaml": CONFIG, "load.js": "export default function () {}\n",
                               "fake/script": "factor candidate latency_p95 1.5\n"}.items():
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            session(folder)  # a bundle to judge
            try:
                test(folder)
            except UnicodeDecodeError as error:
                expect(f"{test.__name__}: what is written is UTF-8", False, error)
    print(f"{failures} claims do not hold" if failures else "all claims hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
