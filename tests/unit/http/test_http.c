/* SPDX-License-Identifier: Apache-2.0 */
/* Requests against a server of the test's own. Times are only compared with lower bounds, or with
 * deadlines that a broken implementation would overrun by hours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/http.h"

#include "unit/http/server.h"
#include "unit/refusing_port.h"

#include <stdio.h>

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OK_HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define BUSY(after)                                                                                \
    "HTTP/1.1 503 Busy\r\n" after "Content-Length: 4\r\nConnection: close\r\n\r\nbusy"

static struct server server;
static struct sg_http_response response;
static struct sg_error err;
static char url[256];

/* The server listens and `url` is its address, "http://127.0.0.1:PORT/path". */
static void serve(const struct answer *answers, size_t count, const char *path)
{
    assert_true(server_bind_tcp(&server));
    assert_true(server_start(&server, answers, count));
    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", server.port, path);
}

static int forget(void **state)
{
    (void)state;
    sg_http_response_free(&response);
    sg_interrupt_reset();
    err = (struct sg_error){0};
    return 0;
}

static int tear_down(void **state)
{
    server_stop(&server);
    return forget(state);
}

static void an_answer_comes_with_status_body_and_link(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 404 Not Found\r\nlink:  <http://h/?page=2>; rel=\"next\" \r\n"
         "Content-Length: 4\r\n\r\nnone",
         false, false}};
    serve(answers, 1, "/a/b?q=1");
    assert_true(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
    assert_int_equal(response.status, 404);
    assert_string_equal(response.body, "none");
    assert_int_equal(response.size, 4);
    char *link = sg_http_header(&response, "Link");
    assert_string_equal(link, "<http://h/?page=2>; rel=\"next\"");
    free(link);
    assert_null(sg_http_header(&response, "Lin"));
    assert_true(sg_starts_with(server.requests[0], "GET /a/b?q=1 HTTP/1.1\r\n"));
}

static void without_a_body_the_answer_is_an_empty_string(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_EMPTY, false, false}};
    serve(answers, 1, "/");
    assert_true(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
    assert_string_equal(response.body, "");
    assert_null(sg_http_header(&response, "Link"));
}

static void a_body_is_posted_with_the_given_headers(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_HELLO, false, false}};
    static const char *const headers[] = {"Content-Type: application/json", "X-Token: t", NULL};
    serve(answers, 1, "/");
    struct sg_http_request request = {
        .url = url, .headers = headers, .body = "{\"a\"\0:1}", .body_size = 8};
    assert_true(sg_http(&request, &response, &err));
    assert_true(sg_starts_with(server.requests[0], "POST / HTTP/1.1\r\n"));
    assert_non_null(strstr(server.requests[0], "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(server.requests[0], "\r\nX-Token: t\r\n"));
    const char *body = strstr(server.requests[0], "\r\n\r\n") + 4;
    assert_memory_equal(body, "{\"a\"\0:1}", 8);
}

static void a_method_is_sent_as_given(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_EMPTY, false, false}};
    serve(answers, 1, "/x");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .method = "DELETE"}, &response, &err));
    assert_true(sg_starts_with(server.requests[0], "DELETE /x HTTP/1.1\r\n"));
}

static void a_put_keeps_its_method_and_body(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_EMPTY, false, false}};
    serve(answers, 1, "/x");
    struct sg_http_request request = {.url = url, .method = "PUT", .body = "abc", .body_size = 3};
    assert_true(sg_http(&request, &response, &err));
    assert_true(sg_starts_with(server.requests[0], "PUT /x HTTP/1.1\r\n"));
    assert_true(sg_ends_with(server.requests[0], "\r\n\r\nabc"));
}

static void a_unix_socket_is_spoken_to(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_HELLO, false, false}};
    char path[64];
    snprintf(path, sizeof(path), "/tmp/svcgate-test-%ld.sock", (long)getpid());
    assert_true(server_bind_unix(&server, path));
    assert_true(server_start(&server, answers, 1));
    struct sg_http_request request = {.url = "http://engine/v1/info", .unix_socket = path};
    bool ok = sg_http(&request, &response, &err);
    unlink(path);
    assert_true(ok);
    assert_string_equal(response.body, "hello");
    assert_true(sg_starts_with(server.requests[0], "GET /v1/info HTTP/1.1\r\n"));
    assert_non_null(strstr(server.requests[0], "\r\nHost: engine\r\n"));
}

/* libcurl takes no option of more than 8 MB. Without its socket the request would go elsewhere. */
static void a_socket_that_is_not_taken_is_an_error_and_nothing_is_sent(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_HELLO, false, false}};
    serve(answers, 1, "/");
    char *path = sg_format("%09000000d", 0);
    struct sg_http_request request = {.url = url, .unix_socket = path};
    bool ok = sg_http(&request, &response, &err);
    free(path);
    assert_false(ok);
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
}

static void a_busy_server_is_asked_again_after_the_time_it_names(void **state)
{
    (void)state;
    static const struct answer answers[] = {{BUSY("Retry-After: 1\r\n"), false, false},
                                            {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    int64_t start = sg_clock_monotonic();
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .tries = 2, .timeout = 60}, &response, &err));
    assert_true(sg_clock_monotonic() - start >= SG_SECOND);
    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, "hello");
    assert_int_equal(server.served, 2);
}

static void without_retry_after_the_pause_is_at_least_half_the_back_off(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {BUSY(""), false, false}, {BUSY(""), false, false}, {OK_HELLO, false, false}};
    serve(answers, 3, "/");
    int64_t start = sg_clock_monotonic();
    assert_true(sg_http(&(struct sg_http_request){.url = url, .tries = 3}, &response, &err));
    assert_true(sg_clock_monotonic() - start >= (100 + 200) * SG_MILLISECOND);
    assert_int_equal(response.status, 200);
}

static void when_the_tries_are_used_up_the_last_answer_counts(void **state)
{
    (void)state;
    static const struct answer answers[] = {{BUSY(""), false, false}, {BUSY(""), false, false}};
    serve(answers, 2, "/");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .tries = 2, .timeout = 60}, &response, &err));
    assert_int_equal(response.status, 503);
    assert_string_equal(response.body, "busy");
    assert_int_equal(server.served, 2);
}

static void a_pause_past_the_deadline_is_not_waited_for(void **state)
{
    (void)state;
    static const struct answer answers[] = {{BUSY("Retry-After: 99999999\r\n"), false, false},
                                            {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .tries = 9, .timeout = 5}, &response, &err));
    assert_int_equal(response.status, 503);
    assert_int_equal(server.served, 1);
}

static void a_client_error_is_not_repeated(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", false, false}, {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    assert_true(sg_http(&(struct sg_http_request){.url = url, .tries = 9}, &response, &err));
    assert_int_equal(response.status, 400);
    assert_int_equal(server.served, 1);
}

static void a_refusal_with_a_time_to_come_back_is_a_rate_limit(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 403 No\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n", false, false},
        {"HTTP/1.1 403 No\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 1\r\n"
         "Content-Length: 0\r\n\r\n",
         false, false},
        {OK_HELLO, false, false}};
    serve(answers, 3, "/");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .tries = 3, .timeout = 60}, &response, &err));
    assert_int_equal(response.status, 200);
    assert_int_equal(server.served, 3);
}

static void a_refusal_alone_is_for_good(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 403 No\r\nX-RateLimit-Remaining: 7\r\nContent-Length: 0\r\n\r\n", false, false},
        {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .tries = 3, .timeout = 60}, &response, &err));
    assert_int_equal(response.status, 403);
    assert_false(response.busy);
    assert_int_equal(server.served, 1);
}

static void a_limit_that_ends_after_the_deadline_is_not_waited_for(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 403 No\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 99999999999\r\n"
         "Content-Length: 0\r\n\r\n",
         false, false},
        {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .tries = 3, .timeout = 60}, &response, &err));
    assert_int_equal(response.status, 403);
    assert_true(response.busy);
    assert_true(response.retry_after > 1000000);
    assert_int_equal(server.served, 1);
}

static void a_time_to_come_back_may_be_a_date(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {BUSY("Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n"), false, false}};
    serve(answers, 1, "/");
    assert_true(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
    assert_true(response.busy);
    assert_true(response.retry_after > 1000000);
}

static void a_time_that_is_over_or_no_time_asks_for_no_pause(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {BUSY("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"), false, false},
        {BUSY("Retry-After: -7\r\n"), false, false},
        {BUSY("Retry-After: soon\r\n"), false, false}};
    serve(answers, 3, "/");
    for (size_t i = 0; i < SG_COUNT(answers); i++) {
        response.retry_after = 1;
        assert_true(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
        assert_true(response.busy);
        assert_int_equal(response.retry_after, 0);
        sg_http_response_free(&response);
    }
}

static void a_try_that_takes_too_long_is_followed_by_another(void **state)
{
    (void)state;
    static const struct answer answers[] = {{"", true, false}, {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    struct sg_http_request request = {.url = url, .timeout = 60, .try_timeout = 0.2, .tries = 2};
    assert_true(sg_http(&request, &response, &err));
    assert_string_equal(response.body, "hello");
    assert_int_equal(server.served, 2);
}

static void a_cut_off_answer_is_an_error(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", false, false}};
    serve(answers, 1, "/data");
    assert_false(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_true(sg_starts_with(err.text, url));
    assert_null(strstr(err.text, "tries")); /* there was but one */
    assert_null(response.body);
}

static void a_cut_off_chunk_is_an_error(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", false, false}};
    serve(answers, 1, "/");
    assert_false(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
}

static void a_cut_off_answer_is_asked_for_again(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", false, false},
        {"", false, false},
        {OK_HELLO, false, false}};
    serve(answers, 3, "/");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .tries = 3, .timeout = 60}, &response, &err));
    assert_string_equal(response.body, "hello");
    assert_int_equal(server.served, 3);
}

static void an_answer_of_just_the_limit_is_taken(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_HELLO, false, false}};
    serve(answers, 1, "/");
    assert_true(sg_http(&(struct sg_http_request){.url = url, .limit = 5}, &response, &err));
    assert_string_equal(response.body, "hello");
}

static void a_larger_answer_is_an_error_and_not_repeated(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_HELLO, false, false}, {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    assert_false(
        sg_http(&(struct sg_http_request){.url = url, .limit = 4, .tries = 2}, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_non_null(strstr(err.text, "larger than the 4 bytes"));
    assert_int_equal(server.served, 1);
}

static void a_silent_server_is_given_up_at_the_deadline(void **state)
{
    (void)state;
    static const struct answer answers[] = {{"", true, false}, {OK_HELLO, false, false}};
    serve(answers, 2, "/slow");
    struct sg_http_request request = {.url = url, .timeout = 0.2, .tries = 5};
    assert_false(sg_http(&request, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_true(sg_starts_with(err.text, url));
    assert_int_equal(server.served, 1);
}

static void an_answer_that_stops_in_the_middle_is_given_up_at_the_deadline(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", true, false}};
    serve(answers, 1, "/");
    assert_false(sg_http(&(struct sg_http_request){.url = url, .timeout = 0.2}, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_null(response.body);
}

static void an_interruption_ends_the_request(void **state)
{
    (void)state;
    static const struct answer answers[] = {{"", true, true}};
    serve(answers, 1, "/");
    sg_interrupt_install();
    assert_false(sg_http(&(struct sg_http_request){.url = url, .timeout = 3600, .tries = 9},
                         &response, &err));
    assert_int_equal(err.kind, SG_ERROR_INTERRUPTED);
    assert_int_equal(server.served, 1);
}

static void after_an_interruption_only_the_uninterruptible_are_made(void **state)
{
    (void)state;
    static const struct answer answers[] = {{BUSY("Retry-After: 1\r\n"), false, false},
                                            {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    sg_interrupt_install();
    raise(SIGTERM);
    assert_false(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_INTERRUPTED);
    assert_int_equal(server.served, 0);
    struct sg_http_request request = {
        .url = url, .uninterruptible = true, .tries = 2, .timeout = 60};
    assert_true(sg_http(&request, &response, &err));
    assert_int_equal(response.status, 200);
}

static void a_refused_connection_names_the_url_without_its_secrets(void **state)
{
    (void)state;
    int refusing = -1;
    int refused = refusing_port(&refusing);
    snprintf(url, sizeof(url), "http://user:secret@127.0.0.1:%d/api/v1?token=secret#secret",
             refused);
    struct sg_http_request request = {.url = url, .tries = 2, .timeout = 60};
    assert_false(sg_http(&request, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_null(strstr(err.text, "secret"));
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/api/v1: ", refused);
    assert_true(sg_starts_with(err.text, url));
    assert_true(sg_ends_with(err.text, "(2 tries)"));
    close(refusing);
}

static void a_plain_get_follows_a_redirect_and_forgets_its_headers(void **state)
{
    (void)state;
    char redirect[256];
    struct answer answers[] = {{redirect, false, false}, {OK_HELLO, false, false}};
    assert_true(server_bind_tcp(&server));
    snprintf(redirect, sizeof(redirect),
             "HTTP/1.1 302 Found\r\nLink: <x>\r\nLocation: http://127.0.0.1:%d/next\r\n"
             "Connection: close\r\nContent-Length: 0\r\n\r\n",
             server.port);
    assert_true(server_start(&server, answers, 2));
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", server.port);
    assert_true(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
    assert_int_equal(response.status, 200);
    assert_null(sg_http_header(&response, "Link"));
    assert_true(sg_starts_with(server.requests[1], "GET /next "));
}

static void one_that_is_to_stay_gets_the_redirect_itself(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n", false, false},
        {OK_HELLO, false, false}};
    serve(answers, 2, "/");
    assert_true(sg_http(&(struct sg_http_request){.url = url, .stay = true}, &response, &err));
    assert_int_equal(response.status, 302);
    assert_int_equal(server.served, 1);
}

static void of_a_larger_answer_the_beginning_can_be_enough(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_HELLO, false, false}};
    serve(answers, 1, "/");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .limit = 4, .cut = true}, &response, &err));
    assert_int_equal(response.status, 200);
    assert_true(response.size <= 4);
}

static void a_request_with_headers_carries_them_to_no_other_place(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n", false, false},
        {OK_HELLO, false, false}};
    static const char *const headers[] = {"PRIVATE-TOKEN: t", NULL};
    serve(answers, 2, "/");
    assert_true(
        sg_http(&(struct sg_http_request){.url = url, .headers = headers}, &response, &err));
    assert_int_equal(response.status, 302);
    assert_int_equal(server.served, 1);
}

static void a_redirect_to_another_protocol_is_refused(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {"HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n", false,
         false}};
    serve(answers, 1, "/");
    assert_false(sg_http(&(struct sg_http_request){.url = url}, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
}

static void loopback_is_asked_directly_whatever_the_proxy(void **state)
{
    (void)state;
    static const struct answer answers[] = {{OK_HELLO, false, false}};
    serve(answers, 1, "/");
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("no_proxy", "example.com", 1);
    bool ok = sg_http(&(struct sg_http_request){.url = url}, &response, &err);
    unsetenv("http_proxy");
    unsetenv("no_proxy");
    assert_true(ok);
    assert_string_equal(response.body, "hello");
}

static void only_http_is_spoken(void **state)
{
    (void)state;
    assert_false(
        sg_http(&(struct sg_http_request){.url = "file:///etc/hostname"}, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_false(sg_http(&(struct sg_http_request){.url = "not a url"}, &response, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_true(sg_starts_with(err.text, "not a url: "));
}

static void all_but_unreserved_characters_are_escaped(void **state)
{
    (void)state;
    char *escaped = sg_http_escape("aZ09-._~ /?&=%+é\"{}");
    assert_string_equal(escaped, "aZ09-._~%20%2F%3F%26%3D%25%2B%C3%A9%22%7B%7D");
    free(escaped);
    escaped = sg_http_escape("");
    assert_string_equal(escaped, "");
    free(escaped);
}

#define SERVED(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(an_answer_comes_with_status_body_and_link),
        SERVED(without_a_body_the_answer_is_an_empty_string),
        SERVED(a_body_is_posted_with_the_given_headers),
        SERVED(a_method_is_sent_as_given),
        SERVED(a_put_keeps_its_method_and_body),
        SERVED(a_unix_socket_is_spoken_to),
        SERVED(a_socket_that_is_not_taken_is_an_error_and_nothing_is_sent),
        SERVED(a_busy_server_is_asked_again_after_the_time_it_names),
        SERVED(without_retry_after_the_pause_is_at_least_half_the_back_off),
        SERVED(when_the_tries_are_used_up_the_last_answer_counts),
        SERVED(a_pause_past_the_deadline_is_not_waited_for),
        SERVED(a_client_error_is_not_repeated),
        SERVED(a_refusal_with_a_time_to_come_back_is_a_rate_limit),
        SERVED(a_refusal_alone_is_for_good),
        SERVED(a_limit_that_ends_after_the_deadline_is_not_waited_for),
        SERVED(a_time_to_come_back_may_be_a_date),
        SERVED(a_time_that_is_over_or_no_time_asks_for_no_pause),
        SERVED(a_try_that_takes_too_long_is_followed_by_another),
        SERVED(a_cut_off_answer_is_an_error),
        SERVED(a_cut_off_chunk_is_an_error),
        SERVED(a_cut_off_answer_is_asked_for_again),
        SERVED(an_answer_of_just_the_limit_is_taken),
        SERVED(a_larger_answer_is_an_error_and_not_repeated),
        SERVED(a_silent_server_is_given_up_at_the_deadline),
        SERVED(an_answer_that_stops_in_the_middle_is_given_up_at_the_deadline),
        SERVED(an_interruption_ends_the_request),
        SERVED(after_an_interruption_only_the_uninterruptible_are_made),
        cmocka_unit_test_teardown(a_refused_connection_names_the_url_without_its_secrets, forget),
        SERVED(one_that_is_to_stay_gets_the_redirect_itself),
        SERVED(of_a_larger_answer_the_beginning_can_be_enough),
        SERVED(a_plain_get_follows_a_redirect_and_forgets_its_headers),
        SERVED(a_request_with_headers_carries_them_to_no_other_place),
        SERVED(a_redirect_to_another_protocol_is_refused),
        SERVED(loopback_is_asked_directly_whatever_the_proxy),
        cmocka_unit_test(only_http_is_spoken),
        cmocka_unit_test(all_but_unreserved_characters_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
