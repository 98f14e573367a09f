/* SPDX-License-Identifier: Apache-2.0 */
/* One session a host and engine: two at once would measure each other. The lock is an flock on a
 * file in the temporary folder; the kernel gives it back when the process dies, however it dies. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "testbench/internal.h"

/* 0: taken, and fd is held; EWOULDBLOCK: another session has it; else what is wrong. */
static int try_lock(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

static bool is_to_wait(int code)
{
    return code == EWOULDBLOCK || code == EINTR;
}

/* Another user's file in a sticky folder can be opened but not with O_CREAT (protected_regular). */
static int open_lock(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
    }
    return fd;
}

bool sg_lock_take(const struct sg_engine *engine, double wait,
                  const struct sg_bench_progress *progress, int *out, struct sg_error *err)
{
    char *path =
        sg_format("/tmp/svcgate-%016" PRIx64 ".lock", sg_hash(engine->id, strlen(engine->id)));
    int fd = open_lock(path);
    if (fd < 0) {
        sg_fail(err, SG_ERROR_IO, "cannot open the lock file %s: %s", path, strerror(errno));
        free(path);
        return false;
    }
    int64_t deadline = sg_clock_monotonic() + (int64_t)(wait * 1e9);
    bool told = false;
    int code = try_lock(fd);
    while (is_to_wait(code) && sg_clock_monotonic() < deadline && sg_sleep(SG_SECOND / 2)) {
        if (!told && progress != NULL && progress->say != NULL) {
            progress->say(progress->context,
                          "another svcgate session measures on this host; waiting for it");
            told = true;
        }
        code = try_lock(fd);
    }
    if (code != 0) {
        close(fd);
        if (!is_to_wait(code)) {
            sg_fail(err, SG_ERROR_IO, "cannot lock %s: %s", path, strerror(code));
        } else if (sg_interrupt_signal() != 0) {
            sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while waiting for another session");
        } else {
            sg_fail(err, SG_ERROR_ENVIRONMENT,
                    "another svcgate session measures on this host (lock %s) and two would disturb "
                    "each other; wait for it, or give `svcgate run` a --wait",
                    path);
        }
    }
    free(path);
    *out = code == 0 ? fd : -1;
    return code == 0;
}

void sg_lock_drop(int lock)
{
    if (lock >= 0) {
        close(lock);
    }
}
