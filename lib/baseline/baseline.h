/* SPDX-License-Identifier: Apache-2.0 */
/* The stored baseline: accepted sessions in one JSON file that a person can review. Saving,
 * listing, pruning; what it is worth is for judge to say. */
#ifndef SG_BASELINE_BASELINE_H
#define SG_BASELINE_BASELINE_H

#include "base/error.h"
#include "record/record.h"

#define SG_BASELINE_SESSIONS 30

struct sg_json;

struct sg_baseline {
    char *name;
    struct sg_session *sessions; /* oldest first; each holds the repetitions of one variant */
    size_t count;
    char **notes; /* one a session: the reason when it was forced, or NULL */
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

/* Copies one variant of `session` in as the newest stored session (the oldest goes beyond 30).
 * Copied are the whole repetitions: in a block, not discarded, without an INVALID or FAIL finding,
 * with at least one number. A session without an id (plain samples) gets one from its numbers.
 * `note`: why it was forced, or NULL. Refused (SG_ERROR_CONFIG): a session already there, no whole
 * repetition of that variant. */
bool sg_baseline_add(struct sg_baseline *baseline, const struct sg_session *session,
                     const char *variant, const char *note, struct sg_error *err) SG_MUST_USE;

/* Keeps the newest `keep`; returns how many went. */
size_t sg_baseline_prune(struct sg_baseline *baseline, size_t keep);

#endif
