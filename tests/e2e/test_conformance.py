#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo's services give the same answers in C, Go and Node.js, and their faults do what they say.

    test_conformance.py                      compiles and starts the three on loopback; no Docker needed
                                          (without `node` on the PATH: the image svcgate-demo/node:1)
    test_conformance.py --url c=http://H:8080 --url go=http://H:8081
                                          compares services that already run; the faults are left out

Exit code 0: all alike and right; 1: not; 2: something to run is missing.
"""
import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ROOT / "testbench" / "services"
NODE_IMAGE = "svcgate-demo/node:1"
LANGUAGES = ("c", "go", "node")
DEADLINE = 15  # seconds for anything that should take far less


class Failure(Exception):
    pass


def require(condition, message):
    if not condition:
        raise Failure(message)


# --- services -------------------------------------------------------------------------------------


class Service:
    """One running service; use as a context manager."""

    def __init__(self, language, command, **environment):
        self.language = language
        self.command = command
        self.environment = environment
        self.log = ""

    def __enter__(self):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FAULT_")}
        environment.update(HOST="127.0.0.1", PORT="0", **self.environment)
        self.process = subprocess.Popen(self.command, env=environment, stderr=subprocess.PIPE)
        self.pid = self.process.pid
        ready, _, _ = select.select([self.process.stderr], [], [], DEADLINE)
        line = self.process.stderr.readline().decode() if ready else ""
        found = re.match(rf"catalogue \({self.language}\) listening on :(\d+)( with .*)?\n$", line)
        if not found:
            self.process.kill()
            raise Failure(f"the first line of its log is {line!r}")
        self.address = ("127.0.0.1", int(found.group(1)))
        self.log = line
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.finish()

    def finish(self):
        """Waits for the end of the process; gives its exit code and last line of log."""
        code = self.process.wait(DEADLINE)
        if not self.process.stderr.closed:
            self.log += self.process.stderr.read().decode()
            self.process.stderr.close()
        return code, self.log.splitlines()[-1]

    def terminate(self):
        self.process.terminate()


class Container(Service):
    """The service in its image, for a machine without Node.js; its port is published."""

    network = f"svcgate-conformance-{os.getpid()}"

    def __init__(self, language, image, **environment):
        super().__init__(language, None, **environment)
        self.image = image

    def docker(self, *arguments):
        done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=4 * DEADLINE)
        require(done.returncode == 0, f"docker {arguments[0]}: {done.stderr.strip()}")
        return done.stdout.strip()

    def __enter__(self):
        # The engine may have no bridge of its own.
        subprocess.run(["docker", "network", "create", self.network], capture_output=True)
        settings = [part for k, v in self.environment.items() for part in ("--env", f"{k}={v}")]
        self.id = self.docker("run", "--detach", "--network", self.network, *settings,
                              "--publish", "127.0.0.1:0:8080", self.image)
        try:
            self.wait_until_it_listens()
            port = self.docker("port", self.id, "8080").splitlines()[0].rsplit(":", 1)[1]
            self.address = ("127.0.0.1", int(port))
            self.pid = int(self.docker("inspect", "--format", "{{.State.Pid}}", self.id))
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait_until_it_listens(self):
        end = time.monotonic() + DEADLINE
        while "listening on" not in self.logs():
            running = self.docker("inspect", "--format", "{{.State.Running}}", self.id) == "true"
            require(running and time.monotonic() < end, f"it does not listen: {self.logs()!r}")
            time.sleep(0.05)

    def logs(self):
        return subprocess.run(["docker", "logs", self.id], capture_output=True, text=True).stderr

    def __exit__(self, *_):
        subprocess.run(["docker", "rm", "--force", "--volumes", self.id], capture_output=True)
        subprocess.run(["docker", "network", "rm", self.network], capture_output=True)

    def finish(self):
        code = int(self.docker("wait", self.id))
        return code, self.logs().splitlines()[-1]

    def terminate(self):
        self.docker("kill", "--signal", "TERM", self.id)


class Remote:
    """A service that somebody else started."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port or 80)


# --- raw requests ---------------------------------------------------------------------------------


class Answer:
    """Status, the headers that are promised, and the body of one answer."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name: headers.get(name) for name in ("content-type", "content-length", "allow")}
        self.close = headers.get("connection", "").lower() == "close"
        self.body = body

    def key(self):
        return self.status, self.headers, self.close, self.body

    def __repr__(self):
        return f"{self.status} {self.headers} close={self.close} {self.body[:200]!r}"


class Connection:
    def __init__(self, address):
        self.socket = socket.create_connection(address, DEADLINE)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except ConnectionError:
            pass  # refused in the middle of a long request; the answer is there to be read

    def receive(self, head=False):
        line = self.file.readline()
        require(re.match(rb"HTTP/1\.[01] \d\d\d ", line), f"no status line but {line!r}")
        headers = {}
        while (field := self.file.readline().rstrip(b"\r\n")) != b"":
            name, _, value = field.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        ends_with_connection = "content-length" not in headers and not head
        length = 0 if head else int(headers.get("content-length", -1))
        body = self.file.read(length)
        require(ends_with_connection or len(body) == length, f"the body ends after {len(body)} of {length} bytes")
        return Answer(int(line.split()[1]), headers, body)

    def is_closed(self):
        """Whether the peer closes now that it has answered."""
        ready, _, _ = select.select([self.socket], [], [], DEADLINE)
        return bool(ready) and self.file.read(1) == b""

    def request(self, method, target, **more):
        self.send(request(method, target, **more))
        return self.receive(head=method == "HEAD")


def request(method, target, headers=(), body=b"", version="HTTP/1.1", host=True):
    if isinstance(target, str):
        target = target.encode()
    lines = [method.encode() + b" " + target + b" " + version.encode()]
    lines += [b"Host: catalogue"] if host else []
    lines += [h.encode() for h in headers]
    lines += [b"Content-Length: %d" % len(body)] if body else []
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


# --- the same answers -----------------------------------------------------------------------------

ITEMS_OK = """
/items  /items?  /items?limit=1  /items?limit=100  /items?limit=7&offset=13  /items?offset=1995
/items?offset=2000  /items?offset=999999999  /items?limit=3&limit=0  /items?other=%20&limit=2
/items?&&limit=2&  /items?%6Cimit=%33  /items?limit=007  /items?=1  /items?limit=2&x=a=b#c
/items/1  /items/2000  /items/0017  /items/5?limit=%zz  http://catalogue/items/5
http://catalogue/items?limit=1
""".split()

SEARCHES_OK = [
    b"q=oak", b"q=smal+oak", b"q=smal%20oak", b"q=SMALL+OAK", b"q=cofee+lamp", b"q=o", b"q=walnt&limit=3",
    b"q=caf%C3%A9", b"q=caf%c3%a9+series", b"q=CAF%C3%89", b"q=na%C3%AFve", b"q=zzzzzzzz",
    b"q=%22quoted%22%5C", b"q=%00%01%08%09%0A%0B%0C%0D%1F%7F", b"q=%3C%26%3E'", b"q=%E2%80%A8%E2%80%A9",
    b"q=%F0%9F%AA%91", b"q=%EF%BF%BD", b"q=%EF%BB%BFoak", b"q=%2B%25", b"limit=2&q=garden&q=oak",
    b"q=" + b"x" * 64, b"q=" + b"%C3%A9" * 32,
]

BAD = """
/items?limit=0  /items?limit=101  /items?limit=-1  /items?limit=abc  /items?limit=  /items?limit
/items?limit=1e1  /items?limit=+5  /items?limit=0x10  /items?limit=5%00  /items?limit=1234567890
/items?offset=-1  /items?offset=x  /items?offset=1.5  /items?limit=0&offset=x  /items?limit=%zz
/items?x=%4  /items?x=%  /items?x=%ff
/items/  /items/x  /items/1x  /items/-1  /items/+1  /items/1.0  /items/%31  /items/1234567890
/search  /search?q=  /search?limit=5  /search?q=oak&limit=0  /search?q=%  /search?q=%e  /search?q=%ff
/search?q=%c0%af  /search?q=%ed%a0%80  /search?q=%f4%90%80%80  /search?q=%e2%82
http://catalogue
""".split() + ["/search?q=" + "x" * 65, "/search?q=" + "%C3%A9" * 33]

MISSING = """
/  /nope  /Items  /items/0  /items/2001  /items/999999999  /items/1/2  /items/1/  /healthz/  //items
/search/  /items.json
""".split()


def same_cases():
    """(group, name, bytes to send, method of each answer, status of each answer)"""
    def get(group, targets, status):
        for target in targets:
            yield group, f"GET {target}"[:70], request("GET", target), ["GET"], [status]

    yield from get("health", ["/healthz", "/healthz?x=%zz"], 200)
    yield from get("items", ITEMS_OK, 200)
    yield from get("searches", [b"/search?" + q for q in SEARCHES_OK], 200)
    yield from get("bad parameters", BAD, 400)
    yield from get("not found", MISSING, 404)

    for target in ("/items/3", "/items", "/search?q=oak", "/nope", "/items/x"):
        status = {"/nope": 404, "/items/x": 400}.get(target, 200)
        yield "HEAD", f"HEAD {target}", request("HEAD", target), ["HEAD"], [status]
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        for target in ("/items/3", "/nope"):
            yield "methods", f"{method} {target}", request(method, target), [method], [405]

    item = request("GET", "/items/9")
    post = request("POST", "/items", body=b"x" * 5000)
    yield ("connections", "three requests at once", item + request("HEAD", "/items/8") +
           request("GET", "/nope"), ["GET", "HEAD", "GET"], [200, 200, 404])
    yield "connections", "a body is skipped", post + item, ["POST", "GET"], [405, 200]
    yield "connections", "fifty requests at once", item * 50, ["GET"] * 50, [200] * 50
    yield ("connections", "the client wants it closed", request("GET", "/items/9", ["Connection: close"]),
           ["GET"], [200])
    for target in ("/search?q=naïve", "/items/½"):
        yield "connections", "a target that is not ASCII", request("GET", target), ["GET"], [400]
    yield ("connections", "a large body", request("POST", "/items", body=b"x" * 100000), ["POST"], [413])
    yield ("connections", "a chunked body", request("POST", "/items", ["Transfer-Encoding: chunked"]) +
           b"3\r\nabc\r\n0\r\n\r\n", ["POST"], [411])


# Go's server answers most of these itself, in plain text; only the status can be alike.
REFUSED = [
    ("long target", request("GET", "/" + "x" * 20000), 431),
    ("long header", request("GET", "/items/1", ["X: " + "x" * 20000]), 431),
    ("many headers", request("GET", "/items/1", [f"X{i}: {i}" for i in range(2000)]), 431),
    ("not HTTP", b"hello world\r\n\r\n", 400),
    ("blank in the target", request("GET", "/items/1 2"), 400),
    ("no Host", request("GET", "/items/1", host=False), 400),
    ("header without a colon", request("GET", "/items/1", ["nonsense"]), 400),
    ("NUL in a header", request("GET", "/items/1", ["X: \0"]), 400),
    ("two lengths", request("POST", "/items", ["Content-Length: 1", "Content-Length: 2"]), 400),
    ("length that is none", request("POST", "/items", ["Content-Length: x"]), 400),
    ("broken escape in the path", request("GET", "/items/%zz"), 400),
    ("HTTP/1.0", request("GET", "/items/1", version="HTTP/1.0", host=False), 200),
]


def exchange(service, data, methods):
    with Connection(service.address) as connection:
        connection.send(data)
        answers = [connection.receive(head=method == "HEAD") for method in methods]
        if answers[-1].close:
            require(connection.is_closed(), "it says Connection: close and stays")
        return answers


def compare(services):
    """Gives (group, passed, failed, lines) for every group."""
    results = {}
    names = list(services)
    for group, name, data, methods, statuses in same_cases():
        record = results.setdefault(group, [0, []])
        try:
            answers = {n: exchange(services[n], data, methods) for n in names}
            for n in names:
                got = [a.status for a in answers[n]]
                require(got == statuses, f"{n}: status {got}, not {statuses}: {answers[n][-1]}")
                require([a.key() for a in answers[n]] == [a.key() for a in answers[names[0]]],
                        f"{names[0]}: {answers[names[0]]}\n    {n}: {answers[n]}")
                require(all(m == "HEAD" or json.loads(a.body) for m, a in zip(methods, answers[n])), "no JSON")
            record[0] += 1
        except (Failure, OSError, ValueError) as problem:
            record[1].append(f"{name}: {problem}")

    record = results.setdefault("malformed requests (status alone)", [0, []])
    for name, data, status in REFUSED:
        try:
            for n in names:
                answer = exchange(services[n], data, ["GET"])[0]
                require(answer.status == status, f"{n}: status {answer.status}, not {status}")
            record[0] += 1
        except (Failure, OSError, ValueError) as problem:
            record[1].append(f"{name}: {problem}")

    record = results.setdefault("a request in pieces", [0, []])
    try:
        answers = [in_pieces(services[n]) for n in names]
        require(all(a == answers[0] for a in answers), f"{answers}")
        record[0] += 1
    except (Failure, OSError) as problem:
        record[1].append(str(problem))
    return results


def in_pieces(service):
    data = request("GET", "/items/9")
    with Connection(service.address) as connection:
        for start in range(0, len(data), 9):
            connection.send(data[start:start + 9])
            time.sleep(0.002)
        return connection.receive().key()


# --- faults ---------------------------------------------------------------------------------------


def mixed_target(n):
    """The mix of load.js."""
    kind = "ilisiliiilsiiiliilsi"[n % 20]
    query = ("small+oak", "cofee+lamp", "walnut", "round+stel", "garden", "caf%C3%A9", "linen")[n % 7]
    return {"i": f"/items/{1 + n * 7919 % 2000}", "l": f"/items?offset={n * 37 % 2000}",
            "s": f"/search?q={query}"}[kind]


def drive(connection, count, target=mixed_target):
    return [connection.request("GET", target(n)) for n in range(count)]


def seconds_of(connection, target):
    start = time.monotonic()
    connection.request("GET", target)
    return time.monotonic() - start


def one_item(_):
    return "/items/1"


def cpu_seconds(pid):
    """CPU time of all threads that the process has now, from the scheduler, in nanosecond steps."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def resident_bytes(pid):
    found = re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) * 1024


class Faults:
    """One method a promise of testbench/services/README.md; `start` gives a service with faults."""

    def __init__(self, start):
        self.start = start

    def honest_without_faults_and_with_empty_ones(self):
        with self.start(FAULT_CPU_US="", FAULT_ERROR_RATE="0") as service:
            with Connection(service.address) as connection:
                require(all(a.status == 200 for a in drive(connection, 20)), "an answer is not 200")

    def never_ready(self):
        with self.start(FAULT_NEVER_READY="1") as service, Connection(service.address) as connection:
            health = connection.request("GET", "/healthz")
            require((health.status, health.body) == (503, b'{"status":"starting"}\n'), f"{health}")
            require(connection.request("GET", "/items/1").status == 200, "/items/1 is not answered")

    def close(self):
        with self.start(FAULT_CLOSE="1") as service:
            for target in ("/items/1", "/healthz", "/nope"):
                with Connection(service.address) as connection:
                    require(connection.request("GET", target).close, f"{target} stays open")
                    require(connection.is_closed(), f"{target} says close but stays open")

    def crash_after(self):
        with self.start(FAULT_CRASH_AFTER="5") as service, Connection(service.address) as connection:
            for target in ["/healthz", "/items/1"] * 5:
                require(connection.request("GET", target).status == 200, "it ends too early")
            connection.send(request("GET", "/items/1"))
            require(connection.is_closed(), "it still answers")
            code, last = service.finish()
            name = service.language
            require(code == 1, f"exit code {code}")
            require(last == f"catalogue ({name}): crash after 5 requests, as FAULT_CRASH_AFTER asks", last)

    def error_rate(self):
        with self.start(FAULT_ERROR_RATE="0.02") as service, Connection(service.address) as connection:
            answers = drive(connection, 200, one_item)
            failed = [n for n, a in enumerate(answers, 1) if a.status == 500]
            require(failed == [50, 100, 150, 200], f"failed: {failed}")
            require(answers[49].body == b'{"error":"injected fault"}\n', f"{answers[49]}")

    def response_factor(self):
        with self.start() as honest, self.start(FAULT_RESPONSE_FACTOR="3") as service:
            with Connection(honest.address) as one, Connection(service.address) as other:
                for target in ("/items/1", "/items", "/search?q=caf%C3%A9", "/nope"):
                    short = one.request("GET", target).body
                    long = other.request("GET", target).body
                    require(long == short + b" " * (2 * len(short)), f"{target}: {len(short)}, {len(long)}")

    def memory(self):
        growth = {}
        for kb in (0, 100):
            with self.start(FAULT_MEMORY_KB=str(kb)) as service, Connection(service.address) as connection:
                drive(connection, 100, one_item)
                before = resident_bytes(service.pid)
                drive(connection, 300, one_item)
                growth[kb] = (resident_bytes(service.pid) - before) / 1024 / 300
        require(85 < growth[100] < 160, f"{growth[100]:.0f} KiB a request instead of 100")
        require(growth[0] < 20, f"{growth[0]:.0f} KiB a request without the fault")
        return f"{growth[100]:.0f} KiB a request for 100, {growth[0]:.1f} without"

    def latency(self):
        """Bounds are shares of what is waited: a wait that spins, or one that holds up others, takes all of it."""
        delay = 0.2
        with self.start(FAULT_LATENCY_MS="200") as service, Connection(service.address) as connection:
            before = cpu_seconds(service.pid)
            for target in ("/items/1", "/items", "/nope"):
                took = seconds_of(connection, target)
                require(delay - 0.0005 < took, f"{target} took {took * 1e3:.1f} ms")
            used = cpu_seconds(service.pid) - before
            require(used < 3 * delay / 4, f"it used {used * 1e3:.0f} ms of CPU for three delayed answers")
            with concurrent.futures.ThreadPoolExecutor(20) as pool:
                start = time.monotonic()
                for done in [pool.submit(exchange, service, request("GET", "/items/1"), ["GET"])
                             for _ in range(20)]:
                    done.result()
                took = time.monotonic() - start
            require(took < 20 * delay / 2, f"20 at once took {took * 1e3:.0f} ms: one waits for another")
            return f"{used * 1e3:.0f} ms of CPU for three, 20 at once in {took * 1e3:.0f} ms"

    def latency_every(self):
        """A slow moment of the machine delays one of the others, not all that stand at its place."""
        with self.start(FAULT_LATENCY_MS="400", FAULT_LATENCY_EVERY="3") as service:
            with Connection(service.address) as connection:
                took = [seconds_of(connection, "/items/1") for _ in range(12)]
        places = [took[place::3] for place in range(3)]
        require(min(places[2]) > 0.3995, f"the third of three took {min(places[2]) * 1e3:.0f} ms")
        for quick in places[:2]:
            require(min(quick) < 0.2, f"another took {min(quick) * 1e3:.0f} ms at best")

    def cpu_microseconds(self):
        used = self.used_in_turns(12, 10, one_item, FAULT_CPU_US="2000")
        more = (used[1] - used[0]) / 120 * 1e6
        require(1900 < more < 2800, f"{more:.0f} us a request more")
        return f"{more:.0f} us a request more for 2000"

    def cpu_percent(self):
        used = self.used_in_turns(12, 40, mixed_target, FAULT_CPU_PERCENT="100")
        ratio = used[1] / used[0]
        require(1.7 < ratio < 2.35, f"{(ratio - 1) * 100:.0f} % more CPU instead of 100")
        return f"{(ratio - 1) * 100:.0f} % more for 100; {used[0] / 480 * 1e6:.0f} us a request without"

    def used_in_turns(self, turns, count, target, **fault):
        """CPU seconds without and with the fault. Both take turns, so that a slow moment of the machine meets both."""
        with self.start() as honest, self.start(**fault) as service:
            with Connection(honest.address) as one, Connection(service.address) as other:
                pairs = ((one, honest.pid), (other, service.pid))
                for connection, _ in pairs:
                    drive(connection, 200, target)
                before = [cpu_seconds(pid) for _, pid in pairs]
                for _ in range(turns):
                    for connection, _ in pairs:
                        drive(connection, count, target)
                return [cpu_seconds(pid) - b for (_, pid), b in zip(pairs, before)]

    def nonsense_is_refused(self):
        for name, value in (("FAULT_CPU_US", "-1"), ("FAULT_ERROR_RATE", "1.5"), ("FAULT_CLOSE", "yes"),
                            ("FAULT_LATENCY_MS", "20ms"), ("FAULT_MEMORY_KB", "1e3")):
            try:
                with self.start(**{name: value}):
                    raise Failure(f"{name}={value} is taken")
            except Failure as refusal:
                require(f"{name}: not a number from 0 to" in str(refusal), str(refusal))

    def ends_at_once_when_told(self):
        with self.start(FAULT_LATENCY_MS="5000") as service, Connection(service.address) as connection:
            connection.send(request("GET", "/items/1"))
            time.sleep(0.05)
            start = time.monotonic()
            service.terminate()
            code, _ = service.finish()
            took = time.monotonic() - start
            require(code == 0, f"exit code {code}")
            require(took < 5 / 2, f"it took {took * 1e3:.0f} ms, with an answer 5 s away")
            return f"{took * 1e3:.0f} ms"


def fault_tests():
    return [name for name in vars(Faults) if not name.startswith("_") and name != "used_in_turns"]


def run_faults(start):
    """Gives (name, problem or None, remark, seconds) for every fault."""
    results = []
    for name in fault_tests():
        begun, problem, remark = time.monotonic(), None, None
        try:
            remark = getattr(Faults(start), name)()
        except (Failure, OSError, ValueError, http.client.HTTPException, subprocess.TimeoutExpired) as trouble:
            problem = trouble
        results.append((name, problem, remark, time.monotonic() - begun))
    return results


# --- the whole ------------------------------------------------------------------------------------


def starters(languages):
    """For every language a function that makes a Service with the given environment."""
    def give(kind, language, what):
        return lambda **environment: kind(language, what, **environment)

    found = {}
    build = subprocess.run([SERVICES / "build", "--binaries"], stdout=subprocess.PIPE, text=True)
    if build.returncode != 0:
        sys.exit(2)
    for binary in build.stdout.split():
        language = binary.rsplit("-", 1)[1]
        found[language] = give(Service, language, [binary])
    if shutil.which("node"):
        found["node"] = give(Service, "node", ["node", str(SERVICES / "node" / "main.js")])
    elif subprocess.run(["docker", "image", "inspect", NODE_IMAGE], capture_output=True).returncode == 0:
        found["node"] = give(Container, "node", NODE_IMAGE)
    elif "node" in languages:
        print(f"conformance: neither node nor the image {NODE_IMAGE} is here", file=sys.stderr)
        sys.exit(2)
    return {language: found[language] for language in languages}


def report(label, passed, problems, remark=""):
    print(f"{'ok  ' if not problems else 'FAIL'} {label}{': ' if remark else ''}{remark}")
    for problem in problems:
        print(f"    {problem}")
    return passed, len(problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", action="append", metavar="NAME=URL", help="a service that runs already")
    parser.add_argument("--language", action="append", choices=LANGUAGES, help="only these")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # services end with us
    counts = []

    if options.url:
        services = {name: Remote(url) for name, _, url in (u.partition("=") for u in options.url)}
        groups = compare(services)
    else:
        starts = starters(options.language or LANGUAGES)
        # One language after the other: they would take each other's CPU time and caches.
        outcomes = {language: run_faults(start) for language, start in starts.items()}
        services = {language: start() for language, start in starts.items()}
        for service in services.values():
            service.__enter__()
        try:
            groups = compare(services)
        finally:
            for service in services.values():
                service.__exit__()

    print(f"same answers from {', '.join(services)}:")
    for group, (passed, problems) in groups.items():
        counts.append(report(f"{group} ({passed + len(problems)} cases)", passed, problems))
    if not options.url:
        print("faults:")
        for i, name in enumerate(fault_tests()):
            problems = [f"{l}: {o[i][1]}" for l, o in outcomes.items() if o[i][1]]
            remarks = [f"{l} {o[i][2]}" for l, o in outcomes.items() if o[i][2]]
            seconds = sum(o[i][3] for o in outcomes.values())
            counts.append(report(f"{name.replace('_', ' ')} ({seconds:.1f} s)", len(outcomes) - len(problems), problems,
                                 "; ".join(remarks)))
    passed, failed = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
