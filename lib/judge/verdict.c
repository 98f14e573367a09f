/* SPDX-License-Identifier: Apache-2.0 */
/* Names and memory of verdicts. */
#include "judge/gate.h"

#include <stdlib.h>

const char *sg_verdict_name(enum sg_verdict verdict)
{
    static const char *const names[] = {
        [SG_PASS] = "pass",
        [SG_FAIL] = "fail",
        [SG_INCONCLUSIVE] = "inconclusive",
        [SG_INVALID] = "invalid",
    };
    return names[verdict];
}

void sg_result_clear(struct sg_result *result)
{
    free(result->metric);
    free(result->of);
    free(result->request);
    free(result->unit);
    free(result->variant);
    free(result->reason);
    free(result->adjust_reason);
    free(result->gamma);
    free(result->strata);
    free(result->waiver.owner);
    free(result->waiver.reason);
    free(result->waiver.expires);
    *result = (struct sg_result){0};
}

void sg_judgement_clear(struct sg_judgement *judgement)
{
    if (!judgement)
        return;
    for (size_t i = 0; i < judgement->results_count; i++)
        sg_result_clear(&judgement->results[i]);
    for (size_t i = 0; i < judgement->variants_count; i++) {
        free(judgement->variants[i].variant);
        free(judgement->variants[i].reason);
    }
    for (size_t i = 0; i < judgement->notes_count; i++)
        free(judgement->notes[i]);
    free(judgement->results);
    free(judgement->variants);
    free(judgement->notes);
    free(judgement->reason);
    free(judgement->reference);
    free(judgement->plan_hash);
    *judgement = (struct sg_judgement){0};
}
