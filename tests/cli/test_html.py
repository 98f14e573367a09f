#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTML report and the SVG files as a person opens them: in a browser, light and dark, on a desk and on a phone.

Nothing in the console, nothing fetched, the text there, pictures not empty, no sideways scrolling, no label upon
another."""
import json
import math
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from browser import Browser, BrowserError, Page

SVCGATE = os.path.abspath(os.environ["SVCGATE"])
PHONE = {"width": 390, "height": 844, "mobile": True}
DESK = {"width": 1100, "height": 800}
# The first two series as lib/plot/svg_style.c paints them, and the paper that they are drawn upon.
PAINT = {"light": [(0x00, 0x68, 0xA5), (0xC4, 0x4B, 0x00)], "dark": [(0x5C, 0xB8, 0xF2), (0xFF, 0x9A, 0x57)]}
PAPER = {"light": (0xFF, 0xFF, 0xFF), "dark": (0x14, 0x18, 0x1D)}
LEAST_PAINT = 20  # pixels of each, at a third of the size
failures = 0


def expect(what, holds, told=""):
    global failures  # pylint: disable=global-statement
    if not holds:
        failures += 1
        print(f"FAILED: {what}\n    {str(told)[:600]}")


# --- What is shown --------------------------------------------------------------------------------

LEVELS = {"latency_p95": 0.0121, "cpu_per_request": 0.00084, "memory_max": 25.3e6, "error_rate": 0.0}
VARIANTS = {"base": 1.0, "candidate": 1.3, "a variant with a long name, longer than any picture": 0.98}


def wobble(slot):
    return 1 + 0.02 * math.sin(7.3 * slot)


def repetitions():
    slots = [(block, variant) for block in range(1, 4) for _ in range(3) for variant in VARIANTS]
    slots.insert(5, slots[4])  # measured again
    for slot, (block, variant) in enumerate(slots, 1):
        factor = VARIANTS[variant] * wobble(slot)
        values = {name: level * factor for name, level in LEVELS.items()}
        values.update(errors=0, requests=3000)
        one = {"block": block, "slot": slot, "variant": variant, "values": values, "start": 1e9 + 60 * slot,
               "end": 1e9 + 60 * slot + 30}
        if slot == 5:
            one["discarded"] = True
            one["findings"] = [{"severity": "invalid", "check": "steal", "text": "the host was busy: 12 % steal",
                                "log": "one line\nand another\n"}]
        yield one


def session():
    metrics = [{"name": "latency_p95", "unit": "s"}, {"name": "cpu_per_request", "unit": "s"},
               {"name": "memory_max", "unit": "bytes"},
               {"name": "error_rate", "unit": "ratio", "scale": "count", "events": "errors", "trials": "requests"},
               {"name": "errors", "scale": "linear"}, {"name": "requests", "scale": "linear"}]
    return {"schema": "svcgate.session/1", "id": "20261127-120000-1", "created": "2026-11-27T12:00:00Z",
            "tool": "svcgate", "service": "api", "reference": "base", "complete": True,
            "command": "svcgate run --seed 42 " + "--gate latency_p95:tolerance=5% " * 5,
            "plan": {"min_repetitions": 6, "max_repetitions": 9, "block_size": 3, "alpha": 0.01, "beta": 0.05,
                     "seed": "42", "attempt": 1, "planned": True, "warmup": 10, "measure": 30, "rate": 100},
            "metrics": [{"better": "lower", **metric} for metric in metrics],
            "gates": [{"metric": "latency_p95", "tolerance": 0.1, "limit": 0.25},
                      {"metric": "cpu_per_request", "tolerance": 0.05}, {"metric": "memory_max", "tolerance": 0.5},
                      {"metric": "error_rate", "limit": 0.001}],
            "variants": [{"name": name, "image": f"shop/api:{'x' * 80}", "digest": "sha256:" + "0" * 64}
                         for name in VARIANTS],
            "facts": [{"name": "cpu", "value": "some CPU, 4 of them", "hard": True}],
            "repetitions": list(repetitions())}


def series():
    for one in repetitions():
        factor = VARIANTS[one["variant"]] * wobble(one["slot"])
        yield {"schema": "svcgate.series/1", "slot": one["slot"], "variant": one["variant"],
               "cpu": [[t, 0.4 * factor * wobble(t)] for t in range(31)],
               "memory": [[t, 25e6 * factor * (1 - math.exp(-(t + 3) / 5))] for t in range(31)],
               "latency": [[share, 0.003 * factor * (1 - math.log10(1.0001 - share)) ** 2]
                           for share in (0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1)]}


def write_bundle(folder):
    os.mkdir(folder)
    with open(os.path.join(folder, "session.json"), "w", encoding="utf-8") as out:
        json.dump(session(), out)
    with open(os.path.join(folder, "series.jsonl"), "w", encoding="utf-8") as out:
        out.writelines(json.dumps(one) + "\n" for one in series())


def write_samples(path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("block,variant,metric,value\n")
        for one in repetitions():
            if one["variant"] in ("base", "candidate") and not one.get("discarded"):
                out.write(f"{one['block']},{one['variant']},latency_p95,{one['values']['latency_p95']}\n")


def judge(*words):
    done = subprocess.run([SVCGATE, "judge", *words], capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"]})
    expect(f"svcgate judge {' '.join(words)}", done.returncode <= 3 and not done.stderr, done.stderr)
    return done.stdout


# --- What must hold -------------------------------------------------------------------------------

TEXTS = ("✗ FAIL", " of candidate is ", " % worse than base", "Every repetition", "tolerance ends at", "limit 0.1 %",
         "Latency distribution", "CPU over time", "Memory over time", "the host was busy: 12 % steal", "and another",
         "seed 42", "measure again", "some CPU, 4 of them")

# Boxes of the texts of each picture that lie upon each other or stick out of it.
CLASHES = """
(() => {
  const told = [];
  for (const svg of document.querySelectorAll('svg.plot')) {
    const all = svg.getBoundingClientRect(), boxes = [];
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 1)
        told.push('outside: ' + text.textContent);
      for (const [other, name] of boxes)
        if (Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
            Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 3)
          told.push(name + ' and ' + text.textContent);
      boxes.push([box, text.textContent]);
    }
  }
  return told;
})()
"""


def look(browser, path, texts, scheme, view):
    """Opens the page and says what is wrong with it."""
    what = f"{os.path.basename(path)}, {scheme}, {view['width']} wide"
    page = Page(browser, scheme=scheme, **view)
    page.open(path)
    shown = page.run("document.documentElement.textContent")
    for text in texts:
        expect(f"{what}: it shows {text!r}", text in shown)
    wide = page.run("document.documentElement.scrollWidth")
    expect(f"{what}: it does not scroll sideways", wide <= view["width"] or path.endswith(".svg"), wide)
    clashes = page.run(CLASHES)
    expect(f"{what}: no label upon another", not clashes, clashes)
    page.run("(document.querySelector('figure') || document.documentElement).scrollIntoView()")
    picture = page.picture()
    painted = [picture.painted(colour, PAPER[scheme]) for colour in PAINT[scheme]]
    expect(f"{what}: reference and variant are drawn", min(painted) >= LEAST_PAINT, painted)
    light = sum(picture.corner()) > 3 * 128
    expect(f"{what}: the page is {scheme}", light == (scheme == "light"), picture.corner())
    expect(f"{what}: nothing in the console", not page.complaints(), page.complaints())
    fetched = [url for url in page.requests() if url != "file://" + path]
    expect(f"{what}: nothing is fetched", not fetched, fetched)
    page.close()


def check_bundle(browser, folder):
    bundle, page, plots = (os.path.join(folder, name) for name in ("bundle", "report.html", "plots"))
    write_bundle(bundle)
    judge(bundle, "--format", f"html:{page}", "--format", f"svg:{plots}", "--format", f"svg:{plots}.svg")
    for scheme in ("light", "dark"):
        for view in (DESK, PHONE):
            look(browser, page, TEXTS, scheme, view)
    files = sorted(os.listdir(plots))
    expect("a file for each picture", files == [
        "cpu.svg", "gate-cpu_per_request.svg", "gate-error_rate.svg", "gate-latency_p95.svg", "gate-memory_max.svg",
        "latency.svg", "memory.svg"], files)
    for number, name in enumerate(files):
        path = os.path.join(plots, name)
        xml.etree.ElementTree.parse(path)
        look(browser, path, [], ("light", "dark")[number % 2], DESK)
    whole = xml.etree.ElementTree.parse(plots + ".svg").getroot()
    inside = whole.findall("{http://www.w3.org/2000/svg}svg")
    expect("one SVG has all pictures", len(inside) == 4 * 2 + 3, len(inside))
    again = judge(bundle, "--format", "html")
    with open(page, encoding="utf-8") as first:
        expect("the same bytes again", first.read() == again)


def check_samples(browser, folder):
    samples, page = os.path.join(folder, "samples.csv"), os.path.join(folder, "samples.html")
    write_samples(samples)
    judge(samples, "--reference", "base", "--format", f"html:{page}")
    look(browser, page, ["latency_p95", "candidate", "Every repetition"], "light", PHONE)
    with open(page, encoding="utf-8") as text:
        expect("nothing over time without a bundle", "over time" not in text.read())


def check_run(folder):
    """An expired waiver fails without any measurement; the bundle has the page all the same."""
    with open(os.path.join(folder, "svcgate.yaml"), "w", encoding="utf-8") as out:
        out.write("version: 1\nservice: { port: 8080 }\nload: { script: load.js, rate: 100/s }\n"
                  "variants: { base: shop:main, candidate: shop:pr }\n"
                  "gates: [{ metric: latency_p95, tolerance: 5% }]\nwaivers: [{ metric: latency_p95, bound: 20%, "
                  "owner: ada, reason: none, expires: 2020-01-31 }]\n")
    with open(os.path.join(folder, "load.js"), "w", encoding="utf-8") as out:
        out.write("export default function () {}\n")
    done = subprocess.run([SVCGATE, "run", "--out", "measured", "--quiet"], cwd=folder, capture_output=True, text=True,
                          check=False, env={"PATH": os.environ["PATH"], "DOCKER_HOST": "unix:///nowhere"})
    path = os.path.join(folder, "measured", "report.html")
    expect("svcgate run leaves report.html in the bundle", done.returncode == 1 and os.path.exists(path), done.stderr)
    if os.path.exists(path):
        with open(path, encoding="utf-8") as text:
            expect("it has the verdict", "✗ FAIL" in text.read())


def main():
    with tempfile.TemporaryDirectory() as folder:
        try:
            with Browser() as browser:
                check_bundle(browser, os.path.realpath(folder))
                check_samples(browser, os.path.realpath(folder))
            check_run(folder)
        except BrowserError as error:
            expect("the browser answers", False, error)
    print(f"{failures} claims do not hold" if failures else "all claims hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
