/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate report: renders a bundle again. */
#include "base/file.h"
#include "judge/judge.h"
#include "report/report.h"
#include "verbs.h"

struct options {
    char *baseline;
    struct sg_strings formats;
};

static const struct sg_option rows[] = {
    {"baseline", 0, SG_OPTION_STRING, "FILE",
     "the stored baseline that the session was held against", offsetof(struct options, baseline),
     NULL},
    {"format", 'f', SG_OPTION_LIST, "FORMAT", "NAME[:PATH], one of those below; repeatable",
     offsetof(struct options, formats), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

static bool render(const struct options *o, const char *path, struct sg_error *err)
{
    struct sg_session session = {0};
    struct sg_judgement judgement = {0};
    struct sg_series_set series = {0};
    bool ok = sg_session_load(path, &session, err) &&
              judge_as_run(&session, o->baseline, &judgement, err);
    if (ok) {
        const char *bundle = sg_folder_exists(path) ? path : NULL;
        struct sg_report report = {.session = &session,
                                   .judgement = &judgement,
                                   .bundle = bundle,
                                   .series = load_series(bundle, &series),
                                   .config = sg_session_config_path(&session),
                                   .baseline = o->baseline};
        ok = write_formats(&o->formats, &report, err);
    }
    sg_series_set_clear(&series);
    sg_judgement_clear(&judgement);
    sg_session_clear(&session);
    return ok;
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
    bool ok = files.count == 1
                  ? check_formats(&options.formats, &err) && render(&options, files.items[0], &err)
                  : sg_fail(&err, SG_ERROR_CONFIG, "svcgate report needs one bundle");
    status = ok ? EXIT_PASS : report_error(&err);
    sg_strings_clear(&files);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_report = {"report", "render a bundle's report again",
                                 "svcgate report [options] BUNDLE\n\n"
                                 "The verdict is computed again from the bundle; the exit status\n"
                                 "tells only whether it could be rendered.",
                                 rows, run};
