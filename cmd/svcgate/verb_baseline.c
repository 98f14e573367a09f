/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate baseline save | list | show | prune: the stored baseline's life. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "baseline/baseline.h"
#include "judge/judge.h"
#include "verbs.h"

struct options {
    char *file, *variant, *force;
    int keep;
};

#define ROW(name, type, argument, help, member)                                                    \
    {                                                                                              \
        name, 0, SG_OPTION_##type, argument, help, offsetof(struct options, member), NULL          \
    }

static const struct sg_option rows[] = {
    ROW("file", STRING, "FILE", "the baseline's file (default: baselines/NAME.json)", file),
    ROW("variant", STRING, "NAME", "the variant to store (default: the reference)", variant),
    ROW("force", STRING, "REASON", "store a session that failed or was invalid", force),
    ROW("keep", INT, "N", "prune: how many sessions stay (default 30)", keep),
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

/* Only an accepted session is a baseline. A session of one variant has no verdict of its own. */
static bool acceptable(const struct sg_session *session, const struct options *o,
                       struct sg_error *err)
{
    struct sg_judgement judgement = {0};
    if (session->variants_count < 2 || o->force != NULL) {
        return true;
    }
    if (!sg_judge(session, &judgement, err)) {
        return false;
    }
    enum sg_verdict verdict = judgement.verdict;
    bool ok =
        verdict == SG_PASS || verdict == SG_INCONCLUSIVE ||
        sg_fail(err, SG_ERROR_CONFIG,
                "session %s ended %s and is no baseline; --force REASON stores it all the same",
                session->id, sg_verdict_name(verdict));
    sg_judgement_clear(&judgement);
    return ok;
}

static bool save(const struct options *o, const char *path, const char *bundle,
                 struct sg_error *err)
{
    struct sg_session session = {0};
    struct sg_baseline baseline = {0};
    bool ok = sg_session_load(bundle, &session, err) && acceptable(&session, o, err) &&
              (!sg_file_exists(path) || sg_baseline_read(path, &baseline, err));
    if (ok) {
        const char *variant = o->variant != NULL          ? o->variant
                              : session.reference != NULL ? session.reference
                                                          : session.variants[0].name;
        char *folder = sg_path_folder(path);
        ok = sg_baseline_add(&baseline, &session, variant, o->force, err) &&
             sg_folder_make(folder, err) && sg_baseline_write(&baseline, path, err);
        free(folder);
        if (ok) {
            (void)printf("%s: %zu sessions, the newest %s (%s)\n", path, baseline.count, session.id,
                         variant);
        }
    }
    sg_baseline_clear(&baseline);
    sg_session_clear(&session);
    return ok;
}

static bool list(const char *path, struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    if (!sg_baseline_read(path, &baseline, err)) {
        return false;
    }
    for (size_t i = 0; i < baseline.count; i++) {
        const struct sg_session *session = &baseline.sessions[i];
        (void)printf("%s  %s  %zu repetitions%s%s\n", session->id, session->created,
                     session->repetitions_count, baseline.notes[i] != NULL ? "  forced: " : "",
                     baseline.notes[i] != NULL ? baseline.notes[i] : "");
    }
    sg_baseline_clear(&baseline);
    return true;
}

static bool prune(const struct options *o, const char *path, struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    if (!sg_baseline_read(path, &baseline, err)) {
        return false;
    }
    size_t gone =
        sg_baseline_prune(&baseline, o->keep > 0 ? (size_t)o->keep : SG_BASELINE_SESSIONS);
    bool ok = gone == 0 || sg_baseline_write(&baseline, path, err);
    if (ok) {
        (void)printf("%s: %zu sessions removed, %zu stay\n", path, gone, baseline.count);
    }
    sg_baseline_clear(&baseline);
    return ok;
}

static bool act(const struct options *o, const struct sg_strings *words, struct sg_error *err)
{
    const char *word = words->count > 0 ? words->items[0] : "";
    size_t wanted = sg_streq(word, "save") ? 3 : 2;
    if (words->count != wanted) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "write: svcgate baseline save NAME BUNDLE, list NAME, or prune NAME");
    }
    char *path =
        o->file != NULL
            ? sg_strdup(o->file)
            : sg_format(sg_ends_with(words->items[1], ".json") ? "%s" : "baselines/%s.json",
                        words->items[1]);
    bool ok = false;
    if (sg_streq(word, "save")) {
        ok = save(o, path, words->items[2], err);
    } else if (sg_streq(word, "list") || sg_streq(word, "show")) {
        ok = list(path, err);
    } else if (sg_streq(word, "prune")) {
        ok = prune(o, path, err);
    } else {
        sg_fail(err, SG_ERROR_CONFIG,
                "svcgate baseline knows save NAME BUNDLE, list NAME and prune "
                "NAME, not \"%s\"",
                word);
    }
    free(path);
    return ok;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_strings words = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &options, &words, &status)) {
        return status;
    }
    status = act(&options, &words, &err) ? EXIT_PASS : report_error(&err);
    sg_strings_clear(&words);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_baseline = {"baseline", "save, list or prune the stored baseline",
                                   "svcgate baseline save NAME BUNDLE | list NAME | prune NAME\n\n"
                                   "NAME is a file (api.json) or stands for baselines/NAME.json.",
                                   rows, run};
