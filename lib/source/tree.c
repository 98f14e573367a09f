/* SPDX-License-Identifier: Apache-2.0 */
/* A temporary worktree: made, filled, removed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "source/internal.h"

static bool make_folder(struct sg_source *source, struct sg_error *err)
{
    const char *base = sg_env("TMPDIR");
    char *folder = sg_format("%s/" SG_SOURCE_MARK "XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(folder) == NULL) {
        sg_fail(err, SG_ERROR_IO, "cannot make a temporary folder %s: %s", folder, strerror(errno));
        free(folder);
        return false;
    }
    source->folder = sg_path_real(folder); /* git tells real paths */
    if (source->folder == NULL) {
        sg_fail(err, SG_ERROR_IO, "%s: %s", folder, strerror(errno));
        (void)rmdir(folder);
        free(folder);
        return false;
    }
    free(folder);
    return true;
}

/* Held before git knows of the tree, so that a tree without a lock is nobody's. */
static bool take_lock(struct sg_source *source, struct sg_error *err)
{
    char *path = sg_path_join(source->folder, "lock");
    source->lock = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = (source->lock >= 0 && flock(source->lock, LOCK_EX) == 0) ||
              sg_fail(err, SG_ERROR_IO, "cannot lock %s: %s", path, strerror(errno));
    free(path);
    return ok;
}

static char *tree_of(const struct sg_source *source)
{
    return sg_path_join(source->folder, "tree");
}

static bool check_out(const struct sg_source *source, const char *tree, struct sg_error *err)
{
    const char *words[] = {"worktree", "add", "--detach", tree, source->commit, NULL};
    struct sg_process_result result = {0};
    bool ok = sg_git(source->repository, words, false, &result, err) &&
              (result.status == 0 ||
               sg_fail(err, SG_ERROR_ENVIRONMENT, "git cannot check out %.12s into %s: %s",
                       source->commit, tree, sg_tail(result.err, 6)));
    sg_process_result_free(&result);
    return ok;
}

/* Submodules of a submodule: their settings are in the tree's part of .git, not in the user's. */
static bool add_nested(const char *tree, const char *path, struct sg_process_result *result,
                       struct sg_error *err)
{
    const char *update[] = {"submodule", "update", "--init", "--recursive", NULL};
    char *folder = sg_path_join(tree, path);
    char *mark = sg_path_join(folder, ".git");
    char *list = sg_path_join(folder, ".gitmodules");
    bool ok = !sg_file_exists(mark) || !sg_file_exists(list) ||
              (sg_git(folder, update, false, result, err) && result->status == 0);
    free(list);
    free(mark);
    free(folder);
    return ok;
}

/* Without `--init`, which would write into the user's .git/config: only those that the user has. */
static bool update_submodules(const char *tree, struct sg_process_result *result,
                              struct sg_error *err)
{
    const char *update[] = {"submodule", "update", NULL};
    const char *paths[] = {
        "config", "--file", ".gitmodules", "--get-regexp", "^submodule\\..*\\.path$", NULL};
    struct sg_process_result list = {0};
    bool ok = sg_git(tree, update, false, result, err) && result->status == 0 &&
              sg_git(tree, paths, false, &list, err);
    for (const char *line = list.out; ok && line != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *blank = memchr(line, ' ', length);
        if (blank != NULL) {
            char *path = sg_format("%.*s", (int)(line + length - blank - 1), blank + 1);
            sg_process_result_free(result);
            ok = add_nested(tree, path, result, err);
            free(path);
        }
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    sg_process_result_free(&list);
    return ok;
}

/* Those who have submodules in their own working tree need them in this one. */
static bool add_submodules(const struct sg_source *source, const char *tree, struct sg_error *err)
{
    const char *in_use[] = {"config", "--get-regexp", "^submodule\\..*(url|active)$", NULL};
    char *list = sg_path_join(tree, ".gitmodules");
    bool wanted = sg_file_exists(list) && sg_git_says_yes(source->repository, in_use);
    struct sg_process_result result = {0};
    bool ok = !wanted || update_submodules(tree, &result, err);
    if (!ok && result.err != NULL) {
        sg_fail(err, SG_ERROR_ENVIRONMENT, "git cannot get the submodules of %.12s: %s",
                source->commit, sg_tail(result.err, 6));
    }
    sg_process_result_free(&result);
    free(list);
    return ok;
}

/* The context inside the tree. A link in the repository may lead anywhere: only what is below the
 * tree is of that commit. */
static bool find_context(struct sg_source *source, const char *tree, const char *below,
                         const char *ref, struct sg_error *err)
{
    char *path = sg_path_join(tree, below[0] != '\0' ? below : ".");
    source->context = sg_path_real(path);
    free(path);
    if (source->context == NULL || !sg_folder_exists(source->context)) {
        return sg_fail(err, SG_ERROR_CONFIG, "there is no folder %s at %s (commit %.12s)", below,
                       ref, source->commit);
    }
    size_t length = strlen(tree);
    return (strncmp(source->context, tree, length) == 0 &&
            (source->context[length] == '/' || source->context[length] == '\0')) ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "%s at %s (commit %.12s) is a link that leads out of the repository", below, ref,
                   source->commit);
}

bool sg_source_open(const char *context, const char *ref, struct sg_source *out,
                    struct sg_error *err)
{
    struct sg_repository repository = {0};
    *out = (struct sg_source){.lock = -1};
    bool ok = sg_source_check_ref(ref, err) && sg_repository_find(context, &repository, err) &&
              sg_resolve(repository.top, ref, out->commit, err);
    if (ok) {
        sg_source_sweep(repository.top);
        ok = make_folder(out, err) && take_lock(out, err);
    }
    if (ok) {
        out->repository = sg_strdup(repository.top);
        char *tree = tree_of(out);
        ok = check_out(out, tree, err) && add_submodules(out, tree, err) &&
             find_context(out, tree, repository.below, ref, err);
        free(tree);
    }
    sg_repository_clear(&repository);
    return ok;
}

/* git forgets the tree and deletes it; twice --force: also one that is locked because adding it
 * was cut short. */
static bool remove_tree(const char *repository, const char *tree)
{
    const char *words[] = {"worktree", "remove", "--force", "--force", tree, NULL};
    struct sg_process_result result = {0};
    struct sg_error ignored = {0};
    bool ok = sg_git(repository, words, true, &result, &ignored) && result.status == 0;
    sg_process_result_free(&result);
    return ok;
}

static void delete_files(const char *tree)
{
    const char *argv[] = {"rm", "-rf", "--", tree, NULL};
    struct sg_process process = {.argv = argv, .uninterruptible = true};
    struct sg_process_result result = {0};
    struct sg_error ignored = {0};
    (void)!sg_process_run(&process, &result, &ignored);
    sg_process_result_free(&result);
}

/* Lock and folder, once the tree is gone. */
static bool remove_folder(const char *folder)
{
    char *lock = sg_path_join(folder, "lock");
    (void)unlink(lock);
    free(lock);
    return rmdir(folder) == 0;
}

bool sg_source_close(struct sg_source *source, struct sg_error *err)
{
    bool ok = true;
    if (source->folder != NULL) {
        char *tree = tree_of(source);
        if (source->repository != NULL && !remove_tree(source->repository, tree)) {
            delete_files(tree);
            (void)remove_tree(source->repository, tree); /* what git still knows of it */
        }
        ok = remove_folder(source->folder) ||
             sg_fail(err, SG_ERROR_IO,
                     "the worktree %s could not be removed (%s); remove it with: git worktree "
                     "remove --force %s",
                     tree, strerror(errno), tree);
        free(tree);
        if (source->lock >= 0) {
            close(source->lock);
        }
    }
    free(source->context);
    free(source->repository);
    free(source->folder);
    *source = (struct sg_source){.lock = -1};
    return ok;
}

/* The temporary folder of a tree that is ours by its name, or NULL. Caller frees. */
static char *our_folder(const char *tree)
{
    static const char end[] = "/tree";
    if (!sg_ends_with(tree, end)) {
        return NULL;
    }
    char *folder = sg_format("%.*s", (int)(strlen(tree) - strlen(end)), tree);
    const char *slash = strrchr(folder, '/');
    if (slash != NULL && sg_starts_with(slash + 1, SG_SOURCE_MARK) &&
        strlen(slash + 1) == strlen(SG_SOURCE_MARK) + 6) {
        return folder;
    }
    free(folder);
    return NULL;
}

/* Nobody holds the lock, or there is none. One that may not be looked at is somebody else's. */
static bool is_dead(const char *folder)
{
    char *path = sg_path_join(folder, "lock");
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool dead = fd >= 0 ? flock(fd, LOCK_EX | LOCK_NB) == 0 : errno == ENOENT;
    if (fd >= 0) {
        close(fd);
    }
    free(path);
    return dead;
}

void sg_source_sweep(const char *top)
{
    static const char key[] = "worktree ";
    const char *words[] = {"worktree", "list", "--porcelain", NULL};
    struct sg_process_result result = {0};
    struct sg_error ignored = {0};
    bool ok = sg_git(top, words, false, &result, &ignored) && result.status == 0;
    for (const char *line = result.out; ok && line != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (sg_starts_with(line, key)) {
            char *tree = sg_format("%.*s", (int)(length - strlen(key)), line + strlen(key));
            char *folder = our_folder(tree);
            if (folder != NULL && is_dead(folder) && remove_tree(top, tree)) {
                (void)remove_folder(folder);
            }
            free(folder);
            free(tree);
        }
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    sg_process_result_free(&result);
}
