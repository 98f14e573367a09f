/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate completion, svcgate man: what the program knows of its verbs and options, for shells and
 * for people. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/report.h"
#include "verbs.h"

static const struct sg_option no_rows[] = {{NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL}};

static const char description[] =
    "svcgate starts a testbench (k6 for load, cAdvisor for container metrics, Prometheus to store\n"
    "them), drives one workload against several variants of a service, each in fresh containers, "
    "and\n"
    "answers whether a change costs latency, CPU or memory, and whether the answer can be "
    "trusted.\n"
    "A pass means: proven to have worsened by less than the tolerance.\n\n"
    "A value on the command line beats the environment, the environment beats svcgate.yaml, and "
    "that\n"
    "beats the default.";

static const struct sg_manual_term environment[] = {
    {"SVCGATE_<OPTION>", "Any option of any verb, in upper case with _ for -: SVCGATE_BUDGET=10m. "
                         "A list has commas, a\n"
                         "flag is 1 or 0."},
    {"SVCGATE_CONFIG", "The configuration."},
    {"SVCGATE_IMAGE_K6, SVCGATE_IMAGE_PROMETHEUS, SVCGATE_IMAGE_CADVISOR, SVCGATE_IMAGE_GRAFANA",
     "Other images of the testbench; svcgate.yaml beats them."},
    {"SVCGATE_ENGINE_HOST", "The host on which the engine publishes ports."},
    {"SVCGATE_RUNNER_CLASS",
     "A word for this kind of machine; stored baselines of another kind are not compared."},
    {"DOCKER_HOST", "The engine; else Docker's current context."},
    {"TMPDIR", "Where compose files are kept while a session runs."},
    {"NO_COLOR, CI, TERM", "No colour; no live line; neither where it is dumb."},
    {NULL, NULL},
};

static const struct sg_manual_term files[] = {
    {"svcgate.yaml", "The configuration: here or above, up to the root of the git repository."},
    {".svcgate/SESSION/",
     "The bundle of a session: session.json, verdict.json, report.md; all that is needed to judge\n"
     "it again."},
    {"baselines/NAME.json", "A stored baseline."},
    {"~/.cache/svcgate/coupling.json", "What svcgate doctor has measured of this machine."},
    {NULL, NULL},
};

/* The caller frees what the program points to: commands and words. */
static struct sg_program describe(struct sg_command **out_commands, const char ***out_words)
{
    struct sg_program program = {
        .name = "svcgate", .help = svcgate_about, .listed = SG_FORMAT_ARGUMENT};
    const struct sg_report_format *formats = sg_report_formats(&program.words_count);
    struct sg_command *commands = NULL;
    const char **words = sg_alloc(program.words_count, sizeof(*words));
    plan_fill_rows();
    for (size_t i = 0; i < program.words_count; i++) {
        words[i] = formats[i].name;
    }
    for (; verbs[program.count] != NULL; program.count++) {
        const struct verb *verb = verbs[program.count];
        commands = sg_grow(commands, program.count, sizeof(*commands));
        commands[program.count] = (struct sg_command){
            .name = verb->name, .help = verb->help, .usage = verb->usage, .rows = verb->rows};
    }
    program.words = *out_words = words;
    program.commands = *out_commands = commands;
    return program;
}

static void write_completion(struct sg_text *out, const struct sg_program *program,
                             const char *shell)
{
    if (sg_streq(shell, "bash")) {
        sg_program_bash(out, program);
    } else if (sg_streq(shell, "zsh")) {
        sg_program_zsh(out, program);
    } else {
        sg_program_fish(out, program);
    }
}

/* The names of reports' formats; the caller frees them. */
static struct sg_manual_term *format_terms(void)
{
    size_t count = 0;
    const struct sg_report_format *formats = sg_report_formats(&count);
    struct sg_manual_term *terms = sg_alloc(count + 1, sizeof(*terms));
    for (size_t i = 0; i < count; i++) {
        terms[i] = (struct sg_manual_term){formats[i].name, formats[i].help};
    }
    return terms;
}

static void write_man(struct sg_text *out, const struct sg_program *program)
{
    struct sg_manual_term *formats = format_terms();
    const struct sg_manual_section sections[] = {
        {"FORMATS", "What --format may name.", formats},
        {"EXIT STATUS", NULL, svcgate_statuses},
        {"ENVIRONMENT", NULL, environment},
        {"FILES", NULL, files},
        {"SEE ALSO", "docker(1), git(1)", NULL},
        {NULL, NULL, NULL},
    };
    const struct sg_manual manual = {
        .date = SG_DATE, .version = svcgate_version, .text = description, .sections = sections};
    sg_program_man(out, program, &manual);
    free(formats);
}

/* Without a shell: the manual page. */
static void print(const char *shell)
{
    struct sg_text text = {0};
    struct sg_command *commands = NULL;
    const char **words = NULL;
    struct sg_program program = describe(&commands, &words);
    if (shell != NULL) {
        write_completion(&text, &program, shell);
    } else {
        write_man(&text, &program);
    }
    (void)fputs(text.data, stdout);
    sg_text_free(&text);
    free(commands);
    free((void *)words);
}

static bool is_shell(const char *word)
{
    return sg_streq(word, "bash") || sg_streq(word, "zsh") || sg_streq(word, "fish");
}

/* What each of the two verbs takes. */
static bool check_words(const struct sg_strings *words, bool man, struct sg_error *err)
{
    if (man) {
        return words->count == 0 ||
               sg_fail(err, SG_ERROR_CONFIG, "svcgate man takes no \"%s\"", words->items[0]);
    }
    return (words->count == 1 && is_shell(words->items[0])) ||
           sg_fail(err, SG_ERROR_CONFIG, "write: svcgate completion bash, zsh or fish");
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct sg_strings words = {0};
    struct sg_error err = {0};
    char unused = 0;
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &unused, &words, &status)) {
        return status;
    }
    bool man = verb == &verb_man;
    bool ok = check_words(&words, man, &err);
    if (ok) {
        print(man ? NULL : words.items[0]);
    }
    sg_strings_clear(&words);
    return ok ? EXIT_PASS : report_error(&err);
}

const struct verb verb_completion = {
    "completion", "print the completion script of a shell",
    "svcgate completion bash | zsh | fish\n\n"
    "For this shell alone:\n\n"
    "  . <(svcgate completion bash)\n"
    "  . <(svcgate completion zsh)\n"
    "  svcgate completion fish | source\n\n"
    "`cmake --install` puts all three where the shells look for them.",
    no_rows, run};
const struct verb verb_man = {"man", "print the manual page",
                              "svcgate man\n\n"
                              "To read it: svcgate man | man -l -",
                              no_rows, run};
