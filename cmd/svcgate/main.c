/* SPDX-License-Identifier: Apache-2.0 */
/* argv in, exit code out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/report.h"
#include "verbs.h"

const char svcgate_version[] = "svcgate " SG_VERSION;

const struct verb *const verbs[] = {
    &verb_init,      &verb_doctor, &verb_plan,    &verb_run,        &verb_judge, &verb_import,
    &verb_baseline,  &verb_report, &verb_publish, &verb_config,     &verb_up,    &verb_down,
    &verb_testbench, &verb_clean,  &verb_awake,   &verb_completion, &verb_man,   NULL};

const char svcgate_about[] = "performance regression gate for containerised services";

const struct sg_manual_term svcgate_statuses[] = {
    {"0", "pass (also with warnings)"},
    {"1", "fail: a gated metric got worse, or broke its limit"},
    {"2", "inconclusive: not enough evidence either way, or nothing to compare with"},
    {"3", "invalid: the measurement cannot be trusted"},
    {"4", "usage or configuration error"},
    {"5", "tool or environment error: engine, Prometheus, disk, network"},
    {"129, 130, 143", "interrupted; everything that was started is gone"},
    {NULL, NULL},
};

static void print_help(FILE *to)
{
    (void)fprintf(to, "svcgate - %s\n\nUsage: svcgate VERB [options]\n\nVerbs:\n", svcgate_about);
    for (size_t i = 0; verbs[i] != NULL; i++) {
        (void)fprintf(to, "  %-10s %s\n", verbs[i]->name, verbs[i]->help);
    }
    (void)fprintf(to, "\n`svcgate VERB --help` tells more; `svcgate init` is a good start.\n\n"
                      "Exit status:\n");
    for (const struct sg_manual_term *at = svcgate_statuses; at->term != NULL; at++) {
        (void)fprintf(to, "  %s  %s\n", at->term, at->text);
    }
}

static int unknown_verb(const char *word)
{
    const char *names[32];
    size_t count = 0;
    for (; verbs[count] != NULL; count++) {
        names[count] = verbs[count]->name;
    }
    const char *near = sg_nearest(word, names, count);
    complain("unknown verb \"%s\"%s%s%s\n`svcgate --help` lists the verbs.", word,
             near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
             near != NULL ? "\"?" : "");
    return EXIT_USAGE;
}

/* Of verbs that write reports: what --format may name. */
static void add_formats(struct sg_text *text, const struct sg_option *rows)
{
    size_t count = 0;
    const struct sg_report_format *formats = sg_report_formats(&count);
    while (rows->name != NULL && !sg_streq(rows->argument, SG_FORMAT_ARGUMENT)) {
        rows++;
    }
    if (rows->name == NULL) {
        return;
    }
    sg_text_add(text, "\nFormats:\n");
    for (size_t i = 0; i < count; i++) {
        sg_text_printf(text, "  %-12s %s\n", formats[i].name, formats[i].help);
    }
}

bool verb_parse(const struct verb *verb, int argc, char **argv, void *target,
                struct sg_strings *positionals, int *out_exit)
{
    return verb_parse_sources(verb, argc, argv, target, positionals, NULL, out_exit);
}

bool verb_parse_sources(const struct verb *verb, int argc, char **argv, void *target,
                        struct sg_strings *positionals, enum sg_option_source *sources,
                        int *out_exit)
{
    for (int i = 0; i < argc; i++) {
        if (sg_streq(argv[i], "--")) {
            break;
        }
        if (sg_streq(argv[i], "--help") || sg_streq(argv[i], "-h")) {
            struct sg_text text = {0};
            sg_options_help(&text, verb->usage, verb->rows);
            add_formats(&text, verb->rows);
            (void)fputs(text.data, stdout);
            sg_text_free(&text);
            *out_exit = EXIT_PASS;
            return false;
        }
    }
    char *command = sg_format("svcgate %s", verb->name);
    struct sg_options options = {.rows = verb->rows, .command = command, .sources = sources};
    struct sg_error err = {0};
    bool ok = sg_options_parse(&options, argc, argv, target, positionals, &err);
    free(command);
    if (!ok) {
        *out_exit = report_error(&err);
    }
    return ok;
}

int report_error(const struct sg_error *err)
{
    complain("%s", err->text);
    switch (err->kind) {
    case SG_ERROR_CONFIG:
        return EXIT_USAGE;
    case SG_ERROR_DATA:
        return EXIT_INVALID;
    case SG_ERROR_INTERRUPTED:
        return 128 + sg_interrupt_signal();
    default:
        return EXIT_TOOL;
    }
}

int verdict_exit(const struct sg_judgement *judgement, enum sg_policy policy)
{
    switch (judgement->verdict) {
    case SG_PASS:
        return EXIT_PASS;
    case SG_FAIL:
        return EXIT_FAIL;
    case SG_INVALID:
        return EXIT_INVALID;
    case SG_INCONCLUSIVE:
        break;
    }
    switch (policy) {
    case SG_POLICY_WARN:
        return EXIT_PASS;
    case SG_POLICY_FAIL:
        return EXIT_FAIL;
    case SG_POLICY_KEEP:
        break;
    }
    return EXIT_INCONCLUSIVE;
}

/* A full disk behind standard output must not look like success. */
static int flushed(int status)
{
    sg_interrupt_default();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        complain("standard output could not be written");
        return EXIT_TOOL;
    }
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (sg_streq(word, "--version") || sg_streq(word, "-V")) {
        (void)printf("%s (%s)\n", svcgate_version, SG_COMMIT);
        return flushed(EXIT_PASS);
    }
    if (sg_streq(word, "--help") || sg_streq(word, "-h") || sg_streq(word, "help")) {
        print_help(stdout);
        return flushed(EXIT_PASS);
    }
    for (size_t i = 0; verbs[i] != NULL; i++) {
        if (sg_streq(word, verbs[i]->name)) {
            return flushed(verbs[i]->run(verbs[i], argc - 2, argv + 2));
        }
    }
    return unknown_verb(word);
}
