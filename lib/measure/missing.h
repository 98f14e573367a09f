/* SPDX-License-Identifier: Apache-2.0 */
/* Says what is missing of a container, and why that may be. */
#ifndef SG_MEASURE_MISSING_H
#define SG_MEASURE_MISSING_H

#include "measure/bracket.h"
#include "measure/context.h"

/* No CPU series of the container at all: asks once more whether cAdvisor is there. */
bool sg_missing_container(struct sg_measuring *m, const struct sg_container *container) SG_MUST_USE;

/* Not one series but `count`, or one without samples in the window. */
void sg_missing_one(struct sg_measuring *m, const struct sg_container *container,
                    const char *metric, const struct sg_matrix *matrix, size_t count);

/* A counter without a bracket. */
void sg_missing_bracket(struct sg_measuring *m, const struct sg_container *container,
                        const char *what, enum sg_bracket_status status,
                        const struct sg_prom_series *series);

#endif
