/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate judge: bundles or plain samples again, offline. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "baseline/baseline.h"
#include "judge/judge.h"
#include "report/report.h"
#include "verbs.h"

struct options {
    char *config, *reference, *better, *baseline, *variant, *floor, *limit, *tolerance;
    double alpha, beta;
    struct sg_strings gates, formats;
    bool explain, no_adjust;
};

#define ROW(name, type, argument, help, member)                                                    \
    {                                                                                              \
        name, 0, SG_OPTION_##type, argument, help, offsetof(struct options, member), NULL          \
    }

static const struct sg_option rows[] = {
    {"config", 'c', SG_OPTION_STRING, "FILE", "gates and tolerances from this svcgate.yaml",
     offsetof(struct options, config), NULL},
    ROW("reference", STRING, "NAME", "variant that the others are judged against", reference),
    ROW("gate", LIST, "GATE", "METRIC:tolerance=5%,floor=1ms,limit=…; repeatable", gates),
    ROW("tolerance", STRING, "RATIO", "tolerance of every metric of plain samples", tolerance),
    ROW("floor", STRING, "VALUE", "least tolerance, in the metric's unit", floor),
    ROW("limit", STRING, "VALUE", "absolute bound, in the metric's unit", limit),
    ROW("better", STRING, "WAY", "lower (default) or higher, for plain samples", better),
    ROW("alpha", RATIO, "RATIO", "chance of a false fail (default 1%)", alpha),
    ROW("beta", RATIO, "RATIO", "chance of a false pass a metric (default 5%)", beta),
    ROW("baseline", STRING, "FILE", "judge against this stored baseline", baseline),
    ROW("variant", STRING, "NAME", "the variant to hold against the baseline", variant),
    ROW("no-adjust", FLAG, NULL, "judge raw values, without noise cancelling", no_adjust),
    ROW("explain", FLAG, NULL, "the computation step by step", explain),
    {"format", 'f', SG_OPTION_LIST, "FORMAT", "NAME[:PATH]: text, md, json, junit, …; repeatable",
     offsetof(struct options, formats), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

static bool parse_value(const char *text, const char *unit, const char *option, double *out,
                        struct sg_error *err)
{
    return text == NULL || sg_parse_by_unit(text, unit, out) ||
           sg_fail(err, SG_ERROR_CONFIG, "--%s %s is no value in %s", option, text,
                   unit[0] != '\0' ? unit : "the metric's unit");
}

/* Plain samples need not say what a built-in metric is measured in and which way is better. */
static void take_catalogue(struct sg_session *session)
{
    for (size_t i = 0; i < session->metrics_count; i++) {
        struct sg_metric *metric = &session->metrics[i];
        const struct sg_metric *known = sg_catalogue_find(metric->name);
        if (known != NULL && metric->unit[0] == '\0' && metric->better == SG_LOWER) {
            set_text(&metric->unit, known->unit);
            metric->better = known->better;
        }
    }
}

/* As in svcgate.yaml: 5 is more often meant as 5 %. */
static bool parse_tolerance(const char *text, double *out, struct sg_error *err)
{
    return text == NULL ||
           (sg_parse_ratio(text, out) && *out > 0 && (*out < 1 || sg_ends_with(text, "%"))) ||
           sg_fail(err, SG_ERROR_CONFIG, "--tolerance %s: write a share above zero, 5%% or 0.05",
                   text);
}

/* Plain samples without gates: every metric is gated with the tolerance of the command line. */
static bool gate_all(struct sg_session *session, const struct options *o, struct sg_error *err)
{
    for (size_t i = 0; i < session->metrics_count; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        if (metric->role != SG_ROLE_METRIC) {
            continue;
        }
        struct sg_gate *gate = sg_session_add_gate(session, metric->name);
        gate->of = sg_strdup(metric->of);
        gate->request = sg_strdup(metric->request);
        gate->tolerance = sg_catalogue_tolerance(metric->name);
        if (!parse_tolerance(o->tolerance, &gate->tolerance, err) ||
            !parse_value(o->floor, metric->unit, "floor", &gate->floor, err) ||
            !parse_value(o->limit, metric->unit, "limit", &gate->limit, err)) {
            return false;
        }
    }
    return true;
}

static void drop_gates(struct sg_session *session)
{
    for (size_t i = 0; i < session->gates_count; i++) {
        sg_gate_clear(&session->gates[i]);
    }
    session->gates_count = 0;
}

static void copy_gates(const struct sg_config *config, struct sg_session *session)
{
    drop_gates(session);
    for (size_t i = 0; i < config->gates_count; i++) {
        struct sg_gate *gate = sg_session_add_gate(session, config->gates[i].metric);
        sg_gate_clear(gate);
        *gate = sg_gate_copy(&config->gates[i]);
        bool limit_alone = !isnan(gate->limit) && isnan(gate->floor) && isnan(gate->warn);
        int metric = sg_session_find_metric(session, gate->metric, gate->of, gate->request);
        if (isnan(gate->tolerance) && !limit_alone && metric >= 0 &&
            session->metrics[metric].scale == SG_SCALE_LOG) {
            gate->tolerance = sg_catalogue_tolerance(gate->metric);
        }
    }
}

static void copy_plan(const struct sg_config *config, struct sg_session *session)
{
    if (!session->plan.planned) {
        session->plan.alpha = config->alpha;
        session->plan.beta = config->beta;
    }
    if (session->reference == NULL) {
        session->reference = sg_strdup(config->reference);
    }
}

/* Gates of --config, or of --gate alone: these may name metrics that only the samples know. */
static bool gates_from_config(struct sg_session *session, const struct options *o,
                              struct sg_error *err)
{
    struct sg_config config = {0};
    bool ok = o->config == NULL || sg_config_read(o->config, &config, err);
    if (o->config == NULL) {
        sg_config_init(&config);
    }
    ok = ok && add_gate_words(&config, &o->gates, err) &&
         (o->config == NULL || sg_config_finish(&config, false, err));
    if (ok) {
        copy_gates(&config, session);
    }
    if (ok && o->config != NULL) {
        copy_plan(&config, session);
    }
    sg_config_clear(&config);
    return ok;
}

/* One tolerance for all metrics makes sense only where no gate has its own. */
static bool check_plain(const struct sg_session *session, const struct options *o,
                        struct sg_error *err)
{
    const char *given = o->tolerance != NULL ? "--tolerance"
                        : o->floor != NULL   ? "--floor"
                        : o->limit != NULL   ? "--limit"
                                             : NULL;
    bool gated = o->config != NULL || o->gates.count > 0 || session->gates_count > 0;
    return given == NULL || !gated ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "%s is for plain samples without gates; here the gates have their own: use "
                   "--gate METRIC:tolerance=…,floor=…,limit=…",
                   given);
}

static bool settle(struct sg_session *session, const struct options *o, struct sg_error *err)
{
    if (!session->plan.planned) {
        take_catalogue(session);
    }
    if (!check_plain(session, o, err)) {
        return false;
    }
    if (o->config != NULL || o->gates.count > 0) {
        if (!gates_from_config(session, o, err)) {
            return false;
        }
    } else if (session->gates_count == 0 && !gate_all(session, o, err)) {
        return false;
    }
    set_text(&session->reference, o->reference);
    if (o->alpha > 0) {
        session->plan.alpha = o->alpha;
    }
    if (o->beta > 0) {
        session->plan.beta = o->beta;
    }
    if (o->better != NULL && !sg_streq(o->better, "lower") && !sg_streq(o->better, "higher")) {
        return sg_fail(err, SG_ERROR_CONFIG, "--better %s: write lower or higher", o->better);
    }
    for (size_t i = 0; i < session->metrics_count; i++) {
        if (o->better != NULL && !session->plan.planned) {
            session->metrics[i].better = sg_streq(o->better, "higher") ? SG_HIGHER : SG_LOWER;
        }
        session->metrics[i].adjust = session->metrics[i].adjust && !o->no_adjust;
    }
    if (session->reference == NULL && o->baseline == NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "which variant is the reference? Give --reference NAME");
    }
    return true;
}

static bool explain(const struct sg_session *session, struct sg_error *err)
{
    char *text = sg_judge_explain(session, err);
    if (text == NULL) {
        return false;
    }
    (void)fputs(text, stdout);
    free(text);
    return true;
}

/* Judges one file; *out_exit is its exit code. */
static bool judge_file(const struct options *o, const char *path, int *out_exit,
                       struct sg_error *err)
{
    struct sg_session session = {0};
    struct sg_judgement judgement = {0};
    bool ok = sg_session_load(path, &session, err) && settle(&session, o, err) &&
              judge_session(&session, o->variant, o->baseline, true, &judgement, err);
    if (ok) {
        struct sg_report report = {.session = &session,
                                   .judgement = &judgement,
                                   .bundle = sg_folder_exists(path) ? path : NULL,
                                   .config = o->config};
        ok = o->explain ? explain(&session, err) : write_formats(&o->formats, &report, err);
        *out_exit = verdict_exit(&judgement, SG_POLICY_KEEP);
    }
    sg_judgement_clear(&judgement);
    sg_session_clear(&session);
    return ok;
}

/* Of several files the worst exit code counts: invalid, fail, inconclusive, pass. */
static int worse(int a, int b)
{
    static const int rank[] = {0, 2, 1, 3};
    return rank[b] > rank[a] ? b : a;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_strings files = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &options, &files, &status)) {
        return status;
    }
    bool ok = check_formats(&options.formats, &err);
    if (ok && files.count == 0) {
        ok = sg_fail(&err, SG_ERROR_CONFIG,
                     "svcgate judge needs a bundle, a samples file, or - for standard input");
    }
    int worst = EXIT_PASS;
    for (size_t i = 0; ok && i < files.count; i++) {
        int one = EXIT_PASS;
        ok = judge_file(&options, files.items[i], &one, &err);
        worst = worse(worst, one);
    }
    status = ok ? worst : report_error(&err);
    sg_strings_clear(&files);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_judge = {
    "judge", "judge bundles or plain samples again, offline",
    "svcgate judge [options] FILE…\n\n"
    "FILE is a bundle folder, its session.json, samples as JSON or as long CSV\n"
    "(block,variant,metric,value), or - for standard input.",
    rows, run};
