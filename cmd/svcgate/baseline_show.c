/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate baseline show: what a stored baseline is worth for the gates of svcgate.yaml. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "baseline_verbs.h"
#include "judge/judge.h"
#include "report/stored.h"

/* The next session as far as it is known: environment and metrics of the newest one that counts,
 * and the gates that it will be asked about. */
struct question {
    struct sg_session session;
    bool shared;               /* beta is shared with a confirmation side by side */
    size_t gated;              /* of session.gates; the others ask for a level and a spread */
    struct sg_strings missing; /* gates whose metric the newest session has not */
};

static void copy_environment(const struct sg_session *newest, struct sg_session *out)
{
    out->plan = newest->plan;
    for (size_t i = 0; i < newest->metrics_count; i++) {
        (void)sg_session_copy_metric(out, &newest->metrics[i]);
    }
    for (size_t i = 0; i < newest->facts_count; i++) {
        const struct sg_fact *fact = &newest->facts[i];
        sg_session_add_fact(out, fact->name, fact->value, fact->hard);
    }
}

static void add_gate(struct question *question, const struct sg_gate *gate)
{
    (void)sg_session_copy_gate(&question->session, gate);
    question->gated++;
}

static void take_gates(struct question *question, const struct sg_config *config)
{
    for (size_t i = 0; i < config->gates_count; i++) {
        const struct sg_gate *gate = &config->gates[i];
        if (sg_session_find_metric(&question->session, gate->metric, gate->of, gate->request) >=
            0) {
            add_gate(question, gate);
            continue;
        }
        char *label = sg_metric_label(gate->metric, gate->of, gate->request);
        sg_strings_add(&question->missing, label);
        free(label);
    }
}

static struct sg_gate gate_of(const struct sg_metric *metric)
{
    return (struct sg_gate){.metric = metric->name,
                            .of = metric->of,
                            .request = metric->request,
                            .tolerance = NAN,
                            .floor = NAN,
                            .limit = NAN,
                            .warn = NAN,
                            .weight = NAN};
}

/* Where no configuration says anything: what could be gated at once, as judge does it with plain
 * samples. */
static void gate_all(struct question *question)
{
    for (size_t i = 0; i < question->session.metrics_count; i++) {
        const struct sg_metric *metric = &question->session.metrics[i];
        if (metric->role == SG_ROLE_METRIC && metric->scale == SG_SCALE_LOG) {
            struct sg_gate gate = gate_of(metric);
            gate.tolerance = sg_metric_tolerance(metric);
            add_gate(question, &gate);
        }
    }
}

static bool is_gated(const struct question *question, const struct sg_metric *metric)
{
    for (size_t g = 0; g < question->gated; g++) {
        const struct sg_gate *gate = &question->session.gates[g];
        if (sg_metric_is(metric, gate->metric, gate->of, gate->request)) {
            return true;
        }
    }
    return false;
}

/* A limit asks for no comparison, so that level and spread come without a chance. Of a count the
 * level alone is known, for which its events need not be there. */
static void ask_others(struct question *question)
{
    for (size_t i = 0; i < question->session.metrics_count; i++) {
        struct sg_metric *metric = &question->session.metrics[i];
        if (metric->role != SG_ROLE_METRIC || is_gated(question, metric)) {
            continue;
        }
        if (metric->scale == SG_SCALE_COUNT) {
            metric->scale = SG_SCALE_EXACT;
        }
        struct sg_gate limit = gate_of(metric);
        limit.limit = 0;
        (void)sg_session_copy_gate(&question->session, &limit);
    }
}

static void take_plan(struct question *question, const struct sg_config *config)
{
    question->shared = config->variants_count == 2; /* what run screens (docs/method.md 4.5) */
    question->session.plan.alpha = config->alpha;
    question->session.plan.beta = question->shared ? config->beta / 2 : config->beta;
}

static bool ask(const char *config_path, const struct sg_session *newest, struct question *out,
                char **out_config, struct sg_error *err)
{
    struct sg_config config = {0};
    copy_environment(newest, &out->session);
    if (!load_config(config_path, false, &config, err)) {
        return false;
    }
    bool ok = true;
    if (config.path != NULL) {
        ok = sg_config_finish(&config, false, err);
        take_gates(out, &config);
        take_plan(out, &config);
    }
    if (out->gated == 0) {
        gate_all(out);
    } else {
        *out_config = sg_strdup(config.path);
    }
    ask_others(out);
    sg_config_clear(&config);
    return ok;
}

static void write_view(const struct baseline_options *o, const struct sg_stored_view *view)
{
    struct sg_text text = {0};
    if (sg_streq(o->format, "json")) {
        sg_stored_json(view, &text);
    } else {
        sg_stored_text(view, &text);
    }
    (void)fputs(text.data, stdout);
    sg_text_free(&text);
}

static bool show(const struct baseline_options *o, const char *path,
                 const struct sg_baseline *baseline, struct sg_error *err)
{
    struct question question = {0};
    struct sg_outlook outlook = {0};
    char *config = NULL;
    size_t count = 0;
    const struct sg_session *stored = sg_baseline_current(baseline, &count);
    bool ok = count == 0 || (ask(o->config, &stored[count - 1], &question, &config, err) &&
                             sg_judge_outlook(&question.session, stored, count, &outlook, err));
    if (ok) {
        struct sg_stored_view view = {.file = path,
                                      .sessions = baseline->sessions,
                                      .notes = baseline->notes,
                                      .accepted = baseline->accepted,
                                      .count = baseline->count,
                                      .current = count,
                                      .outlook = &outlook,
                                      .gated = question.gated,
                                      .config = config,
                                      .shared = question.shared,
                                      .missing = question.missing.items,
                                      .missing_count = question.missing.count};
        write_view(o, &view);
    }
    sg_outlook_clear(&outlook);
    sg_session_clear(&question.session);
    sg_strings_clear(&question.missing);
    free(config);
    return ok;
}

bool baseline_show(const struct baseline_options *o, const char *path, struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    if (o->format != NULL && !sg_streq(o->format, "text") && !sg_streq(o->format, "json")) {
        return sg_fail(err, SG_ERROR_CONFIG, "--format %s: baseline show knows text and json",
                       o->format);
    }
    bool ok = sg_baseline_read(path, &baseline, err) && show(o, path, &baseline, err);
    sg_baseline_clear(&baseline);
    return ok;
}
