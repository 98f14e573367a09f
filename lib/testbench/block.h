/* SPDX-License-Identifier: Apache-2.0 */
/* The two halves of a sliced block: its containers (block.c) and the load on them (rotation.c). */
#ifndef SG_TESTBENCH_BLOCK_H
#define SG_TESTBENCH_BLOCK_H

#include "testbench/internal.h"

/* What one thread works on. */
struct sg_task {
    struct sg_bench *bench;
    struct sg_place *place;
    struct sg_bench_seat *seat; /* NULL: the work needs none */
    struct sg_error err;
};

/* The same work for every place of the block at once; the first error counts. `seats`: one for each
 * place, or NULL. */
bool sg_block_each(struct sg_bench *bench, struct sg_bench_seat *seats,
                   bool (*work)(struct sg_task *task), struct sg_error *err) SG_MUST_USE;

/* Drives the load round the block's containers, which are ready, and fills the seats. A service
 * that dies ends it: then only its own seat was measured. */
bool sg_rotation_run(struct sg_bench *bench, const struct sg_bench_slices *slices,
                     struct sg_bench_seat *seats, struct sg_error *err) SG_MUST_USE;

#endif
