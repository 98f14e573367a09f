/* SPDX-License-Identifier: Apache-2.0 */
/* Where svcgate.yaml is looked for. Each test works in a folder of its own. */
#include "helper.h"

#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/svcgate-find-XXXXXX";

static void touch(const char *name)
{
    char *path = sg_path_join(root, name);
    char *folder = sg_path_folder(path);
    struct sg_error err = {0};
    assert_true(sg_folder_make(folder, &err));
    assert_true(sg_file_write(path, "version: 1\n", 11, &err));
    free(folder);
    free(path);
}

static void make(const char *name)
{
    char *path = sg_path_join(root, name);
    struct sg_error err = {0};
    assert_true(sg_folder_make(path, &err));
    free(path);
}

static char *find(const char *name)
{
    char *folder = sg_path_join(root, name);
    char *found = NULL;
    struct sg_error err = {0};
    if (!sg_config_find(folder, &found, &err)) {
        fail_msg("%s", err.text);
    }
    free(folder);
    return found;
}

/* Finds from `from`; the file found must be `name`, by whatever path. */
static void expect_found(const char *from, const char *name)
{
    char *found = find(from);
    assert_non_null(found);
    char *expected = sg_path_join(root, name);
    struct stat a;
    struct stat b;
    assert_int_equal(stat(found, &a), 0);
    assert_int_equal(stat(expected, &b), 0);
    assert_true(a.st_ino == b.st_ino);
    free(expected);
    free(found);
}

static void the_file_is_found_here(void **state)
{
    (void)state;
    touch("here/svcgate.yaml");
    expect_found("here", "here/svcgate.yaml");
}

static void the_file_is_found_upwards_to_the_repository(void **state)
{
    (void)state;
    make("repo/.git");
    make("repo/a/b/c");
    touch("repo/svcgate.yml");
    expect_found("repo/a/b/c", "repo/svcgate.yml");
    expect_found("repo", "repo/svcgate.yml");
}

static void the_nearest_file_wins(void **state)
{
    (void)state;
    make("near/.git");
    make("near/a/b");
    touch("near/svcgate.yaml");
    touch("near/a/svcgate.json");
    expect_found("near/a/b", "near/a/svcgate.json");
}

static void a_worktree_marks_its_root_by_a_file(void **state)
{
    (void)state;
    touch("tree/.git");
    make("tree/a");
    touch("tree/svcgate.yaml");
    expect_found("tree/a", "tree/svcgate.yaml");
}

static void beyond_the_repository_nothing_is_looked_for(void **state)
{
    (void)state;
    touch("outer/svcgate.yaml");
    make("outer/inner/.git");
    make("outer/inner/a");
    assert_null(find("outer/inner/a"));
}

static void without_a_repository_only_this_folder_counts(void **state)
{
    (void)state;
    touch("loose/svcgate.yaml");
    make("loose/a");
    assert_null(find("loose/a"));
}

static void two_files_side_by_side_are_an_error(void **state)
{
    (void)state;
    touch("two/svcgate.yaml");
    touch("two/svcgate.json");
    char *folder = sg_path_join(root, "two");
    char *found = NULL;
    struct sg_error err = {0};
    assert_false(sg_config_find(folder, &found, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "svcgate.json lie side by side: keep one"));
    assert_null(found);
    free(folder);
}

static void the_working_folder_gives_a_short_path(void **state)
{
    (void)state;
    char *found = NULL;
    struct sg_error err = {0};
    make("cwd/.git");
    make("cwd/a");
    touch("cwd/svcgate.yaml");
    char *folder = sg_path_join(root, "cwd/a");
    assert_int_equal(chdir(folder), 0);
    assert_true(sg_config_find(NULL, &found, &err));
    assert_string_equal(found, "../svcgate.yaml");
    free(found);
    assert_int_equal(chdir(".."), 0);
    assert_true(sg_config_find(".", &found, &err));
    assert_string_equal(found, "svcgate.yaml");
    free(found);
    assert_int_equal(chdir("/"), 0);
    free(folder);
}

static int make_root(void **state)
{
    (void)state;
    return mkdtemp(root) == NULL;
}

/* The names are known: no shell, no walk. */
/* --- How the file is named to others ------------------------------------------------------- */

static void expect_place(const char *name, const char *expected)
{
    char *path = sg_path_join(root, name);
    char *place = sg_config_place(path);
    if (!sg_streq(place, expected)) {
        fail_msg("%s is named %s", path, place != NULL ? place : "nothing");
    }
    free(place);
    free(path);
}

static void a_file_is_named_from_the_root_of_its_repository(void **state)
{
    (void)state;
    touch("tree/.git");
    make("near/.git");
    touch("tree/svcgate.yaml");
    touch("near/a/svcgate.json");
    expect_place("tree/svcgate.yaml", "svcgate.yaml");
    expect_place("tree/../near/a/svcgate.json", "a/svcgate.json");
}

static void outside_of_a_repository_it_is_named_from_the_working_folder(void **state)
{
    (void)state;
    char *before = realpath(".", NULL);
    touch("loose/svcgate.yaml");
    assert_int_equal(chdir(root), 0);
    expect_place("loose/svcgate.yaml", "loose/svcgate.yaml");
    assert_int_equal(chdir(before), 0);
    free(before);
}

static void a_file_that_lies_in_neither_has_no_name(void **state)
{
    (void)state;
    char *before = realpath(".", NULL);
    char *folder = sg_path_join(root, "loose/a");
    assert_int_equal(chdir(folder), 0);
    expect_place("loose/svcgate.yaml", NULL);
    expect_place("loose/nothing.yaml", NULL);
    assert_null(sg_config_place(NULL));
    assert_int_equal(chdir(before), 0);
    free(folder);
    free(before);
}

static void expect_told(const char *path, bool show, const char *told)
{
    struct sg_config config = {.show_host = show};
    char *found = sg_config_told_path(&config, path);
    if (!sg_streq(found, told)) {
        fail_msg("%s is told as %s, not %s", path, found, told);
    }
    free(found);
}

static void a_session_tells_no_absolute_path(void **state)
{
    (void)state;
    char *inside = sg_path_join(root, "repo/a/b");
    expect_told(inside, false, "a/b");
    expect_told(inside, true, inside);
    expect_told("/nowhere/private/load.js", false, "…/load.js");
    expect_told("../load.js", false, "../load.js");
    expect_told(NULL, false, NULL);
    free(inside);
}

static int remove_root(void **state)
{
    (void)state;
    static const char *const names[] = {"here/svcgate.yaml",
                                        "here",
                                        "repo/.git",
                                        "repo/a/b/c",
                                        "repo/a/b",
                                        "repo/a",
                                        "repo/svcgate.yml",
                                        "repo",
                                        "near/.git",
                                        "near/a/svcgate.json",
                                        "near/a/b",
                                        "near/a",
                                        "near/svcgate.yaml",
                                        "near",
                                        "tree/.git",
                                        "tree/a",
                                        "tree/svcgate.yaml",
                                        "tree",
                                        "outer/svcgate.yaml",
                                        "outer/inner/.git",
                                        "outer/inner/a",
                                        "outer/inner",
                                        "outer",
                                        "loose/svcgate.yaml",
                                        "loose/a",
                                        "loose",
                                        "two/svcgate.yaml",
                                        "two/svcgate.json",
                                        "two",
                                        "cwd/.git",
                                        "cwd/a",
                                        "cwd/svcgate.yaml",
                                        "cwd"};
    int failures = 0;
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char *path = sg_path_join(root, names[i]);
        failures += remove(path) != 0;
        free(path);
    }
    return failures + rmdir(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_found_here),
        cmocka_unit_test(the_file_is_found_upwards_to_the_repository),
        cmocka_unit_test(the_nearest_file_wins),
        cmocka_unit_test(a_worktree_marks_its_root_by_a_file),
        cmocka_unit_test(beyond_the_repository_nothing_is_looked_for),
        cmocka_unit_test(without_a_repository_only_this_folder_counts),
        cmocka_unit_test(two_files_side_by_side_are_an_error),
        cmocka_unit_test(the_working_folder_gives_a_short_path),
        cmocka_unit_test(a_file_is_named_from_the_root_of_its_repository),
        cmocka_unit_test(outside_of_a_repository_it_is_named_from_the_working_folder),
        cmocka_unit_test(a_file_that_lies_in_neither_has_no_name),
        cmocka_unit_test(a_session_tells_no_absolute_path),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
