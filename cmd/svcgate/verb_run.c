/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate run: a session from start to verdict. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "baseline/baseline.h"
#include "judge/judge.h"
#include "report/report.h"
#include "session/session.h"
#include "verbs.h"

struct options {
    char *config, *script, *ready, *service, *reference, *repetitions, *baseline, *out, *previous;
    char *compose, *memory, *mode, *cpus, *seed;
    int port, vus;
    double rate, warmup, measure, budget, alpha, beta;
    struct sg_strings gates, formats;
    bool quiet, no_adjust, bisect;
};

#define ROW(name, type, argument, help, member)                                                    \
    {                                                                                              \
        name, 0, SG_OPTION_##type, argument, help, offsetof(struct options, member), NULL          \
    }

static const struct sg_option rows[] = {
    {"config", 'c', SG_OPTION_STRING, "FILE", "configuration (default: svcgate.yaml here or above)",
     offsetof(struct options, config), NULL},
    ROW("script", STRING, "FILE", "k6 script; it reads BASE_URL", script),
    ROW("compose", STRING, "FILE", "the service's own compose file", compose),
    ROW("service", STRING, "NAME", "the compose service under test", service),
    ROW("port", INT, "PORT", "port the service listens on", port),
    ROW("ready", STRING, "PATH", "path that answers 2xx when the service is ready", ready),
    ROW("cpus", STRING, "N", "CPU quota of the service", cpus),
    ROW("memory", STRING, "SIZE", "memory limit of the service, for example 256MiB", memory),
    ROW("rate", RATE, "RATE", "offered load, for example 200/s", rate),
    ROW("warmup", DURATION, "TIME", "load before each measured window", warmup),
    ROW("measure", DURATION, "TIME", "the measured window of each repetition", measure),
    ROW("vus", INT, "N", "most virtual users of k6", vus),
    ROW("reference", STRING, "NAME", "variant that the others are judged against", reference),
    ROW("gate", LIST, "GATE", "METRIC:tolerance=5%,floor=1ms,limit=…; repeatable", gates),
    ROW("repetitions", STRING, "N..M", "repetitions of each variant (default 6..21)", repetitions),
    ROW("budget", DURATION, "TIME", "most time for the session (default 30m)", budget),
    ROW("alpha", RATIO, "RATIO", "chance of a false fail (default 1%)", alpha),
    ROW("beta", RATIO, "RATIO", "chance of a false pass a metric (default 5%)", beta),
    ROW("seed", STRING, "N", "seed of the order of repetitions", seed),
    ROW("baseline", STRING, "FILE", "stored baseline to judge against", baseline),
    ROW("no-adjust", FLAG, NULL, "judge raw values, without noise cancelling", no_adjust),
    {"out", 'o', SG_OPTION_STRING, "DIR", "bundle folder (default: .svcgate/<session>)",
     offsetof(struct options, out), NULL},
    ROW("previous", STRING, "BUNDLE", "an earlier attempt at the same images", previous),
    {"format", 'f', SG_OPTION_LIST, "FORMAT", "NAME[:PATH]: text, md, json, junit, …; repeatable",
     offsetof(struct options, formats), NULL},
    ROW("mode", STRING, "MODE", "gate, or observe: judge and report but exit 0", mode),
    ROW("bisect", FLAG, NULL, "exit 125 unless passed or failed, for git bisect run", bisect),
    {"quiet", 'q', SG_OPTION_FLAG, NULL, "no progress", offsetof(struct options, quiet), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

static bool overlay_numbers(struct sg_config *config, const struct options *o, struct sg_error *err)
{
    if (o->port > 0) {
        config->port = o->port;
    }
    if (o->vus > 0) {
        config->vus = o->vus;
    }
    const struct {
        double from, *to;
    } numbers[] = {{o->rate, &config->rate},       {o->warmup, &config->warmup},
                   {o->measure, &config->measure}, {o->budget, &config->budget},
                   {o->alpha, &config->alpha},     {o->beta, &config->beta}};
    for (size_t i = 0; i < SG_COUNT(numbers); i++) {
        if (numbers[i].from > 0) {
            *numbers[i].to = numbers[i].from;
        }
    }
    if (o->cpus != NULL && !sg_parse_number(o->cpus, &config->cpus)) {
        return sg_fail(err, SG_ERROR_CONFIG, "--cpus %s is no number", o->cpus);
    }
    if (o->memory != NULL && !sg_parse_size(o->memory, &config->memory)) {
        return sg_fail(err, SG_ERROR_CONFIG, "--memory %s is no size (write 256MiB)", o->memory);
    }
    if (o->seed != NULL) {
        char *end = NULL;
        config->seed = strtoull(o->seed, &end, 10);
        config->has_seed = true;
        if (*end != '\0') {
            return sg_fail(err, SG_ERROR_CONFIG, "--seed %s is no whole number", o->seed);
        }
    }
    return o->repetitions == NULL || sg_config_repetitions(o->repetitions, &config->min_repetitions,
                                                           &config->max_repetitions, err);
}

static bool settle(struct sg_config *config, const struct options *o,
                   const struct sg_strings *words, struct sg_error *err)
{
    if (!load_config(o->config, false, config, err)) {
        return false;
    }
    set_text(&config->script, o->script);
    set_text(&config->compose, o->compose);
    set_text(&config->service, o->service);
    set_text(&config->ready, o->ready);
    set_text(&config->reference, o->reference);
    set_text(&config->baseline, o->baseline);
    config->adjust = config->adjust && !o->no_adjust;
    for (size_t i = 0; i < words->count; i++) {
        if (!add_variant_word(config, words->items[i], err)) {
            return false;
        }
    }
    return overlay_numbers(config, o, err) && add_gate_words(config, &o->gates, err) &&
           check_formats(&o->formats, err) && sg_config_finish(config, true, err);
}

/* The command as typed, for "how to run it again". */
static char *command_line(int argc, char **argv)
{
    struct sg_text text = {0};
    sg_text_add(&text, "svcgate run");
    for (int i = 0; i < argc; i++) {
        bool plain = argv[i][strcspn(argv[i], " \t\n\"'$`\\&|;<>()*?")] == '\0';
        sg_text_printf(&text, plain ? " %s" : " '%s'", argv[i]);
    }
    return sg_text_take(&text);
}

static int exit_of(const struct sg_judgement *judgement, const struct sg_config *config,
                   const struct options *o)
{
    int status = verdict_exit(judgement, config);
    if (o->mode != NULL && sg_streq(o->mode, "observe") && status <= EXIT_INCONCLUSIVE) {
        return EXIT_PASS;
    }
    return o->bisect && (status == EXIT_INCONCLUSIVE || status == EXIT_INVALID) ? 125 : status;
}

/* A single variant is judged against the stored baseline. */
static bool judge_baseline(const struct sg_config *config, const struct sg_session *session,
                           struct sg_judgement *judgement, struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    if (sg_file_exists(config->baseline) && !sg_baseline_read(config->baseline, &baseline, err)) {
        return false;
    }
    sg_judgement_clear(judgement);
    bool ok = sg_judge_stored(session, NULL, baseline.sessions, baseline.count, judgement, err);
    sg_baseline_clear(&baseline);
    return ok;
}

static bool attempt_after(const char *previous, int *out, struct sg_error *err)
{
    struct sg_session session = {0};
    *out = 1;
    if (previous == NULL) {
        return true;
    }
    if (!sg_session_load(previous, &session, err)) {
        return sg_error_context(err, "--previous");
    }
    *out = session.plan.attempt + 1;
    sg_session_clear(&session);
    return true;
}

static bool finish(const struct options *o, const struct sg_config *config, const char *bundle,
                   const struct sg_session *session, struct sg_judgement *judgement,
                   struct sg_error *err)
{
    if (config->variants_count == 1 && !judge_baseline(config, session, judgement, err)) {
        return false;
    }
    struct sg_report report = {
        .session = session, .judgement = judgement, .bundle = bundle, .config = config->path};
    return write_bundle_reports(bundle, &report, err) && write_formats(&o->formats, &report, err);
}

static int run_session(const struct options *o, const struct sg_config *config, const char *command)
{
    char id[24];
    struct sg_session session = {0};
    struct sg_judgement judgement = {0};
    struct sg_error err = {0};
    sg_session_id(id);
    char *bundle = o->out != NULL ? sg_strdup(o->out) : sg_format(".svcgate/%s", id);
    struct live *live = live_new(o->quiet);
    struct sg_run run = {.config = config,
                         .id = id,
                         .bundle = bundle,
                         .command = command,
                         .tool = svcgate_version,
                         .progress = live_progress(live)};
    sg_interrupt_install();
    bool ok = attempt_after(o->previous, &run.attempt, &err) && sg_folder_make(bundle, &err) &&
              sg_session_run(&run, &session, &judgement, &err);
    live_free(live);
    ok = ok && finish(o, config, bundle, &session, &judgement, &err);
    int status = ok ? exit_of(&judgement, config, o) : report_error(&err);
    if (!ok && session.repetitions_count > 0) {
        (void)fprintf(stderr, "svcgate: what was measured so far is in %s\n", bundle);
    }
    if (!ok && o->bisect && status == EXIT_TOOL) {
        status = 125;
    }
    sg_judgement_clear(&judgement);
    sg_session_clear(&session);
    free(bundle);
    return status;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_strings words = {0};
    struct sg_config config = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &options, &words, &status)) {
        return status;
    }
    if (settle(&config, &options, &words, &err)) {
        char *command = command_line(argc, argv);
        status = run_session(&options, &config, command);
        free(command);
    } else {
        status = report_error(&err);
    }
    sg_config_clear(&config);
    sg_strings_clear(&words);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_run = {
    "run", "measure the variants and judge them",
    "svcgate run [options] [NAME=IMAGE…]\n\n"
    "Measures every variant side by side and judges it against the reference. Variants come from\n"
    "svcgate.yaml or are named on the command line: svcgate run base=shop:main candidate=shop:pr\n"
    "--script load.js --port 8080 --rate 200/s",
    rows, run};
