/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a whole session invalid, or a variant fail, before any statistics. */
#ifndef SG_JUDGE_CHECKS_H
#define SG_JUDGE_CHECKS_H

#include "judge/data.h"
#include "judge/verdict.h"

/* A sentence why the session's measurements cannot be trusted, or NULL. Caller frees. */
char *sg_check_session(const struct sg_data *data);

/* A variant's own fault (crashed, killed, saturated): a sentence with the first line of its log,
 * or NULL. Caller frees. */
char *sg_check_variant(const struct sg_data *data, size_t variant);

/* A session-wide FAIL finding: a sentence, or NULL. Caller frees. */
char *sg_check_failed(const struct sg_data *data);

/* Sentences about what was left out or shortened. */
void sg_check_notes(const struct sg_data *data, struct sg_judgement *out);
void sg_judgement_note(struct sg_judgement *judgement, char *note); /* takes the note */

#endif
