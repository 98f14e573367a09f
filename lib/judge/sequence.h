/* SPDX-License-Identifier: Apache-2.0 */
/* A sequential test over blocks with its critical integers, computed once for each error. */
#ifndef SG_JUDGE_SEQUENCE_H
#define SG_JUDGE_SEQUENCE_H

#include "base/error.h"
#include "stats/boundaries.h"

struct sg_sequence {
    struct sg_shape *shapes;
    struct sg_law *own; /* one a block; only the first of equal shapes holds one */
    const struct sg_law **laws;
    struct sg_schedule schedule;
    struct sg_known *known; /* what has been computed, by error */
    size_t known_count;
    size_t last;
};

/* `shapes` (copied): ranks of variant against reference; with `signs`: the variant's values
 * against a fixed number. Schedules whose exact law would take more than about a second are
 * refused (SG_ERROR_CONFIG). The arrays of `schedule` are borrowed; its laws are not read. */
bool sg_sequence_init(struct sg_sequence *sequence, const struct sg_shape *shapes, bool signs,
                      const struct sg_schedule *schedule, struct sg_error *err) SG_MUST_USE;
void sg_sequence_clear(struct sg_sequence *sequence);

/* Critical integer at a look; SG_NEVER when no sum is. */
size_t sg_sequence_critical(struct sg_sequence *sequence, size_t look, double alpha);
/* The smallest error at which `sum` would be critical at this look, consistent with `alpha`. */
double sg_sequence_level(struct sg_sequence *sequence, size_t look, size_t sum, double alpha);
/* The shift in SDs found with 90 % probability up to this look (ranks only); NaN if none is. */
double sg_sequence_detectable(struct sg_sequence *sequence, size_t look, double alpha);

/* The same look as the only one, with the whole error. */
size_t sg_sequence_alone(const struct sg_sequence *sequence, size_t look, double alpha);
double sg_sequence_tail(const struct sg_sequence *sequence, size_t look, size_t sum);

#endif
