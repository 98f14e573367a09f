/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate import: what other tools wrote, as samples for `svcgate judge`. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "import/import.h"
#include "report/report.h"
#include "verbs.h"

#define FILE_LIMIT ((size_t)64 << 20)

struct options {
    char *out;
};

static const struct sg_option rows[] = {
    {"out", 'o', SG_OPTION_STRING, "FILE", "write the samples there (default: standard output)",
     offsetof(struct options, out), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

/* "VARIANT=FILE", or FILE alone; a path may hold "=" where its first part is a folder. */
static bool read_word(const struct sg_import_tool *tool, const char *word, struct sg_session *out,
                      struct sg_error *err)
{
    size_t size = strcspn(word, "=/");
    bool named = word[size] == '=' && size > 0;
    char *variant = named ? sg_format("%.*s", (int)size, word) : NULL;
    const char *path = named ? word + size + 1 : word;
    struct sg_import_file file = {.name = sg_streq(path, "-") ? "standard input" : path,
                                  .variant = variant};
    char *text = NULL;
    bool ok = sg_samples_text(path, FILE_LIMIT, &text, &file.size, err);
    if (ok) {
        file.text = text;
        ok = sg_import(tool, &file, out, err);
    }
    free(text);
    free(variant);
    return ok;
}

static bool write(const struct options *o, const struct sg_session *session, struct sg_error *err)
{
    struct sg_strings formats = {0};
    struct sg_report report = {.session = session};
    char *format = o->out != NULL ? sg_format("csv:%s", o->out) : sg_strdup("csv");
    sg_strings_add(&formats, format);
    bool ok = write_formats(&formats, &report, err);
    sg_strings_clear(&formats);
    free(format);
    return ok;
}

static bool import(const struct options *o, const struct sg_strings *words, struct sg_error *err)
{
    if (words->count < 2) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "write: svcgate import TOOL FILE…, for example svcgate import k6 "
                       "base=old.json candidate=new.json");
    }
    const struct sg_import_tool *tool = sg_import_tool(words->items[0], err);
    struct sg_session session = {0};
    bool ok = tool != NULL;
    for (size_t i = 1; ok && i < words->count; i++) {
        ok = read_word(tool, words->items[i], &session, err);
    }
    ok = ok && sg_session_check_bounds(&session, err) && write(o, &session, err);
    sg_session_clear(&session);
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
    status = import(&options, &words, &err) ? EXIT_PASS : report_error(&err);
    sg_strings_clear(&words);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_import = {
    "import", "make samples of what other tools wrote",
    "svcgate import [options] TOOL FILE…\n\n"
    "TOOL is k6 (summaries of --summary-export), hyperfine (--export-json) or go\n"
    "(go test -bench). A FILE is written VARIANT=FILE, one for each run, in the order\n"
    "of the runs; the commands in a file of hyperfine are variants themselves. The\n"
    "samples are long CSV for `svcgate judge`.",
    rows, run};
