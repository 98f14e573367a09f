/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: the way of `svcgate judge`, from any bytes to every report. A verdict has a reason, a
 * number that is missing never passes, and judging twice gives the same bytes. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge/judge.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_session(const char *text, size_t size, struct sg_session *out)
{
    struct sg_error err = {0};
    if (size == 0 || text[0] != '{') {
        return sg_samples_read_csv(text, size, "fuzz", out, &err);
    }
    return sg_session_read(text, size, "fuzz", out, &err) ||
           sg_samples_read_json(text, size, "fuzz", out, &err);
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

static void check_results(const struct sg_judgement *judgement)
{
    assert(judgement->reason != NULL);
    for (size_t i = 0; i < judgement->results_count; i++) {
        const struct sg_result *result = &judgement->results[i];
        assert(result->reason != NULL);
        assert(!isinf(result->change) || result->verdict != SG_PASS || !result->gated);
        if (result->gated && result->verdict == SG_PASS) {
            assert(!isnan(result->change) || !isnan(result->limit) || result->change_raw == 0);
        }
    }
}

static void render(const struct sg_session *session, const struct sg_judgement *judgement,
                   struct sg_text *out)
{
    struct sg_report report = {.session = session, .judgement = judgement, .title = "fuzz"};
    size_t count = 0;
    const struct sg_report_format *formats = sg_report_formats(&count);
    for (size_t i = 0; i < count; i++) {
        formats[i].write(&report, out);
    }
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
        check_results(&judgement);
        render(session, &judgement, &texts[i]);
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
    if (read_session((const char *)data, size, &session) && settle(&session)) {
        judge(&session);
    }
    sg_session_clear(&session);
    return 0;
}
