/* SPDX-License-Identifier: Apache-2.0 */
/* Worktrees: what is in them, and that nothing stays. */
#include "unit/source/help.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static bool opens(const char *folder, const char *ref, struct sg_source *out, struct sg_error *err)
{
    char *path = in_work(folder);
    bool ok = sg_source_open(path, ref, out, err);
    free(path);
    return ok;
}

static void open_well(const char *folder, const char *ref, struct sg_source *out)
{
    struct sg_error err = {0};
    if (!opens(folder, ref, out, &err)) {
        fail_msg("%s", err.text);
    }
}

static void close_well(struct sg_source *source)
{
    struct sg_error err = {0};
    if (!sg_source_close(source, &err)) {
        fail_msg("%s", err.text);
    }
}

/* Temporary folders of ours. */
static size_t folders(void)
{
    size_t count = 0;
    DIR *all = opendir(work);
    assert_non_null(all);
    for (struct dirent *one = readdir(all); one != NULL; one = readdir(all)) {
        count += sg_starts_with(one->d_name, "svcgate-source-") ? 1 : 0;
    }
    closedir(all);
    return count;
}

/* Worktrees that git knows besides the user's own. */
static size_t trees(const char *folder)
{
    const char *argv[] = {"git", "worktree", "list", "--porcelain", NULL};
    char *path = in_work(folder);
    struct sg_process process = {.argv = argv, .folder = path};
    struct sg_process_result result = {0};
    struct sg_error err = {0};
    assert_true(sg_process_run(&process, &result, &err));
    size_t count = 0;
    for (const char *at = result.out; (at = strstr(at, "worktree ")) != NULL; at++) {
        count++;
    }
    sg_process_result_free(&result);
    free(path);
    return count - 1;
}

static void nothing_is_left(const char *folder)
{
    assert_int_equal(folders(), 0);
    assert_int_equal(trees(folder), 0);
}

static void has_text(const char *folder, const char *name, const char *expected)
{
    char *text = read_file(folder, name);
    assert_string_equal(text, expected);
    free(text);
}

static void the_context_is_of_that_commit_and_the_users_tree_stays(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    char *first = commit("repo", "a", "old");
    free(commit("repo", "a", "new"));
    write_file("repo/a", "not committed");
    write_file("repo/staged", "staged");
    git("repo", "add", "staged");
    char *before = git_out("repo", "status", "--porcelain=v2", "--branch", "-z", NULL);
    open_well("repo", "HEAD~1", &source);
    assert_string_equal(source.commit, first);
    has_text(source.context, "a", "old");
    close_well(&source);
    close_well(&source);
    char *after = git_out("repo", "status", "--porcelain=v2", "--branch", "-z", NULL);
    assert_string_equal(before, after);
    has_text(work, "repo/a", "not committed");
    nothing_is_left("repo");
    free(before);
    free(after);
    free(first);
}

static void the_context_is_the_same_folder_in_the_tree(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    free(commit("repo", "services/api/a", "old"));
    git("repo", "mv", "services", "elsewhere");
    free(commit("repo", "b", "moved"));
    open_well("repo/services/api", "HEAD~1", &source); /* gone from the user's tree */
    has_text(source.context, "a", "old");
    close_well(&source);
    open_well("repo/elsewhere/./api/", "HEAD", &source);
    has_text(source.context, "a", "old");
    close_well(&source);
    nothing_is_left("repo");
}

/* What a commit names is run only where the user's own configuration says what it means; a file of
 * the commit that looks like configuration is none. */
static void filters_are_those_of_the_users_own_git(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    git("repo", "config", "filter.shout.smudge", "tr a-z A-Z");
    git("repo", "config", "filter.shout.clean", "tr A-Z a-z");
    write_file("repo/.gitattributes", "a filter=shout\nb filter=evil\n");
    write_file("repo/.gitconfig", "[filter \"evil\"]\n\tsmudge = touch ran; cat\n");
    write_file("repo/.lfsconfig", "[filter \"evil\"]\n\tsmudge = touch ran; cat\n");
    write_file("repo/b", "quiet");
    free(commit("repo", "a", "loud"));
    open_well("repo", "HEAD", &source);
    has_text(source.context, "a", "LOUD");
    has_text(source.context, "b", "quiet");
    char *ran = sg_path_join(source.context, "ran");
    assert_false(sg_file_exists(ran));
    free(ran);
    close_well(&source);
    nothing_is_left("repo");
}

static void a_folder_that_is_missing_at_that_commit_is_named(void **state)
{
    (void)state;
    struct sg_source source;
    struct sg_error err = {0};
    repository("repo");
    free(commit("repo", "a", "1"));
    free(commit("repo", "services/api/a", "2"));
    assert_false(opens("repo/services/api", "HEAD~1", &source, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    contains(err.text, "there is no folder services/api at HEAD~1");
    close_well(&source);
    nothing_is_left("repo");
}

static void a_link_out_of_the_repository_is_refused(void **state)
{
    (void)state;
    struct sg_source source;
    struct sg_error err = {0};
    repository("repo");
    free(commit("repo", "a", "1"));
    char *link = in_work("repo/context");
    assert_int_equal(symlink("/etc", link), 0);
    free(commit("repo", "a", "2"));
    assert_int_equal(unlink(link), 0); /* so that the repository around it is found */
    assert_false(opens("repo/context", "HEAD", &source, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    contains(err.text, "leads out of the repository");
    close_well(&source);
    nothing_is_left("repo");
    free(link);
}

static void hooks_do_not_run(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    free(commit("repo", "a", "1"));
    char *script = sg_format("#!/bin/sh\necho ran >%s/ran\n", work);
    write_file("repo/.git/hooks/post-checkout", script);
    const char *argv[] = {"chmod", "+x", "repo/.git/hooks/post-checkout", NULL};
    free(run_words(work, argv));
    open_well("repo", "HEAD", &source);
    close_well(&source);
    char *ran = in_work("ran");
    assert_false(sg_file_exists(ran));
    git("repo", "checkout", "-q", "--detach");
    assert_true(sg_file_exists(ran)); /* it would have */
    free(ran);
    free(script);
}

/* As git sets them for a hook of a commit. */
static void inside_a_hook_the_users_index_stays(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    free(commit("repo", "a", "old"));
    free(commit("repo", "a", "new"));
    write_file("repo/staged", "staged");
    git("repo", "add", "staged");
    char *before = git_out("repo", "status", "--porcelain=v2", "--branch", "-z", NULL);
    char *folder = in_work("repo/.git");
    char *index = in_work("repo/.git/index");
    setenv("GIT_DIR", folder, 1);
    setenv("GIT_INDEX_FILE", index, 1);
    open_well("repo", "HEAD~1", &source);
    has_text(source.context, "a", "old");
    close_well(&source);
    unsetenv("GIT_DIR");
    unsetenv("GIT_INDEX_FILE");
    char *after = git_out("repo", "status", "--porcelain=v2", "--branch", "-z", NULL);
    assert_string_equal(before, after);
    nothing_is_left("repo");
    free(before);
    free(after);
    free(folder);
    free(index);
}

static void an_interruption_leaves_nothing(void **state)
{
    (void)state;
    struct sg_source source;
    struct sg_error err = {0};
    repository("repo");
    free(commit("repo", "a", "1"));
    sg_interrupt_install();
    open_well("repo", "HEAD", &source);
    (void)raise(SIGTERM);
    close_well(&source);
    assert_false(opens("repo", "HEAD", &source, &err));
    assert_int_equal(err.kind, SG_ERROR_INTERRUPTED);
    close_well(&source);
    sg_interrupt_reset();
    nothing_is_left("repo");
}

/* A child that opens and is killed. */
static void leave_behind(const char *folder)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct sg_source source;
        struct sg_error err = {0};
        if (opens(folder, "HEAD", &source, &err)) {
            (void)kill(getpid(), SIGKILL);
        }
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
}

static void what_a_killed_process_left_goes_with_the_next(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    free(commit("repo", "a", "1"));
    leave_behind("repo");
    leave_behind("repo"); /* takes the first one away */
    assert_int_equal(folders(), 1);
    assert_int_equal(trees("repo"), 1);
    open_well("repo", "HEAD", &source);
    close_well(&source);
    nothing_is_left("repo");
}

static void git_forgets_a_left_tree_whose_folder_is_gone(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    free(commit("repo", "a", "1"));
    leave_behind("repo");
    const char *argv[] = {"sh", "-c", "rm -rf svcgate-source-*", NULL};
    free(run_words(work, argv));
    assert_int_equal(trees("repo"), 1);
    open_well("repo", "HEAD", &source);
    close_well(&source);
    nothing_is_left("repo");
}

static void two_at_once_leave_each_other_alone(void **state)
{
    (void)state;
    struct sg_source one;
    struct sg_source other;
    repository("repo");
    free(commit("repo", "a", "old"));
    free(commit("repo", "a", "new"));
    open_well("repo", "HEAD~1", &one);
    open_well("repo", "HEAD", &other);
    has_text(one.context, "a", "old");
    has_text(other.context, "a", "new");
    close_well(&one);
    has_text(other.context, "a", "new");
    close_well(&other);
    nothing_is_left("repo");
}

static void the_users_own_trees_are_not_touched(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    free(commit("repo", "a", "1"));
    git("repo", "worktree", "add", "-q", "--detach", "../mine/tree");
    git("repo", "worktree", "add", "-q", "--detach", "../svcgate-source-abc/tree");
    git("repo", "worktree", "add", "-q", "--detach", "../unplugged");
    const char *argv[] = {"rm", "-rf", "unplugged", NULL};
    free(run_words(work, argv)); /* `git worktree prune` would forget it */
    open_well("repo", "HEAD", &source);
    close_well(&source);
    assert_int_equal(trees("repo"), 3);
    has_text(work, "mine/tree/a", "1");
    has_text(work, "svcgate-source-abc/tree/a", "1");
}

static void a_tree_that_git_forgot_is_deleted_all_the_same(void **state)
{
    (void)state;
    struct sg_source source;
    repository("repo");
    free(commit("repo", "a", "1"));
    open_well("repo", "HEAD", &source);
    const char *argv[] = {"rm", "-rf", ".git/worktrees", NULL};
    char *path = in_work("repo");
    free(run_words(path, argv));
    free(path);
    close_well(&source);
    nothing_is_left("repo");
}

static char *text_of(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    struct sg_error err = {0};
    if (!sg_file_read(path, 1U << 20, &text, &size, &err)) {
        fail_msg("%s", err.text);
    }
    return text;
}

static void submodules_that_the_user_has_are_there_too(void **state)
{
    (void)state;
    struct sg_source source;
    setenv("GIT_CONFIG_COUNT", "1", 1); /* git clones submodules from files only when told to */
    setenv("GIT_CONFIG_KEY_0", "protocol.file.allow", 1);
    setenv("GIT_CONFIG_VALUE_0", "always", 1);
    repository("library");
    free(commit("library", "code", "inside"));
    repository("repo");
    free(commit("repo", "a", "1"));
    git("repo", "submodule", "--quiet", "add", "../library", "library");
    free(commit("repo", "b", "2"));
    free(commit("repo", "b", "3"));
    open_well("repo", "HEAD~1", &source);
    has_text(source.context, "library/code", "inside");
    close_well(&source);
    nothing_is_left("repo");
    /* one that only the measured commit has: not fetched, and the user's settings stay */
    git("repo", "checkout", "-q", "-b", "theirs");
    git("repo", "submodule", "--quiet", "add", "../library", "other");
    free(commit("repo", "b", "4"));
    git("repo", "checkout", "-q", "-f", "main");
    git("repo", "config", "--remove-section", "submodule.other");
    char *settings = in_work("repo/.git/config");
    char *before = text_of(settings);
    open_well("repo", "theirs", &source);
    has_text(source.context, "library/code", "inside");
    char *other = sg_path_join(source.context, "other/code");
    assert_false(sg_file_exists(other));
    close_well(&source);
    char *after = text_of(settings);
    assert_string_equal(before, after);
    free(other);
    free(after);
    free(before);
    free(settings);
    git("", "clone", "-q", "repo", "without");
    open_well("without", "HEAD", &source);
    char *code = sg_path_join(source.context, "library/code");
    assert_false(sg_file_exists(code));
    free(code);
    close_well(&source);
    unsetenv("GIT_CONFIG_COUNT");
    nothing_is_left("without");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_context_is_of_that_commit_and_the_users_tree_stays),
        TEST(the_context_is_the_same_folder_in_the_tree),
        TEST(filters_are_those_of_the_users_own_git),
        TEST(a_folder_that_is_missing_at_that_commit_is_named),
        TEST(a_link_out_of_the_repository_is_refused),
        TEST(hooks_do_not_run),
        TEST(inside_a_hook_the_users_index_stays),
        TEST(an_interruption_leaves_nothing),
        TEST(what_a_killed_process_left_goes_with_the_next),
        TEST(git_forgets_a_left_tree_whose_folder_is_gone),
        TEST(two_at_once_leave_each_other_alone),
        TEST(the_users_own_trees_are_not_touched),
        TEST(a_tree_that_git_forgot_is_deleted_all_the_same),
        TEST(submodules_that_the_user_has_are_there_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
