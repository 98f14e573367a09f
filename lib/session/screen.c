/* SPDX-License-Identifier: Apache-2.0 */
/* Screen, then confirm: against a stored baseline the variant is measured alone first, which takes
 * a third of the time. A screen can only pass; whatever else it says, both are then measured side
 * by side with fresh data, so that a false fail stays as rare as without it. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "judge/judge.h"
#include "judge/outlook.h"
#include "judge/plan.h"
#include "record/series.h"
#include "session/internal.h"

/* NULL, or why the stored sessions are of no use here. Caller frees. */
static char *why_not(const struct sg_outlook *outlook)
{
    if (outlook->reason != NULL) {
        return sg_strdup(outlook->reason);
    }
    double chance = sg_outlook_chance(outlook);
    return chance >= SG_PLAN_SCREEN
               ? NULL
               : sg_format("an unchanged service would pass with a chance of %.0f %%",
                           100 * chance);
}

static bool promises_nothing(struct sg_loop *loop, char **out_reason, struct sg_error *err)
{
    struct sg_outlook outlook = {0};
    if (!sg_judge_outlook(loop->session, loop->run->stored, loop->run->stored_count, &outlook,
                          err)) {
        return false;
    }
    *out_reason = why_not(&outlook);
    sg_outlook_clear(&outlook);
    return true;
}

/* The screen's session is one of the variant alone: it has no reference. */
static void forget_reference(struct sg_session *session, size_t reference)
{
    struct sg_variant kept = session->variants[1 - reference];
    sg_variant_clear(&session->variants[reference]);
    session->variants[0] = kept;
    session->variants_count = 1;
    free(session->reference);
    session->reference = NULL;
}

static bool keep_screen(const struct sg_loop *loop, struct sg_error *err)
{
    char *folder = sg_path_join(loop->run->bundle, "screen");
    bool ok = sg_folder_make(folder, err) && sg_session_save(loop->session, folder, err) &&
              sg_series_move(loop->run->bundle, folder, err);
    free(folder);
    return ok;
}

/* A new session in place of the screen's: same engine and images, fresh data, what is left of the
 * budget. */
static void plan_confirmation(struct sg_loop *loop)
{
    struct sg_session screen = *loop->session;
    struct sg_config config = *loop->config;
    char *reason = sg_strdup(loop->judgement->reason);
    config.budget -= (double)(sg_clock_monotonic() - loop->started) / 1e9;
    config.beta /= 2;
    loop->alone = false;
    sg_loop_plan(loop, &config);
    sg_session_add_finding(loop->session, SG_FINDING_NOTE, "screen", NULL,
                           "alone against the stored baseline it did not pass (%s); so it was "
                           "measured side by side, with fresh data",
                           reason);
    free(reason);
    sg_session_clear(&screen);
}

static bool screen(struct sg_loop *loop, bool *out_passed, struct sg_error *err)
{
    size_t reference = sg_session_reference(loop->config);
    sg_loop_say(loop, "against the stored baseline first: %s alone",
                loop->config->variants[1 - reference].name);
    loop->alone = true;
    loop->out_of_race[reference] = true;
    loop->state.repetitions_max = loop->session->plan.min_repetitions;
    if (!sg_loop_blocks(loop, err)) {
        return false;
    }
    loop->session->complete = true;
    forget_reference(loop->session, reference);
    if (!sg_loop_judge(loop, err)) {
        return false;
    }
    *out_passed = loop->judgement->verdict == SG_PASS;
    if (*out_passed) {
        return true;
    }
    sg_loop_say(loop, "%s: not settled by the stored baseline; now side by side",
                loop->judgement->reason);
    if (!keep_screen(loop, err)) {
        return false;
    }
    plan_confirmation(loop);
    return sg_loop_describe(loop, err);
}

bool sg_loop_screen(struct sg_loop *loop, bool *out_passed, struct sg_error *err)
{
    char *reason = NULL;
    double beta = loop->session->plan.beta;
    *out_passed = false;
    if (loop->run->no_screen || loop->run->stored_count == 0 || loop->beside ||
        loop->config->variants_count != 2) {
        return true;
    }
    loop->session->plan.beta = beta / 2; /* the two chances of a false pass share beta */
    if (!promises_nothing(loop, &reason, err)) {
        return false;
    }
    if (reason == NULL) {
        return screen(loop, out_passed, err);
    }
    loop->session->plan.beta = beta;
    sg_loop_say(loop, "side by side at once: the stored baseline cannot tell (%s)", reason);
    sg_session_add_finding(loop->session, SG_FINDING_NOTE, "screen", NULL,
                           "not held against the stored baseline first: %s", reason);
    free(reason);
    return true;
}
