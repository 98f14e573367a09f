/* SPDX-License-Identifier: Apache-2.0 */
/* While a file is rewritten, nobody may read the new content who may not read the old: the file
 * beside it is looked at just before it gets its mode. */
#define _GNU_SOURCE /* syscall */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static mode_t seen_mode;
static off_t seen_size;

/* In place of libc's. */
int fchmod(int fd, mode_t mode)
{
    struct stat info;
    assert_int_equal(fstat(fd, &info), 0);
    seen_mode = info.st_mode & 0777;
    seen_size = info.st_size;
    return (int)syscall(SYS_fchmod, fd, mode);
}

static void a_private_file_stays_so_while_it_is_rewritten(void **state)
{
    (void)state;
    char path[] = "/tmp/svcgate-mode-XXXXXX";
    struct sg_error err = {0};
    struct stat info;
    assert_int_equal(close(mkstemp(path)), 0); /* 0600 */
    mode_t before = umask(022);
    assert_true(sg_file_write(path, "secret", 6, &err));
    (void)umask(before);
    assert_int_equal(seen_size, 6);
    assert_int_equal(seen_mode, 0600);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_private_file_stays_so_while_it_is_rewritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
