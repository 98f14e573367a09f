/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate up, down, clean, doctor, testbench export: the testbench outside of a session. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "session/session.h"
#include "testbench/testbench.h"
#include "verbs.h"

struct options {
    char *config, *keep_awake;
    bool all, quick, quiet;
};

#define CONFIG_ROW                                                                                 \
    {                                                                                              \
        "config", 'c', SG_OPTION_STRING, "FILE",                                                   \
            "configuration (default: svcgate.yaml here or above)",                                 \
            offsetof(struct options, config), NULL                                                 \
    }
#define END_ROW                                                                                    \
    {                                                                                              \
        NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL                                               \
    }

static const struct sg_option config_rows[] = {CONFIG_ROW, END_ROW};
static const struct sg_option no_rows[] = {END_ROW};
static const struct sg_option clean_rows[] = {{"all", 0, SG_OPTION_FLAG, NULL,
                                               "also what `svcgate up` started",
                                               offsetof(struct options, all), NULL},
                                              END_ROW};
static const struct sg_option doctor_rows[] = {
    CONFIG_ROW,
    {"quick", 0, SG_OPTION_FLAG, NULL,
     "start nothing: leaves out Prometheus, cAdvisor and the clock",
     offsetof(struct options, quick), NULL},
    {"keep-awake", 0, SG_OPTION_STRING, "auto|sudo|off", "how CPUs are kept from falling asleep",
     offsetof(struct options, keep_awake), NULL},
    END_ROW};

static void say(void *context, const char *text)
{
    (void)context;
    complain("%s", text);
}

static const struct sg_bench_progress progress = {.say = say};

/* Parses options and, where the verb has --config, the configuration. */
static bool begin(const struct verb *verb, int argc, char **argv, struct options *options,
                  struct sg_config *config, int *out_exit)
{
    struct sg_strings words = {0};
    struct sg_error err = {0};
    if (!verb_parse(verb, argc, argv, options, &words, out_exit)) {
        return false;
    }
    bool ok = words.count == 0 || sg_fail(&err, SG_ERROR_CONFIG, "svcgate %s takes no \"%s\"",
                                          verb->name, words.items[0]);
    ok = ok && load_config(options->config, false, config, &err) &&
         (options->keep_awake == NULL ||
          sg_config_set(config, "testbench.keep_awake", options->keep_awake, "--keep-awake", &err));
    if (!ok) {
        *out_exit = report_error(&err);
        sg_config_clear(config);
        sg_options_clear(verb->rows, options);
    }
    sg_strings_clear(&words);
    sg_interrupt_install();
    return ok;
}

static void end(const struct verb *verb, struct options *options, struct sg_config *config)
{
    sg_config_clear(config);
    sg_options_clear(verb->rows, options);
}

static int run_up(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_config config = {0};
    struct sg_error err = {0};
    char *text = NULL;
    int status = EXIT_USAGE;
    if (!begin(verb, argc, argv, &options, &config, &status)) {
        return status;
    }
    status = sg_bench_up(&config, &progress, &text, &err) ? EXIT_PASS : report_error(&err);
    if (text != NULL) {
        print_clean(stdout, "%s`svcgate down` removes it.\n", text);
    }
    free(text);
    end(verb, &options, &config);
    return status;
}

static int run_down(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_config config = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    if (!begin(verb, argc, argv, &options, &config, &status)) {
        return status;
    }
    status = sg_bench_down(&progress, &err) ? EXIT_PASS : report_error(&err);
    end(verb, &options, &config);
    return status;
}

static int run_clean(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_config config = {0};
    struct sg_error err = {0};
    size_t removed = 0;
    int status = EXIT_USAGE;
    if (!begin(verb, argc, argv, &options, &config, &status)) {
        return status;
    }
    if (sg_bench_clean(options.all, &progress, &removed, &err)) {
        (void)printf("%zu containers, networks, volumes and images removed\n", removed);
        status = EXIT_PASS;
    } else {
        status = report_error(&err);
    }
    end(verb, &options, &config);
    return status;
}

static void print_check(bool ok, bool warning, const char *name, const char *text)
{
    print_clean(stdout, "%s %-16s %s\n", ok ? "✓" : warning ? "!" : "✗", name, text);
}

static char *describe_couplings(const struct sg_couplings *found)
{
    char *probe = found->core.limit >= 0 && found->cache.limit >= 0
                      ? sg_format(", the core contention that the probe sees by %+.0f %% "
                                  "(less than %.0f %%) and the cache contention by %+.0f %% (less "
                                  "than %.0f %%)",
                                  100 * found->core.h, 100 * found->core.limit,
                                  100 * found->cache.h, 100 * found->cache.limit)
                      : sg_strdup("");
    char *text = sg_format("a CPU burnt beside k6 changes its own cost by %+.0f %% (95 %%: less "
                           "than %.0f %%)%s; kept for sessions of this load",
                           100 * found->generator.h, 100 * found->generator.limit, probe);
    free(probe);
    return text;
}

/* The coupling needs a service and its load. What cannot be measured is assumed: never an error. */
static void check_coupling(struct sg_config *config)
{
    struct sg_couplings couplings = {0};
    struct sg_error err = {0};
    char *path = couplings_path();
    bool ok = path != NULL || sg_fail(&err, SG_ERROR_ENVIRONMENT, "no HOME");
    ok = ok && sg_config_finish(config, true, &err) &&
         sg_session_coupling(config, path, &progress, &couplings, &err);
    char *text = ok ? describe_couplings(&couplings)
                    : sg_format("not measured, the usual is assumed: %s", err.text);
    if (ok || sg_interrupt_signal() == 0) {
        print_check(ok, true, "coupling", text);
    }
    free(text);
    free(path);
}

static int run_doctor(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_config config = {0};
    struct sg_check *checks = NULL;
    size_t count = 0;
    int status = EXIT_USAGE;
    if (!begin(verb, argc, argv, &options, &config, &status)) {
        return status;
    }
    sg_bench_doctor(&config, !options.quick, &progress, &checks, &count);
    status = EXIT_PASS;
    for (size_t i = 0; i < count; i++) {
        const struct sg_check *check = &checks[i];
        print_check(check->ok, check->warning, check->name, check->text);
        if (!check->ok && !check->warning && status != EXIT_TOOL) {
            status = check->usage ? EXIT_USAGE : EXIT_TOOL;
        }
    }
    if (status == EXIT_PASS && !options.quick && config.path != NULL) {
        check_coupling(&config);
    }
    (void)printf(status == EXIT_PASS ? "This machine can measure.\n"
                 : status == EXIT_USAGE
                     ? "This machine can measure, but not this stack yet; see the "
                       "lines with ✗.\n"
                     : "This machine cannot measure yet; see the lines with ✗.\n");
    sg_checks_free(checks, count);
    end(verb, &options, &config);
    return status;
}

static int run_testbench(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_strings words = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &options, &words, &status)) {
        return status;
    }
    bool ok = words.count == 2 && sg_streq(words.items[0], "export")
                  ? sg_bench_export(words.items[1], &err)
                  : sg_fail(&err, SG_ERROR_CONFIG, "write: svcgate testbench export DIR");
    status = ok ? EXIT_PASS : report_error(&err);
    if (ok) {
        print_clean(stdout, "The testbench's files are in %s\n", words.items[1]);
    }
    sg_strings_clear(&words);
    sg_options_clear(verb->rows, &options);
    return status;
}

const struct verb verb_up = {"up", "start the testbench with Grafana, to look around",
                             "svcgate up [options]", config_rows, run_up};
const struct verb verb_down = {"down", "remove what `up` started", "svcgate down", no_rows,
                               run_down};
const struct verb verb_clean = {
    "clean", "remove what killed sessions left behind",
    "svcgate clean [--all]\n\n"
    "Removes containers, networks, volumes and images of sessions of this engine that\n"
    "no longer run. The next `svcgate run` does the same by itself.",
    clean_rows, run_clean};
const struct verb verb_doctor = {"doctor",
                                 "check engine, images, cgroups, CPUs, clock; each with its fix",
                                 "svcgate doctor [options]", doctor_rows, run_doctor};
const struct verb verb_testbench = {
    "testbench", "write out the testbench's files",
    "svcgate testbench export DIR\n\n"
    "Writes compose file, Prometheus configuration and Grafana dashboards; never\n"
    "overwrites.",
    no_rows, run_testbench};
