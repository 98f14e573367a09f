/* SPDX-License-Identifier: Apache-2.0 */
/* One variant beside the reference: its blocks, looks, tests, and the guards of its adjustment.
 * What all its metrics share is computed once here. */
#ifndef SG_JUDGE_FAMILY_H
#define SG_JUDGE_FAMILY_H

#include "judge/covariates.h"
#include "judge/sequence.h"

/* One number a repetition of both sides, block by block, and their differences. Work space for one
 * metric at a time. */
struct sg_work {
    double *reference, *variant; /* values or y */
    double *raw, *adjusted;      /* differences */
    double *sorted;
    double *gamma; /* all blocks of the session × covariates */
};

struct sg_guard {
    bool known;
    char *reason; /* why the pair must be judged raw at this look, or NULL */
};

struct sg_family {
    const struct sg_data *data;
    const struct sg_covariates *covariates;
    size_t variant;
    bool alone; /* no reference: limits only */
    size_t blocks;
    size_t *block; /* index into data->blocks */
    /* first element of each block in the flat arrays; blocks + 1 of them */
    size_t *reference_at, *variant_at, *pairs_at;
    size_t *reference_rows, *variant_rows; /* indices of repetitions */
    size_t looks_max;                      /* planned */
    size_t planned_blocks;                 /* at the last of them; 0: nothing was planned */
    size_t looks;                          /* reached */
    size_t *look_blocks;
    double *share;
    struct sg_sequence ranks; /* variant against reference */
    struct sg_sequence signs; /* variant against a limit */
    struct sg_guard *guards;  /* one a look */
    double busy;              /* CPUs that the reference uses, or 0 where nobody looked */
    struct sg_work work;
};

bool sg_family_init(struct sg_family *family, const struct sg_covariates *covariates,
                    size_t variant, struct sg_error *err) SG_MUST_USE;
void sg_family_clear(struct sg_family *family);

/* Repetitions up to a look. */
size_t sg_family_references(const struct sg_family *family, size_t look);
size_t sg_family_variants(const struct sg_family *family, size_t look);
size_t sg_family_pairs(const struct sg_family *family, size_t look);
/* Repetitions a side at the last planned look; 0 when nothing was planned. */
size_t sg_family_planned(const struct sg_family *family);

/* Values of a metric, flat, all blocks. */
void sg_family_values(const struct sg_family *family, int metric, double *reference,
                      double *variant);

/* Median of one side's values up to a look; NaN when one of them is missing. Uses work.sorted. */
double sg_family_median(const struct sg_family *family, int metric, bool variant, size_t look);

/* Why adjusted values may not be used at this look, or NULL: the variant does other work than the
 * reference (docs/method.md, work certificate). Once broken it stays so. */
const char *sg_family_guard(struct sg_family *family, size_t look);

/* The certificate's rules, for other pairs: the metric a rule reads, and a sentence when the two
 * medians differ by more than it allows (NaN: one is missing), or NULL. */
size_t sg_certificate_count(void);
const char *sg_certificate_metric(size_t rule);
char *sg_certificate_check(size_t rule, double reference, double variant);
/* |h| of the session's control variate number `place`: its relative change for each CPU that the
 * service uses, as measured on this machine (facts coupling_h, of the generator, and those of
 * the probe), or what is assumed; 0 for others than these. */
double sg_coupling(const struct sg_session *session, size_t place);
/* Σ |γ|·|h| over control variates that stand at `places` among the session's (NULL: 0, 1, 2, …):
 * the share of an effect, for each CPU that the service uses, by which coupling may bias it (M21).
 */
double sg_coupling_share(const struct sg_session *session, const double *gamma,
                         const size_t *places, size_t count);

#endif
