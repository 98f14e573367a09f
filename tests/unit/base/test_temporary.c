/* SPDX-License-Identifier: Apache-2.0 */
/* Temporary folders: whose maker is gone is swept, everything else stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/temporary.h"
#include "base/text.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK "svcgate-bench-"

static char *base;

static int set_up(void **state)
{
    (void)state;
    base = sg_strdup("/tmp/sg-unit-temporary-XXXXXX");
    if (!mkdtemp(base))
        return -1;
    setenv("TMPDIR", base, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unsetenv("TMPDIR");
    sg_delete_tree(base);
    free(base);
    return 0;
}

static void write_into(const char *folder, const char *name)
{
    struct sg_error err = {0};
    char *path = sg_path_join(folder, name);
    if (!sg_file_write(path, "x", 1, &err))
        fail_msg("%s", err.text);
    free(path);
}

static void make(struct sg_temporary *out)
{
    struct sg_error err = {0};
    if (!sg_temporary_make(MARK, out, &err))
        fail_msg("%s", err.text);
}

static size_t count_entries(void)
{
    size_t count = 0;
    DIR *folder = opendir(base);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static void it_is_made_in_TMPDIR_for_this_user_alone(void **state)
{
    (void)state;
    struct sg_temporary one;
    struct stat about;
    make(&one);
    assert_true(sg_starts_with(one.path, base));
    assert_int_equal(stat(one.path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    sg_temporary_remove(&one);
    sg_temporary_remove(&one);
    assert_int_equal(count_entries(), 0);
}

static void where_it_cannot_be_made_the_error_names_the_place(void **state)
{
    (void)state;
    struct sg_temporary one;
    struct sg_error err = {0};
    setenv("TMPDIR", "/nowhere/at-all", 1);
    assert_false(sg_temporary_make(MARK, &one, &err));
    assert_non_null(strstr(err.text, "/nowhere/at-all"));
    assert_int_equal(err.kind, SG_ERROR_IO);
}

/* A process that makes a folder with something in it and does not end by itself. */
static pid_t start_maker(void)
{
    int ends[2];
    char byte = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct sg_temporary one;
        alarm(60); /* also when this test fails */
        make(&one);
        write_into(one.path, "compose.json");
        (void)!write(ends[1], "1", 1);
        for (;;)
            pause();
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    return pid;
}

static void the_folder_of_a_killed_process_is_swept_and_not_before(void **state)
{
    (void)state;
    pid_t maker = start_maker();
    sg_temporary_sweep(MARK);
    assert_int_equal(count_entries(), 1);
    kill(maker, SIGKILL);
    waitpid(maker, NULL, 0);
    sg_temporary_sweep(MARK);
    assert_int_equal(count_entries(), 0);
}

static void what_only_resembles_one_is_left_alone(void **state)
{
    (void)state;
    static const char *const folders[] = {"svcgate-bench-", "svcgate-bench-12345",
                                          "svcgate-bench-1234567", "svcgate-unit-123456"};
    char outside[] = "/tmp/sg-unit-outside-XXXXXX";
    char *link = sg_path_join(base, "svcgate-bench-aaaaaa");
    for (size_t i = 0; i < SG_COUNT(folders); i++) {
        char *path = sg_path_join(base, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
        free(path);
    }
    write_into(base, "svcgate-bench-bbbbbb"); /* a file */
    assert_non_null(mkdtemp(outside));
    assert_int_equal(symlink(outside, link), 0);
    sg_temporary_sweep(MARK);
    assert_int_equal(count_entries(), SG_COUNT(folders) + 2);
    assert_true(sg_folder_exists(outside));
    rmdir(outside);
    free(link);
}

static void the_folder_of_another_user_is_left_alone(void **state)
{
    (void)state;
    char *path = sg_path_join(base, "svcgate-bench-cccccc");
    assert_int_equal(mkdir(path, 0755), 0);
    if (chown(path, 12345, 12345) != 0) {
        free(path);
        skip(); /* only root can give a folder away */
        return;
    }
    sg_temporary_sweep(MARK);
    assert_int_equal(count_entries(), 1);
    free(path);
}

static void a_link_inside_is_removed_and_not_followed(void **state)
{
    (void)state;
    char outside[] = "/tmp/sg-unit-outside-XXXXXX";
    struct sg_temporary one;
    assert_non_null(mkdtemp(outside));
    write_into(outside, "mine");
    make(&one);
    char *link = sg_path_join(one.path, "link");
    assert_int_equal(symlink(outside, link), 0);
    sg_temporary_remove(&one);
    char *mine = sg_path_join(outside, "mine");
    assert_true(sg_file_exists(mine));
    free(mine);
    free(link);
    sg_delete_tree(outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_made_in_TMPDIR_for_this_user_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(where_it_cannot_be_made_the_error_names_the_place, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_folder_of_a_killed_process_is_swept_and_not_before,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_only_resembles_one_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_folder_of_another_user_is_left_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_link_inside_is_removed_and_not_followed, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
