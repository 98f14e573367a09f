/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of one plan, each measured in a job of its own and perhaps on a machine of its own, become
 * one session (docs/method.md 4.2). Nothing here looks at a number that was measured. */
#ifndef SG_RECORD_MERGE_H
#define SG_RECORD_MERGE_H

#include "record/record.h"

/* Where a repetition of the merged session was before. */
struct sg_provenance {
    size_t part; /* index of its block among those given */
    int slot;    /* its slot there */
};

/* Makes one session of blocks of one plan; names[i] names parts[i] in messages. What was fixed
 * before the data must be the same in all of them (plan, gates, waivers, metrics, variants with
 * their images, service, workload), machines may differ: facts that do are kept for each block. A
 * block that is missing or was broken off becomes a finding. Slots and rotations are numbered anew.
 * SG_ERROR_CONFIG: one is no block, a block is there twice, or the first difference between two
 * plans. Takes the repetitions out of the parts, which remain to be cleared. *out_origins, one a
 * repetition, is the caller's to free. */
bool sg_merge(struct sg_session *parts, const char *const *names, size_t count,
              struct sg_session *out, struct sg_provenance **out_origins,
              struct sg_error *err) SG_MUST_USE;

/* Writes the merged session into `folder` as a bundle like any other: session.json, series, and
 * k6's summaries as far as the parts have them. paths[i] is the bundle of parts[i]; one that is no
 * folder has a session only. SG_ERROR_CONFIG where `folder` is one of them. */
bool sg_merge_save(const struct sg_session *merged, const struct sg_provenance *origins,
                   const char *const *paths, size_t count, const char *folder,
                   struct sg_error *err) SG_MUST_USE;

#endif
