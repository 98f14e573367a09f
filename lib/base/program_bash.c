/* SPDX-License-Identifier: Apache-2.0 */
/* Completion for bash, from version 3.2 on, with or without the package bash-completion. */
#include "base/program_words.h"

/* bash cuts words at "=", so that --mode=gate is three of them. `-o filenames` lets readline add
 * the slash behind folders; compopt is of bash 4, and only there within a completion. */
static const char head[] =
    "# Completion of % for bash: . <(% completion bash)\n"
    "_%() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local verb=${COMP_WORDS[1]} options='' words='' files='' line\n"
    "    COMPREPLY=()\n"
    "    if [[ $current == '=' ]]; then\n"
    "        current=''\n"
    "    elif [[ $previous == '=' ]] && ((COMP_CWORD > 2)); then\n"
    "        previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    if ((COMP_CWORD == 1)); then\n"
    "        verb=''\n"
    "    elif ((COMP_CWORD == 2)); then\n"
    "        previous=''\n"
    "    fi\n"
    "    case $verb in\n";

static const char tail[] = "    esac\n"
                           "    if [[ -n $options && ($current == -* || -z $words$files) ]]; then\n"
                           "        words=$options\n"
                           "        files=''\n"
                           "    fi\n"
                           "    while IFS= read -r line; do\n"
                           "        COMPREPLY+=(\"$line\")\n"
                           "    done < <(compgen -W \"$words\" -- \"$current\"\n"
                           "        if [[ -n $files ]]; then compgen -f -- \"$current\"; fi)\n"
                           "    if [[ -n $files ]]; then compopt -o filenames 2>/dev/null; fi\n"
                           "    return 0\n"
                           "}\n"
                           "complete -F _% %\n";

static void add_pattern(struct sg_text *out, const struct sg_option *row)
{
    if (row->short_name != 0)
        sg_text_printf(out, "                -%c | ", row->short_name);
    else
        sg_text_add(out, "                ");
    sg_text_printf(out, "--%s) ", row->name);
}

static void add_value(struct sg_text *out, const struct sg_program *program,
                      const struct sg_option *row)
{
    struct sg_text words = {0};
    enum sg_value value = sg_program_value(program, row, &words);
    if (value != SG_VALUE_NONE) {
        add_pattern(out, row);
        if (value == SG_VALUE_FILE)
            sg_text_add(out, "files=yes ;;\n");
        else if (value == SG_VALUE_WORDS)
            sg_text_printf(out, "words='%s' ;;\n", words.data);
        else
            sg_text_add(out, "return 0 ;;\n");
    }
    sg_text_free(&words);
}

static void add_arguments(struct sg_text *out, const struct sg_command *command)
{
    struct sg_text words = {0};
    bool files = sg_program_arguments(command, &words);
    if (words.size > 0)
        sg_text_printf(out, "                    if ((COMP_CWORD == 2)); then words='%s'%s; fi\n",
                       words.data, files ? "; else files=yes" : "");
    else if (files)
        sg_text_add(out, "                    files=yes\n");
    sg_text_free(&words);
}

static void add_options(struct sg_text *out, const struct sg_command *command)
{
    const struct sg_option *row = command->rows;
    sg_text_add(out, "                    options='--help");
    while ((row = sg_program_shown(row)) != NULL)
        sg_text_printf(out, " --%s", (row++)->name);
    sg_text_add(out, "'\n");
}

static void add_verb(struct sg_text *out, const struct sg_program *program,
                     const struct sg_command *command)
{
    const struct sg_option *row = command->rows;
    sg_text_printf(out, "        %s)\n            case $previous in\n", command->name);
    while ((row = sg_program_shown(row)) != NULL)
        add_value(out, program, row++);
    sg_text_add(out, "                *)\n");
    add_options(out, command);
    add_arguments(out, command);
    sg_text_add(out, "                    ;;\n            esac\n            ;;\n");
}

void sg_program_bash(struct sg_text *out, const struct sg_program *program)
{
    sg_program_text(out, head, program->name);
    sg_text_add(out, "        '') words='");
    for (size_t i = 0; i < program->count; i++)
        sg_text_printf(out, "%s ", program->commands[i].name);
    sg_text_add(out, "help --help --version' ;;\n");
    for (size_t i = 0; i < program->count; i++)
        add_verb(out, program, &program->commands[i]);
    sg_program_text(out, tail, program->name);
}
