/* SPDX-License-Identifier: Apache-2.0 */
/* The time that a running session has taken, may still take, and has left of its budget. */
#include "base/clock.h"
#include "session/internal.h"

void sg_loop_clock(struct sg_loop *loop)
{
    struct sg_progress_state *state = &loop->state;
    state->elapsed = (double)(sg_clock_monotonic() - loop->started) / 1e9;
    state->left = loop->due > state->elapsed ? loop->due - state->elapsed : 0;
}

void sg_loop_reckon(struct sg_loop *loop, size_t warmups)
{
    struct sg_progress_state *state = &loop->state;
    int left = state->repetitions_max - state->repetition + (int)warmups;
    sg_loop_clock(loop);
    loop->due = state->elapsed + left * sg_session_repetition_seconds(loop->config, loop->sliced);
    sg_loop_clock(loop);
}

void sg_loop_fit_budget(struct sg_loop *loop)
{
    struct sg_plan *plan = &loop->session->plan;
    if (loop->session->block > 0) { /* the schedule of blocks in parallel jobs is their number */
        return;
    }
    int variants = (int)loop->config->variants_count;
    int block = loop->state.block;
    int made = block > 1 ? (int)sg_plan_in_blocks(plan, (size_t)block - 1) : 0;
    sg_loop_clock(loop);
    int room =
        made + sg_session_room(loop->config, loop->sliced, plan->budget - loop->state.elapsed);
    int most = room < plan->min_repetitions ? plan->min_repetitions : room;
    if (most >= loop->most || loop->alone) { /* alone there is one look */
        return;
    }
    sg_session_note_budget(loop->session, most, loop->most);
    loop->state.repetitions_max -= variants * (loop->most - most);
    loop->most = most;
    if (loop->state.block == 0) {
        plan->max_repetitions = most;
    }
}
