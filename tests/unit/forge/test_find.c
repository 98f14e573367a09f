/* SPDX-License-Identifier: Apache-2.0 */
/* Where to publish: flags over the environment, addresses that a token may go to, the token. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forge/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct sg_forge_place place;
static struct sg_error err;

static const char *const variables[] = {"GITHUB_ACTIONS",    "GITHUB_API_URL",
                                        "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH",
                                        "GITHUB_EVENT_NAME", "GITHUB_SHA",
                                        "GITHUB_TOKEN",      "GH_TOKEN",
                                        "SVCGATE_TOKEN",     "GITLAB_TOKEN",
                                        "GITLAB_CI",         "CI_API_V4_URL",
                                        "CI_PROJECT_ID",     "CI_MERGE_REQUEST_IID",
                                        "CI_PROJECT_PATH",   "CI_MERGE_REQUEST_PROJECT_ID",
                                        "CI_JOB_TOKEN",      "CI_OPEN_MERGE_REQUESTS"};

static int clear(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_COUNT(variables); i++)
        unsetenv(variables[i]);
    sg_forge_place_clear(&place);
    err = (struct sg_error){0};
    return 0;
}

static bool find(struct sg_forge_wish wish)
{
    sg_forge_place_clear(&place);
    return sg_forge_find(&wish, &place, &err);
}

static void flags_are_enough(void **state)
{
    (void)state;
    assert_true(find((struct sg_forge_wish){
        .forge = "github", .repository = "shop/api", .request = 7, .commit = "abcdef0"}));
    assert_string_equal(place.api, "https://api.github.com");
    assert_string_equal(sg_forge_request_word(place.forge), "pull request");
    assert_true(find(
        (struct sg_forge_wish){.forge = "gitlab", .repository = "shop/sub/api", .request = 7}));
    assert_string_equal(place.api, "https://gitlab.com/api/v4");
    assert_string_equal(sg_forge_request_word(place.forge), "merge request");
}

static void the_environment_is_enough(void **state)
{
    (void)state;
    setenv("GITLAB_CI", "true", 1);
    setenv("CI_API_V4_URL", "https://git.example/api/v4/", 1);
    setenv("CI_PROJECT_ID", "34", 1);
    setenv("CI_MERGE_REQUEST_PROJECT_ID", "12", 1);
    setenv("CI_MERGE_REQUEST_IID", "7", 1);
    assert_true(find((struct sg_forge_wish){0}));
    assert_string_equal(place.api, "https://git.example/api/v4");
    assert_string_equal(place.repository, "12");
    assert_int_equal(place.request, 7);
}

static void a_flag_beats_the_environment(void **state)
{
    (void)state;
    setenv("GITHUB_ACTIONS", "true", 1);
    setenv("GITHUB_REPOSITORY", "shop/api", 1);
    setenv("GITHUB_API_URL", "https://ghe.example/api/v3", 1);
    assert_true(find((struct sg_forge_wish){
        .repository = "shop/other", .request = 3, .api = "https://other.example"}));
    assert_string_equal(place.repository, "shop/other");
    assert_string_equal(place.api, "https://other.example");
    /* The event is about another repository: its request is not taken. */
    assert_false(find((struct sg_forge_wish){.repository = "shop/other"}));
    assert_non_null(strstr(err.text, "which pull request of shop/other? Say it with --request"));
}

static void what_is_not_said_at_all_is_asked_for(void **state)
{
    (void)state;
    assert_false(find((struct sg_forge_wish){0}));
    assert_non_null(strstr(err.text, "--forge"));
    assert_false(find((struct sg_forge_wish){.forge = "gitea"}));
    assert_non_null(strstr(err.text, "known are github and gitlab"));
    assert_false(find((struct sg_forge_wish){.forge = "github"}));
    assert_non_null(strstr(err.text, "--repository"));
    assert_false(find((struct sg_forge_wish){.forge = "gitlab"}));
    assert_non_null(strstr(err.text, "--repository"));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
}

static void a_repository_is_an_owner_and_a_name(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",         "api",      "shop/",    "/api",   "shop/api/x", "shop/..", "../secret",
        "shop/a b", "shop/a?b", "shop/a#b", "sh%p/a", "shop\n/api", "./api"};
    for (size_t i = 0; i < SG_COUNT(wrong); i++) {
        assert_false(
            find((struct sg_forge_wish){.forge = "github", .repository = wrong[i], .request = 7}));
        assert_int_equal(err.kind, SG_ERROR_CONFIG);
    }
}

static void a_commit_is_a_hash(void **state)
{
    (void)state;
    static const char *const wrong[] = {"main", "abc", "../../x", "3dca65f?x"};
    for (size_t i = 0; i < SG_COUNT(wrong); i++)
        assert_false(find((struct sg_forge_wish){
            .forge = "github", .repository = "shop/api", .request = 7, .commit = wrong[i]}));
}

static void only_an_open_merge_request_that_is_alone_is_taken(void **state)
{
    (void)state;
    setenv("GITLAB_CI", "true", 1);
    setenv("CI_PROJECT_ID", "34", 1);
    assert_true(find((struct sg_forge_wish){0}));
    assert_int_equal(place.request, 0);
    assert_non_null(place.none);
    setenv("CI_OPEN_MERGE_REQUESTS", "group/project!12", 1);
    assert_true(find((struct sg_forge_wish){0}));
    assert_string_equal(place.repository, "group/project");
    assert_int_equal(place.request, 12);
    setenv("CI_OPEN_MERGE_REQUESTS", "group/project!12,group/project!13", 1);
    assert_false(find((struct sg_forge_wish){0}));
    setenv("CI_OPEN_MERGE_REQUESTS", "group/project", 1);
    assert_false(find((struct sg_forge_wish){0}));
}

static void a_token_goes_over_https_or_to_this_machine(void **state)
{
    (void)state;
    static const char *const right[] = {
        "https://api.github.com",   "HTTPS://API.GITHUB.COM", "https://git.example:8443/api/v4",
        "http://127.0.0.1:8080",    "http://localhost",       "http://[::1]:80/api",
        "http://LOCALHOST:1/api/v4"};
    static const char *const wrong[] = {"http://api.github.com",
                                        "http://127.0.0.1.example.com",
                                        "http://127.0.0.10",
                                        "http://localhost.example",
                                        "http://127.0.0.1@example.com",
                                        "https://user:secret@example.com",
                                        "https://example.com?x=1",
                                        "https://example.com/#x",
                                        "https://example.com\\@127.0.0.1",
                                        "https://exa mple.com",
                                        "https://example.com/a b",
                                        "https://example.com/\r\nX: y",
                                        "https://",
                                        "file:///etc/passwd",
                                        "example.com",
                                        ""};
    char *out = NULL;
    for (size_t i = 0; i < SG_COUNT(right); i++) {
        assert_true(sg_forge_address(right[i], &out, &err));
        assert_string_equal(out, right[i]);
        free(out);
    }
    for (size_t i = 0; i < SG_COUNT(wrong); i++) {
        assert_false(sg_forge_address(wrong[i], &out, &err));
        assert_int_equal(err.kind, SG_ERROR_CONFIG);
        assert_null(strstr(err.text, "secret"));
    }
    assert_true(sg_forge_address("https://x.example/api///", &out, &err));
    assert_string_equal(out, "https://x.example/api");
    free(out);
}

static void the_token_comes_from_the_first_variable_that_has_one(void **state)
{
    (void)state;
    char *token = NULL;
    assert_false(sg_forge_token(&sg_github, NULL, &token, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_null(token);
    static const char *const order[] = {"GH_TOKEN", "GITHUB_TOKEN", "SVCGATE_TOKEN"};
    for (size_t i = 0; i < SG_COUNT(order); i++) {
        setenv(order[i], order[i], 1);
        assert_true(sg_forge_token(&sg_github, NULL, &token, &err));
        assert_string_equal(token, order[i]);
        free(token);
    }
    assert_true(sg_forge_token(&sg_gitlab, NULL, &token, &err));
    assert_string_equal(token, "SVCGATE_TOKEN");
    free(token);
}

static void a_token_is_one_word(void **state)
{
    (void)state;
    static const char *const wrong[] = {"two words", "line\r\nX-Evil: 1", "caf\xC3\xA9", " \n",
                                        "a\tb"};
    char *token = NULL;
    for (size_t i = 0; i < SG_COUNT(wrong); i++) {
        setenv("GITHUB_TOKEN", wrong[i], 1);
        assert_false(sg_forge_token(&sg_github, NULL, &token, &err));
        assert_null(strstr(err.text, wrong[i]));
        assert_null(token);
    }
    setenv("GITHUB_TOKEN", " \tabc\r\n", 1);
    assert_true(sg_forge_token(&sg_github, NULL, &token, &err));
    assert_string_equal(token, "abc");
    free(token);
}

static void a_file_beats_the_environment(void **state)
{
    (void)state;
    char path[] = "/tmp/svcgate-token-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(write(fd, "from-file\n", 10), 10);
    close(fd);
    setenv("GITHUB_TOKEN", "from-environment", 1);
    char *token = NULL;
    bool ok = sg_forge_token(&sg_github, path, &token, &err);
    unlink(path);
    assert_true(ok);
    assert_string_equal(token, "from-file");
    free(token);
    assert_false(sg_forge_token(&sg_github, path, &token, &err)); /* it is gone */
}

static void a_jobs_own_token_of_gitlab_is_refused(void **state)
{
    (void)state;
    char *token = NULL;
    setenv("CI_JOB_TOKEN", "job", 1);
    setenv("GITLAB_TOKEN", "job", 1);
    assert_false(sg_forge_token(&sg_gitlab, NULL, &token, &err));
    assert_non_null(strstr(err.text, "CI_JOB_TOKEN cannot write notes"));
    assert_null(token);
}

#define CLEARED(name) cmocka_unit_test_setup_teardown(name, clear, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLEARED(flags_are_enough),
        CLEARED(the_environment_is_enough),
        CLEARED(a_flag_beats_the_environment),
        CLEARED(what_is_not_said_at_all_is_asked_for),
        CLEARED(a_repository_is_an_owner_and_a_name),
        CLEARED(a_commit_is_a_hash),
        CLEARED(only_an_open_merge_request_that_is_alone_is_taken),
        CLEARED(a_token_goes_over_https_or_to_this_machine),
        CLEARED(the_token_comes_from_the_first_variable_that_has_one),
        CLEARED(a_token_is_one_word),
        CLEARED(a_file_beats_the_environment),
        CLEARED(a_jobs_own_token_of_gitlab_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
