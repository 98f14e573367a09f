/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: a running session. */
#ifndef SG_SESSION_INTERNAL_H
#define SG_SESSION_INTERNAL_H

#include "base/units.h"
#include "promql/promql.h"
#include "session/session.h"
#include "stats/random.h"
#include "testbench/testbench.h"

struct sg_loop {
    const struct sg_run *run;
    const struct sg_config *config;
    struct sg_session *session;
    struct sg_judgement *judgement;
    struct sg_bench *bench;
    struct sg_prom prom;
    struct sg_progress_state state;
    struct sg_random random;
    int64_t started; /* monotonic */
    int slot;
    bool *out_of_race; /* one a variant: decided, needs no further repetition */
};

/* One repetition of variant `index` in `block`, appended to the session. False: the session cannot
 * go on (engine, Prometheus, interruption). */
bool sg_loop_repetition(struct sg_loop *loop, int block, size_t index,
                        struct sg_error *err) SG_MUST_USE;

/* The warm-up repetition of a variant: kept as block 0, never judged by its numbers. */
bool sg_loop_warm(struct sg_loop *loop, size_t index, struct sg_error *err) SG_MUST_USE;

void sg_loop_say(const struct sg_loop *loop, const char *format, ...) SG_PRINTF(2, 3);

#endif
