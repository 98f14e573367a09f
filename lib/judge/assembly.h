/* SPDX-License-Identifier: Apache-2.0 */
/* Putting a judgement together; shared by the judges of sessions and of stored baselines. */
#ifndef SG_JUDGE_ASSEMBLY_H
#define SG_JUDGE_ASSEMBLY_H

#include "base/text.h"
#include "judge/gate.h"
#include "judge/judge.h"

/* The plan's errors, halved for each further attempt. SG_ERROR_CONFIG when out of range. */
bool sg_judge_errors(const struct sg_plan *plan, double *alpha, double *beta,
                     struct sg_error *err) SG_MUST_USE;
void sg_judgement_begin(struct sg_judgement *out, const struct sg_session *session,
                        const char *reference, double alpha, double beta);
/* Verdict, reason and `decided` from out->variants: the worst counts. */
void sg_judgement_combine(struct sg_judgement *out);

/* sg_judge; `steps` takes the computation as text, or is NULL. */
bool sg_judge_session(const struct sg_session *session, struct sg_text *steps,
                      struct sg_judgement *out, struct sg_error *err) SG_MUST_USE;

#endif
