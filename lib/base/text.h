/* SPDX-License-Identifier: Apache-2.0 */
/* Growing text with a hard limit, and what strings need everywhere. */
#ifndef SG_BASE_TEXT_H
#define SG_BASE_TEXT_H

#include "base/base.h"

/* Zero-initialised is an empty text. `data` is NUL-terminated or NULL while empty. Past `limit`
 * bytes (0: 1 GiB) further bytes are dropped and `cut` is set. */
struct sg_text {
    char *data;
    size_t size;
    size_t capacity;
    size_t limit;
    bool cut;
};

void sg_text_add(struct sg_text *text, const char *string);
void sg_text_bytes(struct sg_text *text, const void *bytes, size_t count);
void sg_text_printf(struct sg_text *text, const char *format, ...) SG_PRINTF(2, 3);
/* Hands the string over (never NULL); the text is empty afterwards. */
char *sg_text_take(struct sg_text *text) SG_MUST_USE;
void sg_text_free(struct sg_text *text);

/* Adds a word of a command line so that a POSIX shell reads it as it is. */
void sg_text_shell_word(struct sg_text *text, const char *word);

bool sg_streq(const char *a, const char *b); /* NULL equals only NULL */
bool sg_starts_with(const char *text, const char *prefix);
bool sg_ends_with(const char *text, const char *suffix);

/* The bytes of the character that starts at `bytes`, or 0 when the first `available` bytes do not
 * start with valid UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms). */
size_t sg_utf8_length(const void *bytes, size_t available);

/* The name among `names` nearest to `word` (Levenshtein, at most a third of the word's letters
 * away), or NULL: for "did you mean". */
const char *sg_nearest(const char *word, const char *const *names, size_t count);

/* The last `lines` lines of `text` (points into it). */
const char *sg_tail(const char *text, size_t lines);

/* 64-bit FNV-1a; for names and cache keys, not for security. */
uint64_t sg_hash(const void *bytes, size_t count);
/* Goes on from the hash of what is before. */
uint64_t sg_hash_more(uint64_t hash, const void *bytes, size_t count);

/* SHA-256 as 64 lower-case hex digits (FIPS 180-4). */
void sg_sha256_hex(const void *bytes, size_t count, char out[65]);

#endif
