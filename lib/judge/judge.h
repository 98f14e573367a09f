/* SPDX-License-Identifier: Apache-2.0 */
/* From numbers to verdicts. Pure: no clock, no file, no environment, no randomness; the same
 * session gives the same judgement, to the bit. docs/method.md has the formulas.
 *
 * Not its business: how numbers were measured (measure), how verdicts are shown (report). */
#ifndef SG_JUDGE_JUDGE_H
#define SG_JUDGE_JUDGE_H

#include "base/error.h"
#include "judge/verdict.h"
#include "record/record.h"

/* Judges a session: every gate of every variant against the reference, and all other metrics for
 * information. Only whole blocks count while the session runs; looks follow session->plan. An
 * error (SG_ERROR_CONFIG) is a question that cannot be asked (unknown reference or metric);
 * missing data is the verdict `invalid`, not an error. */
bool sg_judge(const struct sg_session *session, struct sg_judgement *out,
              struct sg_error *err) SG_MUST_USE;

/* Judges a session against stored ones (docs/method.md, stored baseline). `stored` are sessions
 * of one variant; facts marked hard must agree. The session's variant to judge is its only one, or
 * `variant`. Fewer than four stored sessions: inconclusive. */
bool sg_judge_stored(const struct sg_session *session, const char *variant,
                     const struct sg_session *stored, size_t stored_count, struct sg_judgement *out,
                     struct sg_error *err) SG_MUST_USE;

/* The computation of one metric step by step, for a sceptic with a pencil. Caller frees. */
char *sg_judge_explain(const struct sg_session *session, struct sg_error *err) SG_MUST_USE;

#endif
