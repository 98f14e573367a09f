#!/usr/bin/env python3
"""Where the engine is not this machine's own socket: over TCP with TLS, as GitLab's docker-in-docker has
it, from a container that was given the socket, and by a socket that the engine's machine does not have.

Shows: Prometheus, the service and the engine's counters are found there, nothing is published wider than
needed, and where more than this machine reaches Prometheus it asks for a password; without the client's
certificate it says so; and a variant alone, against no stored baseline and against
one that has a single session: all is measured, and nothing is decided."""

import base64
import json
import os
import pathlib
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

import harness as h

CONFIG = """\
version: 1
service: {{ name: catalogue, port: 8080, ready: /healthz, cpus: 1, memory: 128MiB }}
variants: {{ candidate: {{ image: "{image}" }} }}
baseline: {baseline}
load: {{ script: load.js, rate: 50/s, warmup: 1s, measure: 1s }}
plan: {{ repetitions: 6 }}
gates: [{{ metric: memory_max, tolerance: 50% }}]
"""
BASELINE = pathlib.Path(h.folder()) / "api.json"
SOCKET = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def certificates():
    """An authority, a server and a client, by the names that Docker gives them."""
    folder = pathlib.Path(h.folder())
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test authority",
            "-keyout", "ca-key.pem", "-out", "ca.pem")
    for name, wanted in (("server", ["-extfile", "names"]), ("client", [])):
        openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}-key.pem",
                "-out", f"{name}.csr")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial",
                "-days", "2", "-out", f"{name}-cert.pem", *wanted)
    (folder / "cert.pem").write_bytes((folder / "client-cert.pem").read_bytes())
    (folder / "key.pem").write_bytes((folder / "client-key.pem").read_bytes())
    return folder


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(connection, context):
    """One connection to the engine's socket. A client without the right certificate gets nowhere."""
    try:
        outer = context.wrap_socket(connection, server_side=True)
    except (OSError, ssl.SSLError):
        return
    inner = socket.socket(socket.AF_UNIX)
    inner.connect(SOCKET)
    threading.Thread(target=pump, args=(outer, inner), daemon=True).start()
    pump(inner, outer)


def engine_with_tls(folder):
    """The engine on a TCP port of loopback that asks for the client's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server-cert.pem", folder / "server-key.pem")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, context), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def session_folder(baseline):
    folder = pathlib.Path(h.folder())
    (folder / "svcgate.yaml").write_text(CONFIG.format(image=h.SERVICE, baseline=baseline))
    (folder / "load.js").write_bytes(pathlib.Path(h.LOAD).read_bytes())
    return folder


def finish(process, bundle):
    result = h.finish(process, bundle, timeout=900)
    h.check(result.status == 2, "all was measured and there is nothing to compare it with: exit 2")
    repetitions = [r for r in result.json("session.json")["repetitions"] if r["block"] > 0 and not r.get("discarded")]
    h.check(len(repetitions) == 6, "six repetitions count")
    for values in (repetition["values"] for repetition in repetitions):
        for metric in ("latency_p95", "cpu_per_request", "memory_max", "network_tx_per_request"):
            h.check(values[metric] > 0, f"{metric} is measured: {values[metric]:.3g}")
    return result


def published(process, host):
    """Where Prometheus is published, of the session that `host` has started; nowhere when it ends before."""
    while process.poll() is None:
        ids = h.docker("ps", "-q", "--filter", "label=svcgate.role=prometheus", "--filter", f"label=svcgate.host={host}").split()
        if ids:
            return {line.split(" -> ")[1] for line in h.docker("port", ids[0]).splitlines()}
        time.sleep(0.2)
    return set()


def hosts(places):
    return {place.rpartition(":")[0] for place in places}


def answer(url, password=None, data=None):
    """The status. Prometheus may be on its way still."""
    headers = {"Authorization": "Basic " + base64.b64encode(f"svcgate:{password}".encode()).decode()} if password else {}
    for _ in range(100):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.2)
    return None


def secret_of(host):
    """The password of the session that `host` has started, as k6 has it."""
    k6 = h.wait_until(lambda: h.docker("ps", "-aq", "--filter", "label=svcgate.role=k6", "--filter", f"label=svcgate.host={host}")
                      .split(), 60, "a container of k6")[0]
    environment = dict(line.split("=", 1) for line in json.loads(h.docker("inspect", k6))[0]["Config"]["Env"])
    secret = environment["K6_PROMETHEUS_RW_PASSWORD"]
    h.check(len(secret) == 32, "k6 has the password")
    return secret


def check_closed(place, password=None):
    """Reading, writing, the first page and readiness alike."""
    for path, data in (("/api/v1/query?query=up", None), ("/api/v1/write", b"x"), ("/", None), ("/-/ready", None)):
        status = answer(f"http://{place}{path}", password, data)
        h.check(status == 401, f"{path} at {place} asks for a password: {status}")


def over_tls():
    folder = certificates()
    port = engine_with_tls(folder)
    there = {**os.environ, "DOCKER_HOST": f"tcp://localhost:{port}", "DOCKER_TLS_VERIFY": "1",
             "DOCKER_CERT_PATH": str(folder), "SVCGATE_ENGINE_SOCKET": SOCKET}
    stranger = h.call("clean", env={**there, "DOCKER_CERT_PATH": "/nowhere"})
    h.check(stranger.status == 5 and "/nowhere" in stranger.err, "without its certificates it says so: exit 5")
    at = session_folder("none.json")
    process = h.start(["run", "--wait", "10m", "--out", str(at / "bundle")], cwd=at, env=there)
    h.check(hosts(published(process, socket.gethostname())) == {"127.0.0.1"}, "an engine on loopback publishes there")
    result = finish(process, at / "bundle")
    h.check(h.call("baseline", "save", BASELINE, result.bundle).status == 0, "its session is stored")
    judged = h.call("judge", result.bundle, "--baseline", BASELINE)
    h.check(judged.status == 2 and "1 stored session with" in judged.out and "4 are needed" in judged.out,
            "against one stored session: inconclusive, exit 2, and how many are needed")


def in_a_container():
    """The machine's own programs, in a container of any image. /tmp is shared for the lock of sessions."""
    name = f"svcgate-e2e-{os.getpid()}"
    at = session_folder(BASELINE)
    mounts = ["/usr:/usr:ro", "/usr/lib:/lib:ro", "/usr/bin:/bin:ro", "/tmp:/tmp", f"{h.WORK}:{h.WORK}", f"{SOCKET}:{SOCKET}",
              f"{pathlib.Path(h.SVCGATE).resolve()}:/svcgate:ro"]
    if os.path.isdir("/usr/lib64"):
        mounts.append("/usr/lib64:/lib64:ro")
    config = os.environ.get("DOCKER_CONFIG")
    if config:
        compose = pathlib.Path(config, "cli-plugins/docker-compose")
        mounts += [f"{compose.resolve()}:/plugins/cli-plugins/docker-compose:ro"]
    variables = {name: value for name, value in os.environ.items() if name.startswith("SVCGATE_IMAGE_")}
    variables |= {"DOCKER_HOST": f"unix://{SOCKET}", "HOME": str(at), "TMPDIR": str(h.TEMPORARY), "PATH": "/usr/local/bin:/usr/bin:/bin",
                  **({"DOCKER_CONFIG": "/plugins"} if config else {})}
    h.docker("network", "create", name)
    try:
        words = ["docker", "run", "--rm", "--name", name, "--hostname", name, "--network", name, "--user", "0",
                 "--workdir", str(at)]
        words += [word for mount in mounts for word in ("--volume", mount)]
        words += [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        words += ["--entrypoint", "/svcgate", h.SERVICE, "run", "--no-accepted", "--wait", "10m", "--out", str(at / "bundle")]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        gateway = h.docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", name).strip()
        places = published(process, name)
        h.check(hosts(places) == {gateway}, f"published on the gateway of the container, {gateway}, alone")
        check_closed(*places)
        secret = secret_of(name)
        result = finish(process, at / "bundle")
        h.check("4 are needed" in result.out, "the report says how many stored sessions are needed")
        told = [result.out, result.err, *(path.read_text() for path in result.bundle.rglob("*") if path.is_file())]
        h.check(len(told) > 4 and not any(secret in text for text in told), "the password stands in no message and no file")
    finally:
        subprocess.run(["docker", "stop", "-t", "60", name], capture_output=True, check=False)  # it cleans up
        h.docker("network", "rm", name)


def looked_at_from_elsewhere():
    """`up` prints the password that it made; the next `up` makes another."""
    name = f"svcgate-e2e-{os.getpid()}"
    h.docker("network", "create", name)
    gateway = h.docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", name).strip()
    passwords = []
    try:
        for _ in range(2):
            up = h.call("up", timeout=200, env={**os.environ, "SVCGATE_ENGINE_HOST": gateway})
            words = up.out.split()
            h.check(up.status == 0 and "Password" in words, "up: exit 0, with a password")
            passwords.append(words[words.index("Password") + 1])
            place = words[words.index("Prometheus") + 1].removeprefix("http://")
            check_closed(place)
            check_closed(place, "svcgate")
            h.check(answer(f"http://{place}/api/v1/query?query=up", passwords[-1]) == 200, "with the password it answers")
        check_closed(place, passwords[0])
    finally:
        h.check(h.call("down").status == 0, "down: exit 0")
        h.docker("network", "rm", name)


HIDDEN = """\
mkdir -p "$1" && mount -t tmpfs none "$1" && touch "$1/docker.sock" && mount --bind "$2" "$1/docker.sock" && shift 2 && exec "$@"
"""


def hidden_socket():
    """As with Docker Desktop: the path in DOCKER_HOST is svcgate's alone, by a mount namespace of its own."""
    if os.geteuid() != 0:
        h.skip("a hidden socket needs root")
        return
    place = pathlib.Path(h.folder()) / "desktop"
    before = ["unshare", "--mount", "sh", "-c", HIDDEN, "sh", str(place), SOCKET]
    there = {**os.environ, "DOCKER_HOST": f"unix://{place}/docker.sock"}
    blind = h.call("doctor", before=before, env=there, cwd=place.parent, timeout=200)
    h.check(blind.status == 5 and "SVCGATE_ENGINE_SOCKET" in blind.out, "a socket that the engine has not: exit 5, with the variable's name")
    h.check(not (place / "docker.sock").exists(), "the engine made no folder of it")
    sees = h.call("doctor", before=before, env={**there, "SVCGATE_ENGINE_SOCKET": SOCKET}, cwd=place.parent, timeout=200)
    h.check(sees.status == 0 and "CPU time, memory and network" in sees.out, "with the variable doctor finds all: exit 0")


h.main(hidden_socket, over_tls, in_a_container, looked_at_from_elsewhere)  # the third stands on what the second has stored
