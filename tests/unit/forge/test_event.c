/* SPDX-License-Identifier: Apache-2.0 */
/* Which pull request an event of GitHub is about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forge/internal.h"

#include <stdlib.h>
#include <string.h>

#define SHA "3dca65fa3e8d4b3da3f3d056c59aee1c50f41390"

static struct sg_forge_place place;
static struct sg_error err;

static bool reads(const char *event, const char *name)
{
    return sg_github_event_read(event, strlen(event), name, &place, &err);
}

static int tear_down(void **state)
{
    (void)state;
    sg_forge_place_clear(&place);
    return 0;
}

static void a_pull_request_names_itself(void **state)
{
    (void)state;
    assert_true(reads("{\"pull_request\": {\"number\": 7, \"head\": {\"sha\": \"" SHA "\"}}}",
                      "pull_request"));
    assert_int_equal(place.request, 7);
    assert_string_equal(place.commit, SHA);
    assert_null(place.none);
}

static void a_flag_beats_the_event(void **state)
{
    (void)state;
    place = (struct sg_forge_place){.request = 9, .commit = sg_strdup("abcdef0")};
    assert_true(reads("{\"pull_request\": {\"number\": 7, \"head\": {\"sha\": \"" SHA "\"}}}",
                      "pull_request"));
    assert_int_equal(place.request, 9);
    assert_string_equal(place.commit, "abcdef0");
}

static void a_comment_on_a_pull_request_names_it(void **state)
{
    (void)state;
    assert_true(reads("{\"issue\": {\"number\": 7, \"pull_request\": {}}}", "issue_comment"));
    assert_int_equal(place.request, 7);
    assert_null(place.commit);
}

static void a_comment_on_an_issue_is_about_no_pull_request(void **state)
{
    (void)state;
    assert_true(reads("{\"issue\": {\"number\": 7}}", "issue_comment"));
    assert_int_equal(place.request, 0);
    assert_string_equal(place.none, "the event issue_comment belongs to no pull request");
}

static void a_run_with_one_pull_request_is_about_that(void **state)
{
    (void)state;
    assert_true(reads("{\"repository\": {\"id\": 5}, \"workflow_run\": {\"head_sha\": \"" SHA "\","
                      "\"pull_requests\": [{\"number\": 7, \"base\": {\"repo\": {\"id\": 5}}}]}}",
                      "workflow_run"));
    assert_int_equal(place.request, 7);
    assert_string_equal(place.commit, SHA);
    assert_null(place.head);
}

static void a_pull_request_into_another_repository_does_not_count(void **state)
{
    (void)state;
    assert_true(
        reads("{\"repository\": {\"id\": 5}, \"workflow_run\": {\"head_sha\": \"" SHA "\","
              "\"head_branch\": \"fast\", \"head_repository\": {\"owner\": {\"login\": "
              "\"shop\"}}, \"pull_requests\": [{\"number\": 7, \"base\": {\"repo\": {\"id\": "
              "6}}}]}}",
              "workflow_run"));
    assert_int_equal(place.request, 0);
    assert_string_equal(place.head, "shop:fast");
}

static void of_several_pull_requests_none_is_taken_but_the_head(void **state)
{
    (void)state;
    assert_true(reads("{\"workflow_run\": {\"head_sha\": \"" SHA "\", \"head_branch\": \"fast\","
                      "\"head_repository\": {\"owner\": {\"login\": \"shop\"}},"
                      "\"pull_requests\": [{\"number\": 7}, {\"number\": 8}]}}",
                      "workflow_run"));
    assert_int_equal(place.request, 0);
    assert_string_equal(place.head, "shop:fast");
}

static void a_run_of_a_fork_is_known_by_its_head(void **state)
{
    (void)state;
    assert_true(reads("{\"workflow_run\": {\"head_sha\": \"" SHA "\", \"head_branch\": \"a&b=c\","
                      "\"head_repository\": {\"owner\": {\"login\": \"ada\"}},"
                      "\"pull_requests\": []}}",
                      "workflow_run"));
    assert_string_equal(place.head, "ada:a&b=c");
    place.repository = sg_strdup("shop/api");
    char *path = sg_github_pulls(&place);
    assert_string_equal(path, "/repos/shop/api/pulls?state=open&head=ada%3Aa%26b%3Dc&per_page=100");
    free(path);
}

static void a_run_whose_fork_is_gone_has_no_pull_request(void **state)
{
    (void)state;
    assert_true(reads("{\"workflow_run\": {\"head_sha\": \"" SHA "\", \"head_branch\": \"fast\","
                      "\"head_repository\": null, \"pull_requests\": []}}",
                      "workflow_run"));
    assert_int_equal(place.request, 0);
    assert_null(place.head);
    assert_non_null(place.none);
}

static void a_number_that_is_none_is_not_taken(void **state)
{
    (void)state;
    static const char *const numbers[] = {"-1", "0", "\"7\"", "1e300", "null", "{}"};
    for (size_t i = 0; i < SG_COUNT(numbers); i++) {
        char *event = sg_format("{\"pull_request\": {\"number\": %s}}", numbers[i]);
        assert_true(reads(event, "pull_request"));
        assert_int_equal(place.request, 0);
        assert_non_null(place.none);
        free(event);
        sg_forge_place_clear(&place);
    }
}

static void an_event_that_is_no_json_is_an_error(void **state)
{
    (void)state;
    assert_false(reads("{", "push"));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
}

#define CLEARED(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLEARED(a_pull_request_names_itself),
        CLEARED(a_flag_beats_the_event),
        CLEARED(a_comment_on_a_pull_request_names_it),
        CLEARED(a_comment_on_an_issue_is_about_no_pull_request),
        CLEARED(a_run_with_one_pull_request_is_about_that),
        CLEARED(a_pull_request_into_another_repository_does_not_count),
        CLEARED(of_several_pull_requests_none_is_taken_but_the_head),
        CLEARED(a_run_of_a_fork_is_known_by_its_head),
        CLEARED(a_run_whose_fork_is_gone_has_no_pull_request),
        CLEARED(a_number_that_is_none_is_not_taken),
        CLEARED(an_event_that_is_no_json_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
