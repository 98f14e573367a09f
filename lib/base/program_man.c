/* SPDX-License-Identifier: Apache-2.0 */
/* The manual page, in the man macros (man(7)), for mandoc and groff. */
#include "base/program_words.h"

#include <stdlib.h>
#include <string.h>

/* Roff reads backslashes anywhere, and a dot or an apostrophe at the start of a line; a bare "-"
 * may be set as a hyphen, which nobody can paste into a shell. */
static void add_bytes(struct sg_text *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool starts = out->size == 0 || out->data[out->size - 1] == '\n';
        if (starts && (text[i] == '.' || text[i] == '\''))
            sg_text_add(out, "\\&");
        if (text[i] == '\\')
            sg_text_add(out, "\\e");
        else if (text[i] == '-')
            sg_text_add(out, "\\-");
        else
            sg_text_bytes(out, text + i, 1);
    }
}

static void add_text(struct sg_text *out, const char *text)
{
    add_bytes(out, text, strlen(text));
}

static void add_line(struct sg_text *out, const char *text)
{
    add_text(out, text);
    sg_text_add(out, "\n");
}

/* A word in bold, anything else of a line behind it. */
static void add_bold(struct sg_text *out, const char *text)
{
    sg_text_add(out, "\\fB");
    add_text(out, text);
    sg_text_add(out, "\\fR");
}

static void add_heading(struct sg_text *out, const char *macro, const char *title)
{
    sg_text_printf(out, ".%s \"%s\"\n", macro, title);
}

/* A paragraph that is indented, or has a line that is, stands as it is. */
static void add_paragraph(struct sg_text *out, const char *text, size_t size)
{
    char *paragraph = sg_format("%.*s", (int)size, text);
    bool literal = paragraph[0] == ' ' || strstr(paragraph, "\n ") != NULL;
    if (literal)
        sg_text_add(out, ".nf\n");
    add_line(out, paragraph);
    if (literal)
        sg_text_add(out, ".fi\n");
    free(paragraph);
}

/* Paragraphs are parted by an empty line; `first` is one that needs no macro before it. */
static void add_paragraphs(struct sg_text *out, const char *text, bool first)
{
    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        size_t size = end != NULL ? (size_t)(end - text) : strlen(text);
        if (!first)
            sg_text_add(out, ".PP\n");
        first = false;
        add_paragraph(out, text, size);
        text += size + (end != NULL ? 2 : 0);
    }
}

/* "-f, --format FORMAT" */
static void add_name(struct sg_text *out, const struct sg_option *row)
{
    if (row->short_name != 0)
        sg_text_printf(out, "\\fB\\-%c\\fR, ", row->short_name);
    char *name = sg_format("--%s", row->name);
    add_bold(out, name);
    free(name);
    if (row->type != SG_OPTION_FLAG) {
        sg_text_add(out, " \\fI");
        add_text(out, row->argument != NULL ? row->argument : "VALUE");
        sg_text_add(out, "\\fR");
    }
    sg_text_add(out, "\n");
}

static void add_option(struct sg_text *out, const struct sg_option *row)
{
    sg_text_add(out, ".TP\n");
    add_name(out, row);
    add_text(out, row->help);
    if (row->type != SG_OPTION_FLAG && row->default_text != NULL) {
        sg_text_add(out, " (default: ");
        add_text(out, row->default_text);
        sg_text_add(out, ")");
    }
    sg_text_add(out, "\n");
}

static void add_sentence(struct sg_text *out, const char *text)
{
    char first = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
    add_bytes(out, &first, 1);
    add_text(out, text + 1);
    sg_text_add(out, ".\n");
}

/* The first paragraph of the usage is the synopsis, the rest tells more. */
static void add_command(struct sg_text *out, const struct sg_command *command)
{
    const struct sg_option *row = command->rows;
    const char *end = strstr(command->usage, "\n\n");
    size_t size = end != NULL ? (size_t)(end - command->usage) : strlen(command->usage);
    add_heading(out, "SS", command->name);
    sg_text_add(out, ".nf\n\\fB");
    add_bytes(out, command->usage, size);
    sg_text_add(out, "\\fR\n.fi\n.PP\n");
    add_sentence(out, command->help);
    if (end != NULL)
        add_paragraphs(out, end + 2, false);
    while ((row = sg_program_shown(row)) != NULL)
        add_option(out, row++);
}

static void add_section(struct sg_text *out, const struct sg_manual_section *section)
{
    add_heading(out, "SH", section->title);
    if (section->text != NULL)
        add_paragraphs(out, section->text, true);
    for (const struct sg_manual_term *at = section->terms; at != NULL && at->term != NULL; at++) {
        sg_text_add(out, ".TP\n");
        add_bold(out, at->term);
        sg_text_add(out, "\n");
        add_line(out, at->text);
    }
}

static void add_synopsis(struct sg_text *out, const struct sg_program *program)
{
    add_heading(out, "SH", "SYNOPSIS");
    add_bold(out, program->name);
    sg_text_add(out, " \\fIVERB\\fR [\\fIoptions\\fR] [\\fIarguments\\fR]\n.br\n");
    add_bold(out, program->name);
    sg_text_add(out, " \\fIVERB\\fR \\fB\\-\\-help\\fR\n.br\n");
    add_bold(out, program->name);
    sg_text_add(out, " \\fB\\-\\-version\\fR\n");
}

void sg_program_man(struct sg_text *out, const struct sg_program *program,
                    const struct sg_manual *manual)
{
    sg_text_add(out, ".TH ");
    for (const char *at = program->name; *at != '\0'; at++)
        sg_text_printf(out, "%c", *at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    sg_text_printf(out, " 1 \"%s\" \"%s\" \"User Commands\"\n", manual->date, manual->version);
    add_heading(out, "SH", "NAME");
    add_text(out, program->name);
    sg_text_add(out, " \\- ");
    add_line(out, program->help);
    add_synopsis(out, program);
    add_heading(out, "SH", "DESCRIPTION");
    add_paragraphs(out, manual->text, true);
    add_heading(out, "SH", "VERBS");
    for (size_t i = 0; i < program->count; i++)
        add_command(out, &program->commands[i]);
    for (const struct sg_manual_section *at = manual->sections; at->title != NULL; at++)
        add_section(out, at);
}
