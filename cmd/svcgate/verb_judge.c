/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate judge: bundles or plain samples again, offline. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "judge/judge.h"
#include "judge_options.h"
#include "report/report.h"

#define ROW(name, type, argument, help, member)                                                    \
    {                                                                                              \
        name, 0, SG_OPTION_##type, argument, help, offsetof(struct judge_options, member), NULL    \
    }

const struct sg_option judge_rows[] = {
    {"config", 'c', SG_OPTION_STRING, "FILE", "gates and tolerances from this svcgate.yaml",
     offsetof(struct judge_options, config), NULL},
    ROW("reference", STRING, "NAME", "variant that the others are judged against", reference),
    ROW("gate", LIST, "GATE", "METRIC:tolerance=5%,floor=1ms,limit=…; repeatable", gates),
    ROW("tolerance", STRING, "RATIO", "tolerance of every metric of plain samples", tolerance),
    ROW("floor", STRING, "VALUE", "least tolerance, in the metric's unit", floor),
    ROW("limit", STRING, "VALUE", "absolute bound, in the metric's unit", limit),
    ROW("better", STRING, "lower|higher", "for plain samples (default lower)", better),
    ROW("covariate", LIST, "NAME",
        "a metric that saw the host's noise, for plain samples; NAME:linear "
        "if it may touch zero; repeatable",
        covariates),
    ROW("alpha", STRING, "RATIO", "chance of a false fail (default 1%)", alpha),
    ROW("beta", STRING, "RATIO", "chance of a false pass a metric (default 5%)", beta),
    ROW("baseline", STRING, "FILE", "judge against this stored baseline", baseline),
    ROW("variant", STRING, "NAME", "the variant to hold against the baseline", variant),
    ROW("no-adjust", FLAG, NULL, "judge raw values, without noise cancelling", no_adjust),
    ROW("explain", FLAG, NULL, "the computation step by step", explain),
    {"out", 'o', SG_OPTION_STRING, "DIR", "keep the blocks of `run --block` as one bundle here",
     offsetof(struct judge_options, out), NULL},
    {"format", 'f', SG_OPTION_LIST, "FORMAT", "NAME[:PATH], one of those below; repeatable",
     offsetof(struct judge_options, formats), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

/* Reports that can stand one behind the other; they have been checked before. */
static bool check_several(const struct sg_strings *formats, struct sg_error *err)
{
    for (size_t i = 0; i < formats->count; i++) {
        const char *word = formats->items[i];
        const struct sg_report_format *format =
            strchr(word, ':') == NULL ? sg_report_format(word, err) : NULL;
        if (format == NULL || format->alone) {
            return sg_fail(err, SG_ERROR_CONFIG,
                           "--format %s holds one report; judge one file at a time", word);
        }
    }
    return true;
}

static bool check_ratio(const char *name, const char *text, struct sg_error *err)
{
    double value = 0;
    return text == NULL || (sg_parse_ratio(text, &value) && value > 0 && value < 0.5) ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "--%s %s: write a share above 0 and below 50 %%, 1%% or "
                   "0.01",
                   name, text);
}

bool judge_options_check(const struct judge_options *o, size_t files, struct sg_error *err)
{
    if (files == 0) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "svcgate judge needs a bundle, a samples file, or - for standard input");
    }
    if (o->better != NULL && !sg_streq(o->better, "lower") && !sg_streq(o->better, "higher")) {
        return sg_fail(err, SG_ERROR_CONFIG, "--better %s: write lower or higher", o->better);
    }
    if (o->variant != NULL && o->baseline == NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "--variant names what is held against a stored baseline; give --baseline "
                       "FILE too");
    }
    if (o->explain && o->baseline != NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "--explain shows how variants are judged side by side, not against a "
                       "stored baseline; leave one of them out");
    }
    return check_ratio("alpha", o->alpha, err) && check_ratio("beta", o->beta, err) &&
           check_formats(&o->formats, err);
}

/* What is no block is judged by itself. */
static bool check_apart(const struct judge_options *o, size_t files, struct sg_error *err)
{
    if (o->out_is_wanted) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "--out keeps blocks of `svcgate run --block` as one bundle; here is none");
    }
    return files == 1 || check_several(&o->formats, err);
}

static bool explain(const struct sg_session *session, const char *title, struct sg_error *err)
{
    char *text = sg_judge_explain(session, err);
    if (text == NULL) {
        return false;
    }
    if (title != NULL) {
        print_clean(stdout, "%s\n\n", title);
    }
    (void)fputs(text, stdout);
    free(text);
    return true;
}

static bool tell(const struct judge_options *o, const struct sg_report *report,
                 struct sg_error *err)
{
    bool reports = !o->explain || o->formats.count > 0;
    return (!o->explain || explain(report->session, report->title, err)) &&
           (o->out == NULL || write_bundle_reports(o->out, report, err)) &&
           (!reports || write_formats(&o->formats, report, err));
}

/* Judges what was read from `bundle` (NULL: from a file alone); *out_exit is its exit code. */
static bool judge_read(const struct judge_options *o, struct sg_session *session,
                       const char *bundle, const char *title, int *out_exit, struct sg_error *err)
{
    struct sg_judgement judgement = {0};
    struct sg_series_set series = {0};
    bool ok = judge_settle(session, o, err) &&
              judge_session(session, o->variant, o->baseline, &judgement, err);
    if (ok) {
        struct sg_report report = {.session = session,
                                   .judgement = &judgement,
                                   .title = title,
                                   .bundle = bundle,
                                   .series = load_series(bundle, &series),
                                   .config = sg_session_config_path(session),
                                   .baseline = o->baseline};
        ok = tell(o, &report, err);
        *out_exit = verdict_exit(&judgement, SG_POLICY_KEEP);
    }
    sg_series_set_clear(&series);
    sg_judgement_clear(&judgement);
    return ok;
}

/* Of several files each report has a title. */
static bool judge_file(const struct judge_options *o, struct sg_session *session, const char *path,
                       bool titled, int *out_exit, struct sg_error *err)
{
    const char *title = !titled ? NULL : sg_streq(path, "-") ? "standard input" : path;
    const char *bundle = sg_folder_exists(path) ? path : NULL;
    struct judge_options apart = *o;
    apart.out = NULL; /* it is for blocks */
    return judge_read(&apart, session, bundle, title, out_exit, err);
}

/* All files are blocks of one session. */
static int judge_blocks(const struct judge_options *o, struct sg_session *first,
                        const struct sg_strings *files)
{
    struct sg_session merged = {0};
    struct sg_error err = {0};
    int status = EXIT_PASS;
    bool ok = judge_merge(o, first, files, &merged, &err) &&
              judge_read(o, &merged, o->out, NULL, &status, &err);
    sg_session_clear(&merged);
    return ok ? status : report_error(&err);
}

/* Of several files the worst exit code counts: an error, invalid, fail, inconclusive, pass. */
static int worse(int a, int b)
{
    static const int rank[] = {[EXIT_PASS] = 0,    [EXIT_INCONCLUSIVE] = 1, [EXIT_FAIL] = 2,
                               [EXIT_INVALID] = 3, [EXIT_USAGE] = 4,        [EXIT_TOOL] = 5};
    bool other = b < 0 || (size_t)b >= SG_COUNT(rank); /* interrupted */
    return other || rank[b] > rank[a] ? b : a;
}

/* A file that cannot be judged does not hide what the others say. The first one tells whether they
 * are blocks, which are judged together. */
static int judge_files(const struct judge_options *o, const struct sg_strings *files)
{
    int worst = EXIT_PASS;
    for (size_t i = 0; i < files->count && worst <= EXIT_TOOL; i++) {
        const char *path = files->items[i];
        struct sg_session session = {0};
        struct sg_error err = {0};
        int one = EXIT_PASS;
        bool ok = i == 0 ? sg_session_load_any(path, &session, &err)
                         : sg_session_load(path, &session, &err);
        if (ok && session.block > 0) {
            return judge_blocks(o, &session, files);
        }
        if (ok && i == 0 && !check_apart(o, files->count, &err)) {
            sg_session_clear(&session);
            return report_error(&err);
        }
        ok = ok && judge_file(o, &session, path, files->count > 1, &one, &err);
        worst = worse(worst, ok ? one : report_error(&err));
        sg_session_clear(&session);
    }
    return worst;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct judge_options options = {0};
    struct sg_strings files = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    enum sg_option_source sources[SG_COUNT(judge_rows)];
    if (!verb_parse_sources(verb, argc, argv, &options, &files, sources, &status)) {
        return status;
    }
    /* SVCGATE_OUT is `run`'s as well, so that a job may have it for all of its commands */
    const struct sg_option *out = sg_option_find(judge_rows, "out");
    options.out_is_wanted = sources[out - judge_rows] == SG_FROM_COMMAND_LINE;
    status = judge_options_check(&options, files.count, &err) ? judge_files(&options, &files)
                                                              : report_error(&err);
    sg_strings_clear(&files);
    sg_options_clear(judge_rows, &options);
    return status;
}

const struct verb verb_judge = {
    "judge", "judge bundles or plain samples again, offline",
    "svcgate judge [options] FILE…\n\n"
    "FILE is a bundle folder, its session.json, samples as JSON or as long CSV\n"
    "(block,variant,metric,value), or - for standard input. Several files are judged\n"
    "one by one; the worst exit status counts. Bundles of `svcgate run --block` are\n"
    "blocks of one session: they are put together and judged once.",
    judge_rows, run};
