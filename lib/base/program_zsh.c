/* SPDX-License-Identifier: Apache-2.0 */
/* Completion for zsh: a function for $fpath, or to be evaluated. */
#include "base/program_words.h"

static const char head[] =
    "#compdef %\n"
    "# Completion of % for zsh: as _% in a folder of $fpath, or . <(% completion zsh)\n"
    "_%() {\n"
    "    local curcontext=$curcontext context state line\n"
    "    local -A opt_args\n"
    "    local -a verbs\n"
    "    verbs=(\n";

static const char middle[] = "    )\n"
                             "    _arguments -C '(- *)--help[help]' '(- *)--version[version]' "
                             "'1:verb:->verb' '*::argument:->rest' && return\n"
                             "    case $state in\n"
                             "        verb) _describe verb verbs ;;\n"
                             "        rest)\n"
                             "            case $words[1] in\n";

static const char tail[] = "            esac\n"
                           "            ;;\n"
                           "    esac\n"
                           "}\n"
                           "if [[ ${funcstack[1]} == _% ]]; then\n"
                           "    _% \"$@\"\n"
                           "else\n"
                           "    compdef _% %\n"
                           "fi\n";

/* Inside single quotes, where _arguments and _describe read brackets and colons. */
static void add_quoted(struct sg_text *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            sg_text_add(out, "'\\'");
        else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
            sg_text_add(out, "\\");
        sg_text_bytes(out, text, 1);
    }
}

/* "--port=[help]:PORT: " */
static void add_value(struct sg_text *out, const struct sg_program *program,
                      const struct sg_option *row)
{
    struct sg_text words = {0};
    enum sg_value value = sg_program_value(program, row, &words);
    if (value != SG_VALUE_NONE) {
        sg_text_add(out, ":");
        add_quoted(out, row->argument != NULL ? row->argument : "VALUE");
    }
    if (value == SG_VALUE_FILE)
        sg_text_add(out, ":_files");
    else if (value == SG_VALUE_WORDS)
        sg_text_printf(out, ":(%s)", words.data);
    else if (value == SG_VALUE_FREE)
        sg_text_add(out, ": ");
    sg_text_free(&words);
}

static void add_option(struct sg_text *out, const struct sg_program *program,
                       const struct sg_option *row)
{
    const char *equals = row->type == SG_OPTION_FLAG ? "" : "=";
    sg_text_add(out, " \\\n                        ");
    if (row->type == SG_OPTION_LIST)
        sg_text_add(out, "'*'");
    else if (row->short_name != 0)
        sg_text_printf(out, "'(-%c --%s)'", row->short_name, row->name);
    if (row->short_name != 0)
        sg_text_printf(out, "{-%c,--%s%s}'[", row->short_name, row->name, equals);
    else
        sg_text_printf(out, "'--%s%s[", row->name, equals);
    add_quoted(out, row->help);
    sg_text_add(out, "]");
    add_value(out, program, row);
    sg_text_add(out, "'");
}

static void add_verb(struct sg_text *out, const struct sg_program *program,
                     const struct sg_command *command)
{
    const struct sg_option *row = command->rows;
    struct sg_text words = {0};
    bool files = sg_program_arguments(command, &words);
    sg_text_printf(out, "                %s)\n                    _arguments '(- *)--help[help]'",
                   command->name);
    while ((row = sg_program_shown(row)) != NULL)
        add_option(out, program, row++);
    if (words.size > 0)
        sg_text_printf(out, " \\\n                        '1:what:(%s)'", words.data);
    if (files)
        sg_text_add(out, " \\\n                        '*:FILE:_files'");
    sg_text_add(out, "\n                    ;;\n");
    sg_text_free(&words);
}

void sg_program_zsh(struct sg_text *out, const struct sg_program *program)
{
    sg_program_text(out, head, program->name);
    for (size_t i = 0; i < program->count; i++) {
        sg_text_printf(out, "        '%s:", program->commands[i].name);
        add_quoted(out, program->commands[i].help);
        sg_text_add(out, "'\n");
    }
    sg_text_add(out, middle);
    for (size_t i = 0; i < program->count; i++)
        add_verb(out, program, &program->commands[i]);
    sg_program_text(out, tail, program->name);
}
