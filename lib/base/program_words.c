/* SPDX-License-Identifier: Apache-2.0 */
/* What can stand behind an option or a verb, read out of their tables. */
#include "base/program_words.h"

#include <stdlib.h>
#include <string.h>

static const char small[] = "abcdefghijklmnopqrstuvwxyz";

static void add_word(struct sg_text *words, const char *word, size_t size)
{
    if (words->size > 0)
        sg_text_add(words, " ");
    sg_text_bytes(words, word, size);
}

/* "gate|observe" */
static void add_split(struct sg_text *words, const char *argument)
{
    for (const char *at = argument; *at != '\0';) {
        size_t size = strcspn(at, "|");
        add_word(words, at, size);
        at += size + (at[size] == '|');
    }
}

static bool is_file(const char *argument)
{
    return sg_streq(argument, "FILE") || sg_streq(argument, "DIR") || sg_streq(argument, "BUNDLE");
}

enum sg_value sg_program_value(const struct sg_program *program, const struct sg_option *row,
                               struct sg_text *words)
{
    if (row->type == SG_OPTION_FLAG)
        return SG_VALUE_NONE;
    if (row->argument == NULL)
        return SG_VALUE_FREE;
    if (is_file(row->argument))
        return SG_VALUE_FILE;
    if (program->listed != NULL && sg_streq(row->argument, program->listed)) {
        for (size_t i = 0; i < program->words_count; i++)
            add_word(words, program->words[i], strlen(program->words[i]));
        return SG_VALUE_WORDS;
    }
    if (strchr(row->argument, '|') == NULL)
        return SG_VALUE_FREE;
    add_split(words, row->argument);
    return SG_VALUE_WORDS;
}

/* "FILE…", "[FILE]" */
static bool names_file(const char *word, size_t size)
{
    char *name = sg_format("%.*s", (int)size, word);
    char *bare = name + strspn(name, "[");
    bare[strspn(bare, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] = '\0';
    bool file = is_file(bare);
    free(name);
    return file;
}

bool sg_program_arguments(const struct sg_command *command, struct sg_text *words)
{
    const char *end = strstr(command->usage, "\n\n");
    const char *at = strstr(command->usage, command->name);
    bool expected = true; /* a sub-command */
    bool files = false;
    if (end == NULL)
        end = command->usage + strlen(command->usage);
    for (at += strlen(command->name); at < end;) {
        at += strspn(at, " \n");
        size_t size = strcspn(at, " \n");
        if (at >= end || size == 0)
            break;
        if (*at == '|')
            expected = true;
        else if (expected && strspn(at, small) == size)
            add_word(words, at, size);
        files = files || names_file(at, size);
        expected = expected && (*at == '|' || *at == '[');
        at += size;
    }
    return files;
}

const struct sg_option *sg_program_shown(const struct sg_option *at)
{
    while (at->name != NULL && at->help == NULL)
        at++;
    return at->name != NULL ? at : NULL;
}

void sg_program_text(struct sg_text *out, const char *text, const char *name)
{
    for (;;) {
        size_t size = strcspn(text, "%");
        sg_text_bytes(out, text, size);
        if (text[size] == '\0')
            return;
        sg_text_add(out, name);
        text += size + 1;
    }
}
