/* SPDX-License-Identifier: Apache-2.0 */
/* Private to json: a strict reading of JSON text (RFC 8259) that builds nothing. cJSON is lenient
 * (numbers like 01, control characters, any depth up to 1000), so it only gets what passed here. */
#ifndef SG_JSON_SCAN_H
#define SG_JSON_SCAN_H

#include "base/error.h"

enum { SG_JSON_MAX_DEPTH = 64 };

/* What a short text may make us allocate: a value is two bytes of text and some 100 of memory. */
enum { SG_JSON_MAX_VALUES = 4 << 20 };

/* A member by document order: the n-th object that opens, its n-th key, both from 0. */
struct sg_json_member {
    size_t object;
    size_t member;
};

/* Where the document begins: behind a byte order mark if there is one. */
const char *sg_json_start(const char *text, size_t size);

/* Line and column of `at`, from 1; columns count characters. */
void sg_json_position(const char *start, const char *at, size_t *out_line, size_t *out_column);

/* The first error is told with `name`:line:column. */
bool sg_json_scan(const char *text, size_t size, const char *name,
                  struct sg_error *err) SG_MUST_USE;

/* Tells the place of a number in such text that cJSON before 1.7.19 does not read; false when there
 * is none. */
bool sg_json_fail_long_number(const char *text, size_t size, const char *name,
                              struct sg_error *err);
/* Tells the place of a duplicate key in text that has been scanned; always returns false. */
bool sg_json_fail_duplicate(const char *text, size_t size, const char *name,
                            struct sg_json_member duplicate, const char *key, struct sg_error *err);

/* foreign.c: a sentence where the text begins with a word that is not JSON's (NaN, None), or NULL.
 */
const char *sg_json_foreign(const char *text, size_t size);

#endif
