/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate config check | show: what holds, and where it came from. */
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
        (void)fprintf(stderr, "svcgate: %s:%d: the waiver of %s for %s %s %s\n", config->path,
                      waiver->line, waiver->owner, label,
                      last < today ? "has expired: every run fails since" : "holds until",
                      waiver->expires);
        if (last >= today) {
            (void)fprintf(stderr, "    that is longer than a year; a wider tolerance is more "
                                  "honest\n");
        }
        free(label);
    }
}

static bool print_config(const struct sg_config *config, const char *word, struct sg_error *err)
{
    if (sg_streq(word, "check")) {
        warn_of_waivers(config);
        (void)printf("%s is right: %zu variants, %zu gates\n", config->path, config->variants_count,
                     config->gates_count);
        return true;
    }
    if (sg_streq(word, "show")) {
        char *text = sg_config_show(config);
        (void)fputs(text, stdout);
        free(text);
        return true;
    }
    return sg_fail(err, SG_ERROR_CONFIG, "svcgate config knows check and show, not \"%s\"", word);
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_strings words = {0};
    struct sg_config config = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &options, &words, &status)) {
        return status;
    }
    bool ok = words.count == 1 ||
              sg_fail(&err, SG_ERROR_CONFIG, "write: svcgate config check, or svcgate config show");
    ok = ok && load_config(options.config, true, &config, &err) &&
         sg_config_finish(&config, true, &err) && print_config(&config, words.items[0], &err);
    status = ok ? EXIT_PASS : report_error(&err);
    sg_config_clear(&config);
    sg_strings_clear(&words);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_config = {"config", "check or show the configuration",
                                 "svcgate config [options] check | show", rows, run};
