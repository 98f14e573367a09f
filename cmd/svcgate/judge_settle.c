/* SPDX-License-Identifier: Apache-2.0 */
/* Options and svcgate.yaml laid over a session or plain samples, before they are judged. */
#include <stdlib.h>

#include "base/text.h"
#include "base/units.h"
#include "judge_options.h"

/* "latency_p95 {search}" of a CSV is latency_p95 of the request search. */
static void take_label(struct sg_metric *metric)
{
    char *name = NULL;
    char *of = NULL;
    char *request = NULL;
    sg_metric_split(metric->name, &name, &of, &request);
    if (sg_catalogue_find(name) != NULL && (of == NULL || sg_catalogue_per_container(name)) &&
        (request == NULL || sg_catalogue_per_request(name)) && metric->of == NULL &&
        metric->request == NULL) {
        set_text(&metric->name, name);
        metric->of = of;
        metric->request = request;
        of = NULL;
        request = NULL;
    }
    free(name);
    free(of);
    free(request);
}

static bool has_counts(const struct sg_session *session, const struct sg_metric *metric,
                       const struct sg_metric *known)
{
    return sg_session_find_metric(session, known->events, metric->of, metric->request) >= 0 &&
           sg_session_find_metric(session, known->trials, metric->of, metric->request) >= 0;
}

/* A rate without its counts can still be compared as differences. */
static void take_scale(const struct sg_session *session, const struct sg_metric *known,
                       struct sg_metric *metric)
{
    metric->scale = known->scale;
    if (known->scale == SG_SCALE_COUNT && has_counts(session, metric, known)) {
        set_text(&metric->events, known->events);
        set_text(&metric->trials, known->trials);
    } else if (known->scale == SG_SCALE_COUNT) {
        metric->scale = SG_SCALE_LINEAR;
    }
}

/* Plain samples need not say what a built-in metric is measured in, which way is better, and
 * whether it may touch zero. *out_assumed: a flag a metric, for those that named no unit. */
static void take_catalogue(struct sg_session *session, bool **out_assumed)
{
    bool *assumed = sg_alloc(session->metrics_count + 1, sizeof(*assumed));
    for (size_t i = 0; i < session->metrics_count; i++) {
        take_label(&session->metrics[i]);
    }
    for (size_t i = 0; i < session->metrics_count; i++) {
        struct sg_metric *metric = &session->metrics[i];
        const struct sg_metric *known = sg_catalogue_find(metric->name);
        if (known == NULL || metric->role != SG_ROLE_METRIC) {
            continue;
        }
        assumed[i] = metric->unit[0] == '\0';
        if (assumed[i]) {
            set_text(&metric->unit, known->unit);
        }
        if (metric->better == SG_LOWER && metric->scale == SG_SCALE_LOG) {
            metric->better = known->better;
            take_scale(session, known, metric);
        }
    }
    *out_assumed = assumed;
}

/* Asks about numbers that are hardly in the unit which they were taken to be in. */
static void doubt_units(struct sg_session *session, const bool *assumed)
{
    for (size_t i = 0; assumed != NULL && i < session->metrics_count; i++) {
        char *doubt = assumed[i] ? sg_catalogue_doubt(session, i) : NULL;
        if (doubt != NULL) {
            sg_session_add_finding(session, SG_FINDING_WARN, "unit", NULL, "%s", doubt);
        }
        free(doubt);
    }
}

/* Built-in metrics know their way: one option for all would turn latencies around. */
static bool take_better(struct sg_session *session, const char *way, struct sg_error *err)
{
    bool taken = false;
    for (size_t i = 0; i < session->metrics_count; i++) {
        struct sg_metric *metric = &session->metrics[i];
        if (sg_catalogue_find(metric->name) == NULL) {
            metric->better = sg_streq(way, "higher") ? SG_HIGHER : SG_LOWER;
            taken = true;
        }
    }
    return taken || sg_fail(err, SG_ERROR_CONFIG,
                            "--better %s: all metrics here are built in and know their way", way);
}

static bool take_covariates(struct sg_session *session, const struct judge_options *o,
                            struct sg_error *err)
{
    for (size_t i = 0; i < o->covariates.count; i++) {
        if (!sg_plain_covariate(session, o->covariates.items[i], err)) {
            return sg_error_context(err, "--covariate %s", o->covariates.items[i]);
        }
    }
    return sg_plain_covariates_check(session, err);
}

static bool settle_plain(struct sg_session *session, const struct judge_options *o,
                         bool **out_assumed, struct sg_error *err)
{
    if (session->plan.planned) {
        const char *given = o->covariates.count > 0 ? "--covariate"
                            : o->better != NULL     ? "--better"
                                                    : NULL;
        return given == NULL ||
               sg_fail(err, SG_ERROR_CONFIG,
                       "%s is for plain samples; a session has said it itself", given);
    }
    take_catalogue(session, out_assumed);
    return take_covariates(session, o, err) &&
           (o->better == NULL || take_better(session, o->better, err));
}

static void take_config(struct sg_session *session, const struct sg_config *config)
{
    if (!session->plan.planned) {
        session->plan.alpha = config->alpha;
        session->plan.beta = config->beta;
    }
    free(session->config);
    session->config = sg_config_place(config->path);
    if (session->reference == NULL) {
        session->reference = sg_strdup(config->reference);
    }
    for (size_t i = 0; !config->adjust && i < session->metrics_count; i++) {
        session->metrics[i].adjust = false;
    }
}

static void take_options(struct sg_session *session, const struct judge_options *o)
{
    set_text(&session->reference, o->reference);
    if (o->alpha != NULL) {
        (void)sg_parse_ratio(o->alpha, &session->plan.alpha);
    }
    if (o->beta != NULL) {
        (void)sg_parse_ratio(o->beta, &session->plan.beta);
    }
    for (size_t i = 0; o->no_adjust && i < session->metrics_count; i++) {
        session->metrics[i].adjust = false;
    }
}

static bool needs_reference(const struct sg_session *session, struct sg_error *err)
{
    struct sg_text names = {.limit = 200};
    for (size_t i = 0; i < session->variants_count; i++) {
        sg_text_printf(&names, "%s%s", i == 0 ? "" : ", ", session->variants[i].name);
    }
    (void)sg_fail(err, SG_ERROR_CONFIG,
                  "which variant is the reference? Give --reference NAME; there %s: %s%s",
                  session->variants_count == 1 ? "is one" : "are",
                  names.data != NULL ? names.data : "none", names.cut ? "…" : "");
    sg_text_free(&names);
    return false;
}

bool judge_settle(struct sg_session *session, const struct judge_options *o, struct sg_error *err)
{
    struct sg_config config = {0};
    bool configured = o->config != NULL;
    bool ok = !configured ||
              (sg_config_read(o->config, &config, err) && sg_config_finish(&config, false, err));
    bool *assumed = NULL;
    ok = ok && settle_plain(session, o, &assumed, err) &&
         judge_gates(session, o, configured ? &config : NULL, err);
    if (ok && configured) {
        take_config(session, &config);
    }
    if (ok) {
        take_options(session, o);
        doubt_units(session, assumed);
    }
    free(assumed);
    sg_config_clear(&config);
    return ok &&
           (session->reference != NULL || o->baseline != NULL || needs_reference(session, err));
}
