/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: the way of `svcgate plan`, with any bytes as the earlier session (--from) or as the
 * stored baseline: chances are chances, and what is told has nothing that a terminal or a CI runner
 * would obey. Slow, because powers are computed. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/baseline.h"
#include "fuzz/reports.h"
#include "judge/plan.h"
#include "record/readers.h"
#include "report/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_share(double share)
{
    assert(isnan(share) || (share >= 0 && share <= 1));
}

static void write_forecast(const struct sg_forecast *forecast)
{
    static const char *const names[] = {"text", "md", "json"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        struct sg_error err = {0};
        struct sg_plan_report report = {.forecast = forecast};
        struct sg_text text = {0};
        const struct sg_plan_format *format = sg_plan_format(names[i], &err);
        assert(format != NULL);
        format->write(&report, &text);
        sg_check_text(names[i], text.data != NULL ? text.data : "");
        sg_text_free(&text);
    }
}

static void forecast(const struct sg_session *session, const struct sg_session *measured,
                     const struct sg_session *stored, size_t stored_count)
{
    struct sg_forecast_question question = {.session = session,
                                            .repetition_seconds = 45,
                                            .measured = measured,
                                            .stored = stored,
                                            .stored_count = stored_count,
                                            .screen = true};
    struct sg_forecast found = {0};
    struct sg_error err = {0};
    if (!sg_judge_plan(&question, &found, &err)) {
        assert(err.kind == SG_ERROR_CONFIG && err.text[0] != '\0');
        return;
    }
    assert(found.verdict != NULL);
    check_share(found.passes);
    for (size_t i = 0; i < found.gates_count; i++) {
        check_share(found.gates[i].passes);
        check_share(found.gates[i].fails);
        check_share(found.gates[i].worse_fails);
    }
    write_forecast(&found);
    sg_forecast_clear(&found);
}

/* What is planned: the metrics of what was measured, and gates for two of them. */
static void plan_for(const struct sg_session *measured, struct sg_session *out)
{
    static const char *const names[] = {"base", "candidate"};
    *out = (struct sg_session){.reference = sg_strdup(names[0]),
                               .plan = {.min_repetitions = 6,
                                        .max_repetitions = 9,
                                        .block_size = 3,
                                        .alpha = 0.01,
                                        .beta = 0.05,
                                        .warmup = 10,
                                        .measure = 30,
                                        .rate = 100,
                                        .planned = true}};
    for (size_t i = 0; i < measured->metrics_count; i++) {
        const struct sg_metric *metric = &measured->metrics[i];
        (void)sg_session_copy_metric(out, metric);
        if (metric->role == SG_ROLE_METRIC && out->gates_count < 2) {
            struct sg_gate *gate = sg_session_add_gate(out, metric->name);
            gate->of = sg_strdup(metric->of);
            gate->request = sg_strdup(metric->request);
            gate->tolerance = 0.05;
        }
    }
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        out->variants = sg_grow(out->variants, i, sizeof(*out->variants));
        out->variants_count = i + 1;
        out->variants[i] = (struct sg_variant){.name = sg_strdup(names[i])};
    }
}

static void from_session(const struct sg_session *measured)
{
    struct sg_session session;
    plan_for(measured, &session);
    forecast(&session, measured, NULL, 0);
    sg_session_clear(&session);
}

static void from_baseline(const struct sg_baseline *baseline)
{
    size_t count = 0;
    const struct sg_session *stored = sg_baseline_current(baseline, &count);
    struct sg_session session;
    if (count > 0) {
        plan_for(&stored[0], &session);
        forecast(&session, NULL, stored, count);
        sg_session_clear(&session);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_session measured = {0};
    struct sg_baseline baseline = {0};
    struct sg_error err = {0};
    char *text = sg_alloc(size + 1, 1);
    if (size > 0) {
        memcpy(text, data, size);
    }
    if (sg_session_parse(text, size, "fuzz", &measured, &err)) {
        from_session(&measured);
    } else if (sg_baseline_parse(text, size, "fuzz", &baseline, &err)) {
        from_baseline(&baseline);
    }
    sg_session_clear(&measured);
    sg_baseline_clear(&baseline);
    free(text);
    return 0;
}
