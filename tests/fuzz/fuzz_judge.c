/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: the way of `svcgate judge`, from any bytes to every report. A verdict has a reason, a
 * number that is missing never passes, judging twice gives the same bytes, and no report has what a
 * terminal or a CI runner would obey. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz/reports.h"
#include "record/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_session(const uint8_t *data, size_t size, struct sg_session *out)
{
    struct sg_error err = {0};
    char *text = sg_alloc(size + 1, 1);
    if (size > 0) {
        memcpy(text, data, size);
    }
    bool ok = sg_session_parse(text, size, "fuzz", out, &err);
    assert(ok || (err.kind == SG_ERROR_CONFIG && err.text[0] != '\0'));
    free(text);
    return ok;
}

/* What the verb does for plain samples, with the first variant as reference and a gate for each
 * metric that can have one without more words. */
static bool settle(struct sg_session *session)
{
    struct sg_error err = {0};
    if (session->reference == NULL && session->repetitions_count > 0) {
        session->reference = sg_strdup(session->repetitions[0].variant);
    }
    for (size_t i = 0; session->gates_count == 0 && i < session->metrics_count; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        if (metric->role == SG_ROLE_METRIC) {
            struct sg_gate *gate = sg_session_add_gate(session, metric->name);
            gate->of = sg_strdup(metric->of);
            gate->request = sg_strdup(metric->request);
            gate->tolerance = 0.05;
        }
    }
    return session->plan.planned || sg_plain_covariates_check(session, &err);
}

static void judge(const struct sg_session *session)
{
    struct sg_text texts[2] = {{0}};
    struct sg_error err = {0};
    for (int i = 0; i < 2; i++) {
        struct sg_judgement judgement = {0};
        if (!sg_judge(session, &judgement, &err)) {
            assert(err.text[0] != '\0');
            return;
        }
        sg_check_judgement(session, &judgement, &texts[i]);
        sg_judgement_clear(&judgement);
    }
    assert(texts[0].data != NULL && texts[1].data != NULL && texts[0].size == texts[1].size);
    assert(memcmp(texts[0].data, texts[1].data, texts[0].size) == 0);
    sg_text_free(&texts[0]);
    sg_text_free(&texts[1]);
    free(sg_judge_explain(session, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_session session = {0};
    if (read_session(data, size, &session) && settle(&session)) {
        judge(&session);
    }
    sg_session_clear(&session);
    return 0;
}
