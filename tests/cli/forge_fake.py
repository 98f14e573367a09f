# SPDX-License-Identifier: Apache-2.0
"""GitHub and GitLab as far as svcgate publish speaks with them, made from their published REST
descriptions: https://docs.github.com/rest (issues/comments, pulls, checks/runs, users; version 2022-11-28),
https://docs.github.com/graphql (viewer; https://docs.github.com/enterprise-server/graphql says where it is there)
and https://docs.gitlab.com/api (notes, users; REST pagination).

They are strict: a request that the descriptions do not know, a missing header, a wrong type or an unknown
field becomes an entry of `violations`, and the test that made it fails. `faults` are answers that come in
place of the next ones that match, in order."""
import json
import re
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "tok_5ecret-0123456789abcdef"
SHA = "3dca65fa3e8d4b3da3f3d056c59aee1c50f41390"


class Fault:
    """What happens to the next request of this method and path instead of, or after, its answer."""

    def __init__(self, method, path, status=None, headers=(), body=None, then=None):
        self.method, self.path = method, re.compile(path)
        self.status, self.headers, self.body = status, dict(headers), body
        self.then = then  # "lose", "cut", "hang", "huge"

    def matches(self, method, path):
        return self.method == method and self.path.fullmatch(path)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_any(self):
        fake = self.server.fake
        url = urllib.parse.urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        with fake.lock:
            fake.requests.append((self.command, self.path, dict(self.headers), body))
            fault = fake.take_fault(self.command, url.path)
            if fault and fault.status:
                answer = fault.status, fault.headers, fault.body
            else:
                answer = fake.serve(self.command, url.path, query, self.headers, body)
        self.send(answer, fault.then if fault else None)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_any

    def send(self, answer, then):
        status, headers, body = answer
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        if then == "hang":
            self.server.fake.stopping.wait(60)
        if then in ("lose", "hang"):
            self.close_connection = True
            return
        if then == "huge":
            data = b"[" + b" " * (40 << 20) + b"]"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data[:len(data) // 2] if then == "cut" else data)
        except OSError:
            pass  # the client has heard enough
        self.close_connection = self.close_connection or then == "cut"


class Fake:
    """A server on a port of its own, and what both forges share."""

    prefix = ""
    page_size = 30  # elements of a page at most: the descriptions allow 100, tests want several pages

    def __init__(self):
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.requests, self.violations, self.faults, self.comments = [], [], [], []
        self.next_id = 1000
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.fake = self
        self.api = f"http://127.0.0.1:{self.server.server_port}{self.prefix}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()

    def take_fault(self, method, path):
        for fault in self.faults:
            if fault.matches(method, path):
                self.faults.remove(fault)
                return fault
        return None

    def made(self, method):
        """Paths of the requests with this method, without their query."""
        return [path.split("?")[0] for m, path, _, _ in self.requests if m == method]

    def wrong(self, text):
        self.violations.append(text)
        return 400, {}, {"message": text}

    def new_id(self):
        self.next_id += 1
        return self.next_id

    def page(self, elements, query, allowed, path):
        """One page and the headers that lead to the next."""
        unknown = set(query) - {"per_page", "page"} - set(allowed)
        if unknown:
            return self.wrong(f"unknown parameters {sorted(unknown)} of {path}")
        size = min(int(query.get("per_page", 30)), self.page_size)
        number = int(query.get("page", 1))
        if not 1 <= int(query.get("per_page", 30)) <= 100 or number < 1:
            return self.wrong(f"page {number} of {query.get('per_page')}")
        more = len(elements) > number * size
        return 200, self.page_headers(query, path, number + 1 if more else None), \
            elements[(number - 1) * size:number * size]

    def fields(self, body, headers, required, optional=None):
        """The JSON object of a request, or None after noting what is wrong with it."""
        if not headers.get("Content-Type", "").startswith("application/json"):
            self.wrong(f"Content-Type {headers.get('Content-Type')}")
            return None
        try:
            value = json.loads(body)
        except ValueError as error:
            self.wrong(f"the body is not JSON: {error}")
            return None
        wrong = self.check(value, required, optional or {})
        if wrong:
            self.wrong(wrong)
            return None
        return value

    def check(self, value, required, optional):
        if not isinstance(value, dict):
            return f"not an object: {value!r:.80}"
        for key in required:
            if key not in value:
                return f"{key} is missing"
        for key, item in value.items():
            kind = required.get(key) or optional.get(key)
            if kind is None:
                return f"unknown field {key}"
            if not isinstance(item, kind) or isinstance(item, bool):
                return f"{key} is {item!r:.80}"
        return None


class GitHub(Fake):
    owner, name, number = "shop", "api", 7

    def __init__(self):
        super().__init__()
        self.token, self.user = TOKEN, None  # None: the token of a workflow, which has no user
        self.me = {"id": 41898282, "login": "github-actions[bot]", "type": "Bot"}
        self.pulls, self.checks, self.may_check, self.has_viewer = [], [], True, True
        self.repo = f"/repos/{self.owner}/{self.name}"

    def add(self, body, user=None, number=None):
        """A comment that is there already."""
        comment = {"id": self.new_id(), "body": body, "user": user or self.me, "issue": number or self.number}
        comment["html_url"] = f"https://github.com/{self.owner}/{self.name}/pull/7#issuecomment-{comment['id']}"
        self.comments.append(comment)
        return comment

    def page_headers(self, query, path, next_page):
        if not next_page:
            return {}
        more = urllib.parse.urlencode({**query, "page": next_page})
        base = f"{self.api}{path}"
        return {"Link": f'<{base}?{more}>; rel="next", <{base}?page=99>; rel="last"'}

    def check_headers(self, headers):
        wanted = {"Accept": r"application/vnd\.github\+json", "X-GitHub-Api-Version": r"20\d\d-\d\d-\d\d",
                  "User-Agent": r"svcgate \d+\.\d+\.\d+"}
        for name, pattern in wanted.items():
            if not re.fullmatch(pattern, headers.get(name, "")):
                return self.wrong(f"header {name}: {headers.get(name)}")
        if headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {}, {"message": "Bad credentials", "status": "401"}
        return None

    def graphql_path(self):
        return "/graphql"

    def made(self, method):
        return [path for path in super().made(method) if path != self.graphql_path()]  # that only asks

    def serve(self, method, path, query, headers, body):
        refusal = self.check_headers(headers)
        if refusal:
            return refusal
        if path == self.graphql_path():
            return self.graphql(method, query, headers, body)
        if not path.startswith(self.prefix):
            return self.wrong(f"{path} is outside of {self.prefix}")
        path = path[len(self.prefix):]
        routes = [("GET", "/user", self.get_user),
                  ("GET", rf"{self.repo}/issues/(\d+)/comments", self.list_comments),
                  ("POST", rf"{self.repo}/issues/(\d+)/comments", self.create_comment),
                  ("PATCH", rf"{self.repo}/issues/comments/(\d+)", self.update_comment),
                  ("GET", rf"{self.repo}/pulls", self.list_pulls),
                  ("GET", rf"{self.repo}/commits/([0-9a-f]{{40}})/check-runs", self.list_checks),
                  ("POST", rf"{self.repo}/check-runs", self.create_check),
                  ("PATCH", rf"{self.repo}/check-runs/(\d+)", self.update_check)]
        for known, pattern, call in routes:
            match = re.fullmatch(pattern, path)
            if known == method and match:
                if method != "GET" and query:
                    return self.wrong(f"{method} {path} has a query")
                return call(path, query, headers, body, *match.groups())
        if path.startswith("/repos/") and not path.startswith(self.repo + "/"):
            return 404, {}, {"message": "Not Found", "status": "404"}
        return self.wrong(f"no such operation: {method} {path}")

    def get_user(self, path, query, headers, body):
        if self.user is None:
            return 403, {"X-RateLimit-Remaining": "4999"}, {"message": "Resource not accessible by integration"}
        return 200, {}, self.user

    def graphql(self, method, query, headers, body):
        """Of its schema viewer alone, which answers a workflow's token too."""
        value = self.fields(body, headers, {"query": str}) if method == "POST" and not query else None
        if value is None:
            return self.wrong(f"{method} of GraphQL with {query}")
        if not re.fullmatch(r"(query)?\s*{\s*viewer\s*{\s*login\s*}\s*}", value["query"]):
            return self.wrong(f"no query that is known here: {value['query']}")
        if not self.has_viewer:
            return 200, {}, {"data": None, "errors": [{"type": "FORBIDDEN", "message": "not accessible"}]}
        return 200, {}, {"data": {"viewer": {"login": (self.user or self.me)["login"]}}}

    def list_comments(self, path, query, headers, body, number):
        if int(number) != self.number:
            return 404, {}, {"message": "Not Found"}
        return self.page([c for c in self.comments if c["issue"] == int(number)], query, ["since"], path)

    def text(self, body, headers):
        value = self.fields(body, headers, {"body": str})
        if value and len(value["body"]) > 65536:
            return None, (422, {}, {"message": "Validation Failed", "errors": [
                {"resource": "IssueComment", "code": "unprocessable", "field": "data",
                 "message": "Body is too long (maximum is 65536 characters)"}]})
        return value, (400, {}, {"message": "Problems parsing JSON"})

    def create_comment(self, path, query, headers, body, number):
        value, refusal = self.text(body, headers)
        return (201, {}, self.add(value["body"], self.user, int(number))) if value else refusal

    def update_comment(self, path, query, headers, body, ident):
        value, refusal = self.text(body, headers)
        if not value:
            return refusal
        for comment in self.comments:
            if comment["id"] == int(ident):
                comment["body"] = value["body"]
                return 200, {}, comment
        return 404, {}, {"message": "Not Found"}

    def list_pulls(self, path, query, headers, body):
        owner, _, branch = query.get("head", "").partition(":")
        if query.get("state") not in ("open", "closed", "all") or not branch:
            return self.wrong(f"pulls asked for with {query}")
        found = [p for p in self.pulls if (p["head"]["user"]["login"], p["head"]["ref"]) == (owner, branch)
                 and query["state"] in (p["state"], "all")]
        return self.page(found, query, ["state", "head", "base", "sort", "direction"], path)

    def list_checks(self, path, query, headers, body, sha):
        runs = [c for c in self.checks if c["head_sha"] == sha and c["name"] == query.get("check_name", c["name"])]
        status, more, page = self.page(runs, query, ["check_name", "status", "filter", "app_id"], path)
        return status, more, {"total_count": len(runs), "check_runs": page} if status == 200 else page

    def check_output(self, value):
        output = value.get("output", {})
        wrong = self.check(output, {"title": str, "summary": str}, {"text": str, "annotations": list, "images": list})
        if len(output.get("annotations", [])) > 50:
            wrong = "more than 50 annotations"
        for note in output.get("annotations", []):
            wrong = wrong or self.check(note, {"path": str, "start_line": int, "end_line": int,
                                               "annotation_level": str, "message": str},
                                        {"title": str, "raw_details": str, "start_column": int, "end_column": int})
            if note.get("annotation_level") not in ("notice", "warning", "failure") or note.get("start_line", 0) < 1:
                wrong = wrong or f"annotation {note}"
        if value.get("conclusion") not in ("success", "failure", "neutral", "cancelled", "skipped", "timed_out",
                                           "action_required"):
            wrong = wrong or f"conclusion {value.get('conclusion')}"
        return wrong

    check_fields = {"status": str, "conclusion": str, "output": dict, "external_id": str, "details_url": str,
                    "started_at": str, "completed_at": str, "actions": list}

    def create_check(self, path, query, headers, body):
        if not self.may_check:
            return 403, {}, {"message": "Resource not accessible by integration"}
        value = self.fields(body, headers, {"name": str, "head_sha": str}, self.check_fields)
        wrong = value is None or self.check_output(value)
        if wrong:
            return self.wrong(str(wrong))
        run = {"id": self.new_id(), "annotations": [], "external_id": "", **value}
        self.checks.append(run)
        return 201, {}, self.with_output(run, value)

    def update_check(self, path, query, headers, body, ident):
        value = self.fields(body, headers, {}, {"name": str, **self.check_fields})
        wrong = value is None or self.check_output(value)
        if wrong:
            return self.wrong(str(wrong))
        run = next(c for c in self.checks if c["id"] == int(ident))
        return 200, {}, self.with_output(run, value)

    def with_output(self, run, value):
        run["annotations"] += value["output"].get("annotations", [])  # a later request adds to them
        run["output"] = {"title": value["output"]["title"], "summary": value["output"]["summary"], "text": None,
                         "annotations_count": len(run["annotations"]), "annotations_url": "https://api.github.com/"}
        return run


class Enterprise(GitHub):
    """A GitHub of one's own: REST below /api/v3, GraphQL beside it."""

    prefix = "/api/v3"

    def graphql_path(self):
        return "/api/graphql"


class GitLab(Fake):
    prefix = "/api/v4"
    project, number = "shop/api", 7

    def __init__(self):
        super().__init__()
        self.token, self.me = TOKEN, {"id": 55, "username": "project_1_bot", "name": "svcgate"}
        self.keyset = False

    def add(self, body, user=None, number=None, system=False):
        note = {"id": self.new_id(), "body": body, "author": user or self.me, "system": system,
                "noteable_type": "MergeRequest", "noteable_iid": number or self.number, "internal": False}
        self.comments.append(note)
        return note

    def page_headers(self, query, path, next_page):
        if self.keyset:
            more = urllib.parse.urlencode({**query, "page": next_page, "pagination": "keyset"})
            return {"Link": f'<http://gitlab.internal{path}?{more}>; rel="next"'} if next_page else {}
        return {"X-Next-Page": str(next_page or ""), "X-Per-Page": str(self.page_size)}

    def serve(self, method, path, query, headers, body):
        if headers.get("PRIVATE-TOKEN") != self.token or "Authorization" in headers:
            return 401, {}, {"message": "401 Unauthorized"}
        if not re.fullmatch(r"svcgate \d+\.\d+\.\d+", headers.get("User-Agent", "")):
            return self.wrong(f"User-Agent {headers.get('User-Agent')}")
        notes = r"/api/v4/projects/(\d+|[^/]+%2F[^/]+)/merge_requests/(\d+)/notes"
        routes = [("GET", "/api/v4/user", self.get_user), ("GET", notes, self.list_notes),
                  ("POST", notes, self.create_note), ("PUT", notes + r"/(\d+)", self.update_note)]
        for known, pattern, call in routes:
            match = re.fullmatch(pattern, path)
            if known == method and match:
                return call(path, query, headers, body, *match.groups())
        return self.wrong(f"no such operation: {method} {path}")

    def get_user(self, path, query, headers, body):
        return 200, {}, self.me

    def is_known(self, project, number):
        return urllib.parse.unquote(project) in (self.project, "12") and int(number) == self.number

    def list_notes(self, path, query, headers, body, project, number):
        if not self.is_known(project, number):
            return 404, {}, {"message": "404 Project Not Found"}
        newest_first = sorted(self.comments, key=lambda note: -note["id"])
        return self.page(newest_first, query, ["sort", "order_by", "activity_filter", "pagination"], path)

    def text(self, body, headers):
        value = self.fields(body, headers, {"body": str}, {"internal": int, "created_at": str})
        if value and len(value["body"]) > 1000000:
            return None, (400, {}, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}})
        for line in (value or {"body": ""})["body"].split("\n"):
            if line.strip().startswith("/"):
                self.violations.append(f"a quick action: {line}")
        self.violations += [f"a reference: {found}" for found in references((value or {"body": ""})["body"])]
        return value, (400, {}, {"error": "body is invalid"})

    def create_note(self, path, query, headers, body, project, number):
        value, refusal = self.text(body, headers)
        if not self.is_known(project, number):
            return 404, {}, {"message": "404 Not found"}
        return (201, {}, self.add(value["body"])) if value else refusal

    def update_note(self, path, query, headers, body, project, number, ident):
        value, refusal = self.text(body, headers)
        note = next((n for n in self.comments if n["id"] == int(ident)), None)
        if not value or not note:
            return refusal if note else (404, {}, {"message": "404 Not found"})
        note["body"] = value["body"]
        return 200, {}, note


def references(markdown):
    """What GitLab would link, and make a note of at the other end: https://docs.gitlab.com/user/markdown
    (GitLab-specific references). It looks for them when Markdown's own backslashes are gone; not in code."""
    text = re.sub(r"^ *(`{3,})[^`\n]*\n.*?^ *\1`*$", "", markdown, flags=re.S | re.M)
    text = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    text = re.sub(r"&#?\w+;", "", re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))
    return re.findall(r'[@][\w.-]+|[!#$&~%^]["\w][^ ]*|\[\w+:|\*iteration:', text)


def http_date(seconds):
    """A Retry-After date that many seconds from now."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds))
