/* SPDX-License-Identifier: Apache-2.0 */
/* Completion for fish, from version 3.0 on: a line for each verb and each of its options. */
#include "base/program_words.h"

static const char head[] = "# Completion of % for fish: % completion fish | source\n"
                           "function __%_has_verb\n"
                           "    set -l words (commandline -opc)\n"
                           "    test (count $words) -ge 2; and test \"$words[2]\" = \"$argv[1]\"\n"
                           "end\n"
                           "function __%_has_only_verb\n"
                           "    __%_has_verb $argv[1]; and test (count (commandline -opc)) -eq 2\n"
                           "end\n"
                           "function __%_is_behind\n"
                           "    __%_has_verb $argv[1]; and test (count (commandline -opc)) -gt 2\n"
                           "end\n"
                           "function __%_needs_verb\n"
                           "    test (count (commandline -opc)) -eq 1\n"
                           "end\n"
                           "complete -c % -f\n"
                           "complete -c % -n __%_needs_verb -l help -s h -d 'help'\n"
                           "complete -c % -n __%_needs_verb -l version -s V -d 'version'\n";

/* fish knows \\ and \' inside single quotes. */
static void add_quoted(struct sg_text *out, const char *text)
{
    sg_text_add(out, "'");
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            sg_text_add(out, "\\");
        sg_text_bytes(out, text, 1);
    }
    sg_text_add(out, "'");
}

/* "complete -c svcgate -n '__svcgate_has_verb run'" */
static void add_condition(struct sg_text *out, const struct sg_program *program,
                          const char *function, const char *verb)
{
    sg_text_printf(out, "complete -c %s -n '__%s_%s", program->name, program->name, function);
    sg_text_printf(out, *verb != '\0' ? " %s'" : "%s'", verb);
}

static void add_option(struct sg_text *out, const struct sg_program *program,
                       const struct sg_command *command, const struct sg_option *row)
{
    struct sg_text words = {0};
    enum sg_value value = sg_program_value(program, row, &words);
    add_condition(out, program, "has_verb", command->name);
    sg_text_printf(out, " -l %s", row->name);
    if (row->short_name != 0)
        sg_text_printf(out, " -s %c", row->short_name);
    if (value == SG_VALUE_FILE)
        sg_text_add(out, " -r -F");
    else if (value == SG_VALUE_WORDS)
        sg_text_printf(out, " -x -a '%s'", words.data);
    else if (value == SG_VALUE_FREE)
        sg_text_add(out, " -x");
    sg_text_add(out, " -d ");
    add_quoted(out, row->help);
    sg_text_add(out, "\n");
    sg_text_free(&words);
}

static void add_verb(struct sg_text *out, const struct sg_program *program,
                     const struct sg_command *command)
{
    const struct sg_option *row = command->rows;
    struct sg_text words = {0};
    add_condition(out, program, "needs_verb", "");
    sg_text_printf(out, " -a %s -d ", command->name);
    add_quoted(out, command->help);
    sg_text_add(out, "\n");
    if (sg_program_arguments(command, &words)) {
        add_condition(out, program, words.size > 0 ? "is_behind" : "has_verb", command->name);
        sg_text_add(out, " -F\n");
    }
    if (words.size > 0) {
        add_condition(out, program, "has_only_verb", command->name);
        sg_text_printf(out, " -a '%s'\n", words.data);
    }
    add_condition(out, program, "has_verb", command->name);
    sg_text_add(out, " -l help -s h -d help\n");
    while ((row = sg_program_shown(row)) != NULL)
        add_option(out, program, command, row++);
    sg_text_free(&words);
}

void sg_program_fish(struct sg_text *out, const struct sg_program *program)
{
    sg_program_text(out, head, program->name);
    for (size_t i = 0; i < program->count; i++)
        add_verb(out, program, &program->commands[i]);
}
