/* SPDX-License-Identifier: Apache-2.0 */
/* A verb is a file and a row of the table in verbs.c: its options, calls to lib/, what is printed.
 * No arithmetic here. */
#ifndef SVCGATE_VERBS_H
#define SVCGATE_VERBS_H

#include <stdio.h>

#include "base/error.h"
#include "base/options.h"
#include "base/program.h"
#include "config/config.h"
#include "judge/verdict.h"
#include "record/record.h"

enum exit_code {
    EXIT_PASS = 0,
    EXIT_FAIL = 1,
    EXIT_INCONCLUSIVE = 2,
    EXIT_INVALID = 3,
    EXIT_USAGE = 4,
    EXIT_TOOL = 5
};

struct verb {
    const char *name;
    const char *help;  /* one line */
    const char *usage; /* "svcgate judge [options] FILE…", then paragraphs */
    const struct sg_option *rows;
    int (*run)(const struct verb *verb, int argc, char **argv);
};

extern const struct verb verb_init, verb_doctor, verb_run, verb_judge, verb_import, verb_baseline,
    verb_report, verb_config, verb_testbench, verb_up, verb_down, verb_clean, verb_plan,
    verb_completion, verb_man, verb_publish, verb_awake;

/* NULL-terminated. */
extern const struct verb *const verbs[];
/* Options of `plan` that `run` has too are taken from there; to be called before they are read. */
void plan_fill_rows(void);

/* Parses the verb's options into `target`. False: *out_exit holds the exit code (help was asked
 * for, or an error was printed). */
bool verb_parse(const struct verb *verb, int argc, char **argv, void *target,
                struct sg_strings *positionals, int *out_exit);
/* The same; sources[i] tells where the value of the verb's row i came from. */
bool verb_parse_sources(const struct verb *verb, int argc, char **argv, void *target,
                        struct sg_strings *positionals, enum sg_option_source *sources,
                        int *out_exit);

/* Text on standard error as it is. Waits two seconds for a reader who has stopped, then goes on
 * without: containers may run. */
void write_stderr(const char *text);

/* "svcgate: …" on standard error. What comes from outside may stand in it: it is cleaned here. */
void complain(const char *format, ...) SG_PRINTF(1, 2);
/* Words with something from outside in them, cleaned too. */
void print_clean(FILE *to, const char *format, ...) SG_PRINTF(2, 3);
/* Prints the error to standard error and gives its exit code. */
int report_error(const struct sg_error *err);
/* The exit code of a verdict; the policy says what an inconclusive one becomes. */
int verdict_exit(const struct sg_judgement *judgement, enum sg_policy policy);

/* judging.c: against the stored baseline where its path is given, and one variant alone against one
 * without sessions, as `run` does where the file is not there yet; else side by side. */
bool judge_session(const struct sg_session *session, const char *variant, const char *baseline_path,
                   struct sg_judgement *out, struct sg_error *err);
/* As `run` judged it: a baseline that is given all the same says nothing of what was measured side
 * by side, be it the screen's confirmation or beside the accepted image. */
bool judge_as_run(const struct sg_session *session, const char *baseline_path,
                  struct sg_judgement *out, struct sg_error *err);

/* settings.c: the configuration named by --config, SVCGATE_CONFIG or found upwards; defaults when
 * there is none and `required` is false. */
bool load_config(const char *path, bool required, struct sg_config *out, struct sg_error *err);
/* "base=IMAGE" laid over the configuration. */
bool add_variant_word(struct sg_config *config, const char *word, struct sg_error *err);
bool add_gate_words(struct sg_config *config, const struct sg_strings *words, struct sg_error *err);
void set_text(char **place, const char *text);
/* Where measured couplings are kept: coupling.json in the user's cache. Caller frees; NULL without
 * a home. */
char *couplings_path(void);

/* What an option calls its argument when it is the name of a report's format. */
#define SG_FORMAT_ARGUMENT "FORMAT"

/* output.c: --format NAME[:PATH], each to its file or to standard output. No format: text on a
 * terminal, md elsewhere. */
struct sg_report;
bool check_formats(const struct sg_strings *formats, struct sg_error *err);
bool write_formats(const struct sg_strings *formats, const struct sg_report *report,
                   struct sg_error *err);
/* report.md, report.html and verdict.json into the bundle. */
bool write_bundle_reports(const char *bundle, const struct sg_report *report, struct sg_error *err);
bool stdout_has_color(void);
/* What a bundle has to draw, for sg_report.series; NULL is no bundle. What cannot be read is a
 * warning on standard error, never an error: pictures decide nothing. */
struct sg_series_set;
const struct sg_series_set *load_series(const char *bundle, struct sg_series_set *out);

/* progress.c */
struct sg_progress;
struct live; /* the live line's state */
struct live *live_new(bool quiet);
struct sg_progress live_progress(struct live *live);
void live_free(struct live *live);

extern const char svcgate_version[]; /* "svcgate 0.1.0" */
extern const char svcgate_about[];   /* one line */

/* Each exit status with its meaning, NULL-terminated. */
extern const struct sg_manual_term svcgate_statuses[];

#endif
