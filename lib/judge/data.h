/* SPDX-License-Identifier: Apache-2.0 */
/* Which repetitions of a session count, in which blocks, of which variant. */
#ifndef SG_JUDGE_DATA_H
#define SG_JUDGE_DATA_H

#include "base/error.h"
#include "record/record.h"

/* The repetitions of one variant in one block, by index, in the session's order. */
struct sg_cell {
    size_t *repetitions;
    size_t count;
};

struct sg_block {
    int number;
    struct sg_cell *cells; /* one a variant */
};

struct sg_data {
    const struct sg_session *session;
    const char **variants; /* borrowed names: the session's, then others that rows name */
    size_t variants_count;
    size_t *variant_of;              /* of each repetition */
    int reference;                   /* index of the reference, or -1: there is none */
    const struct sg_finding **crash; /* of each variant: its first FAIL finding, or NULL */
    struct sg_block *blocks;         /* closed ones only, in the order of their first row */
    size_t blocks_count;
    size_t open_blocks; /* planned sessions: blocks not whole (yet), left out */
    size_t discarded;   /* repetitions that do not count for an INVALID finding */
};

/* The session must outlive the data. SG_ERROR_CONFIG when the reference is not among the variants.
 */
bool sg_data_init(struct sg_data *data, const struct sg_session *session,
                  struct sg_error *err) SG_MUST_USE;
void sg_data_clear(struct sg_data *data);

/* Warm-up (block 0) and discarded repetitions do not count, nor do those of a crashed container. */
bool sg_repetition_counts(const struct sg_repetition *repetition);

/* One number of one repetition; NaN when the row is too short or the index negative. */
double sg_data_value(const struct sg_data *data, size_t repetition, int metric);

/* Index of a plain metric of the service under test (no `of`, no `request`), or -1. */
int sg_data_metric(const struct sg_data *data, const char *name);

/* Whether the variant has any repetition that counts, whole block or not. */
bool sg_data_has(const struct sg_data *data, size_t variant);

#endif
