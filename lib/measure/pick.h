/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the series that mention a container's id are the container's own. Pure. */
#ifndef SG_MEASURE_PICK_H
#define SG_MEASURE_PICK_H

#include "promql/promql.h"

/* Series of the container itself, without those of cgroups inside it (an engine within an engine,
 * an init system): at most `max` into out; returns how many there are. */
size_t sg_pick_own(const struct sg_matrix *matrix, const struct sg_prom_series **out, size_t max);

/* The one series of the container's whole CPU time: the only one, or the one with cpu="total".
 * NULL when that is not exactly one; per-CPU series are not added up, because one may be missing.
 * *out_count tells how many came into question. */
const struct sg_prom_series *sg_pick_cpu(const struct sg_matrix *matrix, size_t *out_count);

#endif
