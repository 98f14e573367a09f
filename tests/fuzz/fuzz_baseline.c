/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: stored baselines. What is accepted must be written and read again without a change,
 * take a session more, be pruned without a change of what counts, and its newest session is judged
 * against it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "baseline/baseline.h"
#include "fuzz/reports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct sg_baseline *baseline)
{
    struct sg_baseline again = {0};
    struct sg_error err = {0};
    char *text = sg_baseline_text(baseline);
    bool ok = sg_baseline_parse(text, strlen(text), "again", &again, &err);
    assert(ok);
    char *text_again = sg_baseline_text(&again);
    assert(strcmp(text, text_again) == 0);
    free(text);
    free(text_again);
    sg_baseline_clear(&again);
}

static void add_session(struct sg_baseline *baseline)
{
    struct sg_session session = {.complete = true};
    struct sg_error err = {0};
    sg_session_add_metric(&session, "x");
    struct sg_repetition *repetition = sg_session_add_repetition(&session, "a");
    repetition->block = 1;
    repetition->values[0] = 1;
    bool ok = sg_baseline_add(baseline, &session, "a", NULL, &err);
    assert(ok || err.kind == SG_ERROR_CONFIG);
    assert(baseline->count <= SG_BASELINE_SESSIONS || !ok);
    sg_session_clear(&session);
}

static void check_prune(struct sg_baseline *baseline)
{
    size_t before = 0;
    size_t after = 0;
    (void)sg_baseline_current(baseline, &before);
    sg_baseline_prune(baseline, 2);
    (void)sg_baseline_current(baseline, &after);
    assert(after == (before < 2 ? before : 2));
}

/* Reports are about a session that is judged; a stored one has no gates of its own. */
static void check_judging(struct sg_baseline *baseline)
{
    size_t count = 0;
    struct sg_error err = {0};
    struct sg_judgement judgement = {0};
    struct sg_text text = {0};
    const struct sg_session *stored = sg_baseline_current(baseline, &count);
    if (count == 0) {
        return;
    }
    struct sg_session *newest = &baseline->sessions[baseline->count - 1];
    for (size_t i = 0; newest->gates_count == 0 && i < newest->metrics_count; i++) {
        struct sg_gate *gate = sg_session_add_gate(newest, newest->metrics[i].name);
        gate->of = sg_strdup(newest->metrics[i].of);
        gate->request = sg_strdup(newest->metrics[i].request);
        gate->tolerance = 0.05;
    }
    if (sg_judge_stored(newest, NULL, stored, count, &judgement, &err)) {
        sg_check_judgement(newest, &judgement, &text);
    } else {
        assert(err.text[0] != '\0');
    }
    sg_text_free(&text);
    sg_judgement_clear(&judgement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_baseline baseline = {0};
    struct sg_error err = {0};
    if (sg_baseline_parse((const char *)data, size, "fuzz", &baseline, &err)) {
        check_round_trip(&baseline);
        check_judging(&baseline);
        add_session(&baseline);
        check_prune(&baseline);
    } else {
        assert(err.kind == SG_ERROR_CONFIG && err.text[0] != '\0');
    }
    sg_baseline_clear(&baseline);
    return 0;
}
