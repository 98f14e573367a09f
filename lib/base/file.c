/* SPDX-License-Identifier: Apache-2.0 */
/* Reading files whole, folders and paths. Writing is in file_write.c. */
#include "base/file.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A path that does not lead to a file is the user's mistake, anything else the machine's. */
static bool fail_reading(const char *path, int code, struct sg_error *err)
{
    bool users = code == ENOENT || code == ENOTDIR || code == EISDIR || code == ENAMETOOLONG;
    return sg_fail(err, users ? SG_ERROR_CONFIG : SG_ERROR_IO, "cannot read %s: %s", path,
                   strerror(code));
}

static bool fail_large(const char *path, size_t limit, struct sg_error *err)
{
    const size_t mebi = (size_t)1 << 20;
    bool whole = limit >= mebi && limit % mebi == 0;
    return sg_fail(err, SG_ERROR_CONFIG, "%s is larger than the %zu %s that are read at most", path,
                   whole ? limit / mebi : limit, whole ? "MiB" : "bytes");
}

/* A file that says it is too large is not read at all. */
static bool is_large(int fd, size_t limit)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (uintmax_t)info.st_size > limit;
}

static bool read_all(int fd, const char *path, struct sg_text *text, struct sg_error *err)
{
    char part[65536];
    text->cut = is_large(fd, text->limit);
    while (!text->cut) {
        ssize_t got = read(fd, part, sizeof(part));
        if (got == 0)
            return true;
        if (got > 0)
            sg_text_bytes(text, part, (size_t)got);
        else if (errno != EINTR)
            return fail_reading(path, errno, err);
        else if (sg_interrupt_signal())
            return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while reading %s", path);
    }
    return fail_large(path, text->limit, err);
}

static bool refuse_nul(const char *path, const struct sg_text *text, struct sg_error *err)
{
    const char *nul = text->size ? memchr(text->data, '\0', text->size) : NULL;
    if (!nul)
        return true;
    return sg_fail(err, SG_ERROR_CONFIG,
                   "%s holds a NUL byte at offset %zu: it is not the text file that is expected",
                   path, (size_t)(nul - text->data));
}

static bool take_all(int fd, const char *name, size_t limit, bool nul, char **out_data,
                     size_t *out_size, struct sg_error *err)
{
    struct sg_text text = {.limit = limit};
    bool ok = read_all(fd, name, &text, err) && (nul || refuse_nul(name, &text, err));
    if (ok) {
        if (out_size)
            *out_size = text.size;
        *out_data = sg_text_take(&text);
    }
    sg_text_free(&text);
    return ok;
}

static bool read_named(const char *path, size_t limit, bool nul, char **out_data, size_t *out_size,
                       struct sg_error *err)
{
    if (sg_streq(path, "-"))
        return take_all(STDIN_FILENO, "standard input", limit, nul, out_data, out_size, err);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_reading(path, errno, err);
    bool ok = take_all(fd, path, limit, nul, out_data, out_size, err);
    close(fd);
    return ok;
}

bool sg_file_read(const char *path, size_t limit, char **out_data, size_t *out_size,
                  struct sg_error *err)
{
    return read_named(path, limit, false, out_data, out_size, err);
}

bool sg_file_read_bytes(const char *path, size_t limit, char **out_data, size_t *out_size,
                        struct sg_error *err)
{
    return read_named(path, limit, true, out_data, out_size, err);
}

bool sg_file_read_plain(const char *path, size_t limit, char **out_data, size_t *out_size,
                        struct sg_error *err)
{
    struct stat info;
    /* O_NONBLOCK: opening a pipe must not wait for its other end. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ELOOP)
        return sg_fail(err, SG_ERROR_DATA, "%s is a symbolic link: it is not followed", path);
    if (fd < 0)
        return fail_reading(path, errno, err);
    bool ok = fstat(fd, &info) == 0;
    if (!ok)
        fail_reading(path, errno, err);
    else if (!S_ISREG(info.st_mode))
        ok = sg_fail(err, SG_ERROR_DATA, "%s is not a regular file", path);
    ok = ok && take_all(fd, path, limit, false, out_data, out_size, err);
    close(fd);
    return ok;
}

static bool make_one(const char *path, struct sg_error *err)
{
    if (mkdir(path, 0777) == 0)
        return true;
    int code = errno;
    struct stat info;
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return true;
    } else if (code == EEXIST) {
        code = errno; /* what is there cannot be seen */
    }
    return sg_fail(err, SG_ERROR_IO, "cannot make folder %s: %s", path, strerror(code));
}

bool sg_folder_make(const char *path, struct sg_error *err)
{
    if (!path[0])
        return sg_fail(err, SG_ERROR_CONFIG, "cannot make a folder without a name");
    char *part = sg_strdup(path);
    bool ok = true;
    for (char *at = part + 1; ok && *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        ok = make_one(part, err);
        *at = '/';
    }
    ok = ok && make_one(part, err);
    free(part);
    return ok;
}

bool sg_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

bool sg_file_missing(const char *path)
{
    struct stat info;
    return stat(path, &info) < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG);
}

bool sg_folder_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

char *sg_path_join(const char *dir, const char *name)
{
    if (!dir || !dir[0] || name[0] == '/')
        return sg_strdup(name);
    return sg_format("%s%s%s", dir, sg_ends_with(dir, "/") ? "" : "/", name);
}

char *sg_path_folder(const char *path)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--; /* "a/b/" is "a/b" */
    while (size > 0 && path[size - 1] != '/')
        size--;
    if (size == 0)
        return sg_strdup(".");
    while (size > 1 && path[size - 1] == '/')
        size--;
    return sg_format("%.*s", (int)size, path);
}

char *sg_path_short(const char *path)
{
    if (!path || path[0] != '/')
        return sg_strdup(path);
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (path[start - 1] != '/')
        start--;
    return sg_format("…/%.*s", (int)(end - start), path + start);
}

char *sg_path_real(const char *path)
{
    char *real = realpath(path, NULL);
    if (!real && errno == ENOMEM)
        sg_out_of_memory();
    return real;
}
