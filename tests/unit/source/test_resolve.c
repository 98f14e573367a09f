/* SPDX-License-Identifier: Apache-2.0 */
/* From a ref to a commit, and what is said when there is none. */
#include "unit/source/help.h"

#include <sys/stat.h>

static void resolves_to(const char *folder, const char *ref, const char *expected)
{
    char found[65] = "";
    struct sg_error err = {0};
    char *path = in_work(folder);
    if (!sg_source_resolve(path, ref, found, &err)) {
        fail_msg("%s: %s", ref, err.text);
    }
    assert_string_equal(found, expected);
    free(path);
}

static struct sg_error fails(const char *folder, const char *ref, enum sg_error_kind kind)
{
    char found[65];
    struct sg_error err = {0};
    char *path = in_work(folder);
    if (sg_source_resolve(path, ref, found, &err)) {
        fail_msg("%s is %s", ref, found);
    }
    assert_int_equal(err.kind, kind);
    free(path);
    return err;
}

/* Its configuration would be its author's, and git starts commands that stand there. */
static void a_folder_that_looks_like_a_bare_repository_is_not_believed(void **state)
{
    (void)state;
    repository("repo");
    char *first = commit("repo", "a", "1");
    git("repo", "init", "-q", "--bare", "context");
    git("repo/context", "config", "core.bare", "false");
    git("repo/context", "config", "core.worktree", ".");
    struct sg_error err = fails("repo/context", "HEAD", SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "safe.bareRepository"));
    free(first);
}

/* A git before 2.38, which does not know safe.bareRepository: the words before `rev-parse` are
 * lost.
 */
static void an_older_git_does_not_believe_it_either(void **state)
{
    (void)state;
    char *old_path = sg_strdup(sg_env("PATH"));
    char *path = sg_format("%s/bin:%s", work, old_path);
    char *real = NULL;
    const char *which[] = {"sh", "-c", "command -v git", NULL};
    real = run_words(work, which);
    char *script = sg_format("#!/bin/sh\nshift 4\nexec %s \"$@\"\n", real);
    repository("repo");
    free(commit("repo", "a", "1"));
    git("repo", "init", "-q", "--bare", "context");
    git("repo/context", "config", "core.bare", "false");
    git("repo/context", "config", "core.worktree", ".");
    git("repo/context", "config", "filter.x.smudge", "touch ran; cat");
    write_file("repo/context/b", "1");
    write_file("repo/context/.gitattributes", "* filter=x");
    git("repo/context", "add", "b", ".gitattributes");
    git("repo/context", "commit", "-q", "-m", "hostile");
    write_file("bin/git", script);
    char *program = in_work("bin/git");
    assert_int_equal(chmod(program, 0755), 0);
    setenv("PATH", path, 1);
    struct sg_error err = fails("repo/context", "HEAD", SG_ERROR_ENVIRONMENT);
    setenv("PATH", old_path, 1);
    contains(err.text, "looks like a bare repository");
    free(program);
    free(script);
    free(real);
    free(path);
    free(old_path);
}

static void branches_tags_and_commits_are_found(void **state)
{
    (void)state;
    repository("repo");
    char *first = commit("repo", "a", "1");
    git("repo", "tag", "-a", "v1", "-m", "one");
    char *second = commit("repo", "a", "2");
    char *abbreviated = sg_format("%.10s", first);
    resolves_to("repo", "main", second);
    resolves_to("repo", "v1", first); /* the commit, not the tag's own object */
    resolves_to("repo", "HEAD~1", first);
    resolves_to("repo", first, first);
    resolves_to("repo", abbreviated, first);
    free(abbreviated);
    free(first);
    free(second);
}

static void merge_base_is_where_head_left_the_branch(void **state)
{
    (void)state;
    repository("repo");
    char *fork = commit("repo", "a", "1");
    git("repo", "checkout", "-q", "-b", "topic");
    free(commit("repo", "b", "2"));
    git("repo", "checkout", "-q", "main");
    char *ahead = commit("repo", "c", "3");
    git("repo", "checkout", "-q", "topic");
    resolves_to("repo", "merge-base(main)", fork);
    resolves_to("repo", "main", ahead);
    free(fork);
    free(ahead);
}

static void a_folder_inside_does_and_one_that_is_gone_does_too(void **state)
{
    (void)state;
    repository("repo");
    char *first = commit("repo", "services/api/Dockerfile", "1");
    resolves_to("repo/services/api/.", "main", first);
    resolves_to("repo/services/gone/api", "main", first);
    free(first);
}

static void a_hooks_environment_does_not_lead_elsewhere(void **state)
{
    (void)state;
    repository("other");
    free(commit("other", "a", "other"));
    repository("repo");
    char *first = commit("repo", "a", "1");
    char *elsewhere = in_work("other/.git");
    setenv("GIT_DIR", elsewhere, 1);
    setenv("GIT_INDEX_FILE", "/nowhere/index", 1);
    setenv("GIT_WORK_TREE", "/nowhere", 1);
    setenv("GIT_PREFIX", "x/", 1);
    char found[65] = "";
    struct sg_error err = {0};
    char *path = in_work("repo");
    bool ok = sg_source_resolve(path, "main", found, &err);
    unsetenv("GIT_DIR");
    unsetenv("GIT_INDEX_FILE");
    unsetenv("GIT_WORK_TREE");
    unsetenv("GIT_PREFIX");
    if (!ok) {
        fail_msg("%s", err.text);
    }
    assert_string_equal(found, first);
    free(path);
    free(elsewhere);
    free(first);
}

static void an_unknown_revision_gets_a_hint_and_what_to_fetch(void **state)
{
    (void)state;
    repository("up");
    free(commit("up", "a", "1"));
    git("", "clone", "-q", "-o", "origin", "up", "repo");
    struct sg_error err = fails("repo", "orign/main", SG_ERROR_ENVIRONMENT);
    contains(err.text, "git knows no revision \"orign/main\"");
    contains(err.text, "did you mean \"origin/main\"");
    err = fails("repo", "origin/release-7~2", SG_ERROR_ENVIRONMENT);
    assert_true(sg_ends_with(err.text, "git fetch origin release-7")); /* without the ~2 */
    git("repo", "checkout", "-q", "--detach");
    git("repo", "branch", "-q", "-D", "main");
    err = fails("repo", "merge-base(main)", SG_ERROR_ENVIRONMENT);
    contains(err.text, "did you mean \"origin/main\"");
    err = fails("repo", "v9", SG_ERROR_ENVIRONMENT);
    contains(err.text, "git fetch origin tag v9");
    assert_null(strstr(err.text, "shallow"));
}

static void a_revision_before_the_first_commit_is_not_to_be_fetched(void **state)
{
    (void)state;
    repository("up");
    free(commit("up", "a", "1"));
    git("", "clone", "-q", "up", "repo");
    struct sg_error err = fails("repo", "HEAD~5", SG_ERROR_ENVIRONMENT);
    assert_null(strstr(err.text, "etch it"));
}

static void a_shallow_clone_is_told_how_much_to_fetch(void **state)
{
    (void)state;
    repository("up");
    free(commit("up", "a", "1"));
    git("up", "checkout", "-q", "-b", "topic");
    free(commit("up", "b", "2"));
    free(commit("up", "b", "3"));
    git("up", "checkout", "-q", "main");
    free(commit("up", "a", "4"));
    char *url = sg_format("file://%s/up", work);
    git("", "clone", "-q", "--depth=1", "--no-single-branch", "-b", "topic", url, "repo");
    static const char *const refs[] = {"merge-base(origin/main)", "HEAD~2", "v3"};
    for (size_t i = 0; i < SG_COUNT(refs); i++) {
        struct sg_error err = fails("repo", refs[i], SG_ERROR_ENVIRONMENT);
        contains(err.text, "shallow (commits of HEAD here: 1)");
        contains(err.text, "git fetch --unshallow");
        contains(err.text, "git fetch --deepen=100");
        contains(err.text, "fetch-depth: 0");
        contains(err.text, "GIT_DEPTH: 0");
    }
    git("repo", "fetch", "-q", "--unshallow");
    char *fork = git_out("up", "rev-parse", "topic~2", NULL);
    resolves_to("repo", "merge-base(origin/main)", fork);
    free(fork);
    free(url);
}

static void histories_without_a_common_commit_have_no_base(void **state)
{
    (void)state;
    repository("repo");
    free(commit("repo", "a", "1"));
    git("repo", "checkout", "-q", "--orphan", "new");
    free(commit("repo", "a", "2"));
    struct sg_error err = fails("repo", "merge-base(main)", SG_ERROR_ENVIRONMENT);
    contains(err.text, "HEAD and main have no commit in common");
    assert_null(strstr(err.text, "shallow"));
}

static void what_is_no_repository_says_so(void **state)
{
    (void)state;
    struct sg_error err = fails("", "main", SG_ERROR_ENVIRONMENT);
    contains(err.text, "is in no git repository");
    repository("empty");
    err = fails("empty", "merge-base(HEAD)", SG_ERROR_ENVIRONMENT);
    contains(err.text, "knows no revision \"HEAD\"");
}

static void files_of_another_owner_are_explained(void **state)
{
    (void)state;
    repository("repo");
    free(commit("repo", "a", "1"));
    setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1", 1); /* git's own switch for its tests */
    struct sg_error err = fails("repo", "main", SG_ERROR_ENVIRONMENT);
    unsetenv("GIT_TEST_ASSUME_DIFFERENT_OWNER");
    contains(err.text, "belong to another user");
    contains(err.text, "git config --global --add safe.directory ");
}

static void without_git_it_is_named(void **state)
{
    (void)state;
    repository("repo");
    char *path = sg_strdup(sg_env("PATH"));
    setenv("PATH", "/nowhere", 1);
    struct sg_error err = fails("repo", "main", SG_ERROR_ENVIRONMENT);
    setenv("PATH", path, 1);
    free(path);
    contains(err.text, "git was not found in PATH");
}

static void a_path_that_goes_up_from_nowhere_is_refused(void **state)
{
    (void)state;
    repository("repo");
    free(commit("repo", "a", "1"));
    struct sg_error err = fails("repo/gone/../../other", "main", SG_ERROR_CONFIG);
    contains(err.text, "there is no folder");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_folder_that_looks_like_a_bare_repository_is_not_believed),
        TEST(an_older_git_does_not_believe_it_either),
        TEST(branches_tags_and_commits_are_found),
        TEST(merge_base_is_where_head_left_the_branch),
        TEST(a_folder_inside_does_and_one_that_is_gone_does_too),
        TEST(a_hooks_environment_does_not_lead_elsewhere),
        TEST(an_unknown_revision_gets_a_hint_and_what_to_fetch),
        TEST(a_revision_before_the_first_commit_is_not_to_be_fetched),
        TEST(a_shallow_clone_is_told_how_much_to_fetch),
        TEST(histories_without_a_common_commit_have_no_base),
        TEST(what_is_no_repository_says_so),
        TEST(files_of_another_owner_are_explained),
        TEST(without_git_it_is_named),
        TEST(a_path_that_goes_up_from_nowhere_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
