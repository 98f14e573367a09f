/* SPDX-License-Identifier: Apache-2.0 */
/* What stored sessions can tell, before any new data: how much sessions differ by themselves, and
 * whether an unchanged service could pass against them (docs/method.md 4.5). */
#ifndef SG_JUDGE_OUTLOOK_H
#define SG_JUDGE_OUTLOOK_H

#include "base/error.h"
#include "record/record.h"

#define SG_STORE_SESSIONS 4    /* fewer say nothing about the spread between sessions */
#define SG_STORE_REPETITIONS 5 /* of a session, to count */

/* One gated metric. Ratios − 1 where `relative` (SDs: of the logarithm, as in sg_result.noise),
 * else the metric's unit; NaN: not known. Counts and exact values have a level, and no spread. */
struct sg_outlook_gate {
    char *metric, *of, *request, *unit;
    bool relative;
    bool adjusted;      /* the host's noise was taken out of the stored values */
    double level;       /* median of the stored sessions' medians, metric's unit */
    double within;      /* SD of one repetition inside a session */
    double between;     /* SD of session medians, sampling error of the medians included */
    double between_own; /* what of it is not sampling error (variance component, 0 at least) */
    double within_raw, between_raw; /* the same before adjusting */
    double tolerance;               /* as it would be used */
    double margin; /* t(J−1; 1−β)·s·√(1+1/J): what the estimate must stay below the tolerance by */
    double chance; /* that an unchanged service passes this gate; NaN when it has no tolerance */
    char *advice;  /* one sentence: what to do about the chance; NULL when there is none to tell */
};

struct sg_outlook {
    size_t offered;    /* stored sessions given */
    size_t comparable; /* of these */
    char *reason;      /* why nothing can pass against them, or NULL */
    struct sg_outlook_gate *gates;
    size_t count;
};

/* `session` holds gates, metrics, plan and facts; its repetitions, if any, are not looked at.
 * reason is set when fewer than four stored sessions are comparable, or when for some gate even a
 * variant without any change would not pass (margin ≥ tolerance). */
bool sg_judge_outlook(const struct sg_session *session, const struct sg_session *stored,
                      size_t stored_count, struct sg_outlook *out,
                      struct sg_error *err) SG_MUST_USE;
/* That an unchanged service passes all gates, as if they were independent; 0 when nothing can. */
double sg_outlook_chance(const struct sg_outlook *outlook);
void sg_outlook_clear(struct sg_outlook *outlook);

#endif
