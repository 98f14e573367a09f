/* SPDX-License-Identifier: Apache-2.0 */
/* Writing files so that a reader sees the old or the new content, never a part. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail_writing(const char *path, int code, struct sg_error *err)
{
    return sg_fail(err, SG_ERROR_IO, "cannot write %s: %s", path, strerror(code));
}

static bool write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t put = write(fd, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        data += put;
        size -= (size_t)put;
    }
    return true;
}

/* Into what is there, or with O_CREAT a new file, without a detour. */
static bool write_to(const char *path, int flags, const void *data, size_t size,
                     struct sg_error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0666);
    if (fd < 0)
        return fail_writing(path, errno, err);
    bool ok = write_all(fd, data, size);
    int code = errno;
    if (close(fd) < 0 && ok) {
        ok = false;
        code = errno;
    }
    return ok || fail_writing(path, code, err);
}

/* A new file beside `path`; its name ends so that no reader takes it for the real one. */
static int open_temporary(const char *path, mode_t mode, char **out_name)
{
    for (int i = 0; i < 100; i++) {
        char *name = sg_format("%s.%ld-%d.tmp", path, (long)getpid(), i);
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0) {
            *out_name = name;
            return fd;
        }
        free(name);
        if (errno != EEXIST)
            return -1;
    }
    return -1;
}

/* Fills and closes `fd`; errno tells what failed. */
static bool fill(int fd, const struct stat *old, const void *data, size_t size)
{
    bool ok = write_all(fd, data, size) && (!old || fchmod(fd, old->st_mode & 0777) == 0) &&
              fsync(fd) == 0;
    int code = errno;
    if (close(fd) < 0 && ok)
        return false;
    errno = code;
    return ok;
}

/* Makes the rename itself durable; some file systems cannot, which is no error. */
static void sync_folder(const char *path)
{
    char *folder = sg_path_folder(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static bool replace(const char *path, const struct stat *old, const void *data, size_t size,
                    struct sg_error *err)
{
    char *temporary = NULL;
    /* In place of a file that few may read, what it is to hold is for nobody else meanwhile. */
    int fd = open_temporary(path, old ? 0600 : 0666, &temporary);
    if (fd < 0)
        return fail_writing(path, errno, err);
    bool ok = fill(fd, old, data, size) && rename(temporary, path) == 0;
    int code = errno;
    if (!ok)
        unlink(temporary);
    free(temporary);
    if (!ok)
        return fail_writing(path, code, err);
    sync_folder(path);
    return true;
}

bool sg_file_write(const char *path, const void *data, size_t size, struct sg_error *err)
{
    struct stat old;
    bool exists = stat(path, &old) == 0;
    if (!exists && !sg_file_missing(path)) /* it may be a link or a device: nothing to replace */
        return fail_writing(path, errno, err);
    if (exists && S_ISDIR(old.st_mode))
        return fail_writing(path, EISDIR, err);
    /* A device, pipe or terminal cannot be replaced by a rename: it gets the bytes as they are. */
    if (exists && !S_ISREG(old.st_mode))
        return write_to(path, 0, data, size, err);
    /* Through a symbolic link, the file behind it is replaced and the link stays. */
    char *target = exists ? sg_path_real(path) : NULL;
    bool ok = replace(target ? target : path, exists ? &old : NULL, data, size, err);
    free(target);
    return ok;
}

/* --- Where somebody else may have been ----------------------------------------------------- */

/* Opens the folder of `path`, link by link refused; *out_name is its last part. */
static int open_folder(const char *path, const char **out_name)
{
    int folder = open(path[0] == '/' ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    path += strspn(path, "/");
    for (size_t size = strcspn(path, "/"); folder >= 0 && path[size] != '\0';
         size = strcspn(path, "/")) {
        char *name = sg_format("%.*s", (int)size, path);
        int next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int code = errno;
        free(name);
        close(folder);
        folder = next;
        errno = code;
        path += size + strspn(path + size, "/");
    }
    *out_name = path;
    return folder;
}

/* rename() puts a file in place of whatever has the name, a link as well. */
static bool replace_in(int folder, const char *name, const void *data, size_t size)
{
    char *temporary = sg_format("%s.%ld.tmp", name, (long)getpid());
    int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool ok = fd >= 0 && fill(fd, NULL, data, size) &&
              renameat(folder, temporary, folder, name) == 0 && fsync(folder) == 0;
    int code = errno;
    if (!ok && fd >= 0)
        unlinkat(folder, temporary, 0);
    free(temporary);
    errno = code;
    return ok;
}

bool sg_file_write_plain(const char *path, const void *data, size_t size, struct sg_error *err)
{
    const char *name = NULL;
    struct stat info;
    int folder = open_folder(path, &name);
    if (folder < 0)
        return sg_fail(err, SG_ERROR_IO, "cannot write %s without following a link: %s", path,
                       strerror(errno));
    bool vacant = fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0 || S_ISREG(info.st_mode);
    bool ok = vacant ? replace_in(folder, name, data, size) || fail_writing(path, errno, err)
                     : sg_fail(err, SG_ERROR_IO, "%s is there and is no file", path);
    close(folder);
    return ok;
}

/* ------------------------------------------------------------------------------------------- */

bool sg_file_append(const char *path, const void *data, size_t size, struct sg_error *err)
{
    return write_to(path, O_CREAT | O_APPEND, data, size, err);
}

bool sg_file_remove(const char *path, struct sg_error *err)
{
    return unlink(path) == 0 || errno == ENOENT ||
           sg_fail(err, SG_ERROR_IO, "cannot remove %s: %s", path, strerror(errno));
}

bool sg_file_move(const char *from, const char *to, struct sg_error *err)
{
    return rename(from, to) == 0 ||
           sg_fail(err, SG_ERROR_IO, "cannot move %s to %s: %s", from, to, strerror(errno));
}
