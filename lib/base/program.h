/* SPDX-License-Identifier: Apache-2.0 */
/* What a program of verbs knows of itself, as shell completion and manual page: made from the same
 * tables as parsing and help, so that nothing is written twice. Pure text; nothing is run.
 *
 * An option's `argument` says what completes it: "FILE", "DIR" and "BUNDLE" are files,
 * "gate|observe" is one of these words, `listed` (below) one of the program's `words`, anything
 * else is free. */
#ifndef SG_BASE_PROGRAM_H
#define SG_BASE_PROGRAM_H

#include "base/options.h"

struct sg_command {
    const char *name;
    const char *help; /* one line */
    /* "svcgate judge [options] FILE…", then paragraphs. In the first, words in capitals are
     * arguments, and words in small letters behind the name or a "|" are sub-commands. */
    const char *usage;
    const struct sg_option *rows;
};

struct sg_program {
    const char *name;
    const char *help; /* one line */
    const struct sg_command *commands;
    size_t count;
    const char *listed; /* the argument that stands for one of `words`: "FORMAT" */
    const char *const *words;
    size_t words_count;
};

/* A completion script for each shell; names are plain (letters, digits, "-", "_"). */
void sg_program_bash(struct sg_text *out, const struct sg_program *program);
void sg_program_zsh(struct sg_text *out, const struct sg_program *program);
void sg_program_fish(struct sg_text *out, const struct sg_program *program);

/* A section of the manual: paragraphs, then terms with what they mean (ended by NULL), or either.
 */
struct sg_manual_term {
    const char *term, *text;
};
struct sg_manual_section {
    const char *title; /* "EXIT STATUS"; NULL ends a table of sections */
    const char *text;  /* or NULL */
    const struct sg_manual_term *terms;
};
struct sg_manual {
    const char *date;                         /* "2026-11-27" */
    const char *version;                      /* "svcgate 0.1.0" */
    const char *text;                         /* DESCRIPTION */
    const struct sg_manual_section *sections; /* behind the verbs */
};

/* The manual page, section 1, in the man macros. */
void sg_program_man(struct sg_text *out, const struct sg_program *program,
                    const struct sg_manual *manual);

#endif
