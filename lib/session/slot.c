/* SPDX-License-Identifier: Apache-2.0 */
/* One slot of a block: a repetition, its repeat where the instrument broke, and what tells a
 * variant that does not keep up from a host that stalls. */
#include "base/text.h"
#include "measure/measure.h"
#include "session/internal.h"

#define CONTROLS_MAX 6
#define PATIENCE 60 /* seconds for a host that takes the CPUs away */

void sg_loop_tell(struct sg_loop *loop, const struct sg_repetition *rep)
{
    loop->state.repetition++;
    loop->state.repetitions_max += rep->discarded;
    sg_loop_reckon(loop, 0);
    if (loop->run->progress.repetition != NULL) {
        loop->run->progress.repetition(loop->run->progress.context, &loop->state, rep);
    }
}

void sg_loop_retire(struct sg_loop *loop)
{
    const struct sg_judgement *judgement = loop->judgement;
    for (size_t i = 0; i < judgement->variants_count; i++) {
        for (size_t v = 0; v < loop->config->variants_count; v++) {
            if (judgement->variants[i].decided && judgement->variants[i].verdict != SG_INVALID &&
                sg_streq(judgement->variants[i].variant, loop->config->variants[v].name)) {
                loop->out_of_race[v] = true;
            }
        }
    }
}

bool sg_loop_hopeless(const struct sg_loop *loop, bool failed)
{
    enum sg_verdict verdict = loop->judgement->verdict;
    if (!loop->alone) {
        return loop->judgement->decided;
    }
    return verdict == SG_INVALID || (verdict == SG_FAIL && failed);
}

/* Does the variant not keep up, or does the host stall? Repetitions of the reference and of the
 * variant tell; none of them is judged. */
static bool run_controls(struct sg_loop *loop, int block, size_t index, struct sg_error *err)
{
    const char *variant = loop->config->variants[index].name;
    for (int i = 0; i < CONTROLS_MAX; i++) {
        enum sg_control next = sg_measure_control(loop->session, variant);
        if (next == SG_CONTROL_NONE) {
            break;
        }
        size_t which = next == SG_CONTROL_VARIANT ? index : sg_session_reference(loop->config);
        if (!sg_loop_repetition(loop, block, which, err)) {
            return false;
        }
        sg_loop_latest(loop)->discarded = true;
        sg_repetition_add_finding(sg_loop_latest(loop), SG_FINDING_NOTE, "control", NULL,
                                  "made to tell whether %s does not keep up or the host stalls",
                                  variant);
        sg_loop_tell(loop, sg_loop_latest(loop));
        sg_measure_session(loop->session);
    }
    return true;
}

bool sg_loop_slot(struct sg_loop *loop, int block, size_t index, bool *out_stop,
                  struct sg_error *err)
{
    for (;;) {
        if (!sg_loop_repetition(loop, block, index, err)) {
            return false;
        }
        struct sg_repetition *rep = sg_loop_latest(loop);
        rep->discarded = sg_repetition_finding(rep, SG_FINDING_INVALID) != NULL;
        bool failed = sg_repetition_finding(rep, SG_FINDING_FAIL) != NULL;
        bool trouble = rep->discarded || failed;
        sg_loop_tell(loop, rep);
        if (trouble) {
            sg_measure_session(loop->session);
        }
        if ((trouble && !run_controls(loop, block, index, err)) ||
            !sg_session_save(loop->session, loop->run->bundle, err) ||
            (trouble && !sg_loop_judge(loop, err))) {
            return false;
        }
        *out_stop = trouble && sg_loop_hopeless(loop, failed);
        if (trouble && !loop->alone) {
            sg_loop_retire(loop);
        }
        if (*out_stop || !trouble || loop->out_of_race[index]) {
            return true;
        }
        if (!sg_bench_wait_calm(loop->bench, SG_MAX_STEAL, PATIENCE, err)) {
            return false;
        }
    }
}
