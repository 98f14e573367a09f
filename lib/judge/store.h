/* SPDX-License-Identifier: Apache-2.0 */
/* A session beside stored ones: what is comparable, and its numbers metric by metric. */
#ifndef SG_JUDGE_STORE_H
#define SG_JUDGE_STORE_H

#include "judge/gate.h"

#define SG_STORE_SESSIONS 4    /* fewer say nothing about the spread between sessions */
#define SG_STORE_REPETITIONS 5 /* of a session, to count */

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
    char *differences;                   /* hard facts that set sessions apart, or NULL */
    const struct sg_metric **covariates; /* of `now`, usable in every repetition */
    size_t *prior_index;                 /* their place among all control variates of `now` */
    size_t covariates_count;
    char *raw_reason; /* why nothing may be adjusted, or NULL */
    double coupling;  /* |h|·u */
};

/* `variant`: index into the data's variants. */
void sg_store_init(struct sg_store *store, const struct sg_data *data, size_t variant,
                   const struct sg_session *stored, size_t stored_count);
void sg_store_clear(struct sg_store *store);

/* Index of the same metric in a sample's session, or -1. */
int sg_sample_metric(const struct sg_sample *sample, const struct sg_metric *metric);
double sg_sample_value(const struct sg_sample *sample, size_t row, int metric);

/* One metric against the stored sessions, with or without a gate; `out` has been initialised. */
void sg_store_judge(const struct sg_store *store, const struct sg_gate_case *gate, int metric,
                    double alpha, double beta, struct sg_result *out);

/* The three ways to compare (store_spread.c, store_count.c); each fills trial->rank's estimate and
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

#endif
