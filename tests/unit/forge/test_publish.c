/* SPDX-License-Identifier: Apache-2.0 */
/* Requests as they are on the wire, and what answers become. Scenarios with whole servers are in
 * tests/cli/test_publish.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "forge/internal.h"

#include "unit/http/server.h"

#include <stdio.h>

#define TOKEN "tok_5ecret"
#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body
#define USER ANSWER("200 OK", "{\"id\": 5}")
#define NONE ANSWER("200 OK", "[]")
#define MADE ANSWER("201 Created", "{\"id\": 9, \"html_url\": \"https://h/9\"}")

static struct server server;
static struct sg_forge_place place;
static struct sg_forge_outcome outcome;
static struct sg_error err;

static void serve(const struct sg_forge *forge, const struct answer *answers, size_t count)
{
    assert_true(server_bind_tcp(&server));
    assert_true(server_start(&server, answers, count));
    place = (struct sg_forge_place){.forge = forge,
                                    .api = sg_format("http://127.0.0.1:%d/base", server.port),
                                    .repository = sg_strdup("shop/api"),
                                    .request = 7};
}

static bool publish(const char *body)
{
    struct sg_forge_post post = {.name = "api",
                                 .body = body,
                                 .comment = true,
                                 .create = true,
                                 .agent = "svcgate 0.1.0",
                                 .timeout = 60};
    return sg_forge_publish(&place, &post, TOKEN, &outcome, &err);
}

static int tear_down(void **state)
{
    (void)state;
    server_stop(&server);
    sg_forge_place_clear(&place);
    sg_forge_outcome_clear(&outcome);
    sg_interrupt_reset();
    return 0;
}

static void has(size_t request, const char *text)
{
    if (!strstr(server.requests[request], text))
        fail_msg("request %zu lacks %s:\n%s", request, text, server.requests[request]);
}

static void a_comment_for_github_is_looked_for_and_made(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {USER, false, false}, {NONE, false, false}, {MADE, false, false}};
    serve(&sg_github, answers, 3);
    assert_true(publish("text \"quoted\"\n"));
    assert_int_equal(outcome.done, SG_FORGE_CREATED);
    assert_string_equal(outcome.url, "https://h/9");
    has(0, "GET /base/user HTTP/1.1\r\n");
    has(1, "GET /base/repos/shop/api/issues/7/comments?per_page=100 HTTP/1.1\r\n");
    has(2, "POST /base/repos/shop/api/issues/7/comments HTTP/1.1\r\n");
    for (size_t i = 0; i < 3; i++) {
        has(i, "\r\nAuthorization: Bearer " TOKEN "\r\n");
        has(i, "\r\nAccept: application/vnd.github+json\r\n");
        has(i, "\r\nX-GitHub-Api-Version: 2022-11-28\r\n");
        has(i, "\r\nUser-Agent: svcgate 0.1.0\r\n");
    }
    has(2, "\r\nContent-Type: application/json\r\n");
    has(2, "\r\n\r\n{\"body\": \"<!-- svcgate:api -->\\ntext \\\"quoted\\\"\\n\"}");
}

static void a_note_for_gitlab_is_updated_by_put(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {USER, false, false},
        {ANSWER("200 OK",
                "[{\"id\": 3, \"author\": {\"id\": 5}, \"body\": \"<!-- svcgate:api -->\\nold\"}]"),
         false, false},
        {MADE, false, false}};
    serve(&sg_gitlab, answers, 3);
    assert_true(publish("new"));
    assert_int_equal(outcome.done, SG_FORGE_UPDATED);
    has(1, "GET /base/projects/shop%2Fapi/merge_requests/7/notes?per_page=100 HTTP/1.1\r\n");
    has(2, "PUT /base/projects/shop%2Fapi/merge_requests/7/notes/3 HTTP/1.1\r\n");
    has(2, "\r\nPRIVATE-TOKEN: " TOKEN "\r\n");
    assert_null(strstr(server.requests[2], "Authorization"));
}

static void without_an_answer_to_the_comment_it_is_looked_for_before_another(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {USER, false, false},
        {NONE, false, false},
        {"", false, false}, /* made, but nobody says so */
        {ANSWER("200 OK",
                "[{\"id\": 3, \"user\": {\"id\": 5}, \"body\": \"<!-- svcgate:api -->\\ntext\"}]"),
         false, false}};
    serve(&sg_github, answers, 4);
    assert_true(publish("text"));
    assert_int_equal(outcome.done, SG_FORGE_CREATED);
    assert_int_equal(server.served, 4);
}

static void an_interruption_ends_it(void **state)
{
    (void)state;
    static const struct answer answers[] = {{USER, false, false}, {"", true, true}};
    serve(&sg_github, answers, 2);
    sg_interrupt_install();
    assert_false(publish("text"));
    assert_int_equal(err.kind, SG_ERROR_INTERRUPTED);
}

static void a_list_without_end_is_given_up(void **state)
{
    (void)state;
    static struct answer answers[SG_FORGE_PAGES + 2];
    answers[0].text = USER;
    for (size_t i = 1; i < SG_COUNT(answers); i++)
        answers[i].text = ANSWER("200 OK\r\nX-Next-Page: 2", "[]");
    serve(&sg_gitlab, answers, SG_COUNT(answers));
    assert_false(publish("text"));
    assert_non_null(strstr(err.text, "more than 100 pages"));
    assert_int_equal(server.served, SG_FORGE_PAGES + 1);
}

static void what_a_server_says_is_one_line_without_the_token(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {ANSWER("401 No", "{\"message\": \"a\\n\\u001b[31m\\u0085" TOKEN TOKEN " b\"}"), false,
         false}};
    serve(&sg_github, answers, 1);
    assert_false(publish("text"));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_non_null(strstr(err.text, "(401, a  [31m ****** b): the token does not count here"));
}

/* Under AddressSanitizer nothing of such an answer may be left. */
static void an_answer_that_is_no_json_is_given_back_whole(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {USER, false, false}, {ANSWER("200 OK\r\nX-Next-Page: 2", "<html>"), false, false}};
    serve(&sg_gitlab, answers, 2);
    assert_false(publish("text"));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_non_null(strstr(err.text, "status 200, but not with JSON"));
}

#define SERVED(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(a_comment_for_github_is_looked_for_and_made),
        SERVED(a_note_for_gitlab_is_updated_by_put),
        SERVED(without_an_answer_to_the_comment_it_is_looked_for_before_another),
        SERVED(an_interruption_ends_it),
        SERVED(a_list_without_end_is_given_up),
        SERVED(what_a_server_says_is_one_line_without_the_token),
        SERVED(an_answer_that_is_no_json_is_given_back_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
