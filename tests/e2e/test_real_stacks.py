#!/usr/bin/env python3
"""Stacks as services have them, of PostgreSQL, Redis and nginx from the distribution's packages.

Shows: an API with a database, a cache and a migration is measured in slices, each copy with its own database that was
migrated once, its password a secret that .env has; a proxy before an app gets its configuration and its environment as
the compose files have them, dollar signs included; the files are those of COMPOSE_FILE in .env, and limits that the
service has there give way."""

import json
import pathlib
import subprocess

import harness as h

IMAGE = "svcgate-built/stack:1"
SEATS = 6

CONFIG = """\
version: 1
service: {{ compose: compose.yaml, name: {name}, port: 8080, ready: /ready, cpus: 0.8, memory: 96MiB, ready_timeout: 60s }}
variants:
  base: {{ env: {{ SIDE: "a$1" }} }}
  candidate: {{ env: {{ SIDE: "b$1" }} }}
reference: base
load: {{ script: load.js, rate: 40/s, warmup: 1s, measure: 1s }}
plan: {{ repetitions: 6, alpha: 5%, seed: 7 }}
gates:
  - {{ metric: memory_max, tolerance: 50%, floor: 20MiB }}
  - {{ metric: memory_max, of: {other}, tolerance: 50%, floor: 50MiB }}
"""
SCRIPT = "import http from 'k6/http';\nexport default () => { http.get(__ENV.BASE_URL + '/items'); };\n"

# --- an API with a database, a cache and a migration ----------------------------------------------

API = '''
import http.server, os, psycopg2, redis
password = open("/run/secrets/db_password").read()
db = psycopg2.connect(host="database.internal", user="postgres", password=password)
db.autocommit = True
cache = redis.Redis(host="cache")

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        cursor = db.cursor()
        cursor.execute("select name from items where id = %s", (cache.incr("hits") % 100,))
        body = cursor.fetchone()[0].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
'''

MIGRATION = """create table if not exists migrations (at timestamp default now());
insert into migrations default values;
create table items (id integer primary key, name text);
insert into items select n, 'item ' || n from generate_series(0, 99) n;"""

SHOP = """\
x-job: &job
  image: {image}
  secrets: [db_password]
services:
  api:
    <<: *job
    entrypoint: [python3, -c, $PROGRAM]
    environment: {{ PROGRAM: unused }}
    depends_on:
      migrate: {{ condition: service_completed_successfully }}
      cache: {{ condition: service_started }}
    deploy: {{ replicas: 3, resources: {{ limits: {{ cpus: "0.5", memory: 2G, pids: 500 }}, reservations: {{ memory: 1G }} }} }}
  migrate:
    <<: *job
    entrypoint: [sh, -c, 'PGPASSWORD=$$(cat /run/secrets/db_password) exec psql -v ON_ERROR_STOP=1 -h db -U postgres -f /migration.sql']
    configs: [{{ source: migration, target: /migration.sql }}]
    depends_on: {{ db: {{ condition: service_healthy }} }}
    restart: "no"
  db:
    <<: *job
    user: "70:70"
    entrypoint: [sh, -c, 'test -e /data/pg || initdb -D /data/pg --no-sync --auth=scram-sha-256 --pwfile=/run/secrets/db_password;
      echo "host all all all scram-sha-256" >>/data/pg/pg_hba.conf; exec postgres -D /data/pg -k /tmp -c listen_addresses=*']
    volumes: ["rows:/data"]
    networks: {{ default: {{ aliases: [database.internal] }} }}
    healthcheck: {{ test: 'pg_isready -h "$${{PGHOST:-127.0.0.1}}"', interval: 1s, timeout: 5s, retries: 60 }}
  cache:
    image: {image}
    entrypoint: [redis-server, --save, "", --protected-mode, "no"]
volumes:
  rows: {{ name: shop_rows }}
secrets:
  db_password: {{ environment: DB_PASSWORD }}
configs:
  migration: {{ file: ./migration.sql }}
"""


def folder_with(name, other, **files):
    folder = pathlib.Path(h.folder())
    (folder / "svcgate.yaml").write_text(CONFIG.format(name=name, other=other))
    (folder / "load.js").write_text(SCRIPT)
    for path, text in files.items():
        (folder / path).write_text(text)
    return folder


def under_load(folder):
    process, bundle = h.begin(folder / "svcgate.yaml")
    h.wait_until(lambda: len(h.running("k6")) == SEATS or process.poll() is not None, 180, f"{SEATS} generators run")
    if process.poll() is not None:
        h.finish(process, bundle)  # its own words
        h.check(False, "a session is under load")
    return process, bundle


def of_service(name):
    """Running containers of one of the stack's other services."""
    return h.docker("ps", "-q", "--filter", "label=svcgate.role=stack", "--filter", f"label=com.docker.compose.service={name}").split()


def an_api_with_a_database_and_a_migration():
    stack = SHOP.format(image=IMAGE).replace("$PROGRAM", json.dumps(API.replace("$", "$$")))
    folder = folder_with("api", "db", **{"compose.yaml": stack, "migration.sql": MIGRATION, ".env": "DB_PASSWORD='pa$$word'\n"})
    process, bundle = under_load(folder)
    databases = of_service("db")
    h.check(len(databases) == SEATS and len(of_service("cache")) == SEATS, "each copy has a database and a cache")
    count = "PGPASSWORD=$(cat /run/secrets/db_password) psql -h 127.0.0.1 -U postgres -At -c 'select count(*) from migrations'"
    told = [h.docker("exec", one, "sh", "-c", count).strip() for one in databases]
    h.check(told == ["1"] * SEATS, f"and was migrated once: {told}")
    host = json.loads(h.docker("inspect", h.running("service")[0]))[0]["HostConfig"]
    h.check((host["NanoCpus"], host["Memory"], host["PidsLimit"]) == (800_000_000, 96 << 20, 500),
            "limits of svcgate.yaml replace those under `deploy`, of which the others stay")
    result = h.finish(process, bundle, 300)
    h.check(result.status in (0, 2), "an unchanged pair does not fail: exit 0 or 2")
    session = result.json("session.json")
    kept = [row for row in session["repetitions"] if not row.get("discarded")]
    h.check(len(kept) == 2 * SEATS and all(row["rotation"] > 0 for row in kept), "two blocks count, side by side")
    h.check(not any(row["errors"] for row in kept), "every request found its row")
    h.check(all(row["values"]["memory_max of db"] > 0 for row in kept), "the database's memory is measured")
    h.check(any(f["check"] == "scale" for f in session["findings"]), "that one of three replicas is measured is said")


# --- a proxy before an app ------------------------------------------------------------------------

PROXY = """\
services:
  proxy:
    image: {image}
    entrypoint: [nginx, -c, /nginx.conf, -g, "daemon off;"]
    env_file: [proxy.env]
    configs: [{{ source: nginx, target: /nginx.conf }}]
    depends_on: [app]
  app:
    image: {image}
    entrypoint: [python3, -c, $PROGRAM]
configs:
  nginx:
    content: |
      user root;
      error_log /dev/stderr;
      pid /tmp/nginx.pid;
      env PRICE; env SIDE;
      events {{ }}
      http {{
        access_log off;
        server {{
          listen 8080;
          location = /ready {{ return 200 "$$host $$request_uri"; }}
          location / {{ proxy_pass http://app:8000; proxy_set_header Host $$host; }}
        }}
      }}
"""
APP = "import http.server; http.server.test(http.server.SimpleHTTPRequestHandler, port=8000)"
MORE = """\
services:
  proxy: { environment: { COSTS: "5$$", FROM_DOTENV: "${PRICE}" } }
  app: { working_dir: /srv, configs: [{ source: items, target: /srv/items }] }
configs:
  items: { content: "all of $$5" }
"""


def a_proxy_before_an_app():
    stack = PROXY.format(image=IMAGE).replace("$PROGRAM", json.dumps(APP))
    folder = folder_with("proxy", "app", **{"compose.yaml": stack, "more.yaml": MORE, "proxy.env": "HASH='$2b$12$abc'\nRAW='p$w'\n",
                                            ".env": "COMPOSE_FILE=compose.yaml:more.yaml\nPRICE='a$b$$c'\n"})
    process, bundle = under_load(folder)
    services = h.running("service")
    environment = json.loads(h.docker("inspect", services[0]))[0]["Config"]["Env"]
    for variable in ("COSTS=5$", "FROM_DOTENV=a$b$$c", "HASH=$2b$12$abc", "RAW=p$w"):
        h.check(variable in environment, f"{variable} arrives as it is written")
    ask = "import sys, urllib.request as r; print(r.urlopen('http://127.0.0.1:8080' + sys.argv[1]).read().decode())"
    told = [h.docker("exec", services[0], "python3", "-c", ask, path).strip() for path in ("/items", "/ready")]
    h.check(told == ["all of $5", "127.0.0.1 /ready"], f"and so do configs; the app answers through the proxy: {told}")
    h.send(process)
    result = h.finish(process, bundle, 120)
    h.check(result.status == 130, "interrupted under load: exit 130")
    h.check("the files of COMPOSE_FILE are taken: compose.yaml:more.yaml" in result.err, "which files are taken is said")


def a_variable_that_is_missing():
    """Both say so before anything starts."""
    folder = folder_with("api", "db", **{"compose.yaml": "services: { api: { image: x, command: '${SHOP_TOKEN:?set it}' }, db: { image: x } }"})
    for words in (["run", "--out", str(folder / "bundle")], ["doctor", "--quick"]):
        result = h.call(*words, "--config", folder / "svcgate.yaml")
        h.check(result.status == 4 and "SHOP_TOKEN" in result.out + result.err, f"svcgate {words[0]}: exit 4, and it is named")
        h.check("starting Prometheus" not in result.err, "before anything starts")


if subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False).returncode == 0:
    h.main(a_variable_that_is_missing, an_api_with_a_database_and_a_migration, a_proxy_before_an_app)
else:
    h.skip(f"there is no image {IMAGE}, which ./dev test makes")
    h.sys.exit(h.SKIPPED)
