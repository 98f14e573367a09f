/* SPDX-License-Identifier: Apache-2.0 */
/* A stored baseline as people and machines read it: its sessions, and what they are worth. Writes
 * into a given text; what comes from the file is cleaned for a terminal, escaped for JSON. */
#ifndef SG_REPORT_STORED_H
#define SG_REPORT_STORED_H

#include "base/text.h"
#include "judge/outlook.h"
#include "record/record.h"

struct sg_stored_view {
    const char *file;
    const struct sg_session *sessions; /* all, oldest first */
    char *const *notes;                /* one a session, or NULL: why it was forced */
    char *const *accepted;             /* one a session, or NULL: the change that it opened */
    size_t count;
    size_t current; /* the newest of them that count */
    /* The gates that are asked come first; the others have a level and a spread alone. */
    const struct sg_outlook *outlook;
    size_t gated;
    const char *config;   /* where the gates stand, or NULL: default tolerances */
    bool shared;          /* reckoned with half of beta: screen and confirmation share it */
    char *const *missing; /* gates of metrics that the newest session has not */
    size_t missing_count;
};

/* One line of the session at index `at`, for lists. `name` comes first unless it is NULL. */
void sg_stored_line(const struct sg_stored_view *view, size_t at, const char *name,
                    struct sg_text *out);
/* For a terminal: sessions, environment, metrics, what to do. */
void sg_stored_text(const struct sg_stored_view *view, struct sg_text *out);
/* svcgate.outlook/1 (schema/outlook.schema.json). */
void sg_stored_json(const struct sg_stored_view *view, struct sg_text *out);

/* The digest of the image that a stored session measured, without "sha256:", 12 characters; "–"
 * when it is not known. Caller frees. */
char *sg_stored_image(const struct sg_session *session) SG_MUST_USE;
/* What the counting sessions share: the index of such a hard fact of the newest from `from` on, or
 * its facts_count. */
size_t sg_stored_shared_fact(const struct sg_stored_view *view, size_t from);
/* Why a counting session is not compared with the newest, or NULL. Caller frees. */
char *sg_stored_apart(const struct sg_stored_view *view, size_t at) SG_MUST_USE;

#endif
