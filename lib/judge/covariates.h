/* SPDX-License-Identifier: Apache-2.0 */
/* Control variates of a session: what the generator felt of the host, and how much of it goes with
 * a metric (docs/method.md, noise cancelling). */
#ifndef SG_JUDGE_COVARIATES_H
#define SG_JUDGE_COVARIATES_H

#include "judge/data.h"

struct sg_covariates {
    const struct sg_data *data;
    size_t count;
    size_t *metrics; /* their indices in the session */
    double *z;       /* repetitions × count: ln of the value or the value; NaN: not usable */
    bool *active;    /* blocks × count: usable in every repetition of the block */
    double *spread;  /* blocks × count: v_k, mean square deviation from the block's mean so far */
};

void sg_covariates_init(struct sg_covariates *covariates, const struct sg_data *data);
void sg_covariates_clear(struct sg_covariates *covariates);

/* z of a covariate's value on its scale; NaN when it has none. */
double sg_covariate_z(const struct sg_metric *metric, double value);

/* What is known beforehand of a control variate that the testbench's probe measures. */
struct sg_probed {
    const char *name;
    double slope;         /* expected where it varies widely */
    double own;           /* what it varies by itself (SD) */
    const char *coupling; /* the session's fact of |h| … */
    double coupling_else; /* … and what is assumed without it */
};
/* NULL: nobody's probe */
const struct sg_probed *sg_covariate_probed(const char *name);

/* The slope expected before any data, of the control variate `name` at `place` among its session's,
 * with the mean square deviation `spread`. Where that is wide: the probe's own; 0.9 for another one
 * at the first place, half of it beside the probe; the less the narrower. 0 for the rest. */
double sg_covariate_prior(const char *name, size_t place, bool beside_probe, double spread);
/* How many repetitions the prior weighs, as a multiple of the spread. */
#define SG_COVARIATE_WEIGHT 3.0

/* γ of every block for a metric on the log scale with direction `sign`: blocks × count numbers, 0
 * where a covariate is not usable. γ of a block rests on earlier blocks alone, so that it is fixed
 * before the labels of the block are used. */
void sg_covariates_slopes(const struct sg_covariates *covariates, int metric, double sign,
                          double *out);

#endif
