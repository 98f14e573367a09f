/* SPDX-License-Identifier: Apache-2.0 */
/* The git command, by argument vector. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "source/internal.h"

#define WORDS_MAX 24
#define TIMEOUT (900 * SG_SECOND) /* a large tree, submodules over the network */

/* Set by git for its hooks and for `git bisect run`: they would point to another repository, index
 * or work tree than the folder we stand in. Configuration (GIT_CONFIG_…) stays: CI jobs set
 * safe.directory by it. */
static const char *const foreign[] = {"GIT_DIR",
                                      "GIT_WORK_TREE",
                                      "GIT_COMMON_DIR",
                                      "GIT_INDEX_FILE",
                                      "GIT_PREFIX",
                                      "GIT_NAMESPACE",
                                      "GIT_OBJECT_DIRECTORY",
                                      "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                      "GIT_SHALLOW_FILE",
                                      "GIT_GRAFT_FILE",
                                      "GIT_REPLACE_REF_BASE",
                                      "GIT_IMPLICIT_WORK_TREE",
                                      "GIT_INTERNAL_SUPER_PREFIX",
                                      "GIT_QUARANTINE_PATH",
                                      NULL};

/* Messages are read; a question for a password would wait for ever. */
static const char *const settings[] = {"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", NULL};

bool sg_git(const char *folder, const char *const *words, bool cleaning,
            struct sg_process_result *out, struct sg_error *err)
{
    /* A checkout would run the user's post-checkout hook. A folder of the tree that looks like a
     * bare repository would bring a configuration, and with it commands, of its author's. */
    const char *argv[WORDS_MAX] = {"git", "-c", "core.hooksPath=/dev/null", "-c",
                                   "safe.bareRepository=explicit"};
    size_t at = 5;
    for (size_t i = 0; words[i] != NULL; i++) {
        if (at + 1 == WORDS_MAX) {
            return sg_fail(err, SG_ERROR_INTERNAL, "git %s has too many words", words[0]);
        }
        argv[at++] = words[i];
    }
    struct sg_process process = {.argv = argv,
                                 .env = settings,
                                 .without = foreign,
                                 .tokens = true,
                                 .folder = folder,
                                 .timeout = TIMEOUT,
                                 .uninterruptible = cleaning};
    if (!sg_process_run(&process, out, err)) {
        return false;
    }
    for (size_t end = strlen(out->err); end > 0 && out->err[end - 1] == '\n'; end--) {
        out->err[end - 1] = '\0'; /* it ends messages of ours */
    }
    return true;
}

char *sg_git_line(const char *folder, const char *const *words)
{
    struct sg_process_result result = {0};
    struct sg_error ignored = {0};
    char *line = NULL;
    if (sg_git(folder, words, false, &result, &ignored) && result.status == 0 &&
        result.out[0] != '\0' && result.out[0] != '\n') {
        line = sg_format("%.*s", (int)strcspn(result.out, "\n"), result.out);
    }
    sg_process_result_free(&result);
    return line;
}

bool sg_git_says_yes(const char *folder, const char *const *words)
{
    struct sg_process_result result = {0};
    struct sg_error ignored = {0};
    bool yes = sg_git(folder, words, false, &result, &ignored) && result.status == 0;
    sg_process_result_free(&result);
    return yes;
}
