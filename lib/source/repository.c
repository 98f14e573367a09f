/* SPDX-License-Identifier: Apache-2.0 */
/* The repository around a folder that need not exist (any more). */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "source/internal.h"

void sg_repository_clear(struct sg_repository *repository)
{
    free(repository->top);
    free(repository->below);
    *repository = (struct sg_repository){0};
}

/* The nearest folder upwards that exists; *out_rest is the part of the path below it, "" or
 * "services/api/". */
static char *existing(const char *context, char **out_rest)
{
    char *path = sg_strdup(context);
    char *rest = sg_strdup("");
    while (!sg_folder_exists(path)) {
        char *slash = strrchr(path, '/');
        const char *name = slash != NULL ? slash + 1 : path;
        char *longer = *name != '\0' ? sg_format("%s/%s", name, rest) : sg_strdup(rest);
        free(rest);
        rest = longer;
        char *up = slash == NULL   ? sg_strdup(".")
                   : slash == path ? sg_strdup("/")
                                   : sg_format("%.*s", (int)(slash - path), path);
        free(path);
        path = up;
    }
    *out_rest = rest;
    return path;
}

static bool has_up(const char *rest)
{
    return sg_starts_with(rest, "../") || strstr(rest, "/../") != NULL;
}

/* In git's own words where they help: its last line is the command that allows the folder. */
static bool tell_git(const char *context, const char *words, struct sg_error *err)
{
    if (strstr(words, "safe.directory") != NULL) {
        const char *last = sg_tail(words, 1);
        return sg_fail(err, SG_ERROR_ENVIRONMENT,
                       "git refuses the repository around %s because its files belong to another "
                       "user, as is usual in a CI container; allow it: %s",
                       context, last + strspn(last, " \t"));
    }
    if (strstr(words, "not a git repository") != NULL) {
        return sg_fail(err, SG_ERROR_ENVIRONMENT,
                       "%s is in no git repository, and a build with `ref` needs one: run from a "
                       "clone (not from an unpacked archive), or name an image instead",
                       context);
    }
    return sg_fail(err, SG_ERROR_ENVIRONMENT, "git finds no working tree around %s: %s", context,
                   sg_tail(words, 3));
}

/* git answers with three lines: its own folder, the root, and the prefix of the folder below it (""
 * or "a/b/"). A folder of the tree that looks like a bare repository holds the one it is asked
 * from: its configuration, and with it commands, would be its author's. git has refused it since
 * 2.38 (safe.bareRepository). */
static bool take_answer(const char *text, const char *folder, const char *rest,
                        struct sg_repository *out, struct sg_error *err)
{
    size_t own = strcspn(text, "\n");
    char *real = sg_path_real(folder);
    bool inside =
        real == NULL || (strncmp(real, text, own) == 0 && (real[own] == '/' || real[own] == '\0'));
    free(real);
    if (inside) {
        return sg_fail(err, SG_ERROR_ENVIRONMENT,
                       "%s looks like a bare repository and may have a configuration of somebody "
                       "else's: it is not believed",
                       folder);
    }
    const char *answer = text + own + (text[own] == '\n' ? 1 : 0);
    size_t root = strcspn(answer, "\n");
    const char *prefix = answer + root + (answer[root] == '\n' ? 1 : 0);
    out->top = sg_format("%.*s", (int)root, answer);
    out->below = sg_format("%.*s%s", (int)strcspn(prefix, "\n"), prefix, rest);
    size_t length = strlen(out->below);
    if (length > 0 && out->below[length - 1] == '/') {
        out->below[length - 1] = '\0';
    }
    return true;
}

bool sg_repository_find(const char *context, struct sg_repository *out, struct sg_error *err)
{
    const char *words[] = {"rev-parse", "--absolute-git-dir", "--show-toplevel", "--show-prefix",
                           NULL};
    struct sg_process_result result = {0};
    char *rest = NULL;
    char *folder = existing(context, &rest);
    bool ok = !has_up(rest) || sg_fail(err, SG_ERROR_CONFIG, "there is no folder %s", context);
    ok = ok && sg_git(folder, words, false, &result, err) &&
         (result.status == 0 || tell_git(context, result.err, err)) &&
         take_answer(result.out, folder, rest, out, err);
    sg_process_result_free(&result);
    free(folder);
    free(rest);
    return ok;
}
