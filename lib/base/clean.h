/* SPDX-License-Identifier: Apache-2.0 */
/* Text from outside made fit to be shown: valid UTF-8 without terminal control, and how wide it
 * stands in a terminal. Escaping for a format comes after this (view/escape.h). */
#ifndef SG_BASE_CLEAN_H
#define SG_BASE_CLEAN_H

#include "base/text.h"

/* Bytes of a name and of a sentence that are shown; longer ones end with "…". */
#define SG_SHOWN_NAME 100
#define SG_SHOWN_SENTENCE 600

/* Length in bytes of the valid UTF-8 character at `at` (never a surrogate), 0 when there is none;
 * its code point in *out. */
size_t sg_utf8_character(const char *at, uint32_t *out);

/* Shows nothing but changes how other characters are shown: controls, marks and overrides of
 * direction, line separators, U+FEFF. */
bool sg_is_unwanted(uint32_t point);

/* One line: terminal sequences, control and bidirectional-override characters go, newlines and
 * tabs become spaces, broken UTF-8 becomes U+FFFD, and what a CI runner would take for a command
 * ("::error", "##[group]") is broken by a zero-width space; at most `limit` bytes. NULL gives "".
 */
char *sg_clean_line(const char *text, size_t limit) SG_MUST_USE;

/* The last `lines` lines, each cleaned the same way and at most `width` bytes long; ends with a
 * newline unless empty. */
char *sg_clean_block(const char *text, size_t lines, size_t width) SG_MUST_USE;

/* Every line cleaned the same way and kept whole: for errors and progress, the last door of what
 * a program, an engine or a file said. A newline at the end stays one. */
char *sg_clean_lines(const char *text) SG_MUST_USE;

/* A copy that is valid UTF-8 and otherwise unchanged: for formats that escape control characters
 * themselves. NULL gives NULL. */
char *sg_clean_utf8(const char *text) SG_MUST_USE;

/* One line cleaned, and no wider than `columns` in a terminal. */
char *sg_clean_columns(const char *text, size_t columns) SG_MUST_USE;

/* Columns in a terminal: combining and zero-width characters count 0, East Asian wide ones 2. */
size_t sg_shown_width(const char *text);

#endif
