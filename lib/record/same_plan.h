/* SPDX-License-Identifier: Apache-2.0 */
/* What was fixed before the data, compared between two blocks. Private to record. */
#ifndef SG_RECORD_SAME_PLAN_H
#define SG_RECORD_SAME_PLAN_H

#include "record/record.h"

/* SG_ERROR_CONFIG with the first difference of plan, gates, waivers, metrics, variants, service or
 * workload, and the names of both. */
bool sg_same_plan(const struct sg_session *a, const char *a_name, const struct sg_session *b,
                  const char *b_name, struct sg_error *err) SG_MUST_USE;

#endif
