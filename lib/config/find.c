/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the file: here, or upwards to the root of the repository, never beyond it; and how to
 * name it to others. */
#include "config/config.h"

#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Deeper than any repository; ends the walk where ".." leads nowhere new. */
#define LEVELS 64

static bool is_repository(const char *folder)
{
    char *git = sg_path_join(folder, ".git"); /* a file in a worktree or submodule */
    bool found = sg_folder_exists(git) || sg_file_exists(git);
    free(git);
    return found;
}

/* The file of `folder`, *out NULL when it has none; two are an error. */
static bool find_in(const char *folder, char **out, struct sg_error *err)
{
    static const char *const names[] = {"svcgate.yaml", "svcgate.yml", "svcgate.json"};
    *out = NULL;
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char *path = sg_path_join(folder, names[i]);
        bool exists = sg_file_exists(path);
        if (exists && *out == NULL) {
            *out = path;
            continue;
        }
        if (exists) {
            (void)sg_fail(err, SG_ERROR_CONFIG,
                          "%s and %s lie side by side: keep one, or choose with --config", *out,
                          path);
            free(*out);
            *out = NULL;
        }
        free(path);
        if (exists) {
            return false;
        }
    }
    return true;
}

/* How many folders up the repository's root is; 0 without a repository: look here alone. */
static int levels_to_root(const char *folder)
{
    char *at = sg_strdup(folder);
    int found = 0;
    for (int level = 0; level < LEVELS; level++) {
        if (is_repository(at)) {
            found = level;
            break;
        }
        char *up = sg_path_join(at, "..");
        free(at);
        at = up;
    }
    free(at);
    return found;
}

bool sg_config_find(const char *folder, char **out, struct sg_error *err)
{
    const char *start = folder == NULL || sg_streq(folder, ".") ? "" : folder;
    int levels = levels_to_root(start);
    char *at = sg_strdup(start);
    bool ok = find_in(at, out, err);
    for (int level = 0; ok && *out == NULL && level < levels; level++) {
        char *up = sg_path_join(at, "..");
        free(at);
        at = up;
        ok = find_in(at, out, err);
    }
    free(at);
    return ok;
}

/* The root of the repository that an absolute path lies in; NULL without one. */
static char *repository_of(const char *path)
{
    char *at = sg_path_folder(path);
    while (!is_repository(at)) {
        char *up = sg_path_folder(at);
        bool top = sg_streq(up, at);
        free(at);
        at = up;
        if (top) {
            free(at);
            return NULL;
        }
    }
    return at;
}

/* What is behind `folder` in `path`, or NULL. */
static const char *below(const char *path, const char *folder)
{
    size_t size = strlen(folder);
    if (!sg_starts_with(path, folder)) {
        return NULL;
    }
    path += size - (folder[size - 1] == '/');
    return path[0] == '/' ? path + 1 : NULL;
}

char *sg_config_place(const char *path)
{
    char *real = path != NULL ? sg_path_real(path) : NULL;
    char *top = real != NULL ? repository_of(real) : NULL;
    if (top == NULL) {
        top = sg_path_real(".");
    }
    char *place = real != NULL && top != NULL ? sg_strdup(below(real, top)) : NULL;
    free(real);
    free(top);
    return place;
}

char *sg_config_told_path(const struct sg_config *config, const char *path)
{
    if (path == NULL || config->show_host || path[0] != '/') {
        return sg_strdup(path);
    }
    char *place = sg_config_place(path);
    return place != NULL ? place : sg_path_short(path);
}
