/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate config check | show | schema: what holds, where it came from, what could be written. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/text.h"
#include "verbs.h"

#define LONG 365 /* days from which a waiver is more than an exception */

struct options {
    char *config;
};

static const struct sg_option rows[] = {
    {"config", 'c', SG_OPTION_STRING, "FILE", "configuration (default: svcgate.yaml here or above)",
     offsetof(struct options, config), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

/* The only place where a waiver meets today: judging goes by the day of the session. */
static void warn_of_waivers(const struct sg_config *config)
{
    char now[21];
    int today = 0;
    sg_clock_iso(sg_clock_wall(), now);
    (void)sg_date_days(now, &today);
    for (size_t i = 0; i < config->waivers_count; i++) {
        const struct sg_waiver *waiver = &config->waivers[i].waiver;
        int last = 0;
        if (!sg_date_days(waiver->expires, &last) || (last >= today && last - today <= LONG)) {
            continue;
        }
        char *label = sg_metric_label(waiver->metric, waiver->of, waiver->request);
        complain(
            "%s:%d: the waiver of %s for %s %s %s%s", config->path, waiver->line, waiver->owner,
            label, last < today ? "has expired: every run fails since" : "holds until",
            waiver->expires,
            last < today ? ""
                         : "\n    that is longer than a year; a wider tolerance is more honest");
        free(label);
    }
}

static bool print_config(const struct sg_config *config, const char *word, struct sg_error *err)
{
    if (sg_streq(word, "check")) {
        warn_of_waivers(config);
        print_clean(stdout, "%s is right: %zu variants, %zu gates\n", config->path,
                    config->variants_count, config->gates_count);
        return true;
    }
    if (sg_streq(word, "show")) {
        char *text = sg_config_show(config);
        (void)fputs(text, stdout);
        free(text);
        return true;
    }
    return sg_fail(err, SG_ERROR_CONFIG, "svcgate config knows check, show and schema, not \"%s\"",
                   word);
}

static int do_word(const char *word, const char *path)
{
    struct sg_config config = {0};
    struct sg_error err = {0};
    bool ok = load_config(path, true, &config, &err) && sg_config_finish(&config, true, &err) &&
              print_config(&config, word, &err);
    sg_config_clear(&config);
    return ok ? EXIT_PASS : report_error(&err);
}

/* pre-commit appends the changed files. A mistake in one does not hide those in the next. */
static int check_files(const struct sg_strings *words)
{
    int worst = EXIT_PASS;
    for (size_t i = 1; i < words->count; i++) {
        int status = do_word("check", words->items[i]);
        worst = status > worst ? status : worst;
    }
    return worst;
}

static int do_words(const struct sg_strings *words, const char *path)
{
    struct sg_error err = {0};
    const char *word = words->count > 0 ? words->items[0] : NULL;
    if (sg_streq(word, "check") && words->count > 1) {
        return check_files(words);
    }
    if (words->count != 1) {
        (void)sg_fail(&err, SG_ERROR_CONFIG, "write: svcgate config check [FILE…], show or schema");
        return report_error(&err);
    }
    if (sg_streq(word, "schema")) {
        (void)fputs(sg_config_schema, stdout);
        return EXIT_PASS;
    }
    return do_word(word, path);
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_strings words = {0};
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &options, &words, &status)) {
        return status;
    }
    status = do_words(&words, options.config);
    sg_strings_clear(&words);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_config = {
    "config", "check or show the configuration, or its schema",
    "svcgate config [options] check [FILE…] | show | schema\n\n"
    "check with files looks at each of them, as a hook of pre-commit does.\n"
    "schema prints the JSON Schema of svcgate.yaml, for completion and checks in\n"
    "editors: svcgate config schema > svcgate.schema.json",
    rows, run};
