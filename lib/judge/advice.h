/* SPDX-License-Identifier: Apache-2.0 */
/* What would make a stored baseline pass an unchanged service more often. Private to judge. */
#ifndef SG_JUDGE_ADVICE_H
#define SG_JUDGE_ADVICE_H

#include "judge/trial.h"

struct sg_advice_case {
    const struct sg_trial *trial;
    size_t sessions;
    double allowed;  /* what the upper bound must stay below: θ1·(1 − bias) */
    double spread;   /* SD of session medians */
    double sampling; /* variance that they have from the noise inside a session alone */
};

/* That an unchanged service passes: P(t(J−1) < (allowed − reach)/(s·√(1+1/J))). */
double sg_chance(double allowed, double spread, size_t sessions, double beta);

/* One sentence: more sessions, longer ones, or a wider tolerance, whichever would do; NULL where an
 * unchanged service passes in 9 of 10 sessions as it is. Caller frees. */
char *sg_advice(const struct sg_advice_case *now);
/* Why even a service that measures the same would not pass. Caller frees. */
char *sg_advice_hopeless(const struct sg_advice_case *now);

#endif
