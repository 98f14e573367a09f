/* SPDX-License-Identifier: Apache-2.0 */
/* Two jobs on one machine that change a baseline at once: the second waits, so that neither
 * session gets lost. Locked is the folder, as the file itself is replaced by each writing. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "baseline/baseline.h"

#define PATIENCE (10 * SG_SECOND) /* a change takes milliseconds */
#define PAUSE (20 * SG_MILLISECOND)

/* 0, or why there is no lock: EWOULDBLOCK, EINTR, or a file system that has none. */
static int wait_for(int fd)
{
    int64_t end = sg_clock_monotonic() + PATIENCE;
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return errno;
        }
        if (sg_clock_monotonic() > end) {
            return EWOULDBLOCK;
        }
        if (!sg_sleep(PAUSE)) {
            return EINTR;
        }
    }
    return 0;
}

bool sg_baseline_lock(const char *path, int *out_lock, struct sg_error *err)
{
    char *folder = sg_path_folder(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = fd < 0 ? errno : wait_for(fd);
    bool ok = true;
    if (fd < 0) {
        ok = sg_fail(err, SG_ERROR_IO, "cannot open the folder of %s: %s", path, strerror(code));
    } else if (code == EINTR) {
        ok = sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while waiting for %s", folder);
    } else if (code == EWOULDBLOCK) {
        ok = sg_fail(err, SG_ERROR_IO,
                     "somebody else has been changing a baseline in %s for 10 s; see what that "
                     "process is doing, then repeat",
                     folder);
    }
    if (code != 0 && fd >= 0) {
        close(fd);
        fd = -1;
    }
    *out_lock = fd;
    free(folder);
    return ok;
}

void sg_baseline_unlock(int lock)
{
    if (lock >= 0) {
        close(lock); /* which gives the lock back */
    }
}
