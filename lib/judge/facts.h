/* SPDX-License-Identifier: Apache-2.0 */
/* Environments of sessions side by side: hard facts must agree before numbers may be compared,
 * soft ones are worth a word. */
#ifndef SG_JUDGE_FACTS_H
#define SG_JUDGE_FACTS_H

#include "record/record.h"

/* "CPU (slow here, fast stored), …": hard facts of either session that the other has not, or has
 * otherwise. NULL: none. Caller frees. */
char *sg_facts_differ(const struct sg_session *now, const struct sg_session *then) SG_MUST_USE;

/* The same of soft facts that all stored sessions agree in and `now` has otherwise: what differs
 * among them already is part of their spread. */
char *sg_facts_new(const struct sg_session *now, const struct sg_session *const *stored,
                   size_t stored_count) SG_MUST_USE;

#endif
