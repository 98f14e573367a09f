/* SPDX-License-Identifier: Apache-2.0 */
/* What both forms of plain samples (JSON and CSV) share. Private to record. */
#ifndef SG_RECORD_PLAIN_H
#define SG_RECORD_PLAIN_H

#include "record/record.h"

/* Appends a metric of which only the name is known: lower is better, log scale, adjusted when there
 * are covariates. */
void sg_plain_metric(struct sg_session *session, const char *label);

/* What a metric is of which nothing is said: counts and exact values have no noise that the host
 * could have added. */
bool sg_plain_adjustable(const struct sg_metric *metric);

/* What follows from the repetitions: the variants in their order, one look at all of them, the
 * method's alpha and beta. */
void sg_plain_finish(struct sg_session *session);

#endif
