/* SPDX-License-Identifier: Apache-2.0 */
/* Files: whole or not at all, with limits; folders; paths. Works in a folder of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/svcgate-test-XXXXXX";

static char *at(const char *name)
{
    return sg_path_join(folder, name);
}

static int files_in_folder(void)
{
    DIR *stream = opendir(folder);
    int count = 0;
    while (stream && readdir(stream))
        count++;
    if (stream)
        closedir(stream);
    return count - 2; /* "." and ".." */
}

static int clean(void **state)
{
    (void)state;
    DIR *stream = opendir(folder);
    struct dirent *entry;
    while (stream && (entry = readdir(stream))) {
        char *path = at(entry->d_name);
        if (entry->d_name[0] != '.')
            remove(path);
        free(path);
    }
    if (stream)
        closedir(stream);
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    clean(state);
    return rmdir(folder);
}

static void put(const char *path, const char *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("a");
    char *data = NULL;
    size_t size = 0;
    assert_true(sg_file_write(path, "hello\n", 6, &err));
    assert_true(sg_file_read(path, 100, &data, &size, &err));
    assert_int_equal(size, 6);
    assert_string_equal(data, "hello\n");
    assert_int_equal(files_in_folder(), 1);
    free(data);
    free(path);
}

static void an_empty_file_is_an_empty_string(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("a");
    char *data = NULL;
    size_t size = 9;
    assert_true(sg_file_write(path, "", 0, &err));
    assert_true(sg_file_read(path, 100, &data, &size, &err));
    assert_int_equal(size, 0);
    assert_string_equal(data, "");
    free(data);
    free(path);
}

static void a_file_of_just_the_limit_is_read_and_a_longer_one_refused(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("a");
    char *data = NULL;
    put(path, "12345", 5);
    assert_true(sg_file_read(path, 5, &data, NULL, &err));
    free(data);
    data = NULL;
    assert_false(sg_file_read(path, 4, &data, NULL, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, path));
    assert_null(data);
    free(path);
}

static void a_nul_byte_is_refused_with_its_place(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("a");
    char *data = NULL;
    put(path, "ab\0cd", 5);
    assert_false(sg_file_read(path, 100, &data, NULL, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "offset 2"));
    free(path);
}

static void a_path_that_leads_nowhere_is_the_users_mistake(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *data = NULL;
    assert_false(sg_file_read("/tmp/svcgate-test-none/x", 9, &data, NULL, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_string_equal(err.text,
                        "cannot read /tmp/svcgate-test-none/x: No such file or directory");
    assert_false(sg_file_read(folder, 9, &data, NULL, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
}

static void a_strangers_file_is_read_only_when_it_is_one(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *data = NULL;
    size_t size = 0;
    char *file = at("file");
    char *link = at("link");
    char *pipe_path = at("pipe");
    put(file, "text", 4);
    assert_int_equal(symlink(file, link), 0);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_true(sg_file_read_plain(file, 4, &data, &size, &err));
    assert_string_equal(data, "text");
    assert_int_equal(size, 4);
    free(data);
    const char *const others[] = {link, pipe_path, folder, "/dev/null"};
    for (size_t i = 0; i < SG_COUNT(others); i++) {
        assert_false(sg_file_read_plain(others[i], 4, &data, &size, &err));
        assert_int_equal(err.kind, SG_ERROR_DATA);
        assert_non_null(strstr(err.text, others[i]));
    }
    assert_false(sg_file_read_plain(file, 3, &data, &size, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    free(file);
    free(link);
    free(pipe_path);
}

static void rewriting_keeps_the_mode_and_a_link_in_place(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("a");
    char *link_path = at("b");
    struct stat info;
    put(path, "old", 3);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(symlink(path, link_path), 0);
    assert_true(sg_file_write(link_path, "new", 3, &err));
    assert_int_equal(lstat(link_path, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(info.st_size, 3);
    free(path);
    free(link_path);
}

/* A link that leads to itself stands for all that may be there and cannot be looked at. */
static void what_cannot_be_seen_is_not_missing_and_not_replaced(void **state)
{
    (void)state;
    struct sg_error err = {0};
    struct stat info;
    char *loop = at("loop");
    assert_true(sg_file_missing(loop));
    assert_int_equal(symlink("loop", loop), 0);
    assert_false(sg_file_missing(loop));
    assert_false(sg_file_exists(loop));
    assert_false(sg_file_write(loop, "new", 3, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
    assert_non_null(strstr(err.text, loop));
    assert_int_equal(lstat(loop, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    free(loop);
}

static void a_failed_write_leaves_the_old_file_and_nothing_else(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("a");
    char *data = NULL;
    char large[4096] = "";
    put(path, "old", 3);
    /* No file may grow beyond 1000 bytes: for the writer this is a disk that fills up. */
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {.rlim_cur = 1000, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool ok = sg_file_write(path, large, sizeof(large), &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(ok);
    assert_int_equal(err.kind, SG_ERROR_IO);
    assert_int_equal(files_in_folder(), 1);
    assert_true(sg_file_read(path, 100, &data, NULL, &err));
    assert_string_equal(data, "old");
    free(data);
    free(path);
}

static void a_full_device_is_an_error(void **state)
{
    (void)state;
    struct sg_error err = {0};
    assert_false(sg_file_write("/dev/full", "x", 1, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
    assert_non_null(strstr(err.text, "/dev/full"));
}

static void devices_are_written_through_and_not_replaced(void **state)
{
    (void)state;
    struct sg_error err = {0};
    struct stat info;
    assert_true(sg_file_write("/dev/null", "x", 1, &err));
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void expect_content(const char *path, const char *expected)
{
    struct sg_error err = {0};
    char *data = NULL;
    size_t size = 0;
    assert_true(sg_file_read(path, 100, &data, &size, &err));
    assert_string_equal(data, expected);
    free(data);
}

static void what_is_appended_stands_behind_what_was_there(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("log");
    assert_true(sg_file_append(path, "one\n", 4, &err));
    assert_true(sg_file_append(path, "two\n", 4, &err));
    expect_content(path, "one\ntwo\n");
    free(path);
    assert_false(sg_file_append("/dev/full", "x", 1, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
}

static void a_file_that_is_moved_replaces_the_other(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *from = at("from");
    char *to = at("to");
    put(from, "new", 3);
    put(to, "old", 3);
    assert_true(sg_file_move(from, to, &err));
    expect_content(to, "new");
    assert_false(sg_file_exists(from));
    assert_false(sg_file_move(from, to, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
    assert_non_null(strstr(err.text, from));
    free(from);
    free(to);
}

static void removing_is_done_when_there_is_nothing(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("gone");
    put(path, "x", 1);
    assert_true(sg_file_remove(path, &err));
    assert_false(sg_file_exists(path));
    assert_true(sg_file_remove(path, &err));
    assert_false(sg_file_remove(folder, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
    free(path);
}

static void a_folder_in_the_way_is_an_error(void **state)
{
    (void)state;
    struct sg_error err = {0};
    assert_false(sg_file_write(folder, "x", 1, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
    assert_false(sg_file_write("/tmp/svcgate-test-none/x", "x", 1, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *outer = at("x");
    char *inner = at("x/y/z/");
    char *middle = at("x/y");
    assert_true(sg_folder_make(inner, &err));
    assert_true(sg_folder_exists(inner));
    assert_true(sg_folder_make(inner, &err)); /* again is fine */
    assert_int_equal(rmdir(inner), 0);
    assert_int_equal(rmdir(middle), 0);
    assert_int_equal(rmdir(outer), 0);
    free(outer);
    free(inner);
    free(middle);
}

static void a_file_in_a_folders_way_is_an_error(void **state)
{
    (void)state;
    struct sg_error err = {0};
    char *path = at("f");
    char *below = at("f/g");
    put(path, "", 0);
    assert_false(sg_folder_make(below, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
    assert_true(sg_file_exists(path));
    assert_false(sg_folder_exists(path));
    assert_false(sg_file_exists(folder));
    free(path);
    free(below);
}

static void expect_path(char *path, const char *expected)
{
    assert_string_equal(path, expected);
    free(path);
}

static void a_plain_file_is_not_written_through_a_link(void **state)
{
    (void)state;
    char root[] = "/tmp/svcgate-plain-XXXXXX";
    struct sg_error err = {0};
    assert_non_null(mkdtemp(root));
    char *deep = sg_path_join(root, "a/b");
    char *file = sg_path_join(root, "a/b/file");
    char *link = sg_path_join(root, "link");
    char *through = sg_path_join(root, "link/b/other");
    assert_true(sg_folder_make(deep, &err));
    assert_int_equal(symlink("a", link), 0);

    assert_true(sg_file_write_plain(file, "one", 3, &err));
    assert_true(sg_file_write_plain(file, "two", 3, &err));
    char *text = NULL;
    assert_true(sg_file_read(file, 10, &text, NULL, &err));
    assert_string_equal(text, "two");
    assert_false(sg_file_write_plain(through, "x", 1, &err));
    assert_non_null(strstr(err.text, "without following a link"));
    assert_false(sg_file_write_plain(link, "x", 1, &err));
    assert_non_null(strstr(err.text, "is there and is no file"));
    assert_false(sg_file_write_plain(deep, "x", 1, &err));

    assert_int_equal(remove(file) + remove(link) + remove(deep), 0);
    free(deep);
    deep = sg_path_join(root, "a");
    assert_int_equal(remove(deep) + remove(root), 0);
    free(text);
    free(through);
    free(link);
    free(file);
    free(deep);
}

static void paths_are_joined_and_taken_apart(void **state)
{
    (void)state;
    expect_path(sg_path_join("a", "b"), "a/b");
    expect_path(sg_path_join("a/", "b"), "a/b");
    expect_path(sg_path_join(NULL, "b"), "b");
    expect_path(sg_path_join("", "b"), "b");
    expect_path(sg_path_join("a", "/b"), "/b");
    expect_path(sg_path_folder("a/b/c"), "a/b");
    expect_path(sg_path_folder("a/b/"), "a");
    expect_path(sg_path_folder("a"), ".");
    expect_path(sg_path_folder("/a"), "/");
    expect_path(sg_path_folder("/"), "/");
    expect_path(sg_path_folder(""), ".");
    expect_path(sg_path_folder("a//b"), "a");
    expect_path(sg_path_short("/a/b/c"), "…/c");
    expect_path(sg_path_short("/a/b//"), "…/b");
    expect_path(sg_path_short("a/b"), "a/b");
    expect_path(sg_path_short("/"), "…/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_was_written_is_read, clean),
        cmocka_unit_test_teardown(an_empty_file_is_an_empty_string, clean),
        cmocka_unit_test_teardown(a_file_of_just_the_limit_is_read_and_a_longer_one_refused, clean),
        cmocka_unit_test_teardown(a_nul_byte_is_refused_with_its_place, clean),
        cmocka_unit_test(a_path_that_leads_nowhere_is_the_users_mistake),
        cmocka_unit_test_teardown(a_strangers_file_is_read_only_when_it_is_one, clean),
        cmocka_unit_test_teardown(rewriting_keeps_the_mode_and_a_link_in_place, clean),
        cmocka_unit_test_teardown(what_cannot_be_seen_is_not_missing_and_not_replaced, clean),
        cmocka_unit_test_teardown(a_failed_write_leaves_the_old_file_and_nothing_else, clean),
        cmocka_unit_test(a_full_device_is_an_error),
        cmocka_unit_test(devices_are_written_through_and_not_replaced),
        cmocka_unit_test_teardown(what_is_appended_stands_behind_what_was_there, clean),
        cmocka_unit_test_teardown(a_file_that_is_moved_replaces_the_other, clean),
        cmocka_unit_test_teardown(removing_is_done_when_there_is_nothing, clean),
        cmocka_unit_test(a_folder_in_the_way_is_an_error),
        cmocka_unit_test_teardown(folders_are_made_with_their_parents, clean),
        cmocka_unit_test_teardown(a_file_in_a_folders_way_is_an_error, clean),
        cmocka_unit_test(a_plain_file_is_not_written_through_a_link),
        cmocka_unit_test(paths_are_joined_and_taken_apart),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
