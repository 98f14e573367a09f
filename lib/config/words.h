/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the user's in messages, and the names that may have been meant. Callers free. Private
 * to the room. */
#ifndef SG_CONFIG_WORDS_H
#define SG_CONFIG_WORDS_H

#include "base/base.h"

/* In double quotes: one line, no control characters, at most 60 bytes. */
char *sg_quoted(const char *text) SG_MUST_USE;
/* "; known are a, b, c" */
char *sg_list_names(const char *const *names, size_t count) SG_MUST_USE;
/* "; did you mean "x"?" or an empty text. */
char *sg_did_you_mean(const char *word, const char *const *names, size_t count) SG_MUST_USE;

#endif
