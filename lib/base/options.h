/* SPDX-License-Identifier: Apache-2.0 */
/* Options of a command line tool as a table: one row names the option, where its value goes, its
 * default and its line of help. Parser, environment and help text follow from the rows.
 *
 *     struct run_options { char *config; bool quiet; double budget; struct sg_strings formats; };
 *     static const struct sg_option rows[] = {
 *         {.name = "config", .short_name = 'c', .type = SG_OPTION_STRING, .argument = "FILE",
 *          .help = "configuration file", .offset = offsetof(struct run_options, config)},
 *         …, {.name = NULL}};
 *
 * Order of precedence: command line, environment (SVCGATE_<NAME>), default. */
#ifndef SG_BASE_OPTIONS_H
#define SG_BASE_OPTIONS_H

#include "base/error.h"
#include "base/text.h"

enum sg_option_type {
    SG_OPTION_FLAG,     /* bool; --name and --no-name */
    SG_OPTION_STRING,   /* char *, NULL when not given */
    SG_OPTION_LIST,     /* struct sg_strings; may be given several times */
    SG_OPTION_NUMBER,   /* double */
    SG_OPTION_INT,      /* int, from 0 */
    SG_OPTION_DURATION, /* double, seconds */
    SG_OPTION_RATIO,    /* double, 0.05 for "5%" */
    SG_OPTION_RATE,     /* double, a second */
    SG_OPTION_SIZE      /* double, bytes */
};

struct sg_strings {
    char **items;
    size_t count;
};

struct sg_option {
    const char *name; /* without dashes; NULL ends a table */
    char short_name;  /* or 0 */
    enum sg_option_type type;
    const char *argument;     /* what the value is called in help: "FILE" */
    const char *help;         /* NULL hides the option from help */
    size_t offset;            /* of the target's member */
    const char *default_text; /* as one would type it, or NULL: false, NULL, empty, 0 */
};

enum sg_option_source { SG_FROM_DEFAULT, SG_FROM_ENVIRONMENT, SG_FROM_COMMAND_LINE };

/* What is known of a command besides its rows. */
struct sg_options {
    const struct sg_option *rows;
    const char *command;            /* "svcgate run": errors point to "svcgate run --help" */
    enum sg_option_source *sources; /* one a row is set, unless NULL */
};

/* Fills `target`, which must be zeroed, from `argc` words after the command's name; words that are
 * no options go to `positionals`. Options and positionals may be mixed; "--" ends the options, "-"
 * is a positional. A value that begins with "--" must be given as --name=value. In the environment
 * a LIST is separated by commas and a FLAG is 1/0, true/false, yes/no or on/off; "help" and
 * "version" are not read from it. When it fails, target and positionals are cleared. */
bool sg_options_parse(const struct sg_options *options, int argc, char *const *argv, void *target,
                      struct sg_strings *positionals, struct sg_error *err) SG_MUST_USE;

/* Frees what parsing put into `target`, and zeroes those members. */
void sg_options_clear(const struct sg_option *rows, void *target);

/* "Usage: …" and the rows, aligned and wrapped to 80 columns. */
void sg_options_help(struct sg_text *text, const char *usage, const struct sg_option *rows);

/* The row of this name, which lies in `rows`; NULL when there is none. */
const struct sg_option *sg_option_find(const struct sg_option *rows, const char *name);

/* "SVCGATE_BUDGET_MAX" for "budget-max". */
char *sg_option_variable(const struct sg_option *row) SG_MUST_USE;

void sg_strings_add(struct sg_strings *strings, const char *string);
void sg_strings_clear(struct sg_strings *strings);

#endif
