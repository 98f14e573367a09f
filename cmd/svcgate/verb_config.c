/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate config check | show: what holds, and where it came from. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "verbs.h"

struct options {
    char *config;
};

static const struct sg_option rows[] = {
    {"config", 'c', SG_OPTION_STRING, "FILE", "configuration (default: svcgate.yaml here or above)",
     offsetof(struct options, config), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

static bool print_config(const struct sg_config *config, const char *word, struct sg_error *err)
{
    if (sg_streq(word, "check")) {
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
