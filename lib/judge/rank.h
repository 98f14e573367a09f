/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the rank test share: rank.c decides, rank_report.c fills results,
 * rank_explain.c writes the steps. */
#ifndef SG_JUDGE_RANK_H
#define SG_JUDGE_RANK_H

#include "judge/trial.h"

/* The host's part γᵀz of one repetition in one of the family's blocks. */
double sg_rank_host(const struct sg_family *family, size_t block, size_t repetition);
/* Why nothing can be taken out at a look, or NULL. The family's, or a constant. */
const char *sg_rank_raw_reason(struct sg_family *family, size_t look);
/* Decides whether a look uses adjusted values, and the bias that coupling may cause. */
void sg_rank_choose(struct sg_trial *trial, size_t look);

void sg_rank_finish(struct sg_trial *trial, size_t look);
/* After sg_rank_evaluate: work.sorted still holds the differences. */
void sg_rank_explain(const struct sg_trial *trial, size_t look, enum sg_answer answer);

#endif
