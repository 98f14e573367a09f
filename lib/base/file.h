/* SPDX-License-Identifier: Apache-2.0 */
/* Files: read whole with a limit, written whole or not at all. */
#ifndef SG_BASE_FILE_H
#define SG_BASE_FILE_H

#include "base/error.h"

/* Reads a whole file ("-": standard input) of at most `limit` bytes; *out_data is NUL-terminated
 * beyond *out_size. A NUL inside is refused (SG_ERROR_CONFIG), as is a longer file. */
bool sg_file_read(const char *path, size_t limit, char **out_data, size_t *out_size,
                  struct sg_error *err) SG_MUST_USE;

/* The same, and a NUL is no mistake: the text may be UTF-16. */
bool sg_file_read_bytes(const char *path, size_t limit, char **out_data, size_t *out_size,
                        struct sg_error *err) SG_MUST_USE;

/* sg_file_read for a file that somebody else may have laid there: only a regular file, and `path`
 * must not end in a symbolic link. Anything else is SG_ERROR_DATA. */
bool sg_file_read_plain(const char *path, size_t limit, char **out_data, size_t *out_size,
                        struct sg_error *err) SG_MUST_USE;

/* Writes to a temporary file beside `path`, syncs, renames: readers see all or nothing. */
bool sg_file_write(const char *path, const void *data, size_t size,
                   struct sg_error *err) SG_MUST_USE;

/* The same where somebody else may have prepared the place: neither `path` nor a folder on the way
 * may be a symbolic link, and what is there must be a regular file. */
bool sg_file_write_plain(const char *path, const void *data, size_t size,
                         struct sg_error *err) SG_MUST_USE;

/* Adds to the end of a file, which need not be there yet. An interruption may leave a part. */
bool sg_file_append(const char *path, const void *data, size_t size,
                    struct sg_error *err) SG_MUST_USE;
/* No file is fine. */
bool sg_file_remove(const char *path, struct sg_error *err) SG_MUST_USE;
/* Within one file system; replaces `to`. */
bool sg_file_move(const char *from, const char *to, struct sg_error *err) SG_MUST_USE;

/* Makes a folder and its parents. */
bool sg_folder_make(const char *path, struct sg_error *err) SG_MUST_USE;

bool sg_file_exists(const char *path);
/* It is certain that there is none. Where that cannot be seen, opening it tells why; it must not be
 * taken for a file that is yet to be made. */
bool sg_file_missing(const char *path);
bool sg_folder_exists(const char *path);

/* "dir/name", "name" when dir is NULL or empty, `name` when it is absolute. */
char *sg_path_join(const char *dir, const char *name) SG_MUST_USE;
/* The folder of `path` ("." when it has none). */
char *sg_path_folder(const char *path) SG_MUST_USE;
/* As somebody elsewhere may know it: of an absolute path the last part, "…/name". NULL gives NULL.
 */
char *sg_path_short(const char *path) SG_MUST_USE;
/* Absolute and without links; NULL, with errno, when it leads to nothing. */
char *sg_path_real(const char *path) SG_MUST_USE;

#endif
