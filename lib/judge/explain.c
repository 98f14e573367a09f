/* SPDX-License-Identifier: Apache-2.0 */
/* The computation as text: written by the very code that judges. */
#include "judge/assembly.h"

char *sg_judge_explain(const struct sg_session *session, struct sg_error *err)
{
    struct sg_text steps = {0};
    struct sg_judgement judgement = {0};
    if (!sg_judge_session(session, &steps, &judgement, err)) {
        sg_text_free(&steps);
        return NULL;
    }
    struct sg_text text = {0};
    sg_text_printf(&text,
                   "Reference %s; alpha %.6g over all gates, beta %.6g for each. y = ln x (or x on "
                   "the linear scale), turned so that larger is worse.\n\n",
                   judgement.reference ? judgement.reference : "(none)", judgement.alpha,
                   judgement.beta);
    sg_text_add(&text, steps.data ? steps.data : "");
    for (size_t i = 0; i < judgement.notes_count; i++)
        sg_text_printf(&text, "Note: %s\n", judgement.notes[i]);
    sg_text_printf(&text, "Verdict: %s. %s\n", sg_verdict_name(judgement.verdict),
                   judgement.reason);
    sg_text_free(&steps);
    sg_judgement_clear(&judgement);
    return sg_text_take(&text);
}
