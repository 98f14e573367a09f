/* SPDX-License-Identifier: Apache-2.0 */
/* What docker is asked for when a variant is built. A script in PATH stands in for docker and notes
 * its words and what lies in the build context; real builds are in tests/e2e/test_source.py. */
#include "unit/testbench/help.h"

#include <sys/stat.h>
#include <unistd.h>

#include "testbench/internal.h"

static char *work;

static void sh(const char *script)
{
    const char *argv[] = {"sh", "-ec", script, NULL};
    struct sg_process process = {.argv = argv, .folder = work};
    struct sg_process_result result = {0};
    struct sg_error err = {0};
    if (!sg_process_run(&process, &result, &err) || result.status != 0) {
        fail_msg("%s: %s%s", script, err.text, result.err != NULL ? result.err : "");
    }
    sg_process_result_free(&result);
}

/* A repository with two commits that differ in api/mark, and a docker that keeps a diary. The last
 * word of a build is its context. */
static int set_up(void **state)
{
    (void)state;
    char *folder = folder_new();
    work = realpath(folder, NULL);
    free(folder);
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    sh("git init -q -b main repo; cd repo; mkdir api; echo old >api/mark; git add .\n"
       "commit() { git -c user.name=Ada -c user.email=ada@example.com commit -q -m \"$1\"; }\n"
       "commit one; echo new >api/mark; git add .; commit two");
    sh("mkdir bin tmp; cat >bin/docker <<'END'\n"
       "#!/bin/sh\n"
       "echo \"$*\" >>\"$DIARY\"\n"
       "[ \"$1\" = build ] && for context; do :; done && cat \"$context/mark\" >>\"$DIARY\"\n"
       "[ \"$1 $2\" = 'image ls' ] && printf '%s\\n' latest 0123456789ab mine 0123456789abc\n"
       "[ \"$1\" != build ] || [ -z \"$BROKEN\" ]\n"
       "END\n"
       "chmod +x bin/docker");
    char *path = sg_format("%s/bin:%s", work, sg_env("PATH"));
    char *diary = sg_path_join(work, "diary");
    char *temporary = sg_path_join(work, "tmp");
    setenv("PATH", path, 1);
    setenv("DIARY", diary, 1);
    setenv("TMPDIR", temporary, 1);
    unsetenv("BROKEN");
    free(path);
    free(diary);
    free(temporary);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_delete(work);
    return 0;
}

/* Builds with docker as above; gives the diary. The engine is none, so that it ends in an error
 * after the build: the image cannot be looked up. */
static char *diary_of(struct sg_config_variant *variant, struct sg_image *image)
{
    struct sg_config config = {.variants = variant, .variants_count = 1};
    struct sg_bench bench = {.config = &config, .variants = image, .buildx = true};
    struct sg_error err = {0};
    bench.engine.base_url = sg_strdup("http://127.0.0.1:1");
    assert_false(sg_build_variant(&bench, 0, &err));
    free(bench.engine.base_url);
    return folder_read(work, "diary");
}

static void has(const char *diary, const char *part)
{
    if (strstr(diary, part) == NULL) {
        fail_msg("\"%s\" is not in: %s", part, diary);
    }
}

static void a_folder_is_built_as_it_is(void **state)
{
    (void)state;
    char *context = sg_path_join(work, "repo/api");
    struct sg_config_variant variant = {.name = "candidate", .build_context = context};
    struct sg_image image = {0};
    sh("echo changed >repo/api/mark");
    char *diary = diary_of(&variant, &image);
    char *words = sg_format(
        "build --quiet --load --tag=svcgate-variant/candidate:latest -- %s\nchanged\n", context);
    has(diary, words);
    assert_null(strstr(diary, "pull")); /* though the engine does not have it afterwards */
    assert_null(image.commit);
    free(words);
    free(diary);
    free(context);
}

static void a_commit_is_built_from_a_worktree_that_is_gone_afterwards(void **state)
{
    (void)state;
    char *context = sg_path_join(work, "repo/api");
    struct sg_config_variant variant = {
        .name = "base", .build_context = context, .build_ref = (char *)(uintptr_t) "HEAD~1"};
    struct sg_image image = {0};
    sh("echo changed >repo/api/mark");
    char *diary = diary_of(&variant, &image);
    char *tag = sg_format("--tag=svcgate-variant/base:%.12s ", image.commit);
    has(diary, tag);
    has(diary, "/tree/api\nold\n");
    sh("test -z \"$(ls tmp)\"; test \"$(git -C repo worktree list | wc -l)\" = 1");
    free(tag);
    free(image.commit);
    free(diary);
    free(context);
}

static void tags_of_other_commits_go_and_no_others(void **state)
{
    (void)state;
    char *context = sg_path_join(work, "repo/api");
    struct sg_config_variant variant = {
        .name = "base", .build_context = context, .build_ref = (char *)(uintptr_t) "HEAD"};
    struct sg_image image = {0};
    char *diary = diary_of(&variant, &image);
    has(diary, "image rm --no-prune svcgate-variant/base:0123456789ab\n");
    char *first = strstr(diary, "image rm");
    assert_null(strstr(first + 1, "image rm"));
    free(image.commit);
    free(diary);
    free(context);
}

static void a_build_that_fails_leaves_nothing_and_drops_nothing(void **state)
{
    (void)state;
    char *context = sg_path_join(work, "repo/api");
    struct sg_config_variant variant = {
        .name = "base", .build_context = context, .build_ref = (char *)(uintptr_t) "HEAD"};
    struct sg_image image = {0};
    setenv("BROKEN", "1", 1);
    char *diary = diary_of(&variant, &image);
    assert_null(strstr(diary, "image rm"));
    sh("test -z \"$(ls tmp)\"; test \"$(git -C repo worktree list | wc -l)\" = 1");
    free(image.commit);
    free(diary);
    free(context);
}

static void the_dockerfile_lies_in_the_context(void **state)
{
    (void)state;
    char *context = sg_path_join(work, "repo/api");
    struct sg_config_variant variant = {.name = "candidate",
                                        .build_context = context,
                                        .build_dockerfile = (char *)(uintptr_t) "ci/Dockerfile"};
    struct sg_image image = {0};
    char *diary = diary_of(&variant, &image);
    char *words = sg_format(" --file=%s/ci/Dockerfile -- %s\n", context, context);
    has(diary, words);
    free(words);
    free(diary);
    free(context);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_folder_is_built_as_it_is),
        TEST(a_commit_is_built_from_a_worktree_that_is_gone_afterwards),
        TEST(tags_of_other_commits_go_and_no_others),
        TEST(a_build_that_fails_leaves_nothing_and_drops_nothing),
        TEST(the_dockerfile_lies_in_the_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
