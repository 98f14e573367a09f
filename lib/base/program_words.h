/* SPDX-License-Identifier: Apache-2.0 */
/* What can stand behind an option or a verb. Private to base. */
#ifndef SG_BASE_PROGRAM_WORDS_H
#define SG_BASE_PROGRAM_WORDS_H

#include "base/program.h"

enum sg_value {
    SG_VALUE_NONE, /* a flag */
    SG_VALUE_FREE,
    SG_VALUE_WORDS,
    SG_VALUE_FILE
};

/* What the option's value is; where it is one of some words, they are added to `words`, each behind
 * a space but the first. */
enum sg_value sg_program_value(const struct sg_program *program, const struct sg_option *row,
                               struct sg_text *words);

/* What stands behind the verb's name: sub-commands, added to `words`; true when files may, too. */
bool sg_program_arguments(const struct sg_command *command, struct sg_text *words);

/* Adds `text` with the program's name in place of each "%". */
void sg_program_text(struct sg_text *out, const char *text, const char *name);

/* The options that help shows; `at` starts at the table's first row. NULL at the end. */
const struct sg_option *sg_program_shown(const struct sg_option *at);

#endif
