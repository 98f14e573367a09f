/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate baseline save | promote | list | show | prune: the stored baseline's life. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "baseline_verbs.h"
#include "judge/outlook.h"
#include "report/stored.h"

#define ROW(name, type, argument, help, member)                                                    \
    {                                                                                              \
        name, 0, SG_OPTION_##type, argument, help, offsetof(struct baseline_options, member), NULL \
    }

static const struct sg_option rows[] = {
    ROW("file", STRING, "FILE", "the baseline's file (default: baselines/NAME.json)", file),
    ROW("variant", STRING, "NAME",
        "the variant to store (save: the reference; promote: the one beside it)", variant),
    ROW("force", STRING, "REASON", "save: store a session that failed or was invalid", force),
    ROW("reason", STRING, "TEXT", "promote: why the change is accepted", reason),
    ROW("keep", INT, "N", "prune: how many sessions stay (default 30)", keep),
    {"config", 'c', SG_OPTION_STRING, "FILE", "show: gates from this svcgate.yaml",
     offsetof(struct baseline_options, config), NULL},
    {"format", 'f', SG_OPTION_STRING, "text|json", "show: how (default: text)",
     offsetof(struct baseline_options, format), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

/* --- list ----------------------------------------------------------------------------------- */

/* "api" for baselines/api.json */
static char *short_name(const char *path)
{
    char *folder = sg_path_folder(path);
    size_t skip = sg_starts_with(path, folder) ? strlen(folder) + 1 : 0;
    free(folder);
    return sg_format("%.*s", (int)(strlen(path) - skip - strlen(".json")), path + skip);
}

static bool list_file(const char *path, const char *name, struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    struct sg_text text = {0};
    if (!sg_baseline_read(path, &baseline, err)) {
        return false;
    }
    struct sg_stored_view view = {.file = path,
                                  .sessions = baseline.sessions,
                                  .notes = baseline.notes,
                                  .accepted = baseline.accepted,
                                  .count = baseline.count};
    (void)sg_baseline_current(&baseline, &view.current);
    for (size_t i = 0; i < baseline.count; i++) {
        sg_stored_line(&view, i, name, &text);
    }
    if (text.size > 0) {
        (void)fputs(text.data, stdout);
    }
    sg_text_free(&text);
    sg_baseline_clear(&baseline);
    return true;
}

static bool list_folder(const char *folder, struct sg_error *err)
{
    struct sg_strings files = {0};
    bool ok = sg_baseline_files(folder, &files, err);
    for (size_t i = 0; ok && i < files.count; i++) {
        char *name = short_name(files.items[i]);
        ok = list_file(files.items[i], name, err);
        free(name);
    }
    sg_strings_clear(&files);
    return ok;
}

/* A folder api/ does not hide the baseline api. */
static bool list(const struct baseline_options *o, const char *word, const char *path,
                 struct sg_error *err)
{
    bool folder = o->file == NULL && sg_file_missing(path) && sg_folder_exists(word);
    return folder ? list_folder(word, err) : list_file(path, NULL, err);
}

/* --- prune ---------------------------------------------------------------------------------- */

static bool prune_locked(size_t keep, const char *path, struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    if (!sg_baseline_read(path, &baseline, err)) {
        return false;
    }
    size_t gone = sg_baseline_prune(&baseline, keep);
    size_t count = 0;
    (void)sg_baseline_current(&baseline, &count);
    bool ok = gone == 0 || sg_baseline_write(&baseline, path, err);
    if (ok) {
        print_clean(stdout, "%s: %zu session%s removed, %zu stay%s\n", path, gone,
                    gone == 1 ? "" : "s", baseline.count,
                    count < SG_STORE_SESSIONS ? "; fewer than 4 count, so it cannot judge" : "");
    }
    sg_baseline_clear(&baseline);
    return ok;
}

static bool prune(const struct baseline_options *o, const char *path, struct sg_error *err)
{
    int lock = -1;
    if (sg_file_missing(path)) {
        return sg_fail(err, SG_ERROR_CONFIG, "there is no baseline %s", path);
    }
    bool ok = sg_baseline_lock(path, &lock, err) &&
              prune_locked(o->keep > 0 ? (size_t)o->keep : SG_BASELINE_SESSIONS, path, err);
    sg_baseline_unlock(lock);
    return ok;
}

/* --- Words ---------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    size_t arguments, optional;
} words_known[] = {
    {"save", 2, 0}, {"promote", 2, 0}, {"list", 0, 1}, {"show", 1, 0}, {"prune", 1, 0}};

static bool check_words(const struct sg_strings *words, struct sg_error *err)
{
    const char *word = words->count > 0 ? words->items[0] : NULL;
    for (size_t i = 0; word != NULL && i < SG_COUNT(words_known); i++) {
        if (!sg_streq(word, words_known[i].word)) {
            continue;
        }
        size_t least = words_known[i].arguments;
        size_t given = words->count - 1;
        if (given >= least && given <= least + words_known[i].optional) {
            return true;
        }
        word = NULL;
    }
    if (word != NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "svcgate baseline knows save, promote, list, show and prune, not \"%s\"",
                       word);
    }
    return sg_fail(err, SG_ERROR_CONFIG,
                   "write: svcgate baseline save NAME BUNDLE, promote NAME BUNDLE --reason TEXT, "
                   "list [NAME], show NAME, or prune NAME");
}

static char *path_of(const struct baseline_options *o, const char *name)
{
    if (o->file != NULL) {
        return sg_strdup(o->file);
    }
    return sg_format(sg_ends_with(name, ".json") ? "%s" : "baselines/%s.json", name);
}

static bool act(const struct baseline_options *o, const struct sg_strings *words,
                struct sg_error *err)
{
    if (!check_words(words, err)) {
        return false;
    }
    const char *word = words->items[0];
    const char *name = words->count > 1 ? words->items[1] : "baselines";
    char *path = path_of(o, name);
    bool ok = false;
    if (sg_streq(word, "list")) {
        ok = list(o, name, path, err);
    } else if (sg_streq(word, "show")) {
        ok = baseline_show(o, path, err);
    } else if (sg_streq(word, "prune")) {
        ok = prune(o, path, err);
    } else {
        ok = baseline_store(o, path, words->items[2], sg_streq(word, "promote"), err);
    }
    free(path);
    return ok;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct baseline_options options = {0};
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

const struct verb verb_baseline = {
    "baseline", "save, show, promote or prune the stored baseline",
    "svcgate baseline save NAME BUNDLE | promote NAME BUNDLE --reason TEXT |\n"
    "       list [NAME] | show NAME | prune NAME\n\n"
    "NAME is a file (api.json) or stands for baselines/NAME.json; list also takes a\n"
    "folder. save stores the reference; where that was the accepted image of a\n"
    "baseline, the variant beside it. promote stores an accepted change: what is\n"
    "older stays in the file, but counts no more.",
    rows, run};
