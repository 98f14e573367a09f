/* SPDX-License-Identifier: Apache-2.0 */
/* The fewest repetitions with which a test could say something at all: where the rarest outcome is
 * as rare as the error allows. With noise it takes more. Private to judge. */
#ifndef SG_JUDGE_ENOUGH_H
#define SG_JUDGE_ENOUGH_H

#include "judge/family.h"

/* A side, in blocks as large as those that there are; one block grows. */
size_t sg_enough_ranks(const struct sg_family *family, double error);
/* Of the variant, against a limit. */
size_t sg_enough_signs(double error);

#endif
