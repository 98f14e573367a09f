/* SPDX-License-Identifier: Apache-2.0 */
/* The stored baseline: accepted sessions in one JSON file that a person can review. Saving,
 * promoting, pruning; what it is worth is for judge to say.
 *
 * An accepted change starts afresh: its session opens a *segment*, and older sessions stay in the
 * file as history, but no longer count. */
#ifndef SG_BASELINE_BASELINE_H
#define SG_BASELINE_BASELINE_H

#include "base/error.h"
#include "record/record.h"

#define SG_BASELINE_SESSIONS 30

struct sg_json;
struct sg_strings;

struct sg_baseline {
    char *name;
    struct sg_session *sessions; /* oldest first; each holds the repetitions of one variant */
    size_t count;
    char **notes;    /* one a session: the reason when it was forced, or NULL */
    char **accepted; /* one a session: why a change was accepted, or NULL; it opens a segment */
    /* Fields of the file, and of each session, that this version does not know: kept on rewrite. */
    struct sg_json *rest;
    struct sg_json **rests;
};

/* svcgate.baseline/1: sorted keys, one repetition a line. Errors name the file. */
bool sg_baseline_read(const char *path, struct sg_baseline *out, struct sg_error *err) SG_MUST_USE;
/* The same from text; `name` opens error messages. *out is untouched on failure. */
bool sg_baseline_parse(const char *text, size_t size, const char *name, struct sg_baseline *out,
                       struct sg_error *err) SG_MUST_USE;
/* Written whole or not at all. */
bool sg_baseline_write(const struct sg_baseline *baseline, const char *path,
                       struct sg_error *err) SG_MUST_USE;
/* The file's text. Caller frees. */
char *sg_baseline_text(const struct sg_baseline *baseline) SG_MUST_USE;
void sg_baseline_clear(struct sg_baseline *baseline);

/* The sessions that count, borrowed: from the newest accepted change on. NULL when there is none.
 */
const struct sg_session *sg_baseline_current(const struct sg_baseline *baseline, size_t *out_count);

/* Copies one variant of `session` in as the newest stored session (the oldest goes beyond 30).
 * Copied are the whole repetitions: in a block, not discarded, without an INVALID or FAIL finding,
 * with at least one number. A session without an id (plain samples) gets one from its numbers.
 * `note`: why it was forced, or NULL. Refused (SG_ERROR_CONFIG): a session already there, one that
 * was interrupted, no whole repetition of that variant. */
bool sg_baseline_add(struct sg_baseline *baseline, const struct sg_session *session,
                     const char *variant, const char *note, struct sg_error *err) SG_MUST_USE;
/* The same as an accepted change, which opens a segment. */
bool sg_baseline_promote(struct sg_baseline *baseline, const struct sg_session *session,
                         const char *variant, const char *reason, struct sg_error *err) SG_MUST_USE;

/* Keeps the newest `keep`; returns how many went. When the session that opened a segment goes, the
 * oldest one left of that segment takes its mark over. */
size_t sg_baseline_prune(struct sg_baseline *baseline, size_t keep);

/* Paths of the JSON files in a folder, by name; adds to *out (base/options.h). */
bool sg_baseline_files(const char *folder, struct sg_strings *out,
                       struct sg_error *err) SG_MUST_USE;

/* --- Two writers at once ------------------------------------------------------------------ */

/* Waits until nobody else changes a baseline in the folder of `path` (at most 10 s); between lock
 * and unlock read, change and write. The lock goes with the process, however that ends. Where the
 * file system knows no locks, *out_lock is -1 and nothing is locked. */
bool sg_baseline_lock(const char *path, int *out_lock, struct sg_error *err) SG_MUST_USE;
void sg_baseline_unlock(int lock);

#endif
