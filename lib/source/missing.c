/* SPDX-License-Identifier: Apache-2.0 */
/* A commit that is not in this clone: what may have been meant, and what to fetch. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "source/internal.h"

#define NAMES_MAX 20000

struct names {
    char *text;
    const char **items;
    size_t count;
};

/* The lines of a git command's output. */
static struct names lines_of(const char *top, const char *const *words)
{
    struct names names = {0};
    struct sg_process_result result = {0};
    struct sg_error ignored = {0};
    if (sg_git(top, words, false, &result, &ignored) && result.status == 0) {
        names.text = result.out;
        result.out = NULL;
    }
    sg_process_result_free(&result);
    for (char *line = names.text; line != NULL && *line != '\0' && names.count < NAMES_MAX;) {
        char *end = line + strcspn(line, "\n");
        char *next = *end != '\0' ? end + 1 : end;
        *end = '\0';
        names.items = sg_grow(names.items, names.count, sizeof(*names.items));
        names.items[names.count++] = line;
        line = next;
    }
    return names;
}

static void names_free(struct names *names)
{
    free(names->items);
    free(names->text);
}

/* "origin/main" for "main", else the name that is written almost alike; or NULL. */
static const char *meant(const struct names *refs, const char *ref)
{
    char *end = sg_format("/%s", ref);
    const char *found = NULL;
    for (size_t i = 0; found == NULL && i < refs->count; i++) {
        found = sg_ends_with(refs->items[i], end) ? refs->items[i] : NULL;
    }
    free(end);
    return found != NULL ? found : sg_nearest(ref, refs->items, refs->count);
}

/* The remote that `ref` starts with ("origin" of "origin/main"), or NULL. */
static const char *remote_of(const struct names *remotes, const char *ref)
{
    for (size_t i = 0; i < remotes->count; i++) {
        size_t length = strlen(remotes->items[i]);
        if (strncmp(ref, remotes->items[i], length) == 0 && ref[length] == '/') {
            return remotes->items[i];
        }
    }
    return NULL;
}

/* main~2 and v1^ are reckoned from a name. Only that can be fetched, and it may be here already. */
static bool has_name(const char *top, const char *ref, size_t length)
{
    char commit[65];
    char *name = sg_format("%.*s", (int)length, ref);
    bool here = length == 0 || sg_commit_of(top, name, commit);
    free(name);
    return here;
}

static void add_fetch(const char *top, const char *ref, struct sg_error *err)
{
    const char *words[] = {"remote", NULL};
    size_t length = strcspn(ref, "~^@");
    if (has_name(top, ref, length)) {
        return;
    }
    struct names remotes = lines_of(top, words);
    const char *remote = remote_of(&remotes, ref);
    int name = (int)length;
    if (remote != NULL) {
        size_t skip = strlen(remote) + 1;
        sg_error_append(err, "Fetch it: git fetch %s %.*s", remote, name - (int)skip, ref + skip);
    } else if (remotes.count > 0) {
        sg_error_append(err,
                        "Fetch it if it is a branch or a commit: git fetch %s %.*s; if it is "
                        "a tag: git fetch %s tag %.*s",
                        remotes.items[0], name, ref, remotes.items[0], name, ref);
    }
    names_free(&remotes);
}

bool sg_missing(const char *top, const char *ref, struct sg_error *err)
{
    const char *words[] = {"for-each-ref", "--format=%(refname:short)",
                           "refs/heads",   "refs/remotes",
                           "refs/tags",    NULL};
    if (sg_interrupt_signal() != 0) {
        return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while git was running");
    }
    struct names refs = lines_of(top, words);
    const char *near = meant(&refs, ref);
    sg_fail(err, SG_ERROR_ENVIRONMENT, "git knows no revision \"%s\" in %s%s%s%s", ref, top,
            near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
            near != NULL ? "\"?" : "");
    names_free(&refs);
    add_fetch(top, ref, err);
    sg_missing_history(top, err);
    return false;
}

void sg_missing_history(const char *top, struct sg_error *err)
{
    const char *words[] = {"rev-parse", "--is-shallow-repository", NULL};
    char *shallow = sg_git_line(top, words);
    if (sg_streq(shallow, "true")) {
        const char *all[] = {"rev-list", "--count", "HEAD", NULL};
        char *count = sg_git_line(top, all);
        sg_error_append(err,
                        "This clone is shallow (commits of HEAD here: %s). Fetch all of them: "
                        "git fetch --unshallow; or some more: git fetch --deepen=100. GitHub "
                        "Actions: `fetch-depth: 0` for actions/checkout; GitLab CI: the variable "
                        "GIT_DEPTH: 0",
                        count != NULL ? count : "few");
        free(count);
    }
    free(shallow);
}
