/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: running git, and the repository around a folder. */
#ifndef SG_SOURCE_INTERNAL_H
#define SG_SOURCE_INTERNAL_H

#include "base/process.h"
#include "source/source.h"

/* git.c: `git <words…>` in `folder`; `words` is NULL-terminated. True when it ended by itself,
 * whatever its status. `cleaning`: goes on after an interruption. */
bool sg_git(const char *folder, const char *const *words, bool cleaning,
            struct sg_process_result *out, struct sg_error *err) SG_MUST_USE;
/* One line of output without its end; NULL when git failed or said nothing. Caller frees. */
char *sg_git_line(const char *folder, const char *const *words) SG_MUST_USE;
/* Whether git ends with status 0. */
bool sg_git_says_yes(const char *folder, const char *const *words);

/* repository.c */
struct sg_repository {
    char *top;   /* root of the working tree */
    char *below; /* the context from there, "services/api" or "" */
};
bool sg_repository_find(const char *context, struct sg_repository *out,
                        struct sg_error *err) SG_MUST_USE;
void sg_repository_clear(struct sg_repository *repository);

/* resolve.c */
/* The commit that a revision as git writes it means here; false when there is none. */
bool sg_commit_of(const char *top, const char *revision, char out[65]);
/* The same of a whole `ref`. */
bool sg_resolve(const char *top, const char *ref, char out_commit[65],
                struct sg_error *err) SG_MUST_USE;
/* missing.c: why git knows no revision `ref` here, and what to fetch; always false. */
bool sg_missing(const char *top, const char *ref, struct sg_error *err);
/* Appends how to get more of a shallow clone's history; nothing where the clone is whole. */
void sg_missing_history(const char *top, struct sg_error *err);

/* tree.c */
#define SG_SOURCE_MARK "svcgate-source-" /* and six characters: name of the temporary folder */
/* Removes worktrees of processes that are no more. What fails is left for the next time. */
void sg_source_sweep(const char *top);

#endif
