/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate run: a session from start to verdict. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "baseline/baseline.h"
#include "report/report.h"
#include "run_options.h"
#include "session/session.h"
#include "verbs.h"

/* The absolute path in a word: "/a", "-o/a", "--out=/a", "md:/a"; NULL without one. */
static const char *path_in(const char *word)
{
    bool is_short = word[0] == '-' && word[1] != '-' && word[1] != '\0' && word[2] == '/';
    const char *at = is_short ? word + 2 : strchr(word, '/');
    bool begins = at != NULL && (at == word || is_short || strchr("=:", at[-1]) != NULL);
    return begins ? at : NULL;
}

/* The path that --ready names is the service's. */
static bool is_ready_path(char **argv, int at)
{
    return sg_starts_with(argv[at], "--ready=") || (at > 0 && sg_streq(argv[at - 1], "--ready"));
}

/* The command as typed, for "how to run it again"; of absolute paths what may be told. */
static char *command_line(const struct sg_config *config, int argc, char **argv)
{
    struct sg_text text = {0};
    sg_text_add(&text, "svcgate run");
    for (int i = 0; i < argc; i++) {
        const char *path = is_ready_path(argv, i) ? NULL : path_in(argv[i]);
        size_t before = path != NULL ? (size_t)(path - argv[i]) : strlen(argv[i]);
        char *told = sg_config_told_path(config, path);
        char *word = sg_format("%.*s%s", (int)before, argv[i], told != NULL ? told : "");
        sg_text_add(&text, " ");
        sg_text_shell_word(&text, word);
        free(word);
        free(told);
    }
    return sg_text_take(&text);
}

static bool is_observing(const struct run_options *o)
{
    return sg_streq(o->mode, "observe");
}

static int exit_of(const struct sg_judgement *judgement, const struct sg_config *config,
                   const struct run_options *o)
{
    bool missing = config->variants_count == 1 && sg_file_missing(config->baseline);
    int status = verdict_exit(judgement, missing ? config->missing_baseline : config->inconclusive);
    return is_observing(o) && status <= EXIT_INCONCLUSIVE ? EXIT_PASS : status;
}

/* git bisect takes any status from 1 to 127 for "bad", but 125 for "cannot tell". Only a fail is
 * bad; a mistake in the commit's own svcgate.yaml is not. */
static int bisect_exit(bool bisect, int status)
{
    return bisect && status >= EXIT_INCONCLUSIVE && status <= EXIT_TOOL ? 125 : status;
}

static bool has_word(int argc, char **argv, const char *word)
{
    while (argc > 0 && !sg_streq(argv[argc - 1], word)) {
        argc--;
    }
    return argc > 0;
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
    int before = session.plan.attempt > 0 ? session.plan.attempt : 1; /* one that does not say */
    *out = before < INT_MAX ? before + 1 : INT_MAX;
    sg_session_clear(&session);
    return true;
}

/* A baseline whose file is not there yet is one without sessions. */
static bool read_stored(const struct sg_config *config, struct sg_baseline *out,
                        struct sg_error *err)
{
    return config->baseline == NULL || sg_file_missing(config->baseline) ||
           sg_baseline_read(config->baseline, out, err);
}

static bool finish(const struct run_options *o, const struct sg_config *config, const char *bundle,
                   const struct sg_session *session, const struct sg_judgement *judgement,
                   struct sg_error *err)
{
    struct sg_series_set series = {0};
    bool stored = config->baseline != NULL && !sg_file_missing(config->baseline);
    struct sg_report report = {.session = session,
                               .judgement = judgement,
                               .bundle = bundle,
                               .series = load_series(bundle, &series),
                               .config = sg_session_config_path(session),
                               .baseline = stored ? config->baseline : NULL,
                               .show_host = config->show_host};
    bool ok =
        write_bundle_reports(bundle, &report, err) && write_formats(&o->formats, &report, err);
    sg_series_set_clear(&series);
    return ok;
}

/* One block of several has no verdict: what it found is in its bundle, also that a variant died. A
 * block that could not be measured is worth another try. */
static int finish_block(const struct sg_session *session, const struct sg_judgement *judgement,
                        const char *bundle)
{
    bool broken = judgement->verdict == SG_INVALID;
    if (broken || judgement->verdict == SG_FAIL) {
        print_clean(stdout, "%s\n", judgement->reason);
    }
    print_clean(stdout, "block %d of %d %s: %s\n", session->block, session->plan.blocks,
                broken                            ? "could not be measured"
                : session->repetitions_count == 0 ? "did not have to be measured"
                                                  : "is measured",
                bundle);
    print_clean(stdout,
                "The verdict is that of `svcgate judge` over the bundles of all %d blocks.\n",
                session->plan.blocks);
    return broken ? EXIT_INVALID : EXIT_PASS;
}

static int run_session(const struct run_options *o, struct sg_config *config, const char *command)
{
    char id[24];
    struct sg_session session = {0};
    struct sg_judgement judgement = {0};
    struct sg_baseline baseline = {0};
    struct sg_error err = {0};
    sg_session_id(id);
    char *bundle = o->out != NULL ? sg_strdup(o->out) : sg_format(".svcgate/%s", id);
    char *couplings = couplings_path();
    struct live *live = live_new(o->quiet);
    struct sg_run run = {.config = config,
                         .id = id,
                         .bundle = bundle,
                         .command = command,
                         .couplings = couplings,
                         .observe = is_observing(o),
                         .accepted = !o->no_accepted,
                         .no_screen = o->no_screen,
                         .tool = svcgate_version,
                         .progress = live_progress(live)};
    sg_interrupt_install();
    bool ok = attempt_after(o->previous, &run.attempt, &err) &&
              read_stored(config, &baseline, &err) && sg_folder_make(bundle, &err);
    if (config->block == 0) {
        run.stored = sg_baseline_current(&baseline, &run.stored_count);
    }
    ok = ok && sg_session_run(&run, &session, &judgement, &err);
    live_free(live);
    sg_interrupt_default(); /* all that was started is gone */
    bool part = config->block > 0;
    ok = ok && (part || finish(o, config, bundle, &session, &judgement, &err));
    int status = !ok    ? report_error(&err)
                 : part ? finish_block(&session, &judgement, bundle)
                        : exit_of(&judgement, config, o);
    if (!ok && session.repetitions_count > 0) {
        complain("what was measured so far is in %s", bundle);
    }
    sg_judgement_clear(&judgement);
    sg_session_clear(&session);
    sg_baseline_clear(&baseline);
    free(couplings);
    free(bundle);
    return status;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct run_options options = {0};
    struct sg_strings words = {0};
    struct sg_config config = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    options.rows = run_rows;
    if (!verb_parse_sources(verb, argc, argv, &options, &words, options.sources, &status)) {
        return bisect_exit(has_word(argc, argv, "--bisect"), status);
    }
    if (run_settle(&config, &options, &words, &err)) {
        char *command = command_line(&config, argc, argv);
        status = run_session(&options, &config, command);
        free(command);
    } else {
        status = report_error(&err);
    }
    status = bisect_exit(options.bisect, status);
    sg_config_clear(&config);
    sg_strings_clear(&words);
    sg_options_clear(run_rows, &options);
    return status;
}

const struct verb verb_run = {
    "run", "measure the variants and judge them",
    "svcgate run [options] [NAME=IMAGE…]\n\n"
    "Measures every variant side by side and judges it against the reference.\n"
    "Variants come from svcgate.yaml or are named on the command line:\n\n"
    "  svcgate run base=shop:main candidate=shop:pr --script load.js --port 8080 \\\n"
    "      --rate 200/s\n\n"
    "With a stored baseline the one variant beside the reference is held against it\n"
    "alone first, and side by side only when that does not pass. A variant without a\n"
    "reference is measured beside the image that was accepted last, where that can\n"
    "be had, else held against the stored numbers.",
    run_rows, run};
