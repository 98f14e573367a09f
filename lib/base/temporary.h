/* SPDX-License-Identifier: Apache-2.0 */
/* Temporary folders that do not outlive their process for long: each is locked by its maker, the
 * kernel gives the lock back however the maker ends, and a sweep removes those without a holder. */
#ifndef SG_BASE_TEMPORARY_H
#define SG_BASE_TEMPORARY_H

#include "base/error.h"

struct sg_temporary {
    char *path; /* NULL: none */
    int lock;
};

/* Makes $TMPDIR/<mark>XXXXXX (else in /tmp), for this user alone, and locks it. */
bool sg_temporary_make(const char *mark, struct sg_temporary *out,
                       struct sg_error *err) SG_MUST_USE;

/* Deletes it with all that is in it, and frees. May be called twice. */
void sg_temporary_remove(struct sg_temporary *temporary);

/* Removes the folders of this user that carry the mark and whose maker is gone. */
void sg_temporary_sweep(const char *mark);

/* Deletes a file or a folder with all that is in it; follows no links. Goes on after an
 * interruption. */
void sg_delete_tree(const char *path);

#endif
