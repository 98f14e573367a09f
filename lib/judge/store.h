/* SPDX-License-Identifier: Apache-2.0 */
/* A session beside stored ones: what is comparable, and its numbers metric by metric. */
#ifndef SG_JUDGE_STORE_H
#define SG_JUDGE_STORE_H

#include "judge/gate.h"
#include "judge/outlook.h"

/* The repetitions of one variant in one session that count. */
struct sg_sample {
    const struct sg_session *session;
    size_t *rows;
    size_t count;
    int *covariates; /* index of each control variate in this session */
};

struct sg_store {
    struct sg_sample now;
    struct sg_sample *then; /* comparable sessions */
    size_t count;
    size_t offered;                      /* sessions given */
    size_t lacking;                      /* left out of `then` because they lack the metric */
    char *differences;                   /* hard facts that set sessions apart, or NULL */
    const struct sg_metric **covariates; /* of `now`, usable in every repetition */
    size_t *prior_index;                 /* their place among all control variates of `now` */
    size_t covariates_count;
    char *raw_reason; /* why nothing may be adjusted, or NULL */
    double busy;      /* CPUs that the stored service used, or 0 */
};

/* `session` must outlive the store; `variant` NULL: all its repetitions, which may be none. */
void sg_store_init(struct sg_store *store, const struct sg_session *session, const char *variant,
                   const struct sg_session *stored, size_t stored_count);
void sg_store_clear(struct sg_store *store);
/* The same with those stored sessions alone that have the metric (a gate may be younger than they
 * are). Only its `then` is its own: free that. */
struct sg_store sg_store_with(const struct sg_store *store, const struct sg_metric *metric);

/* Index of the same metric in a sample's session, or -1. */
int sg_sample_metric(const struct sg_sample *sample, const struct sg_metric *metric);
double sg_sample_value(const struct sg_sample *sample, size_t row, int metric);

/* One metric against the stored sessions, with or without a gate; `out` has been initialised. */
void sg_store_judge(const struct sg_store *store, const struct sg_gate_case *gate, int metric,
                    double alpha, double beta, struct sg_result *out);

/* Why fewer than SG_STORE_SESSIONS are comparable. Caller frees. */
char *sg_store_too_few(const struct sg_store *store);

/* The three ways to compare (store_screen.c, store_count.c); each fills trial->rank's estimate and
 * bounds and returns the answer. *reason is set when a value cannot be used. */
enum sg_answer sg_store_spread(const struct sg_store *store, struct sg_trial *trial, char **reason);
enum sg_answer sg_store_counts(const struct sg_store *store, struct sg_trial *trial, char **reason);
enum sg_answer sg_store_exact(const struct sg_store *store, struct sg_trial *trial, char **reason);

/* Clopper-Pearson bounds of the session's own rate, worse upwards. */
void sg_store_rate_bounds(const struct sg_store *store, const struct sg_trial *trial, double *low,
                          double *high);

/* Prediction of a new session from J session values (docs/method.md 4.5): estimate, bounds, T. */
struct sg_prediction {
    double estimate, low, high, p, spread, reach; /* reach: from the estimate to `high` */
};
struct sg_prediction sg_predict(const double *values, size_t count, double now, double alpha,
                                double beta);

/* Why slopes cannot be used for the session at hand: a control variate lies further outside the
 * stored sessions' medians than these differ (SD), or NULL. Caller frees. */
char *sg_store_beyond(const struct sg_store *store, const double *gamma);
/* The raw estimate with bounds and p-value that hold for both predictions. */
struct sg_prediction sg_predict_both(const struct sg_prediction *raw,
                                     const struct sg_prediction *adjusted);

/* A metric on the log or linear scale over the stored sessions, raw and with the host's noise taken
 * out (the same where it is not), worse upwards. */
struct sg_spread {
    double level;              /* median of session medians, metric's unit */
    double within_raw, within; /* SD of one repetition inside a session */
    double sampling;           /* variance that a session median has from `within` alone */
    struct sg_prediction raw, best;
    double *gamma; /* gamma_count 0: not adjusted. The caller's */
    size_t gamma_count;
    char *raw_reason; /* why an adjustable metric was not, or NULL. The caller's */
};
/* Fills *out, the trial's thresholds and its bias. Where the session at hand has no repetition,
 * estimates are NaN. A sentence when a value cannot be used, or NULL; caller frees. */
char *sg_store_measure(const struct sg_store *store, struct sg_trial *trial, struct sg_spread *out);

#endif
