/* SPDX-License-Identifier: Apache-2.0 */
/* The lock is an flock on the folder itself, so that there is nothing in it to be confused with
 * what its user writes. */
#include "base/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

enum { RANDOM_LENGTH = 6 };

static const char *base_folder(void)
{
    const char *base = sg_env("TMPDIR");
    return base ? base : "/tmp";
}

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Whether `path` still is what `fd` was opened as. */
static bool is_still(const char *path, int fd)
{
    struct stat named, opened;
    return lstat(path, &named) == 0 && fstat(fd, &opened) == 0 && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

/* A sweep may come between making a folder and locking it; the folder is gone then. */
static bool make_locked(const char *mark, struct sg_temporary *out)
{
    out->path = sg_format("%s/%sXXXXXX", base_folder(), mark);
    bool made = mkdtemp(out->path) != NULL;
    out->lock = made ? open_folder(out->path) : -1;
    return out->lock >= 0 && flock(out->lock, LOCK_EX) == 0 && is_still(out->path, out->lock);
}

static void forget(struct sg_temporary *temporary)
{
    if (temporary->lock >= 0)
        close(temporary->lock);
    free(temporary->path);
    *temporary = (struct sg_temporary){.lock = -1};
}

bool sg_temporary_make(const char *mark, struct sg_temporary *out, struct sg_error *err)
{
    const int tries = 100;
    int code = 0;
    for (int i = 0; i < tries; i++) {
        errno = 0;
        if (make_locked(mark, out))
            return true;
        code = errno;
        forget(out);
        if (code != ENOENT && code != 0)
            break;
        if (!sg_folder_exists(base_folder()))
            break;
    }
    return sg_fail(err, SG_ERROR_IO, "cannot make a temporary folder in %s: %s", base_folder(),
                   strerror(code));
}

void sg_delete_tree(const char *path)
{
    const char *argv[] = {"rm", "-rf", "--", path, NULL};
    struct sg_process process = {.argv = argv, .uninterruptible = true};
    struct sg_process_result result = {0};
    struct sg_error ignored = {0};
    (void)!sg_process_run(&process, &result, &ignored);
    sg_process_result_free(&result);
}

void sg_temporary_remove(struct sg_temporary *temporary)
{
    if (!temporary->path)
        return;
    sg_delete_tree(temporary->path);
    forget(temporary);
}

static bool is_marked(const char *name, const char *mark)
{
    return sg_starts_with(name, mark) && strlen(name) == strlen(mark) + RANDOM_LENGTH;
}

static void sweep_one(const char *path)
{
    struct stat about;
    int fd = open_folder(path);
    if (fd < 0)
        return;
    bool dead = fstat(fd, &about) == 0 && about.st_uid == geteuid() &&
                flock(fd, LOCK_EX | LOCK_NB) == 0 && is_still(path, fd);
    if (dead)
        sg_delete_tree(path); /* under the lock: whoever has just made it waits, and sees it gone */
    close(fd);
}

void sg_temporary_sweep(const char *mark)
{
    DIR *folder = opendir(base_folder());
    if (!folder)
        return;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (is_marked(entry->d_name, mark)) {
            char *path = sg_path_join(base_folder(), entry->d_name);
            sweep_one(path);
            free(path);
        }
    }
    closedir(folder);
}
