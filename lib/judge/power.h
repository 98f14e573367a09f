/* SPDX-License-Identifier: Apache-2.0 */
/* What a sequential gate will do, before there are any data: chances to pass and to fail by each
 * look, for a given noise and true change. Blocks of three and three, as sessions plan them. */
#ifndef SG_JUDGE_POWER_H
#define SG_JUDGE_POWER_H

#include "base/base.h"

#define SG_BLOCK_SIDE 3   /* repetitions of each variant in a block */
#define SG_POWER_LOOKS 10 /* blocks, so looks, at most: 30 repetitions a side */

/* Looks after whole blocks with their critical integers; SG_NEVER: no verdict possible there. */
struct sg_looks {
    size_t count;
    size_t blocks[SG_POWER_LOOKS]; /* seen at each look */
    size_t fail[SG_POWER_LOOKS], pass[SG_POWER_LOOKS];
    bool signs; /* of a limit: the variant's values alone are counted */
};

/* Chances of having passed, failed by each look. */
struct sg_outcome {
    double pass[SG_POWER_LOOKS], fail[SG_POWER_LOOKS];
};

/* In SDs of one repetition inside a block; larger is worse. */
struct sg_effect {
    double shift; /* the true change */
    double pass;  /* what the upper bound must stay below: θ1·(1 − b) */
    double fail;  /* what the estimate must reach: θ1·(1 + b) */
};

/* Looks after blocks `first` … `last`, the error spent in proportion (docs/method.md M9). */
void sg_looks_init(struct sg_looks *looks, size_t first, size_t last, double alpha, double beta,
                   bool signs);
/* Repetitions a side at a look. */
int sg_looks_repetitions(const struct sg_looks *looks, size_t look);

/* The rule M11 for normal noise. Exact but for the integration over the reference's values, which
 * is good to 0.2 percentage points; with a bias (pass ≠ fail) each chance is a lower bound. */
void sg_power_ranks(const struct sg_looks *looks, struct sg_effect effect, struct sg_outcome *out);
/* A limit's sign test, when one repetition stays within it with probability `within`. */
void sg_power_signs(const struct sg_looks *looks, double within, struct sg_outcome *out);
/* Both questions must be answered well; either can fail. As if they were independent. */
void sg_power_join(const struct sg_looks *looks, const struct sg_outcome *other,
                   struct sg_outcome *out);

/* Mean number of repetitions a side until pass or fail; the last look's where neither comes. */
double sg_power_repetitions(const struct sg_looks *looks, const struct sg_outcome *outcome);
double sg_power_passes(const struct sg_looks *looks, const struct sg_outcome *outcome);
double sg_power_fails(const struct sg_looks *looks, const struct sg_outcome *outcome);

/* The shift in SDs whose order is "worse at all" with 90 % probability up to a look, as verdicts
 * give it (sg_detectable_shift); NaN where none is. */
double sg_power_detectable(const struct sg_looks *looks, size_t look);
/* The least tolerance in SDs with which an unchanged service passes with this chance. */
double sg_power_tolerance(const struct sg_looks *looks, double bias, double chance);
/* The least shift in SDs that fails with this chance at a tolerance in SDs; NaN where none does. */
double sg_power_found(const struct sg_looks *looks, double tolerance, double bias, double chance);

#endif
