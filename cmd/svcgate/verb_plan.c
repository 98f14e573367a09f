/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate plan: what the configuration can find and how long it takes, before any load. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "baseline/baseline.h"
#include "judge/plan.h"
#include "report/plan.h"
#include "run_options.h"
#include "session/session.h"
#include "verbs.h"

struct options {
    struct run_options run; /* first: rows of `run` mean the same here */
    char *from;
    struct sg_strings changes, formats;
};

#define ROW(name, short_name, type, argument, help, member)                                        \
    {                                                                                              \
        name, short_name, SG_OPTION_##type, argument, help, offsetof(struct options, member), NULL \
    }

static const struct sg_option own_rows[] = {
    ROW("from", 0, STRING, "BUNDLE", "take the noise from this earlier session or samples", from),
    ROW("change", 0, LIST, "PERCENT", "what it takes to find this change; repeatable", changes),
    ROW("format", 'f', LIST, "text|md|json", "with :PATH to a file; repeatable", formats),
};

/* What a plan rests on, of the options of `run`. */
static const char *const shared[] = {
    "config", "rate",  "warmup", "measure",  "reference", "gate",        "repetitions",
    "budget", "alpha", "beta",   "baseline", "no-screen", "no-accepted", "no-adjust"};

static struct sg_option rows[SG_COUNT(shared) + SG_COUNT(own_rows) + 1];
_Static_assert(SG_COUNT(rows) <= RUN_OPTIONS_MOST, "room for the source of each option");

void plan_fill_rows(void)
{
    size_t count = 0;
    for (const struct sg_option *row = run_rows; row->name != NULL; row++) {
        for (size_t i = 0; i < SG_COUNT(shared); i++) {
            if (sg_streq(row->name, shared[i])) {
                rows[count++] = *row;
            }
        }
    }
    memcpy(rows + count, own_rows, sizeof(own_rows));
}

/* --- Where it is written --------------------------------------------------------------------- */

static bool write_to(const struct sg_plan_format *format, const char *path,
                     const struct sg_forecast *forecast, struct sg_error *err)
{
    struct sg_text text = {0};
    struct sg_plan_report report = {.forecast = forecast,
                                    .color = path == NULL && stdout_has_color()};
    format->write(&report, &text);
    bool ok = path != NULL ? sg_file_write(path, text.data, text.size, err)
                           : fwrite(text.data, 1, text.size, stdout) == text.size ||
                                 sg_fail(err, SG_ERROR_IO, "standard output could not be written");
    sg_text_free(&text);
    return ok;
}

/* `forecast` NULL: only looks whether the words can be understood. */
static bool write_format(const char *word, const struct sg_forecast *forecast, struct sg_error *err)
{
    const char *colon = strchr(word, ':');
    char *name = colon != NULL ? sg_format("%.*s", (int)(colon - word), word) : sg_strdup(word);
    const struct sg_plan_format *format = sg_plan_format(name, err);
    free(name);
    if (format == NULL) {
        return sg_error_context(err, "--format %s", word);
    }
    return forecast == NULL || write_to(format, colon != NULL ? colon + 1 : NULL, forecast, err);
}

static bool write_all(const struct sg_strings *words, const struct sg_forecast *forecast,
                      struct sg_error *err)
{
    if (words->count == 0) {
        return write_format(isatty(STDOUT_FILENO) ? "text" : "md", forecast, err);
    }
    for (size_t i = 0; i < words->count; i++) {
        if (!write_format(words->items[i], forecast, err)) {
            return false;
        }
    }
    return true;
}

/* --- What is asked --------------------------------------------------------------------------- */

static bool parse_changes(const struct sg_strings *words, double *out, struct sg_error *err)
{
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        const char *digits = word[0] == '+' ? word + 1 : word;
        /* as in svcgate.yaml: a bare 5 is more often meant as 5 % */
        if (!sg_parse_ratio(digits, &out[i]) || !(out[i] > 0) || out[i] > 10 ||
            (out[i] >= 1 && !sg_ends_with(digits, "%"))) {
            return sg_fail(err, SG_ERROR_CONFIG, "--change %s: write a share, 10%% or 0.1", word);
        }
    }
    return true;
}

static bool settle(struct sg_config *config, const struct options *o,
                   const struct sg_strings *words, struct sg_error *err)
{
    if (!run_lay(config, &o->run, words, err)) {
        return false;
    }
    if (config->variants_count == 0 && (!add_variant_word(config, "base=base", err) ||
                                        !add_variant_word(config, "candidate=candidate", err))) {
        return false; /* two stand in where none is named: time does not depend on what they are */
    }
    return sg_config_finish(config, false, err);
}

static bool read_sources(const struct options *o, const struct sg_config *config,
                         struct sg_session *measured, struct sg_baseline *baseline,
                         struct sg_error *err)
{
    if (o->from != NULL && !sg_session_load(o->from, measured, err)) {
        return sg_error_context(err, "--from");
    }
    bool named = o->run.baseline != NULL;
    return config->baseline == NULL || (!named && sg_file_missing(config->baseline)) ||
           sg_baseline_read(config->baseline, baseline, err);
}

/* Whether its image can be had is not asked here; caller frees. */
static char *note_accepted(const struct sg_session *stored, size_t count, struct sg_config *config)
{
    char *why = NULL;
    const char *image = sg_session_accepted(stored, count, &why);
    if (image == NULL) {
        char *note = sg_format("the stored numbers alone decide: %s", why);
        free(why);
        return note;
    }
    sg_session_beside(config, image);
    return sg_format("measured beside the image that the stored session %s accepted; where that "
                     "image cannot be had, the stored numbers alone decide, and `svcgate plan "
                     "--no-accepted` tells what they can",
                     stored[count - 1].id);
}

/* `rate: auto` is found by a session: that of the baseline, as `run` has it, or of the bundle. */
static void adopt_rate(struct sg_config *config, const struct sg_forecast_question *question)
{
    double rate = sg_session_stored_rate(question->stored, question->stored_count);
    if (!(rate > 0) && question->measured != NULL) {
        rate = sg_session_stored_rate(question->measured, 1);
    }
    if (config->rate_auto && rate > 0) {
        sg_config_found_rate(config, rate);
    } else if (config->rate_auto) {
        complain("load.rate is auto, and no session has found a rate yet: reckoned with windows of "
                 "%.0f s",
                 config->measure);
    }
}

/* The session as `run` would plan it: one variant gets the accepted image beside it. */
static void plan_session(const struct options *o, struct sg_config *config,
                         struct sg_forecast_question *question, struct sg_session *out)
{
    bool accepted =
        !o->run.no_accepted && config->variants_count == 1 && question->stored_count > 0;
    char *note = accepted ? note_accepted(question->stored, question->stored_count, config) : NULL;
    adopt_rate(config, question);
    sg_session_from_config(config, "plan", out);
    question->session = out;
    question->repetition_seconds = sg_session_repetition_seconds(config, config->sliced);
    question->other_seconds = sg_session_repetition_seconds(config, !config->sliced);
    question->screen = !o->run.no_screen && !accepted;
    if (note != NULL) {
        sg_session_add_finding(out, SG_FINDING_NOTE, "accepted", NULL, "%s", note);
    }
    free(note);
}

static bool forecast_of(const struct options *o, struct sg_config *config,
                        struct sg_forecast_question question, struct sg_forecast *out,
                        struct sg_error *err)
{
    struct sg_session session = {0};
    plan_session(o, config, &question, &session);
    bool ok = sg_judge_plan(&question, out, err) ||
              (o->from != NULL && sg_error_context(err, "--from %s", o->from));
    sg_session_clear(&session);
    return ok;
}

static bool plan(const struct options *o, struct sg_config *config, bool *out_good,
                 struct sg_error *err)
{
    struct sg_session measured = {0};
    struct sg_baseline baseline = {0};
    struct sg_forecast forecast = {0};
    double *changes = sg_alloc(o->changes.count + 1, sizeof(*changes));
    struct sg_forecast_question question = {
        .measured = o->from != NULL ? &measured : NULL,
        .changes = changes,
        .changes_count = o->changes.count,
    };
    bool ok = parse_changes(&o->changes, changes, err) &&
              read_sources(o, config, &measured, &baseline, err);
    question.stored = sg_baseline_current(&baseline, &question.stored_count);
    ok = ok && forecast_of(o, config, question, &forecast, err);
    ok = ok && write_all(&o->formats, &forecast, err);
    *out_good = forecast.good;
    free(changes);
    sg_forecast_clear(&forecast);
    sg_baseline_clear(&baseline);
    sg_session_clear(&measured);
    return ok;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_strings words = {0};
    struct sg_config config = {0};
    struct sg_error err = {0};
    struct verb with_rows = *verb;
    int status = EXIT_USAGE;
    plan_fill_rows();
    with_rows.rows = rows;
    options.run.rows = rows;
    if (!verb_parse_sources(&with_rows, argc, argv, &options, &words, options.run.sources,
                            &status)) {
        return status;
    }
    bool good = false;
    bool ok = true;
    for (size_t i = 0; ok && i < options.formats.count; i++) {
        ok = write_format(options.formats.items[i], NULL, &err);
    }
    ok = ok && settle(&config, &options, &words, &err) && plan(&options, &config, &good, &err);
    status = !ok ? report_error(&err) : good ? EXIT_PASS : EXIT_INCONCLUSIVE;
    sg_config_clear(&config);
    sg_strings_clear(&words);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_plan = {
    "plan", "what the configuration can find, and how long it takes",
    "svcgate plan [options] [NAME=IMAGE…]\n\n"
    "Before any load: how often an unchanged service would pass, which change is\n"
    "found, and how many minutes that takes. The noise is that of an earlier\n"
    "session (--from) or of the stored baseline. Starts nothing.\n\n"
    "Exit status 0: a good plan; 2: it would mostly end inconclusive, or nothing\n"
    "is known of the noise.",
    rows, run};
