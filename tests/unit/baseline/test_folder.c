/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of baselines: what is in it, and who may change it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/options.h"
#include "base/text.h"
#include "baseline/baseline.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/svcgate-test-folder-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* Whether somebody else could take the lock now. */
static bool is_free(void)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool taken = flock(fd, LOCK_EX | LOCK_NB) == 0;
    close(fd);
    return taken;
}

static void who_changes_a_baseline_has_its_folder_alone(void **state)
{
    (void)state;
    char *path = sg_path_join(folder, "api.json");
    struct sg_error err = {0};
    int lock = -1;
    assert_true(is_free());
    assert_true(sg_baseline_lock(path, &lock, &err));
    assert_false(is_free());
    sg_baseline_unlock(lock);
    assert_true(is_free());
    assert_false(sg_file_exists(path)); /* and no lock file stays behind */
    free(path);
}

static void a_folder_that_is_not_there_cannot_be_locked(void **state)
{
    (void)state;
    struct sg_error err = {0};
    int lock = 7;
    assert_false(sg_baseline_lock("/nowhere/at/all/api.json", &lock, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
    assert_int_equal(lock, -1);
    sg_baseline_unlock(lock);
}

static void touch(const char *name)
{
    char *path = sg_path_join(folder, name);
    struct sg_error err = {0};
    assert_true(sg_file_write(path, "", 0, &err));
    free(path);
}

static void forget(const char *name)
{
    char *path = sg_path_join(folder, name);
    assert_int_equal(remove(path), 0);
    free(path);
}

static void files_are_listed_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"b.json", "a.json", "README.md", ".hidden.json",
                                        "c.json.12-0.tmp"};
    struct sg_strings files = {0};
    struct sg_error err = {0};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        touch(names[i]);
    }
    assert_true(sg_baseline_files(folder, &files, &err));
    assert_int_equal(files.count, 2);
    assert_true(sg_ends_with(files.items[0], "/a.json"));
    assert_true(sg_ends_with(files.items[1], "/b.json"));
    sg_strings_clear(&files);
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        forget(names[i]);
    }
    assert_true(sg_baseline_files(folder, &files, &err));
    assert_int_equal(files.count, 0);
    assert_false(sg_baseline_files("/nowhere/at/all", &files, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_changes_a_baseline_has_its_folder_alone),
        cmocka_unit_test(a_folder_that_is_not_there_cannot_be_locked),
        cmocka_unit_test(files_are_listed_by_name),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
