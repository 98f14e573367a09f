#!/usr/bin/env python3
"""Grafana's dashboards without Grafana: their JSON by the essentials of its schema, then every
query of every panel, variable and annotation against the Prometheus of a running session.

Shows: every panel's query has series there whose legend tells them apart, a few of them the figures that are
known; and that the bundle of a session that is interrupted then, with some repetitions made, is readable and
no pass.

A panel whose data exist only under a condition says so first in its description: "Needs: a CPU
quota." Every condition is in CONDITIONS below, made by this session's configuration or named when
this machine cannot have it."""

import json
import math
import pathlib
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import harness as h

GRAFANA = h.ROOT / "testbench/bench/grafana"
DASHBOARDS = {"run": "svcgate-run", "compare": "svcgate-compare"}
DATASOURCE = {"type": "prometheus", "uid": "svcgate"}
SCHEMA_VERSION = 42  # of Grafana 12's classic dashboards
PANELS = {"text", "row", "stat", "timeseries", "bargauge", "table"}
UNITS = {"s", "bytes", "Bps", "reqps", "percentunit", "short", "none"}  # ids of Grafana's own, "suffix: …" is free text
WIDTH = 24  # of Grafana's grid
SCREEN = 1000  # points in a row that a browser would ask for
ERRORS = 0.1  # share of the candidate's answers
RATE = 20  # requests a second


# --- the files alone ------------------------------------------------------------------------------


def load(name):
    return json.loads((GRAFANA / f"dashboards/{name}.json").read_text(encoding="utf-8"))


def overlaps(a, b):
    return (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
            and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"])


def units_of(panel):
    config = panel.get("fieldConfig", {"defaults": {}, "overrides": []})
    yield from [config["defaults"]["unit"]] if "unit" in config["defaults"] else []
    for override in config["overrides"]:
        yield from (p["value"] for p in override["properties"] if p["id"] == "unit")


def check_panel(panel):
    problems = []
    grid = panel["gridPos"]
    if panel["type"] not in PANELS:
        problems.append(f"type {panel['type']}")
    if grid["x"] < 0 or grid["w"] < 1 or grid["h"] < 1 or grid["x"] + grid["w"] > WIDTH:
        problems.append(f"gridPos {grid}")
    problems += [f"unit {u}" for u in units_of(panel) if u not in UNITS and not u.startswith("suffix:")]
    if panel["type"] in ("text", "row"):
        return problems
    if panel["datasource"] != DATASOURCE or not panel["title"] or not list(units_of(panel)):
        problems.append("no datasource, title or unit")
    names = [t["refId"] for t in panel["targets"]]
    if not names or len(set(names)) < len(names):
        problems.append(f"refIds {names}")
    for target in panel["targets"]:
        if target["datasource"] != DATASOURCE or not target["expr"].strip():
            problems.append(f"target {target['refId']}: datasource or expr")
        if target.get("instant", False) == target.get("range", False):
            problems.append(f"target {target['refId']}: neither or both of instant and range")
    return problems


def check_file(name, uid):
    board = load(name)
    panels = board["panels"]
    problems = [f"{p['title']}: {text}" for p in panels for text in check_panel(p)]
    problems += [f"{a['title']} overlaps {b['title']}" for i, a in enumerate(panels) for b in panels[:i]
                 if overlaps(a["gridPos"], b["gridPos"])]
    ids = [p["id"] for p in panels]
    problems += ["panel ids are not unique"] if len(set(ids)) < len(ids) else []
    h.check(problems == [], f"{name}.json: {len(panels)} panels are well-formed {problems or ''}")
    h.check((board["uid"], board["schemaVersion"], board["tags"]) == (uid, SCHEMA_VERSION, ["svcgate"]),
            f"{name}.json: uid {uid}, schema version, tag")
    known = {v["name"] for v in board["templating"]["list"]}
    used = set(re.findall(r"\$([a-z]\w*)", json.dumps([p.get("targets") for p in panels])))
    h.check(used <= known, f"{name}.json: its variables {sorted(used)} are defined")
    needs = [needed(p) for p in panels if needed(p)]
    h.check(set(needs) <= set(CONDITIONS), f"{name}.json: the conditions {needs} are known here")
    h.check("not for judging" in panels[0]["options"]["content"], f"{name}.json: says what it is not for")


def check_provisioning():
    text = (GRAFANA / "provisioning/datasources/svcgate.yaml").read_text(encoding="utf-8")
    h.check(re.search(r"^\s+uid: svcgate$", text, re.M), "the provisioned data source has the panels' uid")


# --- asking as Grafana asks -----------------------------------------------------------------------


class Prometheus:
    def __init__(self, session, start):
        container = h.docker("ps", "-q", "--filter", f"label=svcgate.session={session}",
                             "--filter", "label=svcgate.role=prometheus").strip()
        self.url = "http://" + h.docker("port", container, "9090").splitlines()[0]
        self.session, self.start, self.end = session, start, time.time()

    def get(self, path, **parameters):
        try:
            with urllib.request.urlopen(f"{self.url}{path}?{urllib.parse.urlencode(parameters, doseq=True)}",
                                        timeout=10) as answer:
                body = json.load(answer)
        except urllib.error.HTTPError as problem:
            raise AssertionError(f"{problem.code} {problem.read().decode()}") from problem
        assert not body.get("warnings"), body["warnings"]
        return body["data"]

    def fill(self, text, variables, step=1.0, scrape=1.0):
        """Grafana's variables; $__rate_interval as its Prometheus data source documents it."""
        values = dict(variables, session=self.session, __range=f"{self.end - self.start:.0f}s",
                      __interval=f"{step:g}s", __rate_interval=f"{max(step + scrape, 4 * scrape):g}s")
        return re.sub(r"\$([a-z_]\w*)", lambda m: values[m.group(1)], text)

    def series(self, target, variables):
        """[(labels, finite values)] of one target, over the whole session so far."""
        scrape = float(target.get("interval", "1s").rstrip("s"))  # the data source's timeInterval is 1 s
        step = max(scrape, math.ceil((self.end - self.start) / SCREEN))
        query = self.fill(target["expr"], variables, step, scrape)
        if target.get("instant"):
            result = self.get("/api/v1/query", query=query, time=self.end)["result"]
            pairs = [(r["metric"], [r["value"]]) for r in result]
        else:
            result = self.get("/api/v1/query_range", query=query, start=self.start, end=self.end, step=step)["result"]
            pairs = [(r["metric"], r["values"]) for r in result]
        finite = [(labels, [float(v) for _, v in points if math.isfinite(float(v))]) for labels, points in pairs]
        return [(labels, values) for labels, values in finite if values]

    def options(self, variable, variables):
        """What a variable's `label_values(series, label)` gives."""
        found = re.fullmatch(r"label_values\((.+), (\w+)\)", self.fill(variable["query"]["query"], variables))
        return self.get(f"/api/v1/label/{found.group(2)}/values", **{"match[]": found.group(1)},
                        start=self.start, end=self.end)


# --- a session to ask about -----------------------------------------------------------------------


def needed(panel):
    found = re.match(r"Needs: ([^.]+)\.", panel.get("description", ""))
    return found.group(1) if found else None


def always():
    return True


def cgroup_v2():
    return h.docker("info", "--format", "{{.CgroupVersion}}").strip() == "2"


CONDITIONS = {"a CPU quota": always,  # begin()
              "cgroup v2": cgroup_v2}


def begin():
    """Errors in one variant; a quota that a start-up breaks and this load does not; a seed by which
    the first two repetitions are of different variants, which saves time and no more."""
    config = h.write_config(h.folder(), [h.variant("base"), h.variant("candidate", FAULT_ERROR_RATE=ERRORS)],
                            ["{ metric: latency_p95, tolerance: 20%, floor: 2ms }"], warmup="2s", measure="2s",
                            rate=f"{RATE}/s")
    text = pathlib.Path(config).read_text(encoding="utf-8")
    for old, new in (("cpus: 1,", "cpus: 0.05,"), ("seed: 7", "seed: 2")):
        h.check(text.count(old) == 1, f"the configuration has {old}")
        text = text.replace(old, new)
    pathlib.Path(config).write_text(text, encoding="utf-8")
    return h.begin(config)


def repetition_of_each(session_file):
    repetitions = json.loads(session_file.read_text(encoding="utf-8"))["repetitions"]
    return {r["variant"] for r in repetitions if r.get("values")} == {"base", "candidate"}


# --- every query ----------------------------------------------------------------------------------


def check_legend(what, target, series):
    """Every label that it names is there, and no two lines bear the same text."""
    named = re.findall(r"{{(\w+)}}", target["legendFormat"])
    missing = [n for n in named if n != "name" and any(n not in labels for labels, _ in series)]
    texts = [re.sub(r"{{(\w+)}}", lambda m: labels.get(m.group(1), ""), target["legendFormat"]) for labels, _ in series]
    if missing or len(set(texts)) < len(texts):
        h.check(False, f"{what}: the legend tells {sorted(texts)} apart {missing}")


def check_target(prometheus, panel, target, variables):
    """Its series; none where this machine cannot have them, which is said."""
    what = f"{panel['title']} {target['refId']}"
    condition = needed(panel)
    answer = prometheus.series(target, variables)
    peak = max((max(values) for _, values in answer), default=math.nan)
    if condition and not CONDITIONS[condition]():
        h.say(f"not shown here: {what} needs {condition} ({len(answer)} series, highest value {peak:g})")
        return []
    h.check(answer, f"{what}: {len(answer)} series, highest value {peak:.6g}")
    if panel["type"] != "table":
        check_legend(what, target, answer)
    return answer


def check_table(panel, answers):
    """Merged by their one label, the answers must be one row a variant."""
    rows = {tuple(sorted(labels.items())) for answer in answers for labels, _ in answer}
    h.check(rows == {(("variant", "base"),), (("variant", "candidate"),)}, f"{panel['title']}: a row a variant")


def check_queries(prometheus, board, variables):
    for panel in board["panels"]:
        answers = [check_target(prometheus, panel, target, variables) for target in panel.get("targets", [])]
        if panel["type"] == "table":
            check_table(panel, answers)


def check_variables(prometheus, board):
    for variable in board["templating"]["list"]:
        expected = [prometheus.session] if variable["name"] == "session" else ["base", "candidate"]
        options = prometheus.options(variable, {})
        h.check(options == expected, f"variable ${variable['name']}: {options}")
    for annotation in board["annotations"]["list"]:
        answer = prometheus.series({**annotation, "interval": annotation["step"]}, {"variant": ".+"})
        moments = [value / 1000 for _, values in answer for value in values]
        h.check(moments and all(prometheus.start <= m <= prometheus.end for m in moments),
                f"annotation {annotation['name']}: {len(set(moments))} moments within the session")


def value_of(prometheus, board, title, **labels):
    panel = next(p for p in board["panels"] if p["title"] == title and p["type"] in ("bargauge", "timeseries"))
    series = prometheus.series(panel["targets"][0], {"variant": ".+"})
    return max(max(values) for found, values in series if labels.items() <= found.items())


def check_values(prometheus, run, compare):
    """That they are not only there: a few figures that are known."""
    rate = value_of(prometheus, run, "Requests per second", scenario="measure")
    h.check(abs(rate / RATE - 1) < 0.1, f"requests per second: {rate:.1f} of {RATE} offered")
    for name, share in (("base", 0), ("candidate", ERRORS)):
        failed = value_of(prometheus, compare, "Failed requests", variant=name)
        h.check(abs(failed - share) < 0.03, f"failed requests of {name}: {failed:.3f} of {share}")
    cpu = value_of(prometheus, compare, "CPU per request", variant="base")
    h.check(1e-4 < cpu < 1e-2, f"CPU per request: {cpu * 1e6:.0f} µs, start-up included")
    throttled = value_of(prometheus, compare, "Throttled time")
    h.check(throttled > 0, f"throttled time: {throttled:.3f} s")


def ask_all(prometheus):
    boards = {name: load(name) for name in DASHBOARDS}
    # run has no $variant; `All` of compare's becomes .+, some chosen ones (a|b)
    for name, variables in (("run", {}), ("compare", {"variant": ".+"}), ("compare", {"variant": "(base|candidate)"})):
        h.say(f"--- {name} {variables}")
        check_queries(prometheus, boards[name], variables)
    for board in boards.values():
        check_variables(prometheus, board)
    check_values(prometheus, boards["run"], boards["compare"])


def files():
    check_provisioning()
    for name, uid in DASHBOARDS.items():
        check_file(name, uid)


def queries():
    process, bundle = begin()
    session_file = bundle / "session.json"
    h.wait_until(session_file.exists, 600, "the session has begun", process)
    start = time.time()
    session = json.loads(session_file.read_text(encoding="utf-8"))["id"]
    h.wait_until(lambda: repetition_of_each(session_file), 120, "a repetition of each variant", process)
    ask_all(Prometheus(session, start))
    h.check(process.poll() is None, "the session still runs")
    h.send(process)
    h.check(h.finish(process, bundle).status == 130, "interrupted: exit 130")
    judged = h.call("judge", bundle, "--format", "text")
    h.check(judged.status in (2, 3), f"the bundle so far is readable and no pass (exit {judged.status})")


h.main(files, queries)
