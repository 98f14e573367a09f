/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing a command line by a table of options. */
#include "base/options.h"

#include "base/process.h"
#include "base/units.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    const struct sg_options *options;
    char *target;
    struct sg_strings *positionals;
    int argc;
    int at; /* the next word */
    char *const *argv;
    enum sg_option_source *sources;
    struct sg_error *err;
};

void sg_strings_add(struct sg_strings *strings, const char *string)
{
    strings->items = sg_grow(strings->items, strings->count, sizeof(*strings->items));
    strings->items[strings->count++] = sg_strdup(string);
}

void sg_strings_clear(struct sg_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        free(strings->items[i]);
    free(strings->items);
    *strings = (struct sg_strings){0};
}

char *sg_option_variable(const struct sg_option *row)
{
    char *variable = sg_format("SVCGATE_%s", row->name);
    for (char *at = variable; *at; at++) {
        if (*at == '-')
            *at = '_';
        else if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    }
    return variable;
}

static void *member(const struct parser *parser, const struct sg_option *row)
{
    return parser->target + row->offset;
}

static bool set_flag(bool *flag, const char *text)
{
    static const char *const words[] = {"0", "false", "no", "off", "1", "true", "yes", "on"};
    for (size_t i = 0; i < SG_COUNT(words); i++) {
        if (sg_streq(text, words[i])) {
            *flag = i >= SG_COUNT(words) / 2;
            return true;
        }
    }
    return false;
}

static bool set_int(int *number, const char *text)
{
    double value = 0;
    if (strspn(text, "0123456789") != strlen(text) || !sg_parse_number(text, &value))
        return false;
    if (value > INT_MAX)
        return false;
    *number = (int)value;
    return true;
}

static bool set_string(char **string, const char *text)
{
    free(*string);
    *string = sg_strdup(text);
    return true;
}

static bool set_list(struct sg_strings *strings, const char *text)
{
    sg_strings_add(strings, text);
    return true;
}

/* Puts `text` into the target; false when it is not such a value. */
static bool set(const struct parser *parser, const struct sg_option *row, const char *text)
{
    void *at = member(parser, row);
    switch (row->type) {
    case SG_OPTION_FLAG:
        return set_flag(at, text);
    case SG_OPTION_STRING:
        return set_string(at, text);
    case SG_OPTION_LIST:
        return set_list(at, text);
    case SG_OPTION_INT:
        return set_int(at, text);
    case SG_OPTION_NUMBER:
        return sg_parse_number(text, at);
    case SG_OPTION_DURATION:
        return sg_parse_duration(text, at);
    case SG_OPTION_RATIO:
        return sg_parse_ratio(text, at);
    case SG_OPTION_RATE:
        return sg_parse_rate(text, at);
    case SG_OPTION_SIZE:
        return sg_parse_size(text, at);
    }
    return false;
}

static const char *expectation(enum sg_option_type type)
{
    switch (type) {
    case SG_OPTION_FLAG:
        return "true or false";
    case SG_OPTION_INT:
        return "a whole number, like 12";
    case SG_OPTION_NUMBER:
        return "a number, like 12 or 0.5";
    case SG_OPTION_DURATION:
        return "a duration with its unit, like 30s, 250ms or 1m30s";
    case SG_OPTION_RATIO:
        return "a share, like 5% or 0.05";
    case SG_OPTION_RATE:
        return "a rate, like 300/s";
    case SG_OPTION_SIZE:
        return "a size with its unit, like 256MiB or 5MB";
    default:
        return "a text";
    }
}

/* Sets a value and remembers where it came from; `where` is what the user wrote: "--budget". */
static bool assign(struct parser *parser, const struct sg_option *row, const char *text,
                   const char *where, enum sg_option_source source)
{
    size_t index = (size_t)(row - parser->options->rows);
    /* A list from a stronger source replaces the weaker one's. */
    if (row->type == SG_OPTION_LIST && parser->sources[index] != source)
        sg_strings_clear(member(parser, row));
    parser->sources[index] = source;
    if (set(parser, row, text))
        return true;
    return sg_fail(parser->err, SG_ERROR_CONFIG, "%s: \"%s\" is not %s", where, text,
                   expectation(row->type));
}

static bool set_defaults(struct parser *parser)
{
    for (const struct sg_option *row = parser->options->rows; row->name; row++) {
        if (row->default_text &&
            !assign(parser, row, row->default_text, row->name, SG_FROM_DEFAULT)) {
            parser->err->kind = SG_ERROR_INTERNAL; /* the table is ours */
            return false;
        }
    }
    return true;
}

static bool assign_list(struct parser *parser, const struct sg_option *row, const char *text,
                        const char *where)
{
    bool ok = true;
    for (const char *at = text; ok && *at;) {
        size_t size = strcspn(at, ",");
        char *item = sg_format("%.*s", (int)size, at);
        ok = size == 0 || assign(parser, row, item, where, SG_FROM_ENVIRONMENT);
        free(item);
        at += size + (at[size] == ',');
    }
    return ok;
}

static bool read_environment(struct parser *parser)
{
    for (const struct sg_option *row = parser->options->rows; row->name; row++) {
        if (sg_streq(row->name, "help") || sg_streq(row->name, "version"))
            continue;
        char *variable = sg_option_variable(row);
        const char *text = sg_env(variable);
        bool ok = true;
        if (text && row->type == SG_OPTION_LIST)
            ok = assign_list(parser, row, text, variable);
        else if (text)
            ok = assign(parser, row, text, variable, SG_FROM_ENVIRONMENT);
        free(variable);
        if (!ok)
            return false;
    }
    return true;
}

const struct sg_option *sg_option_find(const struct sg_option *rows, const char *name)
{
    while (rows->name && !sg_streq(rows->name, name))
        rows++;
    return rows->name ? rows : NULL;
}

static bool fail_unknown(const struct parser *parser, const char *word, size_t size)
{
    size_t count = 0;
    const char **names = NULL;
    for (const struct sg_option *row = parser->options->rows; row->name; row++) {
        names = sg_grow(names, count, sizeof(*names));
        names[count++] = row->name;
    }
    char *name = sg_format("%.*s", (int)size, word);
    const char *nearest = sg_nearest(name + strspn(name, "-"), names, count);
    const char *command = parser->options->command;
    if (nearest)
        sg_fail(parser->err, SG_ERROR_CONFIG,
                "unknown option %s: did you mean --%s? All options: %s --help", name, nearest,
                command);
    else
        sg_fail(parser->err, SG_ERROR_CONFIG, "unknown option %s: %s --help lists all options",
                name, command);
    free(names);
    free(name);
    return false;
}

/* The row takes a value: `glued` (after "=") or the next word. */
static bool take_value(struct parser *parser, const struct sg_option *row, const char *glued,
                       const char *where)
{
    const char *value = glued;
    if (!value && parser->at < parser->argc && !sg_starts_with(parser->argv[parser->at], "--"))
        value = parser->argv[parser->at++];
    if (!value)
        return sg_fail(parser->err, SG_ERROR_CONFIG, "%s needs a value: --%s=%s", where, row->name,
                       row->argument ? row->argument : "VALUE");
    return assign(parser, row, value, where, SG_FROM_COMMAND_LINE);
}

static bool take_flag(struct parser *parser, const struct sg_option *row, const char *glued,
                      const char *where, const char *value)
{
    if (glued)
        return sg_fail(parser->err, SG_ERROR_CONFIG, "%s takes no value, \"%s\" was given", where,
                       glued);
    return assign(parser, row, value, where, SG_FROM_COMMAND_LINE);
}

static bool take_long(struct parser *parser, const char *word)
{
    size_t size = strcspn(word, "=");
    const char *glued = word[size] ? word + size + 1 : NULL;
    char *where = sg_format("%.*s", (int)size, word);
    const char *name = where + 2;
    const struct sg_option *row = sg_option_find(parser->options->rows, name);
    const char *flag_value = "true";
    if (!row && sg_starts_with(name, "no-")) {
        row = sg_option_find(parser->options->rows, name + 3);
        flag_value = "false";
        if (row && row->type != SG_OPTION_FLAG)
            row = NULL;
    }
    bool ok = !row                          ? fail_unknown(parser, word, size)
              : row->type == SG_OPTION_FLAG ? take_flag(parser, row, glued, where, flag_value)
                                            : take_value(parser, row, glued, where);
    free(where);
    return ok;
}

static bool take_short(struct parser *parser, const char *word)
{
    const struct sg_option *row = parser->options->rows;
    while (row->name && (row->short_name != word[1] || word[2]))
        row++;
    if (!row->name)
        return fail_unknown(parser, word, strlen(word));
    if (row->type == SG_OPTION_FLAG)
        return take_flag(parser, row, NULL, word, "true");
    return take_value(parser, row, NULL, word);
}

static bool read_words(struct parser *parser)
{
    bool options_ended = false;
    while (parser->at < parser->argc) {
        const char *word = parser->argv[parser->at++];
        bool ok = true;
        if (options_ended || word[0] != '-' || !word[1])
            sg_strings_add(parser->positionals, word);
        else if (sg_streq(word, "--"))
            options_ended = true;
        else
            ok = word[1] == '-' ? take_long(parser, word) : take_short(parser, word);
        if (!ok)
            return false;
    }
    return true;
}

bool sg_options_parse(const struct sg_options *options, int argc, char *const *argv, void *target,
                      struct sg_strings *positionals, struct sg_error *err)
{
    size_t count = 0;
    while (options->rows[count].name)
        count++;
    struct parser parser = {.options = options,
                            .target = target,
                            .positionals = positionals,
                            .argc = argc,
                            .argv = argv,
                            .sources = sg_alloc(count, sizeof(*parser.sources)),
                            .err = err};
    bool ok = set_defaults(&parser) && read_environment(&parser) && read_words(&parser);
    if (ok && options->sources)
        memcpy(options->sources, parser.sources, count * sizeof(*parser.sources));
    if (!ok) {
        sg_options_clear(options->rows, target);
        sg_strings_clear(positionals);
    }
    free(parser.sources);
    return ok;
}

void sg_options_clear(const struct sg_option *rows, void *target)
{
    for (const struct sg_option *row = rows; row->name; row++) {
        void *at = (char *)target + row->offset;
        if (row->type == SG_OPTION_STRING) {
            char **string = at;
            free(*string);
            *string = NULL;
        } else if (row->type == SG_OPTION_LIST) {
            sg_strings_clear(at);
        }
    }
}
