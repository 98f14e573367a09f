/* SPDX-License-Identifier: Apache-2.0 */
/* Escaping for Markdown, XML, workflow commands and CSV. */
#include "view/escape.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"

#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"
#define LOG_LINES 20
#define LINE_WIDTH 600 /* bytes of a line in a fenced block */

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

static bool is_word(char letter)
{
    return is_digit(letter) || (letter >= 'A' && letter <= 'Z') ||
           (letter >= 'a' && letter <= 'z') || (letter & 0x80) != 0;
}

static bool starts_fold(const char *text, const char *prefix)
{
    for (; *prefix != '\0'; text++, prefix++)
        if ((*text | 0x20) != *prefix)
            return false;
    return true;
}

/* --- Markdown ---------------------------------------------------------------------------- */

/* Would the letter at `at` start a block when it is the first of a line? */
static bool starts_block(const char *at)
{
    size_t digits = strspn(at, "0123456789");

    if (strchr("#>[=|:", *at) != NULL)
        return true;
    if (*at == '+' || *at == '-')
        return at[1] == ' ' || at[1] == *at || at[1] == '\0';
    return digits > 0 && (at[digits] == '.' || at[digits] == ')') &&
           (at[digits + 1] == ' ' || at[digits + 1] == '\0');
}

/* May the bracket at `at` open a link, an image or a footnote? */
static bool opens_link(const char *at)
{
    return at[1] == '^' || strstr(at, "](") != NULL || strstr(at, "][") != NULL ||
           strstr(at, "]:") != NULL;
}

/* CommonMark gives these a meaning; an underscore inside a word has none. */
static bool needs_backslash(const char *at, char before)
{
    if (*at == '\0')
        return false;
    if (strchr("\\`*<~|$", *at) != NULL)
        return true;
    if (*at == '_')
        return !is_word(before) || !is_word(at[1]);
    if (*at == '[')
        return opens_link(at);
    return *at == '&' && (is_word(at[1]) || at[1] == '#');
}

/* GitHub's own references: @name, #1, GH-1, ://, www. */
static bool needs_space_behind(const char *at, const char *start)
{
    if (*at == '@' || *at == '#')
        return is_word(at[1]);
    if (*at == ':')
        return at[1] == '/' && at[2] == '/';
    if (*at == '-')
        return at - start >= 2 && starts_fold(at - 2, "gh") && is_digit(at[1]);
    return at - start >= 2 && at[1] == '.' && starts_fold(at - 2, "www");
}

/* A list's number is taken for text with the backslash before its dot. */
static const char *first_letters(struct sg_text *out, const char *line)
{
    size_t digits = strspn(line, "0123456789");

    if (!starts_block(line))
        return line;
    sg_text_bytes(out, line, digits);
    if (!needs_backslash(line + digits, '\0'))
        sg_text_add(out, "\\");
    return line + digits;
}

void sg_markdown_text(struct sg_text *out, const char *text)
{
    char *line = sg_clean_line(text, SG_SHOWN_SENTENCE);
    const char *start = line + strspn(line, " ");

    if (*start != '\0') {
        for (const char *at = first_letters(out, start); *at != '\0'; at++) {
            if (needs_backslash(at, at > start ? at[-1] : '\0'))
                sg_text_add(out, "\\");
            sg_text_bytes(out, at, 1);
            if (needs_space_behind(at, start))
                sg_text_add(out, ZERO_WIDTH_SPACE);
        }
    }
    free(line);
}

static size_t longest_run(const char *text, char letter)
{
    size_t longest = 0;
    size_t run = 0;

    for (; *text != '\0'; text++) {
        run = *text == letter ? run + 1 : 0;
        if (run > longest)
            longest = run;
    }
    return longest;
}

static void repeat(struct sg_text *out, const char *text, size_t times)
{
    while (times-- > 0)
        sg_text_add(out, text);
}

/* Backslashes mean nothing in a code span, so that a pipe there needs one that Markdown's table
 * extension takes away again; parsers disagree about "\\|". Such names become HTML. */
static void code_html(struct sg_text *out, const char *name)
{
    sg_text_add(out, "<code>");
    sg_markdown_text(out, name);
    sg_text_add(out, "</code>");
}

void sg_markdown_code(struct sg_text *out, const char *text)
{
    char *name = sg_clean_line(text, SG_SHOWN_NAME);
    size_t ticks = longest_run(name, '`');
    bool padded = ticks > 0;

    if (strspn(name, " ") == strlen(name)) {
        sg_text_add(out, "(no name)");
    } else if (strchr(name, '|') != NULL) {
        code_html(out, name);
    } else {
        repeat(out, "`", ticks + 1);
        sg_text_printf(out, "%s%s%s", padded ? " " : "", name, padded ? " " : "");
        repeat(out, "`", ticks + 1);
    }
    free(name);
}

void sg_markdown_fence(struct sg_text *out, const char *text, const char *language,
                       const char *indent)
{
    char *block = sg_clean_block(text, LOG_LINES, LINE_WIDTH);
    size_t ticks = longest_run(block, '`');
    size_t fence = ticks < 3 ? 3 : ticks + 1;

    if (*block != '\0') {
        sg_text_add(out, indent);
        repeat(out, "`", fence);
        sg_text_printf(out, "%s\n", language);
        for (const char *at = block; *at != '\0';) {
            size_t length = strcspn(at, "\n");
            sg_text_add(out, length > 0 ? indent : "");
            sg_text_bytes(out, at, length + 1);
            at += length + 1;
        }
        sg_text_add(out, indent);
        repeat(out, "`", fence);
        sg_text_add(out, "\n");
    }
    free(block);
}

/* --- XML --------------------------------------------------------------------------------- */

static const char *xml_entity(char letter)
{
    switch (letter) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    case '\n':
        return "&#10;";
    default:
        return NULL;
    }
}

void sg_xml_text(struct sg_text *out, const char *text)
{
    char *block = sg_clean_block(text, LOG_LINES, SG_SHOWN_SENTENCE);
    size_t size = strlen(block);

    for (size_t i = 0; i + 1 < size; i++) { /* without the last newline */
        const char *entity = xml_entity(block[i]);
        if (entity != NULL)
            sg_text_add(out, entity);
        else
            sg_text_bytes(out, block + i, 1);
    }
    free(block);
}

/* --- Workflow commands and CSV ------------------------------------------------------------ */

/* GitHub's runner: escapeData and escapeProperty of its toolkit. Cleaning leaves no newline. */
void sg_command_text(struct sg_text *out, const char *text, bool property)
{
    char *line = sg_clean_line(text, SG_SHOWN_SENTENCE);

    for (const char *at = line; *at != '\0'; at++) {
        if (*at == '%')
            sg_text_add(out, "%25");
        else if (property && *at == ':')
            sg_text_add(out, "%3A");
        else if (property && *at == ',')
            sg_text_add(out, "%2C");
        else
            sg_text_bytes(out, at, 1);
    }
    free(line);
}

void sg_csv_field(struct sg_text *out, const char *text)
{
    bool blank =
        *text == ' ' || *text == '\t' || sg_ends_with(text, " ") || sg_ends_with(text, "\t");
    if (text[strcspn(text, "\",\r\n")] == '\0' && !blank) {
        sg_text_add(out, text);
        return;
    }
    sg_text_add(out, "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"')
            sg_text_add(out, "\"");
        sg_text_bytes(out, text, 1);
    }
    sg_text_add(out, "\"");
}
