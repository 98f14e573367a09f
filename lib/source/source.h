/* SPDX-License-Identifier: Apache-2.0 */
/* A service's source as it was at another commit: a git revision resolved and checked out into a
 * temporary worktree. The only room that knows git. It changes nothing in the user's working tree,
 * index and branches, runs no hooks, and takes away what it made.
 *
 * A folder svcgate-source-XXXXXX in the temporary folder holds the worktree and a lock that the
 * kernel gives back however the process ends; what a killed process left is found by both. */
#ifndef SG_SOURCE_SOURCE_H
#define SG_SOURCE_SOURCE_H

#include "base/error.h"

/* A checked-out commit; zero-initialised is none. */
struct sg_source {
    char *context;   /* the folder to build from, inside the worktree */
    char commit[65]; /* full object name in hex */
    /* the room's own */
    char *repository; /* the user's working tree */
    char *folder;     /* temporary: lock and worktree */
    int lock;
};

/* Whether `ref` can name a revision: a branch, tag or commit as git writes it (origin/main, v1.2,
 * HEAD~2), or merge-base(REVISION). Nothing that git could take for an option, a range, a path or a
 * search. Asks no repository. SG_ERROR_CONFIG says what is wrong and what to write. */
bool sg_source_check_ref(const char *ref, struct sg_error *err) SG_MUST_USE;

/* The commit that `ref` means in the repository around the folder `context`, which need not exist
 * itself. Checks nothing out. SG_ERROR_ENVIRONMENT where there is no repository or the commit is
 * not in this clone: says what to fetch. */
bool sg_source_resolve(const char *context, const char *ref, char out_commit[65],
                       struct sg_error *err) SG_MUST_USE;

/* Resolves `ref`, removes what killed processes left of the same repository, and checks out.
 * *out is to be closed also after an error. A context that is missing at that commit, or leads out
 * of the repository, is SG_ERROR_CONFIG; an interruption is SG_ERROR_INTERRUPTED. */
bool sg_source_open(const char *context, const char *ref, struct sg_source *out,
                    struct sg_error *err) SG_MUST_USE;

/* Removes the worktree and frees, also after an interruption; may be called twice. False: something
 * is left, and the text says where and how to remove it. */
bool sg_source_close(struct sg_source *source, struct sg_error *err) SG_MUST_USE;

#endif
